"""When a laptop speaks: at once, later each time it fails, never in step with the others, and for ever."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pos.errors import EnvironmentFault, UserError
from pos.sync.round import Outcome
from pos.sync.schedule import LEAST_S, MOST_S, SPREAD_S, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICE = uuid.UUID(int=5)
AWAY = EnvironmentFault("server_unreachable", server="x")


def lot(value: float) -> Callable[[], float]:
    """A lot that always falls the same way."""
    return lambda: value


def outcome(*, more: bool = False, next_poll_s: int = 60) -> Outcome:
    """A round that came through."""
    return Outcome(0, 0, 0, more, 0, 0, None, next_poll_s)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 2000))
def test_a_wait_after_a_failure_lies_between_two_seconds_and_five_minutes(
    chance: float, failures: int
) -> None:
    schedule = Schedule(DEVICE, lot(chance))
    waits = [schedule.after_failure(AWAY) for _ in range(failures)]
    assert all(LEAST_S <= wait <= MOST_S for wait in waits)
    assert waits == sorted(waits)


def test_the_bound_doubles_and_is_reached_by_lot() -> None:
    longest = Schedule(DEVICE, lot(0.999999))
    assert [round(longest.after_failure(AWAY)) for _ in range(9)] == [4, 8, 16, 32, 64, 128, 256, 300, 300]
    shortest = Schedule(DEVICE, lot(0))
    assert [shortest.after_failure(AWAY) for _ in range(9)] == [2.0] * 9


def test_success_begins_again_from_the_shortest() -> None:
    schedule = Schedule(DEVICE, lot(0.5))
    for _ in range(20):
        schedule.after_failure(AWAY)
    schedule.after(outcome())
    assert schedule.after_failure(AWAY) == 3


def test_what_the_server_asks_for_is_waited() -> None:
    busy = EnvironmentFault("server_busy", seconds=40)
    assert Schedule(DEVICE, lot(0)).after_failure(busy) == 40
    assert 40 < Schedule(DEVICE, lot(0.9)).after_failure(busy) < 45
    assert Schedule(DEVICE, lot(0)).after_failure(EnvironmentFault("server_busy", seconds=0)) == 2


def test_even_what_only_a_person_can_mend_is_tried_again() -> None:
    schedule = Schedule(DEVICE, lot(0.5))
    assert all(schedule.after_failure(UserError("login_needed")) <= MOST_S for _ in range(100))


def test_more_to_do_is_done_at_once_and_idle_laptops_ask_when_the_server_wants_it() -> None:
    schedule = Schedule(DEVICE, lot(0.5))
    assert schedule.after(outcome(more=True)) == 0
    assert schedule.after(outcome(next_poll_s=60)) == 60
    assert schedule.after(outcome(next_poll_s=0)) == 5
    assert schedule.after(outcome(next_poll_s=10**9)) == 3600


@given(st.uuids())
def test_each_laptop_has_a_moment_of_its_own_after_a_hats_opening(device: uuid.UUID) -> None:
    schedule, opens = Schedule(device), 1_000_000
    first = schedule.at_opening(opens, opens)
    assert 0 <= first <= SPREAD_S
    assert abs(schedule.at_opening(opens + 1000, opens) - max(0, first - 1)) < 0.001
    assert schedule.at_opening(opens - 1, opens) == 0
    assert schedule.at_opening(opens + int(SPREAD_S * 1000), opens) == 0
    assert schedule.at_opening(opens, None) == 0


def test_a_thousand_laptops_are_spread_over_the_first_minutes() -> None:
    moments = [Schedule(uuid.uuid4()).at_opening(0, 0) for _ in range(1000)]
    assert max(sum(1 for m in moments if start <= m < start + 12) for start in range(0, 120, 12)) < 200
