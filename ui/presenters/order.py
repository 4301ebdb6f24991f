"""One order: what it holds, what it was paid with, what happened to it, and its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.domain.money import parse_money
from pos.domain.orders import may_become, takes_payments
from pos.errors import PosError, UserError
from pos.services.whereabouts import whereabouts
from ui.presenters.needs import Watched
from ui.presenters.steps import Step, next_step, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.printing.preview import Picture
    from pos.services.order_book import EventView
    from pos.services.views import CustomerView, OrderView
    from pos.services.whereabouts import Whereabouts
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work
    from ui.presenters.printing import Kind, Printing
    from ui.presenters.steps import Steps


class Order(Watched):
    """What the page of one order shows and does.

    Attributes:
        number: which order; empty until one is opened.
        order: the order, whole.
        story: what happened to it.
        customer: the buyer with what he has done so far, where he is known by phone.
        paper: which paper the preview shows.
        pictures: its pages; empty until they are drawn.
        drawn: counts whenever there are other pictures.
        note: the note as it is being written; None while nobody writes.
        note_fault: why it could not be kept.
        where: how far it has come, to a backup and to the server; None until that is read.
    """

    def __init__(
        self, shop: Shop, work: Work, notices: Notify, look: Speech, steps: Steps, printing: Printing
    ) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.printing = printing
        self._steps = steps
        self.number = ""
        self.order: OrderView | None = None
        self.story: list[EventView] = []
        self.customer: CustomerView | None = None
        self.paper: Kind = "receipt"
        self.pictures: list[Picture] = []
        self.drawn = 0
        self.note: str | None = None
        self.note_fault: PosError | None = None
        self._note_seen = ""
        self.where: Whereabouts | None = None
        self._width_px = 0
        self._asked = 0
        steps.watch(self.refresh)

    def open(self, number: str) -> None:
        """Show this order.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
        """
        self._show(self._shop.orders.show(number))

    def refresh(self) -> None:
        """Somebody has written: read again what is shown."""
        if self.order is not None:
            self._show(self._shop.orders.show(self.number))

    @property
    def stage(self) -> str:
        """Its status as the vendor calls it."""
        return stage_of(self.order, self.story) if self.order is not None else ""

    # ---- steps ---------------------------------------------------------------------------------------

    def next(self) -> Step | None:
        """What F9 does."""
        return next_step(self.stage)

    def step(self) -> None:
        """Take the next step."""
        if self.order is not None:
            self._steps.forward(self.number, self.stage)

    def undo(self) -> None:
        """Take the last step back."""
        self._steps.undo()

    def redo(self) -> None:
        """And again."""
        self._steps.redo()

    # ---- the note ------------------------------------------------------------------------------------

    def type_note(self, text: str) -> None:
        """The note says this now; it is kept once its field is left."""
        if self.order is None:
            return
        if self.note is None:
            self._note_seen = self.order.note
        self.note, self.note_fault = text, None

    def leave_note(self) -> None:
        """The note stays as it was."""
        self.note = self.note_fault = None
        self.changed()

    def keep_note(self) -> None:
        """Write down what was typed; where somebody else was faster, what he wrote is shown first."""
        if self.order is None or self.note is None:
            return
        number, text = self.number, self.note
        if text == self._note_seen:
            self.leave_note()
            return

        def kept(_order: OrderView) -> None:
            if self.number == number and self.note == text:
                self.note = self.note_fault = None

        def refused(error: PosError) -> None:
            if self.number != number:
                self._notices.trouble("note", self.look.sentence(error))
                return
            if error.code == "order_note_changed":
                self.refresh()
                self._note_seen = self.order.note if self.order is not None else ""
            self.note_fault = error
            self.changed()

        self._steps.note(number, self._note_seen, text, kept, refused)

    # ---- money ---------------------------------------------------------------------------------------

    def takes_money(self) -> bool:
        """Whether anything is left to receive."""
        return self.order is not None and self.order.due_paisa > 0 and takes_payments(self.order.status)

    def after_paying(self, method: str, typed: str) -> tuple[int, int] | None:
        """What would still be due, and the change to give, in paisa; None for an amount that is not taken so."""
        if self.order is None:
            return None
        try:
            amount = parse_money(typed, field="amount") if typed.strip() else self.order.due_paisa
        except UserError:
            return None
        over = max(0, amount - self.order.due_paisa)
        if over and method != "cash":
            return None
        return max(0, self.order.due_paisa - amount), over

    def pay(
        self,
        method: str,
        amount: str,
        trxid: str,
        done: Callable[[], None],
        failed: Callable[[PosError], None],
    ) -> None:
        """Receive money on it; `failed` gets what does not read or is not taken."""
        number, orders = self.number, self._shop.orders

        def paid(order: OrderView) -> None:
            received = order.payments[-1].amount_paisa
            self._steps.forget()
            self._notices.toast(self.look.word("money_came", sum_paisa=received, number=order.number))
            done()
            self._show(order)

        self._work.write(lambda: orders.pay(number, method, amount, trxid.strip() or None), paid, failed)

    # ---- cancelling ----------------------------------------------------------------------------------

    def cancellable(self) -> bool:
        """Whether it is still here, so that it can be cancelled."""
        return self.order is not None and may_become(self.order.status, "cancelled")

    def cancel(self, why: str, done: Callable[[], None], failed: Callable[[PosError], None]) -> None:
        """Cancel it: its goods come back, money taken is owed back."""
        number, orders = self.number, self._shop.orders

        def cancelled(order: OrderView) -> None:
            self._steps.forget()
            self._notices.toast(self.look.word("order_cancelled", number=order.number))
            done()
            self._show(order)

        self._work.write(lambda: orders.cancel(number, why), cancelled, failed)

    # ---- papers --------------------------------------------------------------------------------------

    def choose_paper(self, kind: Kind) -> None:
        """Show the receipt, or the invoice."""
        if kind != self.paper:
            self.paper = kind
            self.pictures = []
            self.drawn += 1
            self._draw_paper()
            self.changed()

    def preview(self, width_px: int) -> None:
        """The preview is this wide, in pixels of the device."""
        if width_px != self._width_px:
            self._width_px = width_px
            self._draw_paper()

    def print(self) -> None:
        """Print the paper that is shown."""
        if self.order is not None:
            self.printing.print(self.order, self.paper)

    def save(self, path: Path | None = None) -> None:
        """Save the paper that is shown as a PDF."""
        if self.order is not None:
            self.printing.save(self.order, self.paper, path)

    def _draw_paper(self) -> None:
        self._asked += 1
        asked, order, kind, wide = self._asked, self.order, self.paper, self._width_px
        if order is None or wide <= 0:
            return

        def drawn(pictures: list[Picture]) -> None:
            if asked == self._asked:  # else another paper, order or width has been asked for since
                self.pictures = pictures
                self.drawn += 1
                self.changed()

        self._work.read(lambda: self.printing.pictures(order, kind, wide), drawn)

    # ---- inside --------------------------------------------------------------------------------------

    def _show(self, order: OrderView) -> None:
        if order.number != self.number:
            self.where = None
            self.keep_note()
            self.note = self.note_fault = None
            self.pictures = []
            self.drawn += 1
        same, self.number, self.order = order == self.order, order.number, order
        self.story = self._shop.book.timeline(order.number)
        phone = order.customer.phone if order.customer is not None else None
        self.customer = None
        if phone:
            card = self._shop.customers.calling(phone)
            self.customer = card.customer if card is not None else None
        if not same or not self.pictures:
            self._draw_paper()
        self.look_where()
        self.changed()

    def look_where(self) -> None:
        """Read how far it has come: sync and backups go on behind."""
        number, shop = self.number, self._shop
        if not number:
            return

        def found(where: Whereabouts) -> None:
            if number == self.number and where != self.where:
                self.where = where
                self.changed()

        self._work.read(lambda: whereabouts(shop.desk, shop.backups, number), found)
