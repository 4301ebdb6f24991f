"""Starting `seller.py` and hearing what it confirms."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.domain.times import FixedClock
from pos.shop import open_shop
from tests.shopkeeping import IN_A_HAT, problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.paths import ShopPaths

SELLER = Path(__file__).with_name("seller.py")
PATIENCE_SECONDS = 90.0


class Worker:
    """One process of the crew; `heard` is all that it has said."""

    def __init__(
        self, paths: ShopPaths, act: str, *rest: object, before: Sequence[str] = (), **more: Any
    ) -> None:
        command = [*before, sys.executable, str(SELLER), str(paths.home), act, *map(str, rest)]
        # A process that is killed or may not write must leave no half-compiled module behind for the others.
        environ = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environ}
        self.process = subprocess.Popen(command, **pipes, **more)
        assert self.process.stdout is not None
        self._pipe = self.process.stdout.fileno()
        self._rest = b""
        self._until = time.monotonic() + PATIENCE_SECONDS
        self.heard: list[dict[str, Any]] = []

    def hear(self, seconds: float | None = None) -> bool:
        """Take in what is said next, waiting at most so long; False once there is nothing more to come."""
        left = self._until - time.monotonic()
        assert left > 0, "the process neither worked nor ended"
        if not select.select([self._pipe], [], [], left if seconds is None else seconds)[0]:
            return True
        data = os.read(self._pipe, 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.heard += [json.loads(line) for line in lines]
        return bool(data)

    def hear_until(self, count: int) -> None:
        """Wait until so many lines were said, or the process ended."""
        while len(self.heard) < count and self.hear():
            pass

    def kill(self) -> None:
        """End it as a power cut ends it, and take in what it had still said."""
        self.process.kill()
        while self.hear():
            pass
        self.finish()

    def finish(self) -> int:
        """Hear it out; its exit code. A traceback fails the test."""
        while self.hear():
            pass
        _, told = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert b"Traceback" not in told, told.decode()
        return self.process.returncode

    @property
    def confirmed(self) -> dict[str, int]:
        """Numbers that were confirmed, with their totals."""
        return {said["number"]: said["total"] for said in self.heard if "number" in said}

    @property
    def errors(self) -> list[str]:
        """Codes of errors that were told."""
        return [said["error"] for said in self.heard if "error" in said]


def assert_all_there(paths: ShopPaths, confirmed: dict[str, int]) -> None:
    """Every confirmed number is there once with its total, numbers have no gap, stock and journal are right."""
    assert problems(paths) == []
    with open_shop(paths, FixedClock(IN_A_HAT)) as shop:
        there = {order.number: order.total_paisa for order in shop.orders.list()}
        on_hand = shop.stock.items("P003")[0].on_hand_milli
    assert confirmed.items() <= there.items()
    by_series: dict[str, list[int]] = {}
    for number in there:
        by_series.setdefault(number[:-7], []).append(int(number[-6:]))
    for numbers in by_series.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert on_hand == 20_000 - 1000 * len(there)
    assert problems(paths) == []
    lines = paths.journal.read_bytes().splitlines()
    assert [json.loads(line)["n"] for line in lines] == list(range(1, len(lines) + 1))
    assert sum(json.loads(line)["kind"] == "order.confirmed" for line in lines) == len(there)
