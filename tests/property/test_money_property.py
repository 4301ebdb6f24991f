"""Money: every way of writing an amount gives the amount back."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.money import (
    MONEY_LIMIT_PAISA,
    charge_paisa,
    line_paisa,
    parse_charge,
    parse_money,
    plain_money,
    round_half_up,
    round_to_taka,
)
from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.numbers import group, money, to_bangla

amounts = st.integers(0, MONEY_LIMIT_PAISA)


@given(amounts, st.sampled_from(["{}", "৳{}", "Tk. {}", "{} টাকা", "{}/-", "{}tk", " \u202a{}\u202c "]))
def test_an_amount_reads_back_however_it_is_dressed(paisa: int, dress: str) -> None:
    written = plain_money(paisa)
    whole, _, places = written.partition(".")
    for number in (written, to_bangla(written), group(int(whole)) + "." + places, f"{int(whole):,}.{places}"):
        assert parse_money(dress.format(number)) == paisa


@given(amounts)
def test_what_is_shown_reads_back(paisa: int) -> None:
    for locale in (BANGLA, ENGLISH):
        for places in (None, True):
            assert parse_money(money(paisa, locale, places=places, taka=True)) == paisa
    assert parse_money(Decimal(paisa) / 100) == paisa


@given(st.text(max_size=30) | st.text("0123456789০৫.,- /=৳tk%টাকা\u00a0²½", max_size=12))
def test_any_text_gives_an_amount_within_the_limit_or_a_refusal(text: str) -> None:
    try:
        assert 0 <= parse_money(text) <= MONEY_LIMIT_PAISA
        charge = parse_charge(text, field="discount")
    except UserError as refused:
        outcome = refused.code
    else:
        outcome = "read" if charge.paisa is not None else "percentage"
    assert outcome in {"read", "money_unclear", "number_ambiguous", "money_too_big"}


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**5))
def test_rounding_is_never_off_by_more_than_half(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    assert -denominator < 2 * (rounded * denominator - numerator) <= denominator


@given(amounts)
def test_rounding_to_the_taka_moves_an_amount_by_at_most_fifty_paisa(paisa: int) -> None:
    rounded = round_to_taka(paisa)
    assert rounded % 100 == 0
    assert -50 < rounded - paisa <= 50


@given(st.integers(1, 10**6), st.integers(0, 10**7))
def test_a_line_agrees_with_decimal_arithmetic(qty_milli: int, price_paisa: int) -> None:
    exact = Decimal(qty_milli) * price_paisa / 1000
    assert line_paisa(qty_milli, price_paisa) == int((exact + Decimal("0.5")) // 1)


@given(st.integers(0, 10_000), amounts)
def test_a_percentage_is_never_more_than_its_base(hundredths: int, base: int) -> None:
    charge = parse_charge(f"{hundredths // 100}.{hundredths % 100:02d}%", field="discount")
    assert charge.hundredths == hundredths
    assert 0 <= charge_paisa(charge, base) <= base
