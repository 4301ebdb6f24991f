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
from pos.store import apply, journal, oplog, recovery, verify
from pos.store import tables as t
from pos.store.backup import SUFFIX, BackupFile, sweep, unpack, write_backup
from pos.store.engine import WriteLock, faults_told, fold, make_engine, os_fault, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pos.paths import ShopPaths
    from pos.protocol.operations import Operation

_NUMBERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """What the shop has and a backup lacks. `numbers` are the first twenty order numbers."""

    operations: int
    orders: int
    total_paisa: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would do. `current_shop` is None where there is no readable shop to replace."""

    backup: BackupFile
    missing: Missing
    current_shop: str | None
    same_vendor: bool
    replayable: int


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
    with _unpacked(paths, backup) as (file, folder):
        return _compare(paths, file, folder / "shop.db")


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
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise os_fault(error, paths.database) from error
    with WriteLock(paths.write_lock).held(), _unpacked(paths, backup) as (file, folder):
        fresh = folder / "shop.db"
        seen = _compare(paths, file, fresh)
        if not seen.same_vendor and shop_name != file.manifest.shop:
            raise UserError("backup_other_shop", shop=file.manifest.shop, current=seen.current_shop or "")
        safety = _keep_present(paths, clock)
        code, operations, orders, replayed = _prepare(paths, fresh, clock, replay=replay)
        try:
            recovery.set_aside(paths, paths.journal, paths.tip)
            _replace(paths, fresh)
        except OSError as error:
            raise os_fault(error, paths.database) from error
    engine = make_engine(paths.database, writer=False)
    try:
        journal.rewrite(paths, engine)
    except (OSError, Timeout):
        pass  # the shop is in place; the next start writes its journal
    finally:
        engine.dispose()
    return Restored(seen, code, orders, operations, replayed, safety)


@contextmanager
def _unpacked(paths: ShopPaths, backup: Path) -> Iterator[tuple[BackupFile, Path]]:
    # Beside the shop, so that it can be renamed into place; a preview of a shop to be has no folder yet.
    within = paths.home if paths.home.is_dir() else None
    try:
        if within is not None:
            sweep(within, ".restoring-")
        folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=within))
    except OSError as error:
        raise os_fault(error, paths.database) from error
    try:
        yield unpack(backup, folder), folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(paths: ShopPaths, file: BackupFile, fresh: Path) -> Preview:
    with _open(fresh) as connection:
        tip = oplog.read_tip(connection)
        report = verify.verify(connection, whole=False)
    if not report.ok:
        raise UserError("backup_damaged", file=file.path.name)
    missing, name, vendor = _present(paths, tip.n)
    return Preview(
        backup=file,
        missing=missing,
        current_shop=name,
        same_vendor=vendor in (None, file.manifest.vendor),
        replayable=_replayable(paths, tip),
    )


@contextmanager
def _open(path: Path) -> Iterator[Connection]:
    engine = make_engine(path, writer=False)
    try:
        with faults_told(), engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _present(paths: ShopPaths, n: int) -> tuple[Missing, str | None, str | None]:
    """What the present shop has beyond operation `n`; read from the second journal if the shop cannot be read."""
    try:
        schema_of(paths.database)
        with _open(paths.database) as connection:
            row = connection.execute(select(t.installation.c.vendor_id)).one()
            name = connection.execute(
                select(t.setting.c.value).where(t.setting.c.key == "shop.name")
            ).scalar()
            return (
                _count(oplog.read_after(connection, n)),
                str(msgspec.json.decode(name)) if name else "",
                row.vendor_id.hex,
            )
    except (PosError, NoResultFound, ValueError, TypeError, AttributeError):
        beyond = (o for o in journal.read_operations(paths.journal) if o.n > n)
        return _count(beyond), None, _vendor_of_journal(paths)


def _vendor_of_journal(paths: ShopPaths) -> str | None:
    first = next(journal.read_operations(paths.journal), None)
    if first is None or first.kind != "shop.founded":
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
    n, prev, count = tip.n, tip.hash, 0
    for operation in journal.read_operations(paths.journal):
        if operation.n <= n:
            continue
        if operation.n != n + 1 or operation.prev_hash != prev:
            break
        n, prev, count = operation.n, operation.hash, count + 1
    return count


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
        journal.catch_up(paths, engine)
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
    engine = make_engine(fresh, writer=True)
    try:
        with faults_told(), engine.begin() as connection:
            brought = 0
            if replay:
                brought = recovery.replay(connection, journal.read_operations(paths.journal))
            act = recovery.rekey_act(connection, "restore", _codes_of(paths))
            device_id = connection.execute(select(t.installation.c.device_id)).scalar_one()
            _, recorded = oplog.append(connection, [act], clock.now_ms())
            apply.apply(connection, device_id, recorded)
            operations = oplog.read_tip(connection).n
            orders = int(connection.exec_driver_sql("SELECT count(*) FROM orders").scalar_one())
        fold(engine, fresh)
    finally:
        engine.dispose()
    return act.body["code"], operations, orders, brought


def _codes_of(paths: ShopPaths) -> set[str]:
    """Codes that gave numbers in the shop that is being replaced, as far as that can be told."""
    return journal.codes_given(paths) | {
        msgspec.json.decode(o.body)["series"][0]
        for o in journal.read_operations(paths.journal)
        if o.kind == "order.confirmed"
    }


def _replace(paths: ShopPaths, fresh: Path) -> None:
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
