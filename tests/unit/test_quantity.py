"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pos.domain.quantity import QTY_LIMIT_MILLI, parse_quantity, parse_signed_quantity, plain_quantity
from pos.errors import UserError


@pytest.mark.parametrize(
    ("written", "milli"),
    [
        ("১", 1000),
        ("2", 2000),
        (" 2 ", 2000),
        ("১২.৫", 12_500),
        ("২ টা", 2000),
        ("3টি", 3000),
        ("৩টা", 3000),
        ("3 টি", 3000),
        ("৩ পিস", 3000),
        ("2pcs", 2000),
        ("2 pcs.", 2000),
        ("1 piece", 1000),
        ("2 ta", 2000),
        ("একটা", 1000),
        ("দুইটি", 2000),
        ("দুটি", 2000),
        ("তিন", 3000),
        ("পাঁচটা", 5000),
        ("x2", 2000),
        ("X 2", 2000),
        ("×২", 2000),
        ("2x", 2000),
        ("দেড়", 1500),
        ("আড়াই", 2500),
        ("সোয়া ১", 1250),
        ("সোয়া", 1250),
        ("পৌনে ২", 1750),
        ("পৌনে এক", 750),
        ("সাড়ে ৩", 3500),
        ("সাড়ে তিন", 3500),
        ("হাফ", 500),
        ("আধা", 500),
        ("half", 500),
        ("1/2", 500),
        ("১/২", 500),
        ("৩/৪", 750),
        ("1 1/2", 1500),
        ("½", 500),
        ("1½", 1500),
        ("১ ½", 1500),
        ("1,200", 1_200_000),
        (".5", 500),
        ("2.", 2000),
        ("0.125", 125),
        ("１２", 12_000),
        ("٢", 2000),
        ("\u200e2\u200b", 2000),
        (2, 2000),
        (Decimal("1.5"), 1500),
        (Decimal("2.0"), 2000),
        ("1000000", QTY_LIMIT_MILLI),
    ],
)
def test_a_quantity_is_read_as_people_write_it(written: str | int | Decimal, milli: int) -> None:
    assert parse_quantity(written, fractions=True) == milli


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "²", "NaN", "inf", "0x10", "1e3", "1.2.3", "১ কেজি", "500 গ্রাম", "৫০০গ্রাম", "1 dozen",
        "এক ডজন", "২ সেট", "1/3", "2/1", "1/0", "12/5", "1.2345", "+ +2", "--2", "টা", "x", "দেড় দেড়", "সাড়ে",
        "সাড়ে ১.৫", "সাড়ে ০", "2 2", "1, 2", "1.250,5", "2 টা টা টি", "A2", "2%",
        True, Decimal("NaN"), Decimal("0.0001"),
    ],
)  # fmt: skip
def test_what_is_not_surely_a_quantity_is_refused(written: str | int | Decimal) -> None:
    with pytest.raises(UserError) as caught:
        parse_quantity(written, fractions=True)
    assert caught.value.code == "quantity_unclear"
    assert caught.value.params["field"] == "qty"


@pytest.mark.parametrize("written", ["1,5", "১,৫", "1,5 টি"])
def test_a_comma_that_may_be_a_point_is_asked_back(written: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_quantity(written, fractions=True)
    assert caught.value.code == "number_ambiguous"


@pytest.mark.parametrize(
    "written", ["-1", "\u22123", "\u20132", "- ২", "0", "০.০", "-0", "-দেড়", -1, 0, Decimal(-1)]
)
def test_a_sale_of_nothing_or_less_is_refused(written: str | int | Decimal) -> None:
    with pytest.raises(UserError) as caught:
        parse_quantity(written, fractions=True)
    assert caught.value.code == "quantity_not_positive"


@pytest.mark.parametrize("written", ["১২.৫", "দেড়", "1/2", "½", "হাফ", Decimal("1.5")])
def test_a_fraction_of_what_is_sold_whole_is_refused(written: str | Decimal) -> None:
    with pytest.raises(UserError) as caught:
        parse_quantity(written, fractions=False)
    assert caught.value.code == "quantity_whole"
    assert caught.value.params == {"field": "qty", "text": str(written)}


def test_a_whole_number_with_noughts_behind_the_point_is_whole() -> None:
    assert parse_quantity("2.00", fractions=False) == 2000


@pytest.mark.parametrize(
    "written",
    ["1000000.001", "2100000010004", "9" * 300, pytest.param(10**5000, id="huge"), Decimal("1E+999999999")],
)
def test_a_barcode_in_the_wrong_field_is_refused(written: str | int | Decimal) -> None:
    with pytest.raises(UserError) as caught:
        parse_quantity(written, fractions=True)
    assert (caught.value.code, caught.value.params) == ("quantity_too_big", {"field": "qty"})


@pytest.mark.parametrize(
    ("written", "milli"),
    [
        ("-1", -1000),
        ("\u2212৩", -3000),
        ("+5", 5000),
        ("5", 5000),
        ("- 2 টি", -2000),
        ("-১.৫", -1500),
        (-4, -4000),
    ],
)
def test_a_correction_of_stock_has_a_sign(written: str | int, milli: int) -> None:
    assert parse_signed_quantity(written, fractions=True) == milli


def test_a_correction_by_nothing_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        parse_signed_quantity("-0", fractions=False)
    assert caught.value.code == "quantity_zero"


def test_plain_quantity_shows_no_needless_noughts() -> None:
    assert [plain_quantity(m) for m in (1500, 2000, -250, 0, 5, 1_200_000)] == [
        "1.5",
        "2",
        "-0.25",
        "0",
        "0.005",
        "1200",
    ]
