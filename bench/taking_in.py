"""A laptop takes in what others did, held against the same rows put into the same tables by bare `sqlite3`.

The floor has the rows ready and writes them table by table with one `executemany` each, in one transaction for
each page of the protocol, into the schema with all its indexes: no look whether anything is known already, no
reading of bodies, no folding, no search index, and foreign keys are not looked at.
"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from typing import TYPE_CHECKING

from bench.shops import empty_shop, fill
from bench.table import Row, against, stated, timed
from pos.domain.times import SystemClock
from pos.paths import ShopPaths
from pos.protocol.messages import MAX_ROWS
from pos.shop import open_shop
from pos.store import oplog
from pos.store.inbox import Arrived, take_in
from pos.store.link import Link, found_link
from pos.store.remake import remake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FLOOR = "the same rows by bare sqlite3"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000", "secure_delete=ON")
# What taking in writes; each points at those before it.
_TABLES = (
    "customer", "series", "orders", "order_line", "stock_move", "order_buyer", "payment", "order_event", "foreign_op",
)  # fmt: skip


def rows(place: Path, *, quick: bool) -> list[Row]:
    """A new laptop's history: orders of three lines by another one."""
    orders, rounds = (300, 2) if quick else (10_000, 5)
    bare_home, author = place / "empty", place / "author"
    empty_shop(bare_home).close()
    shutil.copytree(bare_home, author)
    arrived = _written_by(author, orders)
    ours, floors, made = [], [], []
    for number in range(rounds):
        home = place / f"laptop-{number}"
        shutil.copytree(bare_home, home)
        ours.append(_taken_in(home, arrived))
        table_rows = _rows_of(home, bare_home)
        floor_home = place / f"floor-{number}"
        shutil.copytree(bare_home, floor_home)
        floors.append(_put_in(floor_home, table_rows))
        made.append(_made_again(home))
        shutil.rmtree(floor_home)
        if number < rounds - 1:
            shutil.rmtree(home)
    what = f"{orders:,} orders"
    return [
        against(f"{what} of another laptop taken in", "ms", ours, _FLOOR, floors, at_most=3),
        stated(f"all rows of {what} made again from the operations", "ms", made),
    ]


def _written_by(home: Path, orders: int) -> list[Arrived]:
    """What another laptop sold, in the server's order."""
    with open_shop(ShopPaths(home), SystemClock()) as shop:
        with shop.store.read() as connection:
            before = oplog.read_tip(connection).n
        fill(shop, orders)
        with shop.store.read() as connection:
            operations = list(oplog.read_after(connection, before))
    other = uuid.uuid4()
    return [Arrived(one, other, seq, one.hlc) for seq, one in enumerate(operations, 1)]


def _taken_in(home: Path, arrived: Sequence[Arrived]) -> float:
    with open_shop(ShopPaths(home), SystemClock()) as shop:
        with shop.store.write() as unit:
            found_link(unit.connection, Link("", "", None, 0, {"v": 0, "h": 0, "g": 0}, None, "", None))

        def take_all() -> None:
            for start in range(0, len(arrived), MAX_ROWS):
                with shop.store.write() as unit:
                    take_in(unit.connection, [], arrived[start : start + MAX_ROWS])

        return timed(take_all)


def _rows_of(home: Path, before: Path) -> dict[str, list[tuple[object, ...]]]:
    """What has come into each table, in pages."""
    with sqlite3.connect(home / "shop.db") as connection:
        connection.execute("ATTACH ? AS old", (str(before / "shop.db"),))
        return {
            table: connection.execute(
                f"SELECT * FROM main.{table} EXCEPT SELECT * FROM old.{table}"
            ).fetchall()
            for table in _TABLES
        }


def _put_in(home: Path, table_rows: dict[str, list[tuple[object, ...]]]) -> float:
    connection = sqlite3.connect(home / "shop.db", isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    pages = -(-len(table_rows["foreign_op"]) // MAX_ROWS)

    def put_all() -> None:
        for page in range(pages):
            connection.execute("BEGIN IMMEDIATE")
            for table, found in table_rows.items():
                part = found[page * len(found) // pages : (page + 1) * len(found) // pages]
                if part:
                    marks = ", ".join("?" * len(part[0]))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", part)
            connection.execute("COMMIT")

    try:
        return timed(put_all)
    finally:
        connection.close()


def _made_again(home: Path) -> float:
    with open_shop(ShopPaths(home), SystemClock()) as shop:

        def again() -> None:
            with shop.store.write() as unit:
                remake(unit.connection)

        return timed(again)
