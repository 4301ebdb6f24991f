"""From what was asked for to priced lines: which SKU is meant, how much of it, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.domain.money import parse_charge, parse_money
from pos.domain.pricing import NO_CHARGE, LineAmount, LineInput, Rounding, Totals, price_line, total_up
from pos.domain.quantity import parse_quantity
from pos.domain.stock import Level, is_oversold
from pos.domain.text import clean, fold_digits
from pos.errors import UserError
from pos.services.catalogue import find_row
from pos.services.order_request import ItemRequest, OrderRequest, Typed, typed
from pos.services.stock import stock_view, variant_required
from pos.services.views import LineView
from pos.store import goods

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from pos.domain.money import Charge
    from pos.store.types import AnyRow

    Told = Callable[[int, UserError], None]


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines with their amounts, and the order's sums.

    Attributes:
        lines: what is sold.
        numbers: which item of the request each line is; the first is 1.
        variants: which SKU each line takes from.
        free_milli: what there was to sell of it before the line.
        totals: the sums.
    """

    lines: tuple[LineView, ...]
    numbers: tuple[int, ...]
    variants: tuple[uuid.UUID, ...]
    free_milli: tuple[int, ...]
    totals: Totals

    def sold(self) -> Iterator[tuple[LineView, uuid.UUID]]:
        """Each line with the variant it takes from."""
        return zip(self.lines, self.variants, strict=True)


def raised(number: int, error: UserError) -> None:
    """What is wrong stops the order; a `number` above 0 is its line's."""
    raise (error.at_line(number) if number else error) from None


def fill_basket(
    connection: Connection, request: OrderRequest, rounding: Rounding, now_ms: int, told: Told = raised
) -> Basket:
    """Resolve and price the items of a request.

    Args:
        connection: a transaction.
        request: what is asked for.
        rounding: the shop's rule.
        now_ms: the instant that reservations are held against.
        told: what to do about an error of an item (its number) or of the order (0). If it returns, the item,
            discount or charge is left out.

    Raises:
        UserError: by `raised`: ``order_empty``, ``item_code_missing``, ``sku_unknown``, ``variant_required`` with
            the choices, and what amounts and quantities raise.
    """
    if not request.items:
        told(0, UserError("order_empty"))
    rows = _resolve(connection, request.items, now_ms, told)
    found: list[tuple[int, AnyRow, LineInput, LineAmount]] = []
    for number, (item, row) in enumerate(zip(request.items, rows, strict=True), 1):
        if row is not None:
            try:
                entry = _input(item, row)
                found.append((number, row, entry, price_line(entry)))
            except UserError as error:
                told(number, error)
    totals = _totals(request, tuple(amount for _, _, _, amount in found), rounding, told)
    lines, free = _lines(found)
    return Basket(
        lines,
        tuple(number for number, _, _, _ in found),
        tuple(row.id for _, row, _, _ in found),
        free,
        totals,
    )


def _totals(request: OrderRequest, amounts: tuple[LineAmount, ...], rounding: Rounding, told: Told) -> Totals:
    charges = [
        _charge_or(request.discount, "discount", told),
        _charge_or(request.delivery, "delivery", told),
    ]
    if not amounts:
        return total_up((), NO_CHARGE, NO_CHARGE, rounding)
    try:
        return total_up(amounts, charges[0], charges[1], rounding)
    except UserError as error:
        told(0, error)
    try:
        return total_up(amounts, NO_CHARGE, charges[1], rounding)
    except UserError:  # no sum can be said, with or without the discount
        return total_up((), NO_CHARGE, NO_CHARGE, rounding)


def _charge_or(value: Typed | None, field: str, told: Told) -> Charge:
    try:
        return _charge(value, field)
    except UserError as error:
        told(0, error)
    return NO_CHARGE


def _charge(value: Typed | None, field: str) -> Charge:
    return NO_CHARGE if value is None else parse_charge(str(typed(value)), field=field)


def _input(item: ItemRequest, row: AnyRow) -> LineInput:
    price = row.price_paisa if item.price is None else parse_money(typed(item.price), field="price")
    qty = parse_quantity(typed(item.qty), fractions=row.fractions, field="qty")
    return LineInput(qty, price, _charge(item.discount, "discount"))


def _resolve(
    connection: Connection, items: Sequence[ItemRequest], now_ms: int, told: Told
) -> list[AnyRow | None]:
    """The sold SKU of each item: two look-ups for all of them, a third only for what was not typed exactly."""
    skus = [item.sku for item in items if item.sku is not None]
    barcodes = [fold_digits(item.barcode).strip() for item in items if item.sku is None and item.barcode]
    by_sku = goods.sellable_by_sku(connection, skus, now_ms) if skus else {}
    by_barcode = goods.sellable_by_barcode(connection, barcodes, now_ms) if barcodes else {}
    rows: list[AnyRow | None] = []
    for number, item in enumerate(items, 1):
        code = item.sku if item.sku is not None else fold_digits(item.barcode or "").strip()
        row = (by_barcode if item.sku is None else by_sku).get(code)
        try:
            rows.append(row if row is not None else _search_harder(connection, code, now_ms))
        except UserError as error:
            told(number, error)
            rows.append(None)
    return rows


def _search_harder(connection: Connection, code: str, now_ms: int) -> AnyRow:
    """Another spelling of the code, or a parent whose variant has to be named."""
    if not code:
        raise UserError("item_code_missing")
    product = find_row(connection, code)
    if product is None or product.archived:
        raise UserError("sku_unknown", sku=clean(code, field="sku"))
    rows = goods.stock_rows(connection, now_ms, product_id=product.id)
    typed_code = fold_digits(clean(code, field="sku")).upper()
    for row in rows:
        if typed_code in (row.sku.upper(), (row.barcode or "").upper()):
            return row
    if len(rows) == 1:
        return rows[0]
    raise variant_required(code, [stock_view(row) for row in rows])


def _lines(
    found: Sequence[tuple[int, AnyRow, LineInput, LineAmount]],
) -> tuple[tuple[LineView, ...], tuple[int, ...]]:
    """The lines, and what was free before each."""
    taken: dict[uuid.UUID, int] = {}
    lines, free = [], []
    for _, row, entry, amount in found:
        before = taken.get(row.id, 0)
        level = Level(row.on_hand_milli - before, row.reserved_milli)
        free.append(level.free_milli)
        taken[row.id] = before + entry.qty_milli
        lines.append(
            LineView(
                sku=row.sku,
                product_sku=row.product_sku,
                name_bn=row.name_bn,
                name_en=row.name_en,
                size=row.size,
                colour=row.colour,
                unit=row.unit,
                qty_milli=entry.qty_milli,
                price_paisa=entry.price_paisa,
                discount_paisa=amount.discount_paisa,
                amount_paisa=amount.amount_paisa,
                oversold=is_oversold(level, entry.qty_milli),
            )
        )
    return tuple(lines), tuple(free)
