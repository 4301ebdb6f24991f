"""Selling: search, cart, buyer, money and the order, without a screen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pos.domain.ids import uuid7
from pos.domain.money import parse_money, plain_money
from pos.domain.quantity import parse_quantity, plain_quantity
from pos.domain.text import fold_digits
from pos.domain.times import SystemClock
from pos.errors import PosError, UserError
from pos.services.order_request import PaymentRequest
from pos.services.shelf import ShelfFilter
from pos.services.views import FoundView
from ui.presenters.cart import UNDO_STEPS, Buyer, Cart, Line, line_of, read_cart
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from pos.services.counter import BuyerCard, HatBoard
    from pos.services.drafts import DraftView
    from pos.services.quotes import QuoteView
    from pos.services.views import OrderView, ProductView, VariantView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

RESULTS = 30
FAVOURITES = 16
_SAVE_MS = 250
_DHAKA = frozenset({"ঢাকা", "dhaka"})
_TIMES = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*[*x×]\s*(.*)", re.DOTALL)
_HOLD_MS = 24 * 3600 * 1000
Mode = Literal["results", "variants"]


class Sell(Watched):
    """What the Sell page shows and does. Everything that writes goes through `work`, in its turn."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.typed = ""
        self.category = ""
        self.found: list[FoundView] = []
        self.chosen = 0
        self.picking: ProductView | None = None  # whose variant is being chosen
        self.variant_at = 0
        self.asking: Line | None = None  # of which there is not enough
        self.cart = Cart()
        self.cart_at = 0
        self.faults: dict[str, str] = {}
        self.quote: QuoteView | None = None
        self.card: BuyerCard | None = None
        self.board: HatBoard | None = None
        self.favourites: list[ProductView] = []
        self.categories: list[Any] = []
        self.taking = False
        self.last: OrderView | None = None
        self.on_print: Callable[[OrderView], None] | None = None
        self.on_focus: Callable[[str], None] | None = None
        self._draft: uuid.UUID = self._new_id()
        self._undo: list[Cart] = []
        self._redo: list[Cart] = []

    # ---- the day -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read what the page begins with, and the cart that a crash left."""
        self.board = self._shop.counter.hat_now()
        self.categories = self._shop.counter.categories()
        self.favourites = self._shop.counter.best_sellers(FAVOURITES)
        left = self._shop.drafts.current()
        if left is not None:
            try:
                self.cart, self._draft = read_cart(left.body), left.id
            except ValueError:
                self._notices.toast(self.look.word("draft_unreadable"))
            else:
                if self.cart.lines:
                    self._notices.toast(self.look.word("where_you_were"))
                self.look_up_buyer()
        self._price()
        self.changed()

    def refresh(self) -> None:
        """Somebody else has written: read again what is shown."""
        self.board = self._shop.counter.hat_now()
        self.favourites = self._shop.counter.best_sellers(FAVOURITES)
        if self.typed.strip():
            self._search()
        self._price()
        self.changed()

    # ---- search --------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """The search field says this now."""
        if text == self.typed:
            return
        self.typed, self.picking, self.asking, self.chosen = text, None, None, 0
        self._search()
        self.changed()

    def choose_category(self, code: str) -> None:
        """Only products of this category; all for an empty one."""
        self.category, self.chosen = code, 0
        self._search()
        self.changed()

    def times(self) -> tuple[int, str]:
        """How many are wanted (thousandths) and what is searched for: `3*modhu`, `৩*মধু`."""
        match = _TIMES.fullmatch(fold_digits(self.typed))
        if match is None:
            return 1000, self.typed
        at = len(self.typed) - len(match[2])
        try:
            return parse_quantity(match[1], fractions=True), self.typed[at:]
        except UserError:
            return 1000, self.typed[at:]

    def move(self, step: int) -> None:
        """The next row, also while typing."""
        if self.picking is not None:
            self.variant_at = max(0, min(self.variant_at + step, len(self.picking.variants) - 1))
        else:
            self.chosen = max(0, min(self.chosen + step, len(self.found) - 1))
        self.changed()

    def enter(self) -> None:
        """Add what is selected; ask which variant, or whether to take it although there is not enough."""
        if self.asking is not None:
            self.take_anyway()
            return
        if self.picking is not None:
            self.add(line_of(self.picking, self.picking.variants[self.variant_at], self.times()[0]))
            return
        if not self.found:
            return
        self.pick(self.chosen)

    def pick(self, at: int) -> None:
        """Add the product in this row, or open its variants."""
        hit = self.found[at]
        self.chosen = at
        self.put(hit.product, hit.matched)

    def put(self, product: ProductView, matched: str | None = None) -> None:
        """Add a product; of one with variants the one whose code was typed, else the vendor is asked which."""
        exact = next((v for v in product.variants if v.sku == matched), None)
        if product.variants and exact is None:
            if len(product.variants) > 1:
                self.picking, self.variant_at = product, _first_there(product.variants)
                self.changed()
                return
            exact = product.variants[0]
        self.add(line_of(product, exact, self.times()[0]))

    def scan(self, code: str) -> bool:
        """A barcode or a code that was scanned: added at once; False if nothing has it."""
        hits = self._shop.catalogue.find(fold_digits(code), limit=1)
        if not hits or hits[0].matched is None:
            return False
        self.typed = ""
        self.put(hits[0].product, hits[0].matched)
        return True

    def add_favourite(self, at: int) -> None:
        """The nth favourite."""
        if at < len(self.favourites):
            self.put(self.favourites[at])

    def take_anyway(self) -> None:
        """Take what there is not enough of: it comes later."""
        line = self.asking
        if line is not None:
            self.add(replace(line, anyway=True))

    def back(self) -> bool:
        """One step back: the question, the variants, the search; False where there is nothing to leave."""
        if self.asking is not None:
            self.asking = None
        elif self.picking is not None:
            self.picking = None
        elif self.typed or self.category:
            self.typed, self.category = "", ""
            self._search()
        else:
            return False
        self.changed()
        return True

    def _search(self) -> None:
        words = self.times()[1].strip()
        hits = self._shop.catalogue.find(words, limit=RESULTS) if words else []
        if self.category:
            hits = [hit for hit in hits if hit.product.category == self.category]
            if not words:
                hits = self._of_category()
        self.found = hits

    def _of_category(self) -> list[FoundView]:
        shelf = self._shop.shelf
        ids = shelf.ids(ShelfFilter(category=self.category, sort="name"))[:RESULTS]
        return [FoundView(row.product, None) for row in shelf.rows(ids)]

    # ---- the cart ------------------------------------------------------------------------------------

    def add(self, line: Line) -> None:
        """Put a line into the cart; asks first where there is not enough, once."""
        if not line.anyway and self._short(line):
            self.asking = line
            self.changed()
            return
        self._becomes(self.cart.with_more(line))
        self.cart_at = self.cart.place_of(line.sku)
        self.typed, self.found, self.picking, self.asking, self.chosen = "", [], None, None, 0
        if self.category:
            self._search()
        self._notices.toast(
            self.look.word("added_to_cart", what=self.name_of(line)),
            self.look.word("undo"), "Ctrl Z", self.undo,
        )  # fmt: skip
        self.changed()

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

    # ---- the buyer -----------------------------------------------------------------------------------

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
        self.card = self._shop.counter.buyer(phone) if phone.strip() else None
        card = self.card
        if card is None or card.customer is None:
            return
        buyer, known = self.cart.buyer, card.customer
        if not buyer.name and not buyer.address:
            filled = Buyer(buyer.phone, known.name, known.address, known.thana, known.district)
            self._becomes(replace(self.cart, buyer=filled), typing=True)

    # ---- money ---------------------------------------------------------------------------------------

    def set_pay(self, **fields: str) -> None:
        """How it is paid: `kind`, `method`, `amount`, `trxid`."""
        pay = replace(self.cart.pay, **fields)  # type: ignore[arg-type]
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

    # ---- the order -----------------------------------------------------------------------------------

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
        self.cart, self.cart_at, self.card = Cart(), 0, None
        self._undo.clear()
        self._redo.clear()
        self._draft = self._new_id()
        self.typed, self.found, self.picking, self.asking = "", [], None, None
        self.board = self._shop.counter.hat_now()
        self._price()
        self._notices.toast(
            self.look.word("order_taken", number=order.number, total=self.look.money(order.total_paisa))
        )
        self._notices.clear("order")
        self._focus("search")
        self.changed()

    def _refused(self, error: PosError) -> None:
        self.taking = False
        where = _field_of(error)
        self.faults = {where: self.look.sentence(error)}
        self._focus(where)
        self.changed()

    # ---- held carts ----------------------------------------------------------------------------------

    def hold(self) -> None:
        """Put the cart aside; its goods stay promised for a day."""
        if not self.cart.lines:
            return
        draft, cart = self._draft, self.cart
        label = cart.buyer.name or cart.buyer.phone or self.name_of(cart.lines[0])
        items = [(line.sku, plain_quantity(line.qty_milli)) for line in cart.lines]
        until = self._shop.desk.clock.now_ms() + _HOLD_MS
        drafts = self._shop.drafts
        self._work.write(
            lambda: drafts.hold(draft, label, cart.stored(), items, until), self._held, self._refused
        )

    def _held(self, view: DraftView) -> None:
        self.cart, self.cart_at, self.card = Cart(), 0, None
        self._undo.clear()
        self._redo.clear()
        self._draft = self._new_id()
        self._price()
        self._notices.toast(self.look.word("cart_held", what=view.label), self.look.word("undo"), "F7", None)
        self._focus("search")
        self.changed()

    def held(self) -> list[DraftView]:
        """The carts that were put aside."""
        return self._shop.drafts.held()

    def recall(self, draft: uuid.UUID) -> None:
        """Go on with a held cart; the one at hand is held in its place."""
        if self.cart.lines:
            self._save()
        drafts = self._shop.drafts
        self._work.write(lambda: drafts.recall(draft), self._recalled, self._refused)

    def _recalled(self, view: DraftView) -> None:
        try:
            self.cart, self._draft = read_cart(view.body), view.id
        except ValueError:
            self._notices.toast(self.look.word("draft_unreadable"))
            return
        self._undo.clear()
        self._redo.clear()
        self.cart_at = 0
        self.look_up_buyer()
        self._price()
        self._focus("search")
        self.changed()

    # ---- inside --------------------------------------------------------------------------------------

    def name_of(self, line: Line) -> str:
        """A line's name in the language of the screen."""
        return self.look.either(line.name_bn, line.name_en)

    def _fault(self, cart: Cart, where: str, number: int = 0) -> str:
        """What taking this cart would refuse there; empty if nothing."""
        errors = self._shop.orders.quote(cart.request()).errors
        return next((self.look.sentence(e) for e in errors if (e.where, e.number) == (where, number)), "")

    def _short(self, line: Line) -> bool:
        """Whether the cart would hold more of it than there is, and nobody has said yet that this is right."""
        if any(other.sku == line.sku and other.anyway for other in self.cart.lines):
            return False
        cart = self.cart.with_more(line)
        quote = self._shop.orders.quote(cart.request())
        return any(over.number == cart.place_of(line.sku) + 1 for over in quote.oversold)

    def _becomes(self, cart: Cart, *, typing: bool = False) -> None:
        """The cart is another one now; typing in a field has its own undo."""
        if not typing:
            self._undo = [*self._undo[-(UNDO_STEPS - 1) :], self.cart]
            self._redo.clear()
        self.cart = cart
        self.faults = {}
        self._price()
        self._work.later("draft", _SAVE_MS, self._save)

    def _settle(self, cart: Cart) -> None:
        self.cart = cart
        self.cart_at = max(0, min(self.cart_at, len(cart.lines) - 1))
        self.picking = self.asking = None
        self._price()
        self._work.later("draft", _SAVE_MS, self._save)
        self.changed()

    def _price(self) -> None:
        self.quote = self._shop.orders.quote(self.cart.request()) if self.cart.lines else None

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


def _first_there(variants: tuple[VariantView, ...]) -> int:
    return next((at for at, variant in enumerate(variants) if variant.free_milli > 0), 0)


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
