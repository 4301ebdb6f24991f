"""Founding a shop: built beside, then put in place whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.domain.ids import uuid7
from pos.domain.numbering import parse_device_code
from pos.domain.phones import parse_phone
from pos.domain.text import clean_name
from pos.errors import ConflictError, EnvironmentFault
from pos.log import EventLog
from pos.paths import ShopPaths
from pos.settings import DeviceSettings, setting, sync_folder
from pos.store import migrate
from pos.store.backup import refuse_lost
from pos.store.engine import WriteLock, fold, make_engine
from pos.store.file import os_fault
from pos.store.oplog import Act
from pos.store.store import Store

if TYPE_CHECKING:
    import uuid

    from pos.domain.times import Clock


@dataclass(frozen=True, slots=True)
class Founded:
    """A new shop."""

    vendor: str
    device_code: str
    home: Path


def found_shop(
    paths: ShopPaths,
    clock: Clock,
    *,
    vendor: str,
    phone: str,
    code: str = "A",
    lang: str = "bn",
    demo: bool = False,
) -> Founded:
    """Make a shop in an empty folder, or one that does not exist yet.

    Args:
        paths: where.
        clock: the time of its founding.
        vendor: the shop's name, also its owner's until she names operators.
        phone: the shop's own phone.
        code: device code, 1-2 letters.
        lang: language of this device.
        demo: a throw-away shop, whose clock may be set.

    Raises:
        UserError: ``name_empty``, ``phone_unclear``, ``device_code_unclear``, ``setting_choice``.
        ConflictError: ``shop_exists``, ``shop_lost`` (backups or a journal lie there, but no shop).
        EnvironmentFault: the folder cannot be written.
    """
    name = clean_name(vendor, field="vendor")
    number = parse_phone(phone)
    code = parse_device_code(code)
    language = setting("lang").check(lang)
    try:
        paths.make()
        with WriteLock(paths.write_lock):
            _refuse_present(paths)
            beside = ShopPaths(Path(tempfile.mkdtemp(prefix=".founding-", dir=paths.home)))
            try:
                _write(beside, clock, name, number, code, demo=demo)
                DeviceSettings(beside.settings).put("lang", language)
                if language == "en":
                    DeviceSettings(beside.settings).put("digits", "latin")
                _put_in_place(beside, paths)
            finally:
                shutil.rmtree(beside.home, ignore_errors=True)
    except OSError as error:
        raise os_fault(error, paths.database) from error
    return Founded(name, code, paths.home)


def _refuse_present(paths: ShopPaths) -> None:
    if paths.database.exists():
        raise ConflictError("shop_exists")
    refuse_lost(paths)


def _write(beside: ShopPaths, clock: Clock, name: str, phone: str, code: str, *, demo: bool) -> None:
    migrate.create(beside.database)
    now = clock.now_ms()
    vendor_id, device_id, owner_id = uuid7(now), uuid7(now), uuid7(now)
    store = Store(beside, clock, EventLog(beside.logs))
    try:
        with store.write() as unit:
            unit.found(device_id, code)
            unit.record_all(
                [
                    Act("shop.founded", "device", device_id.bytes, _founding(vendor_id, code, demo=demo)),
                    Act("operator.added", "operator", owner_id.bytes, {"name": name, "role": "owner"}),
                    _setting(owner_id, "shop.name", name),
                    _setting(owner_id, "shop.phone", phone),
                ]
            )
        store.settle()
    finally:
        store.close()
    engine = make_engine(beside.database, writer=True)
    try:
        fold(engine, beside.database)  # only the file itself is moved into place
    finally:
        engine.dispose()


def _founding(vendor_id: uuid.UUID, code: str, *, demo: bool) -> dict[str, object]:
    return {"vendor": vendor_id.hex, "code": code, "demo": demo}


def _setting(by: uuid.UUID, key: str, value: str) -> Act:
    body = {"by": by.hex, "key": key, "value": value, "over": {"value": None}}
    return Act("setting.set", "setting", key.encode(), body)


def _put_in_place(beside: ShopPaths, paths: ShopPaths) -> None:
    """The shop first: a journal without a shop would look like a lost one."""
    for source, target in (
        (beside.database, paths.database),
        (beside.settings, paths.settings),
        (beside.journal, paths.journal),
        (beside.tip, paths.tip),
    ):
        if not source.exists():
            raise EnvironmentFault("disk_error", file=source.name)
        os.replace(source, target)
    sync_folder(paths.home)
