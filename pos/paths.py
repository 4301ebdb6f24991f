"""Where a shop's data lives. `HATKHATA_HOME` overrides the place that the system gives applications."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

HOME_VARIABLE = "HATKHATA_HOME"
# Folders that copy themselves into the network file by file: a database there is torn sooner or later.
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud")


@dataclass(frozen=True, slots=True)
class ShopPaths:
    """The files of one shop, all inside `home`."""

    home: Path

    @property
    def database(self) -> Path:
        """The shop itself."""
        return self.home / "shop.db"

    @property
    def write_lock(self) -> Path:
        """Held by an OS lock for the length of every writing transaction."""
        return self.home / "write.lock"

    @property
    def window_lock(self) -> Path:
        """Held by an OS lock as long as a window shows the shop."""
        return self.home / "window.lock"

    @property
    def window_call(self) -> Path:
        """Made by a second window that found the lock taken; the first one comes forward."""
        return self.home / "window.call"

    @property
    def journal(self) -> Path:
        """The second journal: every confirmed operation, one a line."""
        return self.home / "ops.jsonl"

    @property
    def tip(self) -> Path:
        """How far the chain and the numbers had come: seen even if the database is gone or old."""
        return self.home / "tip.json"

    @property
    def journal_lock(self) -> Path:
        """Held while the second journal is written."""
        return self.home / "journal.lock"

    @property
    def settings(self) -> Path:
        """Settings of this device alone."""
        return self.home / "device.json"

    @property
    def pins(self) -> Path:
        """PINs of the operators at this counter, hashed."""
        return self.home / "pins.json"

    @property
    def first_run(self) -> Path:
        """What was typed in the first run, until it is finished."""
        return self.home / "first-run.json"

    @property
    def devices(self) -> Path:
        """The vendor's devices as the server told them last."""
        return self.home / "devices.json"

    @property
    def checked(self) -> Path:
        """How far this device has checked the shop's data, and when it last proved a backup."""
        return self.home / "checked.json"

    @property
    def support(self) -> Path:
        """Files made for whoever helps, without personal data."""
        return self.home / "support"

    @property
    def backups(self) -> Path:
        """Finished backups."""
        return self.home / "backups"

    @property
    def set_aside(self) -> Path:
        """Files that a restore replaced: nothing is thrown away."""
        return self.home / "set-aside"

    @property
    def logs(self) -> Path:
        """The rotating log, without personal data."""
        return self.home / "logs"

    @property
    def papers(self) -> Path:
        """Where papers go when nobody names a place."""
        return self.home / "papers"

    @property
    def pictures(self) -> Path:
        """Pictures of products."""
        return self.home / "pictures"

    def make(self) -> None:
        """Make the folder, for its owner only: buyers' names and phones are in it.

        Raises:
            OSError: as the system says.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)

    def synced_by(self) -> str | None:
        """The name of the file-syncing service that seems to own the folder, if any."""
        for part in self.home.parts:
            for name in _SYNCED:
                if part.lower().startswith(name):
                    return part
        return None


def shop_paths(environ: dict[str, str] | None = None) -> ShopPaths:
    """The paths of the shop this process works on."""
    environ = dict(os.environ) if environ is None else environ
    override = environ.get(HOME_VARIABLE)
    if override:
        return ShopPaths(Path(override).expanduser().absolute())
    from platformdirs import user_data_path

    return ShopPaths(user_data_path("hatkhata", appauthor=False, roaming=False))


def resource(*parts: str) -> Traversable:
    """A file that is shipped with the app, in source and in frozen builds alike."""
    return _resources().joinpath(*parts)


@cache
def _resources() -> Traversable:
    return files("resources")
