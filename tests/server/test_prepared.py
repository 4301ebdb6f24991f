"""Statements that run on the driver: on both databases they say what Core says."""

from __future__ import annotations

import sqlite3
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, insert, select, update

from pos.server.engine import environment_failed
from pos.server.prepared import Prepared, driver, stored
from pos.server.tables import stock

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.server.conftest import Central

ADD = Prepared(insert(stock))
SOME = Prepared(
    select(stock.c.variant_id, stock.c.on_hand, stock.c.made_by)
    .where(stock.c.vendor_id == bindparam("vid"), stock.c.variant_id.in_(bindparam("ids", expanding=True)))
    .order_by(stock.c.variant_id)
)
BY_MAKER = Prepared(
    select(stock.c.variant_id).where(
        stock.c.vendor_id == bindparam("vid"), stock.c.made_by.in_(bindparam("ids", expanding=True))
    ),
    lists_of="uuid",
)
NONE_LEFT = Prepared(
    select(stock.c.variant_id).where(stock.c.vendor_id == bindparam("vid"), stock.c.on_hand == 0).limit(1)
)
EMPTY = Prepared(
    update(stock)
    .where(stock.c.vendor_id == bindparam("vid"), stock.c.variant_id.in_(bindparam("ids", expanding=True)))
    .values(on_hand=0)
)
VENDOR = uuid.UUID(int=7)
MAKER = uuid.UUID(int=9)


def filled(connection: Connection, count: int) -> list[bytes]:
    """So many rows of stock, put in at one go."""
    own = stored(connection)
    made = [number.to_bytes(16) for number in range(count)]
    ADD.add(connection, [(own(VENDOR), one, number, own(MAKER)) for number, one in enumerate(made)])
    return made


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 99, 100, 101, 700, 8193, 16_385, 33_000])
def test_a_list_may_have_any_length(central: Central, count: int) -> None:
    with central.database.write(VENDOR) as connection:
        if central.database.dialect == "sqlite":  # whatever this build of it allows
            driver(connection).setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)
        made = filled(connection, count)
        found = SOME.rows(connection, vid=VENDOR, ids=made)
        assert [tuple(row) for row in found] == [(one, number, MAKER) for number, one in enumerate(made)]
        assert SOME.rows(connection, vid=uuid.UUID(int=8), ids=made) == []
        assert SOME.rows(connection, vid=VENDOR, ids=[]) == []
        assert SOME.first(connection, vid=VENDOR, ids=[b"none", *made]) == (found[0] if found else None)
        assert len(SOME.rows(connection, vid=VENDOR, ids=[*made, *made])) == count


def test_what_is_written_by_a_list_is_written_for_all_of_it(central: Central) -> None:
    with central.database.write(VENDOR) as connection:
        made = filled(connection, 20_000)
        EMPTY.run(connection, vid=VENDOR, ids=[made[0], *made])
    assert central.rows("stock", "count(*)", "on_hand = 0") == [(20_000,)]


def test_identities_come_and_go_as_such(central: Central) -> None:
    with central.database.write(VENDOR) as connection:
        made = filled(connection, 3)
        assert [row.variant_id for row in BY_MAKER.rows(connection, vid=VENDOR, ids=[MAKER])] == made
        assert BY_MAKER.rows(connection, vid=VENDOR, ids=[VENDOR]) == []
        assert SOME.first(connection, vid=VENDOR, ids=made[2:]).made_by == MAKER
        assert SOME.scalar(connection, vid=VENDOR, ids=made[2:]) == made[2]
        assert SOME.scalar(connection, vid=VENDOR, ids=[b"none"]) is None


def test_constants_stand_in_the_statement(central: Central) -> None:
    with central.database.write(VENDOR) as connection:
        made = filled(connection, 2)
        assert NONE_LEFT.first(connection, vid=VENDOR).variant_id == made[0]


def test_many_rows_in_one_transaction_do_not_mix(central: Central) -> None:
    with central.database.write(VENDOR) as connection:
        own = stored(connection)
        for start in (0, 200, 400):
            ADD.add(
                connection,
                [(own(VENDOR), number.to_bytes(16), 1, own(MAKER)) for number in range(start, start + 200)],
            )
    assert central.rows("stock", "count(*)") == [(600,)]


@pytest.mark.parametrize("count", [3, 300])
def test_a_row_that_is_there_already_undoes_them_all(central: Central, count: int) -> None:
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        fill_twice(central, count)
    assert not environment_failed(caught.value)
    assert central.rows("stock") == []


def fill_twice(central: Central, count: int) -> None:
    with central.database.write(VENDOR) as connection:
        filled(connection, count)
        filled(connection, count)


def test_nobody_puts_rows_in_for_another_vendor(central: Central) -> None:
    if central.database.dialect == "sqlite":
        return  # one file, and no roles in it
    for count in (3, 300):
        with (
            pytest.raises(Exception, match="row-level security"),
            central.database.write(uuid.UUID(int=8)) as connection,
        ):
            filled(connection, count)
