"""Taking in a catalogue file, against the bare csv module and `executemany` of the same rows.

The floor reads the same two files with `csv.reader`, then puts the finished rows (operations, products,
variants, movements) into a new shop's file by plain SQL in one transaction. It checks nothing, seals nothing,
keeps no search index and no second journal.

`python -m bench.catalogue FOLDER ROWS` takes in one big file in a process of its own and prints what it cost.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import time
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from bench.table import Row, against, stated, timed
from pos.domain.times import SystemClock
from pos.paths import ShopPaths, resource
from pos.services.founding import found_shop
from pos.shop import Shop, import_catalogue, open_shop

_TABLES = ("op", "product", "variant", "stock_move")
_BARE = "csv and executemany of the same rows"
_BIG_ROWS = 200_000


def rows(place: Path, *, quick: bool) -> list[Row]:
    """The demo catalogue over and over, and one file of 200,000 rows."""
    products, variants, count = many_demos(place, 240 if quick else 20_000)
    ours, floors = [], []
    for number in range(1 if quick else 2):
        with _new_shop(place / f"import-{number}") as shop:
            bare = _copy(shop.paths.database, place / f"import-{number}.db")
            ours.append(timed(_take_in, shop, products, variants) / 1000)
            work = _written(shop.paths.database, bare)
        floors.append(timed(_bare_import, bare, work, [products, variants]) / 1000)
        bare.close()
    measured = [
        against(f"import of {count:,} products with their variants", "s", ours, _BARE, floors),
        stated("import, rows of both files", "rows/s", [_lines_of(products, variants) / one for one in ours]),
    ]
    if not quick:
        measured += _big(place)
    return measured


def many_demos(place: Path, products: int) -> tuple[Path, Path, int]:
    """The demo catalogue repeated, each time with codes, barcodes and names of its own."""
    turns = 0  # the products' file says how often; that of the variants follows it
    made: list[Path] = []
    for name in ("catalogue.csv", "catalogue_variants.csv"):
        with as_file(resource("demo", name)) as path, path.open(encoding="utf-8-sig", newline="") as file:
            head, *body = list(csv.reader(file))
        turns = turns or -(-products // len(body))
        made.append(place / f"many-{name}")
        with made[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            for turn in range(turns):
                writer.writerows(_turned(dict(zip(head, row, strict=True)), turn) for row in body)
    return made[0], made[1], _lines_of(made[0])


def _turned(row: dict[str, str], turn: int) -> list[str]:
    for field in ("sku", "variant_sku"):
        if row.get(field):
            row[field] = f"{row[field]}-T{turn}"
    if row.get("name_bn"):
        row["name_bn"] += f" {turn}"
    if row.get("barcode"):
        row["barcode"] = f"{turn:03d}{row['barcode'][2:]}"
    return list(row.values())


def _new_shop(home: Path) -> Shop:
    found_shop(ShopPaths(home), SystemClock(), vendor="মাপের দোকান", phone="01733-456789", demo=True)
    return open_shop(ShopPaths(home), SystemClock())


def _take_in(shop: Shop, products: Path, variants: Path | None) -> None:
    report = import_catalogue(shop, products, variants=variants)
    assert report.written, report.errors[:3]


def _copy(source: Path, path: Path) -> sqlite3.Connection:
    """The file of a new shop once more, for the floor to write into."""
    bare = sqlite3.connect(path, isolation_level=None)
    with sqlite3.connect(source) as whole:
        whole.backup(bare)
    whole.close()
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-16000"):
        bare.execute(f"PRAGMA {pragma}")
    return bare


def _written(source: Path, before: sqlite3.Connection) -> dict[str, list[Any]]:
    """The rows that the shop has and the copy from before lacks."""
    last = before.execute("SELECT max(n) FROM op").fetchone()[0]
    with sqlite3.connect(source) as whole:
        rows = {
            table: whole.execute(
                f"SELECT * FROM {table}" + (f" WHERE n > {last}" if table == "op" else "")
            ).fetchall()
            for table in _TABLES
        }
    whole.close()
    return rows


def _bare_import(bare: sqlite3.Connection, work: dict[str, list[Any]], files: list[Path]) -> None:
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _row in csv.reader(file):
                continue
    bare.execute("BEGIN IMMEDIATE")
    for table, values in work.items():
        if values:
            bare.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
    bare.execute("COMMIT")


def _lines_of(*files: Path) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in files)


def _big(place: Path) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.catalogue", str(place / "big"), str(_BIG_ROWS)],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    cost = json.loads(done.stdout)
    name = f"import of {_BIG_ROWS:,} rows"
    return [stated(name, "s", [cost["seconds"]]), stated(f"{name}, most memory", "MB", [cost["peak_mb"]])]


def _import_alone(folder: Path, count: int) -> None:
    """One file of plain products; how long it took and the most memory this process ever held."""
    import resource as limits

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "big.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["sku", "name_bn", "name_en", "category", "unit", "cost", "price", "barcode", "stock"]
        )
        for n in range(count):
            writer.writerow(
                [
                    f"B{n:06d}",
                    f"খাঁটি সরিষার তেল {n}",
                    f"Mustard oil {n}",
                    "food",
                    "pcs",
                    90,
                    120,
                    f"21{n:06d}12345",
                    5,
                ]
            )
    with _new_shop(folder / "shop") as shop:
        start = time.perf_counter()
        _take_in(shop, file, None)
        seconds = time.perf_counter() - start
    peak = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    _import_alone(Path(sys.argv[1]), int(sys.argv[2]))
