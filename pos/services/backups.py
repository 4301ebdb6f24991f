"""Backups of the open shop; restoring, which needs the shop closed, is `pos.store.restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

        Raises:
            EnvironmentFault: ``disk_full`` and the like, ``backup_not_sound``.
        """
        at_ms = self._desk.clock.now_ms()
        if to is None or to.is_dir():
            to = new_backup_path(to or self._paths.backups, at_ms, why)
        return self._desk.store.backup(to, at_ms)
