"""The log of operations: writing the next ones, and reading them back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select

from pos.domain.ids import uuid7
from pos.protocol.operations import GENESIS, Operation, next_hlc, sealed
from pos.store.prepared import Prepared
from pos.store.tables import op as op_table

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence


class Act(msgspec.Struct, frozen=True):
    """What is to be recorded: an operation before it has its place in the log.

    `body` holds values only, ready for JSON (ids as hex, money as paisa); `personal` what names a buyer.
    `ready` is no part of it: what its applier would else work out from the body while everybody waits.
    """

    kind: str
    agg: str
    agg_id: bytes
    body: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None
    ready: Any = None


class Recorded(msgspec.Struct, frozen=True):
    """An operation with the body it was made from, for the applier."""

    op_id: uuid.UUID
    kind: str
    agg_id: bytes
    body: Mapping[str, Any]
    personal: Mapping[str, Any] | None
    at_ms: int
    ready: Any = None


class Tip(msgspec.Struct, frozen=True):
    """The last operation: position, hash, logical time."""

    n: int
    hash: bytes
    hlc: int


_TIP = Prepared(select(op_table.c.n, op_table.c.hash, op_table.c.hlc).order_by(op_table.c.n.desc()).limit(1))
_HASH = Prepared(select(op_table.c.hash).where(op_table.c.n == bindparam("position")))
_INSERT = Prepared(insert(op_table), *(column.name for column in op_table.c if column.name != "state"))
_PAGE = (
    select(op_table)
    .where(op_table.c.n > bindparam("after"))
    .order_by(op_table.c.n)
    .limit(bindparam("page_rows"))
)
_PAGE_ROWS = 500


def read_tip(connection: Connection) -> Tip:
    """The end of the log; n is 0 where it is empty."""
    row = _TIP.first(connection)
    return Tip(0, GENESIS, 0) if row is None else Tip(row.n, row.hash, row.hlc)


def hash_at(connection: Connection, n: int) -> bytes | None:
    """The hash of the operation at a position; None where there is none."""
    found: bytes | None = _HASH.scalar(connection, position=n)
    return found


def append(connection: Connection, acts: Sequence[Act], at_ms: int, tip: Tip) -> tuple[Tip, list[Recorded]]:
    """Seal the acts into operations and write them behind the log's `tip`, inside the caller's transaction."""
    n, prev, hlc = tip.n, tip.hash, tip.hlc
    operations: list[Operation] = []
    recorded: list[Recorded] = []
    for act in acts:
        n, hlc = n + 1, next_hlc(hlc, at_ms)
        operation = sealed(
            n=n,
            op_id=uuid7(at_ms),
            kind=act.kind,
            agg=act.agg,
            agg_id=act.agg_id,
            body=act.body,
            personal=act.personal,
            salt=_salt,
            at_ms=at_ms,
            hlc=hlc,
            prev_hash=prev,
        )
        prev = operation.hash
        operations.append(operation)
        recorded.append(
            Recorded(operation.op_id, act.kind, act.agg_id, act.body, act.personal, at_ms, act.ready)
        )
    insert_operations(connection, operations)
    return Tip(n, prev, hlc), recorded


def insert_operations(connection: Connection, operations: Sequence[Operation]) -> None:
    """Write sealed operations as they are: new ones, or ones replayed from the second journal."""
    rows = [
        {
            "n": o.n,
            "op_id": o.op_id.bytes,
            "kind": o.kind,
            "v": o.v,
            "agg": o.agg,
            "agg_id": o.agg_id,
            "body": o.body.decode(),
            "personal": o.personal.decode() if o.personal is not None else None,
            "commitment": o.commitment,
            "at_ms": o.at_ms,
            "hlc": o.hlc,
            "prev_hash": o.prev_hash,
            "hash": o.hash,
        }
        for o in operations
    ]
    _INSERT.run_all(connection, rows)


def read_after(connection: Connection, n: int) -> Iterator[Operation]:
    """Operations with a position above `n`, in order, fetched page by page."""
    while True:
        rows = connection.execute(_PAGE, {"after": n, "page_rows": _PAGE_ROWS}).all()
        for row in rows:
            yield _operation(row)
        if len(rows) < _PAGE_ROWS or rows[-1].n <= n:  # a damaged index may lead in a circle
            return
        n = rows[-1].n


def count(connection: Connection) -> int:
    """How many operations there are."""
    return int(connection.execute(select(func.count()).select_from(op_table)).scalar_one())


def count_after(connection: Connection, n: int, kind: str) -> int:
    """How many operations of a kind there are above a position."""
    statement = select(func.count()).where(op_table.c.n > n, op_table.c.kind == kind)
    return int(connection.execute(statement).scalar_one())


def any_after(connection: Connection, n: int, kinds: Sequence[str]) -> bool:
    """Whether there is an operation of one of these kinds above a position."""
    statement = select(op_table.c.n).where(op_table.c.n > n, op_table.c.kind.in_(kinds)).limit(1)
    return connection.execute(statement).first() is not None


def _operation(row: Any) -> Operation:
    return Operation(
        n=row.n,
        op_id=row.op_id,
        kind=row.kind,
        v=row.v,
        agg=row.agg,
        agg_id=bytes(row.agg_id),
        body=row.body.encode(),
        personal=row.personal.encode() if row.personal is not None else None,
        commitment=row.commitment,
        at_ms=row.at_ms,
        hlc=row.hlc,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


def _salt() -> bytes:
    return os.urandom(16)
