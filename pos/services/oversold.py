"""Goods of which more was sold than there is, and the orders that are to wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pos.store import shortfalls

if TYPE_CHECKING:
    import uuid

    from pos.services.desk import Desk


class Short(msgspec.Struct, frozen=True):
    """A variant below zero.

    `short_milli` is how much is missing; `orders` are the numbers of the latest orders that took it, as many as
    it takes to cover that.
    """

    variant_id: uuid.UUID
    sku: str
    product_sku: str
    name_bn: str
    name_en: str
    kind: str
    unit: str
    short_milli: int
    orders: tuple[str, ...]


def oversold(desk: Desk) -> list[Short]:
    """Everything below zero, the most missing first; it is asked of two tables by their indexes and one scan."""
    with desk.store.read() as connection:
        rows = shortfalls.below_zero(connection)
        return [
            Short(
                row.id,
                row.sku,
                row.product_sku,
                row.name_bn,
                row.name_en,
                " · ".join(word for word in (row.colour, row.size) if word),
                row.unit,
                -row.on_hand_milli,
                tuple(shortfalls.latest_orders(connection, row.id, -row.on_hand_milli)),
            )
            for row in rows
        ]
