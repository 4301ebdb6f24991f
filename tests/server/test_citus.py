"""Ready for many nodes (toolchain.md §5): every key begins with the vendor; statements are in a walk of their own."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

import pos.server
from pos.server.engine import open_database
from pos.server.tables import GLOBAL_TABLES, VENDOR_TABLES, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.server import postgres

_OF_VENDORS = {table.name for table in VENDOR_TABLES}


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


def test_no_default_of_a_column_is_made_by_the_database() -> None:
    for table in metadata.tables.values():
        assert isinstance(table, Table)
        assert not [column.name for column in table.columns if column.server_default is not None], table.name


def test_no_module_of_the_server_asks_the_database_for_time_or_chance() -> None:
    for path in Path(pos.server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"func.now", "func.random"}:
                raise AssertionError(path)
