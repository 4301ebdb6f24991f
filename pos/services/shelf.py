"""The shelf: what there is of everything, what runs low, how it is spread over sizes and colours, how it moved."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.stock import share_of_minimum, stock_state
from pos.domain.text import clean, fold_digits, nfc
from pos.errors import UserError
from pos.services.catalogue import find_row
from pos.services.product_views import product_view
from pos.store import search, shelves, wares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from pos.domain.stock import StockState
    from pos.services.desk import Desk
    from pos.services.views import ProductView
    from pos.store.types import AnyRow

Tab = Literal["all", "low", "out", "archived"]
Sort = Literal["low_first", "name", "sku"]
DAY_MS = 24 * 60 * 60 * 1000
_FOUND = 100
_QUERY_CHARS = 300


class ShelfFilter(msgspec.Struct, frozen=True):
    """Which products: of a tab, of a category (an empty text: of none), answering a text. A text's best hit is
    first, whatever the sort.
    """

    tab: Tab = "all"
    category: str | None = None
    text: str = ""
    sort: Sort = "sku"


class ShelfRow(msgspec.Struct, frozen=True):
    """A product as the stock list shows it. `share_permille` is what is free in thousandths of the minimum, None
    where no minimum is set.
    """

    id: bytes
    product: ProductView
    state: StockState
    share_permille: int | None
    archived: bool


class ShelfSummary(msgspec.Struct, frozen=True):
    """The whole shelf in figures: products of each tab and category (those without one under an empty name), and
    what is there. What is below zero is not there and cost nothing; `by_unit` is in thousandths.
    """

    all: int
    low: int
    out: int
    marked: int  # with a minimum of their own
    archived: int
    categories: dict[str, int]
    by_unit: dict[str, int]
    cost_paisa: int  # of goods whose buying price is known
    variants: int
    skus: int

    @property
    def pieces_milli(self) -> int:
        """What is counted in pieces."""
        return self.by_unit.get("pcs", 0)


class CellView(msgspec.Struct, frozen=True):
    """One size of one colour. It is low at its even share of the product's minimum."""

    sku: str
    on_hand_milli: int
    reserved_milli: int
    state: StockState

    @property
    def free_milli(self) -> int:
        """What may be promised."""
        return self.on_hand_milli - self.reserved_milli


class MatrixRow(msgspec.Struct, frozen=True):
    """One colour; a cell is None where that size is not made."""

    colour: str
    cells: tuple[CellView | None, ...]
    on_hand_milli: int


class MatrixView(msgspec.Struct, frozen=True):
    """Stock of a product's variants by colour (down) and size (across), with the sums of both."""

    sizes: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    size_on_hand_milli: tuple[int, ...]
    on_hand_milli: int


class MovementView(msgspec.Struct, frozen=True):
    """One movement of stock, and what was on hand after it. `reversal` undoes a sale: the order was cancelled."""

    id: bytes
    kind: str
    reversal: bool
    qty_milli: int
    balance_milli: int
    order: str | None
    note: str
    operator: str
    at_ms: int
    sku: str
    size: str
    colour: str


