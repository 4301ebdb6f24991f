"""Spreading the tables over nodes, as the keeper of the database does it: whole, once more, and begun by hand.

With HATKHATA_TEST_POSTGRES at a server that has Citus it is Citus that is asked. A PostgreSQL without it has functions
of those names, which refuse what Citus refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from pos.domain.times import FixedClock
from pos.server.distributing import distribute
from pos.server.engine import open_database
from pos.server.tables import GLOBAL_TABLES, VENDOR_TABLES, metadata
from tests.server.conftest import NOW, Central
from tests.server.test_citus_statements import busy_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.server.engine import Database
    from tests.server import postgres

# What Citus puts into a database, as far as `distribute` speaks to it, for a PostgreSQL that has none: it refuses a
# table whose keys do not all hold the column it is spread by, and one that a foreign key ties to a table not spread.
_CITUS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, by text);
GRANT ALL ON pg_dist_partition TO hatkhata_keeper;
CREATE FUNCTION spread(named regclass, col text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_constraint k WHERE k.conrelid = named AND k.contype IN ('p', 'u') AND col IS NOT NULL
      AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = named AND attname = col) = ANY (k.conkey)
  ) THEN RAISE EXCEPTION 'a key of % does not hold %', named, col; END IF;
  IF EXISTS (
    SELECT FROM pg_constraint k
      WHERE k.contype = 'f' AND named IN (k.conrelid, k.confrelid) AND k.conrelid <> k.confrelid AND NOT EXISTS (
        SELECT FROM pg_dist_partition d WHERE d.logicalrelid IN (k.conrelid, k.confrelid) AND d.by = col
      )
  ) THEN RAISE EXCEPTION '% is tied to a table that is not spread', named; END IF;
  INSERT INTO pg_dist_partition VALUES (named, col);
END $$;
CREATE FUNCTION create_reference_table(named regclass) RETURNS void LANGUAGE sql AS 'SELECT spread(named, NULL)';
CREATE FUNCTION create_distributed_table(named regclass, col text, colocate_with text DEFAULT 'default') RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  IF colocate_with <> 'default' AND NOT EXISTS (
    SELECT FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass
  ) THEN RAISE EXCEPTION '% is not spread', colocate_with; END IF;
  PERFORM spread(named, col);
END $$;
SET allow_system_table_mods = on;
INSERT INTO pg_extension
  SELECT (SELECT max(oid::int8) + 1 FROM pg_extension)::oid, 'citus', oid, 11, false, '13', NULL, NULL
  FROM pg_roles WHERE rolname = current_user;
"""


@pytest.fixture
def database(postgres_server: postgres.Server) -> Iterator[Database]:
    """A migrated database with Citus, or with what is like it."""
    name = postgres_server.migrated_name()
    with psycopg.connect(postgres_server.admin_url(name), autocommit=True) as admin:
        if admin.execute("SELECT FROM pg_available_extensions WHERE name = 'citus'").fetchone():
            admin.execute("CREATE EXTENSION citus")
        else:
            admin.execute(_CITUS)
    made = open_database(postgres_server.url(name))
    yield made
    made.close()


def constraints(database: Database) -> set[tuple[str, str, str]]:
    with database.owning() as connection:
        asked = (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype IN ('f', 'p', 'u')"
        )
        rows = connection.exec_driver_sql(asked)
        return {(table, name, means) for table, name, means in rows if table in metadata.tables}


def test_every_table_is_spread_once_and_keeps_its_keys(database: Database) -> None:
    before = constraints(database)
    assert distribute(database) == [table.name for table in (*GLOBAL_TABLES, *VENDOR_TABLES)]
    assert constraints(database) == before
    assert distribute(database) == []


def test_laptops_are_served_afterwards_as_before(database: Database) -> None:
    distribute(database)
    central = Central(database, "", FixedClock(NOW))
    busy_day(central)
    assert central.crashes == []


def test_what_was_spread_by_hand_is_left_and_the_rest_follows(database: Database) -> None:
    by_hand = GLOBAL_TABLES[1].name
    with database.owning() as connection:
        connection.exec_driver_sql(f"SELECT create_reference_table('{by_hand}')")
    assert distribute(database) == [
        table.name for table in (*GLOBAL_TABLES, *VENDOR_TABLES) if table.name != by_hand
    ]


def test_a_table_that_is_tied_to_one_in_one_place_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError), database.owning() as connection:
        connection.exec_driver_sql("SELECT create_distributed_table('device', 'vendor_id')")
    with database.owning() as connection:
        assert not connection.exec_driver_sql("SELECT FROM pg_dist_partition").first()
