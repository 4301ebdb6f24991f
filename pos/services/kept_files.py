"""What lies beside the shop: the backup to go back to when the shop is gone, and what restores have set aside."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - msgspec resolves the fields' types
from typing import TYPE_CHECKING, Final

import msgspec

from pos.store import backup

if TYPE_CHECKING:
    from pos.paths import ShopPaths

BACKUP_ENDING: Final = backup.SUFFIX


class SetAside(msgspec.Struct, frozen=True):
    """A file that a restore replaced and kept; `at_ms` is when it was last written, UTC milliseconds."""

    file: Path
    size_bytes: int
    at_ms: int


def newest_backup(paths: ShopPaths) -> Path | None:
    """The backup written last, for a shop that is gone; None where there is none."""
    return backup.newest_backup(paths.backups)


def set_aside_files(paths: ShopPaths) -> list[SetAside]:
    """What restores have replaced and kept, the latest first."""
    found = []
    for file in paths.set_aside.glob("*") if paths.set_aside.is_dir() else ():
        seen = file.stat()
        found.append(SetAside(file, seen.st_size, int(seen.st_mtime * 1000)))
    return sorted(found, key=lambda item: (item.at_ms, item.file.name), reverse=True)
