"""A whole catalogue and a whole season in one message: more rows at a time than a day brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.server.laptop import statuses

if TYPE_CHECKING:
    from tests.server.conftest import Central


def test_hundreds_of_products_and_orders_in_one_message(central: Central) -> None:
    shop = central.shop()
    made = [shop.product() for _ in range(150)]
    shop.push()
    variant = made[0][1][0]
    before = len(shop.log)
    shop.stock(variant, 400)
    for _ in range(240):
        order = shop.order(variant)
    shop.step("order.packed", order)
    reply = shop.exchange(shop.log[before:])
    assert statuses(reply) == ["ok"] * 242
    assert central.rows("operation", "count(*)") == [(len(shop.log),)]
    assert sorted(central.rows("sale", "status, count(*)", "true GROUP BY status")) == [
        ("confirmed", 239),
        ("packed", 1),
    ]
    again = shop.exchange(shop.log[before:])
    assert [result.seq for result in again.results] == [result.seq for result in reply.results]
    assert central.rows("operation", "count(*)") == [(len(shop.log),)]
