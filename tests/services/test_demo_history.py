"""The demo shop has a past: every page has something to show, and the shop is as sound as any other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pos.cli.demo_shop import demo_clock, found_demo, play_demo
from pos.domain.payments import bkash_day
from pos.domain.times import dhaka_day
from pos.paths import ShopPaths
from pos.services.demo_history import BUYERS, HELPER, PAST_HATS, fill, founding_of, hats_before
from pos.shop import open_shop
from tests.shopkeeping import problems
from ui.presenters.cart import read_cart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.services.acts import ActView
    from pos.services.views import OrderView
    from pos.shop import Shop

NOW = "2026-11-24T17:46"


def played(home: Path, when: str = NOW) -> ShopPaths:
    paths, now_ms = ShopPaths(home), demo_clock(when).now_ms()
    found_demo(paths, now_ms, lang="bn")
    play_demo(paths, now_ms)
    return paths


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    paths = played(tmp_path_factory.mktemp("demo") / "shop")
    with open_shop(paths, demo_clock(NOW)) as shop:
        yield shop


@pytest.fixture(scope="module")
def orders(demo: Shop) -> list[OrderView]:
    return demo.orders.list()


def acts(shop: Shop) -> list[ActView]:
    """Everything that anybody did."""
    page = shop.operators.acts(limit=500)
    found = list(page.acts)
    while page.before is not None:
        page = shop.operators.acts(limit=500, before=page.before)
        found += page.acts
    return found


def test_doctor_finds_nothing_and_no_stock_is_below_zero(demo: Shop) -> None:
    assert problems(demo.paths) == []
    assert all(item.free_milli >= 0 for item in demo.stock.items())


def test_eight_hats_are_over_and_one_is_under_way(orders: list[OrderView]) -> None:
    a_hat = Counter(order.hat for order in orders)
    assert None not in a_hat
    assert len(a_hat) == PAST_HATS + 1
    assert max(day for day in a_hat if day) == dt.date(2026, 11, 24)
    assert all(30 <= count <= 75 for count in a_hat.values())
    assert {order.hat_ordinal for order in orders} == set(range(253, 262))
    now_ms = demo_clock(NOW).now_ms()
    assert all(order.taken_at_ms < now_ms for order in orders)
    assert now_ms - orders[0].taken_at_ms < 3_600_000, "the last came within the hour"


def test_orders_stand_at_every_step_there_is(demo: Shop, orders: list[OrderView]) -> None:
    states = Counter(order.status for order in orders)
    assert states["packed"] > 200
    assert states["cancelled"] >= 8
    assert states["confirmed"] >= 8
    kinds = {act.kind for act in acts(demo)}
    assert {"order.checked", "order.packed", "order.cancelled", "payment.received"} <= kinds


def test_a_cart_is_held_and_its_goods_are_promised(demo: Shop) -> None:
    (held,) = demo.drafts.held()
    now_ms = demo_clock(NOW).now_ms()
    assert now_ms - 30 * 60_000 < held.updated_at_ms < now_ms
    promised = {item.sku: item.reserved_milli for item in demo.stock.items() if item.reserved_milli}
    assert promised == {"P013": 1_000, "P026": 1_000, "P048": 6_000}
    cart = read_cart(held.body)  # the window's own form
    assert {line.sku: line.qty_milli for line in cart.lines} == promised
    assert (cart.buyer.name, cart.kind, cart.delivery) == (held.label, "cod", "130")
    assert demo.orders.quote(cart.request()).total_paisa > 0


def test_money_came_in_every_way_and_some_is_still_to_come_or_to_go_back(orders: list[OrderView]) -> None:
    methods = Counter(p.method for order in orders for p in order.payments)
    assert set(methods) == {"bkash", "nagad", "rocket", "cash"}
    assert min(methods.values()) >= 20
    assert sum(order.cod_paisa > 0 for order in orders) > 150
    assert sum(order.due_paisa > order.cod_paisa for order in orders) >= 10, "dues"
    assert sum(order.refund_owed_paisa > 0 for order in orders) >= 5, "owed back"
    assert sum(order.change_paisa > 0 for order in orders) >= 5
    assert sum(order.discount_paisa > 0 for order in orders) >= 10
    assert {order.delivery_paisa for order in orders} == {0, 8_000, 13_000}
    assert {order.source for order in orders} == {"comment", "messenger", "group"}
    assert sum(bool(order.note) for order in orders) >= 20


def test_every_wallet_id_is_of_its_day_and_no_order_is_warned_of(orders: list[OrderView]) -> None:
    assert not any(order.warnings for order in orders)
    for order in orders:
        for p in order.payments:
            if p.method == "bkash" and p.trxid is not None:
                assert bkash_day(p.trxid) == dhaka_day(p.at_ms)


def test_buyers_come_again_from_many_districts(orders: list[OrderView]) -> None:
    buyers = [order.customer for order in orders if order.customer is not None]
    assert len(buyers) == len(orders)
    times = Counter(buyer.phone for buyer in buyers)
    assert BUYERS * 3 // 4 <= len(times) <= BUYERS
    assert sum(count >= 4 for count in times.values()) >= 30
    assert len({buyer.district for buyer in buyers}) >= 12
    assert all(buyer.phone and "00" in buyer.phone for buyer in buyers)


def test_some_goods_are_low_some_are_gone_and_the_ledger_says_why(demo: Shop) -> None:
    products = demo.catalogue.all()
    assert sum(item.free_milli == 0 for item in demo.stock.items()) >= 3
    low = [p for p in products if p.minimum_milli and 0 < p.free_milli <= p.minimum_milli]
    assert len(low) >= 3
    moved = Counter(act.operator for act in acts(demo) if act.kind == "stock.moved")
    assert moved["রূপকথা ঘর"] >= 15, "goods in"
    assert moved[HELPER] >= 3, "what broke and what was counted"


def test_a_helper_has_done_her_share_and_the_owner_stands_at_the_counter(
    demo: Shop, orders: list[OrderView]
) -> None:
    assert [(card.name, card.role) for card in demo.operators.list()] == [
        ("রূপকথা ঘর", "owner"), (HELPER, "helper"),
    ]  # fmt: skip
    by = Counter(order.operator for order in orders)
    assert by[HELPER] > len(orders) // 5


def as_told(shop: Shop) -> list[tuple[object, ...]]:
    """Every order without the identities that are drawn anew each time."""
    return [
        (o.number, o.status, o.taken_at_ms, o.operator, o.customer, o.lines, o.total_paisa, o.due_paisa, o.note,
         [(p.method, p.amount_paisa, p.trxid, p.at_ms) for p in o.payments])
        for o in shop.orders.list()
    ]  # fmt: skip


def test_the_same_seed_makes_the_same_shop_while_a_window_shows_it(demo: Shop, tmp_path: Path) -> None:
    paths, clock = ShopPaths(tmp_path / "again"), demo_clock(NOW)
    found_demo(paths, clock.now_ms(), lang="en")
    with open_shop(paths, clock) as window:
        assert window.orders.list() == []
        played_in = play_demo(paths, clock.now_ms())
        assert len(window.orders.list()) == played_in
        assert window.desk.clock.now_ms() == demo_clock(NOW).now_ms()
        assert as_told(window) == as_told(demo)
        assert window.stock.items() == demo.stock.items()


def test_another_seed_makes_another_shop(demo: Shop, tmp_path: Path) -> None:
    other, now_ms, clock = ShopPaths(tmp_path / "other"), demo_clock(NOW).now_ms(), demo_clock(NOW)
    found_demo(other, now_ms, lang="bn")
    clock.advance(ms=founding_of(now_ms) - now_ms)
    with open_shop(other, clock) as shop:
        fill(shop, clock, until_ms=now_ms, seed=7)
        assert clock.now_ms() == now_ms
        assert as_told(shop) != as_told(demo)


@pytest.mark.parametrize(
    ("when", "hats"),
    [
        ("2026-01-02T09:00", 8),  # not open yet
        ("2026-01-02T23:30", 8),  # over
        ("2026-02-04T12:00", 8),  # no hat on a Wednesday
        ("2028-02-29T12:00", 9),
    ],
)
def test_whatever_the_day_there_are_eight_hats_behind_it(when: str, hats: int) -> None:
    now_ms = demo_clock(when).now_ms()
    seen = hats_before(now_ms)
    assert len(seen) == hats
    assert all(hat.opens_at_ms < now_ms for hat in seen)
    assert founding_of(now_ms) < seen[0].opens_at_ms


def test_its_numbers_begin_anew_with_the_year(tmp_path: Path) -> None:
    paths = played(tmp_path / "shop", "2026-01-09T23:30")
    with open_shop(paths, demo_clock("2026-01-09T23:30")) as shop:
        numbers = [order.number for order in shop.orders.list()]
        assert {order.hat for order in shop.orders.list()} == {
            hat.on for hat in hats_before(shop.desk.clock.now_ms())
        }
    assert {"A-26-000001", "A-25-000001"} <= set(numbers)
    assert problems(paths) == []
