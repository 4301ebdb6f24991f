"""How much anyone may ask of the server: so many requests, then as many as flow in again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

DEFAULT_QUOTA_GB = 4
_KNOWN = 200_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A bucket: `burst` at once, and `per_second` flow in again."""

    burst: float
    per_second: float


class Buckets:
    """One bucket for each who asks; those who have not asked for longest are forgotten, and start full again."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._lock = threading.Lock()
        self._left: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def wait_s(self, who: Hashable, now_ms: int, cost: float = 1.0) -> int:
        """Take `cost` out of a bucket; 0, or after how many seconds it may be asked again."""
        allowance = self._allowance
        with self._lock:
            left, then_ms = self._left.pop(who, (allowance.burst, now_ms))
            flowed = max(0, now_ms - then_ms) / 1000 * allowance.per_second
            left = min(allowance.burst, left + flowed)
            # Whoever asks for more than the bucket ever holds is let through when it is full.
            needed = min(cost, allowance.burst)
            enough = left >= needed
            self._left[who] = (left - cost if enough else left, now_ms)
            if len(self._left) > _KNOWN:
                self._left.popitem(last=False)
        return 0 if enough else max(1, round((needed - left) / allowance.per_second + 0.5))

    def give_back(self, who: Hashable) -> None:
        """Put one back that was taken: what was asked is not to be counted."""
        with self._lock:
            if who in self._left:
                left, then_ms = self._left[who]
                self._left[who] = (min(self._allowance.burst, left + 1), then_ms)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server.

    Attributes:
        requests: of one vendor's devices together.
        strangers: of one address that has shown no token of ours.
        stored_bytes: what the operations of one vendor may take up.
        passwords: wrong ones from one address.
    """

    requests: Buckets
    strangers: Buckets
    stored_bytes: int
    passwords: Buckets = field(default_factory=lambda: Buckets(Allowance(burst=10, per_second=1 / 30)))


def usual_limits(quota_gb: int = DEFAULT_QUOTA_GB) -> Limits:
    """Five laptops that drain a year's work are far inside them; a loop gone wild is not."""
    return Limits(
        requests=Buckets(Allowance(burst=240, per_second=8)),
        strangers=Buckets(Allowance(burst=30, per_second=0.5)),
        stored_bytes=quota_gb << 30,
    )
