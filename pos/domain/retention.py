"""Which backups stay: all of two days, then one a day, a week, a month (trust.md §3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from pos.domain.times import dhaka_day

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_DAYS = 2
DAILY_DAYS = 30
WEEKLY_WEEKS = 12
MONTHLY_MONTHS = 12
ALWAYS = 3

Name = TypeVar("Name")


def kept(made_at_ms: Mapping[Name, int], now_ms: int) -> set[Name]:
    """The backups to keep, of those made at these instants.

    Of each day, week or month the newest stays. The newest three stay however old they are, and what seems to
    come from the future stays too: a clock that was set back deletes nothing.
    """
    newest_first = sorted(made_at_ms, key=lambda name: made_at_ms[name], reverse=True)
    keep = set(newest_first[:ALWAYS])
    today = dhaka_day(now_ms)
    seen: set[tuple[str, int, int]] = set()
    for name in newest_first:
        day = dhaka_day(made_at_ms[name])
        if today - day < dt.timedelta(days=ALL_DAYS):
            keep.add(name)
            continue
        for slot in _slots(day, today):
            if slot not in seen:
                seen.add(slot)
                keep.add(name)
    return keep


def _slots(day: dt.date, today: dt.date) -> list[tuple[str, int, int]]:
    """The day, week and month that a backup may stand for, as far as each still counts."""
    slots = []
    age = today - day
    if age <= dt.timedelta(days=DAILY_DAYS):
        slots.append(("day", 0, day.toordinal()))
    if age <= dt.timedelta(weeks=WEEKLY_WEEKS):
        year, week, _ = day.isocalendar()
        slots.append(("week", year, week))
    if (today.year - day.year) * 12 + today.month - day.month <= MONTHLY_MONTHS:
        slots.append(("month", day.year, day.month))
    return slots
