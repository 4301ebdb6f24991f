"""What the server counts of itself, in the text form of Prometheus; no vendor and no person is in it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._sums: dict[str, float] = {}
        self._received: Counter[str] = Counter()
        self._told = 0
        self._crashes = 0
        self._open = 0

    def begun(self) -> int:
        """A request has come; how many are open now."""
        with self._lock:
            self._open += 1
            return self._open

    def answered(self, route: str, status: int, seconds: float) -> None:
        """It was answered."""
        with self._lock:
            self._open -= 1
            self._answers[route, status] += 1
            self._seconds[route] += 1
            self._sums[route] = self._sums.get(route, 0.0) + seconds
            for bound in BUCKETS_S:
                if seconds <= bound:
                    self._within[route, bound] += 1

    def exchanged(self, received: Iterable[str], told: int) -> None:
        """The status of each operation that an exchange took in, and how many operations went down."""
        with self._lock:
            self._received.update(received)
            self._told += told

    def crashed(self) -> None:
        """Something went wrong that should not have."""
        with self._lock:
            self._crashes += 1

    def text(self) -> str:
        """All of it, one count a line."""
        with self._lock:
            return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from _head("hatkhata_requests_total", "counter", "Answers by route and status.")
        for (route, status), count in sorted(self._answers.items()):
            yield f'hatkhata_requests_total{{route="{route}",status="{status}"}} {count}'
        yield from _head("hatkhata_request_seconds", "histogram", "How long answers took.")
        for route in sorted(self._seconds):
            for bound in BUCKETS_S:
                count = self._within[route, bound]
                yield f'hatkhata_request_seconds_bucket{{route="{route}",le="{bound}"}} {count}'
            count = self._seconds[route]
            yield f'hatkhata_request_seconds_bucket{{route="{route}",le="+Inf"}} {count}'
            yield f'hatkhata_request_seconds_sum{{route="{route}"}} {self._sums[route]:.6f}'
            yield f'hatkhata_request_seconds_count{{route="{route}"}} {count}'
        yield from _head(
            "hatkhata_operations_received_total", "counter", "Operations by what became of them."
        )
        for fate in ("ok", "conflict", "held"):
            yield f'hatkhata_operations_received_total{{status="{fate}"}} {self._received[fate]}'
        yield from _head("hatkhata_operations_sent_total", "counter", "Operations that went down to devices.")
        yield f"hatkhata_operations_sent_total {self._told}"
        yield from _head("hatkhata_crashes_total", "counter", "Faults of the server's own.")
        yield f"hatkhata_crashes_total {self._crashes}"
        yield from _head("hatkhata_requests_open", "gauge", "Requests under way.")
        yield f"hatkhata_requests_open {self._open}"


def _head(name: str, kind: str, what: str) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
