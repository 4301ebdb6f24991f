"""The order book: the right orders in every tab, found by what a vendor has in hand, with their whole story."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, get_args

import pytest

from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.goods import short_goods
from pos.services.order_book import OrderFilter, Tab
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest
from tests.shopkeeping import busy_day, paid, sale, sale_to

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.services.order_book import OrderRow
    from pos.shop import Shop

HAT = dt.date(2026, 11, 24)
TABS: tuple[Tab, ...] = get_args(Tab)


def listed(shop: Shop, tab: Tab = "all", text: str = "", hat: dt.date | None = None) -> list[str]:
    """The numbers that a filter lists, without their head."""
    rows = shop.book.rows(shop.book.ids(OrderFilter(hat, tab, text)))
    return [row.number.removeprefix("A-26-0000") for row in rows]


def row_of(shop: Shop, number: str) -> OrderRow:
    """One order's row."""
    return shop.book.rows(shop.book.ids(OrderFilter(text=number)))[0]


def test_every_tab_lists_its_orders_newest_first_and_counts_them(shop: Shop, clock: FixedClock) -> None:
    requests = (
        sale_to(rest="cod"),  # 1: checked
        sale_to(rest="cod", payments=paid("100")),  # 2: new, partly paid
        sale("P003", rest="due"),  # 3: packed, owed
        sale("P003", rest=None, payments=paid("46")),  # 4: packed, paid
        sale_to(rest="cod"),  # 5: cancelled
    )
    numbers = []
    for request in requests:
        clock.advance(ms=1000)
        numbers.append(shop.orders.take(request).number)
    shop.steps.check(numbers[0], numbers[2])
    shop.steps.pack(numbers[2], numbers[3])
    shop.orders.cancel(numbers[4], "নেবেন না")
    tabs = {tab: listed(shop, tab) for tab in TABS}
    assert tabs == {
        "all": ["05", "04", "03", "02", "01"],
        "new": ["02"],
        "to_pack": ["01"],
        "packed": ["04", "03"],
        "shipped": [],
        "cod_due": ["02", "01"],
        "delivered": [],
        "returned": [],
        "cancelled": ["05"],
        "due": ["03"],
    }
    assert {tab: len(found) for tab, found in tabs.items()} == shop.book.counts() == shop.book.counts(HAT)
    assert shop.book.ids(OrderFilter(), limit=2) == shop.book.ids(OrderFilter())[:2]


