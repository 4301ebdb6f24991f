"""The stock: what there is of everything, what runs low, and what the vendor does about it, without a screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pos.domain.quantity import parse_counted, parse_quantity, plain_quantity
from pos.errors import UserError
from pos.services.shelf import ShelfFilter
from ui.presenters.needs import Watched
from ui.presenters.product import ProductForm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pos.services.shelf import MatrixView, MovementView, ShelfRow, ShelfSummary, Sort, Tab
    from pos.services.views import ProductView
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

HISTORY = 20
UNDO_STEPS = 50
SORTS: tuple[Sort, ...] = ("low_first", "name", "sku")
Mode = Literal["in", "count", "damage"]


@dataclass(frozen=True, slots=True)
class Detail:
    """One product with all that is said of it; `sold_milli` is of the last seven days."""

    row: ShelfRow
    matrix: MatrixView | None
    moves: list[MovementView]
    sold_milli: int


@dataclass(slots=True)
class Sheet:
    """Quantities being written for one product: goods that came in, a count, or damage."""

    mode: Mode
    typed: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is written that would be missed."""
        return not self.note.strip() and not any(text.strip() for text in self.typed.values())


@dataclass(frozen=True, slots=True)
class Step:
    """What can be taken back: both directions, and what is said of each."""

    undo: Callable[[], Any]
    redo: Callable[[], Any]


