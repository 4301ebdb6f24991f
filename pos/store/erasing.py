"""A buyer who asks to be forgotten leaves every row and every personal part, whichever device hears of it first.

Erased are the buyer's own operations, those of the orders that the erasure names, and those of every other order
of that buyer: one that another laptop took before it knew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, delete, select, update

from pos.protocol.changes import BUYER
from pos.store import drafts
from pos.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pos.store.oplog import Known

_CHUNK = 400
_BLANK = {**BUYER, "note": ""}
_LOGS = (t.op, t.foreign_op)
# The list of kinds is that of the indexes.
_ERASURES = " UNION ALL ".join(
    f"SELECT agg_id, body FROM {log} WHERE kind IN {t.RECORD_KINDS!r} AND kind = 'customer.erased'"
    for log in _LOGS
)


class _Confirmed(msgspec.Struct):
    customer: str | None = None


class _Listed(msgspec.Struct):
    orders: list[str]


_confirmed = msgspec.json.Decoder(_Confirmed)
_listed = msgspec.json.Decoder(_Listed)


@dataclass(frozen=True, slots=True)
class Erased:
    """Who is erased, and which orders are known to be theirs."""

    customers: frozenset[bytes]
    orders: frozenset[bytes]

    def covers(self, known: Known) -> bool:
        """Whether this operation's personal part is to be blank."""
        return known.agg_id in self.customers or known.agg_id in self.orders

    def with_orders_among(self, operations: Iterable[Known]) -> Erased:
        """The same with those orders of theirs that come among these operations."""
        more = {o.agg_id for o in operations if o.kind == "order.confirmed" and self._bought(o)}
        return Erased(self.customers, self.orders | more)

    def _bought(self, order: Known) -> bool:
        customer = _confirmed.decode(order.body).customer
        return customer is not None and bytes.fromhex(customer) in self.customers


def erased(connection: Connection) -> Erased:
    """Everybody who is erased, by every operation that is known."""
    customers: set[bytes] = set()
    orders: set[bytes] = set()
    for agg_id, body in connection.exec_driver_sql(_ERASURES):
        customers.add(agg_id)
        orders.update(orders_named(body.encode()))
    for one in customers:
        orders.update(_orders_of(connection, one))
    return Erased(frozenset(customers), frozenset(orders))


def orders_named(body: bytes) -> list[bytes]:
    """The orders that an erasure names."""
    return [bytes.fromhex(one) for one in _listed.decode(body).orders]


def scrub(connection: Connection, customer: bytes, listed: Iterable[bytes]) -> None:
    """Blank what is written of a buyer on orders, in events, in both logs and in carts.

    The record itself is left to the caller, after this: its phones tell in which carts the buyer stands.
    """
    _drop_carts(connection, customer)
    orders = list({*listed, *_orders_of(connection, customer)})
    b, e = t.order_buyer.c, t.order_event.c
    for start in range(0, len(orders), _CHUNK):
        some = orders[start : start + _CHUNK]
        connection.execute(update(t.order_buyer).where(b.order_id.in_(some)).values(**_BLANK))
        connection.execute(update(t.order_event).where(e.order_id.in_(some), e.why != "").values(why=""))
        # An event bears the identity of its operation; the log has no index by aggregate, which a sale would pay.
        blank(connection, list(connection.execute(select(e.id).where(e.order_id.in_(some))).scalars()))
    blank(connection, _of_record(connection, customer))
    c = t.conflict.c
    connection.execute(delete(t.conflict).where(c.agg == "customer", c.agg_id == customer))


def among_erased(connection: Connection, orders: Sequence[bytes]) -> set[bytes]:
    """Those of these orders whose buyer is erased: whatever is written on them from now on names nobody."""
    o, c = t.orders.c, t.customer.c
    joined = t.orders.join(t.customer, c.id == o.customer_id)
    there = select(o.id).select_from(joined).where(o.id.in_(orders), c.erased_at_ms.is_not(None))
    return {one.bytes for one in connection.execute(there).scalars()}


def blank(connection: Connection, operations: Sequence[object]) -> None:
    """Take the personal parts of these operations out of both logs."""
    for start in range(0, len(operations), _CHUNK):
        some = operations[start : start + _CHUNK]
        for log in _LOGS:
            there = (log.c.op_id.in_(some), log.c.personal.is_not(None))
            connection.execute(update(log).where(*there).values(personal=None))


def _orders_of(connection: Connection, customer: bytes) -> list[bytes]:
    o = t.orders.c
    return [one.bytes for one in connection.execute(select(o.id).where(o.customer_id == customer)).scalars()]


def _of_record(connection: Connection, customer: bytes) -> list[object]:
    """The operations that made and changed a buyer's record; the first stands in it, under the star."""
    found: list[object] = []
    fv = connection.execute(select(t.customer.c.fv).where(t.customer.c.id == customer)).scalar()
    if fv is not None:
        found.append(bytes.fromhex(json.loads(fv)["*"]))
    for log in _LOGS:
        statement = select(log.c.op_id).where(log.c.kind.in_(t.RECORD_KINDS), log.c.agg_id == customer)
        found += connection.execute(statement).scalars()
    return found


def _drop_carts(connection: Connection, customer: bytes) -> None:
    """Drop the carts in which the buyer's number is written; what one promised ends by itself."""
    c = t.customer.c
    row = connection.execute(select(c.phone, c.phone2).where(c.id == customer)).first()
    phones = [phone for phone in row if phone] if row is not None else []
    if phones:
        for cart in drafts.naming(connection, phones):
            drafts.remove(connection, cart.id)
