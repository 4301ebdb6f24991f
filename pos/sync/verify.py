"""Holding this shop against its server, operation by operation, and mending what differs (sync.md §1.8).

First a digest of each stream, then 256 sums by the identity's last byte, then the identities of what differs.
What is missing or damaged here is fetched anew and shown by its hash to be what was written; then the rows are
made again from the operations. Nothing is ever taken over unseen, and nothing that only this side has is dropped.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import select

from pos.errors import UserError
from pos.protocol.codec import encode
from pos.protocol.messages import VerifyReply, VerifyRequest, digest_of
from pos.protocol.operations import canonical, commit_to, hash_of
from pos.store import oplog
from pos.store import tables as t
from pos.store import verify as rules
from pos.store.inbox import stream_of
from pos.store.link import read_link
from pos.store.remake import remake
from pos.sync.answers import message_in
from pos.sync.arrivals import STREAMS, sound
from pos.sync.mending import put_back
from pos.sync.storage import device_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from pos.protocol.kinds import Stream
    from pos.store.inbox import Arrived
    from pos.store.verify import Problem, Report
    from pos.sync.storage import Storage
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

VERIFY_PATH: Final = "/sync/v1/verify"
_BUCKETS: Final = 256
_BUCKETS_AT_ONCE: Final = 16
_OPERATIONS_AT_ONCE: Final = 200

T = TypeVar("T")
# Tables that are the same on every device of a vendor; the others are a device's own.
SHARED: Final = (
    "product", "variant", "customer", "operator", "orders", "order_line", "order_buyer", "payment", "owed_refund",
    "order_event", "stock_move", "reservation", "hat_day", "setting", "conflict",
)  # fmt: skip


@dataclass(slots=True)
class Verified:
    """What was found.

    Attributes:
        agrees: both sides have the same operations, and the rows here are what these make.
        operations: how many were held against the server's.
        tables: each table that all devices share: how many rows, and a digest to hold against another laptop's.
        alerts: true states that the vendor should see, such as goods sold beyond what is there.
        problems: what is wrong here and could not be mended.
        mended: operations that were fetched anew.
        remade: the rows were made again from the operations.
        only_here: operations that this shop has and the server does not, though it had answered for them.
    """

    agrees: bool = False
    operations: int = 0
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    alerts: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mended: int = 0
    remade: bool = False
    only_here: int = 0


@dataclass(frozen=True, slots=True)
class _Mine:
    """Of one operation: its hash as stored, and whether what is stored has that hash."""

    hash: bytes
    sound: bool


def verify(storage: Storage, transport: Transport, tokens: Tokens) -> Verified:
    """Compare and mend. The caller holds the exchange lock and has drained before.

    Raises:
        UserError: ``not_paired``, ``login_needed``, ``app_too_old``.
        EnvironmentFault: the server cannot be asked.
    """
    found = Verified()
    with storage.read() as connection:
        link = read_link(connection)
        if link is None:
            raise UserError("not_paired")
        token = tokens.get(device_of(connection))
        mine = {stream: _operations(connection, stream, link.cursors[stream]) for stream in STREAMS}
    found.operations = sum(len(ones) for ones in mine.values())
    lacking = 0
    came: list[Arrived] = []
    asker = _Asker(transport, token)
    for stream in STREAMS:
        upto = link.cursors[stream]
        wanted, only_here = asker.differences(stream, upto, mine[stream])
        found.only_here += only_here
        lacking += len(wanted)
        came += asker.fetch(stream, upto, wanted)
    with storage.write() as unit:
        found.mended = put_back(unit.connection, came)
        if found.mended:
            remake(unit.connection)
            found.remade = True
    report = _looked_over(storage, found)
    found.alerts, found.problems = report.alerts, report.problems
    with storage.read() as connection:
        found.tables = {name: _digest_of(connection, t.metadata.tables[name]) for name in SHARED}
    found.agrees = not found.problems and not found.only_here and found.mended == lacking
    return found


def _looked_over(storage: Storage, found: Verified) -> Report:
    """The rules, asked of the rows; where one is broken the rows are made again, and asked once more."""
    with storage.read() as connection:
        report = rules.verify(connection)
    if report.ok or found.remade or "database_damaged" in {problem.code for problem in report.problems}:
        return report
    with storage.write() as unit:
        remake(unit.connection)
    found.remade = True
    with storage.read() as connection:
        return rules.verify(connection)


class _Asker:
    """Asks the server which operations it has."""

    def __init__(self, transport: Transport, token: str | None) -> None:
        self._transport, self._token = transport, token

    def differences(self, stream: Stream, upto: int, mine: Mapping[str, _Mine]) -> tuple[list[str], int]:
        """Operations that this side lacks or has damaged, and how many the server lacks."""
        sums = [digest_of(hashes) for hashes in _by_bucket(mine)]
        differ = set(self._ask(VerifyRequest(stream, upto, buckets=sums)).differ)
        differ |= {int(one[-2:], 16) for one, kept in mine.items() if not kept.sound}
        lacking, only_here = [], 0
        for some in batched(sorted(differ), _BUCKETS_AT_ONCE):
            theirs = self._ask(VerifyRequest(stream, upto, list_buckets=some)).listed
            for one, digest in theirs.items():
                kept = mine.get(one)
                if kept is None or not kept.sound or kept.hash.hex() != digest:
                    lacking.append(one)
            only_here += sum(1 for one in mine if int(one[-2:], 16) in some and one not in theirs)
        return lacking, only_here

    def fetch(self, stream: Stream, upto: int, ids: Sequence[str]) -> Iterator[Arrived]:
        """Those operations, each as its hash says that it was written; what is not, is left out."""
        for some in batched(ids, _OPERATIONS_AT_ONCE):
            for wire in self._ask(VerifyRequest(stream, upto, fetch=some)).ops:
                with suppress(ValueError):
                    yield sound(wire, stream)

    def _ask(self, request: VerifyRequest) -> VerifyReply:
        return message_in(self._transport.post(VERIFY_PATH, encode(request), self._token), VerifyReply)


def _operations(connection: Connection, stream: Stream, upto: int) -> dict[str, _Mine]:
    """What this shop has of a stream up to a place in the server's order, by identity."""
    kept = {}
    for table in (t.op, t.foreign_op):
        for row in connection.execute(select(table).where(table.c.seq <= upto)):
            if (row.stream if table is t.foreign_op else stream_of(row.kind, row.agg)) == stream:
                operation = oplog.operation_of(row)
                personal = operation.personal
                fits = personal is None or commit_to(personal) == operation.commitment
                whole = fits and hash_of(operation) == operation.hash
                kept[operation.op_id.hex] = _Mine(operation.hash, whole)
    return kept


def _by_bucket(mine: Mapping[str, _Mine]) -> list[list[bytes]]:
    buckets: list[list[bytes]] = [[] for _ in range(_BUCKETS)]
    for one, kept in mine.items():
        buckets[int(one[-2:], 16)].append(kept.hash)
    return buckets


def _digest_of(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows, and a digest of all their values that is the same wherever the rows are the same."""
    digest, count = hashlib.blake2b(digest_size=8), 0
    names = [column.name for column in table.c]
    rows = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {table.name}")
    for line in sorted(canonical([_plain(value) for value in row]) for row in rows):
        digest.update(line + b"\n")
        count += 1
    return count, digest.hexdigest()


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def batched(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Runs of at most `size`."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
