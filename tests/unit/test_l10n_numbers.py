"""Digits, groups, taka and phones as shown."""

from __future__ import annotations

from pos.l10n import BANGLA, ENGLISH, Locale
from pos.l10n.numbers import digits, group, money, phone, quantity, to_bangla

BANGLA_WORDS_LATIN_DIGITS = Locale("bn", "latin")


def test_digits_follow_the_digit_setting_and_not_the_language() -> None:
    assert to_bangla("A-26-000147") == "A-২৬-০০০১৪৭"
    assert digits("12", BANGLA) == "১২"
    assert digits("12", ENGLISH) == digits("12", BANGLA_WORDS_LATIN_DIGITS) == "12"


def test_groups_are_lakh_and_crore() -> None:
    numbers = (0, 7, 999, 1000, 99_999, 100_000, 1_234_567, 10**7, 10**9, -1234)
    wanted = [
        "0",
        "7",
        "999",
        "1,000",
        "99,999",
        "1,00,000",
        "12,34,567",
        "1,00,00,000",
        "1,00,00,00,000",
        "\u22121,234",
    ]
    assert [group(n) for n in numbers] == wanted


def test_money_shows_paisa_only_where_there_are_any_unless_told() -> None:
    assert money(123_456_700, BANGLA) == "১২,৩৪,৫৬৭"
    assert money(123_456_700, BANGLA, places=True) == "১২,৩৪,৫৬৭.০০"
    assert money(123_456_750, ENGLISH) == "12,34,567.50"
    assert money(550, ENGLISH, places=False) == "5.50"
    assert money(5, BANGLA) == "০.০৫"
    assert money(0, BANGLA) == "০"


def test_the_minus_stands_before_the_taka_sign() -> None:
    assert money(-300_000, BANGLA, taka=True) == "\u2212৳৩,০০০"
    assert money(863_000, BANGLA, taka=True) == "৳৮,৬৩০"


def test_quantities_and_phones_are_shown_in_the_digits_of_the_locale() -> None:
    assert quantity(1500, BANGLA) == "১.৫"
    assert quantity(1_200_250, BANGLA) == "১,২০০.২৫"
    assert quantity(-2000, ENGLISH) == "\u22122"
    assert phone("+8801712345678", BANGLA) == "০১৭১২-৩৪৫৬৭৮"
    assert phone("+8801712345678", ENGLISH) == "01712-345678"
    assert phone("+14155552671", ENGLISH) == "+14155552671"
