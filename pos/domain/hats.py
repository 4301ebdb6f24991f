"""The hat calendar: a weekly rule, dated exceptions, and which hat an instant belongs to (contracts.md §1)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.times import DHAKA, dhaka_time, to_ms
from pos.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AFTER_HAT_MS = 60 * 60 * 1000
MINUTES_A_DAY = 24 * 60
HatState = Literal["upcoming", "live", "over", "cancelled"]
Source = Literal["vendor", "organiser"]


class HatRule(msgspec.Struct, frozen=True):
    """The weekly rule. Weekdays as `datetime.date.weekday` counts them (Monday 0); minutes after midnight."""

    weekdays: frozenset[int] = frozenset({1, 4})  # Tuesday and Friday
    opens_min: int = 9 * 60
    closes_min: int = 21 * 60


class HatException(msgspec.Struct, frozen=True):
    """One dated exception: a hat added (with its hours), or the rule's hat cancelled, with the reason told for it."""

    on: dt.date
    source: Source
    cancelled: bool
    opens_min: int | None = None
    closes_min: int | None = None
    ordinal: int | None = None
    reason: str = ""


class Hat(msgspec.Struct, frozen=True):
    """One market session, by its Dhaka date; `reason` is why it is cancelled, empty where nobody said."""

    on: dt.date
    opens_at_ms: int
    closes_at_ms: int
    ordinal: int | None = None
    cancelled: bool = False
    reason: str = ""

    def state(self, now_ms: int) -> HatState:
        """Where `now_ms` stands to this hat."""
        if self.cancelled:
            return "cancelled"
        if now_ms < self.opens_at_ms:
            return "upcoming"
        return "live" if now_ms < self.closes_at_ms else "over"


class HatMark(msgspec.Struct, frozen=True):
    """What an order remembers of the market day it was taken on."""

    on: dt.date | None
    ordinal: int | None
    after_hat: bool


class HatCalendar:
    """Answers which days are hats. The vendor's own exception wins over the organiser's, that over the rule.

    Args:
        rule: the weekly rule.
        exceptions: dated ones, at most one a day and source.
        anchor: a hat's date and its ordinal, from which the others are counted; None if nobody gave one.
    """

    def __init__(
        self,
        rule: HatRule,
        exceptions: Iterable[HatException] = (),
        anchor: tuple[dt.date, int] | None = None,
    ) -> None:
        self._rule = rule
        chosen: dict[dt.date, HatException] = {}
        for item in exceptions:
            if item.on not in chosen or item.source == "vendor":
                chosen[item.on] = item
        self._exceptions: Mapping[dt.date, HatException] = chosen
        self._anchor = anchor

    def on(self, day: dt.date) -> Hat | None:
        """The hat of this day, cancelled ones included; None where there never was to be one."""
        exception = self._exceptions.get(day)
        if exception is None and day.weekday() not in self._rule.weekdays:
            return None
        opens, closes = self._rule.opens_min, self._rule.closes_min
        if exception is not None and not exception.cancelled:
            opens = exception.opens_min if exception.opens_min is not None else opens
            closes = exception.closes_min if exception.closes_min is not None else closes
        cancelled = exception is not None and exception.cancelled
        return Hat(
            on=day,
            opens_at_ms=_at(day, opens),
            closes_at_ms=_at(day, closes),
            ordinal=None if cancelled else self._ordinal(day, exception),
            cancelled=cancelled,
            reason=exception.reason if exception is not None and cancelled else "",
        )

    def between(self, first: dt.date, last: dt.date) -> list[Hat]:
        """All hats from `first` to `last`, both included, cancelled ones too."""
        days = ((first + dt.timedelta(n)) for n in range((last - first).days + 1))
        return [hat for day in days if (hat := self.on(day)) is not None]

    def exceptional_days(self) -> list[dt.date]:
        """The days that somebody made an exception for, in their order."""
        return sorted(self._exceptions)

    def mark(self, at_ms: int) -> HatMark:
        """The hat an order taken now belongs to; within an hour of its end it is "after the hat"."""
        hat = self.on(dhaka_time(at_ms).date())
        if hat is None or hat.cancelled:
            # A hat that closed at midnight still has its hour, on the next day.
            hat = self.on(dhaka_time(at_ms - AFTER_HAT_MS).date())
        if hat is None or hat.cancelled:
            return HatMark(None, None, after_hat=False)
        if hat.state(at_ms) == "live":
            return HatMark(hat.on, hat.ordinal, after_hat=False)
        return HatMark(None, None, after_hat=0 <= at_ms - hat.closes_at_ms < AFTER_HAT_MS)

    def _ordinal(self, day: dt.date, exception: HatException | None) -> int | None:
        if exception is not None and exception.ordinal is not None:
            return exception.ordinal
        if self._anchor is None:
            return None
        anchor_on, anchor_no = self._anchor
        first, last = min(day, anchor_on), max(day, anchor_on)
        steps = self._regular(first, last) + self._extra(first, last)
        number = anchor_no + steps if day >= anchor_on else anchor_no - steps
        return number if number > 0 else None

    def _regular(self, first: dt.date, last: dt.date) -> int:
        """Hats of the bare rule in (first, last]; counted by weeks, since an anchor may lie years away."""
        weeks, rest = divmod((last - first).days, 7)
        tail = sum(1 for n in range(rest) if (last - dt.timedelta(n)).weekday() in self._rule.weekdays)
        return weeks * len(self._rule.weekdays) + tail

    def _extra(self, first: dt.date, last: dt.date) -> int:
        """What the exceptions in (first, last] add to or take from the rule's count."""
        total = 0
        for day, item in self._exceptions.items():
            if first < day <= last:
                regular = day.weekday() in self._rule.weekdays
                total += int(not item.cancelled) - int(regular)
        return total


def parse_clock(text: str) -> int:
    """Minutes after midnight of ``HH:MM``; ``24:00`` is the end of the day."""
    head, _, tail = text.strip().partition(":")
    if len(head) <= 2 and len(tail) == 2 and (head + tail).isascii() and head.isdigit() and tail.isdigit():
        minutes = int(head) * 60 + int(tail)
        if int(tail) < 60 and minutes <= MINUTES_A_DAY:
            return minutes
    raise UserError("clock_time_unclear", text=text)


def parse_day(text: str) -> dt.date:
    """A date written as ``2026-11-24``."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise UserError("date_unclear", text=text) from None


def _at(day: dt.date, minutes: int) -> int:
    return to_ms(dt.datetime.combine(day, dt.time(), DHAKA) + dt.timedelta(minutes=minutes))
