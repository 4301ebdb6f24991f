"""What a held cart or a pre-order promises lowers what is free, never what is on hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from pos.domain.times import FixedClock
from pos.errors import UserError
from pos.paths import ShopPaths
from pos.services.catalogue import NewProduct
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.services.order_request import ItemRequest, OrderRequest
from pos.shop import Shop, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR_MS = 3_600_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 24, 17, 46))


@pytest.fixture
def shop(tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    paths = ShopPaths(tmp_path / "shop")
    found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733456789")
    with open_shop(paths, clock) as opened:
        opened.catalogue.add(NewProduct("মধু", 100_000, "kg", sku="P001", stock_milli=5_000))
        yield opened


def _levels(shop: Shop) -> tuple[int, int, int]:
    item = shop.stock.items("P001")[0]
    return item.on_hand_milli, item.reserved_milli, item.free_milli


def test_held_goods_are_not_free_but_still_on_hand(shop: Shop, clock: FixedClock) -> None:
    shop.stock.reserve("P001", "২", until_ms=clock.now_ms() + HOUR_MS)
    assert _levels(shop) == (5_000, 2_000, 3_000)


def test_a_released_reservation_gives_its_goods_free_once(shop: Shop, clock: FixedClock) -> None:
    held = shop.stock.reserve("P001", "2", until_ms=clock.now_ms() + HOUR_MS)
    shop.stock.release(held)
    shop.stock.release(held)
    assert _levels(shop) == (5_000, 0, 5_000)
    assert examine(shop.paths).report.ok


def test_a_reservation_runs_out_by_itself(shop: Shop, clock: FixedClock) -> None:
    shop.stock.reserve("P001", "2", until_ms=clock.now_ms() + HOUR_MS)
    clock.advance(ms=HOUR_MS)
    assert _levels(shop) == (5_000, 0, 5_000)


def test_selling_into_what_is_held_is_taken_and_marked(shop: Shop, clock: FixedClock) -> None:
    shop.stock.reserve("P001", "4", until_ms=clock.now_ms() + HOUR_MS)
    order = shop.orders.take(OrderRequest(items=[ItemRequest(qty="2", sku="P001")], rest="due"))
    assert order.warnings == ("oversold",)
    assert _levels(shop) == (3_000, 4_000, -1_000)


def test_a_promise_cannot_end_before_it_begins(shop: Shop, clock: FixedClock) -> None:
    with pytest.raises(UserError, match="reservation_over"):
        shop.stock.reserve("P001", "2", until_ms=clock.now_ms())
