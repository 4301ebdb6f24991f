"""From what was asked for to priced lines: which SKU is meant, how much of it, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pos.domain.money import parse_charge, parse_money
from pos.domain.pricing import NO_CHARGE, LineInput, Rounding, Totals, price_order
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
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pos.store.types import AnyRow


@dataclass(frozen=True, slots=True)
class Basket:
    """Lines with their amounts, and the order's sums."""

    lines: tuple[LineView, ...]
    variants: tuple[uuid.UUID, ...]
    totals: Totals

    def sold(self) -> Iterator[tuple[LineView, uuid.UUID]]:
        """Each line with the variant it takes from."""
        return zip(self.lines, self.variants, strict=True)


def fill_basket(connection: Connection, request: OrderRequest, rounding: Rounding, now_ms: int) -> Basket:
    """Resolve and price the items of a request.

    Raises:
        UserError: ``order_empty``, ``item_code_missing``, ``sku_unknown``, ``variant_required`` with the choices,
            and what amounts and quantities raise.
    """
    rows = _resolve(connection, request.items, now_ms)
    inputs = [
        _input(number, item, row)
        for number, (item, row) in enumerate(zip(request.items, rows, strict=True), 1)
    ]
    totals = price_order(
        inputs,
        _charge(request.discount, "discount"),
        _charge(request.delivery, "delivery"),
        rounding,
    )
    return Basket(_lines(inputs, rows, totals), tuple(row.id for row in rows), totals)


def _charge(value: Typed | None, field: str) -> Any:
    return NO_CHARGE if value is None else parse_charge(str(typed(value)), field=field)


def _input(number: int, item: ItemRequest, row: AnyRow) -> LineInput:
    try:
        price = row.price_paisa if item.price is None else parse_money(typed(item.price), field="price")
        qty = parse_quantity(typed(item.qty), fractions=row.fractions, field="qty")
        return LineInput(qty, price, _charge(item.discount, "discount"))
    except UserError as error:
        raise error.at_line(number) from None


def _resolve(connection: Connection, items: Sequence[ItemRequest], now_ms: int) -> list[AnyRow]:
    """The sold SKU of each item: two look-ups for all of them, a third only for what was not typed exactly."""
    if not items:
        raise UserError("order_empty")
    skus = [item.sku for item in items if item.sku is not None]
    barcodes = [fold_digits(item.barcode).strip() for item in items if item.sku is None and item.barcode]
    by_sku = goods.sellable_by_sku(connection, skus, now_ms) if skus else {}
    by_barcode = goods.sellable_by_barcode(connection, barcodes, now_ms) if barcodes else {}
    rows = []
    for number, item in enumerate(items, 1):
        code = item.sku if item.sku is not None else fold_digits(item.barcode or "").strip()
        row = (by_barcode if item.sku is None else by_sku).get(code)
        try:
            rows.append(row if row is not None else _search_harder(connection, code, now_ms))
        except UserError as error:
            raise error.at_line(number) from None
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


def _lines(inputs: Sequence[LineInput], rows: Sequence[AnyRow], totals: Totals) -> tuple[LineView, ...]:
    taken: dict[uuid.UUID, int] = {}
    lines = []
    for entry, row, amount in zip(inputs, rows, totals.lines, strict=True):
        before = taken.get(row.id, 0)
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
                oversold=is_oversold(Level(row.on_hand_milli - before, row.reserved_milli), entry.qty_milli),
            )
        )
    return tuple(lines)
