"""Statements that skip SQLAlchemy's own way to the driver say and give the same as those that take it."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, insert, select

from pos.errors import BugError
from pos.store import tables as t
from pos.store.engine import make_engine
from pos.store.file import faults_told
from pos.store.prepared import Prepared, data_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

_ADD = Prepared(insert(t.hat_day), "source", "hat_on", "kind")
_ON = Prepared(select(t.hat_day).where(t.hat_day.c.hat_on == bindparam("day")))
_FIRST_TWO = Prepared(select(t.hat_day.c.hat_on).order_by(t.hat_day.c.hat_on).limit(2))
_DAY = dt.date(2026, 11, 24)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    path = tmp_path / "some.db"
    sqlite3.connect(path).close()
    engine = make_engine(path, writer=True)
    with engine.begin() as opened:
        t.metadata.create_all(opened)
        yield opened
    engine.dispose()


def day(on: dt.date, kind: str = "added") -> dict[str, str]:
    return {"source": "vendor", "hat_on": on.isoformat(), "kind": kind}


def test_rows_come_back_with_the_types_and_names_of_their_columns(connection: Connection) -> None:
    _ADD.run(connection, day(_DAY))
    row = _ON.first(connection, day=_DAY.isoformat())
    ordinary = connection.execute(select(t.hat_day).where(t.hat_day.c.hat_on == _DAY)).one()
    assert tuple(row) == tuple(ordinary)
    assert row._fields == tuple(ordinary._fields)
    assert row.hat_on == _DAY


def test_ids_are_handed_over_as_bytes_and_come_back_as_ids(connection: Connection) -> None:
    some = uuid.uuid4()
    Prepared(insert(t.device), "id", "code").run(connection, {"id": some.bytes, "code": "A"})
    assert Prepared(select(t.device.c.id)).scalar(connection) == some


def test_columns_that_are_not_named_keep_their_default(connection: Connection) -> None:
    _ADD.run(connection, day(_DAY))
    assert _ON.first(connection, day=_DAY.isoformat()).fv == "{}"


def test_many_rows_or_none_go_in_at_once_and_a_limit_holds(connection: Connection) -> None:
    _ADD.run_all(connection, [])
    assert _FIRST_TWO.rows(connection) == []
    assert _FIRST_TWO.scalar(connection) is None
    _ADD.run_all(connection, [day(_DAY + dt.timedelta(n)) for n in range(5)])
    assert [row.hat_on for row in _FIRST_TWO.rows(connection)] == [_DAY, _DAY + dt.timedelta(1)]


def test_constants_stand_in_the_text_so_that_a_partial_index_needs_no_new_plan(
    connection: Connection,
) -> None:
    _ADD.run_all(
        connection,
        [{"source": "vendor", "hat_on": day, "kind": "added"} for day in ("2026-11-24", "2026-11-25")],
    )
    named = Prepared(
        select(t.hat_day.c.kind).where(
            t.hat_day.c.source == "vendor",
            t.hat_day.c.hat_on == bindparam("day"),
            t.hat_day.c.source != "it's ?",
        )
    )
    assert named.scalar(connection, day="2026-11-24") == "added"
    assert named.scalar(connection, day="2026-11-26") is None
    said: list[str] = []
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(said.append)
    live = Prepared(
        select(t.variant.c.id).where(t.variant.c.sku == bindparam("code"), t.variant.c.archived.is_(False))
    )
    live.rows(connection, code="P1")
    assert [line.endswith("variant.archived IS 0") for line in said] == [True]


def test_a_row_without_one_of_its_values_is_refused_before_sqlite_sees_it(connection: Connection) -> None:
    with pytest.raises(KeyError):
        _ADD.run(connection, {"source": "vendor", "hat_on": _DAY.isoformat()})


def test_what_the_tables_forbid_is_told_like_any_other_fault(connection: Connection) -> None:
    with pytest.raises(BugError), faults_told():
        _ADD.run(connection, day(_DAY, kind="moved"))


def test_a_list_of_unknown_length_is_refused(connection: Connection) -> None:
    listed = Prepared(select(t.device).where(t.device.c.code.in_(bindparam("codes", expanding=True))))
    with pytest.raises(AssertionError):
        listed.rows(connection, codes=["A"])


def test_the_version_moves_when_somebody_else_has_written(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    sqlite3.connect(path).close()
    ours, theirs = make_engine(path, writer=True), make_engine(path, writer=True)
    with theirs.begin() as other:
        t.metadata.create_all(other)
    with ours.connect() as connection:
        with connection.begin():
            before = data_version(connection)
            _ADD.run(connection, day(_DAY))
        with connection.begin():
            assert data_version(connection) == before
        with theirs.begin() as other:
            _ADD.run(other, day(_DAY + dt.timedelta(1)))
        with connection.begin():
            assert data_version(connection) != before
    ours.dispose()
    theirs.dispose()
