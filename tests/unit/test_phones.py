"""Mobile numbers as buyers write them."""

from __future__ import annotations

import pytest

from pos.domain.phones import find_phones, local_phone, main_and_second, parse_phone
from pos.errors import UserError

WANTED = "+8801711123456"


@pytest.mark.parametrize(
    "written",
    [
        "01711123456",
        "০১৭১১১২৩৪৫৬",
        "০১৭১১-১২৩৪৫৬",
        "+880 1711-123456",
        "\u202a+8801711123456\u202c",
        "\u202a+880\u00a01711-123456\u202c",
        "+৮৮০১৭১১১২৩৪৫৬",
        "8801711123456",
        "008801711123456",
        "880-1711-123456",
        "+88 01711 123456",
        "+880 01711 123456",
        "(+88) 01711-123456",
        "(01711) 123456",
        "01711.123.456",
        "01711–123456",
        "01711\u2011123456",
        "017 11 12 34 56",
        "O1711123456",
        "o1711-123456",
        "1711123456",
        "০১৭১১১২৩৪৫৬।",
        "ফোন: ০১৭১১১২৩৪৫৬",
        "call 01711123456 (bkash)",
        "tel:+880-1711-123456",
        "01711123456 / 01711-123456",
    ],
)
def test_one_number_is_read_however_it_is_written(written: str) -> None:
    assert parse_phone(written) == WANTED


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "02-9876543",
        "01211123456",
        "+14155552671",
        "1234567890123456",
        pytest.param("x" * 9999, id="long"),
    ],
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_phone(written)
    assert (caught.value.code, caught.value.params) == ("phone_unclear", {})


@pytest.mark.parametrize(
    ("written", "params"),
    [
        ("01711123", {"missing": 3}),
        ("০১৭১১-১২৩৪৫", {"missing": 1}),
        ("+880171112345", {"missing": 1}),
        ("01", {"missing": 9}),
        ("017111234567", {"extra": 1}),
        ("+88 01711 1234567 8", {"extra": 2}),
    ],
)
def test_a_number_with_too_few_or_too_many_digits_says_how_many(written: str, params: dict[str, int]) -> None:
    with pytest.raises(UserError) as caught:
        parse_phone(written)
    assert (caught.value.code, caught.value.params) == ("phone_unclear", params)


@pytest.mark.parametrize(
    "written",
    [
        "01711123456, 01811123456",
        "01711123456 01811123456",
        "01711123456/01811123456",
        "01711123456-01811123456",
        "০১৭১১১২৩৪৫৬ বা ০১৮১১-১২৩৪৫৬",
        "+8801711123456,+8801811123456",
    ],
)
def test_of_two_numbers_both_are_kept_and_the_first_is_the_main_one(written: str) -> None:
    assert find_phones(written) == [WANTED, "+8801811123456"]
    assert main_and_second(written) == (WANTED, "+8801811123456")


def test_one_number_has_no_second() -> None:
    assert main_and_second("01711-123456") == (WANTED, None)


def test_several_numbers_where_one_belongs_are_never_cut_down_in_silence() -> None:
    with pytest.raises(UserError) as caught:
        parse_phone("01711123456, 01811123456")
    assert (caught.value.code, caught.value.params) == ("phone_several", {"count": 2})
    with pytest.raises(UserError) as caught:
        main_and_second("01711123456, 01811123456, 01911123456")
    assert (caught.value.code, caught.value.params) == ("phone_several", {"count": 3})


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("আপু লাল শাড়ি ২টা লাগবে, ০১৭১১১২৩৪৫৬, মিরপুর ১০", [WANTED]),
        ("০১৭১১১২৩৪৫৬ ১০ কেজি চাল", [WANTED]),
        ("Dhaka-1216-01711123456", [WANTED]),
        ("ফোন০১৭১১১২৩৪৫৬।", [WANTED]),
        ("TrxID 6600012845, TxnId 1712345678", []),
        ("A/C 1234567890123456, 01-3-2024 132200", []),
        ("দাম কত আপু?", []),
        ("01711123456 01711-123456", [WANTED]),
        ("Contact: 880-1711-123456. Cash on delivery.", [WANTED]),
    ],
)
def test_numbers_are_found_in_a_message(message: str, numbers: list[str]) -> None:
    assert find_phones(message) == numbers


def test_a_number_is_shown_as_it_is_dialled() -> None:
    assert local_phone("+8801712345678") == "01712345678"
    assert local_phone("+14155552671") == "+14155552671"
