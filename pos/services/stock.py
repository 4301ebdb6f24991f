"""Stock: what is there, and movements entered by hand."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pos.domain.quantity import QTY_LIMIT_MILLI, parse_counted, parse_quantity, parse_signed_quantity
from pos.domain.stock import movement_milli
from pos.domain.text import clean
from pos.errors import UserError
from pos.services.catalogue import find_row, move_act, move_acts
from pos.services.views import MoveView, StockView
from pos.store import goods
from pos.store.oplog import Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.store.store import WriteUnit
    from pos.store.types import AnyRow


class Stock:
    """The stock ledger, seen and fed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def items(self, code: str | None = None) -> list[StockView]:
        """Stock of every sold SKU, or of one; a parent lists its variants.

        Raises:
            UserError: ``sku_unknown``.
        """
        with self._desk.store.read() as connection:
            return self._items(connection, code, self._desk.clock.now_ms())

    def move(self, code: str, qty: str, kind: str, note: str = "") -> tuple[StockView, MoveView]:
        """Enter a movement; only an adjustment may carry a minus.

        Args:
            code: a sold SKU or barcode; a parent with variants is refused with the choices.
            qty: as typed, in the product's unit.
            kind: purchase, damage, adjustment or return.
            note: up to 200 characters.

        Raises:
            UserError: ``sku_unknown``, ``variant_required``, ``stock_kind_unknown``, ``quantity_…``.
        """
        note = clean(note, field="note")
        with self._desk.store.write() as unit:
            item, row = _one_sold(unit.connection, code, unit.at_ms)
            read = parse_signed_quantity if kind == "adjustment" else parse_quantity
            milli = movement_milli(kind, read(qty, fractions=row.fractions, field="qty"))
            act = move_act(self._desk, [(row.id.hex, kind, milli, note)])
            unit.record(act)
            entry = act.body["moves"][0]
            after = self._items(unit.connection, item.sku, unit.at_ms)[0]
        return after, MoveView(uuid.UUID(hex=entry["id"]), kind, milli, note, unit.at_ms)

    def count(self, code: str, counted: str, note: str = "") -> tuple[StockView, MoveView | None]:
        """Set what is on hand to what was counted: the difference is one movement, none where it agrees.

        Args:
            code: a sold SKU or barcode; a parent with variants is refused with the choices.
            counted: as typed, in the product's unit; zero is an answer.
            note: up to 200 characters.

        Raises:
            UserError: ``sku_unknown``, ``variant_required``, ``quantity_…``.
        """
        note = clean(note, field="note")
        with self._desk.store.write() as unit:
            item, row = _one_sold(unit.connection, code, unit.at_ms)
            there = parse_counted(counted, fractions=row.fractions, field="qty")
            off = there - item.on_hand_milli
            if off == 0:
                return item, None
            if abs(off) > QTY_LIMIT_MILLI:
                raise UserError("quantity_too_big", field="qty")
            act = move_act(self._desk, [(row.id.hex, "count", off, note)])
            unit.record(act)
            after = self._items(unit.connection, item.sku, unit.at_ms)[0]
            made = uuid.UUID(hex=act.body["moves"][0]["id"])
            return after, MoveView(made, "count", off, note, unit.at_ms)

    def receive(self, arrived: Sequence[tuple[str, str]], note: str = "") -> list[StockView]:
        """Goods in: several kinds at once, all of them or none.

        Args:
            arrived: code and quantity as typed, of each; a code may come twice.
            note: supplier or slip, up to 200 characters; it stands with each movement.

        Returns:
            Stock of each afterwards, in the order of `arrived`.

        Raises:
            UserError: ``goods_in_empty``, and with the number of its line ``sku_unknown``,
                ``variant_required``, ``quantity_…``.
        """
        note = clean(note, field="note")
        if not arrived:
            raise UserError("goods_in_empty")
        with self._desk.store.write() as unit:
            moves, skus = [], []
            for line, (code, qty) in enumerate(arrived, 1):
                try:
                    item, row = _one_sold(unit.connection, code, unit.at_ms)
                    milli = parse_quantity(qty, fractions=row.fractions, field="qty")
                except UserError as error:
                    raise error.at_line(line) from None
                moves.append((row.id.hex, "purchase", milli, note))
                skus.append(item.sku)
            unit.record_all(move_acts(self._desk, moves))
            return [self._items(unit.connection, sku, unit.at_ms)[0] for sku in skus]

    def reserve(self, code: str, qty: str, *, until_ms: int) -> uuid.UUID:
        """Hold goods for a cart, a reviewed draft or a pre-order: `free` is less by them, on hand is not.

        Args:
            code: a sold SKU or barcode.
            qty: as typed, in the product's unit.
            until_ms: when the promise ends by itself, UTC milliseconds.

        Returns:
            The reservation, to be released by.

        Raises:
            UserError: ``sku_unknown``, ``variant_required``, ``quantity_…``, ``reservation_over`` if it would
                end before it begins.
        """
        with self._desk.store.write() as unit:
            return reserve(self._desk, unit, [(code, qty)], until_ms)[0]

    def release(self, reservation: uuid.UUID) -> None:
        """Give held goods free again; a reservation that has run out or was released may be named once more."""
        with self._desk.store.write() as unit:
            release(self._desk, unit, [reservation])

    def _items(self, connection: Connection, code: str | None, now_ms: int) -> list[StockView]:
        if code is None:
            return [stock_view(row) for row in goods.stock_rows(connection, now_ms)]
        return items_of(connection, code, now_ms)


