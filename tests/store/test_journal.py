"""The second journal and the tip beside it: complete after every close, and mended where they are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pos.protocol.operations import from_line
from pos.shop import open_shop
from pos.store import journal
from tests.shopkeeping import PHONE, copy_file, problems, sale, sale_to

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
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
