"""Which rows go on which page."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LEAST_ROWS_WITH_SUMS = 2


def paginate(
    heights: Sequence[float], room: Callable[[int], float], room_with_sums: Callable[[int], float]
) -> list[int]:
    """Where each page's rows end. No row is split; the sums stand on the last page under two rows at least.

    Args:
        heights: of the rows.
        room: what page n (from 0) has for rows if another page follows.
        room_with_sums: the same if it is the last.
    """
    ends: list[int] = []
    start = 0
    while True:
        page = len(ends)
        rest = len(heights) - start
        if _fitting(heights[start:], room_with_sums(page)) == rest:
            return [*ends, len(heights)]
        taken = min(_fitting(heights[start:], room(page)), rest - _LEAST_ROWS_WITH_SUMS)
        start += max(1, taken)
        ends.append(start)


def _fitting(heights: Sequence[float], room: float) -> int:
    return sum(1 for used in accumulate(heights) if used <= room + 1e-6)
