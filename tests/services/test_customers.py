"""Buyers: found by any form of their phone, remembered, and shown with what they have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import UserError
from pos.services.order_request import CustomerRequest
from tests.shopkeeping import PHONE, dump, paid, sale, sale_to

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.shop import Shop


@pytest.mark.parametrize(
    "typed",
    [
        "01712345678",
        "+8801712345678",
        "8801712345678",
        "01712-345678",
        "০১৭১২৩৪৫৬৭৮",
        "1712345678",
        " 017 1234 5678 ",
    ],
)
def test_a_buyer_is_found_and_known_by_any_form_of_the_phone(shop: Shop, typed: str) -> None:
    shop.orders.take(sale_to("01712345678"))
    shop.orders.take(sale(customer=CustomerRequest(phone=typed)))
    (found,) = shop.customers.find(typed)
    assert found == shop.customers.show(typed)
    assert (found.name, found.orders, found.phone) == ("শারমিন আক্তার", 2, "+8801712345678")


@pytest.mark.parametrize("asked", ["12345", "শারমিন", "মিরপুর শারমিন", "ঢাকা", "আক্তার"])
def test_a_buyer_is_found_by_a_part(shop: Shop, asked: str) -> None:
    shop.orders.take(sale_to(PHONE))
    shop.orders.take(sale(customer=CustomerRequest(name="রহিম", phone="01911000000", address="খুলনা")))
    assert [c.phone for c in shop.customers.find(asked)] == ["+8801712345678"]


@pytest.mark.parametrize("asked", ["", " ", "99999", "কেউ নয়", "%", "_", "'", "1"])
def test_what_fits_nobody_finds_nobody(shop: Shop, asked: str) -> None:
    shop.orders.take(sale_to(PHONE))
    assert shop.customers.find(asked) == []


def test_the_second_number_finds_the_buyer_too(shop: Shop) -> None:
    shop.orders.take(sale(customer=CustomerRequest(name="রহিমা", phone="01712345678 / 01811223344")))
    (found,) = shop.customers.find("01811223344")
    assert (found.phone, found.phone2) == ("+8801712345678", "+8801811223344")


def test_what_is_left_out_comes_from_what_is_known_and_what_is_new_is_remembered(shop: Shop) -> None:
    shop.orders.take(sale_to(PHONE))
    order = shop.orders.take(sale(customer=CustomerRequest(phone=PHONE, address="উত্তরা ৪")))
    assert order.customer is not None
    assert (order.customer.name, order.customer.address, order.customer.district) == (
        "শারমিন আক্তার", "উত্তরা ৪", "",
    )  # fmt: skip
    assert shop.customers.show(PHONE).address == "উত্তরা ৪"
    old = shop.orders.list()[-1]
    assert old.customer is not None
    assert old.customer.address == "মিরপুর ১০", "an order keeps what was written on it"


def test_a_buyer_without_a_phone_stands_on_the_order_alone(shop: Shop) -> None:
    order = shop.orders.take(sale(customer=CustomerRequest(name="পথচারী")))
    assert order.customer is not None
    assert shop.customers.find("পথচারী") == []
    assert dump(shop.paths.database)["customer"] == []


def test_what_a_buyer_owes_is_what_no_courier_collects(shop: Shop) -> None:
    shop.orders.take(sale_to(PHONE, payments=paid("100"), rest="due"))
    shop.orders.take(sale_to(PHONE, rest="cod"))
    shop.orders.cancel(shop.orders.take(sale_to(PHONE)).number, "ভুল")
    found = shop.customers.show(PHONE)
    assert (found.orders, found.due_paisa) == (3, 90_000)


def test_the_latest_buyer_comes_first(shop: Shop, clock: FixedClock) -> None:
    for phone in ("01711111111", "01722222222"):
        shop.orders.take(sale_to(phone))
        clock.advance(ms=1000)
    assert [c.phone[-1] for c in shop.customers.find("শারমিন")] == ["2", "1"]
    assert len(shop.customers.find("শারমিন", limit=1)) == 1


def test_an_unknown_or_unclear_phone_says_so(shop: Shop) -> None:
    for phone, code in (("01799999999", "customer_unknown"), ("abc", "phone_unclear")):
        for act in (shop.customers.show, shop.customers.erase):
            with pytest.raises(UserError) as error:
                act(phone)
            assert error.value.code == code


def test_a_new_address_brings_nothing_of_the_old_one(shop: Shop) -> None:
    def at(**place: str) -> CustomerRequest:
        return CustomerRequest(name="শারমিন", phone=PHONE, **place)

    shop.orders.take(sale(customer=at(address="মিরপুর ১০", district="ঢাকা", thana="মিরপুর")))
    moved = shop.orders.take(sale(customer=at(address="আগ্রাবাদ"))).customer
    assert moved is not None
    assert (moved.address, moved.district, moved.thana) == ("আগ্রাবাদ", "", "")
    again = shop.orders.take(sale(customer=at(address="আগ্রাবাদ", district="চট্টগ্রাম"))).customer
    assert again is not None
    left_out = shop.orders.take(sale(customer=at())).customer
    assert left_out == again


def test_a_buyer_known_only_by_a_district_is_written_on_the_order(shop: Shop) -> None:
    order = shop.orders.take(sale(customer=CustomerRequest(district="ঢাকা")))
    assert order.customer is not None
    assert order.customer.district == "ঢাকা"
    assert shop.orders.show(order.number) == order
