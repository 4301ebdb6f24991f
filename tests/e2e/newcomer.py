"""A new laptop takes over a shop with a long history: it can sell at once, and being killed never sets it back.

python -m tests.e2e.newcomer --orders 10000 --kills 20
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pos.domain.times import SystemClock
from pos.paths import ShopPaths, resource
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest
from pos.shop import open_shop
from tests.e2e.central import PROGRAM, Central, Laptop
from tests.e2e.counting import counted

VENDOR = "রূপকথা ঘর"
_GOODS = ("P001", "P003", "P017", "P056")
_PAGE_SECONDS = 0.1  # how long the line takes for a page: there is time to be killed in
_MOST_PAGES = 3  # that come in between two kills


class Newcomer:
    """A vendor with a history on the server, and a laptop that has none of it.

    Attributes:
        line: the new laptop's way to the server, which counts pages.
        kills: how often a sync of the new laptop was killed before it had come to its end.
        first_sale_s: seconds from its pairing to its first sale.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.central = Central(folder / "central")
        self.old, self.new = Laptop(folder / "old"), Laptop(folder / "new")
        self.kills, self.first_sale_s = 0, 0.0
        self._chance, self._open = random.Random(seed), contextlib.ExitStack()

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

    def arrive(self, rows: int) -> None:
        """Pair the new laptop; then sync in the background until the first sale could be made.

        Args:
            rows: how many operations its line takes at once.
        """
        begun = time.monotonic()
        self.line, address = self._open.enter_context(
            counted(self.central.url, rows=rows, page_s=_PAGE_SECONDS)
        )
        self.new("pair", address, self.central.command("pairing-code", "--vendor", VENDOR)["code"])
        sync = self._sync()
        order = {"items": [{"sku": _GOODS[0], "qty": "1"}], "rest": "due"}
        while True:
            taken = self.new("order", "take", "-", stdin=order, codes=(0, 1, 3))
            if "number" in taken:
                break
            assert time.monotonic() - begun < 60, taken
        self.first_sale_s = time.monotonic() - begun
        self._cut(sync)

    def finish(self, kills: int) -> None:
        """Be killed so often on the way, if there is way enough, and then sync to the end.

        What has come in once must never go away again, and a kill must not cost more than the page on its way.
        """
        seen = self.come_in()
        while self.kills < kills and self._killed_on_the_way():
            before, seen = seen, self.come_in()
            assert seen >= before, "it began anew"
        self.new("sync")
        assert self.line.again <= self.kills, f"{self.line.again} pages twice after {self.kills} kills"
        self.old("sync")
        for laptop in (self.old, self.new):
            assert laptop("sync", "verify")["agrees"]
            assert laptop("doctor")["ok"]
        assert self.orders(self.old) == self.orders(self.new)
        assert self.old("stock") == self.new("stock")

    def _killed_on_the_way(self) -> bool:
        """Sync and be killed within the next pages; whether it was, before it had come to its end."""
        until = self.line.pages + self._chance.randint(1, _MOST_PAGES)
        sync = self._sync()
        while self.line.pages < until and sync.poll() is None:
            time.sleep(0.01)
        time.sleep(self._chance.uniform(0, _PAGE_SECONDS * 3))
        return self._cut(sync)

    def _cut(self, sync: subprocess.Popen[bytes]) -> bool:
        on_the_way = sync.poll() is None
        sync.kill()
        sync.wait(60)
        self.kills += on_the_way
        return on_the_way

    @staticmethod
    def orders(laptop: Laptop) -> list[dict[str, Any]]:
        """All orders, as they are listed."""
        listed: list[dict[str, Any]] = laptop("order", "list")["orders"]
        return listed

    def come_in(self) -> int:
        """How many of the other laptop's operations the new one has."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.new.home}/shop.db?mode=ro", uri=True)
        ) as connection:
            return int(connection.execute("SELECT count(*) FROM foreign_op").fetchone()[0])

    def close(self) -> None:
        """End whatever still runs."""
        self._open.close()
        self.central.stop()

    def _sync(self) -> subprocess.Popen[bytes]:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([str(PROGRAM), "sync", "--json"], env=self.new.environ, **quiet)


def rows_for(orders: int, kills: int) -> int:
    """A page so small that there are enough of them to be killed between."""
    return max(1, orders // (kills * (_MOST_PAGES + 2)))


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
            scene.arrive(rows_for(options.orders, options.kills))
            scene.finish(options.kills)
        finally:
            scene.close()
    sys.stdout.write(
        f"{options.orders} orders; first sale after {scene.first_sale_s:.1f} s; killed {scene.kills} times;"
        f" {scene.line.pages} pages, {scene.line.again} of them twice{os.linesep}"
    )
    if scene.kills < options.kills:
        sys.stderr.write(
            f"It was to be killed {options.kills} times, and all had come in before: take more orders."
            f"{os.linesep}"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
