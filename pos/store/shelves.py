"""Reading stock for a list: products by state and category, sums, and the movements of one product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from pos.store.types import AnyRow

_CHUNK = 500
_LAST = b"\xff" * 16
# A hundred thousand crore taka: only a slip of the hand is dearer, and a sum of such would leave 64 bits.
_DEAREST_PAISA = 10**14

_p, _v, _m, _r = t.product.c, t.variant.c, t.stock_move.c, t.reservation.c

_there = func.max(_v.on_hand_milli, 0)  # what is below zero is not there
_hand = (
    select(
        _v.product_id,
        func.sum(_v.on_hand_milli).label("milli"),
        func.sum(_there).label("there_milli"),
        func.count().label("skus"),
        func.count().filter(_v.plain.is_(False)).label("variants"),
    )
    .where(_v.archived.is_(False))
    .group_by(_v.product_id)
    .subquery("hand")
)
# From the few reservations to their products: joined, SQLite would begin with every variant there is.
_held_product = select(_v.product_id).where(_v.id == _r.variant_id).correlate(t.reservation).scalar_subquery()
_held = (
    select(_held_product.label("product_id"), func.sum(_r.qty_milli).label("milli"))
    .where(_r.released_at_ms.is_(None), _r.expires_at_ms > bindparam("now"))
    .group_by(_held_product)
    .subquery("held")
)
_free = _hand.c.milli - func.coalesce(_held.c.milli, 0)
_OUT = _free <= 0
_LOW = and_(_free > 0, _free <= _p.minimum_milli)
_STATES: Mapping[str, ColumnElement[bool]] = {"low": _LOW, "out": _OUT}

# Emptiest first: by how much of the minimum is left; what has no minimum comes last.
_SHARE = case((_OUT, -1), (_p.minimum_milli > 0, _free * 1000 // _p.minimum_milli), else_=2**62)
_SORTS: Mapping[str, Sequence[Any]] = {
    "sku": (_p.sku,),
    "name": (_p.name_bn, _p.sku),
    "low_first": (_SHARE, _p.name_bn, _p.sku),
}

_MOVES = Prepared(
    select(
        _m.id,
        _m.variant_id,
        _m.kind,
        _m.qty_milli,
        _m.reversal,
        _m.note,
        _m.at_ms,
        t.orders.c.number,
        t.operator.c.name.label("operator"),
    )
    .outerjoin(t.orders, t.orders.c.id == _m.order_id)
    .join(t.operator, t.operator.c.id == _m.operator_id)
    .where(_m.variant_id == bindparam("one"), _m.id < bindparam("before"))
    .order_by(_m.id.desc())
    .limit(bindparam("most"))
)
_SOLD = Prepared(
    select(func.coalesce(-func.sum(_m.qty_milli), 0)).where(
        _m.variant_id == bindparam("one"), _m.id >= bindparam("since"), _m.kind == "sale"
    )
)

# By the movements, which have an index by variant, rather than by all orders of those states.
_UNSENT = Prepared(
    select(func.coalesce(-func.sum(_m.qty_milli), 0))
    .join(t.orders, t.orders.c.id == _m.order_id)
    .where(
        _m.variant_id == bindparam("one"),
        _m.kind == "sale",
        or_(t.orders.c.status == "confirmed", t.orders.c.status == "packed"),
    )
)


def product_ids(
    connection: Connection,
    now_ms: int,
    *,
    tab: str,
    category: str | None,
    sort: str,
    named: str | None = None,
    limit: int | None = None,
) -> list[bytes]:
    """Products of a filter, as stored ids.

    Args:
        connection: for reading.
        now_ms: the instant that reservations are held against.
        tab: all, low, out or archived.
        category: only of this one; an empty text means those without one.
        sort: sku, name or low_first.
        limit: the most products.
        named: only those whose name or code holds this text, for archived ones, which are not searched.
    """
    statement: Select[Any] = select(type_coerce(_p.id, LargeBinary))
    if tab in _STATES or sort == "low_first":
        statement = _with_stock(statement)
    if tab in _STATES:
        statement = statement.where(_STATES[tab])
    statement = statement.where(_p.archived.is_(tab == "archived")).order_by(*_SORTS[sort])
    if category is not None:
        statement = statement.where(_p.category == category)
    if named is not None:
        small = [func.lower(column) for column in (_p.name_bn, _p.name_en, _p.sku)]
        statement = statement.where(or_(*(func.instr(text, named) > 0 for text in small)))
    values = {"now": now_ms} if tab in _STATES or sort == "low_first" else {}
    return list(connection.execute(statement.limit(limit), values).scalars())


def figures(connection: Connection, now_ms: int) -> Sequence[AnyRow]:
    """For each category and unit: products, how many of them low, out and with a minimum, variants and sold SKUs,
    what is there and what it cost; in one pass over the products that are not archived.
    """
    whole, part = _hand.c.there_milli // 1000, _hand.c.there_milli % 1000  # apart, to stay within 64 bits
    cost = whole * _p.cost_paisa + (part * _p.cost_paisa + 500) // 1000
    statement = select(
        _p.category,
        _p.unit,
        func.count().label("products"),
        func.count().filter(_LOW).label("low"),
        func.count().filter(_OUT).label("out"),
        func.count().filter(_p.minimum_milli > 0).label("marked"),
        func.sum(_hand.c.variants).label("variants"),
        func.sum(_hand.c.skus).label("skus"),
        func.sum(_hand.c.there_milli).label("there_milli"),
        func.coalesce(func.sum(func.min(cost, _DEAREST_PAISA)), 0).label("cost_paisa"),
    ).where(_p.archived.is_(False))
    return connection.execute(
        _with_stock(statement).group_by(_p.category, _p.unit).order_by(_p.category), {"now": now_ms}
    ).all()


def archived_count(connection: Connection) -> int:
    """How many products are archived."""
    statement = select(func.count()).select_from(t.product).where(_p.archived.is_(True))
    return int(connection.execute(statement).scalar_one())


def moves_before(
    connection: Connection, variants: Sequence[uuid.UUID], before: bytes | None, limit: int
) -> list[Any]:
    """The latest movements of some variants, newest first; ids rise with time, so they tell the order."""
    found = [
        row
        for variant in variants
        for row in _MOVES.rows(connection, one=variant.bytes, before=before or _LAST, most=limit)
    ]
    return sorted(found, key=lambda row: row.id.bytes, reverse=True)[:limit]


def sold_since(connection: Connection, variants: Sequence[uuid.UUID], since_ms: int) -> int:
    """How much of some variants was sold from an instant on, less what was cancelled again."""
    since = max(0, since_ms).to_bytes(6, "big") + bytes(10)  # ids begin with their millisecond
    return sum(int(_SOLD.scalar(connection, one=one.bytes, since=since)) for one in variants)


def unsent(connection: Connection, variant: uuid.UUID) -> int:
    """How much of a variant is sold and still lies here: its orders are taken or packed, not handed over."""
    return int(_UNSENT.scalar(connection, one=variant.bytes))


def _with_stock(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(_hand)  # every product has something that is sold: S2 of pos.store.verify
        .join(t.product, _p.id == _hand.c.product_id)
        .outerjoin(_held, _held.c.product_id == _p.id)
    )
