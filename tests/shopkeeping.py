"""Shops to test with: founded by the product itself on a real disk, filled, sold from, and looked into."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.catalogue import NewProduct, NewVariant
from pos.services.founding import found_shop
from pos.services.health import examine
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.shop import Shop, open_shop
from pos.store import journal, migrate, recovery
from pos.store.engine import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_A_HAT = dt.datetime(2026, 11, 24, 17, 46)  # naive: FixedClock takes it for Dhaka's
PHONE = "01712345678"
_FIRST_RELEASE = Path(__file__).parent / "data" / "releases" / "0.1.0.hatkhata"
# Of this device alone: neither recorded nor made again from the log.
LOCAL = ("draft",)
# Written by the way of SQLite and the search index, not by an act of the vendor.
_MADE_AGAIN = ("sqlite_", "search_index", "alembic_version")


def fill(shop: Shop) -> None:
    """Honey by the kilogram, a sari in two colours, soap and a basket."""
    shop.catalogue.add(NewProduct("খাঁটি মধু", 100_000, "kg", sku="P001", stock_milli=50_000, barcode="8901"))
    shop.catalogue.add(
        NewProduct(
            "জামদানি শাড়ি",
            450_050,
            "piece",
            sku="P002",
            variants=(
                NewVariant("P002-01", colour="লাল", stock_milli=5_000),
                NewVariant("P002-02", colour="নীল", stock_milli=5_000, price_paisa=460_000),
            ),
        )
    )
    shop.catalogue.add(NewProduct("সাবান", 4_550, "piece", sku="P003", stock_milli=20_000))
    shop.catalogue.add(NewProduct("বাঁশের ঝুড়ি", 33_333, "piece", sku="P004"))


def founded(home: Path) -> ShopPaths:
    """A filled shop, closed."""
    paths, clock = ShopPaths(home), FixedClock(IN_A_HAT)
    found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733456789")
    with open_shop(paths, clock) as shop:
        fill(shop)
    return paths


def of_first_release(home: Path) -> ShopPaths:
    """The very file of the first release, at a shop's place."""
    paths = ShopPaths(home)
    paths.home.mkdir()
    with zipfile.ZipFile(_FIRST_RELEASE) as package:
        package.extract("shop.db", paths.home)
    return paths


def sale(sku: str = "P001", qty: str = "1", **more: Any) -> OrderRequest:
    """One line, to be paid later unless said otherwise."""
    return OrderRequest(**({"items": [ItemRequest(qty=qty, sku=sku)], "rest": "due"} | more))


def sale_to(phone: str = PHONE, **more: Any) -> OrderRequest:
    """The same to a buyer with a name and an address."""
    buyer = CustomerRequest(name="শারমিন আক্তার", phone=phone, address="মিরপুর ১০", district="ঢাকা")
    return sale(customer=buyer, **more)


def paid(amount: str, method: str = "cash", trxid: str | None = None) -> list[PaymentRequest]:
    """One payment."""
    return [PaymentRequest(method, amount, trxid)]


def busy_day(shop: Shop) -> list[str]:
    """A few of every kind of act; the numbers of the orders taken."""
    orders = shop.orders
    numbers = [
        orders.take(sale_to(note="সন্ধ্যায় ফোন", payments=paid("300"), rest="cod", delivery="130")).number,
        orders.take(sale("P002-01", discount="10%", payments=paid("5000"), rest=None)).number,
        orders.take(sale("P001", "0.333")).number,
        orders.take(sale_to("01911223344", payments=paid("100", "bkash", "CKO7A2KQ4Z"))).number,
    ]
    orders.pay(numbers[2], "nagad", "100", "75AB12CD")
    orders.cancel(numbers[3], "ক্রেতা নেবেন না")
    shop.stock.move("P003", "-2", "adjustment", "গোনায় কম")
    shop.configuration.put("shop.address", "স্টেশন রোড")
    shop.configuration.cancel_hat(dt.date(2026, 11, 27))
    shop.configuration.add_hat(dt.date(2026, 11, 28), opens="10:00")
    return numbers


def problems(paths: ShopPaths) -> list[str]:
    """What `doctor` finds."""
    return [problem.code for problem in examine(paths).report.problems]


def dump(database: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in a fixed order, read without touching the file's neighbours."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
            if not name.startswith(_MADE_AGAIN) and name not in without
        }
    finally:
        connection.close()


def rebuild(paths: ShopPaths, into: Path) -> int:
    """A fresh file from `ops.jsonl` and nothing else; how many operations it took."""
    migrate.create(into)
    engine = make_engine(into, writer=True)
    try:
        with engine.begin() as connection:
            return recovery.replay(connection, journal.read_operations(paths.journal))
    finally:
        engine.dispose()


def remade(shop: Shop, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Closes the shop; every row of the one that its journal alone makes again."""
    shop.close()
    rebuild(shop.paths, folder / "rebuilt.db")
    return dump(folder / "rebuilt.db")


def spoil(database: Path, sql: str, *values: object) -> None:
    """Change the file behind the shop's back, past its checks."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(sql, values)
    finally:
        connection.close()


def copy_file(source: Path, target: Path) -> None:
    """The bytes of a closed shop's file, as a vendor copies it."""
    target.write_bytes(source.read_bytes())


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a filled shop, to be copied and never opened."""
    home = tmp_path_factory.mktemp("template") / "shop"
    founded(home)
    return home


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday's hat, late afternoon."""
    return FixedClock(IN_A_HAT)


@pytest.fixture
def paths(template: Path, tmp_path: Path) -> ShopPaths:
    """A filled shop of one's own, closed."""
    home = tmp_path / "shop"
    shutil.copytree(template, home)
    return ShopPaths(home)


@pytest.fixture
def shop(paths: ShopPaths, clock: FixedClock) -> Iterator[Shop]:
    """The same, opened."""
    with open_shop(paths, clock) as opened:
        yield opened


@pytest.fixture
def old(tmp_path: Path) -> ShopPaths:
    """A shop of the first release, closed."""
    return of_first_release(tmp_path / "old")
