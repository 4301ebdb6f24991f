"""Taking the order, putting the cart aside, and going on with one that was put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.domain.quantity import plain_quantity
from pos.services.order_request import PaymentRequest
from ui.presenters.cart import Cart, read_cart
from ui.presenters.cart_at_hand import CartAtHand

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from pos.errors import PosError
    from pos.services.drafts import DraftView
    from pos.services.views import OrderView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

_HOLD_MS = 24 * 3600 * 1000


class HeldCart(msgspec.Struct, frozen=True):
    """A cart that was put aside: when, how many lines it has, and what it comes to now; None if it does not read."""

    id: uuid.UUID
    label: str
    at_ms: int
    lines: int
    total_paisa: int | None


class Taking(CartAtHand):
    """What the cart at hand becomes: an order, or a held cart."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__(shop, work, notices, look)
        self.last: OrderView | None = None
        self._sent = Cart()  # as it was when it went its way
        self._count: int | None = None  # of the held carts, once they were counted
        self.on_print: Callable[[OrderView], None] | None = None

    # ---- the order -------------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Whether there is anything to take."""
        return bool(self.cart.lines) and not self.taking

    def needs_money(self) -> bool:
        """Whether the money has to be counted first: it is paid in full, here and now."""
        return self.cart.kind == "full"

    def take(self, payments: list[PaymentRequest] | None = None, *, printed: bool = False) -> None:
        """Confirm the order; the page is ready for the next one as soon as it is on the disk."""
        if not self.ready():
            return
        if payments is None and self.needs_money():
            payments = [PaymentRequest("cash", plain_quantity(self.total_paisa() * 10))]
        self._sent = self.cart
        request = self.cart.request(payments=payments, request_id=self._draft.hex)
        draft, orders = self._draft, self._shop.orders
        self.taking = True
        self.faults = {}
        self._work.write(
            lambda: orders.take(request, order_id=draft),
            self._printed if printed else self._taken,
            self._refused,
        )
        self.changed()

    def _printed(self, order: OrderView) -> None:
        self._taken(order)
        if self.on_print is not None:
            self.on_print(order)

    def _taken(self, order: OrderView) -> None:
        self.taking, self.last = False, order
        self._go_on()
        self._after_order()
        self._notices.toast(
            self.look.word("order_taken", number=order.number, total=self.look.money(order.total_paisa))
        )
        self._notices.clear("order")
        self._focus("search")
        self.changed()

    def _after_order(self) -> None:
        """The page is made ready for the next one."""

    def _refused(self, error: PosError) -> None:
        if self.taking and self.cart is not self._sent:
            self._save_soon()
        self.taking, self._count = False, None
        where = _field_of(error)
        self.faults = {where: self.look.sentence(error)}
        self._focus(where)
        self.changed()

    # ---- held carts ------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Put the cart aside; its goods stay promised for a day."""
        if self.cart.lines:
            self._put_aside()

    def begin(self) -> None:
        """A new order. What stands in the cart, be it only a name, is put aside for it: nothing is lost."""
        if self.taking:
            return
        if self.cart.empty:
            self._becomes(Cart(), typing=True)
            self._focus("search")
            self.changed()
        else:
            self._put_aside()

    def _put_aside(self) -> None:
        draft, cart = self._draft, self.cart
        self._sent = cart
        label = cart.buyer.name or self.phone() or self._first_good() or self.look.word("new_customer")
        items = [(line.sku, plain_quantity(line.qty_milli)) for line in cart.lines]
        until = self._shop.desk.clock.now_ms() + _HOLD_MS
        drafts = self._shop.drafts
        self._work.write(
            lambda: drafts.hold(draft, label, cart.stored(), items, until), self._held, self._refused
        )

    def _held(self, view: DraftView) -> None:
        self._count = None
        self._go_on()
        self._notices.toast(self.look.word("cart_held", what=view.label), self.look.word("undo"), "F7", None)
        self._focus("search")
        self.changed()

    def _first_good(self) -> str:
        return self.name_of(self.cart.lines[0]) if self.cart.lines else ""

    def _go_on(self) -> None:
        """The cart went its way; the next one is another draft, with nothing to undo.

        It begins with what was scanned while the disk was still at the last one.
        """
        self.cart, self.cart_at, self.card = self.cart.since(self._sent), 0, None
        self._undo.clear()
        self._redo.clear()
        self._draft = self._new_id()
        self._price()
        if not self.cart.empty:
            self.look_up_buyer()
            self._save_soon()

    def held(self) -> list[HeldCart]:
        """The carts that were put aside."""
        found = [self._aside(draft) for draft in self._shop.drafts.held()]
        self._count = len(found)
        return found

    def held_count(self) -> int:
        """How many carts were put aside."""
        if self._count is None:
            self._count = self._shop.counter.held()
        return self._count

    def _aside(self, draft: DraftView) -> HeldCart:
        try:
            cart = read_cart(draft.body)
        except ValueError:
            return HeldCart(draft.id, draft.label, draft.updated_at_ms, 0, None)
        total = self._shop.orders.quote(cart.request()).total_paisa if cart.lines else 0
        return HeldCart(draft.id, draft.label, draft.updated_at_ms, len(cart.lines), total)

    def recall(self, draft: uuid.UUID) -> None:
        """Go on with a held cart; the one at hand is held in its place."""
        if self.cart.lines:
            self._save()
        self._sent = self.cart
        drafts = self._shop.drafts
        self._work.write(lambda: drafts.recall(draft), self._recalled, self._refused)

    def _recalled(self, view: DraftView) -> None:
        self._count = None
        try:
            cart = read_cart(view.body)
        except ValueError:
            self._notices.toast(self.look.word("draft_unreadable"))
            return
        for line in self.cart.since(self._sent).lines:
            cart = cart.with_more(line)
        self.cart, self._draft = cart, view.id
        self._undo.clear()
        self._redo.clear()
        self.cart_at = 0
        self.look_up_buyer()
        self._price()
        self._focus("search")
        self.changed()


def _field_of(error: PosError) -> str:
    """Which part of the page an error is about."""
    code, field = error.code, str(error.params.get("field", ""))
    if code.startswith("phone") or field in {"phone", "phone2", "name", "address", "district", "thana"}:
        return "phone" if code.startswith("phone") else field
    if code.startswith("trxid"):
        return "trxid"
    if code in {"overpaid", "rest_missing", "payment_empty"} or field == "amount":
        return "amount"
    if code.startswith("discount"):
        return "discount"
    return "cart"
