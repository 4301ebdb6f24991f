"""The list of orders and its steps, without a screen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.shopkeeping import PHONE, busy_day, sale, sale_to
from tests.ui.needs import AtOnce, Held, Said, Spool
from ui.presenters.order import Order
from ui.presenters.orders import Orders
from ui.presenters.printing import Printing
from ui.presenters.steps import Steps, next_step, stage_of

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from ui.theme.look import Look


class Room:
    """The presenters of the orders, with what they tell."""

    def __init__(self, shop: Shop, look: Look, work: AtOnce) -> None:
        self.said = Said()
        printing = Printing(shop, work, self.said, look, Spool())
        self.steps = Steps(shop, work, self.said, look)
        self.orders = Orders(shop, work, self.said, look, self.steps, printing)
        self.order = Order(shop, work, self.said, look, self.steps, printing)

    def numbers(self) -> list[str]:
        return [row.number for row in self.orders.rows(self.orders.ids).values()]


@pytest.fixture
def room(shop: Shop, look: Look) -> Room:
    """Everything is done where it is asked for."""
    busy_day(shop)
    room = Room(shop, look, AtOnce())
    room.orders.arrive()
    return room


def test_what_comes_next_follows_the_stage() -> None:
    stages = ("confirmed", "checked", "packed", "delivered", "cancelled")
    assert [next_step(stage) for stage in stages] == ["check", "pack", None, None, None]


def test_the_stage_of_an_order_is_that_of_its_row(room: Room, shop: Shop) -> None:
    number = room.numbers()[-1]
    for act in (shop.steps.check, shop.steps.uncheck, shop.steps.check, shop.steps.pack, shop.steps.unpack):
        act(number)
        row = shop.book.rows([room.orders.ids[-1]])[0]
        assert stage_of(shop.orders.show(number), shop.book.timeline(number)) == row.stage


def test_the_list_goes_along_with_the_latest_hat_until_one_is_chosen(
    room: Room, shop: Shop, clock: FixedClock
) -> None:
    first = room.orders.hat
    assert first == dt.date(2026, 11, 24)
    clock.advance(ms=4 * 24 * 3_600_000)  # Saturday's hat, which was added
    shop.orders.take(sale())
    room.orders.arrive()
    assert (room.orders.hat, len(room.numbers())) == (dt.date(2026, 11, 28), 1)
    room.orders.choose_hat(first)
    room.orders.arrive()
    assert (room.orders.hat, len(room.numbers())) == (first, 4)


def test_whoever_sold_after_the_hat_finds_that_order_at_the_top(
    room: Room, shop: Shop, clock: FixedClock
) -> None:
    clock.advance(ms=4 * 3_600_000)
    late = shop.orders.take(sale())
    assert late.hat is None
    room.orders.arrive()
    assert (room.orders.hat, room.numbers()[0]) == (None, late.number)


def test_a_search_over_all_hats_is_read_in_the_background_and_a_late_answer_is_dropped(
    shop: Shop, look: Look
) -> None:
    busy_day(shop)
    work = Held()
    room = Room(shop, look, work)
    room.orders.arrive()
    room.orders.choose_hat(None)
    room.orders.type("01911")
    room.orders.type("01712")
    assert len(work.waiting) == 3
    late, *others = work.waiting
    for one in (*others[::-1], late):
        one()
    assert room.numbers() == ["A-26-000001"]


def test_a_step_that_another_device_took_first_is_said_and_nothing_is_lost(room: Room, shop: Shop) -> None:
    room.orders.choose(1)
    number = room.numbers()[1]
    shop.orders.cancel(number, "ক্রেতা নেবেন না")
    room.orders.step()
    assert "step" in room.said.troubles
    room.orders.choose(2)
    room.orders.step()
    assert "step" not in room.said.troubles


def test_a_double_press_while_it_is_written_is_one_step(shop: Shop, look: Look) -> None:
    busy_day(shop)
    work = Held()
    room = Room(shop, look, work)
    room.orders.arrive()
    room.orders.choose(1)
    room.orders.step()
    room.orders.step()
    work.let_go()
    kinds = [event.kind for event in shop.book.timeline(room.numbers()[1])]
    assert kinds.count("checked") == 1


def test_twenty_steps_and_more_can_be_taken_back(room: Room, shop: Shop) -> None:
    taken = [shop.orders.take(sale("P003")).number for _ in range(12)]
    room.orders.load()
    for at in range(12):
        room.orders.choose(at)
        room.orders.step()
        room.orders.step()
    assert room.orders.counts["packed"] == 12
    for _ in range(24):
        room.orders.undo()
    assert room.orders.counts["packed"] == 0
    assert room.orders.counts["new"] == 15
    room.orders.redo()
    assert len(taken) == 12
    assert room.orders.counts["to_pack"] == 1


def test_the_order_at_hand_stays_so_when_the_list_is_read_anew(room: Room, shop: Shop) -> None:
    room.orders.choose(2)
    number = room.numbers()[2]
    shop.orders.take(sale())
    room.orders.load()
    assert room.orders.at() == 3
    assert room.orders.row is not None
    assert room.orders.row.number == number


def test_the_page_of_an_order_follows_a_step_taken_in_the_list(room: Room) -> None:
    room.orders.choose(3)
    assert room.orders.row is not None
    room.order.open(room.orders.row.number)
    room.orders.step()
    assert room.order.stage == "checked"


def test_what_is_left_after_a_payment_is_known_before_it_is_taken(room: Room, shop: Shop) -> None:
    room.order.open("A-26-000001")
    for method, typed, left in (
        ("bkash", "330", (50_000, 0)),
        ("cash", "১০০০", (0, 17_000)),
        ("bkash", "1000", None),
        ("cash", "", (0, 0)),
        ("cash", "কিছু", None),
    ):
        assert room.order.after_paying(method, typed) == left
    assert shop.orders.show("A-26-000001").paid_paisa == 30_000


def test_only_the_tabs_that_hold_something_or_are_always_needed_are_there(
    room: Room,
) -> None:
    names = [tab for tab, _ in room.orders.tabs()]
    assert "delivered" not in names
    assert "cancelled" in names
    room.orders.choose_tab("delivered")
    assert "delivered" in [tab for tab, _ in room.orders.tabs()]
    assert room.orders.back()
    assert room.orders.tab == "all"
    assert not room.orders.back()


def test_a_hostile_search_finds_nothing_and_breaks_nothing(room: Room, shop: Shop) -> None:
    shop.orders.take(sale_to(PHONE))
    for text in ("'; drop table order;--", "%" * 500, "\0", "০" * 50_000, "\ud800", "A-", "((("):
        room.orders.type(text)
    room.orders.type("")
    assert len(room.numbers()) == 5
