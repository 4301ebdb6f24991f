"""Dates, times and hats as shown, and the Bangla calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from pos.domain.text import nfc
from pos.l10n import BANGLA, ENGLISH, Locale
from pos.l10n.calendar import BanglaDate, bangla_date, month_lengths, to_gregorian
from pos.l10n.dates import bangla_calendar_date, clock_time, hat_name, long_date, short_date, weekday

HAT_DAY = dt.date(2026, 11, 24)


def test_a_date_reads_as_on_an_invoice() -> None:
    assert long_date(HAT_DAY, BANGLA) == "২৪ নভেম্বর ২০২৬"
    assert short_date(HAT_DAY, BANGLA) == "মঙ্গল ২৪ নভে ২০২৬"
    assert bangla_calendar_date(HAT_DAY, BANGLA) == nfc("৯ অগ্রহায়ণ ১৪৩৩")
    assert long_date(HAT_DAY, ENGLISH) == "24 November 2026"
    assert short_date(HAT_DAY, ENGLISH) == "Tue 24 Nov 2026"
    assert bangla_calendar_date(HAT_DAY, ENGLISH) == "9 Ogrohayon 1433"
    assert long_date(HAT_DAY, Locale("bn", "latin")) == "24 নভেম্বর 2026"


def test_the_week_begins_anew_with_each_weekday() -> None:
    days = [weekday(dt.date(2026, 11, 23 + n), BANGLA) for n in range(7)]
    assert days == ["সোম", "মঙ্গল", "বুধ", "বৃহস্পতি", "শুক্র", "শনি", "রবি"]


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [(17, 46, "৫:৪৬ PM"), (0, 5, "১২:০৫ AM"), (12, 0, "১২:০০ PM"), (9, 0, "৯:০০ AM"), (23, 59, "১১:৫৯ PM")],
)
def test_a_time_is_shown_on_the_twelve_hour_clock(hour: int, minute: int, text: str) -> None:
    at = dt.datetime(2026, 11, 24, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=6)))
    assert clock_time(at, BANGLA) == text
    assert clock_time(at.replace(tzinfo=None), BANGLA) == text


def test_a_time_from_another_zone_is_shown_on_dhakas_clock() -> None:
    assert clock_time(dt.datetime(2026, 11, 24, 11, 46, tzinfo=dt.UTC), ENGLISH) == "5:46 PM"


def test_a_hat_carries_its_ordinal() -> None:
    wanted = [
        "১ম",
        "২য়",
        "৩য়",
        "৪র্থ",
        "৫ম",
        "৬ষ্ঠ",
        "৭ম",
        "৮ম",
        "৯ম",
        "১০ম",
        "১১তম",
        "১৮তম",
        "২১তম",
        "১০০তম",
        "২৬১তম",
    ]
    numbers = [*range(1, 12), 18, 21, 100, 261]
    assert [hat_name(n, BANGLA) for n in numbers] == [nfc(f"{text} হাট") for text in wanted]


def test_an_english_hat_carries_its_ordinal() -> None:
    wanted = {
        1: "1st",
        2: "2nd",
        3: "3rd",
        4: "4th",
        11: "11th",
        12: "12th",
        13: "13th",
        21: "21st",
        111: "111th",
        261: "261st",
    }
    assert {n: hat_name(n, ENGLISH) for n in wanted} == {n: f"{text} hat" for n, text in wanted.items()}


def test_a_hat_without_a_number_is_not_named() -> None:
    assert hat_name(None, BANGLA) == hat_name(None, ENGLISH) == ""


@pytest.mark.parametrize(
    ("day", "bangla"),
    [
        (dt.date(2024, 11, 26), BanglaDate(11, 8, 1431)),
        (dt.date(2024, 4, 14), BanglaDate(1, 1, 1431)),
        (dt.date(2024, 4, 13), BanglaDate(30, 12, 1430)),
        (dt.date(2021, 2, 21), BanglaDate(8, 11, 1427)),
        (dt.date(2021, 3, 26), BanglaDate(12, 12, 1427)),
        (dt.date(2021, 12, 16), BanglaDate(1, 9, 1428)),
        (dt.date(2024, 2, 29), BanglaDate(16, 11, 1430)),
        (dt.date(2024, 3, 14), BanglaDate(30, 11, 1430)),
        (dt.date(2023, 3, 14), BanglaDate(29, 11, 1429)),
    ],
)
def test_the_bangla_calendar_meets_the_days_everyone_knows(day: dt.date, bangla: BanglaDate) -> None:
    assert bangla_date(day) == bangla
    assert to_gregorian(bangla) == day


@pytest.mark.parametrize(
    "date",
    [BanglaDate(30, 11, 1429), BanglaDate(0, 1, 1430), BanglaDate(1, 13, 1430), BanglaDate(1, 0, 1430)],
)
def test_a_day_that_is_not_in_the_calendar_is_refused(date: BanglaDate) -> None:
    with pytest.raises(ValueError, match="no such day"):
        to_gregorian(date)


def test_a_bangla_year_is_as_long_as_a_gregorian_one() -> None:
    assert sum(month_lengths(1430)) == 366
    assert sum(month_lengths(1431)) == 365


def test_an_english_ordinal_keeps_latin_digits_whatever_the_digit_setting() -> None:
    assert hat_name(262, Locale("en", "bn")) == "262nd hat"
