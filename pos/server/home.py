"""Where a server's data lives. `HATKHATA_SERVER_HOME` overrides the place that the system gives applications."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_VARIABLE = "HATKHATA_SERVER_HOME"
DATABASE_VARIABLE = "HATKHATA_SERVER_DATABASE"


@dataclass(frozen=True, slots=True)
class ServerHome:
    """The files of one server."""

    folder: Path

    @property
    def database(self) -> str:
        """The URL of the SQLite file that serves where nobody names another database."""
        return f"sqlite:///{self.folder / 'server.db'}"

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
