"""Hat days at their edges; what holds for every day stands in `tests/property`."""

from __future__ import annotations

import datetime as dt

import pytest

from pos.domain.hats import HatCalendar, HatException, HatRule, parse_clock, parse_day
from pos.domain.times import DHAKA, to_ms
from pos.errors import UserError

WEDNESDAY = dt.date(2026, 11, 25)


def at(day: dt.date, hour: int, minute: int = 0) -> int:
    return to_ms(dt.datetime.combine(day, dt.time(hour, minute), DHAKA))


def test_a_hat_goes_through_its_states() -> None:
    hat = HatCalendar(HatRule()).on(dt.date(2026, 11, 24))
    assert hat is not None
    states = [hat.state(at(hat.on, hour)) for hour in (8, 9, 20, 21)]
    assert states == ["upcoming", "live", "live", "over"]


def test_a_hat_that_closes_at_midnight_has_its_hour_on_the_next_day() -> None:
    calendar = HatCalendar(HatRule(closes_min=24 * 60))
    assert calendar.mark(at(dt.date(2026, 11, 24), 23, 59)).on == dt.date(2026, 11, 24)
    late = calendar.mark(at(WEDNESDAY, 0, 30))
    assert (late.on, late.after_hat) == (None, True)
    assert not calendar.mark(at(WEDNESDAY, 1, 0)).after_hat


def test_an_added_hat_keeps_the_hours_and_the_number_it_was_given() -> None:
    added = HatException(WEDNESDAY, "organiser", cancelled=False, opens_min=600, closes_min=660, ordinal=300)
    hat = HatCalendar(HatRule(), [added], (dt.date(2026, 11, 24), 261)).on(WEDNESDAY)
    assert hat is not None
    assert (hat.opens_at_ms, hat.closes_at_ms, hat.ordinal) == (at(WEDNESDAY, 10), at(WEDNESDAY, 11), 300)


def test_hats_long_before_the_anchor_have_no_number() -> None:
    calendar = HatCalendar(HatRule(), (), (dt.date(2026, 11, 24), 3))
    numbers = [hat.ordinal for hat in calendar.between(dt.date(2026, 11, 10), dt.date(2026, 11, 24))]
    assert numbers == [None, None, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "minutes"), [("09:00", 540), ("9:05", 545), ("24:00", 1440), (" 00:00 ", 0)]
)
def test_a_time_of_day_is_read(text: str, minutes: int) -> None:
    assert parse_clock(text) == minutes


@pytest.mark.parametrize("text", ["", "9", "24:01", "9:60", "9:5", "-1:00", "9:00 PM", "৯:০০", "9:00:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UserError) as error:
        parse_clock(text)
    assert error.value.code == "clock_time_unclear"


@pytest.mark.parametrize("text", ["", "24-11-2026", "2026-11-31", "tomorrow"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UserError) as error:
        parse_day(text)
    assert error.value.code == "date_unclear"
