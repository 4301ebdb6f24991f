"""The organiser's server behind open shops: its real core in this process, over a line that may be cut."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault
from pos.paths import ShopPaths
from pos.services.founding import found_shop
from pos.shop import open_shop
from pos.sync.machine import machine_mark
from pos.sync.round import Round
from tests.sync.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from pos.domain.times import Clock
    from pos.server.desk import Answer
    from pos.shop import Shop
    from pos.sync.pairing import Paired

ADDRESS = "https://hat.example"


class Pocket:
    """Tokens of one shop, so that none goes into this machine's keyring."""

    def __init__(self) -> None:
        self.kept: dict[UUID, str] = {}

    def get(self, device: UUID) -> str | None:
        return self.kept.get(device)

    def put(self, device: UUID, token: str) -> None:
        self.kept[device] = token


class Organiser(Wire):
    """A server, and the way to it for any number of shops.

    Attributes:
        down: the fault that every message meets, such as ``no_internet``; empty while the line holds.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.down = ""
        self.before = self._pass

    def _pass(self, _path: str) -> None:
        if self.down:
            raise EnvironmentFault(self.down, server=ADDRESS)

    def answer(self, path: str, body: bytes, token: str | None, encoding: str) -> Answer:
        """What the core says; also to a vendor who looks at her devices."""
        if path == "/devices/list":
            return self.desk.list_devices(token, body, encoding)
        if path == "/devices/code":
            return self.desk.new_code(token, body, encoding)
        return super().answer(path, body, token, encoding)

    def tie(self, shop: Shop) -> None:
        """Let a shop reach this server, and keep its token to itself."""
        shop.connect, shop.tokens = self._way, Pocket()

    def _way(self, _address: str) -> Organiser:
        return self

    def pair(self, shop: Shop) -> Paired:
        """Make an open shop one of the vendor's."""
        if shop.connect is None:
            self.tie(shop)
        code = self.code()
        shop.close()
        try:
            return shop.pair(ADDRESS, code)
        finally:
            shop.reopen()

    @contextmanager
    def another(self, shop: Shop, home: Path) -> Iterator[Shop]:
        """Another laptop of a paired shop's vendor, level with it, in an empty folder."""
        self.sync(shop)
        paths, clock = ShopPaths(home), shop.desk.clock
        found_shop(paths, clock, vendor="নতুন", phone="01733456789")
        with open_shop(paths, clock) as other:
            self.pair(other)
            self.sync(other)
            yield other

    def sync(self, shop: Shop) -> None:
        """Rounds until nothing is left."""
        assert shop.tokens is not None
        round_ = Round(shop.store, self, shop.tokens, shop.desk.clock, machine_mark(shop.paths))
        for _ in range(100):
            if not round_.once().more:
                return
        raise AssertionError("it does not come to an end")
