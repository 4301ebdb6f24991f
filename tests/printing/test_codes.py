"""The barcode's digits stand for one order number and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import BugError, UserError
from pos.printing.codes import digits_alias, number_of_alias
from pos.printing.symbols import code128_widths, qr_rows

letters = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=2)
suffixes = st.just("") | st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
counters = st.integers(1, 999_999) | st.integers(1_000_000, 10**9 - 1)
numbers = st.builds(
    lambda head, tail, year, counter: f"{head}{tail}-{year:02d}-{counter:06d}",
    letters,
    suffixes,
    st.integers(0, 99),
    counters,
)


@pytest.mark.parametrize(
    ("number", "alias"),
    [
        ("A-26-000147", "0126000147"),
        ("Z-26-000001", "2626000001"),
        ("AA-26-000001", "2726000001"),
        ("CU-26-000001", "9926000001"),
        ("CV-26-000001", "12970026000001"),
        ("A7K-26-000147", "00157026000147"),
        ("A-26-1000000", "00129726" + "01000000"),
    ],
)
def test_the_alias_of_a_number(number: str, alias: str) -> None:
    assert digits_alias(number) == alias
    assert number_of_alias(alias) == number


@given(numbers)
def test_an_alias_is_an_even_count_of_digits_and_reads_back(number: str) -> None:
    alias = digits_alias(number)
    assert alias.isascii()
    assert alias.isdigit()
    assert len(alias) % 2 == 0
    assert number_of_alias(alias) == number


@given(numbers, numbers)
def test_no_two_numbers_share_an_alias(one: str, other: str) -> None:
    assert (digits_alias(one) == digits_alias(other)) == (one == other)


@given(st.text(alphabet="0123456789", max_size=20))
def test_digits_are_either_the_alias_of_a_number_or_refused(digits: str) -> None:
    try:
        number = number_of_alias(digits)
    except UserError:
        return
    assert digits_alias(number) == digits


@pytest.mark.parametrize("text", ["", "0126", "0026000147", "2100000010004", "০১২৬০০০১৪৭", "1" * 5000])
def test_what_is_no_alias_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="barcode_not_an_order"):
        number_of_alias(text)


def test_ten_digits_take_ninety_modules() -> None:
    assert sum(code128_widths("0126000147")) == 90


@pytest.mark.parametrize("digits", ["123", "12a4", "১২"])
def test_a_barcode_takes_only_pairs_of_digits(digits: str) -> None:
    with pytest.raises(BugError):
        code128_widths(digits)


@pytest.mark.parametrize("number", ["A-26-000147", "ZZ9Z-26-999999", "A7K-26-1000000"])
def test_an_order_number_fits_the_smallest_qr_code(number: str) -> None:
    assert len(qr_rows(number)) == 21
