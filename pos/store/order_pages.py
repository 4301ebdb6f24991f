"""Reading orders for a list: ids by filter, rows by page, counts, and what happened to one order."""

from __future__ import annotations

import contextlib
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from pos.domain.numbering import OrderNumber, parse_number
from pos.errors import UserError
from pos.store import tables as t
from pos.store.prepared import Prepared
from pos.store.sales import NEWEST_FIRST

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from pos.store.types import AnyRow

_CHUNK = 500
_END = "\U0010ffff"
_PHONE_DIGITS = 3  # fewer digits stand in nearly every number
_COUNTER_DIGITS = 9  # no order has a longer one
_NUMBER_LIKE = re.compile(r"[A-Z]{1,2}([0-9A-Z]{2})?-[0-9-]*")

_o, _l, _e = t.orders.c, t.order_line.c, t.order_event.c
_b, _c = t.order_buyer.c, t.customer.c

# The last word about it: events are written in the order of the log, whatever the clock said.
_LAST_WORD: Any = (
    select(_e.kind)
    .where(_e.order_id == _o.id, or_(_e.kind == "checked", _e.kind == "unchecked"))
    .order_by(literal_column("order_event.rowid").desc())
    .limit(1)
    .correlate(t.orders)
    .scalar_subquery()
)
_CHECKED = func.coalesce(_LAST_WORD, "") == "checked"
_UNCHECKED = func.coalesce(_LAST_WORD, "") != "checked"

# What each tab holds. Money is asked for while the order still takes it (domain.orders.takes_payments).
_OPEN = _o.status.not_in(("cancelled", "returned"))
TABS: Mapping[str, ColumnElement[bool] | None] = {
    "all": None,
    "new": and_(_o.status == "confirmed", _UNCHECKED),
    "to_pack": and_(_o.status == "confirmed", _CHECKED),
    "packed": _o.status == "packed",
    "shipped": _o.status == "handed_over",
    "cod_due": and_(_o.cod_paisa > 0, _OPEN),
    "delivered": _o.status == "delivered",
    "returned": _o.status.in_(("returned", "partly_returned")),
    "cancelled": _o.status == "cancelled",
    "due": and_(_o.due_paisa > _o.cod_paisa, _OPEN),
}


# A page asks for so many orders at once; what is missing from it is NULL, which no order is.
_AT_ONCE = [f"id{n}" for n in range(25)]
_THESE: list[Any] = [bindparam(name) for name in _AT_ONCE]
_ROWS = Prepared(
    select(
        type_coerce(_o.id, LargeBinary).label("id"),
        *(
            _o[name]
            for name in ("number", "taken_at_ms", "hat_on", "after_hat", "status", "rest", "warnings")
        ),
        *(_o[f"{name}_paisa"] for name in ("total", "paid", "due", "cod")),
        and_(_o.status == "confirmed", _CHECKED).label("checked"),
        *(_b[name] for name in ("name", "phone", "address", "district", "thana")),
    )
    .outerjoin(t.order_buyer, _b.order_id == _o.id)
    .where(_o.id.in_(_THESE))
)
_GOODS = Prepared(
    select(
        type_coerce(_l.order_id, LargeBinary).label("order_id"),
        *(_l[name] for name in ("name_bn", "name_en", "size", "colour", "unit", "qty_milli")),
    )
    .where(_l.order_id.in_(_THESE))
    .order_by(_l.order_id, _l.line_no)
)


def order_ids(
    connection: Connection,
    *,
    tab: str,
    hat: dt.date | None,
    words: Sequence[str],
    limit: int | None,
) -> list[bytes]:
    """Orders of a filter, newest first, as stored ids; `words` are cleaned, small, in Latin digits."""
    statement = select(type_coerce(_o.id, LargeBinary)).order_by(*NEWEST_FIRST)
    wanted = TABS[tab]
    if wanted is not None:
        statement = statement.where(wanted)
    if hat is not None:
        statement = statement.where(_o.hat_on == hat)
    if words:
        statement = statement.where(_answers(connection, words, everywhere=hat is None))
    return list(connection.execute(statement.limit(limit)).scalars())


def tab_counts(connection: Connection, hat: dt.date | None) -> dict[str, int]:
    """How many orders each tab holds."""
    if hat is not None:  # a few hundred orders: in one pass
        counted = [
            (func.count() if wanted is None else func.count().filter(wanted)).label(tab)
            for tab, wanted in TABS.items()
        ]
        row = connection.execute(select(*counted).where(_o.hat_on == hat)).one()
    else:  # each by its own way through the indexes
        every = select(func.count()).select_from(t.orders)
        ways = {tab: every if wanted is None else every.where(wanted) for tab, wanted in TABS.items()}
        row = connection.execute(select(*(w.scalar_subquery().label(tab) for tab, w in ways.items()))).one()
    return {tab: int(getattr(row, tab)) for tab in TABS}


def taken_paisa(connection: Connection, hat: dt.date | None) -> int:
    """The sum of orders that were not cancelled."""
    statement = select(func.coalesce(func.sum(_o.total_paisa), 0)).where(_o.status != "cancelled")
    if hat is not None:
        statement = statement.where(_o.hat_on == hat)
    return int(connection.execute(statement).scalar_one())


