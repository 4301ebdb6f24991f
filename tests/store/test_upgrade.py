"""A shop of an earlier release is brought to this one's schema at its first opening, or left as it was."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault
from pos.paths import ShopPaths
from pos.services.health import examine
from pos.shop import open_shop
from pos.store import migrate
from pos.store.backup import read_manifest
from pos.store.file import SCHEMA, schema_of
from pos.store.upgrade import upgrade
from tests.shopkeeping import LOCAL, dump, problems, sale, spoil
from tests.store.several import Central, all_rows, joined, remade_rows, rows, tie

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from pos.domain.times import FixedClock

CART = '{"lines": []}'


def test_opening_a_shop_of_the_first_release_migrates_it_and_keeps_every_row(
    old: ShopPaths, clock: FixedClock
) -> None:
    assert schema_of(old.database) == 1
    before = dump(old.database)
    with open_shop(old, clock) as shop:
        shop.drafts.save(CART, draft_id=shop.desk.new_id())
        assert shop.drafts.current() is not None
    assert schema_of(old.database) == SCHEMA
    after = {name: rows for name, rows in dump(old.database, without=LOCAL).items() if name in before}
    # An operation has no place in the order of a server that the shop has never met.
    assert [row[:-4] for row in after.pop("op")] == before.pop("op")
    assert [row[:-1] for row in after.pop("hat_day")] == before.pop("hat_day")
    assert after == before
    assert problems(old) == []


def test_it_is_backed_up_first_and_the_old_file_is_kept(old: ShopPaths, clock: FixedClock) -> None:
    before = dump(old.database)
    open_shop(old, clock).close()
    (backup,) = old.backups.iterdir()
    assert "before-upgrade" in backup.name
    assert read_manifest(backup).schema == 1
    (kept,) = old.set_aside.glob("*-shop.db")
    assert schema_of(kept) == 1
    assert dump(kept) == before
    assert not list(old.home.glob(".upgrading-*"))


def test_a_second_opening_finds_nothing_to_do(old: ShopPaths, clock: FixedClock) -> None:
    open_shop(old, clock).close()
    assert upgrade(old, clock) is None
    open_shop(old, clock).close()
    assert len(list(old.backups.iterdir())) == 1


def test_an_upgraded_shop_sells_on_in_its_own_series_and_on_its_own_journal(
    old: ShopPaths, clock: FixedClock
) -> None:
    with open_shop(old, clock) as shop:
        numbers = [order.number for order in shop.orders.list()]
        taken = shop.orders.take(sale("P001"))
    assert taken.number not in numbers
    assert taken.number.startswith(numbers[0][:5])
    assert problems(old) == []


def test_doctor_looks_at_an_old_shop_without_changing_it(old: ShopPaths) -> None:
    assert examine(old).report.ok
    assert schema_of(old.database) == 1


def test_a_migration_that_fails_leaves_the_shop_as_it_was(
    old: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(old.database)

    def refuse(_: Connection) -> None:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_upgrade", refuse)
        with pytest.raises(EnvironmentFault) as error:
            open_shop(old, clock)
    assert error.value.code == "disk_full"
    assert schema_of(old.database) == 1
    assert dump(old.database) == before
    open_shop(old, clock).close()
    assert schema_of(old.database) == SCHEMA


def test_a_migration_that_breaks_a_rule_is_not_put_in_place(
    old: ShopPaths, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(old.database)
    whole = migrate.migrate

    def wrong(path: Path) -> None:
        whole(path)
        spoil(path, "UPDATE variant SET on_hand_milli = on_hand_milli + 1")

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrate", wrong)
        with pytest.raises(EnvironmentFault) as error:
            open_shop(old, clock)
    assert (error.value.code, error.value.params) == (
        "upgrade_failed",
        {"problems": ["stock_not_its_movements"]},
    )
    assert dump(old.database) == before


def test_an_old_fault_in_the_books_does_not_shut_the_shop(old: ShopPaths, clock: FixedClock) -> None:
    spoil(old.database, "UPDATE variant SET on_hand_milli = on_hand_milli + 1000 WHERE sku = 'P001'")
    with open_shop(old, clock) as shop:
        assert shop.orders.take(sale("P001")).status == "confirmed"
    assert schema_of(old.database) == SCHEMA
    assert not old.backups.exists() or not list(old.backups.iterdir())
    assert len(list(old.set_aside.glob("*-shop.db"))) == 1
    assert problems(old)


def test_what_stands_in_the_wal_of_an_old_shop_comes_along(old: ShopPaths, clock: FixedClock) -> None:
    connection = sqlite3.connect(old.database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("UPDATE setting SET value = '\"নতুন নাম\"' WHERE key = 'shop.name'")
    connection.commit()
    killed = ShopPaths(old.home.parent / "killed")
    shutil.copytree(old.home, killed.home)
    connection.close()
    with open_shop(killed, clock) as shop:
        assert shop.configuration.shop().name == "নতুন নাম"


def test_an_upgraded_shops_rows_are_what_its_operations_make_and_another_laptop_can_have_them(
    old: ShopPaths, clock: FixedClock, tmp_path: Path
) -> None:
    with open_shop(old, clock) as shop:
        assert all_rows(shop) == remade_rows(shop)
        tie(shop)
        central = Central()
        central.push(shop)
        with joined(central, tmp_path / "other", clock, "B") as other:
            central.settle(shop, other)
            assert rows(other) == rows(shop)
            assert problems(other.paths) == []
