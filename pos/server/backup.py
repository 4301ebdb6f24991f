"""A copy of the server's database while it serves: written beside, looked over, then given its name."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from pos.domain.times import dhaka_time
from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.settings import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

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
        UserError: ``database_missing``: there is nothing to copy yet.
        EnvironmentFault: ``pg_dump_missing``, ``pg_dump_failed``, ``server_backup_failed``.
    """
    parsed = make_url(url)
    lite = parsed.get_backend_name() == "sqlite"
    stamp = dhaka_time(now_ms).strftime("%Y%m%d-%H%M%S")
    target = out or folder / f"server-{stamp}.{'db' if lite else 'dump'}"
    if target.exists():
        raise ConflictError("backup_there_already", file=target.name)
    beside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        operations = _copied(parsed, beside) if lite else None
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


def _copied(url: URL, beside: Path) -> int:
    source_uri = f"file:{url.database}?mode=ro"
    try:
        source = sqlite3.connect(source_uri, uri=True)
        source.execute("SELECT 1 FROM operation LIMIT 1")
    except sqlite3.OperationalError:
        raise UserError("database_missing") from None
    target = sqlite3.connect(beside)
    try:
        os.chmod(beside, 0o600)  # noqa: PTH101 - what buyers entrusted to their shops is in it
        source.backup(target)  # in one step: a chunked one begins anew at every commit
    finally:
        target.close()
        source.close()
    looked = sqlite3.connect(f"file:{beside}?mode=ro", uri=True)
    try:
        if looked.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise EnvironmentFault("server_backup_failed", file=beside.name)
        return int(looked.execute("SELECT count(*) FROM operation").fetchone()[0])
    finally:
        looked.close()


def _dumped(url: URL, beside: Path) -> None:
    tool = shutil.which("pg_dump")
    if tool is None:
        raise EnvironmentFault("pg_dump_missing")
    # The password goes by the environment, where `ps` does not show it.
    where = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environ = dict(os.environ)
    if url.password is not None:
        environ["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603 - a tool found on the path, and a URL of the keeper's own
        [tool, "--format=custom", f"--file={beside}", "--dbname", where],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise EnvironmentFault("pg_dump_failed", status=done.returncode)
