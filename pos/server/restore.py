"""A backup of the server's SQLite database put back, with a new epoch; what was there is kept under another name."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from pos.domain.times import dhaka_time
from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.server.backup import copied
from pos.server.engine import APPLICATION_ID, open_database, read_url
from pos.server.home import claimed, give_to_owner
from pos.server.office import Office
from pos.settings import sync_folder

if TYPE_CHECKING:
    from pos.domain.times import Clock


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back.

    Attributes:
        aside: what was there before; None where there was nothing.
    """

    file: Path
    operations: int
    epoch: str
    aside: Path | None


def restore(url: str, backup: Path, clock: Clock) -> Restored:
    """Put a backup into the place of the database of this URL, and begin a new epoch in it.

    At every instant there is a whole database, or the damaged one that was there.

    Raises:
        UserError: ``restore_by_pg_restore``, ``backup_unusable``, ``server_database_newer``,
            ``database_url_unclear``.
        ConflictError: ``server_runs_already``.
        EnvironmentFault: ``server_restore_failed``, ``server_home_unwritable``.
    """
    parsed = read_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise UserError("restore_by_pg_restore")
    place = Path(str(parsed.database)).absolute()
    with claimed(place):
        beside = place.with_name(f".{place.name}.restore")
        try:
            _clear(beside)  # of a restore that was cut off
            operations = _proved(backup, beside)
            epoch = _begun_anew(beside, clock)
            aside = _set_aside(place, clock.now_ms())
            os.replace(beside, place)
            sync_folder(place.parent)
        except (OSError, sqlite3.OperationalError, OperationalError) as error:
            raise EnvironmentFault("server_restore_failed", file=backup.name) from error
        finally:
            with contextlib.suppress(OSError):
                _clear(beside)
    return Restored(place, operations, epoch, aside)


def _clear(file: Path) -> None:
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _proved(backup: Path, beside: Path) -> int:
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    give_to_owner(beside)
    used = backup.with_name(f"{backup.name}-wal").exists()  # what lies in it belongs to the file
    try:
        operations = copied(backup, beside, "mode=ro" if used else "immutable=1")
        with contextlib.closing(sqlite3.connect(beside)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, UserError):
        ours = False
    if not ours:
        raise UserError("backup_unusable", file=backup.name)
    return operations


def _begun_anew(beside: Path, clock: Clock) -> str:
    database = open_database(URL.create("sqlite", database=str(beside)).render_as_string())
    try:
        database.migrate()
        epoch = Office(database, clock).new_epoch()
    finally:
        database.close()  # the last to go folds what was written into the file
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    return epoch


def _set_aside(place: Path, now_ms: int) -> Path | None:
    """Keep the present database under another name; what is left of it in its place is the one file.

    Raises:
        ConflictError: ``server_runs_already``.
    """
    if not place.exists():
        return None
    stem = f"{place.stem}-before-{dhaka_time(now_ms):%Y%m%d-%H%M%S}"
    aside, k = place.with_name(f"{stem}{place.suffix}"), 1
    while aside.exists():
        aside, k = place.with_name(f"{stem}-{k}{place.suffix}"), k + 1
    log = aside.with_name(f"{aside.name}-wal")
    with contextlib.suppress(FileNotFoundError):  # first: SQLite throws away the log of what it cannot read
        shutil.copy2(f"{place}-wal", log)
    try:
        folded = _folded(place)
    except ConflictError:
        log.unlink(missing_ok=True)
        raise
    if folded:
        log.unlink(missing_ok=True)
    try:
        aside.hardlink_to(place)
    except OSError:  # a file system without links
        shutil.copy2(place, aside)
    sync_folder(place.parent)
    for end in ("-wal", "-shm"):  # beside the restored file they would bring the old one back, or damage it
        place.with_name(place.name + end).unlink(missing_ok=True)
    return aside


def _folded(place: Path) -> bool:
    """Bring what lies in the log of a sound database into its file; False where it cannot be read."""
    with contextlib.closing(sqlite3.connect(place, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            left: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise ConflictError("server_runs_already", file=place.name) from None
            return False
    return left == 0
