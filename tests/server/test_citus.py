"""Ready for many nodes (toolchain.md §5): every key and every statement begins with the vendor."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, event

import pos.server
from pos.domain.times import FixedClock
from pos.protocol.messages import VerifyRequest, to_wire
from pos.server.engine import open_database
from pos.server.prepared import Prepared
from pos.server.tables import GLOBAL_TABLES, VENDOR_TABLES, metadata
from tests.server.conftest import NOW, Central

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.server import postgres

_OF_VENDORS = {table.name for table in VENDOR_TABLES}
_UNSTABLE = re.compile(r"\b(now|random|gen_random_uuid|clock_timestamp|uuid_generate\w*)\s*\(", re.IGNORECASE)


def first_column(columns: Iterable[Any]) -> str:
    return str(next(iter(columns)).name)


def test_every_table_is_either_a_vendors_or_everybodys() -> None:
    assert set(metadata.tables) == _OF_VENDORS | {table.name for table in GLOBAL_TABLES}
    assert not _OF_VENDORS & {table.name for table in GLOBAL_TABLES}


def test_every_key_of_a_vendors_table_begins_with_the_vendor() -> None:
    for table in VENDOR_TABLES:
        assert first_column(table.primary_key.columns) == "vendor_id", table.name
        for index in table.indexes:
            assert first_column(index.columns) == "vendor_id", index.name
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                assert first_column(constraint.columns) == "vendor_id", constraint.name
            if isinstance(constraint, ForeignKeyConstraint):
                assert constraint.column_keys[0] == "vendor_id", constraint.name
                assert constraint.elements[0].target_fullname.endswith(".vendor_id"), constraint.name
                assert constraint.referred_table.name in _OF_VENDORS, constraint.name


def test_every_constraint_has_a_name() -> None:
    for table in metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name


def test_the_tables_are_those_that_the_migrations_make(postgres_server: postgres.Server) -> None:
    for url in ("sqlite://", postgres_server.migrated()):
        database = open_database(url)
        if url == "sqlite://":
            database.migrate()
        with database.read() as connection:
            found = sqlalchemy.inspect(connection)
            assert set(found.get_table_names()) - {"alembic_version"} == set(metadata.tables)
            for name, table in metadata.tables.items():
                assert shape_of(found.get_columns(name)) == {
                    column.name: column.nullable for column in table.columns
                }, name
                assert found.get_pk_constraint(name)["constrained_columns"] == [
                    column.name for column in table.primary_key.columns
                ]
                assert {str(index["name"]) for index in found.get_indexes(name) if not index["unique"]} == {
                    str(index.name) for index in table.indexes
                }, name
                assert {tuple(each["column_names"]) for each in found.get_unique_constraints(name)} == {
                    tuple(column.name for column in each.columns)
                    for each in table.constraints
                    if isinstance(each, UniqueConstraint)
                }, name
        database.close()


def shape_of(columns: Iterable[Any]) -> dict[str, bool]:
    return {str(column["name"]): bool(column["nullable"]) for column in columns}


def test_no_trigger_and_no_foreign_key_leaves_the_vendor(postgres_server: postgres.Server) -> None:
    database = open_database(postgres_server.migrated())
    with database.read() as connection:
        triggers = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
        ).scalar()
    database.close()
    assert triggers == 0


def test_every_statement_that_serves_a_device_names_the_vendor(postgres_server: postgres.Server) -> None:
    said = spoken_by(postgres_server.migrated())
    assert len(said) > 5
    prepared = [re.sub(r"\s+", " ", one.text("postgresql")) for one in Prepared.every]
    assert len(prepared) > 20
    for statement in (*said, *prepared):
        assert not _UNSTABLE.search(statement), statement
        for table in tables_in(statement):
            if table not in _OF_VENDORS:
                continue
            if statement.startswith("INSERT"):
                assert re.search(rf"INSERT INTO {table} \(vendor_id,", statement), statement
            else:
                assert re.search(rf"{table}\.vendor_id = ", statement), statement


def spoken_by(url: str) -> set[str]:
    """Every statement that a busy day of two laptops makes."""
    database = open_database(url)
    central = Central(database, url, FixedClock(NOW))
    said: set[str] = set()
    shop = central.shop()

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.add(re.sub(r"\s+", " ", statement).strip())

    laptop = central.laptop
    code = central.office.pairing_code("রূপকথা ঘর")
    event.listen(sqlalchemy.Engine, "before_cursor_execute", hear)
    try:
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
        central.office.retry_held(shop.vendor)
        event.remove(sqlalchemy.Engine, "before_cursor_execute", hear)
        assert laptop().code == "C"
        assert code.code
    finally:
        if event.contains(sqlalchemy.Engine, "before_cursor_execute", hear):
            event.remove(sqlalchemy.Engine, "before_cursor_execute", hear)
        database.close()
    assert not central.crashes, central.crashes
    return {statement for statement in said if not statement.startswith(("SET", "SAVEPOINT", "RELEASE"))}


def tables_in(statement: str) -> set[str]:
    """The tables that a statement reads or writes."""
    return {name for name in metadata.tables if re.search(rf"\b(FROM|JOIN|UPDATE|INTO) {name}\b", statement)}


def test_no_default_of_a_column_is_made_by_the_database() -> None:
    for table in metadata.tables.values():
        assert isinstance(table, Table)
        assert not [column.name for column in table.columns if column.server_default is not None], table.name


def test_no_module_of_the_server_asks_the_database_for_time_or_chance() -> None:
    for path in Path(pos.server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"func.now", "func.random"}:
                raise AssertionError(path)
