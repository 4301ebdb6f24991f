"""Reading orders, their lines and payments, and what a sale looks up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, literal_column, select

from pos.store import tables as t
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from pos.store.types import AnyRow

_CHUNK = 500

_LAST_NO = Prepared(
    select(t.series.c.last_no).where(
        t.series.c.code == bindparam("code"), t.series.c.year == bindparam("year")
    )
)
_BY_REQUEST = Prepared(select(t.orders.c.id).where(t.orders.c.request_id == bindparam("request")))
_TRXID_USED = Prepared(
    select(t.orders.c.number)
    .join(t.payment, t.payment.c.order_id == t.orders.c.id)
    .where(t.payment.c.method == bindparam("method"), t.payment.c.trxid == bindparam("trxid"))
    .limit(1)
)
_CUSTOMER_BY_PHONE = Prepared(select(t.customer).where(t.customer.c.phone == bindparam("phone")))
# By number where two laptops took one in the same instant: a list is the same on every laptop.
NEWEST_FIRST = (t.orders.c.taken_at_ms.desc(), t.orders.c.series_no.desc(), t.orders.c.number.desc())
_ORDER = select(t.orders, t.operator.c.name.label("operator_name")).join(
    t.operator, t.operator.c.id == t.orders.c.operator_id
)


def last_number(connection: Connection, code: str, year: int) -> int:
    """The last number given in a series; 0 before the first."""
    return int(_LAST_NO.scalar(connection, code=code, year=year) or 0)


def order_of_request(connection: Connection, request_id: str) -> uuid.UUID | None:
    """The order that a request made before."""
    found: uuid.UUID | None = _BY_REQUEST.scalar(connection, request=request_id)
    return found


def order_with_trxid(connection: Connection, method: str, trxid: str) -> str | None:
    """The number of the order that a wallet id was used on, if any."""
    number: str | None = _TRXID_USED.scalar(connection, method=method, trxid=trxid)
    return number


def customer_by_phone(connection: Connection, phone: str) -> AnyRow | None:
    """The customer of this main phone (E.164); where two laptops have written one down, the first of them."""
    rows = _CUSTOMER_BY_PHONE.rows(connection, phone=phone)
    return min(rows, key=lambda row: row.id.bytes, default=None)


def order_row(connection: Connection, order_id: uuid.UUID) -> AnyRow | None:
    """One order's row."""
    return connection.execute(_ORDER.where(t.orders.c.id == order_id)).first()


def order_row_by_number(connection: Connection, number: str) -> AnyRow | None:
    """One order's row by its number."""
    return connection.execute(_ORDER.where(t.orders.c.number == number)).first()


def order_rows(
    connection: Connection,
    *,
    hat: dt.date | None = None,
    status: str | None = None,
    since_ms: int | None = None,
    limit: int | None = None,
) -> Sequence[AnyRow]:
    """Orders, newest first."""
    statement = _ORDER.order_by(*NEWEST_FIRST)
    if hat is not None:
        statement = statement.where(t.orders.c.hat_on == hat)
    if status is not None:
        statement = statement.where(t.orders.c.status == status)
    if since_ms is not None:
        statement = statement.where(t.orders.c.taken_at_ms >= since_ms)
    return connection.execute(statement.limit(limit)).all()


def lines_of(connection: Connection, orders: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """The lines of each order, in their order."""
    return _grouped(connection, t.order_line, orders, t.order_line.c.line_no)


def payments_of(connection: Connection, orders: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """Payments and refunds of each order, in the order they came."""
    # Payments of one order come in the same millisecond, where ids tell nothing of the order they came in.
    return _grouped(connection, t.payment, orders, t.payment.c.at_ms, literal_column("rowid"))


def buyers_of(connection: Connection, orders: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
    """The buyer as written on each order, at most one."""
    return _grouped(connection, t.order_buyer, orders)


def sale_moves(connection: Connection, order_id: uuid.UUID) -> Sequence[AnyRow]:
    """The movements that an order made when it was confirmed."""
    move = t.stock_move
    statement = select(move).where(move.c.order_id == order_id, move.c.reversal.is_(False))
    return connection.execute(statement.order_by(move.c.line_no)).all()


def totals(connection: Connection) -> tuple[int, int, int | None]:
    """How many orders, their sum in paisa without cancelled ones, and when the last was taken."""
    row = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(t.orders.c.total_paisa).filter(t.orders.c.status != "cancelled"), 0),
            func.max(t.orders.c.taken_at_ms),
        )
    ).one()
    return int(row[0]), int(row[1]), row[2]


def _grouped(
    connection: Connection, table: Any, orders: Sequence[uuid.UUID], *order_by: Any
) -> dict[uuid.UUID, list[AnyRow]]:
    found: dict[uuid.UUID, list[AnyRow]] = {}
    for start in range(0, len(orders), _CHUNK):
        chunk = orders[start : start + _CHUNK]
        statement = select(table).where(table.c.order_id.in_(chunk)).order_by(*order_by)
        for row in connection.execute(statement):
            found.setdefault(row.order_id, []).append(row)
    return found
