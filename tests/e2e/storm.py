"""Two laptops sell and sync for a while, and everything they lean on is killed at random meanwhile.

    python -m tests.e2e.storm --seconds 120                two minutes on SQLite
    python -m tests.e2e.storm --seconds 120 --postgres     the same on a real PostgreSQL, which is killed as well

At the end everything is up again: both laptops and the server must tell the same, and every order that was
confirmed to the vendor must be there once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.paths import ShopPaths, resource
from tests.e2e.central import PROGRAM, Central, Laptop
from tests.e2e.crew import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VENDOR = "রূপকথা ঘর"
_PATIENCE = 10  # times as long may it take until all were killed often enough
_ROUNDS = 8  # after which nothing may be left to send


class Storm:
    """The scene, and what is done to it.

    Attributes:
        kills: how often each of them was killed while it ran.
        confirmed: the numbers that each laptop's vendor has heard.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        database: str | None = None,
        strike: Callable[[], None] | None = None,
    ) -> None:
        """Two paired laptops with the demo catalogue.

        Args:
            folder: where everything lies.
            seed: of the order in which things are killed; how far each has come by then is chance.
            database: the server's, if it is not the one it brings itself.
            strike: kills that database and starts it again.
        """
        self.central = Central(folder / "central", database=database)
        self.laptops = [Laptop(folder / name) for name in ("first", "second")]
        self.confirmed: list[set[str]] = [set(), set()]
        self.kills = dict.fromkeys(("seller", "sync", "server", *(["database"] * bool(strike))), 0)
        self._chance, self._strike = random.Random(seed), strike
        self._sellers: list[Worker | None] = [None, None]
        self._syncs: list[subprocess.Popen[bytes] | None] = [None, None]

    def begin(self) -> None:
        """The server serves, and both laptops have the shop."""
        self.central.start()
        first, second = self.laptops
        demo = resource("demo")
        first("init", "--vendor", VENDOR, "--phone", "01733456789")
        first("import", str(demo / "catalogue.csv"), "--variants", str(demo / "catalogue_variants.csv"))
        for laptop in (first, second):
            laptop.pair(self.central, VENDOR)
            laptop("sync")

    def rage(self, seconds: float, *, least: int = 1) -> None:
        """Let both sell and sync, and kill something every half second or so.

        Args:
            seconds: for how long.
            least: and until each of them was killed so often; given up after many times as long.
        """
        end = time.monotonic() + seconds
        last = end + _PATIENCE * seconds
        while time.monotonic() < end or (min(self.kills.values()) < least and time.monotonic() < last):
            for at in (0, 1):
                self._keep_going(at)
            self._hear(self._chance.uniform(0.2, 0.8))
            self._kill(self._chance.choice(["sync", *self.kills]))
        for at in (0, 1):
            self._end_seller(at)
            self._end_sync(at)
        if not self.central.serving:
            self.central.start()

    def settle(self) -> dict[str, Any]:
        """Sync until nothing is left; what the first laptop says of stock and orders, the same as the second."""
        for _ in range(_ROUNDS):
            for laptop in self.laptops:
                laptop("sync")
            if all(laptop("sync", "status")["pending"] == 0 for laptop in self.laptops):
                break
        for laptop in self.laptops:  # what the other one has sent last
            laptop("sync")
        said = [
            {
                "stock": laptop("stock")["items"],
                "orders": laptop("order", "list")["orders"],
            }
            for laptop in self.laptops
        ]
        assert said[0] == said[1]
        for laptop in self.laptops:
            assert laptop("sync", "verify")["agrees"]
            assert laptop("doctor")["ok"]
        numbers = [order["number"] for order in said[0]["orders"]]
        assert len(numbers) == len(set(numbers))
        missing = (self.confirmed[0] | self.confirmed[1]) - set(numbers)
        assert not missing, f"confirmed, and not there: {sorted(missing)[:5]}"
        return said[0]

    def close(self) -> None:
        """End whatever still runs."""
        for at in (0, 1):
            self._end_seller(at)
            self._end_sync(at)
        self.central.stop()

    def _keep_going(self, at: int) -> None:
        if self._sellers[at] is None:
            self._sellers[at] = Worker(ShopPaths(self.laptops[at].home), "sell")
        sync = self._syncs[at]
        if sync is None or sync.poll() is not None:
            line, environ = [str(PROGRAM), "sync", "--json"], self.laptops[at].environ
            quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self._syncs[at] = subprocess.Popen(line, env=environ, **quiet)

    def _hear(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for seller in self._sellers:
                if seller is not None:
                    seller.hear(left / 4)

    def _kill(self, what: str) -> None:
        at = self._chance.randrange(2)
        ran = True
        if what == "seller":
            self._end_seller(at)
        elif what == "sync":
            ran = self._end_sync(at)
        elif what == "server":
            ran = self.central.serving
            if ran:
                self.central.kill()
            else:
                self.central.start()
        elif self._strike is not None:
            self._strike()
        self.kills[what] += ran

    def _end_seller(self, at: int) -> None:
        seller, self._sellers[at] = self._sellers[at], None
        if seller is not None:
            seller.kill()
            self.confirmed[at] |= set(seller.confirmed)

    def _end_sync(self, at: int) -> bool:
        """End it; whether it ran still."""
        sync, self._syncs[at] = self._syncs[at], None
        if sync is None:
            return False
        ran = sync.poll() is None
        sync.kill()
        sync.wait(60)
        return ran


@contextlib.contextmanager
def storm(folder: Path, seed: int, **more: Any) -> Iterator[Storm]:
    """A storm that ends whatever happens."""
    scene = Storm(folder, seed, **more)
    try:
        scene.begin()
        yield scene
    finally:
        scene.close()


def main() -> int:
    """Run one from the command line, and say what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=10, help="of each, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own, killed as well")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        more: dict[str, Any] = {}
        if options.postgres:
            from tests.server import postgres

            server = stack.enter_context(postgres.running())
            more = {"database": server.migrated(), "strike": server.strike}
        scene = stack.enter_context(storm(folder, options.seed, **more))
        scene.rage(options.seconds, least=options.kills)
        told = scene.settle()
        confirmed = len(scene.confirmed[0] | scene.confirmed[1])
        sys.stdout.write(
            f"{len(told['orders'])} orders, {confirmed} heard confirmed, killed: {scene.kills}{os.linesep}"
        )
    if min(scene.kills.values()) < options.kills:
        sys.stderr.write(
            f"Each was to be killed {options.kills} times: take more seconds, or a computer that has less to do."
            f"{os.linesep}"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
