"""The log of operations: writing the next ones, and reading them back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select

from pos.domain.ids import uuid7
from pos.errors import BugError
from pos.protocol.kinds import WRITTEN, hold_personal, read_body
from pos.protocol.operations import GENESIS, Operation, next_hlc, sealed
from pos.store.prepared import Prepared
from pos.store.tables import RECORD_KINDS
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


class Known(msgspec.Struct, frozen=True):
    """An operation of either log with its author and its place, as rows are made from it.

    `body` and `personal` are the text as it is stored; `hlc` orders what has no `seq`.
    """

    op_id: bytes
    device_id: bytes
    kind: str
    v: int
    agg_id: bytes
    body: str
    personal: str | None
    at_ms: int
    hlc: int
    seq: int | None
    rank: int | None
    own: bool

    @property
    def place(self) -> tuple[bool, int, int, bytes]:
        """Sorts operations: the server's order, then what it has not seen as it was written."""
        return (self.seq is None, self.seq or 0, self.hlc, self.op_id)


class Tip(msgspec.Struct, frozen=True):
    """The last operation: position, hash, logical time."""

    n: int
    hash: bytes
    hlc: int


_TIP = Prepared(select(op_table.c.n, op_table.c.hash, op_table.c.hlc).order_by(op_table.c.n.desc()).limit(1))
_HASH = Prepared(select(op_table.c.hash).where(op_table.c.n == bindparam("position")))
_COLUMNS = tuple(
    column for column in op_table.c if column.name not in ("state", "seq", "rank", "why", "author")
)
_INSERT = Prepared(insert(op_table), *(column.name for column in _COLUMNS))
_PAGE = (
    select(*_COLUMNS)
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
    """Seal the acts into operations and write them behind the log's `tip`, inside the caller's transaction.

    Raises:
        BugError: ``bug``: what `must_be_readable` says.
    """
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
            v=WRITTEN.get(act.kind, 1),
        )
        must_be_readable(operation)
        prev = operation.hash
        operations.append(operation)
        recorded.append(
            Recorded(operation.op_id, act.kind, act.agg_id, act.body, act.personal, at_ms, act.ready)
        )
    insert_operations(connection, operations)
    return Tip(n, prev, hlc), recorded


def must_be_readable(operation: Operation) -> None:
    """Hold an operation that is about to be written against its kind: it would stay in the log, and no server take it.

    Raises:
        BugError: ``bug``: no release reads what it says.
    """
    try:
        read_body(operation.kind, operation.v, operation.body)
        if operation.personal is not None:
            hold_personal(operation.kind, operation.v, operation.personal)
    except (LookupError, ValueError) as error:
        raise BugError("bug", kind=operation.kind) from error


def insert_operations(connection: Connection, operations: Sequence[Operation]) -> None:
    """Write sealed operations as they are: new ones, or ones replayed from the second journal."""
    _INSERT.run_all(connection, [columns_of(o) | {"op_id": o.op_id.bytes} for o in operations])


