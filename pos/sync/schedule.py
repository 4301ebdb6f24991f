"""When a laptop speaks to the server: at once where there is something to send, and never all laptops together.

After a failure it waits longer each time, by lot, from two seconds to five minutes, and never gives up (sync.md
§1.4): a maximum of tries is an order that never arrives.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from pos.errors import PosError
    from pos.sync.round import Outcome

LEAST_S: Final = 2.0
MOST_S: Final = 300.0
SPREAD_S: Final = 120.0  # within so much after a hat's opening every laptop has asked once
_POLL_S: Final = (5.0, 3600.0)


class Schedule:
    """The waits of one laptop, in seconds.

    Args:
        device: its identity, which gives it a moment of its own after a hat's opening.
        chance: a number from 0 up to 1, drawn anew at each call.
    """

    def __init__(self, device: UUID, chance: Callable[[], float] = random.random) -> None:
        self._moment_s = int.from_bytes(device.bytes[-4:], "big") / (1 << 32) * SPREAD_S
        self._chance = chance
        self.failures = 0

    def after(self, outcome: Outcome) -> float:
        """Until the next round, when one has come through."""
        self.failures = 0
        return 0.0 if outcome.more else self.pause(outcome.next_poll_s)

    def pause(self, next_poll_s: float) -> float:
        """Until an idle laptop asks again: what the server wants, within bounds of our own."""
        shortest, longest = _POLL_S
        # A tenth to and fro keeps laptops that began together from staying together.
        return min(max(next_poll_s * (0.9 + 0.2 * self._chance()), shortest), longest)

    def after_failure(self, fault: PosError) -> float:
        """Until the next try: by lot between two seconds and a bound that doubles, or as long as the server asks."""
        self.failures += 1
        bound = min(MOST_S, LEAST_S * (1 << min(self.failures, 16)))
        wait = LEAST_S + (bound - LEAST_S) * self._chance()
        asked = fault.params.get("seconds")
        if isinstance(asked, int) and asked > 0:
            wait = max(asked * (1 + 0.1 * self._chance()), LEAST_S)
        return wait

    def at_opening(self, now_ms: int, opens_at_ms: int | None) -> float:
        """How long a round that has nothing to send stays back, so that a hat's opening is no rush on the server."""
        if opens_at_ms is None or not 0 <= now_ms - opens_at_ms < SPREAD_S * 1000:
            return 0.0
        return max(0.0, self._moment_s - (now_ms - opens_at_ms) / 1000)
