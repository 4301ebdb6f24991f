"""Stock: what is there, and movements entered by hand."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pos.domain.quantity import parse_quantity, parse_signed_quantity
from pos.domain.stock import movement_milli
from pos.domain.text import clean
from pos.errors import UserError
from pos.services.catalogue import find_row, move_act
from pos.services.views import MoveView, StockView
from pos.store import goods
from pos.store.oplog import Act

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.services.desk import Desk
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
            items = self._items(unit.connection, code, unit.at_ms)
            if len(items) > 1:
                raise variant_required(code, items)
            item = items[0]
            row = goods.sellable_by_sku(unit.connection, [item.sku], unit.at_ms)[item.sku]
            read = parse_signed_quantity if kind == "adjustment" else parse_quantity
            milli = movement_milli(kind, read(qty, fractions=row.fractions, field="qty"))
            act = move_act(self._desk, [(row.id.hex, kind, milli, note)])
            unit.record(act)
            entry = act.body["moves"][0]
            after = self._items(unit.connection, item.sku, unit.at_ms)[0]
        return after, MoveView(uuid.UUID(hex=entry["id"]), kind, milli, note, unit.at_ms)

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
            if until_ms <= unit.at_ms:
                raise UserError("reservation_over")
            items = self._items(unit.connection, code, unit.at_ms)
            if len(items) > 1:
                raise variant_required(code, items)
            row = goods.sellable_by_sku(unit.connection, [items[0].sku], unit.at_ms)[items[0].sku]
            milli = parse_quantity(qty, fractions=row.fractions, field="qty")
            reservation = self._desk.new_id()
            body = {"by": self._desk.by, "variant": row.id.hex, "qty": milli, "expires_at": until_ms}
            unit.record(Act("reservation.made", "reservation", reservation.bytes, body))
        return reservation

    def release(self, reservation: uuid.UUID) -> None:
        """Give held goods free again; a reservation that has run out or was released may be named once more."""
        with self._desk.store.write() as unit:
            if goods.is_held(unit.connection, reservation):
                body = {"by": self._desk.by}
                unit.record(Act("reservation.released", "reservation", reservation.bytes, body))

    def _items(self, connection: Connection, code: str | None, now_ms: int) -> list[StockView]:
        if code is None:
            return [stock_view(row) for row in goods.stock_rows(connection, now_ms)]
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
