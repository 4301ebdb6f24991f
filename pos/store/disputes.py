"""Reading values that two devices wrote without knowing of each other, and who wrote each."""

from __future__ import annotations

import uuid  # noqa: TC003 - msgspec resolves the fields' types
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, func, select

from pos.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pos.store.types import AnyRow

_c = t.conflict.c


class Author(msgspec.Struct, frozen=True):
    """Who wrote an operation, when, and on which device."""

    at_ms: int
    device: uuid.UUID
    code: str
    by: uuid.UUID | None


class _By(msgspec.Struct):
    by: uuid.UUID | None = None


_by = msgspec.json.Decoder(_By)


def count(connection: Connection) -> int:
    """How many fields of how many records wait for somebody to decide."""
    one = select(_c.agg, _c.agg_id, _c.field).distinct().subquery()
    return int(connection.execute(select(func.count()).select_from(one)).scalar_one())


def all_open(connection: Connection, limit: int) -> Sequence[AnyRow]:
    """Open conflicts, those of a field together."""
    statement = select(t.conflict).order_by(_c.agg, _c.agg_id, _c.field, _c.other_op)
    return connection.execute(statement.limit(limit)).all()


def of_field(connection: Connection, agg: str, agg_id: bytes, field: str) -> Sequence[AnyRow]:
    """The values of one field that wait."""
    one = (_c.agg == agg, _c.agg_id == agg_id, _c.field == field)
    return connection.execute(select(t.conflict).where(*one).order_by(_c.other_op)).all()


def authors(connection: Connection, operations: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Author]:
    """Who wrote these operations, own and others'."""
    mine = connection.execute(select(t.installation.c.device_id)).scalar_one()
    codes = {row.id: row.code for row in connection.execute(select(t.device.c.id, t.device.c.code))}
    found: dict[uuid.UUID, Author] = {}
    o, f = t.op.c, t.foreign_op.c
    wanted = list(operations)
    for row in connection.execute(select(o.op_id, o.at_ms, o.body).where(o.op_id.in_(wanted))):
        found[row.op_id] = Author(row.at_ms, mine, codes.get(mine, ""), _by.decode(row.body).by)
    statement = select(f.op_id, f.at_ms, f.body, f.device_id).where(f.op_id.in_(wanted))
    for other in connection.execute(statement):
        code = codes.get(other.device_id, "")
        found[other.op_id] = Author(other.at_ms, other.device_id, code, _by.decode(other.body).by)
    return found


def own_device(connection: Connection) -> uuid.UUID:
    """This device's identity."""
    device: uuid.UUID = connection.execute(select(t.installation.c.device_id)).scalar_one()
    return device
