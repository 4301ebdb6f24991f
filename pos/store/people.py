"""Reading customers and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, or_, select

from pos.store import tables as t
from pos.store.sales import NEWEST_FIRST

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from pos.store.types import AnyRow

_c, _o = t.customer, t.orders
_PLACES = 20

_WITH_DEEDS = (
    select(
        _c,
        func.count(_o.c.id).label("orders"),
        func.count(_o.c.id).filter(_o.c.status == "delivered").label("delivered"),
        func.count(_o.c.id).filter(_o.c.status.in_(("returned", "partly_returned"))).label("returned"),
        func.coalesce(func.sum(_o.c.due_paisa - _o.c.cod_paisa), 0).label("due_paisa"),
    )
    .outerjoin(_o, _o.c.customer_id == _c.c.id)
    .where(_c.c.erased_at_ms.is_(None))
    .group_by(_c.c.id)
)


def customers_with_phone(connection: Connection, phone: str) -> Sequence[AnyRow]:
    """Customers of this phone (E.164), main or second, with what they have done."""
    statement = _WITH_DEEDS.where(or_(_c.c.phone == phone, _c.c.phone2 == phone))
    return connection.execute(statement.order_by(_c.c.phone != phone, _c.c.id)).all()


def customers_like(connection: Connection, words: Sequence[str], digits: str, limit: int) -> Sequence[AnyRow]:
    """Customers whose name, address or place holds every word, or whose phone holds the digits."""
    named = [
        or_(
            *(
                func.instr(func.lower(column), word) > 0
                for column in (_c.c.name, _c.c.address, _c.c.district, _c.c.thana)
            )
        )
        for word in words
    ]
    conditions = []
    if named:
        matches = named[0]
        for further in named[1:]:
            matches &= further
        conditions.append(matches)
    if len(digits) >= 3:
        conditions.append(or_(func.instr(_c.c.phone, digits) > 0, func.instr(_c.c.phone2, digits) > 0))
    if not conditions:
        return []
    statement = _WITH_DEEDS.where(or_(*conditions)).order_by(func.max(_o.c.taken_at_ms).desc(), _c.c.id)
    return connection.execute(statement.limit(limit)).all()


def orders_of_customer(connection: Connection, customer_id: uuid.UUID) -> list[uuid.UUID]:
    """The orders of one customer."""
    return list(connection.execute(select(_o.c.id).where(_o.c.customer_id == customer_id)).scalars())


def operators(connection: Connection) -> Sequence[AnyRow]:
    """Everybody who may act, owners first."""
    o = t.operator.c
    return connection.execute(
        select(t.operator).where(o.archived.is_(False)).order_by(o.role.desc(), o.id)
    ).all()


def operator_by_id(connection: Connection, operator_id: uuid.UUID) -> AnyRow | None:
    """Somebody who may act."""
    o = t.operator.c
    return connection.execute(select(t.operator).where(o.id == operator_id, o.archived.is_(False))).first()


def places_of(connection: Connection, customer_id: uuid.UUID) -> Sequence[AnyRow]:
    """Where the latest orders of a customer went, the last one first; a place may come more than once."""
    b = t.order_buyer.c
    statement = (
        select(b.address, b.district, b.thana)
        .join(t.orders, _o.c.id == b.order_id)
        .where(_o.c.customer_id == customer_id)
        .order_by(*NEWEST_FIRST)
        .limit(_PLACES)
    )
    return connection.execute(statement).all()
