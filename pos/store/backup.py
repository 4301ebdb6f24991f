"""Backup files: one finished file that proves itself, or none (trust.md §1.6).

A backup is a ZIP with two members: `shop.db` and `manifest.json`, which carries the digest of the first. The
ZIP's comment, its last 64 bytes, is the digest of all bytes before it: only a digest finds every flipped bit.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import struct
import tempfile
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Engine, select

from pos.errors import ConflictError, EnvironmentFault, UserError
from pos.settings import sync_folder
from pos.store import oplog, sales, verify
from pos.store import tables as t
from pos.store.engine import make_engine
from pos.store.file import SCHEMA, faults_told, os_fault, schema_of

if TYPE_CHECKING:
    from pos.paths import ShopPaths

SUFFIX = ".hatkhata"
_DATABASE, _MANIFEST = "shop.db", "manifest.json"
_BLOCK = 1 << 20
_MANIFEST_LIMIT = 1 << 16
_SEAL_BYTES = 64  # sha256 as hex
_LEFT_OVER_SECONDS = 24 * 3600
# What unpacking raises on a file that is no backup or no longer one.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
    struct.error,
)


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    vendor: str  # id, hex
    shop: str
    device_code: str
    made_at_ms: int
    orders: int
    total_paisa: int
    last_order_at_ms: int | None
    operations: int
    tip: str
    sha256: str  # of shop.db
    schema: int
    whole: bool = True  # every operation was held against its rows; else only those since an earlier backup


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A finished backup: where it is, what it says, and the digest of the whole file."""

    path: Path
    manifest: Manifest
    sha256: str


