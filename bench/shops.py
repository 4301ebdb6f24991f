"""Shops to measure on, made by the product's own services from the demo catalogue."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import shutil
import sqlite3
from importlib.resources import as_file
from typing import TYPE_CHECKING

from pos.domain.ids import uuid7
from pos.domain.times import DHAKA, FixedClock, SystemClock
from pos.paths import ShopPaths, resource
from pos.services.founding import found_shop
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.shop import Shop, import_catalogue, open_shop

if TYPE_CHECKING:
    from pathlib import Path

_FIRST_DAY = dt.datetime(2025, 1, 7, 9, 0, tzinfo=DHAKA)
_PER_COMMIT = 500
_SKUS = ("P068-04", "P067-02", "P077-05", "P017", "P013", "P118-02", "P001", "P005", "P010", "P020")
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def empty_shop(home: Path) -> Shop:
    """A shop with the demo catalogue and no order, opened."""
    paths, clock = ShopPaths(home), SystemClock()
    found_shop(paths, clock, vendor="মাপের দোকান", phone="01733-456789", demo=True)
    shop = open_shop(paths, clock)
    with (
        as_file(resource("demo", "catalogue.csv")) as products,
        as_file(resource("demo", "catalogue_variants.csv")) as variants,
    ):
        import_catalogue(shop, products, variants=variants)
    return shop


def request(number: int, *, buyer: int = 0) -> OrderRequest:
    """An order of three lines by a buyer with an address, one bKash payment, the rest cash on delivery."""
    first = number % (len(_SKUS) - 2)
    return OrderRequest(
        items=[
            ItemRequest(qty=qty, sku=sku)
            for sku, qty in zip(_SKUS[first : first + 3], ("1", "2", "1"), strict=True)
        ],
        customer=CustomerRequest(
            name="শারমিন আক্তার",
            phone=f"017{12345678 + buyer:08d}",
            address="বাসা ৩/এ, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬",
            district="ঢাকা",
            thana="মিরপুর",
        ),
        delivery="130",
        payments=[PaymentRequest(method="bkash", amount="100", trxid=trxid(number))],
        rest="cod",
        source="comment",
        request_id=f"bench-{number}",
    )


def trxid(number: int) -> str:
    """Ten letters and digits, another for each number."""
    text = ""
    for _ in range(7):
        number, digit = divmod(number, len(_LETTERS))
        text = _LETTERS[digit] + text
    return "CKO" + text


def full_shop(folder: Path, orders: int, *, products: int = 0) -> Path:
    """The home of a shop with this many orders behind it; kept in `folder` for the next run.

    With `products` its catalogue is the demo's over and over, until it has so many.

    Each order goes through the sale's own steps; only the commit is shared by some hundreds of them, and the
    clock walks through the months.
    """
    home = folder / (f"shop-{orders}-{products}" if products else f"shop-{orders}")
    stamp = home / "bench.txt"
    schema = _schema(folder)
    if stamp.exists() and stamp.read_text() == schema:
        return home
    shutil.rmtree(home, ignore_errors=True)
    with empty_shop(home) as shop:
        if products:
            from bench.catalogue import many_demos

            files = many_demos(folder, products)
            import_catalogue(shop, files[0], variants=files[1])
        fill(shop, orders)
    stamp.write_text(schema)
    return home


def fill(shop: Shop, orders: int) -> None:
    """Sell so often, some hundreds of orders to a commit."""
    draw = random.Random(orders)
    clock = FixedClock(_FIRST_DAY)
    buyers = max(1, orders // 5)
    service = shop.orders
    for start in range(0, orders, _PER_COMMIT):
        with shop.store.write() as unit:
            for number in range(start, min(orders, start + _PER_COMMIT)):
                clock.advance(ms=draw.randrange(1, 600_000))
                unit.at_ms = clock.now_ms()
                wanted = request(number, buyer=draw.randrange(buyers))
                service._confirm(unit, wanted, wanted.request_id, uuid7(unit.at_ms))  # noqa: SLF001


def _schema(folder: Path) -> str:
    """A digest of the tables as this version makes them: an older shop is made anew."""
    home = folder / "schema"
    shutil.rmtree(home, ignore_errors=True)
    found_shop(ShopPaths(home), SystemClock(), vendor="খালি", phone="01733-456789", demo=True)
    with sqlite3.connect(home / "shop.db") as connection:
        rows = connection.execute("SELECT coalesce(sql, '') FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    shutil.rmtree(home)
    return hashlib.sha256(repr(rows).encode()).hexdigest()
