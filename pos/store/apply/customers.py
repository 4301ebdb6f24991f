"""Buyers, until they ask to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, update

from pos.store import erasing
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


def customer_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    return [r.agg_id for r in run if edit_fields(connection, t.customer, r, r.personal or {})]


def customer_erased(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """Blank a buyer everywhere: the record, the orders, the words of their events, the personal parts."""
    for r in run:
        erasing.scrub(connection, r.agg_id, [identity(o) for o in r.body["orders"]])
        connection.execute(
            update(t.customer)
            .where(t.customer.c.id == r.agg_id, t.customer.c.erased_at_ms.is_(None))
            .values({name: BLANK[name] for name in _CUSTOMER} | {"erased_at_ms": r.at_ms})
        )
