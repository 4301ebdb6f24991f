"""Every statement that the server can send keeps to its vendor's rows, or is one that Citus takes to every node.

The walk is whole by construction: each place in the code that hands a statement to the database has to be heard in it.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
import sqlalchemy
from sqlalchemy import event

import pos.server
from pos.domain.times import FixedClock
from pos.protocol import codec
from pos.protocol.messages import CodeRequest, DevicesRequest, VerifyRequest, to_wire
from pos.server.accounts import Accounts
from pos.server.engine import open_database
from pos.server.held import Held
from pos.server.prepared import Prepared
from pos.server.tables import VENDOR_TABLES, metadata
from tests.server import test_lost_devices as lost
from tests.server.conftest import NOW, VENDOR, Central
from tests.server.laptop import pair_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from tests.server import postgres
    from tests.server.laptop import Laptop

SERVER: Final = Path(pos.server.__file__).parent
OF_VENDORS: Final = frozenset(table.name for table in VENDOR_TABLES)
UNSTABLE: Final = re.compile(
    r"\b(now|random|gen_random_uuid|clock_timestamp|uuid_generate\w*)\s*\(", re.IGNORECASE
)
# These run what others say, or speak to SQLite's file, or to the owner of the tables.
NOT_HERE: Final = frozenset({"engine", "prepared", "backup", "restore", "distributing"})

# What is asked of all vendors at once. Citus answers each from every node by itself: rows are joined and counted by the
# vendor alone, nothing is locked, and what is written is the same bound value for all.
ACROSS: Final = {
    "office.Office.vendors": "lists the vendors; joined and counted by the vendor, sorted where the answers meet",
    "office.Office.retry_all": "asks which vendors have something held; each of them is then judged by itself",
    "office.Office.new_epoch": "the database is another one for every vendor; one bound value for every row",
}


class Said(NamedTuple):
    """A statement, the function that said it, and the line there."""

    statement: str
    who: str
    line: int


def speaker() -> tuple[str, int]:
    """The innermost function of the server, past those that only run what others say."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.parent == SERVER and path.stem not in NOT_HERE:
            name = re.sub(r"\.<locals>\.<\w+>", "", frame.f_code.co_qualname)
            return f"{path.stem}.{name}", frame.f_lineno
        frame = frame.f_back
    return "", 0


@contextmanager
def listening() -> Iterator[list[Said]]:
    """Hears all that is said to any database meanwhile, except by the tests themselves."""
    said: list[Said] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        who, line = speaker()
        if who and not statement.startswith(("SET", "SAVEPOINT", "RELEASE")):
            said.append(Said(re.sub(r"\s+", " ", statement).strip(), who, line))

    event.listen(sqlalchemy.Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(sqlalchemy.Engine, "before_cursor_execute", hear)


def busy_day(central: Central) -> None:
    """Two laptops sell, edit, cancel, erase, fall back, relay and verify."""
    shop = central.shop()
    product, [variant] = shop.product()
    made = shop.log[-1]
    customer = shop.customer()
    order = shop.order(variant, customer=customer)
    shop.push()
    shop.push()
    shop.edit("product", product.bytes, {"price": 1}, made)
    shop.edit("variant", variant.bytes, {"size": "L"}, made)
    shop.step("order.packed", order)
    shop.cancel(order, variant)
    waits = shop.order(shop.device)
    shop.step("order.packed", waits)
    shop.record("customer.erased", "customer", customer.bytes, shop.by({"orders": [order.hex]}))
    shop.push()
    shop.exchange(max_rows=1)
    shop.cursors = {"v": 0, "h": 0, "g": 0}
    shop.exchange(max_rows=2, stock=True)
    shop.cursors = {"v": 0, "h": 0, "g": 0}
    shop.exchange(relay=[to_wire(shop.log[0], device=shop.device)], stock=True)
    shop.verify(VerifyRequest("v", 100, fetch=[made.op_id.hex], list_buckets=[1]))
    other = shop.rekey(3)
    other.log = other.log[:3]
    other.stock(variant, 5)
    other.exchange(other.log[3:])
    shop.cursors = {"v": 1_000_000, "h": 0, "g": 0}
    shop.exchange()  # it has seen more than there is


def devices_come_and_go(central: Central) -> None:
    """Two write a price without knowing of each other; codes are wrong and right; one is shut out and comes back."""
    shop = central.shop()
    product, [variant] = shop.product()
    made = shop.log[-1]
    shop.push()
    second = central.second(shop)
    for laptop, price in ((shop, 1), (second, 2)):
        laptop.edit("product", product.bytes, {"price": price}, made)
        laptop.push()
    code = central.office.pairing_code(VENDOR).code
    wrong = code[:4] + ("2222" if code[4:] != "2222" else "3333")
    for tried in (wrong, "22222222"):
        assert central.desk.pair(codec.encode(pair_request(tried)), "zstd").status == 403
    central.desk.new_code(shop.token, codec.encode(CodeRequest()))
    central.desk.list_devices(shop.token, codec.encode(DevicesRequest(second.device.hex)))
    second.order(variant)
    second.push()
    held = Held(central.office)
    assert held.listed(VENDOR)
    assert held.accept(VENDOR, "B") > 0
    central.office.retry(VENDOR)
    ticket = central.office.pairing_code(VENDOR).code
    again = pair_request(ticket, device=second.device.hex, device_code="B", sold=True)
    assert central.desk.pair(codec.encode(again), "zstd").status == 200
    central.office.revoke(VENDOR, "B")


def the_office(central: Central) -> None:
    """What an organiser does by command and API."""
    office = central.office
    shop = central.shop()
    shop.step("order.packed", shop.device)
    shop.push()
    office.vendor("অন্য দোকান")
    office.vendors()
    office.devices(VENDOR)
    office.retry_all()
    day = dt.date(2026, 12, 1)
    office.add_hat(day, opens_min=600)
    office.cancel_hat(day, "ঝড়")
    office.hats()
    written = office.write_notice("খবর", "আছে")
    office.notices()
    shop.exchange()
    office.withdraw_notice(written.notice_id)
    office.clear_hat(day)
    office.new_epoch()
    accounts = Accounts(office)
    secret = accounts.add("rashida", "keeper")
    assert accounts.check("rashida", secret) == "keeper"
    accounts.reset("rashida")
    accounts.close("rashida")
    accounts.all()


def set_back(told: Callable[[Central, Laptop], None]) -> Callable[[Central], None]:
    """A server that was set back hears of laptops that it does not know, as another test tells it."""

    def scene(central: Central) -> None:
        shop = central.shop()
        shop.product()
        shop.push()
        told(central, shop)

    return scene


SCENES: Final = (
    busy_day,
    devices_come_and_go,
    the_office,
    set_back(lost.test_its_code_may_come_later_than_its_orders),
    set_back(lost.test_what_its_author_has_lost_as_well_is_one_device_more_however_it_comes),
)


@pytest.fixture(scope="module")
def said(postgres_server: postgres.Server) -> list[Said]:
    """All that PostgreSQL is told in these scenes, each on a database of its own."""
    heard: list[Said] = []
    for scene in SCENES:
        url = postgres_server.migrated()
        database = open_database(url)
        central = Central(database, url, FixedClock(NOW))
        try:
            with listening() as more:
                scene(central)
        finally:
            database.close()
        assert not central.crashes, central.crashes
        heard += more
    return heard


class Place(NamedTuple):
    """A place in the code that hands a statement over: its module and lines, and the text if that stands there."""

    module: str
    first: int
    last: int
    literal: str | None


def places() -> list[Place]:
    """Every such place of the server."""
    found = []
    for path in sorted(SERVER.glob("*.py")):
        if path.stem in NOT_HERE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                (
                    "connection.execute",
                    "connection.exec_driver_sql",
                    "connection.scalar",
                    "connection.scalars",
                )
            ):
                text = node.args[0]
                literal = str(text.value) if isinstance(text, ast.Constant) else None
                found.append(Place(path.stem, node.lineno, node.end_lineno or node.lineno, literal))
    return found


