"""Opening the shop's file, and the two kinds of transaction: reading and writing.

The recipe and its reasons are trust.md §1 and toolchain.md §4: WAL with synchronous=FULL, BEGIN IMMEDIATE for
every write, one connection that writes, and one OS lock for the length of every writing transaction, the
window's or a command's. What is measured there is not argued here again.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from pos.errors import EnvironmentFault
from pos.store.file import connect, faults_told, os_fault

if TYPE_CHECKING:
    from pathlib import Path

LOCK_SECONDS = 15.0
_LOCK_POLL_SECONDS = 0.002


def make_engine(path: Path, *, writer: bool) -> Engine:
    """An engine on the file at `path`. It must exist: nothing here makes an empty shop in silence."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, writer=writer),
        poolclass=QueuePool if not writer else NullPool,
        **({} if writer else {"pool_size": 4, "max_overflow": 8, "pool_reset_on_return": "rollback"}),
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:  # the store begins its own
            driver.execute(begin)

    return engine


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
