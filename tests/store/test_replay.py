"""The second journal alone makes the shop again, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.shop import open_shop
from pos.store import journal, recovery
from pos.store.engine import make_engine
from tests.shopkeeping import (
    LOCAL,
    PHONE,
    busy_day,
    copy_file,
    dump,
    problems,
    rebuild,
    remade,
    sale,
    sale_to,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Shop

# Of a shop with several devices.
OF_SEVERAL = {"foreign_op", "deferred", "link", "conflict", "notice", "stock_base"}


def test_a_shop_rebuilt_from_its_journal_equals_the_shop_row_by_row(shop: Shop, tmp_path: Path) -> None:
    busy_day(shop)
    held, cart = shop.desk.new_id(), shop.desk.new_id()
    shop.drafts.hold(held, "শারমিন", "{}", [("P001", "2")], shop.desk.clock.now_ms() + 1000)
    shop.drafts.save("{}", draft_id=cart)
    shop.close()
    rebuilt = tmp_path / "rebuilt.db"
    count = rebuild(shop.paths, rebuilt)
    there = dump(shop.paths.database, without=LOCAL)
    assert count == len(there["op"])
    assert dump(rebuilt, without=LOCAL) == there
    assert {name for name, rows in there.items() if not rows} == OF_SEVERAL
    assert [len(dump(path)["draft"]) for path in (shop.paths.database, rebuilt)] == [2, 0]


def test_a_replay_takes_away_the_cart_that_became_an_order(shop: Shop, tmp_path: Path) -> None:
    cart = shop.desk.new_id()
    shop.drafts.save("{}", draft_id=cart)
    shop.close()
    before = tmp_path / "before.db"
    copy_file(shop.paths.database, before)
    with open_shop(shop.paths, shop.desk.clock) as again:
        again.orders.take(sale(), order_id=cart)
    engine = make_engine(before, writer=True)
    with engine.begin() as connection:
        assert recovery.replay(connection, journal.read_operations(shop.paths.journal)) == 1
    engine.dispose()
    assert dump(before)["draft"] == []


def test_an_erased_buyer_stays_erased_in_the_rebuilt_shop(shop: Shop, tmp_path: Path) -> None:
    busy_day(shop)
    shop.orders.take(sale_to())
    assert shop.customers.erase(PHONE) == 2
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []
    assert b"12345678" not in shop.paths.journal.read_bytes()
