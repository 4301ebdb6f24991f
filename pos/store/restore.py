"""Putting a backup in the shop's place: built beside, closed, replaced in one step (trust.md §1.7)."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import Timeout
from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from pos.domain.times import Clock, dhaka_time
from pos.errors import EnvironmentFault, PosError, UserError
from pos.settings import sync_folder
from pos.store import apply, drafts, journal, migrate, oplog, recovery, verify
from pos.store import tables as t
from pos.store.backup import SUFFIX, BackupFile, describe, digest, sweep, unpack, write_backup
from pos.store.engine import WriteLock, fold, make_engine
from pos.store.file import SCHEMA, faults_told, os_fault, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pos.paths import ShopPaths
    from pos.protocol.operations import Operation

_NUMBERS_SHOWN = 20
_PREFIX = ".restoring-"


@dataclass(frozen=True, slots=True)
class Missing:
    """What the shop has and a backup lacks. `numbers` are the first twenty order numbers."""

    operations: int
    orders: int
    total_paisa: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would do. `current_shop` is None where there is no readable shop to replace.

    Where the journal is the source, `backup` describes it, and `unread` says how many of its entries do not
    read or are known to be missing.
    """

    backup: BackupFile
    missing: Missing
    current_shop: str | None
    same_vendor: bool
    replayable: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    preview: Preview
    device_code: str
    orders: int
    operations: int
    replayed: int
    safety: Path | None


def preview(paths: ShopPaths, backup: Path) -> Preview:
    """Look at a backup without changing anything.

    Raises:
        UserError: ``backup_missing``, ``backup_damaged``, ``backup_newer``.
    """
    with work_folder(paths, _PREFIX) as folder:
        return _compare(paths, unpack(backup, folder), folder / "shop.db")


def preview_journal(paths: ShopPaths) -> Preview:
    """Look at what the second journal alone would bring back, without changing anything.

    Raises:
        UserError: ``journal_missing``, ``journal_unreadable``.
    """
    with work_folder(paths, _PREFIX) as folder:
        return _rebuild(paths, folder / "shop.db")


def restore(
    paths: ShopPaths, clock: Clock, backup: Path, *, replay: bool = False, shop_name: str | None = None
) -> Restored:
    """Replace the shop by a backup. What is replaced is kept: as a backup where it reads, else set aside.

    Nobody in this process may have the shop open.

    Args:
        paths: the shop's files.
        clock: for the time of the new series.
        backup: the file to restore.
        replay: also bring back what the second journal holds beyond the backup.
        shop_name: the backup's shop, typed out; needed when it is another vendor's.

    Raises:
        UserError: as `preview`, and ``backup_other_shop``.
        EnvironmentFault: the machine refused; the present shop is untouched.
    """
    with _replacing(paths) as folder:
        seen = _compare(paths, unpack(backup, folder), folder / "shop.db")
        return _take_over(paths, clock, seen, folder / "shop.db", replay=replay, shop_name=shop_name)


def restore_from_journal(
    paths: ShopPaths, clock: Clock, *, partial: bool = False, shop_name: str | None = None
) -> Restored:
    """Replace the shop by what the second journal alone holds: the way back where there is no backup.

    Args:
        paths: the shop's files.
        clock: for the time of the new series.
        partial: take the journal's sound beginning even if later entries do not read or are missing.
        shop_name: the journal's shop, typed out; needed when it is another vendor's.

    Raises:
        UserError: as `preview_journal`; ``journal_broken``, unless `partial`; ``backup_other_shop``.
        EnvironmentFault: the machine refused; the present shop is untouched.
    """
    with _replacing(paths) as folder:
        seen = _rebuild(paths, folder / "shop.db")
        if seen.unread and not partial:
            raise UserError("journal_broken", read=seen.backup.manifest.operations, missing=seen.unread)
        # Replayed again, for what the present shop gives the journal before it goes.
        return _take_over(paths, clock, seen, folder / "shop.db", replay=True, shop_name=shop_name)


@contextmanager
def _replacing(paths: ShopPaths) -> Iterator[Path]:
    """The shop's lock, and a folder to build in."""
    try:
        paths.make()
    except OSError as error:
        raise os_fault(error, paths.database) from error
    with WriteLock(paths.write_lock), work_folder(paths, _PREFIX) as folder:
        yield folder


