"""The sale: `Orders.take`, held against the same rows written by bare sqlite3, and against a raw fsync.

The floor gets the finished values of the very rows that the sale before it wrote (operation, order, lines,
movements, buyer, payment, event, stock and series) and puts them into a file with the same tables, indexes and
pragmas by plain SQL, in one transaction. It reads no request, looks nothing up, checks no rule, hashes
nothing, keeps no second journal and takes no lock between processes: all that is ours to pay.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.shops import empty_shop, request
from bench.table import Row, against, stated, timed
from pos.store.journal import read_tip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pos.shop import Shop

BARE = "the same rows by bare sqlite3"
FSYNC = "a raw fsync of 4 kB"

_JOURNAL_PAUSE_SECONDS = 0.06  # longer than the journal waits before it writes

_WARM_ROUNDS = 40  # enough for both write-ahead logs to have come round once

# What one sale writes, in an order that keeps references whole.
_TABLES = ("op", "orders", "order_line", "stock_move", "order_buyer", "payment", "order_event")
_OF_ORDER = {"op": "agg_id", "orders": "id"}


class BareShop:
    """A copy of the shop's file, written to with as little as SQLite asks."""

    def __init__(self, source: Path, path: Path) -> None:
        path.unlink(missing_ok=True)
        with sqlite3.connect(source) as whole, sqlite3.connect(path) as copy:
            whole.backup(copy)
        whole.close()
        copy.close()
        self._source = sqlite3.connect(source)
        self._bare = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "foreign_keys=ON", "trusted_schema=OFF", "synchronous=FULL", "temp_store=MEMORY",
            "cache_size=-16000", "secure_delete=ON", "wal_autocheckpoint=1000", "journal_mode=WAL",
        ):  # fmt: skip
            self._bare.execute(f"PRAGMA {pragma}")
        self._inserts = {table: self._insert(table) for table in _TABLES}

    def _insert(self, table: str) -> str:
        count = len(self._bare.execute(f"PRAGMA table_info({table})").fetchall())
        return f"INSERT INTO {table} VALUES ({', '.join('?' * count)})"

    def rows_of(self, order_id: bytes) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """The statements and values that make this order again."""
        found = [
            (
                self._inserts[table],
                self._source.execute(
                    f"SELECT * FROM {table} WHERE {_OF_ORDER.get(table, 'order_id')} = ?", (order_id,)
                ).fetchall(),
            )
            for table in _TABLES
        ]
        stock = self._source.execute(
            "SELECT qty_milli, variant_id FROM stock_move WHERE order_id = ?", (order_id,)
        ).fetchall()
        series = self._source.execute(
            "SELECT series_no, series_code, series_year FROM orders WHERE id = ?", (order_id,)
        ).fetchall()
        return [
            *found,
            ("UPDATE variant SET on_hand_milli = on_hand_milli + ? WHERE id = ?", stock),
            ("UPDATE series SET last_no = ? WHERE code = ? AND year = ?", series),
        ]

    def write(self, work: Sequence[tuple[str, list[tuple[Any, ...]]]]) -> None:
        """One transaction, one commit."""
        bare = self._bare
        bare.execute("BEGIN IMMEDIATE")
        for statement, values in work:
            if len(values) == 1:
                bare.execute(statement, values[0])
            else:
                bare.executemany(statement, values)
        bare.execute("COMMIT")

    def last_operation(self) -> int:
        """Position of the last operation in the shop."""
        return int(self._source.execute("SELECT max(n) FROM op").fetchone()[0])

    def close(self) -> None:
        """Let go of both files."""
        self._source.close()
        self._bare.close()


class RawFile:
    """A file that is appended to and made durable 4 kB at a time."""

    _PAGE = bytes(4096)

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def append(self) -> None:
        """One write and one fsync."""
        os.write(self._handle, self._PAGE)
        os.fsync(self._handle)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


class Taken(NamedTuple):
    """Milliseconds of one round, or of many."""

    ours: Any
    floor: Any
    fsync: Any


class Counter:
    """A shop with its floor beside it; every sale is a new order of the same buyer."""

    def __init__(self, shop: Shop, beside: Path, *, first: int = 0) -> None:
        self.shop = shop
        self._next = first
        self._sell()  # the buyer is known from here on, in the copy too
        self.bare = BareShop(shop.paths.database, beside)
        self.raw = RawFile(beside.with_suffix(".raw"))
        self._work = self.bare.rows_of(self._sell())
        self._draw = random.Random(first)

    def close(self) -> None:
        """Let go of the floor's files."""
        self.bare.close()
        self.raw.close()

    def measure(self, rounds: int, *, calm: bool) -> list[Taken]:
        """Milliseconds of ours, floor and fsync, round by round, after some rounds that nobody counts.

        Args:
            rounds: how many count.
            calm: the second journal finishes before anything else is measured, as between two buyers at a
                counter; else its thread works beside all three, as in a rush.
        """
        for _ in range(_WARM_ROUNDS):
            self.once(calm=False)
        return [self.once(calm=calm) for _ in range(rounds)]

    def once(self, *, calm: bool) -> Taken:
        """One sale, one floor and one fsync, in a drawn order."""
        wanted = request(self._next)
        self._next += 1
        acts = ["ours", "floor", "raw"]
        self._draw.shuffle(acts)
        taken, made = {}, b""
        for act in acts:
            if act == "ours":
                start = time.perf_counter()
                order = self.shop.orders.take(wanted)
                taken[act] = (time.perf_counter() - start) * 1000
                made = order.id.bytes
                if calm:
                    self._settle()
            elif act == "floor":
                taken[act] = timed(self.bare.write, self._work)
            else:
                taken[act] = timed(self.raw.append)
        self._work = self.bare.rows_of(made)
        return Taken(taken["ours"], taken["floor"], taken["raw"])

    def _sell(self) -> bytes:
        self._next += 1
        return self.shop.orders.take(request(self._next - 1)).id.bytes

    def _settle(self) -> None:
        last = self.bare.last_operation()
        while (tip := read_tip(self.shop.paths)) is None or tip.n < last:
            time.sleep(0.002)
        time.sleep(_JOURNAL_PAUSE_SECONDS)


def rows(place: Path, *, quick: bool) -> list[Row]:
    """The sale in an empty shop: at a counter's pace, and one after the other."""
    rounds = 30 if quick else 400
    with empty_shop(place / "checkout") as shop:
        counter = Counter(shop, place / "checkout-floor.db")
        calm = Taken(*zip(*counter.measure(rounds, calm=True), strict=True))
        rush = Taken(*zip(*counter.measure(rounds, calm=False), strict=True))
        counter.close()
    note = "back to back, the second journal written beside it"
    return [
        against("checkout", "ms", calm.ours, BARE, calm.floor, at_most=2.0),
        against("checkout", "ms", calm.ours, FSYNC, calm.fsync),
        against("checkout in a rush", "ms", rush.ours, BARE, rush.floor, note=note),
        stated("raw fsync", "ms", calm.fsync, note="of 4 kB appended to a file"),
    ]
