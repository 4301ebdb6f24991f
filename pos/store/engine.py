"""Opening the shop's file, and the two kinds of transaction: reading and writing.

The recipe and its reasons are trust.md §1 and toolchain.md §4: WAL with synchronous=FULL, BEGIN IMMEDIATE for
every write, one connection that writes, and one OS lock for the length of every writing transaction, the
window's or a command's. What is measured there is not argued here again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from pos.errors import BugError, EnvironmentFault, PosError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x48415448  # "HATH": tells a shop from any other SQLite file
SCHEMA = 3  # PRAGMA user_version; one more with every migration
LOCK_SECONDS = 15.0
_LOCK_POLL_SECONDS = 0.002
_BUSY_MS = 5000

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def _connect_pragmas(connection: Any, *, writer: bool) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "synchronous=FULL",
        "temp_store=MEMORY",
        "cache_size=-16000",
        "secure_delete=ON",  # an erased buyer's name must not live on in the file's free places
        # Only the holder of the write lock checkpoints (SQLite 3.7.0-3.51.2 can corrupt a file otherwise).
        f"wal_autocheckpoint={1000 if writer else 0}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    if writer:
        mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        full = cursor.execute("PRAGMA synchronous").fetchone()[0]
        if (mode, full) != ("wal", 2):
            raise EnvironmentFault("disk_cannot_keep", mode=str(mode), synchronous=int(full))
    else:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def make_engine(path: Path, *, writer: bool) -> Engine:
    """An engine on the file at `path`. It must exist: nothing here makes an empty shop in silence."""
    uri = f"{path.absolute().as_uri()}?{'mode=rw' if writer else _way_to_read(path, 'mode=rw')}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False, cached_statements=256),
        poolclass=QueuePool if not writer else NullPool,
        **({} if writer else {"pool_size": 4, "max_overflow": 8, "pool_reset_on_return": "rollback"}),
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        _connect_pragmas(connection, writer=writer)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:  # the store begins its own
            driver.execute(begin)

    return engine


def _way_to_read(path: Path, way: str) -> str:
    """A shop on a stick set to read-only can still be looked at; the usual way SQLite wants to make a -shm."""
    wal = path.with_name(path.name + "-wal")
    alone = not wal.exists() or not wal.stat().st_size
    return "immutable=1" if alone and not os.access(path.parent, os.W_OK) else way


class WriteLock:
    """One OS lock per shop, held for every writing transaction; a crash frees it, whatever is on disk.

    `filelock` keeps the journal's lock; here its care for every kind of lock took a sixth of a sale's time.
    """

    def __init__(self, path: Path, *, seconds: float = LOCK_SECONDS, keep: bool = False) -> None:
        """The lock at `path`, for one thread at a time; a `with` block waits for it and holds it.

        Args:
            path: the lock's file, made where it is missing.
            seconds: how long to wait.
            keep: leave the file open between holdings, until `close`.
        """
        self._path = path
        self._seconds = seconds
        self._keep = keep
        self._handle: int | None = None

    def __enter__(self) -> None:
        """Wait for the lock.

        Raises:
            EnvironmentFault: ``shop_busy`` when the time is over, ``folder_read_only`` if it cannot be made.
        """
        try:
            self._take(time.monotonic() + self._seconds)
        except OSError as error:
            self.close()
            raise os_fault(error, self._path) from error
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        """Let go of the lock."""
        assert self._handle is not None
        _let_go(self._handle)
        if not self._keep:
            self.close()

    def close(self) -> None:
        """Let go of the lock's file."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def _take(self, until: float) -> None:
        while True:
            if self._handle is None:
                self._handle = self._open()
            self._wait(self._handle, until)
            if os.fstat(self._handle).st_nlink:
                return
            self.close()  # somebody has deleted the file: whoever comes now locks another one

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            # Made only where it is missing: asking to make it would wait for whatever else the folder is doing.
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)

    def _wait(self, handle: int, until: float) -> None:
        while not _lock_now(handle):
            if time.monotonic() >= until:
                raise EnvironmentFault("shop_busy")
            time.sleep(_LOCK_POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _lock_now(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _let_go(handle: int) -> None:
        with contextlib.suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock_now(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def os_fault(error: OSError, path: Path) -> EnvironmentFault:
    """What the operating system's refusal means to a vendor."""
    if error.errno in _DISK_FULL:
        return EnvironmentFault("disk_full", place=path.parent.name)
    if isinstance(error, FileNotFoundError):
        return EnvironmentFault("file_missing", file=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFault("folder_read_only", place=path.parent.name)
    return EnvironmentFault("disk_error", file=path.name)


def sqlite_fault(error: BaseException) -> PosError:
    """What SQLite's refusal means to a vendor. Anything that is not about the machine is a bug of ours."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlite_errorcode", None)
    if code is None:  # raised by Python's own layer: text that is no text any more
        return EnvironmentFault("database_damaged") if "utf-8" in str(origin).lower() else _bug(error)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return EnvironmentFault("shop_busy")
        case sqlite3.SQLITE_FULL:
            return EnvironmentFault("disk_full", place="")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return EnvironmentFault("folder_read_only", place="")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return EnvironmentFault("database_damaged")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return EnvironmentFault("disk_error", file="shop.db")
        case _:
            return _bug(error)


def _bug(error: BaseException) -> PosError:
    return BugError("bug", kind=type(error).__name__)


def fold(engine: Engine, path: Path) -> None:
    """Put all that is in the `-wal` into the file itself and close, so that the file may be moved alone.

    Raises:
        EnvironmentFault: the disk refused; then the file alone would lack what was last committed to it.
    """
    with faults_told(), engine.connect() as connection:
        # Outside a transaction, and closing alone would pass over a full disk in silence.
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    engine.dispose()
    if busy:
        raise EnvironmentFault("shop_busy")
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise EnvironmentFault("disk_error", file=path.name)


@contextlib.contextmanager
def faults_told() -> Iterator[None]:
    """Turn what SQLite and the system raise into errors with a sentence."""
    try:
        yield
    except Exception as error:
        fault = fault_in(error)
        if fault is None:
            raise
        raise fault from error


def fault_in(error: BaseException) -> PosError | None:
    """What SQLite or the system has raised, as an error with a sentence; None for anything else."""
    if isinstance(error, (DBAPIError, sqlite3.Error)):
        return sqlite_fault(error)
    if isinstance(error, UnicodeDecodeError):  # names inside a damaged schema, in SQLite's own message
        return EnvironmentFault("database_damaged")
    return None


def schema_of(path: Path) -> int:
    """The schema number of the shop at `path`, without touching it.

    Raises:
        UserError: ``shop_missing``, ``database_newer``.
        EnvironmentFault: ``database_damaged``, ``database_foreign``, ``folder_read_only``.
    """
    if not path.exists():
        raise UserError("shop_missing")
    if not os.access(path, os.R_OK):
        raise EnvironmentFault("folder_read_only", place=path.parent.name)
    uri = f"{path.absolute().as_uri()}?{_way_to_read(path, 'mode=ro')}"
    with faults_told():
        connection = sqlite3.connect(uri, uri=True)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    if application != APPLICATION_ID:
        raise EnvironmentFault("database_foreign" if path.stat().st_size else "database_damaged")
    if version > SCHEMA:
        raise UserError("database_newer", theirs=version, ours=SCHEMA)
    return version
