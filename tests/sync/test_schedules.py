"""What a storm meets once in a thousand worlds, step by step: it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.schedules import SCHEDULES
from tests.sync.schedules_doubles import DOUBLED
from tests.sync.schedules_order import ORDER
from tests.sync.schedules_server import SERVED
from tests.sync.schedules_shut_out import SHUT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "schedule",
    [*SCHEDULES, *ORDER, *SHUT_OUT, *DOUBLED, *SERVED],
    ids=lambda schedule: schedule.__name__,
)
def test_it_holds_where_one_line_stands_in_between(schedule: Callable[[], None]) -> None:
    schedule()
