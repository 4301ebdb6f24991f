"""The Bangla calendar as Bangladesh has kept it since October 2019.

Boishakh to Ashwin have 31 days, Kartik to Magh 30, Falgun 29 (30 in a Gregorian leap year), Chaitra 30. The
year begins on 14 April. Older dates are counted by the same rule, which the country did not follow then.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import msgspec

_YEARS_APART: Final = 593
_FALGUN: Final = 11


class BanglaDate(msgspec.Struct, frozen=True):
    """A day of the Bangla calendar; months count from Boishakh = 1."""

    day: int
    month: int
    year: int


def month_lengths(year: int) -> tuple[int, ...]:
    """Days of the twelve months of a Bangla year; Falgun falls in February of the next Gregorian year."""
    gregorian = year + _YEARS_APART + 1
    leap = gregorian % 4 == 0 and (gregorian % 100 != 0 or gregorian % 400 == 0)
    return (31,) * 6 + (30,) * 4 + (30 if leap else 29, 30)


def bangla_date(date: dt.date) -> BanglaDate:
    """The Bangla date of a Gregorian day: 26 November 2024 is 11 Ogrohayon 1431."""
    new_year = dt.date(date.year, 4, 14)
    if date < new_year:
        new_year = new_year.replace(year=date.year - 1)
    year = new_year.year - _YEARS_APART
    day = (date - new_year).days
    month = 1
    for length in month_lengths(year):
        if day < length:
            break
        day -= length
        month += 1
    return BanglaDate(day + 1, month, year)


def to_gregorian(date: BanglaDate) -> dt.date:
    """The Gregorian day of a Bangla date.

    Raises:
        ValueError: there is no such day, as from `datetime.date`.
    """
    lengths = month_lengths(date.year)
    if not (1 <= date.month <= 12 and 1 <= date.day <= lengths[date.month - 1]):
        raise ValueError(f"no such day: {date}")
    new_year = dt.date(date.year + _YEARS_APART, 4, 14)
    return new_year + dt.timedelta(days=sum(lengths[: date.month - 1]) + date.day - 1)