def write_backup(engine: Engine, path: Path, at_ms: int, *, since: oplog.Tip | None = None) -> BackupFile:
    """Copy the shop into `path`: beside, verified by reading it again, then renamed into place.

    Args:
        engine: the shop's database.
        path: where the finished file goes.
        at_ms: the time it carries.
        since: up to which operation an earlier backup found everything sound; the log is then read from there
            on. A shop in which that operation does not stand is checked from its beginning.

    Raises:
        EnvironmentFault: ``disk_full`` and the like, ``backup_not_sound``; nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, ".making-")
        work = Path(tempfile.mkdtemp(prefix=".making-", dir=path.parent))
    except OSError as error:
        raise os_fault(error, path) from error
    try:
        copy = work / _DATABASE
        with faults_told():
            copy_database(engine, copy)
        manifest = _describe(copy, at_ms, since)
        beside = work / f"finished{SUFFIX}"  # a name of its own, whatever the target is called
        _pack(beside, copy, manifest)
        with tempfile.TemporaryDirectory(dir=work) as again:
            read_back = unpack(beside, Path(again))  # what was written is read again before it is called done
            assert read_back.manifest == manifest
        os.replace(beside, path)
        sync_folder(path.parent)
        return BackupFile(path, manifest, digest(path))
    except OSError as error:
        raise os_fault(error, path) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def copy_backup(backup: Path, folder: Path) -> None:
    """Copy a finished backup into another folder under its own name: beside, read back, then renamed into place.

    Raises:
        OSError: the place refused, or gave back other bytes; nothing of it has the name of a backup.
    """
    sweep(folder, ".making-")
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        beside = work / backup.name
        shutil.copyfile(backup, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if digest(beside) != digest(backup):
            raise OSError(errno.EIO, "the copy is not what was written")
        os.replace(beside, folder / backup.name)
        sync_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def copy_database(engine: Engine, copy: Path) -> None:
    """Copy the database into a file that is not there yet, with all that is committed to it, and fsync it.

    One step of the online backup: a chunked one starts again at every commit and may never end.
    """
    with engine.connect() as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        target = sqlite3.connect(copy, isolation_level=None)
        try:
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, that a stick set to read-only can open
        finally:
            target.close()
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _describe(copy: Path, at_ms: int, since: oplog.Tip | None) -> Manifest:
    engine = make_engine(copy, writer=False)
    try:
        with engine.connect() as connection, connection.begin():
            known = since is not None and oplog.hash_at(connection, since.n) == since.hash
            report = verify.verify(connection, whole=not known, since=since if known else None)
            if not report.ok:
                raise EnvironmentFault("backup_not_sound", problems=[p.code for p in report.problems])
            return msgspec.structs.replace(describe(connection, at_ms, digest(copy)), whole=not known)
    finally:
        engine.dispose()


def describe(connection: Connection, at_ms: int, sha256: str) -> Manifest:
    """What a copy of this database, made now, says of itself."""
    device = connection.execute(select(t.installation)).one()
    orders, total, last = sales.totals(connection)
    tip = oplog.read_tip(connection)
    name = connection.execute(select(t.setting.c.value).where(t.setting.c.key == "shop.name")).scalar()
    return Manifest(
        vendor=device.vendor_id.hex,
        shop=msgspec.json.decode(name) if name else "",
        device_code=device.code,
        made_at_ms=at_ms,
        orders=orders,
        total_paisa=total,
        last_order_at_ms=last,
        operations=tip.n,
        tip=tip.hash.hex(),
        sha256=sha256,
        schema=int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()),
    )


def sweep(folder: Path, prefix: str) -> None:
    """Remove work folders that a killed process left behind; a day old, so that none is still in use."""
    for left in folder.glob(f"{prefix}*"):
        try:
            if time.time() - left.stat().st_mtime > _LEFT_OVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue


def _pack(path: Path, copy: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr(_MANIFEST, msgspec.json.encode(manifest))
        package.write(copy, _DATABASE)
        package.comment = bytes(_SEAL_BYTES)
    seal = _seal_of(path)
    with path.open("rb+") as file:
        file.seek(-_SEAL_BYTES, os.SEEK_END)
        file.write(seal)
        file.flush()
        os.fsync(file.fileno())


def _seal_of(path: Path) -> bytes:
    """The digest, as hex, of all but the last bytes, which are the place for it."""
    left = path.stat().st_size - _SEAL_BYTES
    found = hashlib.sha256()
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            found.update(block)
            left -= len(block)
    return found.hexdigest().encode()


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _SEAL_BYTES))
        return file.read() == _seal_of(path)


def unpack(path: Path, folder: Path) -> BackupFile:
    """Take the database out of a backup into `folder` and hold it against its digest.

    Raises:
        UserError: ``backup_missing``, ``backup_damaged``, ``backup_newer``.
        EnvironmentFault: there is no room for it.
    """
    manifest = read_manifest(path)
    if not _is_whole(path):
        raise UserError("backup_damaged", file=path.name)
    target = folder / _DATABASE
    found = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as package, package.open(_DATABASE) as source, target.open("wb") as file:
            while block := source.read(_BLOCK):
                found.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except _DAMAGE as error:
        raise UserError("backup_damaged", file=path.name) from error
    except OSError as error:
        raise os_fault(error, target) from error
    if found.hexdigest() != manifest.sha256:
        raise UserError("backup_damaged", file=path.name)
    return BackupFile(path, manifest, digest(path))


def try_restore(path: Path) -> BackupFile:
    """Restore a backup beside itself on trial: unpacked, opened, every rule asked of it; nothing is left of it.

    Raises:
        UserError: ``backup_missing``, ``backup_damaged``, ``backup_newer``.
        EnvironmentFault: there is no room for it.
    """
    from pos.store import migrate

    try:
        sweep(path.parent, ".trying-")
        folder = Path(tempfile.mkdtemp(prefix=".trying-", dir=path.parent))
    except OSError as error:
        raise os_fault(error, path) from error
    try:
        found = unpack(path, folder)
        if found.manifest.schema < SCHEMA:
            migrate.migrate(folder / _DATABASE)
        try:
            there = _describe(folder / _DATABASE, found.manifest.made_at_ms, None)
        except EnvironmentFault as fault:
            if fault.code != "backup_not_sound":
                raise
            raise UserError("backup_damaged", file=path.name) from fault
        if (there.orders, there.operations, there.tip) != (
            found.manifest.orders,
            found.manifest.operations,
            found.manifest.tip,
        ):
            raise UserError("backup_damaged", file=path.name)
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself, without unpacking it.

    Raises:
        UserError: ``backup_missing``, ``backup_damaged``, ``backup_newer``.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_MANIFEST).file_size > _MANIFEST_LIMIT:
                raise UserError("backup_damaged", file=path.name)
            manifest = msgspec.json.decode(package.read(_MANIFEST), type=Manifest)
    except FileNotFoundError:
        raise UserError("backup_missing", file=path.name) from None
    except (*_DAMAGE, OSError) as error:
        raise UserError("backup_damaged", file=path.name) from error
    if manifest.schema > SCHEMA:
        raise UserError("backup_newer", file=path.name, theirs=manifest.schema, ours=SCHEMA)
    return manifest


def newest_backup(folder: Path) -> Path | None:
    """The backup to go back to first: the one written last."""
    return max(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, default=None)


def refuse_lost(paths: ShopPaths) -> None:
    """A missing shop beside its own backups or journal is a lost one: nobody is told to found a new one.

    Raises:
        ConflictError: ``shop_lost``, with the name of the newest backup.
    """
    if paths.database.exists():
        return
    kept = paths.backups.exists() and any(paths.backups.iterdir())
    if kept or paths.journal.exists() or paths.tip.exists():
        newest = newest_backup(paths.backups)
        raise ConflictError("shop_lost", backup=newest.name if newest else "")


def schema_at(paths: ShopPaths) -> int:
    """As `schema_of`, for a shop with its folder.

    Raises:
        ConflictError: ``shop_lost`` instead of ``shop_missing``, where one was.
    """
    refuse_lost(paths)
    return schema_of(paths.database)


def digest(path: Path) -> str:
    """sha256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
