"""Where a server's data lives. `HATKHATA_SERVER_HOME` overrides the place that the system gives applications."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.errors import ConflictError, EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOME_VARIABLE = "HATKHATA_SERVER_HOME"
DATABASE_VARIABLE = "HATKHATA_SERVER_DATABASE"


@dataclass(frozen=True, slots=True)
class ServerHome:
    """The files of one server."""

    folder: Path

    @property
    def database(self) -> str:
        """The URL of the SQLite file that serves where nobody names another database."""
        from sqlalchemy import URL  # a command that asks for help does without

        return URL.create("sqlite", database=str(self.folder / "server.db")).render_as_string()

    @property
    def logs(self) -> Path:
        """The rotating log, without personal data."""
        return self.folder / "logs"

    @property
    def backups(self) -> Path:
        """Finished backups."""
        return self.folder / "backups"

    def make(self) -> None:
        """Make the folder, for its owner only.

        Raises:
            EnvironmentFault: ``server_home_unwritable``.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentFault("server_home_unwritable", folder=self.folder.name) from error


def server_home(environ: Mapping[str, str] | None = None) -> ServerHome:
    """The place of this process's server."""
    override = (os.environ if environ is None else environ).get(HOME_VARIABLE)
    if override:
        return ServerHome(Path(override).expanduser().absolute())
    from platformdirs import user_data_path

    return ServerHome(user_data_path("hatkhata-server", appauthor=False, roaming=False))


@contextlib.contextmanager
def claimed(database: Path) -> Iterator[None]:
    """Keep others from serving this SQLite file, or putting another one into its place, for the length of the block.

    Raises:
        ConflictError: ``server_runs_already``.
        EnvironmentFault: ``server_home_unwritable``.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{database}.lock", blocking=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise ConflictError("server_runs_already", file=database.name) from None
    except OSError as error:
        raise EnvironmentFault("server_home_unwritable", folder=str(database.parent)) from error
    try:
        give_to_owner(Path(lock.lock_file))
        yield
    finally:
        lock.release()


def give_to_owner(file: Path) -> None:
    """Hand a file to whoever owns its folder: one of root's would shut the server out."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = file.parent.stat()
        os.chown(file, owner.st_uid, owner.st_gid)
