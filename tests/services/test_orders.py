"""Taking, paying and cancelling orders: every rule of money, numbers, states and stock (contracts.md §1)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from pos.errors import ConflictError, PosError, UserError
from pos.l10n.sentences import sentence
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from tests.shopkeeping import IN_A_HAT, PHONE, dump, paid, problems, sale, sale_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.domain.times import FixedClock
    from pos.services.views import OrderView
    from pos.shop import Shop

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture(autouse=True)
def sound(shop: Shop) -> Iterator[None]:
    """Whatever a test does, the shop must verify afterwards."""
    yield
    shop.close()
    assert problems(shop.paths) == []


def refused(shop: Shop, request: OrderRequest) -> PosError:
    """Why an order is not taken; nothing of it stays behind."""
    before = len(shop.orders.list())
    with pytest.raises(PosError) as error:
        shop.orders.take(request)
    assert len(shop.orders.list()) == before
    return error.value


def money(order: OrderView) -> dict[str, int]:
    names = ("subtotal", "discount", "delivery", "rounding", "total", "paid", "change", "due", "cod")
    return {name: getattr(order, f"{name}_paisa") for name in names}


def stock(shop: Shop, sku: str) -> int:
    return shop.stock.items(sku)[0].on_hand_milli


# ---- lines and sums ----------------------------------------------------------------------------------


def test_an_order_adds_up_to_the_paisa_and_is_rounded_to_the_taka(shop: Shop) -> None:
    order = shop.orders.take(
        OrderRequest(
            [ItemRequest("1.5", sku="P001", discount="50"), ItemRequest("3", sku="P003")],
            discount="10%", delivery="60", payments=paid("500"), rest="cod",
        )
    )  # fmt: skip
    assert [line.amount_paisa for line in order.lines] == [145_000, 13_650]
    assert money(order) == {
        "subtotal": 158_650, "discount": 15_865, "delivery": 6_000, "rounding": 15, "total": 148_800,
        "paid": 50_000, "change": 0, "due": 98_800, "cod": 98_800,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("price", "total"), [("10.49", 1000), ("10.50", 1100), ("10.51", 1100), ("0.50", 100)]
)
def test_half_a_taka_is_rounded_up(shop: Shop, price: str, total: int) -> None:
    order = shop.orders.take(sale(items=[ItemRequest("1", sku="P003", price=price)]))
    assert order.total_paisa == total


def test_rounding_can_be_switched_off_and_holds_from_the_next_order(shop: Shop) -> None:
    odd = sale(items=[ItemRequest("1", sku="P003", price="10.40")])
    assert shop.orders.take(odd).total_paisa == 1000
    shop.configuration.put("money.rounding", "none")
    assert shop.orders.take(odd).total_paisa == 1040


def test_what_is_taken_is_what_is_shown(shop: Shop) -> None:
    order = shop.orders.take(
        sale_to(
            note="সন্ধ্যায়\nফোন", payments=paid("100", "bkash", "CKO7A2KQ4Z"), delivery="50", source="comment"
        )
    )
    assert shop.orders.show(order.number) == order
    assert shop.orders.list() == [order]


def test_a_variant_sells_at_its_own_price_and_the_other_at_the_products(shop: Shop) -> None:
    order = shop.orders.take(sale(items=[ItemRequest("1", sku="P002-01"), ItemRequest("1", sku="P002-02")]))
    assert [line.price_paisa for line in order.lines] == [450_050, 460_000]
    assert [line.colour for line in order.lines] == ["লাল", "নীল"]


def test_the_same_goods_on_two_lines_leave_stock_twice(shop: Shop) -> None:
    shop.orders.take(sale(items=[ItemRequest("2", sku="P003"), ItemRequest("3", sku="P003")]))
    assert stock(shop, "P003") == 15_000


@pytest.mark.parametrize("typed", ["P003", "p003", " P০০৩ "])
def test_a_code_is_found_as_people_type_it(shop: Shop, typed: str) -> None:
    assert shop.orders.take(sale(items=[ItemRequest("1", sku=typed)])).lines[0].sku == "P003"


def test_a_barcode_in_bangla_digits_is_found(shop: Shop) -> None:
    order = shop.orders.take(sale(items=[ItemRequest("0.5", barcode="৮৯০১")]))
    assert order.lines[0].sku == "P001"


def test_a_parent_with_variants_asks_which_one(shop: Shop) -> None:
    error = refused(shop, sale("P002"))
    assert error.code == "variant_required"
    choices: Any = error.params["choices"]
    assert [(c["sku"], c["colour"], c["free_milli"]) for c in choices] == [
        ("P002-01", "লাল", 5000), ("P002-02", "নীল", 5000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (OrderRequest([], rest="due"), "order_empty"),
        (OrderRequest([ItemRequest("1")], rest="due"), "item_code_missing"),
        (sale("X999"), "sku_unknown"),
        (sale("P003", "1.5"), "quantity_whole"),
        (sale("P003", "0"), "quantity_not_positive"),
        (sale("P003", "-1"), "quantity_not_positive"),
        (sale("P003", "many"), "quantity_unclear"),
        (sale("P003", "1000000000"), "quantity_too_big"),
        (
            sale("P001", "999999.999", items=[ItemRequest("999999", sku="P001", price="1000000")]),
            "money_too_big",
        ),
        (sale(items=[ItemRequest("1", sku="P003", price="a lot")]), "money_unclear"),
        (sale(items=[ItemRequest("1", sku="P003", discount="46")]), "discount_above_line"),
        (sale(discount="1001"), "discount_above_order"),
        (sale(discount="101%"), "percent_too_big"),
        (sale(delivery="x"), "money_unclear"),
        (sale(rest=None), "rest_missing"),
        (sale(rest="none"), "rest_missing"),
        (sale(payments=paid("1001", "bkash")), "overpaid"),
        (sale(payments=paid("0")), "payment_empty"),
        (sale(payments=paid("10", "cod")), "cod_is_not_a_payment"),
        (sale(payments=paid("10", "gold")), "method_unknown"),
        (sale(payments=paid("10", "cash", "ABC")), "trxid_on_cash"),
        (sale(payments=paid("10", "bkash", "ABC")), "trxid_unclear"),
        (
            sale(payments=[PaymentRequest("cash", "90000000"), PaymentRequest("cash", "990000000")]),
            "money_too_big",
        ),
        (sale(customer=CustomerRequest(name="ক", phone="12")), "phone_unclear"),
        (sale(customer=CustomerRequest(name="ক" * 201)), "text_too_long"),
        (sale(note="ক" * 1001), "text_too_long"),
        (sale(request_id="r" * 101), "text_too_long"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name_and_writes_nothing(
    shop: Shop, request_: OrderRequest, code: str
) -> None:
    before = dump(shop.paths.database)
    assert refused(shop, request_).code == code
    assert dump(shop.paths.database) == before


# ---- stock -------------------------------------------------------------------------------------------


def test_a_sale_below_zero_is_taken_marked_and_shown(shop: Shop) -> None:
    order = shop.orders.take(sale(items=[ItemRequest("20", sku="P003"), ItemRequest("1", sku="P003")]))
    assert order.warnings == ("oversold",)
    assert [line.oversold for line in order.lines] == [False, True]
    assert stock(shop, "P003") == -1000


def test_what_a_cart_holds_counts_as_sold_for_the_warning(shop: Shop, clock: FixedClock) -> None:
    held = shop.stock.reserve("P003", "20", until_ms=clock.now_ms() + HOUR_MS)
    assert shop.orders.take(sale("P003")).warnings == ("oversold",)
    shop.stock.release(held)
    assert shop.orders.take(sale("P003")).warnings == ()


# ---- numbers -----------------------------------------------------------------------------------------


def test_numbers_run_without_a_gap_whatever_was_refused_between(shop: Shop) -> None:
    numbers = []
    for _ in range(3):
        refused(shop, sale("X999"))
        numbers.append(shop.orders.take(sale()).number)
        refused(shop, sale(rest=None))
    assert numbers == ["A-26-000001", "A-26-000002", "A-26-000003"]


def test_a_new_dhaka_year_begins_its_own_series_and_a_clock_set_back_goes_on_with_the_old(
    shop: Shop, clock: FixedClock
) -> None:
    before = shop.orders.take(sale()).number
    to_new_year = int((dt.datetime(2027, 1, 1) - IN_A_HAT).total_seconds() * 1000)
    clock.advance(ms=to_new_year - 1)
    last = shop.orders.take(sale()).number
    clock.advance(ms=1)
    first = shop.orders.take(sale()).number
    clock.advance(ms=-DAY_MS)
    back = shop.orders.take(sale()).number
    assert [before, last, first, back] == ["A-26-000001", "A-26-000002", "A-27-000001", "A-26-000003"]


@pytest.mark.parametrize("typed", ["A-26-000001", "a-26-000001", " A-২৬-০০০০০১ "])
def test_an_order_is_found_by_its_number_as_people_type_it(shop: Shop, typed: str) -> None:
    taken = shop.orders.take(sale())
    assert shop.orders.show(typed) == taken


@pytest.mark.parametrize(("typed", "code"), [("A-26-000009", "order_unknown"), ("9", "order_number_unclear")])
def test_an_unknown_number_says_so(shop: Shop, typed: str, code: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: shop.orders.show(typed),
        lambda: shop.orders.pay(typed, "cash", "1"),
        lambda: shop.orders.cancel(typed, "x"),
    ]
    for act in acts:
        with pytest.raises(UserError) as error:
            act()
        assert error.value.code == code


def test_asking_twice_with_one_request_id_makes_one_order(shop: Shop) -> None:
    first = shop.orders.take(sale(request_id=" web-77 "))
    before = dump(shop.paths.database)
    assert shop.orders.take(sale("P003", "9", request_id="web-77")) == first
    assert dump(shop.paths.database) == before


# ---- money in ----------------------------------------------------------------------------------------


def test_change_is_given_for_cash_alone(shop: Shop) -> None:
    order = shop.orders.take(sale(payments=paid("1500"), rest=None))
    assert (order.paid_paisa, order.change_paisa, order.due_paisa) == (100_000, 50_000, 0)
    mixed = [PaymentRequest("bkash", "900"), PaymentRequest("cash", "500")]
    order = shop.orders.take(sale(payments=mixed, rest=None))
    assert (order.paid_paisa, order.change_paisa) == (100_000, 40_000)
    error = refused(shop, sale(payments=[PaymentRequest("bkash", "1400"), PaymentRequest("cash", "100")]))
    assert (error.code, error.params) == ("overpaid", {"over_paisa": 40_000})


def test_what_is_left_goes_to_the_courier_or_stays_due(shop: Shop) -> None:
    by_courier = shop.orders.take(sale(payments=paid("100"), rest="cod"))
    later = shop.orders.take(sale(payments=paid("100"), rest="due"))
    assert (by_courier.due_paisa, by_courier.cod_paisa) == (90_000, 90_000)
    assert (later.due_paisa, later.cod_paisa) == (90_000, 0)


def test_a_wallet_id_is_taken_once_and_the_order_that_has_it_is_named(shop: Shop) -> None:
    bkash = paid("100", "bkash", "cko7 a2kq 4z")
    taken = shop.orders.take(sale(payments=bkash))
    assert taken.payments[0].trxid == "CKO7A2KQ4Z"
    assert taken.payments[0].state == "claimed"
    error = refused(shop, sale(payments=bkash))
    assert (error.code, error.params["number"]) == ("trxid_used", taken.number)
    other = shop.orders.take(sale())
    with pytest.raises(UserError) as second:
        shop.orders.pay(other.number, "bkash", "100", "CKO7A2KQ4Z")
    assert second.value.code == "trxid_used"
    twice = [PaymentRequest("nagad", "100", "75AB12CD")] * 2
    assert refused(shop, sale(payments=twice)).code == "trxid_twice"


def test_the_same_id_at_another_provider_is_another_payment(shop: Shop) -> None:
    shop.orders.take(sale(payments=paid("100", "bkash", "6600012845")))
    assert shop.orders.take(sale(payments=paid("100", "rocket", "6600012845"))).payments[0].method == "rocket"


def test_a_bkash_id_of_another_day_is_taken_with_a_warning(shop: Shop) -> None:
    assert shop.orders.take(sale(payments=paid("100", "bkash", "DKO7A2KQ4Z"))).warnings == ()
    assert shop.orders.take(sale(payments=paid("100", "bkash", "DK17A2KQ4Z"))).warnings == (
        "trxid_date_differs",
    )


def test_an_order_is_paid_in_parts_until_nothing_is_due(shop: Shop) -> None:
    number = shop.orders.take(sale(rest="cod")).number
    part = shop.orders.pay(number, "nagad", "৪০০", "75AB12CD")
    assert (part.paid_paisa, part.due_paisa, part.cod_paisa) == (40_000, 60_000, 60_000)
    whole = shop.orders.pay(number, "cash", "700")
    assert (whole.paid_paisa, whole.change_paisa, whole.due_paisa, whole.cod_paisa) == (100_000, 10_000, 0, 0)
    assert [p.method for p in whole.payments] == ["nagad", "cash"]
    with pytest.raises(ConflictError) as error:
        shop.orders.pay(number, "cash", "1")
    assert error.value.code == "order_paid_already"


def test_paying_too_much_by_wallet_is_refused(shop: Shop) -> None:
    number = shop.orders.take(sale(payments=paid("400"))).number
    with pytest.raises(UserError) as error:
        shop.orders.pay(number, "bkash", "601")
    assert error.value.code == "overpaid"
    assert shop.orders.show(number).due_paisa == 60_000


# ---- cancelling --------------------------------------------------------------------------------------


def test_cancelling_brings_goods_back_keeps_the_number_and_owes_the_money(
    shop: Shop, clock: FixedClock
) -> None:
    order = shop.orders.take(sale("P003", "4", payments=paid("200"), rest=None))
    clock.advance(ms=DAY_MS)
    cancelled = shop.orders.cancel(order.number, "ক্রেতা নেবেন না")
    assert (cancelled.number, cancelled.status) == (order.number, "cancelled")
    assert (cancelled.due_paisa, cancelled.cod_paisa) == (0, 0)
    assert cancelled.refund_owed_paisa == order.paid_paisa == 18_200
    assert stock(shop, "P003") == 20_000
    assert shop.orders.take(sale()).number == "A-26-000002"
    due_on = [row[2] for row in dump(shop.paths.database)["owed_refund"]]
    assert due_on == ["2026-12-05"], "ten days, by the setting"


def test_an_order_without_money_owes_nothing_back(shop: Shop) -> None:
    assert shop.orders.cancel(shop.orders.take(sale()).number, "ভুল").refund_owed_paisa == 0
    assert dump(shop.paths.database)["owed_refund"] == []


def test_a_cancelled_order_takes_no_money_and_is_not_cancelled_again(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    shop.orders.cancel(number, "ভুল")
    with pytest.raises(ConflictError) as error:
        shop.orders.pay(number, "cash", "1")
    assert error.value.code == "order_takes_no_money"
    with pytest.raises(ConflictError) as error:
        shop.orders.cancel(number, "আবার")
    assert error.value.code == "order_state"
    assert stock(shop, "P001") == 50_000


@pytest.mark.parametrize("why", ["", "  ", "\u200b"])
def test_a_cancellation_wants_a_reason(shop: Shop, why: str) -> None:
    number = shop.orders.take(sale()).number
    with pytest.raises(UserError) as error:
        shop.orders.cancel(number, why)
    assert error.value.code == "reason_missing"


# ---- hats and lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "hat", "after"),
    [
        (dt.datetime(2026, 11, 24, 8, 59, 59), None, False),
        (dt.datetime(2026, 11, 24, 9), dt.date(2026, 11, 24), False),
        (dt.datetime(2026, 11, 24, 20, 59, 59), dt.date(2026, 11, 24), False),
        (dt.datetime(2026, 11, 24, 21), None, True),
        (dt.datetime(2026, 11, 24, 21, 59, 59), None, True),
        (dt.datetime(2026, 11, 24, 22), None, False),
        (dt.datetime(2026, 11, 25, 12), None, False),
    ],
)
def test_an_order_remembers_the_hat_it_was_taken_in(
    shop: Shop, clock: FixedClock, at: dt.datetime, hat: dt.date | None, after: bool
) -> None:
    clock.advance(ms=int((at - IN_A_HAT).total_seconds() * 1000))
    order = shop.orders.take(sale())
    assert (order.hat, order.after_hat) == (hat, after)


def test_orders_are_listed_newest_first_by_hat_state_and_time(shop: Shop, clock: FixedClock) -> None:
    first = shop.orders.take(sale_to())
    clock.advance(ms=3 * DAY_MS)
    second = shop.orders.take(sale())
    third = shop.orders.cancel(shop.orders.take(sale()).number, "ভুল")
    orders = shop.orders
    assert [o.number for o in orders.list()] == [third.number, second.number, first.number]
    assert orders.list(hat=dt.date(2026, 11, 27)) == [third, second]
    assert orders.list(status="cancelled") == [third]
    assert orders.list(since_ms=second.taken_at_ms, limit=1) == [third]
    assert orders.list(hat=dt.date(2026, 11, 17)) == []
    with pytest.raises(UserError) as error:
        orders.list(status="lost")
    assert error.value.code == "status_unknown"


def test_a_sale_over_the_counter_has_no_buyer(shop: Shop) -> None:
    assert shop.orders.take(sale()).customer is None
    assert not dump(shop.paths.database)["customer"]


def test_texts_are_kept_as_the_rule_of_the_border_says(shop: Shop) -> None:
    order = shop.orders.take(
        sale(
            customer=CustomerRequest(
                name=" \u200bর\u09be\u200dম\ufeff ", phone=PHONE, address="ক\tখ\r\nগ\x07"
            ),
            note="\u202eউল্টো\nদ্বিতীয়",
        )
    )
    assert order.customer is not None
    assert order.customer.name == "র\u09be\u200dম"
    assert order.customer.address == "ক খ\nগ"
    assert order.note == "উল্টো\nদ্বিতীয়"


@pytest.mark.parametrize("blank", [" ", "\u200b", ""])
def test_a_blank_request_id_is_none_and_two_orders_may_carry_one(shop: Shop, blank: str) -> None:
    first, second = (shop.orders.take(sale(request_id=blank)) for _ in range(2))
    assert first.number != second.number
    assert first.request_id is second.request_id is None


def test_an_error_says_which_line_it_means(shop: Shop) -> None:
    good = ItemRequest(qty="1", sku="P001")
    for bad, code in (
        (ItemRequest(qty="1.5", sku="P003"), "quantity_whole"),
        (ItemRequest(qty="1", sku="NONE"), "sku_unknown"),
        (ItemRequest(qty="1", sku="P003", discount="99999"), "discount_above_line"),
        (ItemRequest(qty="1"), "item_code_missing"),
    ):
        with pytest.raises(UserError, match=code) as refused:
            shop.orders.take(OrderRequest(items=[good, good, bad], rest="due"))
        assert refused.value.params["line"] == 3
        assert sentence(code, refused.value.params, "en").startswith("Line 3: ")
