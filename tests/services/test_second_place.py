"""The second place of backups: a stick that is in, out, full, or somebody else's."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from pos.domain.times import FixedClock
from pos.errors import EnvironmentFault
from pos.paths import ShopPaths
from pos.services.backups import EVERY_MS, WHOLE_EVERY_MS
from pos.services.founding import found_shop
from pos.shop import open_shop
from pos.store.backup import try_restore
from tests.shopkeeping import IN_A_HAT, sale

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Shop


@pytest.fixture
def stick(shop: Shop, tmp_path: Path) -> Path:
    """A folder that the setting names."""
    folder = tmp_path / "stick"
    folder.mkdir()
    shop.configuration.put("backup.folder", str(folder))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def pass_half_an_hour(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale())
    clock.advance(ms=EVERY_MS)
    assert shop.backups.keep_up() is not None


def test_what_is_made_by_itself_lies_in_the_second_place_too(
    shop: Shop, stick: Path, clock: FixedClock
) -> None:
    pass_half_an_hour(shop, clock)
    assert names(stick) == names(shop.paths.backups)
    (copy,) = stick.iterdir()
    assert try_restore(copy).manifest.orders == 1
    status = shop.backups.status()
    assert (status.second, status.second_fault) == (True, None)


def test_without_a_second_place_nothing_is_said_of_one(shop: Shop) -> None:
    shop.backups.keep_up()
    assert shop.backups.status().second is None


def test_a_stick_that_is_out_costs_the_first_place_nothing_and_the_newest_follows_once_it_is_back(
    shop: Shop, stick: Path, clock: FixedClock
) -> None:
    away = stick.rename(stick.with_name("pocket"))
    pass_half_an_hour(shop, clock)
    pass_half_an_hour(shop, clock)
    assert len(names(shop.paths.backups)) == 2
    assert shop.backups.second.fault is not None
    assert shop.backups.second.fault.code == "backup_folder_missing"
    status = shop.backups.status()
    assert (status.second, status.operations_since, status.second_fault) == (
        False, 0, shop.backups.second.fault,
    )  # fmt: skip
    away.rename(stick)
    assert shop.backups.keep_up() is None, "none is due"
    assert names(stick) == names(shop.paths.backups)[-1:]
    assert shop.backups.status().second_fault is None


@pytest.mark.parametrize(
    ("number", "code"), [(28, "second_place_full"), (5, "second_place_refused"), (30, "second_place_refused")]
)
def test_a_full_or_broken_stick_keeps_nothing_half_and_the_first_place_counts(
    shop: Shop, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def refuse(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", refuse)
        pass_half_an_hour(shop, clock)
    assert names(stick) == []
    assert len(names(shop.paths.backups)) == 1
    fault = shop.backups.second.fault
    assert isinstance(fault, EnvironmentFault)
    assert (fault.code, fault.params) == (code, {"folder": str(stick)})


def test_a_copy_that_reads_back_otherwise_is_none(
    shop: Shop, stick: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def lie(source: Path, target: Path) -> None:
        copy(source, target)
        target.write_bytes(target.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(shutil, "copyfile", lie)
    pass_half_an_hour(shop, clock)
    assert names(stick) == []
    assert shop.backups.second.fault is not None


def test_a_half_copy_from_before_is_replaced(shop: Shop, stick: Path, clock: FixedClock) -> None:
    pass_half_an_hour(shop, clock)
    (copy,) = stick.iterdir()
    copy.write_bytes(copy.read_bytes()[:500])
    shop.backups.keep_up()
    assert try_restore(copy).manifest.orders == 1


def test_another_shops_backup_of_the_same_second_is_not_written_over(
    shop: Shop, stick: Path, clock: FixedClock, tmp_path: Path
) -> None:
    other = ShopPaths(tmp_path / "other")
    found_shop(other, FixedClock(IN_A_HAT), vendor="অন্য ঘর", phone="01911223344")
    with open_shop(other, clock) as theirs:
        made = theirs.backups.make(stick, why="regular").path
    before = made.read_bytes()
    shop.backups.keep_up()
    assert names(shop.paths.backups) == names(stick)
    assert made.read_bytes() == before
    assert shop.backups.second.fault is not None
    assert shop.backups.second.fault.code == "second_place_refused"


def test_old_copies_go_by_the_calendar_and_what_a_person_put_there_stays(
    shop: Shop, stick: Path, clock: FixedClock
) -> None:
    mine = shop.backups.make(stick).path
    (stick / "ছবি.jpg").write_bytes(b"a picture")
    for _ in range(6):
        pass_half_an_hour(shop, clock)
    clock.advance(ms=400 * WHOLE_EVERY_MS)
    pass_half_an_hour(shop, clock)
    assert len(names(stick)) == 3 + 2
    assert mine.exists()
    assert (stick / "ছবি.jpg").exists()
