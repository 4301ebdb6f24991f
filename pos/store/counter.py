"""Reading what the counter shows at a glance: what sells, the hat so far, where a buyer's parcels went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, func, or_, select

from pos.store import goods
from pos.store import tables as t

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from pos.store.types import AnyRow

_o, _l, _p = t.orders.c, t.order_line.c, t.product.c
# So many of the latest orders tell well enough what sells, in a time that does not grow with the years.
_SAMPLE = 250
_FIRST = 40
_PLACES = 20
_SHELF = 200  # looked at for what is in stock, in a time that does not grow with the catalogue


def most_ordered(connection: Connection, since_ms: int, before_ms: int) -> list[uuid.UUID]:
    """Products in the latest orders of a time, the one in most orders first, then the one sold last."""
    latest = (
        select(_o.id, _o.taken_at_ms)
        .where(_o.taken_at_ms >= since_ms, _o.taken_at_ms < before_ms, _o.status != "cancelled")
        .order_by(_o.taken_at_ms.desc())
        .limit(_SAMPLE)
        .subquery()
    )
    statement = _products_in(latest).order_by(
        func.count(latest.c.id.distinct()).desc(),
        func.max(latest.c.taken_at_ms).desc(),
        t.variant.c.product_id,
    )
    return list(connection.execute(statement).scalars())


def first_ordered(connection: Connection, since_ms: int) -> list[uuid.UUID]:
    """Products in the first orders since an instant, as they came."""
    first = (
        select(_o.id, _o.taken_at_ms)
        .where(_o.taken_at_ms >= since_ms, _o.status != "cancelled")
        .order_by(_o.taken_at_ms)
        .limit(_FIRST)
        .subquery()
    )
    statement = _products_in(first).order_by(func.min(first.c.taken_at_ms), t.variant.c.product_id)
    return list(connection.execute(statement).scalars())


def on_shelf(connection: Connection, sold: Sequence[uuid.UUID], limit: int) -> list[uuid.UUID]:
    """The first products of the catalogue that are in stock or among the `sold`; where none is, the first ones."""
    first = (
        select(_p.id, _p.sku).where(_p.archived.is_(False)).order_by(_p.sku, _p.id).limit(_SHELF).subquery()
    )
    there = exists().where(
        t.variant.c.product_id == first.c.id, t.variant.c.archived.is_(False), t.variant.c.on_hand_milli > 0
    )
    rows = connection.execute(
        select(first.c.id, or_(there, first.c.id.in_(sold)).label("there")).order_by(first.c.sku, first.c.id)
    ).all()
    return ([row.id for row in rows if row.there] or [row.id for row in rows])[:limit]


def _products_in(some: Any) -> Any:
    return (
        select(t.variant.c.product_id)
        .select_from(some)
        .join(t.order_line, _l.order_id == some.c.id)
        .join(t.variant, t.variant.c.id == _l.variant_id)
        .group_by(t.variant.c.product_id)
    )


def products_of(connection: Connection, codes: Sequence[str]) -> list[uuid.UUID]:
    """The products of these SKUs, a variant's standing for its product; what is not sold any more is left out."""
    owners = goods.taken_codes(connection, codes)
    return list(dict.fromkeys(owners[code] for code in codes if code in owners))


def on_sale(connection: Connection, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the products that are not archived, in their order."""
    statement = select(_p.id).where(_p.id.in_(ids), _p.archived.is_(False))
    found = set(connection.execute(statement).scalars())
    return [one for one in ids if one in found]


def categories(connection: Connection) -> Sequence[AnyRow]:
    """Each category that has products on sale, with how many; an empty one last."""
    statement = (
        select(_p.category, func.count().label("products"))
        .where(_p.archived.is_(False))
        .group_by(_p.category)
        .order_by(_p.category == "", func.count().desc(), _p.category)
    )
    return connection.execute(statement).all()


def of_hat(connection: Connection, on: dt.date) -> AnyRow:
    """Orders, their sum, what was received on them and how many are still to pack; cancelled ones left out."""
    statement = select(
        func.count().label("orders"),
        func.coalesce(func.sum(_o.total_paisa), 0).label("sales_paisa"),
        func.coalesce(func.sum(_o.paid_paisa), 0).label("received_paisa"),
        func.count().filter(_o.status == "confirmed").label("to_pack"),
    ).where(_o.hat_on == on, _o.status != "cancelled")
    return connection.execute(statement).one()


def places_of(connection: Connection, customer_id: uuid.UUID) -> Sequence[AnyRow]:
    """Where the latest orders of a customer went, the last one first; a place may come more than once."""
    b = t.order_buyer.c
    statement = (
        select(b.address, b.district, b.thana)
        .join(t.orders, _o.id == b.order_id)
        .where(_o.customer_id == customer_id)
        .order_by(_o.taken_at_ms.desc())
        .limit(_PLACES)
    )
    return connection.execute(statement).all()
