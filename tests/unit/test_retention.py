"""Which backups stay and which go."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.retention import kept
from pos.domain.times import DHAKA, dhaka_day, to_ms

NOW = to_ms(dt.datetime(2026, 11, 24, 18, tzinfo=DHAKA))
HOUR = 3_600_000


def _every(hours: int, days: int) -> dict[int, int]:
    return {n: NOW - n * hours * HOUR for n in range(days * 24 // hours)}


def test_every_backup_of_today_and_yesterday_stays() -> None:
    made = _every(1, 1)
    assert kept(made, NOW) == set(made)


def test_after_two_days_one_backup_a_day_stays_and_it_is_that_days_newest() -> None:
    made = _every(6, 20)
    days = [dhaka_day(made[name]) for name in kept(made, NOW)]
    older = [day for day in days if (dhaka_day(NOW) - day).days >= 2]
    assert len(older) == len(set(older)) == 18


def test_a_year_of_half_hourly_backups_comes_down_to_less_than_two_hundred() -> None:
    made = {n: NOW - n * HOUR // 2 for n in range(2 * 24 * 365)}
    stay = kept(made, NOW)
    assert 100 < len(stay) < 200
    months = {(dhaka_day(made[n]).year, dhaka_day(made[n]).month) for n in stay}
    assert len(months) >= 12


def test_the_newest_three_stay_however_old_they_are() -> None:
    made = {n: NOW - (3000 + n) * 24 * HOUR for n in range(10)}
    assert kept(made, NOW) == {0, 1, 2}


@given(st.lists(st.integers(-500, 2000), max_size=60))
def test_nothing_from_the_future_is_deleted_and_the_newest_always_stays(hours: list[int]) -> None:
    made = {n: NOW - h * HOUR for n, h in enumerate(hours)}
    stay = kept(made, NOW)
    assert {n for n, at in made.items() if at > NOW} <= stay
    if made:
        assert max(made, key=lambda n: made[n]) in stay
