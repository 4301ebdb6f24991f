"""Checked by phone, packed, and back again: every step is written down, and an undo leaves the order as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, UserError
from pos.services.order_book import OrderFilter
from tests.shopkeeping import dump, paid, problems, remade, sale, sale_to, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Shop


def kinds(shop: Shop, number: str) -> list[str]:
    """What happened to an order, in short."""
    return [event.kind for event in shop.book.timeline(number)]


def stage(shop: Shop, number: str) -> str:
    """How the list calls it."""
    return next(row.stage for row in shop.book.rows(shop.book.ids(all_orders())) if row.number == number)


def all_orders() -> OrderFilter:
    """Every order of every hat."""
    return OrderFilter()


def test_an_order_goes_from_new_to_packed_and_every_step_is_in_its_story(shop: Shop) -> None:
    number = shop.orders.take(sale_to()).number
    assert stage(shop, number) == "confirmed"
    assert shop.steps.check(number)[0].status == "confirmed"
    assert stage(shop, number) == "checked"
    assert shop.steps.pack(number)[0].status == "packed"
    assert shop.orders.show(number).status == "packed"
    assert kinds(shop, number) == ["taken", "checked", "packed"]


def test_taking_a_step_back_leaves_the_order_as_it_was_before(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    shop.steps.check(number)
    shop.steps.pack(number)
    shop.steps.unpack(number)
    assert stage(shop, number) == "checked"
    shop.steps.uncheck(number)
    assert stage(shop, number) == "confirmed"
    shop.steps.check(number)
    assert stage(shop, number) == "checked"
    assert kinds(shop, number) == ["taken", "checked", "packed", "unpacked", "unchecked", "checked"]


def test_an_order_may_be_packed_unchecked_and_comes_back_unchecked(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    shop.steps.pack(number)
    shop.steps.unpack(number)
    assert stage(shop, number) == "confirmed"


def test_checking_twice_writes_once(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    shop.steps.check(number)
    before = dump(shop.paths.database)
    shop.steps.check(number, number.lower())
    assert dump(shop.paths.database) == before
    shop.steps.uncheck(number)
    shop.steps.uncheck(number)
    assert kinds(shop, number) == ["taken", "checked", "unchecked"]


def test_the_ticked_orders_move_together_or_not_at_all(shop: Shop) -> None:
    first, second, third = (shop.orders.take(sale()).number for _ in range(3))
    assert [o.status for o in shop.steps.pack(first, second)] == ["packed", "packed"]
    before = dump(shop.paths.database)
    with pytest.raises(ConflictError) as raised:
        shop.steps.pack(third, second)
    assert (raised.value.code, raised.value.params["number"]) == ("order_state", second)
    with pytest.raises(UserError, match="order_unknown"):
        shop.steps.check(third, "A-26-999")
    assert dump(shop.paths.database) == before


@pytest.mark.parametrize("step", ["check", "uncheck", "pack", "unpack"])
def test_a_cancelled_order_takes_no_step(shop: Shop, step: str) -> None:
    number = shop.orders.take(sale()).number
    shop.orders.cancel(number, "ক্রেতা নেবেন না")
    before = dump(shop.paths.database)
    with pytest.raises(ConflictError, match="order_state"):
        getattr(shop.steps, step)(number)
    assert dump(shop.paths.database) == before


def test_a_packed_order_is_not_checked_and_a_new_one_not_unpacked(shop: Shop) -> None:
    packed, new = (shop.orders.take(sale()).number for _ in range(2))
    shop.steps.pack(packed)
    for step, number in ((shop.steps.check, packed), (shop.steps.uncheck, packed), (shop.steps.unpack, new)):
        with pytest.raises(ConflictError, match="order_state"):
            step(number)


def test_a_packed_order_may_still_be_paid_and_cancelled_and_the_goods_come_back(shop: Shop) -> None:
    number = shop.orders.take(sale("P003", "2")).number
    shop.steps.pack(number)
    shop.orders.pay(number, "cash", "50")
    assert shop.orders.cancel(number, "ঠিকানা ভুল").refund_owed_paisa == 5_000
    assert shop.stock.items("P003")[0].on_hand_milli == 20_000
    assert kinds(shop, number) == ["taken", "packed", "paid", "cancelled"]


def test_steps_are_made_again_from_the_journal_row_by_row(shop: Shop, tmp_path: Path) -> None:
    numbers = [shop.orders.take(sale_to(payments=paid("100"))).number for _ in range(3)]
    shop.steps.check(*numbers)
    shop.steps.uncheck(numbers[0])
    shop.steps.pack(*numbers)
    shop.steps.unpack(numbers[1])
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE orders SET status = 'confirmed'",
        "DELETE FROM order_event WHERE kind = 'checked'",
        "UPDATE order_event SET kind = 'unchecked' WHERE kind = 'checked'",
    ],
)
def test_a_step_that_was_altered_behind_the_shops_back_is_seen(shop: Shop, sql: str) -> None:
    number = shop.orders.take(sale()).number
    shop.steps.check(number)
    shop.steps.pack(number)
    shop.close()
    spoil(shop.paths.database, sql)
    assert problems(shop.paths) == ["order_unlike_its_operation"]
