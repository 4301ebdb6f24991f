"""Backups of the open shop; restoring, which needs the shop closed, is `pos.store.restore`."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path  # noqa: TC003 - msgspec resolves the fields' types
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from pos.domain.retention import kept
from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.services.checked import Checked, read_checked, write_checked
from pos.services.second_place import SecondPlace
from pos.store import oplog
from pos.store import tables as t
from pos.store.backup import SUFFIX, read_manifest, try_restore
from pos.store.restore import new_backup_path

if TYPE_CHECKING:
    from pos.paths import ShopPaths
    from pos.services.desk import Desk
    from pos.store.backup import BackupFile, Manifest

EVERY_MS = 30 * 60_000  # trust.md §3
WHOLE_EVERY_MS = 24 * 3_600_000
LATE_AFTER_MS = 24 * 3_600_000
PROVE_EVERY_MS = 30 * 24 * 3_600_000


class BackupStatus(msgspec.Struct, frozen=True):
    """How safe the shop is. Instants are UTC milliseconds, None where it never was.

    `operations_since` and `orders_since` are not in the newest backup yet; `tested_at_ms` is when a backup was
    last restored on trial, or written with everything in it checked and read back; `late` means that what is
    new has waited for a day. `second` says whether the newest lies in the second place too, None where none was
    chosen; `second_fault` why it could not be brought there.
    """

    last_at_ms: int | None
    last_file: Path | None
    size_bytes: int
    orders: int
    operations_since: int
    orders_since: int
    tested_at_ms: int | None
    tested_file: str
    late: bool
    second: bool | None
    second_fault: EnvironmentFault | None


class BackupEntry(msgspec.Struct, frozen=True):
    """A backup to choose from. What `readable` denies is not known: then only file and size are."""

    file: Path
    size_bytes: int
    readable: bool
    made_at_ms: int | None = None
    shop: str = ""
    orders: int = 0
    total_paisa: int = 0
    last_order_at_ms: int | None = None


class Backups:
    """Copies of the shop."""

    def __init__(self, desk: Desk, paths: ShopPaths) -> None:
        self._desk = desk
        self._paths = paths
        self.second = SecondPlace(desk)

    def make(self, to: Path | None = None, *, why: str = "backup", quick: bool = False) -> BackupFile:
        """Write a backup: into the shop's own folder, or into a folder or file that the vendor names.

        A file's name gets the ending of backups if it lacks it. In its own folder old ones are thinned out
        afterwards; what the vendor put elsewhere is never touched.

        Args:
            to: where; the shop's own folder if left out.
            why: a word in the name of a file that is given one here.
            quick: read the log only from where it was found sound before; see `pos.services.checked`.

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
        before = read_checked(self._paths.checked)
        made = self._desk.store.backup(to, at_ms, since=before.tip if quick else None)
        # Its bytes were read back and held against the digest of the copy that all of this was asked of.
        self._remember(before, made, at_ms, proved=made.manifest.whole)
        if own:
            self._thin_out(at_ms)
        return made

    def keep_up(self, *, closing: bool = False) -> BackupFile | None:
        """Make the backup that is due, if one is: the one call of whoever keeps the time.

        Everything is read once a day; in between only what is new, some seconds of a big shop. The newest is
        brought to the second place as well, whether it was made now or waits for a stick since; where that
        cannot be reached, `second.fault` says so and the backup counts all the same.

        Args:
            closing: the shop is being closed, or a hat has ended.

        Raises:
            EnvironmentFault: as `make`.
        """
        now_ms = self._desk.clock.now_ms()
        made = None
        if self.due(now_ms, closing=closing):
            last = read_checked(self._paths.checked).whole_at_ms
            fresh = last is not None and 0 <= now_ms - last < WHOLE_EVERY_MS
            made = self.make(why="closing" if closing else "regular", quick=fresh)
        self.follow()
        return made

    def follow(self) -> EnvironmentFault | None:
        """Bring the newest backup to the second place, if there is one and it is not there; what prevented it."""
        newest = self._newest() if self.second.folder is not None else None
        self.second.follow(newest[0] if newest is not None else None)
        return self.second.fault

    def due(self, now_ms: int, *, closing: bool = False) -> bool:
        """Whether a backup is due: something was written since the newest one, and half an hour is over.

        Cheap enough to be asked every minute. A clock that was set back does not put it off.
        """
        newest = self._newest()
        with self._desk.store.read() as connection:
            tip = oplog.read_tip(connection)
        if newest is None:
            return True
        made = newest[1]
        if (made.operations, made.tip) == (tip.n, tip.hash.hex()):
            return False
        return closing or not 0 <= now_ms - made.made_at_ms < EVERY_MS

    def status(self) -> BackupStatus:
        """What the Backup page says at its head."""
        checked = read_checked(self._paths.checked)
        newest = self._newest()
        path, made = newest if newest is not None else (None, None)
        begin = made.operations if made is not None else 0
        with self._desk.store.read() as connection:
            tip = oplog.read_tip(connection)
            level = made is not None and made.tip == tip.hash.hex()
            orders = 0 if level else oplog.count_after(connection, begin, "order.confirmed")
        age = self._desk.clock.now_ms() - made.made_at_ms if made is not None else -1
        return BackupStatus(
            last_at_ms=made.made_at_ms if made is not None else None,
            last_file=path,
            size_bytes=path.stat().st_size if path is not None else 0,
            orders=made.orders if made is not None else 0,
            operations_since=0 if level else max(0, tip.n - begin),
            orders_since=orders,
            tested_at_ms=checked.proved_at_ms,
            tested_file=checked.proved_file,
            late=not level and not 0 <= age < LATE_AFTER_MS,
            second=None if self.second.folder is None else path is not None and self.second.has(path),
            second_fault=self.second.fault,
        )

    def covers(self) -> int:
        """Up to which position of the log the newest backup goes; 0 without one, or where it is of another log."""
        newest = self._newest()
        if newest is None:
            return 0
        made = newest[1]
        with self._desk.store.read() as connection:
            known = oplog.hash_at(connection, made.operations)
        return made.operations if known is not None and known.hex() == made.tip else 0

    def list(self) -> list[BackupEntry]:
        """The backups in the shop's own folder, the newest first; a file that does not read is among them."""
        entries = [_entry(path) for path in self._paths.backups.glob(f"*{SUFFIX}")]
        return sorted(entries, key=lambda e: (e.made_at_ms or 0, e.file.name), reverse=True)

    def proof_due(self, now_ms: int) -> bool:
        """Whether it is a month since a backup was last restored on trial, and there is one to be tried."""
        if self._newest() is None:
            return False
        last = read_checked(self._paths.checked).proved_at_ms
        return last is None or not 0 <= now_ms - last < PROVE_EVERY_MS

    def prove(self) -> tuple[Path, ...]:
        """Restore the newest backup, and an older one drawn by lot, on trial; check everything in them.

        It is done in a folder beside them that is gone afterwards; the shop goes on meanwhile.

        Returns:
            The files that were tried.

        Raises:
            UserError: ``backup_none``, ``backup_damaged``.
            EnvironmentFault: ``disk_full`` and the like.
        """
        files = sorted(self._paths.backups.glob(f"*{SUFFIX}"), key=lambda p: p.stat().st_mtime, reverse=True)
        if not files:
            raise UserError("backup_none")
        tried = [files[0], *([secrets.choice(files[1:])] if len(files) > 1 else [])]
        for path in tried:
            try_restore(path)
        at_ms = self._desk.clock.now_ms()
        before = read_checked(self._paths.checked)
        write_checked(
            self._paths.checked,
            msgspec.structs.replace(before, proved_at_ms=at_ms, proved_file=files[0].name),
        )
        return tuple(tried)

    def _remember(self, before: Checked, made: BackupFile, at_ms: int, *, proved: bool) -> None:
        """The log is sound up to the copy's end; only a whole look counts as having looked at everything."""
        manifest = made.manifest
        after = Checked(
            n=manifest.operations,
            hash=manifest.tip,
            whole_at_ms=at_ms if manifest.whole else before.whole_at_ms,
            proved_at_ms=at_ms if proved else before.proved_at_ms,
            proved_file=made.path.name if proved else before.proved_file,
        )
        write_checked(self._paths.checked, after)

    def _newest(self) -> tuple[Path, Manifest] | None:
        """The newest backup that reads; usually the first that is looked at."""
        files = sorted(self._paths.backups.glob(f"*{SUFFIX}"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in files:
            with suppress(UserError):
                return path, read_manifest(path)
        return None

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


def _entry(path: Path) -> BackupEntry:
    size = path.stat().st_size
    try:
        made = read_manifest(path)
    except UserError:
        return BackupEntry(path, size, readable=False)
    return BackupEntry(
        file=path,
        size_bytes=size,
        readable=True,
        made_at_ms=made.made_at_ms,
        shop=made.shop,
        orders=made.orders,
        total_paisa=made.total_paisa,
        last_order_at_ms=made.last_order_at_ms,
    )