def _take_over(
    paths: ShopPaths, clock: Clock, seen: Preview, fresh: Path, *, replay: bool, shop_name: str | None
) -> Restored:
    shop = seen.backup.manifest.shop
    if not seen.same_vendor and shop_name != shop:
        raise UserError("backup_other_shop", shop=shop, current=seen.current_shop or "")
    safety = _keep_present(paths, clock)
    code, operations, orders, replayed = _prepare(paths, fresh, clock, replay=replay)
    try:
        put_in_place(paths, fresh)
    except OSError as error:
        raise os_fault(error, paths.database) from error
    _write_journal_anew(paths)
    return Restored(seen, code, orders, operations, replayed, safety)


def _write_journal_anew(paths: ShopPaths) -> None:
    """The replaced shop's journal and tip go aside, only now: until here they might be all that is left of it.

    Cut off before this, the next write finds a journal that is not this shop's, and sets it aside then.
    """
    engine = make_engine(paths.database, writer=False)
    try:
        recovery.set_aside(paths, paths.tip, paths.journal)
        journal.rewrite(paths, engine)
    except (OSError, Timeout):
        pass  # the shop is in place; the next start writes its journal
    finally:
        engine.dispose()


@contextmanager
def work_folder(paths: ShopPaths, prefix: str) -> Iterator[Path]:
    """A folder to build a shop's file in, gone afterwards; what a killed process left of its kind goes too."""
    # Beside the shop, so that it can be renamed into place; a preview of a shop to be has no folder yet.
    within = paths.home if paths.home.is_dir() else None
    try:
        if within is not None:
            sweep(within, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    except OSError as error:
        raise os_fault(error, paths.database) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(paths: ShopPaths, file: BackupFile, fresh: Path) -> Preview:
    with _open(fresh) as connection:
        # One that was made with a quick look gets the whole one now.
        if not verify.verify(connection, whole=not file.manifest.whole).ok:
            raise UserError("backup_damaged", file=file.path.name)
        return _preview(paths, file, connection, unread=0)


def _rebuild(paths: ShopPaths, fresh: Path) -> Preview:
    """A fresh shop file, made of the journal's sound beginning and verified whole."""
    if not paths.journal.is_file():
        raise UserError("journal_missing")
    at_ms, vendor = 0, _vendor_of_journal(paths)
    if vendor is None:
        raise UserError("journal_unreadable")
    migrate.create(fresh)
    engine = make_engine(fresh, writer=True)
    try:
        with faults_told(), engine.begin() as connection:
            read = recovery.replay(connection, journal.read_operations(paths.journal))
            if not read or not verify.verify(connection).ok:
                raise UserError("journal_unreadable")
            at_ms = int(connection.exec_driver_sql("SELECT max(at_ms) FROM op").scalar_one())
            manifest = describe(connection, at_ms, digest(paths.journal))
            file = BackupFile(paths.journal, manifest, manifest.sha256)
            return _preview(paths, file, connection, unread=max(0, journal.known_length(paths) - read))
    finally:
        engine.dispose()


def _preview(paths: ShopPaths, file: BackupFile, connection: Connection, *, unread: int) -> Preview:
    missing, name, vendor = _present(paths, connection)
    return Preview(
        backup=file,
        missing=missing,
        current_shop=name,
        same_vendor=vendor in (None, file.manifest.vendor),
        replayable=_replayable(paths, oplog.read_tip(connection)),
        unread=unread,
    )


@contextmanager
def _open(path: Path) -> Iterator[Connection]:
    engine = make_engine(path, writer=False)
    try:
        with faults_told(), engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _present(paths: ShopPaths, backup: Connection) -> tuple[Missing, str | None, str | None]:
    """What the present shop has and the backup lacks; told by the second journal if the shop cannot be read."""
    try:
        schema_of(paths.database)
        with _open(paths.database) as connection:
            row = connection.execute(select(t.installation.c.vendor_id)).one()
            name = connection.execute(
                select(t.setting.c.value).where(t.setting.c.key == "shop.name")
            ).scalar()
            return (
                _count(oplog.read_after(connection, _common(connection, backup))),
                str(msgspec.json.decode(name)) if name else "",
                row.vendor_id.hex,
            )
    except (PosError, NoResultFound, ValueError, TypeError, AttributeError):
        operations = journal.read_operations(paths.journal)
        lacking = (o for o in operations if oplog.hash_at(backup, o.n) != o.hash)
        return _count(lacking), None, _vendor_of_journal(paths)


def _common(one: Connection, other: Connection) -> int:
    """The last position that two logs share: equal hashes there mean that all before is equal as well."""
    low, high = 0, min(oplog.read_tip(one).n, oplog.read_tip(other).n)
    while low < high:
        middle = (low + high + 1) // 2
        if oplog.hash_at(one, middle) == oplog.hash_at(other, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _vendor_of_journal(paths: ShopPaths) -> str | None:
    first = next(journal.read_operations(paths.journal), None)
    if first is None or first.kind not in ("shop.founded", "device.joined"):
        return None
    return str(msgspec.json.decode(first.body)["vendor"])


def _count(operations: Iterable[Operation]) -> Missing:
    count = orders = total = 0
    numbers: list[str] = []
    for operation in operations:
        count += 1
        if operation.kind == "order.confirmed":
            body = msgspec.json.decode(operation.body)
            orders += 1
            total += body["total"]
            if len(numbers) < _NUMBERS_SHOWN:
                numbers.append(body["number"])
    return Missing(count, orders, total, tuple(numbers))


def _replayable(paths: ShopPaths, tip: oplog.Tip) -> int:
    """How many operations of the second journal continue the backup's chain."""
    return sum(1 for _ in journal.continuing(tip.n, tip.hash, journal.read_operations(paths.journal)))


def _keep_present(paths: ShopPaths, clock: Clock) -> Path | None:
    """A safety backup of the present shop; None where it cannot be read (then its files are set aside whole)."""
    if not paths.database.exists():
        return None
    path = new_backup_path(paths.backups, clock.now_ms(), "before-restore")
    try:
        schema_of(paths.database)
        engine = make_engine(paths.database, writer=True)
    except PosError:
        return None
    try:
        made = write_backup(engine, path, clock.now_ms()).path
        # What was sold last may not be in the journal yet, from which a replay brings it back.
        journal.catch_up(paths, engine, whole=True)
        fold(engine, paths.database)
    except EnvironmentFault as fault:
        if fault.code in ("disk_full", "folder_read_only", "disk_error", "shop_busy"):
            raise  # without a copy nothing is replaced
        return None
    except Timeout:
        raise EnvironmentFault("shop_busy") from None
    except OSError as error:
        raise os_fault(error, paths.database) from error
    finally:
        engine.dispose()
    return made


def new_backup_path(folder: Path, at_ms: int, why: str) -> Path:
    """A free name for a backup made now, with Dhaka's time and the reason in it."""
    stem = f"{dhaka_time(at_ms):%Y-%m-%d-%H%M%S}-{why}"
    path, k = folder / f"{stem}{SUFFIX}", 1
    while path.exists():
        path, k = folder / f"{stem}-{k}{SUFFIX}", k + 1
    return path


def _prepare(paths: ShopPaths, fresh: Path, clock: Clock, *, replay: bool) -> tuple[str, int, int, int]:
    """Beside the shop: what the journal adds, then the new series. Returns code, operations, orders, replayed."""
    if schema_of(fresh) < SCHEMA:
        migrate.migrate(fresh)
    engine = make_engine(fresh, writer=True)
    try:
        with faults_told(), engine.begin() as connection:
            brought = 0
            if replay:
                brought = recovery.replay(connection, journal.read_operations(paths.journal))
            act = recovery.rekey_act(connection, "restore", _codes_of(paths))
            device_id = connection.execute(select(t.installation.c.device_id)).scalar_one()
            tip, recorded = oplog.append(connection, [act], clock.now_ms(), oplog.read_tip(connection))
            apply.apply(connection, device_id, recorded)
            drafts.renew(connection, clock.now_ms())
            orders = int(connection.exec_driver_sql("SELECT count(*) FROM orders").scalar_one())
        fold(engine, fresh)
    finally:
        engine.dispose()
    return act.body["code"], tip.n, orders, brought


def _codes_of(paths: ShopPaths) -> set[str]:
    """Codes that gave numbers in the shop that is being replaced, as far as that can be told."""
    return journal.codes_given(paths) | {
        msgspec.json.decode(o.body)["series"][0]
        for o in journal.read_operations(paths.journal)
        if o.kind == "order.confirmed"
    }


def put_in_place(paths: ShopPaths, fresh: Path) -> None:
    """The present files are kept aside; the fresh one takes the place in one step.

    At no instant is there no shop. A `-wal` goes first: what it held is folded in by now, and beside the fresh
    file it would bring the old shop back.
    """
    home = paths.home
    recovery.set_aside(paths, home / "shop.db-wal", home / "shop.db-shm")
    recovery.keep_copy(paths, paths.database)
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(fresh, paths.database)
    sync_folder(home)
