"""A database behind its journal: seen by `doctor`, healed at the next write, and numbered apart from then on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.times import FixedClock
from pos.protocol.kinds import WRITTEN
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.shop import open_shop
from pos.store import apply
from pos.store.journal import read_tip
from pos.store.oplog import Act
from pos.store.recovery import Standing, compare
from pos.store.store import Recovered
from pos.store.verify import Problem
from tests.shopkeeping import IN_A_HAT, PHONE, busy_day, copy_file, dump, fill, problems, sale, sale_to
from tests.store.several import all_rows, remade_rows

if TYPE_CHECKING:
    from pathlib import Path

    from pos.paths import ShopPaths
    from pos.shop import Shop

REKEYED = re.compile(r"A[2-9A-Z]{2}-26-000001")


def standing(paths: ShopPaths, clock: FixedClock) -> Standing:
    with open_shop(paths, clock) as shop, shop.store.read() as connection:
        return compare(connection, read_tip(paths)).standing


def test_an_old_copy_put_back_is_seen_and_healed_and_nothing_is_lost(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.orders.take(sale())
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        numbers = busy_day(again)
        taken = {n: again.orders.show(n) for n in numbers}
    before = dump(shop.paths.database, without=("installation", "device", "series"))
    copy_file(tmp_path / "old.db", shop.paths.database)
    missing = len(before["op"]) - len(dump(tmp_path / "old.db")["op"])
    assert examine(shop.paths).report.problems == [Problem("database_older_than_journal", missing)]
    assert standing(shop.paths, clock) == "behind", "a look changes nothing"
    with open_shop(shop.paths, clock) as again:
        order = again.orders.take(sale())
        assert REKEYED.fullmatch(order.number)
        assert {n: again.orders.show(n) for n in numbers} == taken
        recovered = again.store.recovered
    assert recovered is not None
    assert (recovered.missing, recovered.brought) == (missing, missing)
    assert problems(shop.paths) == []
    after = dump(shop.paths.database)
    for table, rows in before.items():
        if table != "variant":
            assert set(rows) <= set(after[table]), table


def test_what_the_journal_lost_as_well_is_told_and_its_numbers_are_never_given_again(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        for _ in range(3):
            again.orders.take(sale())
    copy_file(tmp_path / "old.db", shop.paths.database)
    lines = shop.paths.journal.read_bytes().splitlines(keepends=True)
    shop.paths.journal.write_bytes(b"".join(lines[:-1]))
    with open_shop(shop.paths, clock) as again:
        assert REKEYED.fullmatch(again.orders.take(sale()).number)
        assert [o.number for o in again.orders.list()][-1] == "A-26-000001"
        recovered = again.store.recovered
    assert recovered is not None
    assert (recovered.missing, recovered.brought) == (3, 2)
    assert problems(shop.paths) == []
    assert len(list(shop.paths.set_aside.glob("*ops.jsonl"))) == 1, "the old journal is kept"


def test_a_lost_tip_does_not_hide_that_the_database_is_old(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    copy_file(tmp_path / "old.db", shop.paths.database)
    shop.paths.tip.unlink()
    assert problems(shop.paths) == ["database_older_than_journal"]
    with open_shop(shop.paths, clock) as again:
        assert REKEYED.fullmatch(again.orders.take(sale()).number)
        assert again.orders.show("A-26-000001").total_paisa == 100_000
    assert problems(shop.paths) == []


def test_an_operation_that_only_the_journal_has_is_seen_though_the_tip_is_older(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.close()
    for path in (shop.paths.database, shop.paths.tip):
        copy_file(path, tmp_path / path.name)
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    for path in (shop.paths.database, shop.paths.tip):
        copy_file(tmp_path / path.name, path)
    assert problems(shop.paths) == ["database_older_than_journal"]
    with open_shop(shop.paths, clock) as again:
        assert REKEYED.fullmatch(again.orders.take(sale()).number)
        assert again.orders.show("A-26-000001").total_paisa == 100_000


def test_a_shop_beside_another_shops_journal_is_seen_and_the_journal_is_kept(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    for _ in range(3):
        shop.orders.take(sale())
    shop.close()
    other = type(shop.paths)(tmp_path / "other")
    found_shop(other, clock, vendor="অন্য দোকান", phone="01911223344")
    with open_shop(other, clock) as stranger:
        fill(stranger)
        for _ in range(9):
            stranger.orders.take(sale())
    foreign = shop.paths.journal.read_bytes()
    copy_file(other.database, shop.paths.database)
    assert problems(shop.paths) == ["database_not_the_journals"]
    with open_shop(shop.paths, clock) as again:
        number = again.orders.take(sale()).number
        assert REKEYED.fullmatch(number)
        assert again.store.recovered == Recovered(0, 0, number.partition("-")[0], apart=True)
    assert problems(shop.paths) == []
    (kept,) = shop.paths.set_aside.glob("*ops.jsonl")
    assert kept.read_bytes() == foreign


def test_erased_buyers_stay_erased_when_an_old_copy_is_put_back(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.orders.take(sale_to())
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        again.customers.erase(PHONE)
    copy_file(tmp_path / "old.db", shop.paths.database)
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
        assert again.customers.find(PHONE) == []
    assert b"12345678" not in shop.paths.journal.read_bytes()
    assert b"12345678" not in shop.paths.database.read_bytes()


@pytest.mark.parametrize("line", [3, 8])
def test_a_journal_damaged_in_its_middle_brings_back_what_stands_before(
    shop: Shop, clock: FixedClock, tmp_path: Path, line: int
) -> None:
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    there = len(dump(shop.paths.database)["op"])
    with open_shop(shop.paths, clock) as again:
        for _ in range(9):
            again.orders.take(sale())
    copy_file(tmp_path / "old.db", shop.paths.database)
    lines = shop.paths.journal.read_bytes().splitlines(keepends=True)
    lines[there + line] = lines[there + line].replace(b"order.confirmed", b"order.confirmes")
    shop.paths.journal.write_bytes(b"".join(lines))
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
        assert len(again.orders.list()) == line + 1
    assert problems(shop.paths) == []


def test_the_clock_of_a_healed_shop_goes_on_rising(shop: Shop, tmp_path: Path) -> None:
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, FixedClock(IN_A_HAT.replace(year=2099))) as again:
        again.orders.take(sale())
    copy_file(tmp_path / "old.db", shop.paths.database)
    with open_shop(shop.paths, FixedClock(IN_A_HAT)) as again:
        again.orders.take(sale())
        assert {o.number[-9:] for o in again.orders.list()} == {"26-000001", "99-000001"}
    times = [row[10] for row in dump(shop.paths.database)["op"]]
    assert len(times) == len(set(times))
    assert problems(shop.paths) == []


def test_a_longer_journal_of_a_copy_that_went_its_own_way_is_set_aside_and_not_called_missing(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        for _ in range(4):
            again.orders.take(sale())
    later = {path: path.read_bytes() for path in (shop.paths.journal, shop.paths.tip)}
    copy_file(tmp_path / "old.db", shop.paths.database)
    for path in later:
        path.unlink()
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale("P003"))
    for path, data in later.items():
        path.write_bytes(data)
    assert problems(shop.paths) == ["database_not_the_journals"]
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
        recovered = again.store.recovered
        assert recovered is not None
        assert (recovered.apart, recovered.missing, recovered.brought) == (True, 0, 0)
        assert len(again.orders.list()) == 2
    assert problems(shop.paths) == []


def test_what_a_later_release_wrote_waits_and_the_shop_opens(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    """An app that was set back, and then a database that fell behind its journal."""
    shop.close()
    copy_file(shop.paths.database, tmp_path / "old.db")
    with open_shop(shop.paths, clock) as again:
        before = again.orders.take(sale()).number
        record_as_a_later_release(again)
        after = again.orders.take(sale("P003")).number
    copy_file(tmp_path / "old.db", shop.paths.database)
    with open_shop(shop.paths, clock) as again:
        assert REKEYED.fullmatch(again.orders.take(sale()).number)
        assert {before, after} < {order.number for order in again.orders.list()}
        with again.store.read() as connection:
            waiting = connection.exec_driver_sql("SELECT kind FROM op NATURAL JOIN deferred").scalars().all()
            assert sorted(waiting) == ["gift.given", "setting.set"]
        there = all_rows(again)
        assert remade_rows(again) == there
    assert problems(shop.paths) == []


def record_as_a_later_release(shop: Shop) -> None:
    """A kind that this release does not know, and a version of one that it knows."""
    gift = Act("gift.given", "gift", b"g" * 16, {"to": ["x"]})
    body: dict[str, Any] = {
        "by": None,
        "key": "shop.name",
        "value": "ক",
        "over": {"value": None},
        "closes": [],
    }
    with pytest.MonkeyPatch.context() as later:
        later.setitem(apply._APPLIERS, "gift.given", lambda *_: None)
        later.setitem(WRITTEN, "setting.set", 2)
        later.setattr("pos.store.oplog.must_be_readable", lambda _: None)
        with shop.store.write() as unit:
            unit.record(gift, Act("setting.set", "setting", b"shop.name", body))