def rows_of(connection: Connection, ids: Sequence[bytes]) -> dict[bytes, Any]:
    """What a list shows of orders and of the buyer as written on each, by stored id."""
    return {row.id: row for row in _by_pages(_ROWS, connection, ids)}


def goods_of(connection: Connection, ids: Sequence[bytes]) -> dict[bytes, list[Any]]:
    """The lines of each order, in their order, as far as a list names them."""
    found: dict[bytes, list[Any]] = {}
    for row in _by_pages(_GOODS, connection, ids):
        found.setdefault(row.order_id, []).append(row)
    return found


def _by_pages(query: Prepared, connection: Connection, ids: Sequence[bytes]) -> Iterator[Any]:
    for start in range(0, len(ids), len(_AT_ONCE)):
        some = ids[start : start + len(_AT_ONCE)]
        yield from query.rows(connection, **dict(zip_longest(_AT_ONCE, some)))


def checked_among(connection: Connection, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these orders that the vendor has checked by phone."""
    found: set[uuid.UUID] = set()
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        found.update(connection.execute(select(_o.id).where(_o.id.in_(some), _CHECKED)).scalars())
    return found


def events_of(connection: Connection, order_id: uuid.UUID) -> Sequence[AnyRow]:
    """What happened to an order, in the order of the log, with who did it and on which device."""
    statement = (
        select(t.order_event, t.operator.c.name.label("operator"), t.device.c.code.label("device"))
        .join(t.operator, t.operator.c.id == _e.operator_id)
        .join(t.device, t.device.c.id == _e.device_id)
        .where(_e.order_id == order_id)
        .order_by(literal_column("order_event.rowid"))
    )
    return connection.execute(statement).all()


def note_writer(connection: Connection, order_id: uuid.UUID) -> uuid.UUID:
    """The operation that wrote an order's note last: an event bears the identity of its operation."""
    statement = (
        select(_e.id)
        .where(_e.order_id == order_id, _e.kind.in_(("taken", "noted")))
        .order_by(literal_column("order_event.rowid").desc())
        .limit(1)
    )
    found: uuid.UUID = connection.execute(statement).scalar_one()
    return found


def hats_with_orders(connection: Connection, limit: int) -> Sequence[AnyRow]:
    """The latest hats that have orders: date, the ordinal an order of it carries, how many orders."""
    hats = (
        select(_o.hat_on, func.count().label("orders"))
        .where(_o.hat_on.is_not(None))
        .group_by(_o.hat_on)
        .order_by(_o.hat_on.desc())
        .limit(limit)
        .subquery()
    )
    one = t.orders.alias()
    ordinal = select(one.c.hat_ordinal).where(one.c.hat_on == hats.c.hat_on).limit(1).scalar_subquery()
    statement = select(hats.c.hat_on, ordinal.label("ordinal"), hats.c.orders)
    return connection.execute(statement.order_by(hats.c.hat_on.desc())).all()


def _answers(connection: Connection, words: Sequence[str], *, everywhere: bool) -> ColumnElement[bool]:
    """Orders whose number, buyer's phone or buyer's name answers what was typed."""
    typed = " ".join(words)
    plain = re.sub(r"[\s+()-]", "", typed)
    if plain.isdigit():
        return or_(*_by_digits(connection, plain, everywhere=everywhere))
    if _NUMBER_LIKE.fullmatch(typed.upper()):
        return or_(*_by_number(typed.upper()))
    named: list[Any] = [func.instr(func.lower(_b.name), word) > 0 for word in words]
    if everywhere:  # one pass over the buyers is cheaper than a step to each order's
        return _o.id.in_(select(_b.order_id).where(*named))
    return exists().where(_b.order_id == _o.id, *named)


def _by_number(typed: str) -> list[ColumnElement[bool]]:
    ways = [and_(_o.number >= typed, _o.number < typed + _END)]
    with contextlib.suppress(UserError):  # while it is not whole, its beginning will do
        ways.append(_o.number == str(parse_number(typed)))
    return ways


def _by_digits(connection: Connection, digits: str, *, everywhere: bool) -> list[Any]:
    """Orders of this counter in any series, and of every buyer whose phone holds the digits."""
    ways: list[Any] = []
    if len(digits) <= _COUNTER_DIGITS:
        series = connection.execute(select(t.series.c.code, t.series.c.year))
        ways.append(_o.number.in_([str(OrderNumber(row.code, row.year, int(digits))) for row in series]))
    # Inside +8801…, so that 01712 and 1712 are both found.
    inside = digits.removeprefix("880").lstrip("0")
    if len(inside) >= _PHONE_DIGITS:
        if everywhere:  # an order with a phone has a customer with it, and there are far fewer of them
            holds = or_(func.instr(_c.phone, inside) > 0, func.instr(_c.phone2, inside) > 0)
            ways.append(_o.customer_id.in_(select(_c.id).where(holds)))
        else:
            holds = or_(func.instr(_b.phone, inside) > 0, func.instr(_b.phone2, inside) > 0)
            ways.append(exists().where(_b.order_id == _o.id, holds))
    return ways or [false()]
