"""A shop's file as SQLite sees it: how it is opened, what it is, and what its refusals mean to a vendor.

Nothing here is SQLAlchemy's, which takes longer to import than a window to open.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from typing import TYPE_CHECKING

from pos.errors import BugError, EnvironmentFault, PosError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID = 0x48415448  # "HATH": tells a shop from any other SQLite file
SCHEMA = 4  # PRAGMA user_version; one more with every migration
_BUSY_MS = 5000

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def connect(path: Path, *, writer: bool) -> sqlite3.Connection:
    """A connection of the driver's to the shop at `path`, which must exist; nothing begins by itself on it.

    Raises:
        EnvironmentFault: ``disk_cannot_keep``.
        sqlite3.Error: what `fault_in` knows.
    """
    uri = f"{path.absolute().as_uri()}?{'mode=rw' if writer else _way_to_read(path, 'mode=rw')}"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, cached_statements=256)
    try:
        _set_pragmas(connection, writer=writer)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_pragmas(connection: sqlite3.Connection, *, writer: bool) -> None:
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


def _way_to_read(path: Path, way: str) -> str:
    """A shop on a stick set to read-only can still be looked at; the usual way SQLite wants to make a -shm."""
    wal = path.with_name(path.name + "-wal")
    alone = not wal.exists() or not wal.stat().st_size
    return "immutable=1" if alone and not os.access(path.parent, os.W_OK) else way


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
    if isinstance(getattr(error, "orig", error), sqlite3.Error):
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
