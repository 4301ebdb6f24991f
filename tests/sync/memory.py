"""A laptop's database in memory, behind the same two doors as `pos.store.store.Store`, with a power cord."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from pos.store import migrate, oplog, prepared
from pos.store.inbox import TAKEN_IN
from pos.store.store import Kept, WriteUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.domain.times import Clock
    from pos.protocol.operations import Operation

Moment = Literal["before_commit", "after_commit"]


class PowerCut(BaseException):
    """The machine is off from this instant on."""


@cache
def empty_image() -> bytes:
    """A shop's file with nothing in it, as the migrations make it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        migrate.create(path)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=DELETE")
        image = connection.serialize()
        connection.close()
    return image


def fill(raw: sqlite3.Connection, image: bytes) -> None:
    """Put a file's content into an open database; its prepared statements stay good, which `deserialize` breaks."""
    source = sqlite3.connect(":memory:")
    source.deserialize(image)
    source.backup(raw)
    source.close()


class MemoryStore:
    """One shop's database. Reading and writing as the real store has them; one thread, one connection.

    Attributes:
        cut_at: when the power goes at the next commit.
        log: identity and hash of every operation that was committed here, in order.
        journal: the operations themselves, as the second journal outside the database keeps them.
        files: how many files have lain at its place.
    """

    def __init__(self, clock: Clock, image: bytes) -> None:
        self._clock = clock
        self._raw, self._engine = _IDLE.pop() if _IDLE else _opened()
        self._connection: Connection | None = None
        self._reader: Connection | None = None
        self._kept: Kept | None = None
        self._writing = False
        self.cut_at: Moment | None = None
        self.log: list[tuple[bytes, bytes]] = []
        self.journal: list[Operation] = []
        self.files = 0
        self.put_back(image)

    # ---- the two doors -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of what is committed."""
        assert not self._writing, (
            "the real store would show what was there before: nothing may count on either"
        )
        reader = self._reader = self._reader or self._engine.connect()
        inside_another = self._raw.in_transaction
        if inside_another:
            yield reader
            return
        self._raw.execute("PRAGMA query_only=ON")
        self._raw.execute("BEGIN")
        try:
            yield reader
        finally:
            if reader.in_transaction():
                reader.rollback()
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")
            self._raw.execute("PRAGMA query_only=OFF")

    @contextlib.contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """One writing transaction; what earlier ones have read is kept over it, as the real store keeps it."""
        assert not self._writing
        connection = self._connection = self._connection or self._engine.connect()
        prepared.begin(connection)
        self._writing = True
        self._kept = self._kept or Kept(0)
        unit = WriteUnit(connection, self._clock.now_ms(), self._kept)
        try:
            yield unit
            self._cut("before_commit")
        except BaseException:
            self._abandon()
            raise
        finally:
            self._writing = False
        prepared.commit(connection)
        if connection.info.pop(TAKEN_IN, False):
            self._kept = None  # as the real store: settings and hats may be others now
        if unit.recorded:
            self._note(connection)
        try:
            self._cut("after_commit")
        except PowerCut:
            self._abandon()
            raise

    def _cut(self, now: Moment) -> None:
        if self.cut_at == now:
            self.cut_at = None
            raise PowerCut

    def forget(self) -> None:
        """There is no second journal on a disk from which an erased buyer would have to go."""

    def _abandon(self) -> None:
        connection, self._connection, self._kept = self._connection, None, None
        if connection is not None:
            connection.close()
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    def _note(self, connection: Connection) -> None:
        for operation in oplog.read_after(connection, len(self.log)):
            self.log.append((operation.op_id.bytes, operation.hash))
            self.journal.append(operation)
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    # ---- the file ------------------------------------------------------------------------------------

    def image(self) -> bytes:
        """The file as it lies on the disk."""
        return self._raw.serialize()

    def put_back(self, image: bytes) -> None:
        """Another file lies at its place."""
        self._abandon()
        fill(self._raw, image)
        self._raw.execute("PRAGMA foreign_keys=ON")
        self.files += 1
        with self.read() as connection:
            self.log = [(o.op_id.bytes, o.hash) for o in oplog.read_after(connection, 0)]

    def close(self) -> None:
        """Let go of it."""
        self._abandon()
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        _IDLE.append((self._raw, self._engine))

    @property
    def changes(self) -> tuple[int, int]:
        """Another value where anything may have been written since."""
        return self.files, self._raw.total_changes

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Look into what is committed."""
        return self._raw.execute(sql, values).fetchall()

    def damage(self, sql: str, *values: object) -> int:
        """Change the file behind the product's back; how many rows it hit."""
        return self._raw.execute(sql, values).rowcount


# Opened databases for the next worlds: SQLAlchemy keeps the statements that it has compiled with each.
_IDLE: list[tuple[sqlite3.Connection, Engine]] = []


def _opened() -> tuple[sqlite3.Connection, Engine]:
    raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=256)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def on_begin(_connection: Connection) -> None:
        if not raw.in_transaction:  # a write begins its own
            raw.execute("BEGIN")

    return raw, engine
