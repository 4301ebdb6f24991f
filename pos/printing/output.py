"""Papers on their way out: files that are whole or not there, and jobs for the printer of this device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.errors import EnvironmentFault
from pos.l10n import locale_of
from pos.settings import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import OrderView, ShopView
    from pos.settings import Value

# Small printers have no knife: their paper must come clear of the bar that it is torn off at. Larger ones move
# it to the knife with the cut.
_TEAR_DOTS: Final[dict[ReceiptWidth, int]] = {58: 96, 80: 0}


def paper_name(paper: str, number: str, ending: str) -> str:
    """`invoice-A-26-000147.pdf`: an order number holds only characters that every system takes in a name."""
    return f"{paper}-{number}.{ending}"


def save_paper(path: Path, data: bytes) -> None:
    """Write a paper beside and put it in place.

    Raises:
        EnvironmentFault: ``file_not_written``; the order is saved all the same, and an older file is untouched.
    """
    try:
        write_atomically(path, data)
    except (OSError, ValueError) as error:
        raise EnvironmentFault("file_not_written", file=path.name) from error


def receipt_width(settings: Mapping[str, Value]) -> ReceiptWidth:
    """The width of the roll that these settings name, in mm."""
    return 58 if settings["paper.receipt"] == "58" else 80


def receipt_job(
    order: OrderView, shop: ShopView, settings: Mapping[str, Value], *, copy: int = 1, drawer: bool = False
) -> bytes:
    """The receipt as a thermal printer's bytes, dot by dot what its PDF shows.

    Args:
        order: a confirmed order.
        shop: what stands at the head and the foot.
        settings: the device's, for width, language and digits.
        copy: 2 and more mark the paper as a copy.
        drawer: whether the cash drawer opens with it.
    """
    from pos.printing.receipt import receipt_pdf

    width_mm = receipt_width(settings)
    pdf = receipt_pdf(order, shop, width_mm=width_mm, locale=locale_of(dict(settings)), copy=copy)
    return thermal_job(pdf, width_mm, drawer=drawer)


def trial_job(shop: ShopView, settings: Mapping[str, Value], at_ms: int) -> bytes:
    """The short paper that shows whether the printer is set up right, as a thermal printer's bytes.

    Args:
        shop: whose name stands at the head.
        settings: the device's, for width, language and digits.
        at_ms: the present instant, UTC milliseconds.
    """
    from pos.printing.trial import trial_pdf

    width_mm = receipt_width(settings)
    pdf = trial_pdf(shop, at_ms=at_ms, width_mm=width_mm, locale=locale_of(dict(settings)))
    return thermal_job(pdf, width_mm)


def thermal_job(pdf: bytes, width_mm: ReceiptWidth, *, drawer: bool = False) -> bytes:
    """The bytes for a PDF that was drawn at the print head's width, such as `receipt_pdf` makes."""
    from pos.printing.escpos import receipt_bytes
    from pos.printing.raster import receipt_bitmaps

    return receipt_bytes(receipt_bitmaps(pdf, width_mm), feed_dots=_TEAR_DOTS[width_mm], drawer=drawer)
