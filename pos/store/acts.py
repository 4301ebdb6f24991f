"""Reading the log as a history of who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from pos.store import tables as t

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from pos.store.types import AnyRow

# What comes along with another act, or is nobody's.
_PASSED_OVER = (
    "customer.added", "customer.edited", "reservation.made", "reservation.released", "shop.founded",
    "device.joined", "device.rekeyed",
)  # fmt: skip
_LOOKED_AT = 500


def acts_before(
    connection: Connection, operator_id: uuid.UUID | None, *, before: int | None, limit: int
) -> tuple[list[AnyRow], int | None]:
    """Operations below a position, the latest first, and the position to go on below; None at the beginning.

    The log has no index by operator, which every sale would have to write; so one call looks at some
    hundreds of operations and no more.
    """
    o = t.op.c
    top = before if before is not None else (connection.execute(select(func.max(o.n))).scalar() or 0) + 1
    bottom = max(1, top - _LOOKED_AT)
    statement = select(o.n, o.kind, o.agg, o.agg_id, o.body, o.at_ms).where(
        o.n < top, o.n >= bottom, o.kind.not_in(_PASSED_OVER)
    )
    if operator_id is not None:
        # The canonical spelling; inside a text its quotes would be escaped.
        statement = statement.where(func.instr(o.body, f'"by":"{operator_id.hex}"') > 0)
    rows = list(connection.execute(statement.order_by(o.n.desc()).limit(limit)))
    older = rows[-1].n if len(rows) == limit else bottom
    return rows, older if older > 1 else None


def operator_names(connection: Connection) -> dict[uuid.UUID, str]:
    """Everybody who ever acted."""
    return {row.id: row.name for row in connection.execute(select(t.operator.c.id, t.operator.c.name))}


def order_numbers(connection: Connection, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Numbers of a page's orders."""
    statement = select(t.orders.c.id, t.orders.c.number).where(t.orders.c.id.in_(list(ids)))
    return {row.id: row.number for row in connection.execute(statement)}


def skus(connection: Connection, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Codes of a page's products and variants."""
    wanted = list(ids)
    found: dict[uuid.UUID, str] = {}
    for table in (t.product, t.variant):
        statement = select(table.c.id, table.c.sku).where(table.c.id.in_(wanted))
        found |= {row.id: row.sku for row in connection.execute(statement)}
    return found
