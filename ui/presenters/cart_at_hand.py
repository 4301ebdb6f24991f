"""The cart at hand: its lines, its buyer and its money, what they come to, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pos.domain.ids import uuid7
from pos.domain.money import parse_money, plain_money
from pos.domain.quantity import parse_quantity
from pos.domain.times import SystemClock
from pos.errors import UserError
from ui.presenters.cart import UNDO_STEPS, Buyer, Cart, Line
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from pos.services.customers import BuyerCard
    from pos.services.quotes import QuoteView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

_SAVE_MS = 250
_DHAKA = frozenset({"ঢাকা", "dhaka"})


class CartAtHand(Watched):
    """The cart, priced anew with every change and kept as a draft; everything that writes goes through `work`."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.cart = Cart()
        self.cart_at = 0
        self.faults: dict[str, str] = {}
        self.quote: QuoteView | None = None
        self.card: BuyerCard | None = None
        self.taking = False
        self.on_focus: Callable[[str], None] | None = None
        self._draft: uuid.UUID = self._new_id()
        self._undo: list[Cart] = []
        self._redo: list[Cart] = []

    # ---- its lines -------------------------------------------------------------------------------------

    def more(self, step: int) -> None:
        """One more or one less of the line at hand; less than one takes it out."""
        if not self.cart.lines:
            return
        line = self.cart.lines[self.cart_at]
        qty = line.qty_milli + step * 1000
        if qty <= 0:
            self.remove()
            return
        self._becomes(self.cart.with_line(self.cart_at, replace(line, qty_milli=qty)))
        self.changed()

    def set_line(self, qty: str, price: str, discount: str) -> str:
        """Write over the line at hand; what is wrong with it, and then nothing was changed.

        Raises:
            UserError: a quantity or price that does not read.
        """
        line = self.cart.lines[self.cart_at]
        milli = parse_quantity(qty, fractions=line.fractions, field="qty")
        if price.strip():
            parse_money(price, field="price")
        wanted = replace(line, qty_milli=milli, price=price.strip(), discount=discount.strip())
        cart = self.cart.with_line(self.cart_at, wanted)
        fault = self._fault(cart, "line", self.cart_at + 1)
        if not fault:
            self._becomes(cart)
            self.changed()
        return fault

    def remove(self) -> None:
        """Take the line at hand out."""
        if not self.cart.lines:
            return
        line = self.cart.lines[self.cart_at]
        self._becomes(self.cart.without(self.cart_at))
        self.cart_at = max(0, min(self.cart_at, len(self.cart.lines) - 1))
        self._notices.toast(
            self.look.word("taken_out", what=self.name_of(line)),
            self.look.word("undo"), "Ctrl Z", self.undo,
        )  # fmt: skip
        self.changed()

    def cart_rows(self) -> list[tuple[Line, int, int, bool, str]]:
        """Each line with its amount and price in paisa, whether it is oversold, and what is wrong with it."""
        quote = self.quote
        if quote is None:
            return []
        over = {one.number for one in quote.oversold}
        wrong = {e.number: self.look.sentence(e) for e in quote.errors if e.where == "line"}
        rows = []
        for number, (line, priced) in enumerate(zip(self.cart.lines, quote.lines, strict=True), 1):
            amount = priced.amount_paisa if priced is not None else 0
            price = priced.price_paisa if priced is not None else line.price_paisa
            rows.append((line, amount, price, number in over, wrong.get(number, "")))
        return rows

    def there_and_asked(self, line: Line) -> tuple[int, int]:
        """How much there is of a SKU (thousandths), and how much the cart would take of it with this line."""
        cart = self.cart.with_more(line)
        at = cart.place_of(line.sku)
        over = self._shop.orders.quote(cart.request()).oversold
        there = next((one.free_milli for one in over if one.number == at + 1), 0)
        return max(0, there), cart.lines[at].qty_milli

    def choose_line(self, at: int) -> None:
        """The line at hand."""
        if 0 <= at < len(self.cart.lines) and at != self.cart_at:
            self.cart_at = at
            self.changed()

    def undo(self) -> None:
        """The cart as it was before."""
        if self._undo:
            self._redo.append(self.cart)
            self._settle(self._undo.pop())

    def redo(self) -> None:
        """The cart as it was before the undo."""
        if self._redo:
            self._undo.append(self.cart)
            self._settle(self._redo.pop())

    def set_discount(self, text: str) -> str:
        """Taken off the whole order: taka, or a percentage; what is wrong with it, and then nothing was changed."""
        cart = replace(self.cart, discount=text.strip())
        fault = self._fault(cart, "order")
        if not fault:
            self._becomes(cart)
            self.changed()
        return fault

    def set_delivery(self, area: str, charge: str) -> str:
        """Where the parcel goes and what that costs; what is wrong with it, and then nothing was changed."""
        cart = replace(self.cart, area=area, delivery=charge)
        fault = self._fault(cart, "order")
        if not fault:
            self._becomes(cart)
            self.changed()
        return fault

    def set_note(self, text: str) -> None:
        """What only the vendor sees."""
        self._becomes(replace(self.cart, note=text), typing=True)

    # ---- the buyer -------------------------------------------------------------------------------------

    def set_buyer(self, **fields: str) -> None:
        """What was typed of the buyer; a known phone brings his name and address."""
        buyer = replace(self.cart.buyer, **fields)
        phone_changed = buyer.phone != self.cart.buyer.phone
        self._becomes(replace(self.cart, buyer=buyer), typing=True)
        if phone_changed:
            self.look_up_buyer()
        self._charge_delivery()
        self.changed()

    def _charge_delivery(self) -> None:
        """A parcel to a district is charged by its area, until the vendor says otherwise."""
        district = self.cart.buyer.district.strip().casefold()
        if not district or self.cart.area or self.cart.delivery or self.cart.kind != "cod":
            return
        area = "inside" if district in _DHAKA else "outside"
        charge = next(c.charge_paisa for c in self._shop.counter.delivery_choices() if c.area == area)
        text = plain_money(charge).removesuffix(".00")
        self._becomes(replace(self.cart, area=area, delivery=text), typing=True)

    def look_up_buyer(self) -> None:
        """Who has this phone, and what he has done so far."""
        phone = self.cart.buyer.phone
        self.card = self._shop.customers.calling(phone) if phone.strip() else None
        card = self.card
        if card is None or card.customer is None:
            return
        buyer, known = self.cart.buyer, card.customer
        if not buyer.name and not buyer.address:
            filled = Buyer(buyer.phone, known.name, known.address, known.thana, known.district)
            self._becomes(replace(self.cart, buyer=filled), typing=True)

    def phone(self) -> str:
        """The buyer's number as people write it, once it is whole; until then as it was typed."""
        whole = self.card.phone if self.card is not None else None
        return self.look.phone(whole) if whole else self.look.digits(self.cart.buyer.phone.strip())

    # ---- money -----------------------------------------------------------------------------------------

    def set_pay(self, **fields: str) -> None:
        """How it is paid: `kind`, `method`, `amount`, `trxid`."""
        pay = replace(self.cart.pay, **fields)
        self._becomes(replace(self.cart, pay=pay), typing=True)
        self.changed()

    def total_paisa(self) -> int:
        """What the order comes to."""
        return self.quote.total_paisa if self.quote is not None else 0

    def advance_paisa(self) -> int:
        """What is paid before, as far as it reads."""
        if self.cart.kind != "cod" or not self.cart.pay.amount.strip():
            return 0
        try:
            return parse_money(self.cart.pay.amount, field="amount")
        except UserError:
            return 0

    def cod_paisa(self) -> int:
        """What the courier will collect."""
        return max(0, self.total_paisa() - self.advance_paisa()) if self.cart.kind == "cod" else 0

    # ---- inside ----------------------------------------------------------------------------------------

    def name_of(self, line: Line) -> str:
        """A line's name in the language of the screen, with colour and size."""
        parts = (self.look.either(line.name_bn, line.name_en), line.colour, self.look.digits(line.size))
        return " · ".join(part for part in parts if part)

    def _fault(self, cart: Cart, where: str, number: int = 0) -> str:
        """What taking this cart would refuse there; empty if nothing."""
        errors = self._shop.orders.quote(cart.request()).errors
        return next((self.look.sentence(e) for e in errors if (e.where, e.number) == (where, number)), "")

    def _becomes(self, cart: Cart, *, typing: bool = False) -> None:
        """The cart is another one now; typing in a field has its own undo."""
        if not typing:
            self._undo = [*self._undo[-(UNDO_STEPS - 1) :], self.cart]
            self._redo.clear()
        self.cart = cart
        self.faults = {}
        self._price()
        self._save_soon()

    def _settle(self, cart: Cart) -> None:
        """Take the cart from before; what was typed since has its own undo, in its fields."""
        now = self.cart
        self.cart = replace(cart, buyer=now.buyer, pay=now.pay, note=now.note)
        self.cart_at = max(0, min(self.cart_at, len(cart.lines) - 1))
        self._ask_no_more()
        self._charge_delivery()
        self._price()
        self._save_soon()
        self.changed()

    def _ask_no_more(self) -> None:
        """Whatever was asked about the cart that was there before."""

    def _price(self) -> None:
        self.quote = self._shop.orders.quote(self.cart.request()) if self.cart.lines else None

    def _save_soon(self) -> None:
        self._work.later("draft", _SAVE_MS, self._save)

    def _save(self) -> None:
        if self.taking:
            return
        draft, cart, drafts = self._draft, self.cart, self._shop.drafts
        if cart.empty:
            self._work.write(lambda: drafts.clear(draft))
        else:
            self._work.write(lambda: drafts.save(cart.stored(), draft_id=draft))

    def _focus(self, where: str) -> None:
        if self.on_focus is not None:
            self.on_focus(where)

    def _new_id(self) -> uuid.UUID:
        return uuid7(SystemClock().now_ms())
