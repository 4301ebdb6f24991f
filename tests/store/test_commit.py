"""A commit that raises is looked up before anyone says that nothing was saved (trust.md §1.4)."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault
from pos.services.catalogue import NewProduct
from pos.services.order_request import ItemRequest
from pos.shop import open_shop
from pos.store.store import CommitUnknownError
from tests.shopkeeping import paid, problems, sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from pos.domain.times import FixedClock
    from pos.shop import Shop


@contextmanager
def commit_raises(shop: Shop, *, after: bool, then: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The next COMMIT raises as a disk does that refuses to sync: before it took place, or after."""
    commit = shop.store._commit

    def refuse(connection: Connection) -> None:
        shop.store._commit = commit  # type: ignore[method-assign]
        if after:
            commit(connection)
        then()
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    with shop.store.write():
        pass  # the first one also holds the database against its journal, in a transaction of its own
    shop.store._commit = refuse  # type: ignore[method-assign]
    yield


def test_an_order_whose_commit_raised_but_arrived_is_told_as_taken(shop: Shop) -> None:
    with commit_raises(shop, after=True):
        order = shop.orders.take(sale(payments=paid("100"), request_id="r-1"))
    assert shop.orders.show(order.number) == order
    assert shop.orders.take(sale()).number == "A-26-000002"
    shop.close()
    assert problems(shop.paths) == []


def test_an_order_whose_commit_did_not_arrive_is_told_as_not_saved(shop: Shop) -> None:
    with commit_raises(shop, after=False), pytest.raises(EnvironmentFault) as error:
        shop.orders.take(sale())
    assert error.value.code == "disk_error"
    assert shop.orders.list() == []
    assert shop.orders.take(sale()).number == "A-26-000001"
    shop.close()
    assert problems(shop.paths) == []


@pytest.mark.parametrize("after", [True, False])
def test_every_other_act_is_looked_up_as_well(shop: Shop, after: bool) -> None:
    number = shop.orders.take(sale()).number
    acts: dict[str, Callable[[], object]] = {
        "pay": lambda: shop.orders.pay(number, "cash", "500"),
        "stock": lambda: shop.stock.move("P003", "5", "purchase"),
        "product": lambda: shop.catalogue.add(NewProduct("নতুন", 100, "piece", sku="N1")),
        "setting": lambda: shop.configuration.put("shop.address", "নতুন রোড"),
        "cancel": lambda: shop.orders.cancel(number, "ভুল"),
    }
    for name, act in acts.items():
        with commit_raises(shop, after=after):
            if after:
                act()
                continue
            with pytest.raises(EnvironmentFault) as error:
                act()
            assert error.value.code == "disk_error", name
    order = shop.orders.show(number)
    assert (order.paid_paisa, order.status) == ((50_000, "cancelled") if after else (0, "confirmed"))
    assert shop.stock.items("P003")[0].on_hand_milli == (25_000 if after else 20_000)
    assert shop.configuration.get("shop.address") == ("নতুন রোড" if after else "")
    shop.close()
    assert problems(shop.paths) == []


def test_where_the_lookup_fails_too_the_vendor_is_told_that_it_is_not_known(
    shop: Shop, clock: FixedClock
) -> None:
    def lose_the_readers() -> None:
        shop.store._reader.dispose()
        shop.paths.database.rename(shop.paths.home / "away.db")

    with commit_raises(shop, after=True, then=lose_the_readers), pytest.raises(CommitUnknownError) as error:
        shop.orders.take(sale())
    assert error.value.code == "commit_unknown"
    shop.close()
    (shop.paths.home / "away.db").rename(shop.paths.database)
    with open_shop(shop.paths, clock) as again:
        assert [o.number for o in again.orders.list()] == ["A-26-000001"]
        again.orders.take(sale())
    assert problems(shop.paths) == []


def test_an_act_that_was_refused_leaves_nothing_and_the_next_goes_through(shop: Shop) -> None:
    before = shop.stock.items("P001")

    def act() -> None:
        with shop.store.write() as unit:
            unit.connection.exec_driver_sql("UPDATE variant SET on_hand_milli = 0")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert shop.stock.items("P001") == before
    assert shop.orders.take(sale()).number == "A-26-000001"


def test_rules_that_another_process_changed_are_in_force_at_the_next_sale(
    shop: Shop, clock: FixedClock
) -> None:
    def total() -> int:
        return shop.orders.take(sale(items=[ItemRequest("1", sku="P003", price="10.40")])).total_paisa

    assert total() == 1000
    with pytest.raises(EnvironmentFault), commit_raises(shop, after=False):
        shop.orders.take(sale())  # after which the connection for writing is opened anew
    with open_shop(shop.paths, clock) as other:
        other.configuration.put("money.rounding", "none")
    assert total() == 1040
    with open_shop(shop.paths, clock) as other:
        other.configuration.put("money.rounding", "taka")
    assert total() == 1000
