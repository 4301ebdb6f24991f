"""Buyers, until they ask to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, update

from pos.store import tables as t
from pos.store.apply.rows import BLANK, edit_fields, identity, insert_whole, written_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.store.oplog import Recorded


_add_customer = insert_whole(t.customer, without=("erased_at_ms",))

_CUSTOMER = ("name", "phone", "phone2", "address", "district", "thana")


def customer_added(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    _add_customer.run_all(
        connection,
        [
            {"id": r.agg_id, "created_at_ms": r.at_ms, "fv": written_by(r)}
            | {name: (r.personal or BLANK)[name] for name in _CUSTOMER}
            for r in run
        ],
    )


def customer_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    for r in run:
        where = t.customer.c.id == r.agg_id
        edit_fields(connection, t.customer, where, r, r.personal or {})


def customer_erased(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """Blank a buyer everywhere: the record, the orders, the words of their events, the personal parts."""
    for r in run:
        customer_id = r.agg_id
        orders = [identity(o) for o in r.body["orders"]]
        connection.execute(
            update(t.customer)
            .where(t.customer.c.id == customer_id)
            .values({name: BLANK[name] for name in _CUSTOMER} | {"erased_at_ms": r.at_ms})
        )
        for order_id in orders:
            connection.execute(
                update(t.order_buyer).where(t.order_buyer.c.order_id == order_id).values(**BLANK)
            )
            connection.execute(
                update(t.order_event).where(t.order_event.c.order_id == order_id).values(why="")
            )
        aggregates = [r.agg_id, *orders]
        for agg_id in aggregates:
            connection.execute(update(t.op).where(t.op.c.agg_id == agg_id).values(personal=None))
