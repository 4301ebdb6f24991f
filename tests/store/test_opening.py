"""What lies at the shop's place may be anything: it is opened, or refused with the reason and left as it is."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, PosError
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.shop import open_shop
from pos.store.file import APPLICATION_ID, SCHEMA
from tests.shopkeeping import problems, sale, spoil

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths


def _foreign(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.commit()
    connection.close()


def _header(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[3] ^= 0x10
    path.write_bytes(data)


def _no_schema(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4096] = bytes(3996)
    path.write_bytes(data)


BAD: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "an empty file": (lambda p: p.write_bytes(b""), "database_damaged", "database_damaged"),
    "a text": (lambda p: p.write_text("আমার দোকান\n" * 999), "database_damaged", "database_damaged"),
    "another program's database": (_foreign, "database_foreign", "database_foreign"),
    "a newer shop": (
        lambda p: spoil(p, f"PRAGMA user_version={SCHEMA + 1}"), "database_newer", "database_newer"
    ),
    "a damaged header": (_header, "database_damaged", "database_damaged"),
    "an empty first page": (_no_schema, "database_damaged", "database_damaged"),
    "half a file": (lambda p: p.write_bytes(p.read_bytes()[: 4096 * 3]), "database_damaged", "database_damaged"),
    "a shop without an owner": (
        lambda p: spoil(p, "DELETE FROM operator"), "database_damaged", "link_broken"
    ),
    "an owner without a name that reads": (
        lambda p: spoil(p, "UPDATE operator SET id = x'00'"), "database_damaged", "link_broken"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_and_left_as_it_is(what: str, paths: ShopPaths, clock: FixedClock) -> None:
    spoilt, code, _ = BAD[what]
    spoilt(paths.database)
    before = paths.database.read_bytes()
    with pytest.raises(PosError) as error:
        open_shop(paths, clock)
    assert error.value.code == code
    assert paths.database.read_bytes() == before
    wal = paths.database.with_name("shop.db-wal")
    assert not wal.exists() or not wal.stat().st_size


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_named_by_doctor_without_a_traceback(what: str, paths: ShopPaths) -> None:
    spoilt, _, code = BAD[what]
    spoilt(paths.database)
    before = paths.database.read_bytes()
    try:
        found = problems(paths)
    except PosError as error:
        found = [error.code]
    assert code in found
    assert paths.database.read_bytes() == before


@pytest.mark.parametrize("lost", [True, False])
def test_where_there_is_no_shop_both_say_so(paths: ShopPaths, clock: FixedClock, lost: bool) -> None:
    paths.database.unlink()
    if not lost:
        paths.journal.unlink()
        paths.tip.unlink()
    for attempt in (lambda: open_shop(paths, clock), lambda: examine(paths)):
        with pytest.raises(PosError) as error:
            attempt()
        assert error.value.code == ("shop_lost" if lost else "shop_missing")
    assert not paths.database.exists()


@pytest.mark.parametrize("left", ["journal", "tip", "backups"])
def test_a_lost_shop_never_becomes_an_empty_one(paths: ShopPaths, clock: FixedClock, left: str) -> None:
    with open_shop(paths, clock) as shop:
        shop.backups.make()
    for name in {"journal", "tip"} - {left}:
        getattr(paths, name).unlink()
    if left != "backups":
        for path in paths.backups.iterdir():
            path.unlink()
    paths.database.unlink()
    with pytest.raises(ConflictError) as error:
        found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733456789")
    assert error.value.code == "shop_lost"
    assert not paths.database.exists()


def test_founding_leaves_a_shop_that_is_there_alone(paths: ShopPaths, clock: FixedClock) -> None:
    before = paths.database.read_bytes()
    with pytest.raises(ConflictError) as error:
        found_shop(paths, clock, vendor="নতুন", phone="01733456789")
    assert error.value.code == "shop_exists"
    assert paths.database.read_bytes() == before


def test_a_new_shop_is_one_whole_file_with_its_journal_and_tip(paths: ShopPaths) -> None:
    assert {path.name for path in paths.home.iterdir()} >= {"shop.db", "ops.jsonl", "tip.json", "device.json"}
    assert not list(paths.home.glob("shop.db-*"))
    assert not list(paths.home.glob(".*"))
    connection = sqlite3.connect(paths.database)
    try:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    finally:
        connection.close()


def test_the_shop_writes_with_the_settings_that_survive_a_power_cut(
    paths: ShopPaths, clock: FixedClock
) -> None:
    with open_shop(paths, clock) as shop, shop.store.write() as unit:
        asked = {
            name: unit.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
        }
    assert asked == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0,
    }  # fmt: skip


def test_nothing_can_be_written_through_the_reading_side(paths: ShopPaths, clock: FixedClock) -> None:
    with (
        open_shop(paths, clock) as shop,
        pytest.raises(PosError) as error,
        shop.store.read() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM orders")
    assert error.value.code == "folder_read_only"


def test_a_second_opening_finds_what_the_first_left(paths: ShopPaths, clock: FixedClock) -> None:
    with open_shop(paths, clock) as shop:
        taken = shop.orders.take(sale())
    with open_shop(paths, clock) as shop:
        assert shop.orders.show(taken.number) == taken
