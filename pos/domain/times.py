"""The clock, and the day as Dhaka counts it."""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

DHAKA = ZoneInfo("Asia/Dhaka")


class Clock(Protocol):
    """Where the time comes from; tests and the demo shop hand in their own."""

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return int(dt.datetime.now(dt.UTC).timestamp() * 1000)


class ShiftedClock:
    """The computer's own clock, set to another time when it was made; it goes on from there."""

    def __init__(self, now_ms: int) -> None:
        self._ahead_ms = now_ms - SystemClock().now_ms()

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return SystemClock().now_ms() + self._ahead_ms


class FixedClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: dt.datetime) -> None:
        if at.tzinfo is None:
            at = at.replace(tzinfo=DHAKA)
        self._ms = int(at.timestamp() * 1000)

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC."""
        return self._ms

    def advance(self, *, ms: int) -> None:
        """Move by `ms` milliseconds; a negative number sets the clock back."""
        self._ms += ms


def dhaka_time(at_ms: int) -> dt.datetime:
    """The instant as a wall clock in Dhaka shows it."""
    return dt.datetime.fromtimestamp(at_ms / 1000, DHAKA)


def dhaka_day(at_ms: int) -> dt.date:
    """The calendar day in Dhaka at this instant."""
    return dhaka_time(at_ms).date()


def to_ms(at: dt.datetime) -> int:
    """Milliseconds since 1970 of an aware time."""
    return int(at.timestamp() * 1000)


def iso(at_ms: int) -> str:
    """ISO 8601 with Dhaka's offset and whole seconds, as the command line prints times."""
    return dhaka_time(at_ms).isoformat(timespec="seconds")
