"""Backups of the open shop; restoring, which needs the shop closed, is `pos.store.restore`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pos.domain.retention import kept
from pos.errors import UserError
from pos.store.backup import SUFFIX, read_manifest
from pos.store.restore import new_backup_path

if TYPE_CHECKING:
    from pathlib import Path

    from pos.paths import ShopPaths
    from pos.services.desk import Desk
    from pos.store.backup import BackupFile


class Backups:
    """Copies of the shop."""

    def __init__(self, desk: Desk, paths: ShopPaths) -> None:
        self._desk = desk
        self._paths = paths

    def make(self, to: Path | None = None, *, why: str = "backup") -> BackupFile:
        """Write a backup: into the shop's own folder, or into a folder or file that the vendor names.

        In its own folder old ones are thinned out afterwards; what the vendor put elsewhere is never touched.

        Raises:
            EnvironmentFault: ``disk_full`` and the like, ``backup_not_sound``.
        """
        at_ms = self._desk.clock.now_ms()
        own = to is None
        if to is None or to.is_dir():
            to = new_backup_path(to or self._paths.backups, at_ms, why)
        made = self._desk.store.backup(to, at_ms)
        if own:
            self._thin_out(at_ms)
        return made

    def _thin_out(self, now_ms: int) -> None:
        """Delete old backups from the shop's own folder; one that does not read is left for a person to judge."""
        made: dict[Path, int] = {}
        for path in self._paths.backups.glob(f"*{SUFFIX}"):
            with suppress(UserError):
                made[path] = read_manifest(path).made_at_ms
        for path in made.keys() - kept(made, now_ms):
            with suppress(OSError):
                path.unlink()
