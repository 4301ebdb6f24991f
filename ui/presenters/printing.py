"""Papers from the window: shown, printed, saved. An order is final whether or not its paper comes out.

A receipt goes to the network printer as a thermal printer's bytes or to the system's printer as its PDF, as
the device is set up. Where there is no printer for it, the PDF is saved and the vendor is told where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pos.errors import EnvironmentFault
from pos.settings import host_and_port
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.errors import PosError
    from pos.printing.preview import Picture
    from pos.printing.spooler import Spooler
    from pos.printing.thermal import Delivery
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

Kind = Literal["receipt", "invoice"]
_SAID_CHARS: Final = 40
_SECONDS: Final = 5.0  # to wait for a printer in the next room


class Printing(Watched):
    """Makes papers of orders and sends them on their way; it changes when a paper goes out or has gone."""

    def __init__(
        self,
        shop: Shop,
        work: Work,
        notices: Notify,
        look: Speech,
        spooler: Spooler,
        reveal: Callable[[Path], None] | None = None,
    ) -> None:
        """Printing.

        Args:
            shop: whose papers they are, and whose device's settings say where they go.
            work: papers are made and sent off the screen's thread.
            notices: says what became of each.
            look: the words.
            spooler: the system's printers.
            reveal: shows a saved file to the vendor, if the window can.
        """
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self._spooler, self._reveal = spooler, reveal
        self._under_way: set[tuple[str, Kind]] = set()
        self._mute: set[str] = set()  # printers that never answer need not be asked again

    # ---- where it goes -------------------------------------------------------------------------------

    def printer(self, kind: Kind = "receipt") -> str:
        """The printer that this paper goes to; empty where it is saved instead. A roll printer takes no invoice."""
        values = self._shop.desk.device.all()
        if values["printer.kind"] == "os":
            return str(values["printer.name"])
        return str(values["printer.address"]) if values["printer.kind"] == "tcp" and kind == "receipt" else ""

    def form(self, kind: Kind) -> str:
        """The size of the paper as the settings have it: 58, 80, A4 or A5."""
        return str(self._shop.desk.device.all()[f"paper.{kind}"])

    def under_way(self, number: str, kind: Kind) -> bool:
        """Whether this paper is going out just now."""
        return (number, kind) in self._under_way

    # ---- what it shows -------------------------------------------------------------------------------

    def pdf(self, order: OrderView, kind: Kind) -> bytes:
        """The paper, as it is shown, printed and saved; takes longer than a frame."""
        configuration = self._shop.configuration
        shop, locale = configuration.shop(), configuration.locale()
        if kind == "invoice":
            from pos.printing.invoice import invoice_pdf

            return invoice_pdf(order, shop, paper="A5" if self.form(kind) == "A5" else "A4", locale=locale)
        from pos.printing.receipt import receipt_pdf

        return receipt_pdf(order, shop, width_mm=58 if self.form(kind) == "58" else 80, locale=locale)

    def pictures(self, order: OrderView, kind: Kind, width_px: int) -> list[Picture]:
        """Every page as the screen shows it, from that very PDF; takes longer than a frame."""
        from pos.printing.preview import page_count, page_picture

        pdf = self.pdf(order, kind)
        grey = kind == "receipt"
        return [page_picture(pdf, page, width_px, grey=grey) for page in range(page_count(pdf))]

    # ---- printing ------------------------------------------------------------------------------------

    def receipt(self, order: OrderView) -> None:
        """Print the receipt."""
        self.print(order, "receipt")

    def invoice(self, order: OrderView) -> None:
        """Print the invoice."""
        self.print(order, "invoice")

    def print(self, order: OrderView, kind: Kind) -> None:
        """Print a paper, or save it where there is no printer for it; asked twice at once, it goes out once."""
        if self.under_way(order.number, kind):
            return
        printer = self.printer(kind)
        if not printer:
            self.save(order, kind)
            return

        def printed(said: str) -> None:
            self._ended(order, kind)
            self._notices.toast(said)

        def failed(error: PosError) -> None:
            self._ended(order, kind)
            self._trouble(error, lambda: self.print(order, kind))

        self._begin(order, kind)
        if self._shop.desk.device.all()["printer.kind"] == "os":
            self._work.read(
                lambda: self._held(order, kind, lambda: self._spool(order, kind, printer)), printed, failed
            )
        else:
            self._work.read(
                lambda: self._held(order, kind, lambda: self._send(order, printer)), printed, failed
            )

    def _spool(self, order: OrderView, kind: Kind, printer: str) -> str:
        self._spooler.print_pdf(self.pdf(order, kind), printer, f"{order.number} {kind}")
        return self.look.word("paper_sent", printer=printer)

    def _send(self, order: OrderView, printer: str) -> str:
        from pos.printing.output import receipt_job
        from pos.printing.thermal import ASK_SECONDS, send

        settings = self._shop.desk.device.all()
        job = receipt_job(order, self._shop.configuration.shop(), settings)
        host, port = host_and_port(printer)
        ask = 0 if printer in self._mute else ASK_SECONDS
        delivery: Delivery = send(host, port, job, timeout=_SECONDS, ask_seconds=ask)
        if delivery.fault is not None:
            raise delivery.fault
        if not delivery.answers:
            self._mute.add(printer)
        return self.look.word("paper_printed" if delivery.state == "sent" else "paper_look")

    # ---- saving --------------------------------------------------------------------------------------

    def place(self, order: OrderView, kind: Kind) -> Path:
        """Where a paper is saved when nobody names a place."""
        from pos.printing.output import paper_name

        return self._shop.paths.papers / paper_name(kind, order.number, "pdf")

    def save(self, order: OrderView, kind: Kind, path: Path | None = None) -> None:
        """Save a paper as a PDF, in the shop's folder of papers unless another place is named."""
        if self.under_way(order.number, kind):
            return
        target = path or self.place(order, kind)

        def saved(_: object) -> None:
            self._ended(order, kind)
            show = self._reveal
            self._notices.toast(
                self.look.word("paper_saved", file=target.name, folder=_said(target.parent)),
                self.look.word("show_file") if show is not None else "",
                action=(lambda: show(target)) if show is not None else None,
            )

        def failed(error: PosError) -> None:
            self._ended(order, kind)
            self._trouble(error, lambda: self.save(order, kind, path))

        self._begin(order, kind)
        self._work.read(
            lambda: self._held(order, kind, lambda: self._write(order, kind, target)), saved, failed
        )

    def _write(self, order: OrderView, kind: Kind, target: Path) -> None:
        from pos.printing.output import save_paper

        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentFault("file_not_written", file=target.name) from error
        save_paper(target, self.pdf(order, kind))

    # ---- inside --------------------------------------------------------------------------------------

    def _held(self, order: OrderView, kind: Kind, work: Callable[[], Any]) -> Any:
        """Do it; after a bug in it the paper may be asked for again."""
        try:
            return work()
        except Exception:
            self._under_way.discard((order.number, kind))
            raise

    def _begin(self, order: OrderView, kind: Kind) -> None:
        self._under_way.add((order.number, kind))
        self._notices.clear("print")
        self.changed()

    def _ended(self, order: OrderView, kind: Kind) -> None:
        self._under_way.discard((order.number, kind))
        self.changed()

    def _trouble(self, error: PosError, again: Callable[[], None]) -> None:
        """The first sentence says what happened, the rest what is safe and what to do."""
        said = self.look.sentence(error)
        ends = [said.index(mark) + 1 for mark in ("। ", ". ") if mark in said]
        at = min(ends, default=len(said))
        self._notices.trouble("print", said[:at], said[at:].strip(), self.look.word("print_again"), again)


def _said(folder: Path) -> str:
    """A folder in a short line: what stands at the end tells more than the beginning."""
    text = str(folder)
    if len(text) <= _SAID_CHARS:
        return text
    kept = folder.name
    for parent in folder.parents:
        longer = f"{parent.name}/{kept}"
        if not parent.name or len(longer) > _SAID_CHARS:
            break
        kept = longer
    return f"…/{kept}"
