"""A copy of the server's database while it serves: written beside, looked over, then given its name."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.domain.times import dhaka_time
from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.server.engine import OFFICE_ROLE, read_url
from pos.settings import sync_folder

if TYPE_CHECKING:
    from sqlalchemy import URL


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A finished backup."""

    file: Path
    operations: int | None
    sha256: str


def back_up(url: str, folder: Path, now_ms: int, out: Path | None = None) -> BackupFile:
    """Copy the database of this URL.

    Args:
        url: SQLite's file, or a PostgreSQL, for which `pg_dump` must be there.
        folder: where backups go that nobody names a place for.
        now_ms: the time in their names.
        out: the file to write, which must not exist.

    Raises:
        ConflictError: ``backup_there_already``.
        UserError: ``database_missing``: there is nothing to copy yet; ``database_url_unclear``.
        EnvironmentFault: ``pg_dump_missing``, ``pg_dump_failed``, ``server_backup_failed``.
    """
    parsed = read_url(url)
    lite = parsed.get_backend_name() == "sqlite"
    stamp = dhaka_time(now_ms).strftime("%Y%m%d-%H%M%S")
    target = out or folder / f"server-{stamp}.{'db' if lite else 'dump'}"
    if target.exists():
        raise ConflictError("backup_there_already", file=target.name)
    beside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        # For this account alone from its first byte on: what buyers entrusted to their shops is in it.
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        operations = copied(Path(str(parsed.database)), beside) if lite else None
        if not lite:
            _dumped(parsed, beside)
        with beside.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        os.replace(beside, target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentFault("server_backup_failed", file=target.name) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return BackupFile(target, operations, digest)


def copied(source: Path, target: Path, how: str = "mode=ro") -> int:
    """Copy a server's SQLite database, whoever uses it meanwhile, and look the copy over.

    Args:
        source: the database.
        target: an empty file.
        how: as what SQLite opens it; ``immutable=1`` for a file that nobody uses, which may lie where none may write.

    Returns:
        How many operations it holds.

    Raises:
        UserError: ``database_missing``: there is none, or nothing in it yet.
        sqlite3.Error: it is damaged, or the copy could not be written.
    """
    try:
        reader = sqlite3.connect(_uri(source, how), uri=True)
    except sqlite3.OperationalError:
        raise UserError("database_missing", where=str(source)) from None
    with contextlib.closing(reader), contextlib.closing(sqlite3.connect(target)) as writer:
        try:
            reader.execute("SELECT 1 FROM operation LIMIT 1")
        except sqlite3.OperationalError:
            raise UserError("database_missing", where=str(source)) from None
        reader.backup(writer)  # in one step: a chunked one begins anew at every commit
    # SQLite would leave two files beside a finished backup that it takes for a database in use.
    with contextlib.closing(sqlite3.connect(_uri(target, "immutable=1"), uri=True)) as looked:
        found = looked.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        return int(looked.execute("SELECT count(*) FROM operation").fetchone()[0])


def _uri(file: Path, how: str) -> str:
    return f"{file.absolute().as_uri()}?{how}"


def _dumped(url: URL, beside: Path) -> None:
    tool = shutil.which("pg_dump")
    if tool is None:
        raise EnvironmentFault("pg_dump_missing")
    # The password goes by the environment, where `ps` does not show it.
    where = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environ = dict(os.environ)
    if url.password is not None:
        environ["PGPASSWORD"] = str(url.password)
    # Row-level security holds the tables' owner too; the office's policies give it every row.
    done = subprocess.run(  # noqa: S603 - a tool found on the path, and a URL of the keeper's own
        [
            tool, "--format=custom", f"--role={OFFICE_ROLE}", "--enable-row-security",
            f"--file={beside}", "--dbname", where,
        ],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # what it has to complain of is for whoever runs this
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise EnvironmentFault("pg_dump_failed", status=done.returncode)
