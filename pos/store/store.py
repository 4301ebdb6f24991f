"""One open shop file: reading, and writing operation by operation."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filelock import Timeout
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from pos.errors import BugError, EnvironmentFault
from pos.store import apply, journal, oplog, prepared, recovery
from pos.store import tables as t
from pos.store.backup import BackupFile, schema_at, write_backup
from pos.store.engine import WriteLock, make_engine
from pos.store.file import SCHEMA, fault_in, faults_told, os_fault
from pos.store.inbox import TAKEN_IN
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.paths import ShopPaths
    from pos.store.oplog import Act, Tip
    from pos.store.upgrade import UpgradeStep


class CommitUnknownError(EnvironmentFault):
    """The commit raised and the database could not be asked whether the act is in it (trust.md §1.4)."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A database that did not fit its journal.

    Attributes:
        missing: operations of its own that it lacked.
        brought: how many of them came back.
        series: the code with which numbers go on.
        apart: the journal was another copy's; it was set aside.
    """

    missing: int
    brought: int
    series: str
    apart: bool


@dataclass(slots=True)
class Kept:
    """What every sale asks: good until another connection writes or a unit of this one fails.

    Attributes:
        version: SQLite's count of what others have written, as this connection sees it.
        who: the installation that acts and the code its numbers begin with.
        tip: the end of the log.
        rules: for the services to keep what they make of the settings.
    """

    version: int
    who: tuple[uuid.UUID, str] | None = None
    tip: Tip | None = None
    rules: Any = None


class WriteUnit:
    """One writing transaction: what is recorded in it is committed together or not at all.

    Attributes:
        connection: for reading inside the transaction.
        at_ms: the one time that all its operations carry.
        kept: what earlier units have read and nobody has changed since.
        recorded: how many operations there are so far.
        last: the last one's identity: found again, it tells that the commit arrived.
    """

    __slots__ = ("at_ms", "connection", "kept", "last", "recorded")

    def __init__(self, connection: Connection, at_ms: int, kept: Kept) -> None:
        self.connection = connection
        self.at_ms = at_ms
        self.kept = kept
        self.recorded = 0
        self.last: uuid.UUID | None = None

    @property
    def device_id(self) -> uuid.UUID:
        """Which installation acts."""
        return self._who()[0]

    @property
    def code(self) -> str:
        """The code its numbers begin with."""
        return self._who()[1]

    def _who(self) -> tuple[uuid.UUID, str]:
        if self.kept.who is None:
            row = _WHO.first(self.connection)
            self.kept.who = (row.device_id, row.code)
        return self.kept.who

    def found(self, device_id: uuid.UUID, code: str) -> None:
        """Say who acts, before the first operation of a new shop."""
        self.kept.who = (device_id, code)

    def record(self, *acts: Act) -> None:
        """Write operations and their rows."""
        self.record_all(acts)

    def record_all(self, acts: Sequence[Act]) -> None:
        """The same for many at once, in bulk."""
        tip = self.kept.tip or oplog.read_tip(self.connection)
        self.kept.tip, recorded = oplog.append(self.connection, acts, self.at_ms, tip)
        apply.apply(self.connection, self.device_id, recorded)
        self.recorded += len(recorded)
        if recorded:
            self.last = recorded[-1].op_id


class _Shared:
    """A transaction that many acts of one thread write into."""

    __slots__ = ("spoilt", "thread", "unit")

    def __init__(self, unit: WriteUnit, thread: int) -> None:
        self.unit, self.thread, self.spoilt = unit, thread, False

    @contextlib.contextmanager
    def act(self, at_ms: int) -> Iterator[WriteUnit]:
        """One of them, at its time."""
        self.unit.at_ms = at_ms
        try:
            yield self.unit
        except BaseException:
            self.spoilt = True  # it may have recorded half of what it had to
            raise


class Store:
    """The shop's database, opened. Threads may share it; writes are one at a time, here and across processes.

    A shop of an earlier release is brought to this one's schema first.

    Raises:
        PosError: what `schema_at` and `upgrade` raise.
    """

    def __init__(self, paths: ShopPaths, clock: Clock, log: EventLog) -> None:
        if schema_at(paths) < SCHEMA:
            bring_up(paths, clock, log)
        self.paths = paths
        self._clock = clock
        self._reader = make_engine(paths.database, writer=False)
        self._writer = make_engine(paths.database, writer=True)
        self._place = os.fspath(paths.database)
        self._file = self._file_now()
        self._write_connection: Connection | None = None
        self._log = log
        self.recovered: Recovered | None = None
        self._turn = threading.Lock()
        self._lock = WriteLock(paths.write_lock, keep=True)
        self._journal = journal.JournalWriter(paths, self._reader, log)
        self._caught_up = False
        self._kept: Kept | None = None
        self._watcher: Connection | None = None  # SQLite counts what others write for each connection apart
        self._watched: int | None = None
        self._shared: _Shared | None = None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        self._follow_replacement()
        with faults_told(), self._reader.connect() as connection, connection.begin():
            yield connection

    def write(self) -> AbstractContextManager[WriteUnit]:
        """One writing transaction, under the shop's lock.

        Inside `together` it joins the transaction of all, with the clock's time of its own.

        Raises:
            EnvironmentFault: ``shop_busy``, ``disk_full`` and the like: nothing was written.
            CommitUnknownError: ``commit_unknown``.
        """
        if self._shared is not None and self._shared.thread == threading.get_ident():
            return self._shared.act(self._clock.now_ms())
        return self._write_alone()

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Let many acts of this thread share one commit: all of them arrive or none does.

        For work in bulk, such as a history that is played in; a sale at the counter has a commit of its own.
        What `read` shows meanwhile is the shop as it was before. An act that raises spoils them all, even if
        its error is caught inside.

        Raises:
            EnvironmentFault: as `write`; nothing was written.
            BugError: ``bug``: an act failed and the work went on. Nothing was written.
        """
        with self._write_alone() as unit:
            self._shared = _Shared(unit, threading.get_ident())
            try:
                yield
                if self._shared.spoilt:
                    raise BugError("bug", kind="together")
            finally:
                self._shared = None

    @contextlib.contextmanager
    def _write_alone(self) -> Iterator[WriteUnit]:
        with self._turn, self._lock:
            self._follow_replacement()
            connection = self._open_for_writing()
            try:
                prepared.begin(connection)
                unit = WriteUnit(connection, self._clock.now_ms(), self._kept_for(connection))
                yield unit
            except BaseException as error:
                self._abandon()
                fault = fault_in(error)
                if fault is None:
                    raise
                raise fault from error
            try:
                self._commit(connection)
            except BaseException as error:
                # That it raised does not mean that it failed: the operation itself tells (trust.md §1.4).
                self._abandon()
                fault = fault_in(error)
                if fault is None:
                    raise
                if not self._arrived(unit):
                    raise fault from error
            else:
                if connection.info.pop(TAKEN_IN, False):
                    self._kept = None  # what others did may have changed settings and hats
        if unit.recorded or not self._caught_up:
            self._caught_up = True
            self._journal.wake()

    def _kept_for(self, connection: Connection) -> Kept:
        version = prepared.data_version(connection)
        if self._kept is None or self._kept.version != version:
            self._kept = Kept(version)
        return self._kept

    def _commit(self, connection: Connection) -> None:
        prepared.commit(connection)

    def changed(self) -> bool:
        """Whether anybody has written since this was asked last, this process included; for the window's thread."""
        self._follow_replacement()
        with faults_told():
            if self._watcher is None:
                self._watcher = self._reader.connect()
            version = prepared.data_version(self._watcher)
        before, self._watched = self._watched, version
        return before is not None and before != version

    def _unwatch(self) -> None:
        watcher, self._watcher, self._watched = self._watcher, None, None
        if watcher is not None:
            watcher.close()

    def _arrived(self, unit: WriteUnit) -> bool:
        """Whether the last operation of a unit stands in the database after all."""
        try:
            with self._reader.connect() as connection, connection.begin():
                found = connection.execute(select(t.op.c.n).where(t.op.c.op_id == unit.last)).first()
        except (DBAPIError, sqlite3.Error) as error:
            raise CommitUnknownError("commit_unknown") from error
        return found is not None

    def _file_now(self) -> tuple[int, int] | None:
        """Which file lies at the shop's place; asked of its name, since only SQLite may open it."""
        try:
            stat = os.stat(self._place)  # noqa: PTH116 - a sale asks this
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def _follow_replacement(self) -> None:
        """After another process restored a backup, go on with the file that is there now, not with the old one."""
        now = self._file_now()
        if now == self._file:
            return
        schema_at(self.paths)
        self._abandon()
        self._unwatch()
        self._reader.dispose()
        self._file, self._caught_up = now, False

    def _open_for_writing(self) -> Connection:
        """The one connection that writes; at its first opening the database is held against its tip."""
        if self._write_connection is None:
            with faults_told():
                connection = self._writer.connect()
                try:
                    if not self._caught_up:
                        self._recover(connection)
                except BaseException:
                    connection.close()
                    raise
            self._write_connection = connection
        return self._write_connection

    def _recover(self, connection: Connection) -> None:
        """Bring back what the journal holds beyond the database, and take a new series if there was any."""
        with connection.begin():
            found = recovery.compare(connection, journal.read_tip(self.paths))
            if found.standing == "level":
                return
            standing = found.standing
            if recovery.parted(connection, journal.read_operations(self.paths.journal)):
                standing = "forked"
            recovered = None
            if standing == "behind" or not recovery.just_restored(connection):
                recovered = self._bring_back(connection, standing, found.missing)
        if recovered is None:
            self._log.event("restore_finished")
        else:
            self._log.event(
                "recovered", standing=standing, missing=recovered.missing, brought=recovered.brought
            )
            self.recovered = recovered
        self._write_journal_anew()

    def _bring_back(self, connection: Connection, standing: recovery.Standing, missing: int) -> Recovered:
        brought = 0
        if standing == "behind":
            brought = recovery.replay(connection, journal.read_operations(self.paths.journal))
        unit = WriteUnit(connection, self._clock.now_ms(), Kept(0))
        act = recovery.rekey_act(connection, f"database_{standing}", journal.codes_given(self.paths))
        unit.record(act)
        apart = standing == "forked"
        return Recovered(0 if apart else missing, brought, str(act.body["code"]), apart)

    def _write_journal_anew(self) -> None:
        """The journal and the tip that are not this database's are set aside."""
        try:
            recovery.set_aside(self.paths, self.paths.tip, self.paths.journal)
            journal.rewrite(self.paths, self._writer)
        except (OSError, Timeout) as error:
            # The database is whole again; the journal is written at the next commit or start.
            self._log.crash("journal_not_written", error)

    def _abandon(self) -> None:
        """Throw the connection for writing away, and with it whatever was not committed or is kept of it."""
        connection, self._write_connection, self._kept = self._write_connection, None, None
        if connection is not None:
            with contextlib.suppress(DBAPIError, sqlite3.Error):
                connection.close()

    def catch_up_if_due(self, connection: Connection) -> None:
        """Let the second journal have what a crash kept from it."""
        outside = journal.read_tip(self.paths)
        if outside is None or outside.n < oplog.read_tip(connection).n:
            self._journal.wake()

    def settle(self) -> None:
        """Return once the second journal has everything that is committed."""
        self._journal.wake()
        self._journal.close()

    def forget(self) -> None:
        """After an erasure: what was erased leaves the second journal and the `-wal` as well.

        Raises:
            EnvironmentFault: the disk refused; the journal is tried again after the next commit.
        """
        self._journal.close()
        try:
            with self._turn, self._lock:
                connection = self._open_for_writing().connection.driver_connection
                assert isinstance(connection, sqlite3.Connection)
                with faults_told():  # where somebody is reading, the next checkpoint does it
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            journal.rewrite(self.paths, self._reader)
        except Timeout:
            raise EnvironmentFault("shop_busy") from None
        except OSError as error:
            raise os_fault(error, self.paths.journal) from error

    def backup(self, to: Path, at_ms: int, *, since: Tip | None = None) -> BackupFile:
        """Copy the shop into one finished file; `since` as `write_backup` has it."""
        return write_backup(self._reader, to, at_ms, since=since)

    def close(self) -> None:
        """Finish the journal and let go of the file."""
        self._journal.close()
        if self._write_connection is not None:
            self._write_connection.close()
            self._write_connection = None
        self._lock.close()
        self._unwatch()
        self._writer.dispose()
        self._reader.dispose()


_WHO = Prepared(select(t.installation.c.device_id, t.installation.c.code))


def bring_up(
    paths: ShopPaths, clock: Clock, log: EventLog, begun: Callable[[UpgradeStep], None] | None = None
) -> None:
    """Bring a shop of an earlier release to this one's schema, as `upgrade` does, and note it in the log."""
    from pos.store.upgrade import upgrade  # once in the life of a release

    done = upgrade(paths, clock, begun)
    if done is not None:
        log.event("upgraded", was=done.was, now=SCHEMA, backed_up=done.safety is not None)
