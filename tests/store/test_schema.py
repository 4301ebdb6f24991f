"""The migrations make what the tables say, and the first schema is kept for ever."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from pos.store import migrate, search
from pos.store.file import APPLICATION_ID, SCHEMA
from pos.store.tables import RECORD_KINDS, metadata

if TYPE_CHECKING:
    from pathlib import Path


def _schema(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    finally:
        connection.close()
    return {name: re.sub(r"\s+", " ", sql).strip() for name, sql in rows if name != "alembic_version"}


def test_migrating_from_nothing_makes_exactly_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    migrate.create(tmp_path / "migrated.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in search.SEARCH_DDL:
            connection.exec_driver_sql(statement)
    engine.dispose()
    assert _schema(tmp_path / "migrated.db") == _schema(tmp_path / "declared.db")


def test_a_new_file_says_whose_it_is_and_of_which_schema(tmp_path: Path) -> None:
    migrate.create(tmp_path / "shop.db")
    connection = sqlite3.connect(tmp_path / "shop.db")
    try:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0004",)]
    finally:
        connection.close()


def test_every_table_is_strict_so_that_no_column_takes_what_it_does_not_say(tmp_path: Path) -> None:
    migrate.create(tmp_path / "shop.db")
    connection = sqlite3.connect(tmp_path / "shop.db")
    try:
        loose = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic%'"
        ).fetchall()
    finally:
        connection.close()
    assert loose == []


def test_a_sale_pays_for_no_index_on_the_log_but_its_keys(tmp_path: Path) -> None:
    """The others hold only what has a place at a server, or edits a record (bench: checkout)."""
    migrate.create(tmp_path / "shop.db")
    connection = sqlite3.connect(tmp_path / "shop.db")
    try:
        made = connection.execute("SELECT name, partial FROM pragma_index_list('op') WHERE origin = 'c'")
        assert dict(made.fetchall()) == {"op_by_seq": 1, "op_of_records": 1}
    finally:
        connection.close()
    assert not set(RECORD_KINDS) & {"customer.added", "order.confirmed"}
