"""Clocks."""

from __future__ import annotations

import time

from pos.domain.times import ShiftedClock, SystemClock


def test_a_shifted_clock_begins_where_it_was_set_and_goes_on() -> None:
    clock = ShiftedClock(1_000_000)
    first = clock.now_ms()
    assert 0 <= first - 1_000_000 < 60_000
    time.sleep(0.002)
    assert clock.now_ms() > first
    assert SystemClock().now_ms() > 10**12
