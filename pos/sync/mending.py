"""Putting operations back into the logs that this shop has lost or that were damaged on its disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from pos.store import oplog
from pos.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from pos.store.inbox import Arrived


def put_back(connection: Connection, came: Iterable[Arrived]) -> int:
    """Write operations in place of what is damaged or missing; how many. The rows are for the caller to remake.

    One of this device's own log goes back to its position there, where the log is long enough to have it.
    """
    own = connection.execute(select(t.installation.c.device_id)).scalar_one()
    end = oplog.read_tip(connection).n
    written = 0
    for one in came:
        o = one.operation
        mine = connection.execute(select(t.op.c.n).where(t.op.c.op_id == o.op_id)).scalar()
        if mine is not None:
            connection.execute(update(t.op).where(t.op.c.n == mine).values(**_columns(one)))
        elif one.device_id == own and o.n <= end and oplog.hash_at(connection, o.n) is None:
            connection.execute(insert(t.op).values(state=1, **_columns(one)))
        else:
            connection.execute(delete(t.foreign_op).where(t.foreign_op.c.op_id == o.op_id))
            more = {"device_id": one.device_id, "stream": one.stream}
            connection.execute(insert(t.foreign_op).values(**_columns(one), **more))
        written += 1
    return written


def _columns(one: Arrived) -> dict[str, Any]:
    return oplog.columns_of(one.operation) | {"seq": one.seq, "rank": one.rank}