def test_the_walk_hears_every_place_that_asks_the_database(said: list[Said]) -> None:
    heard = {(one.who.partition(".")[0], one.line) for one in said}
    all_places = places()
    assert len(all_places) > 40
    unheard = [
        f"{place.module}.py:{place.first}"
        for place in all_places
        if place.literal is None
        and not any((place.module, line) in heard for line in range(place.first, place.last + 1))
    ]
    assert unheard == [], unheard


def test_every_statement_names_the_vendor_or_is_known_to_ask_them_all(said: list[Said]) -> None:
    prepared = [Said(re.sub(r"\s+", " ", one.text("postgresql")), "prepared", 0) for one in Prepared.every]
    literal = [
        Said(place.literal, place.module, place.first) for place in places() if place.literal is not None
    ]
    assert len(prepared) > 20
    wrong = {
        f"{one.who}: {fault}: {one.statement}"
        for one in (*said, *prepared, *literal)
        if one.who not in ACROSS
        for fault in faults_of(one.statement)
    }
    assert wrong == set()


def test_what_asks_all_vendors_does_it_by_the_vendor_and_locks_nothing(said: list[Said]) -> None:
    asked = {(one.who, one.statement) for one in said if one.who in ACROSS and any(faults_of(one.statement))}
    assert {who for who, _ in asked} == set(ACROSS), "each of them is needed"
    for who, statement in asked:
        assert not UNSTABLE.search(statement), who
        assert "FOR UPDATE" not in statement, who
        for grouped in re.findall(r"GROUP BY ([\w.]+)", statement):
            assert grouped.endswith(".vendor_id"), who
        for joined in re.findall(r"JOIN .+? ON ([\w.]+ = [\w.]+)", statement):
            assert re.fullmatch(r"\w+\.vendor_id = \w+\.vendor_id", joined), who


def faults_of(statement: str) -> Iterator[str]:
    """What Citus would not take, or would have to ask every node for."""
    if UNSTABLE.search(statement):
        yield "the database makes a value"
    for table in sorted(tables_in(statement) & OF_VENDORS):
        if statement.startswith("INSERT"):
            if not re.search(rf"INSERT INTO {table} \(vendor_id,", statement):
                yield f"{table} is written without the vendor in front"
        elif not re.search(rf"{table}\.vendor_id = ", statement):
            yield f"{table} is not asked for one vendor"


def tables_in(statement: str) -> set[str]:
    """The tables that a statement reads or writes."""
    return {
        name
        for name in metadata.tables
        if re.search(rf"\b(FROM (\w+, )*|JOIN |UPDATE |INTO ){name}\b", statement)
    }