class Shelf:
    """The vendor's stock, for looking through."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ids(self, wanted: ShelfFilter, *, limit: int | None = None) -> list[bytes]:
        """The products of a filter, as stored ids, all unless limited; never raises for what was typed.

        With a text at most a hundred come, as a search finds them.
        """
        now = self._desk.clock.now_ms()
        text = wanted.text[:_QUERY_CHARS].encode(errors="ignore").decode().replace("\0", " ").strip()
        with self._desk.store.read() as connection:
            if not text or wanted.tab == "archived":
                return shelves.product_ids(
                    connection,
                    now,
                    tab=wanted.tab,
                    category=wanted.category,
                    sort=wanted.sort,
                    named=nfc(text).lower() or None,
                    limit=limit,
                )
            hits = [hit.product_id for hit in search.search(connection, text, limit=_FOUND)]
            found = self._read(connection, hits)
        return [
            row.id
            for row in found
            if wanted.tab in ("all", row.state) and wanted.category in (None, row.product.category)
        ][:limit]

    def rows(self, ids: Sequence[bytes]) -> list[ShelfRow]:
        """These products in this order; an id that is not there is left out."""
        with self._desk.store.read() as connection:
            return self._read(connection, [uuid.UUID(bytes=one) for one in ids])

    def _read(self, connection: Connection, ids: Sequence[uuid.UUID]) -> list[ShelfRow]:
        found = wares.products_by_id(connection, ids)
        variants = wares.variants_of(connection, ids, self._desk.clock.now_ms())
        return [_row(found[one], variants.get(one, [])) for one in ids if one in found]

    def summary(self) -> ShelfSummary:
        """The whole shelf in figures. It looks at every product: with tens of thousands, ask in the background."""
        with self._desk.store.read() as connection:
            rows = shelves.figures(connection, self._desk.clock.now_ms())
            archived = shelves.archived_count(connection)
        categories: Counter[str] = Counter()
        by_unit: Counter[str] = Counter()
        for row in rows:
            categories[row.category] += row.products
            by_unit[row.unit] += row.there_milli
        return ShelfSummary(
            all=sum(row.products for row in rows),
            low=sum(row.low for row in rows),
            out=sum(row.out for row in rows),
            marked=sum(row.marked for row in rows),
            archived=archived,
            categories=dict(categories),
            by_unit=dict(by_unit),
            cost_paisa=sum(row.cost_paisa for row in rows),
            variants=sum(row.variants for row in rows),
            skus=sum(row.skus for row in rows),
        )

    def matrix(self, code: str) -> MatrixView | None:
        """Stock by colour and size; None where the product has no variants.

        Raises:
            UserError: ``sku_unknown``.
        """
        with self._desk.store.read() as connection:
            row = find_row(connection, code)
            if row is None:
                raise UserError("sku_unknown", sku=code)
            found = wares.variants_of(connection, [row.id], self._desk.clock.now_ms()).get(row.id, [])
        variants = [v for v in found if not v.plain]
        return _matrix(row, variants) if variants else None

    def history(
        self, code: str, *, limit: int = 50, before: MovementView | None = None
    ) -> list[MovementView]:
        """How a product moved, or one variant where its own code is given; newest first.

        Args:
            code: a SKU or barcode.
            limit: the most movements.
            before: the last one of the page before; the next page follows it.

        Raises:
            UserError: ``sku_unknown``.
        """
        with self._desk.store.read() as connection:
            variants = self._variants(connection, code)
            by_id = {v.id: v for v in variants}
            moves = shelves.moves_before(
                connection, list(by_id), before.id if before is not None else None, limit
            )
        balance = (
            sum(v.on_hand_milli for v in variants)
            if before is None
            else before.balance_milli - before.qty_milli
        )
        views = []
        for move in moves:
            variant = by_id[move.variant_id]
            views.append(
                MovementView(
                    id=move.id.bytes,
                    kind=move.kind,
                    reversal=move.reversal,
                    qty_milli=move.qty_milli,
                    balance_milli=balance,
                    order=move.number,
                    note=move.note,
                    operator=move.operator,
                    at_ms=move.at_ms,
                    sku=variant.sku,
                    size=variant.size,
                    colour=variant.colour,
                )
            )
            balance -= move.qty_milli
        return views

    def sold(self, code: str, *, days: int = 7) -> int:
        """How much of a product, or of one variant, was sold in the last days, in thousandths of its unit.

        Raises:
            UserError: ``sku_unknown``.
        """
        since = self._desk.clock.now_ms() - days * DAY_MS
        with self._desk.store.read() as connection:
            variants = self._variants(connection, code)
            return shelves.sold_since(connection, [v.id for v in variants], since)

    def unsent(self, code: str) -> dict[str, int]:
        """By SKU, how much of a product was sold and still lies on the shelf, in thousandths of its unit: who
        counts finds it beside what is on hand (contracts.md §1). It looks at every sale of the product.

        Raises:
            UserError: ``sku_unknown``.
        """
        with self._desk.store.read() as connection:
            return {v.sku: shelves.unsent(connection, v.id) for v in self._variants(connection, code)}

    def _variants(self, connection: Connection, code: str) -> list[AnyRow]:
        """What is meant by a code: all that is sold of the product, or the one variant that has it."""
        row = find_row(connection, code)
        if row is None:
            raise UserError("sku_unknown", sku=code)
        found = wares.variants_of(connection, [row.id], self._desk.clock.now_ms()).get(row.id, [])
        typed = fold_digits(clean(code, field="sku")).upper()
        if typed == row.sku.upper():
            return found
        return [v for v in found if typed in (v.sku.upper(), (v.barcode or "").upper())] or found


def _row(row: AnyRow, variants: Sequence[AnyRow]) -> ShelfRow:
    view = product_view(row, variants)
    return ShelfRow(
        id=row.id.bytes,
        product=view,
        state=stock_state(view.free_milli, view.minimum_milli),
        share_permille=view.free_milli * 1000 // view.minimum_milli if view.minimum_milli else None,
        archived=row.archived,
    )


def _matrix(row: AnyRow, variants: Sequence[AnyRow]) -> MatrixView:
    sizes = tuple(dict.fromkeys(v.size for v in variants))
    share = share_of_minimum(row.minimum_milli, len(variants), fractions=row.fractions)
    # Two variants of one size and colour stand in two rows of that colour: none is hidden by the other.
    places: dict[tuple[str, int], dict[str, CellView]] = {}
    for v in variants:
        again = 0
        while v.size in places.setdefault((v.colour, again), {}):
            again += 1
        state = stock_state(v.on_hand_milli - v.reserved_milli, share)
        places[v.colour, again][v.size] = CellView(v.sku, v.on_hand_milli, v.reserved_milli, state)
    rows = tuple(
        MatrixRow(
            colour,
            tuple(cells.get(size) for size in sizes),
            sum(cell.on_hand_milli for cell in cells.values()),
        )
        for (colour, _), cells in places.items()
    )
    return MatrixView(
        sizes=sizes,
        rows=rows,
        size_on_hand_milli=tuple(sum(v.on_hand_milli for v in variants if v.size == size) for size in sizes),
        on_hand_milli=sum(v.on_hand_milli for v in variants),
    )
