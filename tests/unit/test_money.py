"""Amounts as people write them, and the arithmetic of paisa."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pos.domain.money import (
    MONEY_LIMIT_PAISA,
    Charge,
    charge_paisa,
    line_paisa,
    parse_charge,
    parse_money,
    plain_money,
    round_half_up,
    round_to_taka,
)
from pos.errors import BugError, UserError


@pytest.mark.parametrize(
    ("written", "paisa"),
    [
        ("500", 50_000),
        ("500/-", 50_000),
        ("500 /-", 50_000),
        ("৫০০/=", 50_000),
        ("১২০০/=", 120_000),
        ("1200tk", 120_000),
        ("1200 Tk.", 120_000),
        ("৳1200", 120_000),
        ("৳ ১২০০/-", 120_000),
        ("Tk. 1,200", 120_000),
        ("Tk.1,200.50", 120_050),
        ("TK 1200 only", 120_000),
        ("BDT 1200", 120_000),
        ("১২০০ টাকা", 120_000),
        ("১২০০ টাকা মাত্র", 120_000),
        ("1.2k", 120_000),
        ("১.২K", 120_000),
        ("২ হাজার টাকা", 200_000),
        ("1.5 lakh", 15_000_000),
        ("500.", 50_000),
        (".5", 50),
        ("৳.৫", 50),
        ("Tk.5", 500),
        ("tk .5", 50),
        ("500.5", 50_050),
        ("500.05", 50_005),
        ("1\u00a0250", 125_000),
        ("1 250", 125_000),
        ("12 34 567", 123_456_700),
        ("12,34,567.00", 123_456_700),
        ("১২,৩৪,৫৬৭.০০", 123_456_700),
        ("1,234,567", 123_456_700),
        ("1,00,00,000", 10**9),
        ("\u202a৳৫০০\u202c\u200b", 50_000),
        ("５００", 50_000),
        ("٥٠٠", 50_000),
        ("0", 0),
        ("০.০০", 0),
        ("007", 700),
        ("1000000000", MONEY_LIMIT_PAISA),
        (500, 50_000),
        (0, 0),
        (Decimal("500.5"), 50_050),
        (Decimal("500.500"), 50_050),
        (Decimal("1E+3"), 100_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str | int | Decimal, paisa: int) -> None:
    assert parse_money(written) == paisa


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "৳", "tk", "ষাট", "500%", "-5", "\u22125", "+500", "0x10", "NaN", "nan", "inf", "1e5", "²",
        "5²", "½", "500.555", "1.250", "1..5", "1.2.3", ".", "/-", "1,250,50", "1.250,50", "1,23,4567",
        "1,2,3",
        "12 5", "1 25", "1, 250", "1,250 000", "500 kg", "500-", "$500", "1.2kg", "500 600", "=1+1",
        "৫০০ গ্রাম", "1.2345678k", "5" + " " * 500,
        -1, True, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal(-1), Decimal("0.001"),
        Decimal("-1E+999999999"),
        Decimal("1E-999999"), Decimal("1.0000000000000000000000000000000000000001"),
        pytest.param(-(10**5000), id="huge"),
    ],
)  # fmt: skip
def test_what_is_not_surely_an_amount_is_refused(written: str | int | Decimal) -> None:
    with pytest.raises(UserError) as caught:
        parse_money(written, field="cost")
    assert caught.value.code == "money_unclear"
    assert caught.value.params["field"] == "cost"


def test_a_float_is_refused_because_it_has_lost_its_paisa() -> None:
    with pytest.raises(UserError, match="money_unclear"):
        parse_money(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["1,5", "১,৫", "12,50", "1,2345", "0,500", ",5", "৳1,5", "1,5k"])
def test_a_comma_that_may_be_a_point_is_asked_back(written: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_money(written)
    assert caught.value.code == "number_ambiguous"
    assert caught.value.params["field"] == "price"


@pytest.mark.parametrize(
    "written",
    ["99999999999999", "1000000000.01", "9" * 300, "9" * 300 + "k", "20000 লাখ", 10**9 + 1,
     pytest.param(10**5000, id="huge"), Decimal("1E+999999999"), str(2**63)],
)  # fmt: skip
def test_an_amount_beyond_the_limit_is_refused_before_anything_is_stored(
    written: str | int | Decimal,
) -> None:
    with pytest.raises(UserError) as caught:
        parse_money(written)
    assert (caught.value.code, caught.value.params) == ("money_too_big", {"field": "price"})


def test_plain_money_always_has_two_places() -> None:
    assert [plain_money(paisa) for paisa in (95_500, 5, -550, 0, -5)] == [
        "955.00",
        "0.05",
        "-5.50",
        "0.00",
        "-0.05",
    ]


def test_a_half_goes_up_on_both_sides_of_zero() -> None:
    assert [round_half_up(n, 2) for n in (1, -1, 3, -3, 4)] == [1, 0, 2, -1, 2]
    assert [round_to_taka(p) for p in (49_999, 50_050, 50_049, -50)] == [50_000, 50_100, 50_000, 0]
    with pytest.raises(BugError):
        round_half_up(1, 0)


def test_change_is_exact_to_the_paisa() -> None:
    assert parse_money("500") - parse_money("499.99") == parse_money("0.01") == 1


def test_a_line_is_rounded_to_the_paisa_and_kept_within_the_limit() -> None:
    assert line_paisa(1_500, 100_000) == 150_000
    assert line_paisa(333, 100) == 33
    assert line_paisa(5, 100) == 1
    assert line_paisa(1000, MONEY_LIMIT_PAISA) == MONEY_LIMIT_PAISA
    with pytest.raises(UserError) as caught:
        line_paisa(1001, MONEY_LIMIT_PAISA)
    assert (caught.value.code, caught.value.params) == ("money_too_big", {"field": "amount"})


@pytest.mark.parametrize(
    ("written", "charge"),
    [
        ("50", Charge(paisa=5_000)),
        ("৫০/-", Charge(paisa=5_000)),
        (50, Charge(paisa=5_000)),
        ("10%", Charge(hundredths=1_000)),
        ("১০%", Charge(hundredths=1_000)),
        ("১০ %", Charge(hundredths=1_000)),
        ("12.5%", Charge(hundredths=1_250)),
        ("0.25 percent", Charge(hundredths=25)),
        ("১০ শতাংশ", Charge(hundredths=1_000)),
        ("100%", Charge(hundredths=10_000)),
        ("0%", Charge(hundredths=0)),
    ],
)
def test_a_charge_is_an_amount_or_a_percentage(written: str | int, charge: Charge) -> None:
    assert parse_charge(written, field="discount") == charge


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("101%", "percent_too_big"),
        ("100.01%", "percent_too_big"),
        ("9" * 300 + "%", "percent_too_big"),
        ("1,5%", "number_ambiguous"),
        ("-5%", "percent_unclear"),
        ("1.234%", "percent_unclear"),
        ("%", "percent_unclear"),
        ("abc%", "percent_unclear"),
        ("%10", "money_unclear"),
        ("10%%", "percent_unclear"),
        ("", "money_unclear"),
    ],
)
def test_a_charge_that_cannot_be_read_is_refused(written: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_charge(written, field="discount")
    assert caught.value.code == code
    assert caught.value.params["field"] == "discount"


def test_a_percentage_is_taken_of_its_base_and_an_amount_is_not() -> None:
    assert charge_paisa(Charge(hundredths=1_250), 99_999) == 12_500
    assert charge_paisa(Charge(hundredths=1), 5_000) == 1
    assert charge_paisa(Charge(paisa=700), 99_999) == 700


def test_a_charge_is_one_of_the_two() -> None:
    for paisa, hundredths in ((None, None), (1, 1)):
        with pytest.raises(BugError):
            Charge(paisa=paisa, hundredths=hundredths)