def reserve(
    desk: Desk, unit: WriteUnit, goods_wanted: Sequence[tuple[str, str]], until_ms: int
) -> list[uuid.UUID]:
    """Record what a cart or a pre-order promises, inside the caller's transaction.

    Args:
        desk: who acts.
        unit: the transaction.
        goods_wanted: code and quantity as typed, of each.
        until_ms: when the promises end by themselves, UTC milliseconds.

    Raises:
        UserError: as `Stock.reserve`; of several, with the number of the one that is meant.
    """
    if until_ms <= unit.at_ms:
        raise UserError("reservation_over")
    acts = []
    for number, (code, qty) in enumerate(goods_wanted, 1):
        try:
            acts.append(_reserve_act(desk, unit, code, qty, until_ms))
        except UserError as error:
            raise (error.at_line(number) if len(goods_wanted) > 1 else error) from None
    unit.record_all(acts)
    return [uuid.UUID(bytes=act.agg_id) for act in acts]


def _reserve_act(desk: Desk, unit: WriteUnit, code: str, qty: str, until_ms: int) -> Act:
    _, row = _one_sold(unit.connection, code, unit.at_ms)
    milli = parse_quantity(qty, fractions=row.fractions, field="qty")
    body = {"by": desk.by, "variant": row.id.hex, "qty": milli, "expires_at": until_ms}
    return Act("reservation.made", "reservation", desk.new_id(unit.at_ms).bytes, body)


def release(desk: Desk, unit: WriteUnit, reservations: Sequence[uuid.UUID]) -> None:
    """Record that promised goods are free again, inside the caller's transaction; what is free already may be named."""
    held = [one for one in reservations if goods.is_held(unit.connection, one)]
    unit.record_all([Act("reservation.released", "reservation", one.bytes, {"by": desk.by}) for one in held])


def _one_sold(connection: Connection, code: str, now_ms: int) -> tuple[StockView, AnyRow]:
    """The one sold SKU that a code means, and its row."""
    items = items_of(connection, code, now_ms)
    if len(items) > 1:
        raise variant_required(code, items)
    return items[0], goods.sellable_by_sku(connection, [items[0].sku], now_ms)[items[0].sku]


def items_of(connection: Connection, code: str, now_ms: int) -> list[StockView]:
    """Stock of what a code means: one sold SKU, or all of a parent's.

    Raises:
        UserError: ``sku_unknown``.
    """
    product = find_row(connection, code)
    if product is None or product.archived:
        raise UserError("sku_unknown", sku=code)
    rows = [stock_view(row) for row in goods.stock_rows(connection, now_ms, product_id=product.id)]
    typed = clean(code, field="sku").upper()
    exact = [item for item in rows if item.sku.upper() == typed]
    if exact:
        return exact
    barcode = goods.sellable_by_barcode(connection, [clean(code, field="sku")], now_ms)
    return [item for item in rows if item.sku in {r.sku for r in barcode.values()}] or rows


def variant_required(code: str, items: list[StockView]) -> UserError:
    """Which variant is meant? With the choices."""
    choices = [{"sku": i.sku, "size": i.size, "colour": i.colour, "free_milli": i.free_milli} for i in items]
    return UserError("variant_required", sku=code, choices=choices)


def stock_view(row: AnyRow) -> StockView:
    """Stock of one sold SKU, from its row."""
    return StockView(
        sku=row.sku,
        product_sku=row.product_sku,
        name_bn=row.name_bn,
        size=row.size,
        colour=row.colour,
        unit=row.unit,
        on_hand_milli=row.on_hand_milli,
        reserved_milli=row.reserved_milli,
        minimum_milli=row.minimum_milli,
    )
