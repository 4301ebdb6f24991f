"""Backups of the open shop; restoring, which needs the shop closed, is `pos.store.restore`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import select

from pos.domain.retention import kept
from pos.errors import ConflictError, UserError
from pos.store import tables as t
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

        A file's name gets the ending of backups if it lacks it. In its own folder old ones are thinned out
        afterwards; what the vendor put elsewhere is never touched.

        Raises:
            ConflictError: ``backup_place_taken`` by something that is not a backup of this shop.
            EnvironmentFault: ``disk_full`` and the like, ``backup_not_sound``.
        """
        at_ms = self._desk.clock.now_ms()
        own = to is None
        if to is not None:
            self._refuse_own(to)
        if to is None or to.is_dir():
            to = new_backup_path(to or self._paths.backups, at_ms, why)
        else:
            to = to if to.suffix.lower() == SUFFIX else to.with_name(to.name + SUFFIX)
            self._refuse_stranger(to)
        made = self._desk.store.backup(to, at_ms)
        if own:
            self._thin_out(at_ms)
        return made

    def _refuse_own(self, to: Path) -> None:
        """A backup never takes the place of the shop itself, nor lies among its inner folders."""
        paths = self._paths
        own = {
            getattr(paths, name) for name, member in vars(type(paths)).items() if isinstance(member, property)
        }
        own |= {paths.database.with_name(paths.database.name + end) for end in ("-wal", "-shm")}
        if to.resolve() in {place.resolve() for place in own - {paths.backups}}:
            raise ConflictError("backup_place_taken", file=to.name)

    def _refuse_stranger(self, to: Path) -> None:
        """What is there already may be replaced only if it is an older backup of this very shop."""
        if not to.exists():
            return
        try:
            vendor = read_manifest(to).vendor
        except UserError:
            vendor = None
        with self._desk.store.read() as connection:
            mine = connection.execute(select(t.installation.c.vendor_id)).scalar_one()
        if vendor != mine.hex:
            raise ConflictError("backup_place_taken", file=to.name)

    def _thin_out(self, now_ms: int) -> None:
        """Delete old backups from the shop's own folder; one that does not read is left for a person to judge."""
        made: dict[Path, int] = {}
        for path in self._paths.backups.glob(f"*{SUFFIX}"):
            with suppress(UserError):
                made[path] = read_manifest(path).made_at_ms
        for path in made.keys() - kept(made, now_ms):
            with suppress(OSError):
                path.unlink()