class Stock(Watched):
    """What the Stock page shows and does. Everything that writes goes through `work`, in its turn."""

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.tab: Tab = "all"
        self.category: str | None = None
        self.typed = ""
        self.sort: Sort = "low_first"
        self.ids: list[bytes] = []
        self.listed = False  # whether the list was ever read
        self.at = -1
        self.hand: bytes | None = None  # the product at hand
        self._asked = 0
        self.detail: Detail | None = None
        self.summary: ShelfSummary | None = None
        self.on_low: Callable[[int], None] | None = None
        self.forms: dict[bytes | None, ProductForm] = {}
        self._sheets: dict[tuple[bytes, Mode], Sheet] = {}
        self._undo: list[Step] = []
        self._redo: list[Step] = []

    # ---- the list ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read again what is shown; the product at hand stays so."""
        self._look_closer()
        self._list()
        self.sum_up()
        self.changed()

    def sum_up(self) -> None:
        """Add the whole shelf up, in the background: it looks at every product."""
        self._work.read(self._shop.shelf.summary, self._summed)

    def _summed(self, summary: ShelfSummary) -> None:
        self.summary = summary
        if self.on_low is not None:
            self.on_low(summary.low)
        self.changed()

    def type(self, text: str) -> None:
        """The search field says this now."""
        if text != self.typed:
            self.typed = text
            self._list(keep=False)
            self.changed()

    def choose_tab(self, code: str) -> None:
        """Show `all`, `low`, `out`, `archived`, or the category in `category:NAME`."""
        head, colon, name = code.partition(":")
        self.category = name if colon else None
        self.tab = "all" if colon else head  # type: ignore[assignment]
        self._list(keep=False)
        self.changed()

    def tab_code(self) -> str:
        """The tab that is shown, as `choose_tab` takes it."""
        return self.tab if self.category is None else f"category:{self.category}"

    def choose_sort(self, sort: Sort) -> None:
        """What comes first."""
        self.sort = sort
        self._list()
        self.changed()

    def choose(self, at: int) -> None:
        """The product in this row is at hand now."""
        if 0 <= at < len(self.ids) and at != self.at:
            self.at, self.hand = at, self.ids[at]
            self._look_closer()
            self.changed()

    def rows(self, ids: Sequence[bytes]) -> dict[bytes, ShelfRow]:
        """The products of a page of the list, by id."""
        return {row.id: row for row in self._shop.shelf.rows(ids)}

    def picture(self, product: ProductView) -> Path | None:
        """A product's picture, if it has one."""
        return self._shop.pictures.of(product.id)

    def move(self, step: int) -> None:
        """The next row, also while typing."""
        self.choose(max(0, min(self.at + step, len(self.ids) - 1)))

    def product(self) -> ProductView | None:
        """The product at hand."""
        return self.detail.row.product if self.detail is not None else None

    def history(self, before: MovementView | None) -> list[MovementView]:
        """More of how the product at hand moved; the newest first."""
        product = self.product()
        return [] if product is None else self._shop.shelf.history(product.sku, before=before)

    def back(self) -> bool:
        """One step back: the search, then the tab; False where there is nothing to leave."""
        if self.typed:
            self.type("")
        elif self.tab != "all" or self.category is not None:
            self.choose_tab("all")
        else:
            return False
        return True

    def bring(self, product_id: bytes) -> None:
        """A product to hand, whatever the list shows: it shows all then."""
        self.tab, self.category, self.typed, self.hand = "all", None, "", product_id
        self.refresh()

    def _list(self, *, keep: bool = True) -> None:
        """Read which products the list shows; with a text at once, else in the background, since that looks at
        every product.
        """
        wanted = ShelfFilter(self.tab, self.category, self.typed, self.sort)
        self._asked += 1
        asked, shelf = self._asked, self._shop.shelf

        def listed(ids: list[bytes]) -> None:
            if asked == self._asked:  # else something else was asked for meanwhile
                self._listed(ids, keep=keep)

        if self.typed.strip():
            listed(shelf.ids(wanted))
        else:
            self._work.read(lambda: shelf.ids(wanted), listed)

    def _listed(self, ids: list[bytes], *, keep: bool) -> None:
        self.ids, self.listed = ids, True
        if not ids:
            self.at, self.hand = -1, None
        else:
            if keep and self.hand in ids:
                self.at = ids.index(self.hand)
            else:
                self.at = max(0, min(self.at, len(ids) - 1)) if keep else 0
            self.hand = ids[self.at]
        self._look_closer()
        self.changed()

    def _look_closer(self) -> None:
        shelf = self._shop.shelf
        row = next(iter(shelf.rows([self.hand])), None) if self.hand is not None else None
        if row is None:
            self.detail = None
            return
        sku = row.product.sku
        self.detail = Detail(row, shelf.matrix(sku), shelf.history(sku, limit=HISTORY), shelf.sold(sku))

    # ---- quantities ----------------------------------------------------------------------------------

    def sheet(self, mode: Mode) -> Sheet:
        """What is being written for the product at hand; it is there again after the dialog was left."""
        assert self.detail is not None
        return self._sheets.setdefault((self.detail.row.id, mode), Sheet(mode))

    def unsent(self, done: Callable[[dict[str, int]], None]) -> None:
        """What of the product at hand is sold and still lies on the shelf, by SKU; read in the background."""
        product, shelf = self.product(), self._shop.shelf
        if product is not None:
            self._work.read(lambda: shelf.unsent(product.sku), done)

    def count(self, sku: str, typed: str) -> None:
        """Set one kind to what was counted.

        Raises:
            UserError: ``quantity_…``: it does not read; nothing was changed.
        """
        self.enter(Sheet("count", {sku: typed}))

    def enter(self, sheet: Sheet) -> None:
        """Carry out what is written for the product at hand: all of it or nothing.

        Raises:
            UserError: ``goods_in_empty``, ``quantity_…``: it does not read; nothing was changed.
        """
        detail = self.detail
        assert detail is not None
        product, mode = detail.row.product, sheet.mode
        entries = [(sku, text) for sku, text in sheet.typed.items() if text.strip()]
        if not entries:
            raise UserError("goods_in_empty")
        read = parse_counted if mode == "count" else parse_quantity
        for _, text in entries:
            read(text, fractions=product.fractions, field="qty")
        note, key = sheet.note, (detail.row.id, mode)
        work = {"in": self._receive, "count": self._count, "damage": self._damage}[mode]

        def done(moved: list[tuple[str, int]]) -> None:
            self._sheets.pop(key, None)
            self._moved(mode, product, moved)

        self._work.write(lambda: work(entries, note), done)

    def _receive(self, entries: list[tuple[str, str]], note: str) -> list[tuple[str, int]]:
        after = self._shop.stock.receive(entries, note)
        return [
            (item.sku, parse_quantity(text, fractions=True))
            for item, (_, text) in zip(after, entries, strict=True)
        ]

    def _count(self, entries: list[tuple[str, str]], note: str) -> list[tuple[str, int]]:
        with self._shop.store.together():
            made = [self._shop.stock.count(sku, text, note) for sku, text in entries]
        return [(item.sku, move.qty_milli) for item, move in made if move is not None]

    def _damage(self, entries: list[tuple[str, str]], note: str) -> list[tuple[str, int]]:
        with self._shop.store.together():
            made = [self._shop.stock.move(sku, text, "damage", note) for sku, text in entries]
        return [(item.sku, move.qty_milli) for item, move in made]

    def _adjust(self, moved: list[tuple[str, int]], sign: int) -> None:
        """A counter-entry, or the entry once more: what was recorded is never taken out of the book."""
        note = self.look.word("stock_taken_back" if sign < 0 else "stock_again")
        with self._shop.store.together():
            for sku, milli in moved:
                self._shop.stock.move(sku, plain_quantity(sign * milli), "adjustment", note)

    def _moved(self, mode: Mode, product: ProductView, moved: list[tuple[str, int]]) -> None:
        name = self.look.either(product.name_bn, product.name_en)
        if not moved:
            self._notices.toast(self.look.word("stock_agrees", what=name))
        else:
            self._did(
                Step(lambda: self._adjust(moved, -1), lambda: self._adjust(moved, 1)),
                self.look.word(f"stock_done_{mode}", what=name),
            )
        self.refresh()

    # ---- products ------------------------------------------------------------------------------------

    def new_form(self) -> ProductForm:
        """The form of a new product: the one that was left half written, if there is one."""
        return self._form(None, None)

    def edit_form(self) -> ProductForm | None:
        """The form of the product at hand."""
        if self.detail is None:
            return None
        return self._form(self.detail.row.id, self.detail.row.product)

    def _form(self, key: bytes | None, product: ProductView | None) -> ProductForm:
        form = self.forms.get(key)
        if form is None or not form.touched:
            form = ProductForm(self._shop, self._work, self.look, product)
            form.on_saved = self._saved
            self.forms[key] = form
        return form

    def _saved(self, form: ProductForm, product: ProductView) -> None:
        """A form was saved: the list shows the product, whatever it showed before."""
        for key in [key for key, other in self.forms.items() if other is form]:
            del self.forms[key]
        before, undo, redo = form.before, form.undo, form.redo
        name = self.look.either(product.name_bn, product.name_en)
        if before is None:
            self._notices.toast(self.look.word("product_added", what=name))
        elif undo is not None and redo is not None:
            self._did(Step(undo, redo), self.look.word("product_changed", what=name))
        else:
            self._notices.toast(self.look.word("product_changed", what=name))
        if before is None:
            self.bring(product.id.bytes)
        else:
            self.refresh()

    def archive(self) -> None:
        """Put the product at hand away, or take it back from there."""
        if self.detail is None:
            return
        away = not self.detail.row.archived
        product, catalogue = self.detail.row.product, self._shop.catalogue
        name = self.look.either(product.name_bn, product.name_en)
        step = Step(
            (lambda: catalogue.unarchive(product.sku)) if away else (lambda: catalogue.archive(product.sku)),
            (lambda: catalogue.archive(product.sku)) if away else (lambda: catalogue.unarchive(product.sku)),
        )

        def done(_: object) -> None:
            self._did(step, self.look.word("product_archived" if away else "product_back", what=name))
            self.refresh()

        self._work.write(step.redo, done)

    # ---- taking back ---------------------------------------------------------------------------------

    def _did(self, step: Step, text: str) -> None:
        self._undo = [*self._undo[-(UNDO_STEPS - 1) :], step]
        self._redo.clear()
        self._notices.toast(text, self.look.word("undo"), "Ctrl Z", self.undo)

    def undo(self) -> None:
        """Take the last act back, by an entry of its own."""
        if self._undo:
            self._turn(self._undo.pop(), back=True)

    def redo(self) -> None:
        """Do what was taken back once more."""
        if self._redo:
            self._turn(self._redo.pop(), back=False)

    def _turn(self, step: Step, *, back: bool) -> None:
        def done(_: object) -> None:
            (self._redo if back else self._undo).append(step)
            self._notices.toast(self.look.word("stock_undone" if back else "stock_redone"))
            self.refresh()

        self._work.write(step.undo if back else step.redo, done)
