"""A quote says what taking the order would come to, to the paisa, and whatever would be refused, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import UserError
from pos.l10n.sentences import SENTENCES
from pos.paths import ShopPaths
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.shop import open_shop
from tests.shopkeeping import IN_A_HAT, PHONE, dump, paid, sale, sale_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.services.quotes import QuoteView
    from pos.shop import Shop

SUMS = ("subtotal", "discount", "delivery", "rounding", "total", "paid", "change", "due", "cod")


def errors(quote: QuoteView) -> list[tuple[str, int, str]]:
    return [(e.where, e.number, e.code) for e in quote.errors]


def sums(of: Any) -> dict[str, int]:
    return {name: getattr(of, f"{name}_paisa") for name in SUMS}


def test_a_quote_is_the_order_that_would_be_taken(shop: Shop) -> None:
    request = OrderRequest(
        [ItemRequest("১.৫", sku="P001", discount="50"), ItemRequest("3", barcode="8901"), ItemRequest("3", sku="p003")],
        customer=CustomerRequest(name="শারমিন", phone=PHONE, address="মিরপুর ১০"),
        discount="10%", delivery="৬০", payments=paid("500", "bkash", "CKO7A2KQ4Z"), rest="cod",
    )  # fmt: skip
    quote = shop.orders.quote(request)
    order = shop.orders.take(request)
    assert quote.errors == ()
    assert quote.lines == order.lines
    assert sums(quote) == sums(order)
    assert quote.buyer == order.customer
    assert not quote.buyer_known


def test_a_quote_writes_nothing(shop: Shop) -> None:
    before = dump(shop.paths.database)
    shop.orders.quote(sale_to(payments=paid("100")))
    assert dump(shop.paths.database) == before


def test_an_empty_cart_is_worth_nothing_and_is_no_error(shop: Shop) -> None:
    quote = shop.orders.quote(OrderRequest([], delivery="80", discount="50"))
    assert (quote.lines, quote.errors) == ((), ())
    assert set(sums(quote).values()) == {0}


def test_nobody_need_say_yet_who_collects_the_rest(shop: Shop) -> None:
    request = sale("P001", rest=None)
    with pytest.raises(UserError):
        shop.orders.take(request)
    quote = shop.orders.quote(request)
    assert quote.errors == ()
    assert (quote.total_paisa, quote.due_paisa, quote.cod_paisa) == (100_000, 100_000, 0)


def test_lines_in_error_are_named_and_the_others_are_priced(shop: Shop) -> None:
    quote = shop.orders.quote(
        OrderRequest(
            [
                ItemRequest("1", sku="P001"),
                ItemRequest("1", sku="X999"),
                ItemRequest("", sku="P001"),
                ItemRequest("1.5", sku="P003"),
                ItemRequest("1", sku="P002"),
                ItemRequest("1", sku="P003", discount="46"),
                ItemRequest("1", sku="P003", price="a lot"),
                ItemRequest("1"),
                ItemRequest("2", sku="P003"),
            ]
        )
    )
    assert errors(quote) == [
        ("line", 2, "sku_unknown"),
        ("line", 5, "variant_required"),
        ("line", 8, "item_code_missing"),
        ("line", 3, "quantity_unclear"),
        ("line", 4, "quantity_whole"),
        ("line", 6, "discount_above_line"),
        ("line", 7, "money_unclear"),
    ]
    assert [line and line.sku for line in quote.lines] == ["P001", *[None] * 7, "P003"]
    assert quote.subtotal_paisa == 109_100
    choices: Any = next(e for e in quote.errors if e.code == "variant_required").params["choices"]
    assert [c["sku"] for c in choices] == ["P002-01", "P002-02"]
    assert all("line" not in e.params for e in quote.errors)


def test_a_cart_of_nothing_but_errors_has_no_sums_and_no_error_of_the_order(shop: Shop) -> None:
    quote = shop.orders.quote(OrderRequest([ItemRequest("1", sku="X999")], discount="50", delivery="80"))
    assert errors(quote) == [("line", 1, "sku_unknown")]
    assert set(sums(quote).values()) == {0}


@pytest.mark.parametrize(
    ("more", "code", "total"),
    [
        ({"discount": "lots", "delivery": "80"}, "money_unclear", 108_000),
        ({"discount": "110%", "delivery": "80"}, "percent_too_big", 108_000),
        ({"discount": "1000.50", "delivery": "80"}, "discount_above_order", 108_000),
        ({"discount": "10%", "delivery": "far"}, "money_unclear", 90_000),
        ({"delivery": "1,5"}, "number_ambiguous", 100_000),
    ],
)
def test_a_charge_in_error_is_left_out(shop: Shop, more: dict[str, str], code: str, total: int) -> None:
    quote = shop.orders.quote(sale("P001", **more))
    assert errors(quote) == [("order", 0, code)]
    assert quote.total_paisa == total


def test_a_sum_beyond_all_bounds_is_an_error_and_no_sum(shop: Shop) -> None:
    quote = shop.orders.quote(
        sale(items=[ItemRequest("900", sku="P001", price="1000000")] * 2, payments=paid("5"))
    )
    assert ("order", 0, "money_too_big") in errors(quote)
    assert quote.total_paisa == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"items": [ItemRequest("1", sku="P001")] * 1001}, "order_too_long"),
        ({"payments": [PaymentRequest("cash", "1")] * 101}, "order_too_many_payments"),
    ],
)
def test_more_than_one_order_holds_is_said_before_it_is_taken(
    shop: Shop, more: dict[str, Any], code: str
) -> None:
    assert errors(shop.orders.quote(sale(**more))) == [("order", 0, code)]


def test_payments_in_error_are_named_and_left_out(shop: Shop) -> None:
    shop.orders.take(sale(payments=paid("100", "bkash", "CKO7A2KQ4Z")))
    quote = shop.orders.quote(
        sale(
            payments=[
                PaymentRequest("bkash", "100", "CKO7A2KQ4Z"),
                PaymentRequest("nagad", "100", "75AB12CD"),
                PaymentRequest("nagad", "100", "75AB12CD"),
                PaymentRequest("shells", "100"),
                PaymentRequest("cash", "?"),
            ],
            rest="cod",
        )
    )
    assert errors(quote) == [
        ("payment", 1, "trxid_used"),
        ("payment", 3, "trxid_twice"),
        ("payment", 4, "method_unknown"),
        ("payment", 5, "money_unclear"),
    ]
    assert (quote.paid_paisa, quote.due_paisa, quote.cod_paisa) == (10_000, 90_000, 90_000)


def test_change_is_quoted_for_cash_and_too_much_of_another_kind_is_an_error(shop: Shop) -> None:
    cash = shop.orders.quote(sale(payments=paid("1500")))
    assert (cash.paid_paisa, cash.change_paisa, cash.due_paisa) == (100_000, 50_000, 0)
    wallet = shop.orders.quote(sale(payments=paid("1500", "nagad")))
    assert errors(wallet) == [("payment", 0, "overpaid")]
    assert (wallet.paid_paisa, wallet.due_paisa) == (0, 100_000)


def test_lines_that_take_more_than_there_is_say_how_much_there_is(shop: Shop) -> None:
    quote = shop.orders.quote(
        sale(items=[ItemRequest(qty, sku=sku) for qty, sku in (("3", "P003"), ("18", "P003"), ("1", "P004"))])
    )
    assert [(o.number, o.free_milli) for o in quote.oversold] == [(2, 17_000), (3, 0)]
    assert quote.errors == ()


def test_a_known_buyer_is_told_with_what_is_known_and_an_unclear_phone_is_an_error(shop: Shop) -> None:
    shop.orders.take(sale_to(PHONE))
    quote = shop.orders.quote(sale(customer=CustomerRequest(phone="০১৭১২-৩৪৫৬৭৮")))
    assert quote.buyer_known
    assert quote.buyer is not None
    assert (quote.buyer.name, quote.buyer.address) == ("শারমিন আক্তার", "মিরপুর ১০")
    half = shop.orders.quote(sale(customer=CustomerRequest(name="শারমিন", phone="01712345")))
    assert errors(half) == [("buyer", 0, "phone_unclear")]
    assert half.errors[0].params == {"missing": 3}
    assert half.total_paisa == 100_000


# ---- whatever is typed -------------------------------------------------------------------------------

_amounts = st.sampled_from(["", "0", "1", "২.৫", "10%", "101%", "-3", "1,5", "99999999", "৫০ টাকা", "x"])
_items = st.builds(
    ItemRequest,
    qty=_amounts,
    sku=st.sampled_from(["P001", "p003", "P002", "P002-02", "P004", "X", "", None]),
    price=st.none() | _amounts,
    discount=st.none() | _amounts,
)
_requests = st.builds(
    OrderRequest,
    items=st.lists(_items, max_size=4),
    discount=st.none() | _amounts,
    delivery=st.none() | _amounts,
    payments=st.lists(
        st.builds(PaymentRequest, method=st.sampled_from(["cash", "bkash", "নগদ", "gold"]), amount=_amounts),
        max_size=2,
    ),
    rest=st.sampled_from(["cod", "due"]),
)


@pytest.fixture(scope="module")
def open_for_all(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop for many examples: a quote leaves it as it is, and what is taken only moves its stock."""
    import shutil

    from pos.domain.times import FixedClock

    paths = ShopPaths(tmp_path_factory.mktemp("quotes") / "shop")
    shutil.copytree(template, paths.home)
    with open_shop(paths, FixedClock(IN_A_HAT)) as opened:
        yield opened


@given(request_=_requests)
@settings(max_examples=60)
def test_a_quote_without_errors_is_exactly_what_can_be_taken(
    open_for_all: Shop, request_: OrderRequest
) -> None:
    quote = open_for_all.orders.quote(request_)
    assert all(e.code in SENTENCES for e in quote.errors)
    try:
        order = open_for_all.orders.take(request_)
    except UserError as error:
        assert error.code == "order_empty" or error.code in {e.code for e in quote.errors}
    else:
        assert quote.errors == ()
        assert quote.lines == order.lines
        assert sums(quote) == sums(order)
