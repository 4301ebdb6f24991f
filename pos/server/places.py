"""Places for requests whose bodies are under way: so many in all, and so many for each who asks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable


class Places:
    """Counts who has how many. It is for one event loop: nothing here waits, so nothing comes in between.

    Args:
        most: places in all.
        each: places that one may have.
    """

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[Hashable] = Counter()
        self._all = 0

    def refusal(self, who: Hashable) -> int | None:
        """The status with which this one is asked to come again; None where there is a place."""
        if self._taken[who] >= self._each:
            return 429
        return 503 if self._all >= self._most else None

    def take(self, who: Hashable) -> None:
        """One place less."""
        self._taken[who] += 1
        self._all += 1

    def give_back(self, who: Hashable) -> None:
        """One place more."""
        self._all -= 1
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]
