"""A shop of some laptops in which only what is said happens, step by step."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

from pos.services.catalogue import Catalogue, NewProduct
from pos.services.configuration import Configuration
from pos.services.order_request import ItemRequest, OrderRequest
from pos.services.orders import Orders
from pos.services.product_change import ProductChange
from pos.services.stock import Stock
from pos.sync.round import Outcome
from tests.sync import invariants
from tests.sync.acts import Counter
from tests.sync.broken import must
from tests.sync.chance import drawn_from
from tests.sync.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from pos.services.desk import Desk
    from tests.sync.laptop import Laptop
    from tests.sync.line import Trouble

MINUTE_MS = 60_000
_HAT_ON = dt.date(2026, 12, 4)


class Scene:
    """A shop of some laptops, all in one state, to which only what is said happens.

    Attributes:
        world: the whole of it.
        looks: it is looked at after every step.
    """

    def __init__(self, world: World) -> None:
        self.world, self.looks = world, True
        self.server = world.central

    @property
    def laptops(self) -> list[Laptop]:
        """All of them."""
        return self.world.laptops

    # ---- what people do --------------------------------------------------------------------------------

    def sell(self, laptop: Laptop, sku: str = "P1") -> str:
        """One piece over the counter; the order's number."""
        request = OrderRequest(items=[ItemRequest("1", sku=sku)], rest="due")
        number = Orders(self._desk(laptop)).take(request).number
        self._looked_at()
        return number

    def pay(self, laptop: Laptop, number: str, trxid: str | None = None) -> None:
        """Money on an order, in cash or from a wallet."""
        Orders(self._desk(laptop)).pay(number, "cash" if trxid is None else "nagad", "20", trxid)
        self._looked_at()

    def price(self, laptop: Laptop, paisa: int, sku: str = "P1") -> None:
        """A product costs something else from now on."""
        Catalogue(self._desk(laptop)).edit(sku, ProductChange(price_paisa=paisa))
        self._looked_at()

    def add(self, laptop: Laptop, sku: str) -> None:
        """A new product."""
        new = NewProduct("কাঁথা", 25_000, "piece", sku=sku, stock_milli=5000)
        Catalogue(self._desk(laptop)).add(new)
        self._looked_at()

    def count(self, laptop: Laptop, times: int) -> None:
        """Goods come, an operation each time."""
        for _ in range(times):
            Stock(self._desk(laptop)).move("P2", "1", "purchase")
            self._looked_at()

    def reserve(self, laptop: Laptop) -> UUID:
        """Goods are promised to somebody."""
        desk = self._desk(laptop)
        promised = Stock(desk).reserve("P1", "1", until_ms=desk.clock.now_ms() + 60 * MINUTE_MS)
        self._looked_at()
        return promised

    def release(self, laptop: Laptop, promised: UUID) -> None:
        """They are free again."""
        Stock(self._desk(laptop)).release(promised)
        self._looked_at()

    def hat(self, laptop: Laptop, opens: str) -> None:
        """One day of the calendar, from this hour on."""
        Configuration(self._desk(laptop)).add_hat(_HAT_ON, opens=opens, closes="20:00")
        self._looked_at()

    def decide(self, laptop: Laptop) -> None:
        """An open conflict is looked at and decided."""
        self._counter(laptop).decide()
        self._looked_at()

    def poison(self, laptop: Laptop) -> None:
        """An operation of a kind to come, which the server keeps aside."""
        laptop.act("poison")
        self._looked_at()

    def _desk(self, laptop: Laptop) -> Desk:
        return self._counter(laptop).desk

    def _counter(self, laptop: Laptop) -> Counter:
        self.world.time.at_ms += MINUTE_MS
        return Counter(laptop.store, laptop.clock, self.world.rng)

    def _looked_at(self) -> None:
        if self.looks:
            self.world.watch.look(self.world)

    def joined(self) -> Laptop:
        """One laptop more, which has nothing yet but its pairing."""
        laptop = self.world._laptop("k")
        laptop.pair(self.world._code())
        self.laptops.append(laptop)
        return laptop

    # ---- what happens on the line and to disks -----------------------------------------------------------

    def sync(
        self, laptop: Laptop, trouble: Trouble | None = None, *, batch: int = 50, rows: int = 500
    ) -> Outcome:
        """One round that comes to an end."""
        outcome = self.tried(laptop, trouble, batch=batch, rows=rows)
        must(isinstance(outcome, Outcome), "I7", f"{laptop.name}: {outcome}")
        assert isinstance(outcome, Outcome)
        return outcome

    def tried(
        self, laptop: Laptop, trouble: Trouble | None = None, *, batch: int = 50, rows: int = 500
    ) -> Outcome | str:
        """One round, whatever becomes of it."""
        self.world.time.at_ms += MINUTE_MS
        laptop.round._batch, laptop.round._rows = batch, rows
        laptop.line.trouble = [trouble] if trouble else []
        outcome = laptop.sync()
        self._looked_at()
        return outcome

    def drain(self, laptop: Laptop) -> None:
        """Rounds until it has nothing more to do."""
        for _ in range(20):
            if not self.sync(laptop).more:
                return
        must(False, "I7", f"{laptop.name} does not come to an end")  # noqa: FBT003 - it never does

    def forget_in_silence(self, image: bytes) -> None:
        """The server's disk is an older one, and nobody says so: until it is noticed, too much is counted on."""
        self.looks = False
        self.server.put_back(image)

    def lose(self, laptop: Laptop) -> None:
        """It falls into the water."""
        self.world.laptops.remove(laptop)
        laptop.store.close()

    def settle(self) -> None:
        """Everything becomes quiet, and all that must hold then holds."""
        self.world.settle()
        invariants.check(self.world)


@contextlib.contextmanager
def scene(laptops: int = 2) -> Iterator[Scene]:
    """A shop of so many laptops, until the block ends."""
    with drawn_from(1) as rng:
        world = World(rng, laptops=laptops)
        try:
            made = Scene(world)
            for laptop in made.laptops:
                made.drain(laptop)
            yield made
        finally:
            world.close()


def every_operation_arrived(s: Scene, laptop: Laptop) -> None:
    """I1, of one laptop: nothing that it wrote is there alone."""
    server = invariants.kept_by_server(s.world)
    lost = [op_id for op_id, _ in laptop.store.log if op_id not in server]
    must(not lost, "I1", f"{len(lost)} of its operations are nowhere but on {laptop.name}")
