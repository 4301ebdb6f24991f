"""What stands beside the cart: the hat, the tiles, the categories, the buyer on the phone, the areas."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from pos.domain.times import DHAKA, to_ms
from pos.errors import UserError
from pos.services.catalogue import NewProduct
from pos.services.counter import CategoryView, HatBoard
from pos.services.customers import PlaceView
from pos.services.order_request import CustomerRequest, ItemRequest
from pos.shop import open_shop
from tests.shopkeeping import PHONE, paid, sale, sale_to

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.shop import Shop

DAY_MS = 86_400_000
TUESDAY, FRIDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 27)


def go_to(clock: FixedClock, day: dt.date, hour: int, minute: int = 0) -> None:
    at = to_ms(dt.datetime.combine(day, dt.time(hour, minute), DHAKA))
    clock.advance(ms=at - clock.now_ms())


def tiles(shop: Shop, limit: int = 12, days: int = 60) -> list[str]:
    return [product.sku for product in shop.counter.best_sellers(limit, days)]


# ---- tiles -------------------------------------------------------------------------------------------


def test_what_stands_in_most_orders_comes_first_however_much_of_it_there_was(
    shop: Shop, clock: FixedClock
) -> None:
    for sku, qty in (
        ("P003", "1"),
        ("P003", "1"),
        ("P002-02", "1"),
        ("P001", "40"),
        ("P002-01", "1"),
        ("P003", "1"),
    ):
        shop.orders.take(sale(sku, qty))
        clock.advance(ms=1000)
    shop.orders.take(sale(items=[ItemRequest("1", sku="P004")] * 9))
    clock.advance(ms=DAY_MS)
    assert tiles(shop) == ["P003", "P002", "P004", "P001"]
    assert tiles(shop, limit=2) == ["P003", "P002"]


def test_tiles_keep_their_places_while_the_day_lasts(shop: Shop, clock: FixedClock) -> None:
    for sku in ("P001", "P001", "P003"):
        shop.orders.take(sale(sku))
    clock.advance(ms=DAY_MS)
    assert tiles(shop) == ["P001", "P003", "P002"]
    for _ in range(5):
        shop.orders.take(sale("P003"))
        shop.orders.take(sale("P004"))
        clock.advance(ms=1000)
    assert tiles(shop) == ["P001", "P003", "P002", "P004"]
    with open_shop(shop.paths, clock) as restarted:
        assert tiles(restarted) == ["P001", "P003", "P002", "P004"]
    clock.advance(ms=DAY_MS)
    assert tiles(shop) == ["P003", "P004", "P001", "P002"]


def test_on_the_first_day_the_tiles_are_the_catalogue_s_beginning_as_far_as_it_is_in_stock(
    shop: Shop, clock: FixedClock
) -> None:
    assert tiles(shop) == ["P001", "P002", "P003"]
    for sku in ("P003", "P001", "P001"):
        shop.orders.take(sale(sku))
        clock.advance(ms=1000)
    assert tiles(shop) == ["P001", "P002", "P003"]
    shop.orders.take(sale("P003", "19"))
    assert tiles(shop) == ["P001", "P002", "P003"], "it is sold out, and stays in its place for today"


def test_what_is_sold_on_the_first_day_takes_the_last_places_and_moves_no_other_tile(
    shop: Shop, clock: FixedClock
) -> None:
    shown = [tiles(shop, limit=3)]
    for sku in ("P002-01", "P004", "P001", "P004"):
        shop.orders.take(sale(sku))
        clock.advance(ms=1000)
        shown.append(tiles(shop, limit=3))
    first, last = ["P001", "P002", "P003"], ["P001", "P002", "P004"]
    assert shown == [first, first, last, last, last]


def test_a_shop_that_keeps_no_stock_has_tiles_too(shop: Shop) -> None:
    for item in shop.stock.items():
        if item.on_hand_milli:
            shop.stock.count(item.sku, "0")
    assert tiles(shop, limit=2) == ["P001", "P002"]


def test_cancelled_and_old_orders_do_not_count(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale("P004"))
    clock.advance(ms=61 * DAY_MS)
    shop.orders.cancel(shop.orders.take(sale("P001")).number, "ভুল")
    shop.orders.take(sale("P003"))
    clock.advance(ms=DAY_MS)
    assert tiles(shop) == ["P003", "P001", "P002"]
    assert tiles(shop, days=90) == ["P003", "P004", "P001", "P002"]


def test_the_vendors_own_order_stands_before_all(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale("P001"))
    clock.advance(ms=DAY_MS)
    assert shop.configuration.put("sell.favourites", " P০০৪  P002-01 X999 P004 ") == "P004 P002-01 X999"
    assert tiles(shop) == ["P004", "P002", "P001", "P003"]
    assert tiles(shop, limit=1) == ["P004"]


def test_tiles_show_the_stock_of_now(shop: Shop, clock: FixedClock) -> None:
    shop.orders.take(sale("P003"))
    clock.advance(ms=DAY_MS)
    assert shop.counter.best_sellers()[0].on_hand_milli == 19_000
    shop.orders.take(sale("P003"))
    assert shop.counter.best_sellers()[0].on_hand_milli == 18_000


def test_categories_come_with_their_numbers_the_nameless_last(shop: Shop) -> None:
    for number, category in enumerate(("খাবার", "খাবার", "শাড়ি")):
        shop.catalogue.add(NewProduct("পণ্য", 100, "piece", sku=f"C{number}", category=category))
    assert shop.counter.categories() == [
        CategoryView("খাবার", 2), CategoryView("শাড়ি", 1), CategoryView("", 4),
    ]  # fmt: skip


# ---- the hat -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hour", "minute", "state", "on"),
    [
        (TUESDAY, 8, 59, "next", TUESDAY), (TUESDAY, 9, 0, "live", TUESDAY), (TUESDAY, 20, 29, "live", TUESDAY),
        (TUESDAY, 20, 30, "last_half_hour", TUESDAY), (TUESDAY, 20, 59, "last_half_hour", TUESDAY),
        (TUESDAY, 21, 0, "ended", TUESDAY), (TUESDAY, 23, 59, "ended", TUESDAY),
        (dt.date(2026, 11, 25), 0, 0, "next", FRIDAY), (FRIDAY, 9, 0, "live", FRIDAY),
    ],
)  # fmt: skip
def test_the_board_says_where_the_day_stands(
    shop: Shop, clock: FixedClock, day: dt.date, hour: int, minute: int, state: str, on: dt.date
) -> None:
    go_to(clock, day, hour, minute)
    board = shop.counter.hat_now()
    assert (board.state, board.on) == (state, on)
    assert board.closes_at_ms - board.opens_at_ms == 12 * 3_600_000
    assert dt.datetime.fromtimestamp(board.opens_at_ms / 1000, DHAKA) == dt.datetime.combine(
        on, dt.time(9), DHAKA
    )


def test_the_four_sums_are_of_this_hat_and_leave_cancelled_orders_out(shop: Shop, clock: FixedClock) -> None:
    shop.configuration.put("hat.anchor", "2026-11-24=261")
    shop.orders.take(sale("P001", payments=paid("300", "nagad")))
    shop.orders.take(sale("P003", "2", payments=paid("100"), rest=None))
    shop.orders.cancel(shop.orders.take(sale("P001", payments=paid("50"))).number, "ভুল")
    board = shop.counter.hat_now()
    assert (board.state, board.ordinal) == ("live", 261)
    assert (board.orders, board.sales_paisa, board.advance_paisa, board.to_pack) == (2, 109_100, 39_100, 2)
    go_to(clock, TUESDAY, 21, 30)
    after = shop.orders.take(sale("P001"))
    assert after.after_hat
    assert shop.counter.hat_now().orders == 2
    go_to(clock, FRIDAY, 10)
    board = shop.counter.hat_now()
    assert board == HatBoard("live", FRIDAY, 262, board.opens_at_ms, board.closes_at_ms, sums_on=FRIDAY)


def test_between_two_hats_the_sums_are_those_of_the_one_that_ended(shop: Shop, clock: FixedClock) -> None:
    number = shop.orders.take(sale("P001", payments=paid("300", "nagad"))).number
    assert not shop.counter.hat_now().sums_are_past
    for day, hour in ((dt.date(2026, 11, 25), 0), (dt.date(2026, 11, 26), 15), (FRIDAY, 8)):
        go_to(clock, day, hour)
        board = shop.counter.hat_now()
        assert (board.state, board.on, board.sums_on, board.sums_are_past) == ("next", FRIDAY, TUESDAY, True)
        assert (board.orders, board.sales_paisa, board.advance_paisa, board.to_pack) == (
            1,
            100_000,
            30_000,
            1,
        )
    shop.steps.pack(number)
    assert shop.counter.hat_now().to_pack == 0
    go_to(clock, FRIDAY, 9)
    board = shop.counter.hat_now()
    assert (board.state, board.orders, board.sums_on, board.sums_are_past) == ("live", 0, FRIDAY, False)


def test_a_hat_that_was_cancelled_or_brought_nothing_is_not_summed_up_afterwards(
    shop: Shop, clock: FixedClock
) -> None:
    shop.orders.take(sale("P001"))
    shop.configuration.cancel_hat(FRIDAY)
    go_to(clock, dt.date(2026, 11, 28), 12)
    assert (shop.counter.hat_now().sums_on, shop.counter.hat_now().orders) == (TUESDAY, 1)
    go_to(clock, dt.date(2026, 12, 2), 12)
    board = shop.counter.hat_now()
    assert (board.sums_on, board.orders, board.sums_are_past) == (dt.date(2026, 12, 1), 0, False)


def test_with_no_hat_in_sight_the_last_one_is_still_told(shop: Shop, clock: FixedClock) -> None:
    shop.configuration.put("hat.weekdays", "")
    shop.configuration.add_hat(TUESDAY)
    shop.orders.take(sale("P001"))
    go_to(clock, dt.date(2026, 11, 25), 12)
    board = shop.counter.hat_now()
    assert (board.state, board.on, board.orders, board.sums_are_past) == ("none", None, 1, True)


def test_a_cancelled_hat_is_passed_over_and_an_added_one_counts(shop: Shop, clock: FixedClock) -> None:
    shop.configuration.cancel_hat(TUESDAY)
    assert shop.counter.hat_now().on == FRIDAY
    shop.configuration.add_hat(dt.date(2026, 11, 25), opens="10:00", closes="24:00")
    board = shop.counter.hat_now()
    assert (board.state, board.on) == ("next", dt.date(2026, 11, 25))
    go_to(clock, dt.date(2026, 11, 26), 0, 30)
    board = shop.counter.hat_now()
    assert (board.state, board.on) == ("ended", dt.date(2026, 11, 25)), (
        "it closed at midnight, half an hour ago"
    )
    go_to(clock, dt.date(2026, 11, 26), 1)
    assert shop.counter.hat_now().on == FRIDAY


def test_without_any_hat_there_is_none_until_one_is_added(shop: Shop) -> None:
    shop.configuration.put("hat.weekdays", "")
    assert shop.counter.hat_now() == HatBoard("none")
    far = dt.date(2027, 4, 14)
    shop.configuration.add_hat(far)
    assert (shop.counter.hat_now().state, shop.counter.hat_now().on) == ("next", far)


# ---- the buyer ---------------------------------------------------------------------------------------


def test_a_known_buyer_is_shown_with_what_he_has_done_and_where_his_parcels_went(
    shop: Shop, clock: FixedClock
) -> None:
    for address in ("মিরপুর ১০", "আগ্রাবাদ", "মিরপুর ১০", "উত্তরা ৪", "সাভার"):
        buyer = CustomerRequest(name="শারমিন", phone=PHONE, address=address, district="ঢাকা")
        shop.orders.take(sale("P003", customer=buyer, rest="cod"))
        clock.advance(ms=1000)
    shop.orders.take(sale("P003", customer=CustomerRequest(phone=PHONE)))
    for typed in (PHONE, "০১৭১২-৩৪৫৬৭৮", "+880 1712 345678", f"{PHONE} / 01811223344"):
        card = shop.customers.calling(typed)
        assert card is not None
        assert card.customer is not None
        assert (card.phone, card.code) == ("+8801712345678", "")
        assert (card.customer.name, card.customer.orders, card.customer.due_paisa) == ("শারমিন", 6, 4_600)
        assert card.places == tuple(PlaceView(a, "ঢাকা", "") for a in ("সাভার", "উত্তরা ৪", "মিরপুর ১০"))


def test_somebody_new_is_a_number_without_a_customer(shop: Shop) -> None:
    card = shop.customers.calling("01911223344")
    assert card is not None
    assert (card.phone, card.customer, card.places, card.code) == ("+8801911223344", None, (), "")


@pytest.mark.parametrize(
    ("typed", "missing"),
    [("01712345", 3), ("০১৭১২ ৩৪৫", 3), ("01", 9), ("+88017", 8), ("0171234567", 1)],
)
def test_a_number_that_is_being_typed_says_how_many_digits_are_missing(
    shop: Shop, typed: str, missing: int
) -> None:
    card = shop.customers.calling(typed)
    assert card is not None
    assert (card.phone, card.missing, card.code) == (None, missing, "phone_unclear")
    assert card.params == {"missing": missing}


@pytest.mark.parametrize(
    ("typed", "code"), [("017123456789", "phone_unclear"), ("কেউ", "phone_unclear"), ("12", "phone_unclear")]
)
def test_what_is_no_number_says_so_as_data(shop: Shop, typed: str, code: str) -> None:
    card = shop.customers.calling(typed)
    assert card is not None
    assert (card.phone, card.missing, card.code) == (None, 0, code)


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_nobody(shop: Shop, typed: str) -> None:
    assert shop.customers.calling(typed) is None


def test_an_erased_buyer_is_somebody_new(shop: Shop) -> None:
    shop.orders.take(sale_to(PHONE))
    shop.customers.erase(PHONE)
    card = shop.customers.calling(PHONE)
    assert card is not None
    assert (card.customer, card.places) == (None, ())


# ---- settings of the counter -------------------------------------------------------------------------


def test_deliveries_are_charged_by_area_and_the_vendor_sets_how_much(shop: Shop) -> None:
    choices = shop.counter.delivery_choices()
    assert [(c.area, c.charge_paisa) for c in choices] == [("inside", 8_000), ("outside", 13_000)]
    assert [c.name("bn") for c in choices] == ["ঢাকার ভেতরে", "ঢাকার বাইরে"]
    assert [c.name("en") for c in choices] == ["Inside Dhaka", "Outside Dhaka"]
    assert shop.configuration.put("delivery.inside", "৳৭০.৫") == "70.50"
    assert shop.configuration.put("delivery.outside", "১,২০০/-") == "1200"
    assert [c.charge_paisa for c in shop.counter.delivery_choices()] == [7_050, 120_000]


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("delivery.inside", "10%", "money_unclear"), ("delivery.outside", "-5", "money_unclear"),
        ("delivery.inside", "", "money_unclear"), ("ui.theme", "pink", "setting_choice"),
        ("ui.text", "200", "setting_choice"),
    ],
)  # fmt: skip
def test_a_setting_of_the_window_that_cannot_be_is_refused(
    shop: Shop, key: str, typed: str, code: str
) -> None:
    with pytest.raises(UserError) as error:
        shop.configuration.put(key, typed)
    assert error.value.code == code


def test_the_windows_settings_have_their_defaults_and_stay(shop: Shop) -> None:
    assert [shop.configuration.get(key) for key in ("ui.theme", "ui.text", "sell.favourites")] == [
        "system", "100", "",
    ]  # fmt: skip
    shop.configuration.put("ui.theme", "Dark")
    shop.configuration.put("ui.text", "130")
    assert (shop.configuration.get("ui.theme"), shop.configuration.get("ui.text")) == ("dark", "130")
