"""The second journal and the tip beside it: complete after every close, and mended where they are not."""

from __future__ import annotations

import json
import threading
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from pos.paths import ShopPaths
from pos.protocol.operations import from_line
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.shop import open_shop
from pos.store import journal
from pos.store.verify import Problem
from tests.shopkeeping import PHONE, copy_file, problems, sale, sale_to, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop


def positions(paths: ShopPaths) -> list[int]:
    return [from_line(line).n for line in paths.journal.read_bytes().splitlines(keepends=True)]


def operations(paths: ShopPaths) -> int:
    tip = journal.stored_tip(paths.tip)
    assert tip is not None
    return tip.n


def test_every_operation_is_in_the_journal_once_the_shop_is_closed(shop: Shop) -> None:
    for _ in range(3):
        shop.orders.take(sale())
    shop.close()
    tip = journal.stored_tip(shop.paths.tip)
    assert tip is not None
    assert positions(shop.paths) == list(range(1, tip.n + 1))
    assert tip.series == {"A-26": 3}
    assert from_line(shop.paths.journal.read_bytes().splitlines(keepends=True)[-1]).hash.hex() == tip.hash


def test_a_torn_last_line_is_cut_off_and_written_whole(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale())
    shop.close()
    whole = shop.paths.journal.read_bytes()
    shop.paths.journal.write_bytes(whole[:-40])
    assert problems(shop.paths) == []
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    assert shop.paths.journal.read_bytes().startswith(whole)
    assert positions(shop.paths) == list(range(1, operations(shop.paths) + 1))


@pytest.mark.parametrize("spoilt", [b"{}\n", b"\x00\xff\n", b'{"n": "x"}\n', b"\n"])
def test_a_journal_whose_last_line_is_damaged_is_written_anew(
    shop: Shop, clock: FixedClock, spoilt: bytes
) -> None:
    shop.close()
    with shop.paths.journal.open("ab") as file:
        file.write(spoilt)
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    assert positions(shop.paths) == list(range(1, operations(shop.paths) + 1))
    assert problems(shop.paths) == []


@pytest.mark.parametrize(
    "tip", [None, b"", b"garbage", b"[]", b'{"n": 1}', b'{"n": "x", "hash": 1, "series": 2}']
)
def test_a_tip_that_is_lost_or_does_not_read_is_written_again(
    shop: Shop, clock: FixedClock, tip: bytes | None
) -> None:
    shop.orders.take(sale())
    shop.close()
    before = shop.paths.tip.read_bytes()
    if tip is None:
        shop.paths.tip.unlink()
    else:
        shop.paths.tip.write_bytes(tip)
    assert problems(shop.paths) == []
    with open_shop(shop.paths, clock) as again:
        assert again.orders.take(sale()).number == "A-26-000002"
    assert operations(shop.paths) == json.loads(before)["n"] + 1


def test_a_lost_journal_is_written_again_from_the_database(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale())
    shop.close()
    before = shop.paths.journal.read_bytes()
    shop.paths.journal.unlink()
    assert problems(shop.paths) == []
    with open_shop(shop.paths, clock) as again:
        assert again.orders.take(sale()).number == "A-26-000002"
    assert shop.paths.journal.read_bytes().startswith(before)


def test_what_a_crash_kept_from_the_journal_is_caught_up_at_the_next_start_even_by_a_look(
    shop: Shop, clock: FixedClock
) -> None:
    shop.close()
    early = {path: path.read_bytes() for path in (shop.paths.journal, shop.paths.tip)}
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    late = {path: path.read_bytes() for path in early}
    for path, data in early.items():
        path.write_bytes(data)
    with open_shop(shop.paths, clock) as again:
        again.orders.list()
    assert {path: path.read_bytes() for path in early} == late


def test_an_erasure_reaches_the_journal_even_if_the_shop_died_before_it_was_written(
    shop: Shop, clock: FixedClock
) -> None:
    shop.orders.take(sale_to())
    shop.close()
    early = {path: path.read_bytes() for path in (shop.paths.journal, shop.paths.tip)}
    with open_shop(shop.paths, clock) as again:
        again.customers.erase(PHONE)
    for path, data in early.items():
        path.write_bytes(data)
    assert b"12345678" in shop.paths.journal.read_bytes()
    with open_shop(shop.paths, clock) as again:
        again.orders.list()
    assert b"12345678" not in shop.paths.journal.read_bytes()
    assert positions(shop.paths) == list(range(1, operations(shop.paths) + 1))


def test_a_journal_that_cannot_be_written_never_stops_a_sale(shop: Shop, clock: FixedClock) -> None:
    shop.paths.journal.unlink()
    shop.paths.journal.mkdir()
    assert shop.orders.take(sale()).number == "A-26-000001"
    shop.close()
    shop.paths.journal.rmdir()
    with open_shop(shop.paths, clock) as again:
        assert again.orders.take(sale()).number == "A-26-000002"
    assert positions(shop.paths) == list(range(1, operations(shop.paths) + 1))
    assert "journal_not_written" in (shop.paths.logs / "hatkhata.log").read_text()


def test_two_shops_in_one_process_keep_one_journal(shop: Shop, clock: FixedClock) -> None:
    with open_shop(shop.paths, clock) as other:
        for _ in range(5):
            shop.orders.take(sale())
            other.orders.take(sale())
        shop.close()
    assert positions(shop.paths) == list(range(1, operations(shop.paths) + 1))
    assert problems(shop.paths) == []


