"""No vendor reads, changes, counts or notices another's rows; another's identities answer like random ones."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
import pytest
import sqlalchemy.exc

from pos.domain.ids import uuid7
from pos.protocol import codec
from pos.protocol.messages import RekeyRequest, VerifyRequest, to_wire
from pos.protocol.operations import hash_of
from pos.server.engine import NOBODY, open_database
from pos.server.tables import GLOBAL_TABLES, VENDOR_TABLES
from tests.server.conftest import Central
from tests.server.laptop import Laptop, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tests.server import postgres

OTHER = "অন্য ঘর"


def filled(central: Central, vendor: str) -> tuple[Laptop, UUID, UUID, UUID, UUID]:
    """A vendor's shop with its variant, buyer, order and product."""
    shop = central.shop(vendor)
    product, [variant] = shop.product()
    customer = shop.customer()
    order = shop.order(variant, customer=customer)
    assert set(statuses(shop.push())) == {"ok"}
    return shop, variant, customer, order, product


def test_ids_of_another_vendor_answer_like_ids_of_nobody(central: Central) -> None:
    mine, *_ = filled(central, "রূপকথা ঘর")
    theirs, variant, customer, order, product = filled(central, OTHER)
    before = everything(central)
    random = [uuid7(central.clock.now_ms()) for _ in range(4)]
    asked = []
    for a_variant, a_customer, an_order, a_product in ((variant, customer, order, product), tuple(random)):
        begin = len(mine.log)
        mine.order(a_variant)
        mine.stock(a_variant, 1000)
        mine.step("order.packed", an_order)
        mine.cancel(an_order, a_variant)
        mine.edit("product", a_product.bytes, {"price": 1}, None)
        mine.edit("variant", a_variant.bytes, {"size": "L"}, None)
        body = mine.by({"orders": [an_order.hex]})
        mine.record("customer.erased", "customer", a_customer.bytes, body)
        asked.append(statuses(mine.exchange(mine.log[begin:])))
    assert asked[0] == asked[1]
    assert {row for row in everything(central) if row[0] == theirs.vendor.hex} == {
        row for row in before if row[0] == theirs.vendor.hex
    }


def test_an_operation_of_another_vendor_is_as_new_as_any(central: Central) -> None:
    theirs, *_ = filled(central, OTHER)
    mine = central.laptop()
    mine.log = list(theirs.log)
    assert statuses(mine.exchange(mine.log)) == ["ok"] * 5
    assert len(central.rows("sale")) == 2


def test_verify_and_rekey_and_relay_know_nothing_of_another_vendor(central: Central) -> None:
    mine, *_ = filled(central, "রূপকথা ঘর")
    theirs, *_ = filled(central, OTHER)
    foreign, nobody = theirs.log[2].op_id.hex, uuid7(1).hex
    answers = [mine.verify(VerifyRequest("v", 10**9, fetch=[one])) for one in (foreign, nobody)]
    assert answers[0] == answers[1]
    assert len(mine.verify(VerifyRequest("v", 10**9, list_buckets=list(range(256)))).listed) == 4
    for digest in (theirs.log[4].hash, b"x" * 32):
        answer = mine.desk.rekey(mine.token, codec.encode(RekeyRequest(5, digest.hex(), "m")))
        assert (answer.status, answer.body) == (
            409,
            b'{"error":"log_parts_earlier","params":{"at":5}}',
        )
    theirs.setting("shop.name", "ক")
    for device in (theirs.device, uuid7(1)):
        reply = mine.exchange(relay=[to_wire(theirs.log[5], device=device)])
        assert reply.results == []
    assert theirs.ask(theirs.request(first=6)).need is None
    assert theirs.exchange(first=6).last_n == 5


def everything(central: Central) -> set[tuple[str, str]]:
    """Every row of every vendor's table, with whose it is."""
    found = set()
    for table in VENDOR_TABLES:
        for row in central.rows(table.name):
            vendor = row[0].hex() if isinstance(row[0], bytes) else row[0].hex
            found.add((vendor, f"{table.name} {row!r}"))
    return found


# ---- what the database itself sees to, whatever the program does -----------------------------------------


@pytest.fixture
def guarded(postgres_server: postgres.Server) -> Iterator[tuple[Central, str]]:
    """Two vendors on PostgreSQL, and the database's name."""
    url = postgres_server.migrated()
    database = open_database(url)
    central = Central(database, url)
    filled(central, "রূপকথা ঘর")
    filled(central, OTHER)
    yield central, postgres_server.admin_url(url.partition("?")[0].rpartition("/")[2])
    database.close()


