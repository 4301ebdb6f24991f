"""A server whose disk takes no more: laptops are told so, nothing stands by halves, it goes on once there is room."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from pos.protocol import codec
from tests.e2e.central import Central as Served
from tests.e2e.central import Laptop
from tests.server.conftest import VENDOR
from tests.server.laptop import statuses
from tests.server.overhttp import paired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pos.server.desk import Answer
    from tests.server.conftest import Central
    from tests.server.laptop import Laptop as Wire
    from tests.server.overhttp import Client

needs_limits = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux limits the files of a process that runs already"
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server as a process of its own."""
    home = tmp_path / "server"
    home.mkdir()
    made = Served(home)
    made.start()
    yield made
    fill_up(made, None)
    made.stop()


def fill_up(served: Served, room: int | None) -> None:
    """From now on no file of the server's grows beyond this size (bytes), whatever SQLite tries; None: it may."""
    import resource

    _, most = resource.prlimit(served.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (most if room is None else room, most))


def rows(served: Served) -> dict[str, list[tuple[object, ...]]]:
    """What stands in the server's database, by table."""
    file = sqlite3.connect(f"file:{served.home / 'server.db'}?mode=ro", uri=True)
    try:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = ("vendor_stream", "device", "operation", "stock", "sale")
        return {table: file.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}
    finally:
        file.close()


def sent(shop: Wire) -> Answer:
    """The answer to the shop's whole log."""
    return shop.desk.exchange(shop.token, codec.encode(shop.request(shop.log)))


def sell(shop: Wire, orders: int) -> None:
    """A product and so many orders of it."""
    _, [variant] = shop.product()
    for _ in range(orders):
        shop.order(variant)


@needs_limits
@pytest.mark.parametrize("more", [0, 100_000])
def test_what_finds_no_room_is_told_so_and_stands_whole_once_there_is(served: Served, more: int) -> None:
    shop = paired(served, VENDOR)
    shop.push()
    sell(shop, 300)
    before = rows(served)
    fill_up(served, (served.home / "server.db-wal").stat().st_size + more)
    for _ in range(3):
        answer = sent(shop)
        assert (answer.status, json.loads(answer.body)) == (503, {"error": "disk_error"})
        assert int(answer.headers["Retry-After"]) > 0
    assert rows(served) == before
    assert shop.pull() == []
    fill_up(served, None)
    assert set(statuses(shop.push())) == {"ok"}
    assert len(rows(served)["operation"]) == len(shop.log)
    assert len(rows(served)["sale"]) == 300


@needs_limits
def test_a_server_that_was_ended_while_its_disk_was_full_starts_again_with_what_it_confirmed(
    served: Served,
) -> None:
    shop = paired(served, VENDOR)
    shop.push()
    sell(shop, 300)
    before = rows(served)
    fill_up(served, (served.home / "server.db-wal").stat().st_size + 40_000)
    assert sent(shop).status == 503
    served.kill()
    served.start()
    assert rows(served) == before
    assert set(statuses(shop.push())) == {"ok"}


@needs_limits
def test_a_laptops_log_waits_untouched_and_arrives_whole(served: Served, tmp_path: Path) -> None:
    laptop = Laptop(tmp_path / "laptop")
    laptop("init", "--vendor", VENDOR, "--phone", "01712345678")
    laptop(
        "product",
        "add",
        "--name-bn",
        "মধু",
        "--sku",
        "MODHU",
        "--unit",
        "kg",
        "--price",
        "1000",
        "--stock",
        "20",
    )
    laptop.pair(served, VENDOR)
    laptop("sync")
    fill_up(served, 1)
    order = {
        "items": [{"sku": "MODHU", "qty": "1"}],
        "customer": {"name": "শারমিন", "phone": "01712345679"},
        "rest": "cod",
    }
    for _ in range(3):
        laptop("order", "take", "-", stdin=order)
    orders = laptop("order", "list")
    assert laptop("sync", codes=(3,))["error"] == "server_busy"
    assert laptop("order", "list") == orders
    fill_up(served, None)
    laptop("sync")
    assert laptop("sync", "verify")
    assert len(rows(served)["sale"]) == 3


# ---- what the database itself says of a full disk --------------------------------------------------------

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION full_disk()
"""


def test_a_full_disk_is_told_by_its_name(central: Central, opened: Callable[..., Client]) -> None:
    shop = central.shop()
    shop.push()
    client = opened()
    sell(shop, 30)
    before = {table: central.rows(table) for table in ("operation", "stock", "sale", "vendor_stream")}
    with central.database.owning() as connection:
        if central.database.dialect == "sqlite":
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        else:
            connection.exec_driver_sql(FULL)
    answer = client.post(
        "/sync/v1/exchange",
        content=codec.encode(shop.request(shop.log)),
        headers={"Authorization": f"Bearer {shop.token}", "Content-Encoding": "zstd"},
    )
    assert (answer.status_code, answer.json()) == (503, {"error": "disk_full"})
    assert int(answer.headers["retry-after"]) > 0
    assert {table: central.rows(table) for table in before} == before
    assert len(central.crashes) == 1
    central.crashes.clear()
    with central.database.owning() as connection:
        if central.database.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        else:
            connection.exec_driver_sql("DROP TRIGGER full_disk ON sale")
    assert set(statuses(shop.push())) == {"ok"}
    assert len(central.rows("sale")) == 30