def test_reading_the_tip_prefers_whichever_knows_more(shop: Shop, tmp_path: Path) -> None:
    shop.orders.take(sale())
    shop.close()
    full = journal.read_tip(shop.paths)
    assert full is not None
    old = tmp_path / "tip.json"
    copy_file(shop.paths.tip, old)
    tip = json.loads(old.read_bytes())
    shop.paths.tip.write_text(json.dumps(tip | {"n": tip["n"] - 1}))
    seen = journal.read_tip(shop.paths)
    assert seen is not None
    assert (seen.n, seen.hash) == (full.n, full.hash)


def test_no_wake_is_lost_however_closes_fall_between_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken = threading.Lock()
    due = 0

    def noticed(*_args: Any, **_options: Any) -> int:
        nonlocal due
        with woken:
            due = 0
        return 0

    monkeypatch.setattr(journal, "catch_up", noticed)
    writer = journal.JournalWriter(shop.paths, shop.store._reader, shop.log)
    writer._PAUSE_SECONDS = 0.001

    def sell() -> None:
        nonlocal due
        for _ in range(200):
            with woken:
                due += 1
            writer.wake()

    sellers = [threading.Thread(target=sell) for _ in range(2)]
    for seller in sellers:
        seller.start()
    for _ in range(20):
        writer.close()
    for seller in sellers:
        seller.join()
    writer.close()
    assert due == 0


def test_two_sales_at_once_start_one_journal_thread(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Slow(threading.Thread):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if kwargs.get("name") == "journal":
                started.append(self)
                time.sleep(0.05)

    writer = journal.JournalWriter(shop.paths, shop.store._reader, shop.log)
    callers = [threading.Thread(target=writer.wake) for _ in range(4)]
    monkeypatch.setattr("pos.store.journal.threading.Thread", Slow)
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    writer.close()
    assert len(started) == 1


def spoil_line(paths: ShopPaths, number: int, old: bytes, new: bytes) -> None:
    """Change a line of the journal, counted from 1."""
    lines = paths.journal.read_bytes().splitlines(keepends=True)
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    paths.journal.write_bytes(b"".join(lines))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"kind"', b"\x00kind"), (b'"at":', b'"at":1'), (b'"prev":"', b'"prev":"00')],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_line_damaged_in_the_middle_is_found_and_the_next_sale_writes_the_journal_anew(
    shop: Shop, clock: FixedClock, old: bytes, new: bytes, sealed: bool
) -> None:
    shop.orders.take(sale())
    shop.close()
    whole = shop.paths.journal.read_bytes()
    spoil_line(shop.paths, 4, old, new)
    if not sealed:  # a tip that an earlier release wrote
        tip = json.loads(shop.paths.tip.read_bytes())
        shop.paths.tip.write_text(json.dumps({k: v for k, v in tip.items() if k not in ("bytes", "crc")}))
    report = examine(shop.paths).report
    assert report.problems == [Problem("journal_damaged", 1, ("4",))]
    assert not report.checks["journal"]
    with open_shop(shop.paths, clock) as again:
        assert again.orders.take(sale()).number == "A-26-000002"
    assert shop.paths.journal.read_bytes().startswith(whole)
    assert problems(shop.paths) == []


def test_a_buyers_details_changed_in_the_journal_are_seen(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale_to())
    shop.close()
    number = len(positions(shop.paths))
    spoil_line(shop.paths, number - 1, b"12345678", b"12345679")
    assert problems(shop.paths) == ["journal_damaged"]
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    assert problems(shop.paths) == []
    assert b"12345679" not in shop.paths.journal.read_bytes()


def test_a_damaged_database_never_replaces_a_damaged_journal(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale())
    shop.close()
    spoil_line(shop.paths, 4, b'"at":', b'"at":1')
    spoilt = shop.paths.journal.read_bytes()
    spoil(shop.paths.database, "UPDATE op SET body = '{}' WHERE n = 6")
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
        again.store.settle()
        again.orders.take(sale())
    assert shop.paths.journal.read_bytes().startswith(spoilt)
    assert len(shop.paths.journal.read_bytes()) > len(spoilt), "it goes on"
    tip = journal.stored_tip(shop.paths.tip)
    assert tip is not None
    assert tip.seal is None, "what is damaged is not sealed"


def test_a_shorter_journal_of_another_shop_is_no_journal_of_this_one(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    shop.orders.take(sale())
    shop.close()
    other = ShopPaths(tmp_path / "other")
    found_shop(other, clock, vendor="অন্য দোকান", phone="01911223344")
    whole = shop.paths.journal.read_bytes()
    copy_file(other.journal, shop.paths.journal)
    assert problems(shop.paths) == ["journal_damaged"]
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    assert shop.paths.journal.read_bytes().startswith(whole)
    assert problems(shop.paths) == []


def test_the_seal_goes_on_with_every_line_and_over_a_torn_end(shop: Shop, clock: FixedClock) -> None:
    def holds() -> bool:
        tip = journal.stored_tip(shop.paths.tip)
        assert tip is not None
        data = shop.paths.journal.read_bytes()
        return tip.seal == (len(data), zlib.crc32(data))

    for _ in range(2):
        shop.orders.take(sale())
    shop.close()
    assert holds()
    shop.paths.journal.write_bytes(shop.paths.journal.read_bytes()[:-40])
    with open_shop(shop.paths, clock) as again:
        again.orders.take(sale())
    assert holds()
