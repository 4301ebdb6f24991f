"""A new laptop takes over a shop with a long history: it can sell at once, and being killed never sets it back.

python -m tests.e2e.newcomer --orders 10000 --kills 20
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from pos.domain.times import SystemClock
from pos.paths import ShopPaths, resource
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest
from pos.shop import open_shop
from tests.e2e.central import PROGRAM, Central, Laptop

VENDOR = "রূপকথা ঘর"
_GOODS = ("P001", "P003", "P017", "P056")


class Newcomer:
    """A vendor with a history on the server, and a laptop that has none of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.central = Central(folder / "central")
        self.old, self.new = Laptop(folder / "old"), Laptop(folder / "new")
        self.first_sale_s = 0.0
        self._chance = random.Random(seed)

    def begin(self, orders: int) -> None:
        """The old laptop sells so many orders and brings them to the server."""
        demo = resource("demo")
        self.central.start()
        self.old("init", "--vendor", VENDOR, "--phone", "01733456789")
        self.old("import", str(demo / "catalogue.csv"), "--variants", str(demo / "catalogue_variants.csv"))
        with open_shop(ShopPaths(self.old.home), SystemClock()) as shop, shop.store.together():
            for n in range(orders):
                buyer = CustomerRequest(name=f"ক্রেতা {n}", phone=f"017{n % 700:08d}")
                items = [ItemRequest("1", sku=_GOODS[(n + k) % len(_GOODS)]) for k in range(3)]
                shop.orders.take(OrderRequest(items, buyer, rest="due"))
        self.old.pair(self.central, VENDOR)
        self.old("sync")

    def arrive(self) -> None:
        """Pair the new laptop; then sync in the background until the first sale could be made."""
        begun = time.monotonic()
        self.new.pair(self.central, VENDOR)
        sync = self._sync()
        order = {"items": [{"sku": _GOODS[0], "qty": "1"}], "rest": "due"}
        while True:
            taken = self.new("order", "take", "-", stdin=order, codes=(0, 1, 3))
            if "number" in taken:
                break
            assert time.monotonic() - begun < 60, taken
        self.first_sale_s = time.monotonic() - begun
        sync.kill()
        sync.wait(60)

    def finish(self, kills: int) -> int:
        """Sync to the end and be killed on the way so often, if there is way enough; how often it was.

        What has come in once must never go away again.
        """
        killed, seen = 0, self.come_in()
        while killed < kills:
            sync = self._sync()
            try:
                sync.wait(self._chance.uniform(0.5, 1.2))
                break
            except subprocess.TimeoutExpired:
                sync.kill()
                sync.wait(60)
            killed, before, seen = killed + 1, seen, self.come_in()
            assert seen >= before, "it began anew"
        self.new("sync")
        self.old("sync")
        for laptop in (self.old, self.new):
            assert laptop("sync", "verify")["agrees"]
            assert laptop("doctor")["ok"]
        assert self.orders(self.old) == self.orders(self.new)
        assert self.old("stock") == self.new("stock")
        return killed

    @staticmethod
    def orders(laptop: Laptop) -> list[dict[str, Any]]:
        """All orders, by number."""
        return sorted(laptop("order", "list")["orders"], key=lambda order: str(order["number"]))

    def come_in(self) -> int:
        """How many of the other laptop's operations the new one has."""
        with closing(sqlite3.connect(f"file:{self.new.home}/shop.db?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM foreign_op").fetchone()[0])

    def close(self) -> None:
        """End whatever still runs."""
        self.central.stop()

    def _sync(self) -> subprocess.Popen[bytes]:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([str(PROGRAM), "sync", "--json"], env=self.new.environ, **quiet)


def main() -> int:
    """Run it from the command line, and say how it went."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scene = Newcomer(Path(folder), options.seed)
        try:
            scene.begin(options.orders)
            scene.arrive()
            killed = scene.finish(options.kills)
        finally:
            scene.close()
    sys.stdout.write(
        f"{options.orders} orders; first sale after {scene.first_sale_s:.1f} s; killed {killed} times{os.linesep}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
