"""The second place of backups, which the vendor chooses: a USB stick, a folder on another disk.

The newest backup of the shop's own folder is copied there as the finished file that it is. A stick is out more
often than in: that costs the backup on this computer nothing, and once the stick is back the newest follows.
"""

from __future__ import annotations

import errno
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos.domain.retention import kept
from pos.errors import EnvironmentFault, UserError
from pos.store.backup import SUFFIX, copy_backup, read_manifest

if TYPE_CHECKING:
    from pos.services.desk import Desk

_FULL: Final = {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])}
# What keeps itself up, and so is thinned out by itself; a copy that a person asked for stays.
_BY_ITSELF: Final = re.compile(r"\d{4}-\d\d-\d\d-\d{6}-(regular|closing)(-\d+)?")


class SecondPlace:
    """Where copies of backups go, if anywhere.

    Attributes:
        fault: why the newest backup is not there; None where it is, or where no place was chosen.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.fault: EnvironmentFault | None = None

    @property
    def folder(self) -> Path | None:
        """What the setting `backup.folder` names."""
        named = str(self._desk.device.all()["backup.folder"])
        return Path(named) if named else None

    def has(self, backup: Path) -> bool:
        """Whether a backup of the shop's own folder lies there too."""
        folder = self.folder
        with suppress(OSError):
            return folder is not None and (folder / backup.name).stat().st_size == backup.stat().st_size
        return False

    def follow(self, backup: Path | None) -> None:
        """Bring this backup there if it is not there yet; what prevents it is kept as `fault`, never raised.

        Cheap where nothing is to be done, so that it may be asked every minute.
        """
        self.fault = self._bring(backup)

    def _bring(self, backup: Path | None) -> EnvironmentFault | None:
        folder = self.folder
        if folder is None or backup is None or self.has(backup):
            return None
        try:
            if not folder.is_dir():
                return EnvironmentFault("backup_folder_missing", folder=str(folder))
            if self._stranger(folder / backup.name, backup):
                return EnvironmentFault("second_place_refused", folder=str(folder))
            copy_backup(backup, folder)
            self._thin_out(folder, backup)
        except UserError:
            return None  # it was thinned out meanwhile: a newer one follows
        except OSError as error:
            if error.errno in _FULL:
                return EnvironmentFault("second_place_full", folder=str(folder))
            return EnvironmentFault("second_place_refused", folder=str(folder))
        return None

    def _stranger(self, there: Path, backup: Path) -> bool:
        """Whether another shop's backup has that very name there."""
        try:
            return read_manifest(there).vendor != read_manifest(backup).vendor
        except UserError:
            return False  # nothing is there, or the broken half of a file of ours

    def _thin_out(self, folder: Path, backup: Path) -> None:
        """Let go of old ones that came by themselves, so that a stick does not fill up; nothing else is touched."""
        vendor = read_manifest(backup).vendor
        made: dict[Path, int] = {}
        for path in folder.glob(f"*{SUFFIX}"):
            if _BY_ITSELF.fullmatch(path.name.removesuffix(SUFFIX)):
                with suppress(UserError):
                    manifest = read_manifest(path)
                    if manifest.vendor == vendor:
                        made[path] = manifest.made_at_ms
        for path in made.keys() - kept(made, self._desk.clock.now_ms()):
            with suppress(OSError):
                path.unlink()
