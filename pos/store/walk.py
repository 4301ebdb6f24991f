"""Both logs read through, each operation with its author and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select

from pos.store import oplog
from pos.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from pos.protocol.operations import Operation
    from pos.store.oplog import Known

_PAGE_ROWS = 500
_PLACE: Any = literal_column("foreign_op.rowid")
_OTHERS = (
    select(t.foreign_op, _PLACE.label("place"))
    .where(bindparam("last") < _PLACE)
    .order_by(_PLACE)
    .limit(bindparam("page"))
)


def has_others(connection: Connection) -> bool:
    """Whether this file can hold other devices' operations: one of an earlier release cannot."""
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'foreign_op'").first()
    return found is not None


def own(connection: Connection) -> Iterator[tuple[Operation, Known]]:
    """This device's log, in order."""
    places: dict[int, tuple[int | None, int | None, bytes | None]] = {}
    if has_others(connection):
        rows = connection.exec_driver_sql(
            "SELECT n, seq, rank, author FROM op WHERE seq IS NOT NULL OR author IS NOT NULL"
        )
        places = {n: (seq, rank, author) for n, seq, rank, author in rows}
    authors = oplog.Authors(connection)
    for operation in oplog.read_after(connection, 0):
        seq, rank, author = places.get(operation.n, (None, None, None))
        yield operation, _known(operation, author or authors.of(operation.n), seq, rank, own=True)


def others(connection: Connection) -> Iterator[tuple[bytes, Operation, Known]]:
    """The operations of the others, each with its author, in no order."""
    if not has_others(connection):
        return
    last = 0
    while True:
        rows = connection.execute(_OTHERS, {"last": last, "page": _PAGE_ROWS}).all()
        for row in rows:
            operation, device = oplog.operation_of(row), row.device_id.bytes
            yield device, operation, _known(operation, device, row.seq, row.rank, own=False)
        if len(rows) < _PAGE_ROWS or rows[-1].place <= last:  # a damaged index may lead in a circle
            return
        last = rows[-1].place


def put_off(connection: Connection) -> set[bytes]:
    """Operations that have made no rows yet."""
    if not has_others(connection):
        return set()
    return set(connection.exec_driver_sql("SELECT op_id FROM deferred").scalars())


def _known(o: Operation, device_id: bytes, seq: int | None, rank: int | None, *, own: bool) -> Known:
    return oplog.Known(
        o.op_id.bytes,
        device_id,
        o.kind,
        o.v,
        o.agg_id,
        o.body.decode(),
        o.personal.decode() if o.personal is not None else None,
        o.at_ms,
        o.hlc,
        seq,
        rank,
        own=own,
    )
