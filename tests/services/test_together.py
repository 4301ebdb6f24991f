"""Many acts in one commit: all of them or none, each at its own time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pos.errors import BugError, UserError
from pos.shop import open_shop
from tests.shopkeeping import paid, problems, sale, sale_to

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop


def test_acts_together_are_what_they_would_be_alone(shop: Shop, clock: FixedClock) -> None:
    with shop.store.together():
        first = shop.orders.take(sale_to(payments=paid("100"), rest="cod"))
        clock.advance(ms=60_000)
        second = shop.orders.take(sale("P002-01", rest="due"))
        clock.advance(ms=60_000)
        shop.orders.pay(second.number, "cash", "100")
        cancelled = shop.orders.cancel(first.number, "ক্রেতা নেবেন না")
        shop.stock.move("P003", "5", "purchase")
    assert [o.number for o in shop.orders.list()] == [second.number, first.number]
    assert second.taken_at_ms - first.taken_at_ms == 60_000
    assert shop.orders.show(first.number) == cancelled
    assert cancelled.refund_owed_paisa == 10_000
    shop.close()
    assert problems(shop.paths) == []


def test_until_they_are_committed_nobody_else_sees_them(shop: Shop) -> None:
    with shop.store.together():
        shop.orders.take(sale())
        assert shop.orders.list() == []
    assert len(shop.orders.list()) == 1


def test_what_goes_wrong_on_the_way_leaves_nothing_of_them(shop: Shop) -> None:
    def several() -> None:
        with shop.store.together():
            shop.orders.take(sale())
            shop.orders.take(sale("X999"))

    with pytest.raises(UserError):
        several()
    assert shop.orders.list() == []
    assert shop.orders.take(sale()).number.endswith("-000001")


def test_an_error_that_was_caught_inside_spoils_them_too(shop: Shop) -> None:
    def several() -> None:
        with shop.store.together():
            shop.orders.take(sale())
            with pytest.raises(UserError):
                shop.orders.take(sale("X999"))
            shop.orders.take(sale())

    with pytest.raises(BugError):
        several()
    assert shop.orders.list() == []
    with shop.store.together():
        shop.orders.take(sale())
    assert len(shop.orders.list()) == 1


def test_another_thread_waits_for_its_own_commit(paths: ShopPaths, clock: FixedClock) -> None:
    with open_shop(paths, clock) as shop:
        begun = threading.Event()
        numbers: list[str] = []

        def sell() -> None:
            begun.set()
            numbers.append(shop.orders.take(sale()).number)

        thread = threading.Thread(target=sell)
        with shop.store.together():
            thread.start()
            begun.wait()
            numbers += [shop.orders.take(sale()).number for _ in range(3)]
        thread.join()
        assert [number[-1] for number in numbers] == ["1", "2", "3", "4"]
    assert problems(paths) == []
