"""Real shops on a real disk, tied to a server's core in this process."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.founding import found_shop
from pos.shop import Shop, open_shop
from pos.store.link import read_link
from pos.sync.machine import machine_mark
from pos.sync.pairing import Paired, pair
from pos.sync.round import Outcome, Round
from pos.sync.tokens import KeptTokens
from tests.shopkeeping import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.store.link import Link
    from tests.sync.wire import Wire

NOON = dt.datetime(2026, 11, 24, 12, 0)


class Place:
    """One folder with a shop, and the server that it is paired with.

    Attributes:
        wire: the way to the server.
        machine: the mark of the machine, where a test wants another one than this.
    """

    def __init__(self, home: Path, clock: FixedClock, wire: Wire) -> None:
        self.paths, self.clock, self.wire = ShopPaths(home), clock, wire
        self.machine: str | None = None

    def found(self, code: str = "A", *, filled: bool = True) -> None:
        """Make a shop of its own here."""
        found_shop(self.paths, self.clock, vendor="রূপকথা ঘর", phone="01733456789", code=code)
        if filled:
            with self.open() as shop:
                fill(shop)

    def pair(self, code: str | None = None) -> Paired:
        """Pair it."""
        given = code if code is not None else self.wire.code()
        return pair(
            self.paths, self.clock, "http://127.0.0.1:8725", given,
            connect=lambda _address: self.wire, tokens=KeptTokens(self.paths),
        )  # fmt: skip

    @contextlib.contextmanager
    def open(self) -> Iterator[Shop]:
        """The shop, opened."""
        with open_shop(self.paths, self.clock) as shop:
            yield shop

    def round(self, shop: Shop) -> Round:
        """A round of the opened shop."""
        machine = self.machine if self.machine is not None else machine_mark(self.paths)
        return Round(shop.store, self.wire, KeptTokens(self.paths), self.clock, machine)

    def sync(self, shop: Shop, *, most: int = 60) -> list[Outcome]:
        """Rounds until nothing is left."""
        round_, outcomes = self.round(shop), []
        for _ in range(most):
            outcomes.append(round_.once())
            if not outcomes[-1].more:
                return outcomes
        raise AssertionError("it does not come to an end")

    def synced(self) -> None:
        """Open, sync, close."""
        with self.open() as shop:
            self.sync(shop)


def clock() -> FixedClock:
    """A Tuesday noon."""
    return FixedClock(NOON)


def link_of(shop: Shop) -> Link:
    """The shop's link."""
    with shop.store.read() as connection:
        link = read_link(connection)
    assert link is not None
    return link