def test_a_transaction_sees_the_vendor_it_names_and_nobody_else(guarded: tuple[Central, str]) -> None:
    central, _ = guarded
    mine, theirs = (view.vendor_id for view in central.office.vendors())
    for table in VENDOR_TABLES:
        with central.database.read(mine) as connection:
            seen = {row[0] for row in connection.exec_driver_sql(f"SELECT vendor_id FROM {table.name}")}
        assert seen <= {mine}, table.name
        with central.database.read(NOBODY) as connection:
            assert not connection.exec_driver_sql(f"SELECT 1 FROM {table.name}").all(), table.name
    assert central.rows("sale", "count(*)") == [(2,)]
    with central.database.write(mine) as connection:
        changed = connection.exec_driver_sql("UPDATE stock SET on_hand = 0 WHERE vendor_id = %s", (theirs,))
        assert changed.rowcount == 0
        assert connection.exec_driver_sql("DELETE FROM sale").rowcount == 1
    assert central.rows("sale", "vendor_id") == [(theirs,)]


def test_a_transaction_cannot_write_a_row_of_another_vendor(guarded: tuple[Central, str]) -> None:
    central, _ = guarded
    mine, theirs = (view.vendor_id for view in central.office.vendors())
    add = "INSERT INTO erased (vendor_id, agg_id) VALUES (%s, 'x')"
    with pytest.raises(sqlalchemy.exc.ProgrammingError), central.database.write(mine) as connection:
        connection.exec_driver_sql(add, (theirs,))
    move = "UPDATE stock SET vendor_id = %s"
    with pytest.raises(sqlalchemy.exc.ProgrammingError), central.database.write(mine) as connection:
        connection.exec_driver_sql(move, (theirs,))


def test_the_role_of_the_devices_owns_nothing_and_cannot_pass_by(guarded: tuple[Central, str]) -> None:
    _, admin = guarded
    with admin_connection(admin) as connection:
        role = connection.exec_driver_sql(
            "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'hatkhata_app'"
        ).one()
        assert tuple(role) == (False, False, False)
        owned = "SELECT count(*) FROM pg_class WHERE relowner = 'hatkhata_app'::regrole"
        assert connection.exec_driver_sql(owned).scalar() == 0
        may = "SELECT has_table_privilege('hatkhata_app', %s, 'SELECT, INSERT, UPDATE, DELETE')"
        kept = {table.name for table in GLOBAL_TABLES} - {"pairing"}
        writes = "SELECT has_table_privilege('hatkhata_app', %s, 'INSERT, UPDATE, DELETE')"
        assert not [name for name in kept if connection.exec_driver_sql(writes, (name,)).scalar()]
        assert all(connection.exec_driver_sql(may, (table.name,)).scalar() for table in VENDOR_TABLES)


def test_no_table_of_vendors_lacks_its_guard(guarded: tuple[Central, str]) -> None:
    _, admin = guarded
    with admin_connection(admin) as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL"
            "         AND p.polwithcheck IS NOT NULL AND 'hatkhata_app'::regrole = ANY (p.polroles))"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'vendor_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        ).all()
    guarded_tables = {row[0] for row in rows if row[1] and row[2]}
    assert guarded_tables == {table.name for table in VENDOR_TABLES}
    # The register and the open pairing codes are the server's own: they say whose a row is, not what is in it.
    assert {row[0] for row in rows} - guarded_tables == {"vendor", "pairing"}


@contextlib.contextmanager
def admin_connection(url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_forged_operation_that_claims_another_vendor_stays_in_its_own(central: Central) -> None:
    mine = central.shop()
    theirs, *_ = filled(central, OTHER)
    op = mine.log[0]
    body = op.body.replace(mine.vendor.hex.encode(), theirs.vendor.hex.encode())
    forged = msgspec.structs.replace(op, body=body)
    mine.log[0] = msgspec.structs.replace(forged, hash=hash_of(forged))
    second = msgspec.structs.replace(mine.log[1], prev_hash=mine.log[0].hash)
    mine.log[1] = msgspec.structs.replace(second, hash=hash_of(second))
    assert statuses(mine.push()) == ["ok", "ok"]
    assert theirs.exchange().changes == {}
