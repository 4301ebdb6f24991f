"""A backup of PostgreSQL, restored as docs/operations.md says into a cluster that has nothing yet."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url

from pos.server.backup import back_up
from pos.server.engine import open_database
from pos.server.tables import metadata
from tests.e2e.central import Central, Laptop
from tests.server import postgres
from tests.server.conftest import Central as Fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

VENDOR = "রূপকথা ঘর"
INSTALLED = postgres.installed()


@pytest.fixture
def page() -> str:
    """The page for whoever runs a server."""
    return (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def said(page: str, begins: str) -> list[str]:
    """The statements of the page that begin so, with a password in them."""
    found = re.findall(rf"^{begins}[^;]*;$", page, re.MULTILINE)
    assert found, begins
    return [statement.replace("…", "secret") for statement in found]


@contextlib.contextmanager
def cluster(tools: Path, page: str, *, restored: bool) -> Iterator[str]:
    """A new cluster with what the page has made in it before a first start, or before a restore."""
    with postgres.started(tools=tools) as (admin, _):
        statements = said(page, "CREATE ROLE hatkhata_keeper") + said(page, "CREATE DATABASE")
        if restored:
            statements += said(page, "CREATE ROLE hatkhata_(?:app|office)") + said(page, "GRANT")
        with psycopg.connect(admin, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
        keeper = make_url(admin).set(username="hatkhata_keeper", password="secret", database="hatkhata")
        yield keeper.render_as_string(hide_password=False)


def sell(laptop: Laptop) -> str:
    """Sell; which number was given."""
    order = {"items": [{"sku": "P001", "qty": "1"}], "payments": [{"method": "cash", "amount": "100"}]}
    return str(laptop("order", "take", "-", stdin=order)["number"])


def restored(page: str, url: str, dump: Path) -> None:
    """Put a backup into an empty database, as the page says."""
    (line,) = re.findall(r"^pg_restore .*$", page, re.MULTILINE)
    words = [f"--dbname={url}" if word.startswith("--dbname=") else word for word in line.split()]
    subprocess.run([str(dump) if word == "FILE" else word for word in words], check=True)


def test_two_laptops_agree_after_a_restore_into_a_new_cluster(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("PATH", f"{postgres.BUNDLED}{os.pathsep}{os.environ['PATH']}")
    first, second = Laptop(tmp_path / "first"), Laptop(tmp_path / "second")
    catalogue, dump = tmp_path / "catalogue.csv", tmp_path / "mine.dump"
    catalogue.write_text("sku,name_bn,price\nP001,মধু,100\n", encoding="utf-8")
    first("init", "--vendor", VENDOR, "--phone", "01733456789")
    first("import", str(catalogue))
    with cluster(postgres.BUNDLED, page, restored=False) as url:
        before = Central(tmp_path / "central", database=url)
        request.addfinalizer(before.kill)
        before.start()
        for laptop in (first, second):
            laptop.pair(before, VENDOR)
            laptop("sync")
        sold = [sell(first)]
        first("sync")
        before.command("backup", "--out", str(dump))
        sold.append(sell(second))
        for laptop in (second, first):
            laptop("sync")
        before.kill()
    with cluster(postgres.BUNDLED, page, restored=True) as url:
        restored(page, url, dump)
        after = Central(tmp_path / "central", database=url)
        request.addfinalizer(after.kill)
        after.port, after.url = before.port, before.url
        after.command("epoch")
        after.start()
        for laptop in (first, second, first, second):
            laptop("sync")
        for laptop in (first, second):
            assert laptop("sync", "verify")["agrees"]
            assert sorted(order["number"] for order in laptop("order", "list")["orders"]) == sorted(sold)
        (listed,) = after.command("vendor", "list")["vendors"]
        assert (listed["devices"], listed["held"]) == (2, 0)
        after.stop()


@pytest.mark.parametrize("tools", INSTALLED, ids=[tools.parent.name for tools in INSTALLED])
def test_a_backup_holds_every_row_and_only_the_servers_account_may_read_it(
    tools: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    dump = tmp_path / "backups" / "mine.dump"
    with cluster(tools, page, restored=False) as url:
        database = open_database(url)
        database.migrate()
        central = Fleet(database, url)
        for vendor in (VENDOR, "অন্য ঘর"):
            shop = central.shop(vendor)
            _, [variant] = shop.product()
            shop.order(variant, customer=shop.customer())
            shop.push()
        central.office.write_notice("হাট", "কাল হাট নেই।")
        rows = {name: sorted(central.rows(name)) for name in metadata.tables}
        database.close()
        back_up(url, tmp_path, 0, dump)
    assert len(rows["operation"]) == 10
    assert [file.name for file in dump.parent.iterdir()] == [dump.name]
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    assert stat.S_IMODE(dump.parent.stat().st_mode) == 0o700
    with cluster(tools, page, restored=True) as url:
        restored(page, url, dump)
        database = open_database(url)
        assert database.is_current()
        assert {name: sorted(Fleet(database, url).rows(name)) for name in metadata.tables} == rows
        database.close()


def test_who_dumps_sees_every_row_of_every_guarded_table(postgres_server: postgres.Server) -> None:
    """A policy that hid rows from the office would leave them out of every backup, without a word."""
    name = postgres_server.migrated_name()
    with psycopg.connect(postgres_server.admin_url(name)) as connection:
        guarded = connection.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()
        whole = connection.execute(
            "SELECT tablename FROM pg_policies WHERE roles = '{hatkhata_office}' AND qual = 'true'"
            " AND cmd = 'ALL' AND permissive = 'PERMISSIVE'"
        ).fetchall()
        narrowing = connection.execute(
            "SELECT 1 FROM pg_policies WHERE permissive <> 'PERMISSIVE'"
        ).fetchall()
    assert guarded
    assert sorted(whole) == sorted(guarded)
    assert not narrowing
