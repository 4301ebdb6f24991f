"""kill -9 at random moments: what was confirmed is there, once, and whatever was under way is whole or not there."""

from __future__ import annotations

import random
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.shop import open_shop
from pos.store.backup import read_manifest, unpack
from pos.store.verify import Problem
from tests.e2e.crew import Worker, assert_all_there
from tests.shopkeeping import problems, sale

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths

SALES = 200


def test_two_hundred_confirmed_sales_survive_being_killed_again_and_again(paths: ShopPaths) -> None:
    dice = random.Random(200)
    confirmed: dict[str, int] = {}
    kills = 0
    while len(confirmed) < SALES:
        worker = Worker(paths, "sell")
        worker.hear_until(1 + dice.randrange(15, 60))
        worker.hear(dice.random() / 100)
        worker.kill()
        assert not set(worker.confirmed) & set(confirmed), "a number was given twice"
        confirmed |= worker.confirmed
        kills += 1
        assert problems(paths) == []
    assert kills >= 3
    assert_all_there(paths, confirmed)


def test_a_lost_wal_after_a_kill_is_seen_and_healed_from_the_journal(
    paths: ShopPaths, clock: FixedClock
) -> None:
    worker = Worker(paths, "sell-and-hold", 30, stdin=subprocess.PIPE)
    worker.hear_until(32)
    worker.kill()
    for name in ("shop.db-wal", "shop.db-shm"):
        (paths.home / name).unlink()
    assert examine(paths).report.problems == [Problem("database_older_than_journal", 30)]
    with open_shop(paths, clock) as shop:
        number = shop.orders.take(sale("P003")).number
        assert re.fullmatch(r"A[2-9A-Z]{2}-26-000001", number)
        assert {o.number for o in shop.orders.list()} == {*worker.confirmed, number}
    assert len(worker.confirmed) == 30
    assert_all_there(paths, worker.confirmed)


def test_a_killed_backup_leaves_no_half_file_of_the_final_name(paths: ShopPaths, tmp_path: Path) -> None:
    dice = random.Random(5)
    for _ in range(5):
        worker = Worker(paths, "back-up")
        worker.hear_until(1 + dice.randrange(2))
        worker.hear(dice.random() / 20)
        worker.kill()
        for file in paths.backups.glob("*.hatkhata"):
            place = tmp_path / "out"
            place.mkdir(exist_ok=True)
            assert unpack(file, place).manifest == read_manifest(file)
        assert problems(paths) == []


def test_a_killed_restore_leaves_the_old_shop_or_the_new_one(
    paths: ShopPaths, clock: FixedClock, tmp_path: Path
) -> None:
    with open_shop(paths, clock) as shop:
        shop.orders.take(sale("P003"))
        backup = shop.backups.make(tmp_path).path
        shop.orders.take(sale("P003"))
    dice = random.Random(11)
    outcomes = set()
    for _ in range(5):
        worker = Worker(paths, "restore", 10**9, backup)
        worker.hear_until(1 + dice.randrange(2))
        worker.hear(dice.random() / 5)
        worker.kill()
        found = problems(paths)
        assert found == [], found
        with open_shop(paths, clock) as shop:
            numbers = {o.number for o in shop.orders.list()}
            outcomes.add(len(numbers))
            assert "A-26-000001" in numbers
            taken = shop.orders.take(sale("P003"))
            assert taken.number not in numbers
        assert problems(paths) == []
    assert len(outcomes) > 1


def test_a_founding_killed_after_its_first_step_is_a_shop(
    tmp_path: Path, clock: FixedClock, paths: ShopPaths
) -> None:
    home = type(paths)(tmp_path / "new")
    found_shop(home, clock, vendor="রূপকথা ঘর", phone="01733456789")
    for name in ("device.json", "ops.jsonl", "tip.json"):
        (home.home / name).unlink()  # killed right after the shop itself was put in place
    assert problems(home) == []
    with pytest.raises(ConflictError) as error:
        found_shop(home, clock, vendor="রূপকথা ঘর", phone="01733456789")
    assert error.value.code == "shop_exists"
    with open_shop(home, clock) as shop:
        assert shop.configuration.shop().name == "রূপকথা ঘর"
    assert home.journal.exists()
