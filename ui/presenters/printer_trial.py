"""Printing the trial paper on the printer that the device's settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.settings import host_and_port

if TYPE_CHECKING:
    from pos.errors import EnvironmentFault
    from pos.printing.spooler import Spooler
    from pos.shop import Shop

_SECONDS = 5.0


def print_trial(shop: Shop, spooler: Spooler) -> EnvironmentFault | None:
    """Send the short paper that shows width, blackness and Bangla; what to tell if the printer spoke up.

    Takes seconds: not for the screen's thread. None means handed over; the eye judges what came out.

    Raises:
        UserError: ``printer_address_unclear``.
        EnvironmentFault: ``printer_missing``, ``printer_took_nothing``.
    """
    from pos.printing.output import receipt_width, trial_job
    from pos.printing.thermal import send
    from pos.printing.trial import trial_pdf

    settings, view = shop.desk.device.all(), shop.configuration.shop()
    now = shop.desk.clock.now_ms()
    if settings["printer.kind"] == "tcp":
        host, port = host_and_port(str(settings["printer.address"]))
        return send(host, port, trial_job(view, settings, now), timeout=_SECONDS).fault
    pdf = trial_pdf(view, at_ms=now, width_mm=receipt_width(settings), locale=shop.configuration.locale())
    spooler.print_pdf(pdf, str(settings["printer.name"]), view.name)
    return None
