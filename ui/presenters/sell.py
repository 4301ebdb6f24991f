"""Selling: what is found and how it comes into the cart, without a screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pos.domain.quantity import parse_quantity
from pos.domain.text import fold_digits
from pos.errors import UserError
from pos.services.views import FoundView
from ui.presenters.cart import Line, line_of, read_cart
from ui.presenters.taking import Taking

if TYPE_CHECKING:
    from pos.services.counter import HatBoard
    from pos.services.views import ProductView, VariantView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

AT_ONCE, RESULTS = 10, 30
REST_MS = 120
FAVOURITES = 16
_TIMES = re.compile(r"\s*([0-9]{1,30}(?:\.[0-9]*)?)\s*[*x×]\s*(.*)", re.DOTALL)


class Sell(Taking):
    """What the Sell page shows and does: the market day, the search, and the cart under it."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__(shop, work, notices, look)
        self.typed = ""
        self.category = ""
        self.found: list[FoundView] = []
        self.whole = True  # whether `found` is all that was found
        self.chosen = 0
        self.picking: ProductView | None = None  # whose variant is being chosen
        self.variant_at = 0
        self.asking: Line | None = None  # of which there is not enough
        self.board: HatBoard | None = None
        self.favourites: list[ProductView] = []
        self.sold_before = False  # else those are just the first of the catalogue
        self.categories: list[Any] = []
        self.waiting = False  # the shop is still being opened: what is searched for then is found afterwards

    # ---- the day ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read what the page begins with, and the cart that a crash left."""
        self._read()
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

    def look_in(self) -> None:
        """Read what the page begins with while the shop is being opened; no cart was left."""
        self.waiting = True
        self._read()
        self.changed()

    def _read(self) -> None:
        counter = self._shop.counter
        self.board = counter.hat_now()
        self.categories = counter.categories()
        self.favourites = counter.best_sellers(FAVOURITES)
        self.sold_before = counter.has_favourites()

    def refresh(self) -> None:
        """Somebody else has written, or the shop has been opened: read again what is shown."""
        self.waiting = False
        self._read()
        if self.typed.strip() or self.category:
            self._search()
        self._price()
        self.changed()

    # ---- search ----------------------------------------------------------------------------------------

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
        quantity, at = self._counted()
        return 1000 if isinstance(quantity, UserError) else quantity, self.typed[at:]

    def _counted(self) -> tuple[int | UserError, int]:
        """The number that stands before, or what is wrong with it; and where the words begin."""
        match = _TIMES.fullmatch(fold_digits(self.typed))
        if match is None:
            return 1000, 0
        at = len(self.typed) - len(match[2])
        try:
            return parse_quantity(match[1], fractions=True), at
        except UserError as error:
            return error, at

    def _miscounted(self) -> bool:
        """Whether the number typed before cannot be; it is said, and nothing is taken for it."""
        quantity, _ = self._counted()
        if isinstance(quantity, UserError):
            self._notices.toast(self.look.sentence(quantity))
            return True
        return False

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
        if self._miscounted():
            return
        if self.waiting and self.typed.strip():
            self.waiting = (
                False  # what was typed before the shop was open is looked for now, however long that takes
            )
            self._search()
        if self.picking is not None:
            self.add(line_of(self.picking, self.picking.variants[self.variant_at], self.times()[0]))
            return
        if not self.found:
            return
        self.pick(self.chosen)

    def pick(self, at: int) -> None:
        """Add the product in this row, or open its variants."""
        if self._miscounted():
            return
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

    def _search(self, limit: int = AT_ONCE) -> None:
        """What a hand that types on can see comes with the key; the rest once it rests."""
        if self.waiting:
            return
        words = self.times()[1].strip()
        hits = self._shop.catalogue.find(words, limit=limit) if words else []
        self.whole = limit >= RESULTS or len(hits) < limit
        if not self.whole:
            self._work.later("search", REST_MS, self._search_whole)
        if self.category:
            hits = [hit for hit in hits if hit.product.category == self.category]
            if not words:
                hits = self._of_category()
        self.found = hits

    def _search_whole(self) -> None:
        if not self.whole:
            self._search(RESULTS)
            self.changed()

    def _of_category(self) -> list[FoundView]:
        from pos.services.shelf import ShelfFilter

        shelf = self._shop.shelf
        ids = shelf.ids(ShelfFilter(category=self.category, sort="name"), limit=RESULTS)
        return [FoundView(row.product, None) for row in shelf.rows(ids)]

    def begin(self) -> None:
        """A new order, and a new search."""
        self.typed, self.chosen = "", 0
        self._ask_no_more()
        self._search()
        super().begin()

    def _ask_no_more(self) -> None:
        self.picking = self.asking = None

    def _after_order(self) -> None:
        self.typed, self.found = "", []
        self._ask_no_more()
        self.board = self._shop.counter.hat_now()

    # ---- into the cart ---------------------------------------------------------------------------------

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

    def _short(self, line: Line) -> bool:
        """Whether the cart would hold more of it than there is, and nobody has said yet that this is right."""
        if any(other.sku == line.sku and other.anyway for other in self.cart.lines):
            return False
        cart = self.cart.with_more(line)
        quote = self._shop.orders.quote(cart.request())
        return any(over.number == cart.place_of(line.sku) + 1 for over in quote.oversold)


def _first_there(variants: tuple[VariantView, ...]) -> int:
    return next((at for at, variant in enumerate(variants) if variant.free_milli > 0), 0)
