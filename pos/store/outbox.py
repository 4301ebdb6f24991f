"""What of this shop's log has not reached the server, and what of one order has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, func, literal, null, select, union_all

from pos.store import tables as t
from pos.store.link import read_link

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from pos.store.types import AnyRow

HELD = 3  # an operation's state in the log: the server keeps it aside
_o, _f = t.op.c, t.foreign_op.c


class Places(msgspec.Struct, frozen=True):
    """Positions in this device's log: what the server keeps aside, and from where to where it has no answer yet."""

    held: tuple[int, ...]
    acked: int
    last: int

    @property
    def waiting(self) -> int:
        """How many operations the server has not answered."""
        return max(0, self.last - self.acked)


def places(connection: Connection) -> Places | None:
    """Where the log stands to the server's; None where the shop is alone."""
    link = read_link(connection)
    if link is None:
        return None
    held = connection.execute(select(_o.n).where(_o.state == HELD).order_by(_o.n.desc())).scalars()
    return Places(tuple(held), link.ack_n, last_position(connection))


def last_position(connection: Connection) -> int:
    """The end of the log; 0 where it is empty."""
    return int(connection.execute(select(func.coalesce(func.max(_o.n), 0))).scalar_one())


def operations_at(connection: Connection, positions: Iterable[int]) -> Sequence[AnyRow]:
    """The operations at these positions."""
    columns = (_o.n, _o.kind, _o.agg, _o.agg_id, _o.body, _o.personal, _o.at_ms, _o.state, _o.why)
    return connection.execute(select(*columns).where(_o.n.in_(list(positions)))).all()


def goods_named(connection: Connection, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, AnyRow]:
    """What variants and products are called, by either identity."""
    wanted = list(ids)
    p, v = t.product.c, t.variant.c
    words = (p.name_bn, p.name_en, p.unit)
    found = {row.id: row for row in connection.execute(select(p.id, *words).where(p.id.in_(wanted)))}
    statement = select(v.id, *words, v.size, v.colour).join(t.product, p.id == v.product_id)
    return found | {row.id: row for row in connection.execute(statement.where(v.id.in_(wanted)))}


def people_named(connection: Connection, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of buyers."""
    c = t.customer.c
    rows = connection.execute(select(c.id, c.name).where(c.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def said_of_order(connection: Connection, order_id: uuid.UUID) -> Sequence[AnyRow]:
    """Every operation of an order, whoever wrote it: its position where it is this device's, and its state.

    An event of an order bears the identity of its operation.
    """
    events = select(t.order_event.c.id).where(t.order_event.c.order_id == order_id)
    own = select(_o.n, _o.state).where(_o.op_id.in_(events))
    others = select(null(), literal(1)).where(_f.op_id.in_(events))
    return connection.execute(union_all(own, others)).all()
