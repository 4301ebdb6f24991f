"""One open shop file: reading, and writing operation by operation."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from pos.errors import EnvironmentFault
from pos.store import apply, journal, oplog, recovery
from pos.store import tables as t
from pos.store.backup import BackupFile, write_backup
from pos.store.engine import WriteLock, faults_told, make_engine, schema_of, sqlite_fault

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.paths import ShopPaths
    from pos.store.oplog import Act


class CommitUnknownError(EnvironmentFault):
    """The commit raised: the act may or may not be in the database, and has to be looked up (trust.md §1.4)."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A database found older than its journal: operations that were missing, and how many came back."""

    missing: int
    brought: int


class WriteUnit:
    """One writing transaction: what is recorded in it is committed together or not at all.

    Attributes:
        connection: for reading inside the transaction.
        at_ms: the one time that all its operations carry.
    """

    __slots__ = ("_code", "_device_id", "at_ms", "connection", "recorded")

    def __init__(self, connection: Connection, at_ms: int, device_id: uuid.UUID | None, code: str) -> None:
        self.connection = connection
        self.at_ms = at_ms
        self.recorded = 0
        self._device_id = device_id
        self._code = code

    @property
    def device_id(self) -> uuid.UUID:
        """Which installation acts."""
        assert self._device_id is not None
        return self._device_id

    @property
    def code(self) -> str:
        """The code its numbers begin with."""
        return self._code

    def found(self, device_id: uuid.UUID, code: str) -> None:
        """Say who acts, before the first operation of a new shop or after a re-key."""
        self._device_id, self._code = device_id, code

    def record(self, *acts: Act) -> None:
        """Write operations and their rows."""
        self.record_all(acts)

    def record_all(self, acts: Sequence[Act]) -> None:
        """The same for many at once, in bulk."""
        _, recorded = oplog.append(self.connection, acts, self.at_ms)
        apply.apply(self.connection, self.device_id, recorded)
        self.recorded += len(recorded)


class Store:
    """The shop's database, opened. Threads may share it; writes are one at a time, here and across processes.

    Raises:
        EnvironmentFault: what `schema_of` raises.
    """

    def __init__(self, paths: ShopPaths, clock: Clock, log: EventLog) -> None:
        schema_of(paths.database)
        self.paths = paths
        self._clock = clock
        self._reader = make_engine(paths.database, writer=False)
        self._writer = make_engine(paths.database, writer=True)
        self._write_connection: Connection | None = None
        self._log = log
        self.recovered: Recovered | None = None
        self._turn = threading.Lock()
        self._lock = WriteLock(paths.write_lock)
        self._journal = journal.JournalWriter(paths, self._reader, log)
        self._caught_up = False

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with faults_told(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """One writing transaction, under the shop's lock.

        Raises:
            EnvironmentFault: ``shop_busy``, ``disk_full`` and the like: nothing was written.
            CommitUnknownError: the commit itself raised.
        """
        with self._turn, self._lock.held():
            connection = self._open_for_writing()
            transaction = None
            try:
                with faults_told():
                    transaction = connection.begin()
                    row = connection.execute(_WHO).first()
                unit = WriteUnit(
                    connection,
                    self._clock.now_ms(),
                    row.device_id if row else None,
                    row.code if row else "",
                )
                with faults_told():
                    yield unit
                try:
                    transaction.commit()
                except (DBAPIError, sqlite3.Error) as error:
                    fault = sqlite_fault(error)
                    raise CommitUnknownError(fault.code, **fault.params) from error
            except BaseException:
                self._abandon(transaction)
                raise
        if unit.recorded or not self._caught_up:
            self._caught_up = True
            self._journal.wake()

    def _open_for_writing(self) -> Connection:
        """The one connection that writes; at its first opening the database is held against its tip."""
        if self._write_connection is None:
            with faults_told():
                connection = self._writer.connect()
                if not self._caught_up:
                    self._recover(connection)
                self._write_connection = connection
        return self._write_connection

    def _recover(self, connection: Connection) -> None:
        """Bring back what the journal holds beyond the database, and take a new series if there was any."""
        with connection.begin():
            found = recovery.compare(connection, journal.read_tip(self.paths))
            if found.standing == "level":
                return
            brought = 0
            if found.standing == "behind":
                brought = recovery.replay(connection, journal.read_operations(self.paths.journal))
            unit = WriteUnit(connection, self._clock.now_ms(), None, "")
            row = connection.execute(_WHO).one()
            unit.found(row.device_id, row.code)
            unit.record(recovery.rekey_act(connection, f"database_{found.standing}"))
        self._log.event("recovered", standing=found.standing, missing=found.missing, brought=brought)
        self.recovered = Recovered(found.missing, brought)
        recovery.set_aside(self.paths, self.paths.journal)
        journal.rewrite(self.paths, self._writer)

    def _abandon(self, transaction: object) -> None:
        """Roll back; a connection that cannot even do that is thrown away."""
        connection, self._write_connection = self._write_connection, None
        with contextlib.suppress(DBAPIError, sqlite3.Error):
            if transaction is not None:
                transaction.rollback()  # type: ignore[attr-defined]
        if connection is not None:
            with contextlib.suppress(DBAPIError, sqlite3.Error):
                connection.close()

    def settle(self) -> None:
        """Return once the second journal has everything that is committed."""
        self._journal.wake()
        self._journal.close()

    def rewrite_journal(self) -> None:
        """Write the second journal anew from the database."""
        self._journal.close()
        journal.rewrite(self.paths, self._reader)

    def backup(self, to: Path, at_ms: int) -> BackupFile:
        """Copy the shop into one finished file."""
        return write_backup(self._reader, to, at_ms)

    def close(self) -> None:
        """Finish the journal and let go of the file."""
        self._journal.close()
        if self._write_connection is not None:
            self._write_connection.close()
            self._write_connection = None
        self._writer.dispose()
        self._reader.dispose()


_WHO = select(t.installation.c.device_id, t.installation.c.code)