def test_a_hat_lists_its_own_orders_alone(shop: Shop, clock: FixedClock) -> None:
    shop.configuration.put("hat.anchor", "2026-11-24=261")
    shop.orders.take(sale())
    clock.advance(ms=int(dt.timedelta(days=1).total_seconds() * 1000))
    shop.orders.take(sale())  # no hat on a Wednesday
    clock.advance(ms=int(dt.timedelta(days=2).total_seconds() * 1000))
    shop.orders.take(sale())
    cancelled = shop.orders.take(sale()).number
    shop.orders.cancel(cancelled, "ভুল")
    assert listed(shop, hat=HAT) == ["01"]
    assert listed(shop, hat=dt.date(2026, 11, 27)) == ["04", "03"]
    assert [(h.on.isoformat(), h.ordinal, h.orders) for h in shop.book.hats()] == [
        ("2026-11-27", 262, 2),
        ("2026-11-24", 261, 1),
    ]
    assert len(shop.book.hats(limit=1)) == 1
    assert shop.book.counts(HAT)["all"] == 1
    assert shop.book.taken_paisa(dt.date(2026, 11, 27)) == 100_000
    assert shop.book.taken_paisa() == 300_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", ["01"]), ("০০০০০৩", ["03"]), ("A-26-000002", ["02"]), ("a-26-২", ["02"]), ("A-26-", ["03", "02", "01"]),
        ("01712345678", ["03", "01"]), ("০১৭১২-৩৪৫৬৭৮", ["03", "01"]), ("+880 1712 345678", ["03", "01"]),
        ("345678", ["03", "01"]), ("শারমিন", ["03", "01"]), ("আক্তার শার", ["03", "01"]), ("rahim", ["02"]),
        ("RAHIM  U", ["02"]), ("শারমিন রহিম", []), ("99", []), ("%", []), ("", ["03", "02", "01"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("hat", [HAT, None])
def test_orders_are_found_by_number_phone_and_name(
    shop: Shop, text: str, found: list[str], hat: dt.date | None
) -> None:
    shop.orders.take(sale_to())
    shop.orders.take(sale(customer=CustomerRequest(name="Rahim Uddin", phone="01911-222333", district="ঢাকা")))
    shop.orders.take(sale_to())
    assert listed(shop, text=text, hat=hat) == found


@pytest.mark.parametrize("text", ["\ud800", "৯" * 50_000, "1" * 40, "'; --", "\0", "A-", "A-99-", "+", "()-"])
def test_whatever_is_typed_is_only_looked_for(shop: Shop, text: str) -> None:
    shop.orders.take(sale())
    for hat in (HAT, None):
        assert isinstance(shop.book.ids(OrderFilter(hat, text=text)), list)


def test_an_erased_buyer_is_not_found_and_not_named(shop: Shop) -> None:
    number = shop.orders.take(sale_to()).number
    shop.customers.erase("01712345678")
    assert listed(shop, text="শারমিন") == listed(shop, text="01712345678") == []
    row = row_of(shop, number)
    assert (row.buyer, row.phone, row.place) == ("", None, "")


def test_a_row_says_what_the_list_shows(shop: Shop) -> None:
    wanted = OrderRequest(
        items=[
            ItemRequest(qty="1", sku="P002-01"),
            ItemRequest(qty="1.5", sku="P001"),
            ItemRequest(qty="2", sku="P003"),
            ItemRequest(qty="1", sku="P004"),
        ],
        customer=CustomerRequest(
            name="শারমিন", phone="01712345678", address="বাসা ৩\nরোড ৭", district="ঢাকা", thana="মিরপুর"
        ),
        payments=paid("500"),
        rest="cod",
    )
    order = shop.orders.take(wanted)
    row = row_of(shop, order.number)
    assert (row.buyer, row.phone, row.place) == ("শারমিন", "+8801712345678", "মিরপুর, ঢাকা")
    assert (row.total_paisa, row.paid_paisa, row.due_paisa, row.cod_paisa) == (
        order.total_paisa,
        50_000,
        order.due_paisa,
        order.cod_paisa,
    )
    assert (row.status, row.checked, row.stage, row.paid_in_full) == ("confirmed", False, "confirmed", False)
    assert row.oversold  # the basket was never in stock
    assert short_goods(row.goods, row.more_lines, BANGLA) == "জামদানি শাড়ি, খাঁটি মধু ১.৫ কেজি +২"
    assert short_goods(row.goods[:1], 0, ENGLISH) == "জামদানি শাড়ি"
    shop.orders.pay(order.number, "cash", str(order.due_paisa // 100))
    assert row_of(shop, order.number).paid_in_full
    assert shop.book.rows([bytes(16)]) == []


def test_goods_are_counted_where_there_is_more_than_one_and_named_in_the_language(shop: Shop) -> None:
    shop.orders.take(sale("P003", "3"))
    row = shop.book.rows(shop.book.ids(OrderFilter()))[0]
    assert short_goods(row.goods, row.more_lines, BANGLA) == "সাবান ×৩"
    assert short_goods(row.goods, 12, ENGLISH) == "সাবান ×3 +12"


def test_the_place_is_the_address_where_nothing_nearer_is_known(shop: Shop) -> None:
    buyer = CustomerRequest(name="ক", phone="01712345678", address="বাসা ৩\nরোড ৭")
    number = shop.orders.take(sale(customer=buyer)).number
    assert row_of(shop, number).place == "বাসা ৩"


def test_the_story_of_an_order_has_every_payment_where_it_came(shop: Shop, clock: FixedClock) -> None:
    number = shop.orders.take(sale_to(payments=paid("100") + paid("50", "bkash", "CKO7A2KQ4Z"))).number
    shop.orders.pay(number, "nagad", "30", "75AB12CD")
    clock.advance(ms=60_000)
    shop.steps.check(number)
    shop.orders.pay(number, "cash", "20")
    shop.orders.cancel(number, "ক্রেতা নেবেন না")
    story = [(e.kind, e.method, e.amount_paisa, e.trxid, e.why) for e in shop.book.timeline(number)]
    assert story == [
        ("taken", "", 0, None, ""),
        ("paid", "cash", 10_000, None, ""),
        ("paid", "bkash", 5_000, "CKO7A2KQ4Z", ""),
        ("paid", "nagad", 3_000, "75AB12CD", ""),
        ("checked", "", 0, None, ""),
        ("paid", "cash", 2_000, None, ""),
        ("cancelled", "", 0, None, "ক্রেতা নেবেন না"),
    ]
    first = shop.book.timeline(number.lower())[0]
    assert (first.operator, first.device, first.at_ms) == (
        shop.desk.operator.name,
        "A",
        clock.now_ms() - 60_000,
    )
    with pytest.raises(UserError, match="order_unknown"):
        shop.book.timeline("A-26-999")


def test_a_row_agrees_with_the_order_itself(shop: Shop) -> None:
    for number in busy_day(shop):
        order, row = shop.orders.show(number), row_of(shop, number)
        for name in ("number", "status", "taken_at_ms", "hat", "after_hat", "rest"):
            assert getattr(row, name) == getattr(order, name)
        for name in ("total", "paid", "due", "cod"):
            assert getattr(row, f"{name}_paisa") == getattr(order, f"{name}_paisa")
        assert len(row.goods) + row.more_lines == len(order.lines)