def columns_of(o: Operation) -> dict[str, Any]:
    """An operation as the columns that both logs have."""
    return {
        "n": o.n,
        "op_id": o.op_id,
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


def read_after(connection: Connection, n: int, *, page: int = _PAGE_ROWS) -> Iterator[Operation]:
    """Operations with a position above `n`, in order, fetched page by page."""
    while True:
        rows = connection.execute(_PAGE, {"after": n, "page_rows": page}).all()
        for row in rows:
            yield operation_of(row)
        if len(rows) < page or rows[-1].n <= n:  # a damaged index may lead in a circle
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


def operation_of(row: Any) -> Operation:
    """The operation of a row of either log."""
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


# ---- both logs ---------------------------------------------------------------------------------------

_OWN = "SELECT op_id, author, kind, v, agg_id, body, personal, at_ms, hlc, seq, rank, 1, n FROM op"
_FOREIGN = (
    "SELECT op_id, device_id, kind, v, agg_id, body, personal, at_ms, hlc, seq, rank, 0, n FROM foreign_op"
)
_DEVICE_KINDS = ("shop.founded", "device.joined", "device.rekeyed")
_MARKS = 400


class Authors:
    """Under which identity each operation of this device's own log was written.

    A log that parted from the server's goes on under a new identity, from behind the position that both have.
    """

    def __init__(self, connection: Connection) -> None:
        self._from: list[tuple[int, bytes]] = []
        for _, kind, agg_id, body in device_operations(connection):
            if kind != "device.rekeyed":
                self._from = [(0, agg_id)]
                continue
            told = _parting.decode(body)
            if told.device is not None:
                after = told.after or 0
                kept = [(start, device) for start, device in self._from if start < after or not start]
                self._from = [*kept, (after, bytes.fromhex(told.device))]

    @property
    def since(self) -> int:
        """Behind which position the present identity's part begins."""
        return self._from[-1][0] if self._from else 0

    def of(self, n: int) -> bytes:
        """Who wrote the operation at this position."""
        return next((device for start, device in reversed(self._from) if start < n), self._from[0][1])


class _Parting(msgspec.Struct):
    device: str | None = None
    after: int | None = None


class _Code(msgspec.Struct):
    code: str
    device: str | None = None


_parting = msgspec.json.Decoder(_Parting)
_code = msgspec.json.Decoder(_Code)


def device_operations(connection: Connection) -> list[tuple[int, str, bytes, str]]:
    """(position, kind, aggregate, body) of what this device's own log says of its identity and its numbers."""
    rows = connection.exec_driver_sql(
        f"SELECT n, kind, agg_id, body FROM op WHERE kind IN {RECORD_KINDS!r} AND kind IN {_DEVICE_KINDS!r}"
        " ORDER BY n"
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def known(connection: Connection, ids: Sequence[bytes]) -> list[Known]:
    """These operations, of whichever log; what is in neither is left out."""
    return [
        one
        for start in range(0, len(ids), _MARKS)
        for one in _known(connection, "op_id IN", ids[start : start + _MARKS])
    ]


def edits_of(connection: Connection, records: Sequence[bytes]) -> list[Known]:
    """All that is known of these records but what made them."""
    return [
        one
        for start in range(0, len(records), _MARKS)
        for one in _known(
            connection,
            f"kind IN {RECORD_KINDS!r} AND agg_id IN",
            records[start : start + _MARKS],
        )
    ]


def _known(connection: Connection, where: str, values: Sequence[bytes]) -> list[Known]:
    marks = ", ".join("?" * len(values))
    rows = connection.exec_driver_sql(
        f"{_OWN} WHERE {where} ({marks}) UNION ALL {_FOREIGN} WHERE {where} ({marks})", (*values, *values)
    ).all()
    return _with_authors(connection, rows)


_MOVING = ("order.confirmed", "order.cancelled", "stock.moved")


def uncounted_moves(connection: Connection, last_n: int) -> list[Known]:
    """This device's operations that move goods and that the server does not count.

    Args:
        connection: inside a transaction.
        last_n: up to where the server has this device's log; of that it does not count what it holds (state 3).
    """
    where = f"WHERE seq IS NULL AND (n > ? OR state = 3) AND kind IN {_MOVING!r}"
    return _with_authors(connection, connection.exec_driver_sql(f"{_OWN} {where}", (last_n,)).all())


def of_kinds(connection: Connection, kinds: Sequence[str]) -> Iterator[Known]:
    """Every operation of these kinds in both logs: this device's own in its order, then the others in the server's."""
    authors = Authors(connection)
    marks = ", ".join("?" * len(kinds))
    for way in (
        f"{_OWN} WHERE kind IN ({marks}) ORDER BY n",
        f"{_FOREIGN} WHERE kind IN ({marks}) ORDER BY seq",
    ):
        found = connection.exec_driver_sql(way, tuple(kinds))
        while rows := found.fetchmany(_PAGE_ROWS):
            for row in rows:
                yield _one(row, authors)


def _with_authors(connection: Connection, rows: Sequence[Any]) -> list[Known]:
    authors = Authors(connection) if any(row[11] for row in rows) else None
    return [_one(row, authors) for row in rows]


def _one(row: Any, authors: Authors | None) -> Known:
    op_id, device_id, kind, v, agg_id, body, personal, at_ms, hlc, seq, rank, own, n = row
    if device_id is None:
        assert authors is not None
        device_id = authors.of(n)
    return Known(op_id, device_id, kind, v, agg_id, body, personal, at_ms, hlc, seq, rank, bool(own))


def codes_said(connection: Connection) -> list[tuple[bytes, int, str]]:
    """(device, position in its log, code) of everything that devices have said of their numbers.

    Whose code it is, what was said tells: a copy has its original's words for its own, and where it sent them before
    the original did, they stand in its log everywhere.
    """
    authors = Authors(connection)
    told: dict[int, bytes] = dict(
        connection.exec_driver_sql(
            f"SELECT n, author FROM op WHERE kind IN {RECORD_KINDS!r} AND author IS NOT NULL"
        ).all()
    )
    own = [(told.get(n, authors.of(n)), n, *said) for n, *said in device_operations(connection)]
    rows = connection.exec_driver_sql(
        "SELECT device_id, n, kind, agg_id, body FROM foreign_op"
        f" WHERE kind IN {RECORD_KINDS!r} AND kind IN {_DEVICE_KINDS!r}"
    )
    return [
        (device, n, code)
        for author, n, kind, agg_id, body in (*own, *rows)
        for device, code in [code_said(author, kind, agg_id, body)]
    ]


def code_said(author: bytes, kind: str, agg_id: bytes, body: str) -> tuple[bytes, str]:
    """The device whose numbers begin with a code by one of the operations that tell it, and the code."""
    said = _code.decode(body)
    if said.device is not None:
        return bytes.fromhex(said.device), said.code
    return author if kind == "device.rekeyed" else agg_id, said.code


def counts(connection: Connection, seq: int | None) -> bool:
    """Whether what moved at this place of the server's order is still to be counted in what is on hand."""
    upto = connection.exec_driver_sql("SELECT stock_seq FROM link").scalar()
    return seq is None or not upto or seq > upto


def parted(connection: Connection) -> list[Known]:
    """This device's own operations since its log went on under its present identity."""
    authors = Authors(connection)
    after = authors.since
    return [
        _one(row, authors)
        for row in connection.exec_driver_sql(f"{_OWN} WHERE n > ? ORDER BY n", (after,)).all()
    ]


def of_later_release(connection: Connection, known_kinds: Sequence[str]) -> list[bytes]:
    """Operations of kinds that this release does not know."""
    marks = ", ".join("?" * len(known_kinds))
    return [
        op_id
        for log in ("op", "foreign_op")
        for op_id in connection.exec_driver_sql(
            f"SELECT op_id FROM {log} WHERE kind NOT IN ({marks})", tuple(known_kinds)
        ).scalars()
    ]
