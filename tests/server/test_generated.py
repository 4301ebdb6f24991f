"""Schemathesis asks every route what it does not expect: no 5xx, and no answer that the description does not know."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pos.domain.times import FixedClock
from pos.log import EventLog
from pos.server.app import make_app
from pos.server.engine import open_database
from pos.server.limits import Allowance, Buckets, Limits
from tests.server.conftest import Central

if TYPE_CHECKING:
    from pathlib import Path

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
)  # fmt: skip
PLENTY = Limits(Buckets(Allowance(1e9, 1e9)), Buckets(Allowance(1e9, 1e9)), 1 << 40)


@pytest.fixture
def described(migrated: Path, tmp_path: Path) -> Any:
    """The schema of an application with a paired shop, whose token every request shows."""
    path = tmp_path / "server.db"
    path.write_bytes(migrated.read_bytes())
    database = open_database(f"sqlite:///{path}")
    clock = FixedClock(dt.datetime(2026, 11, 24, 17, 46))
    central = Central(database, "", clock)
    shop = central.shop()
    shop.push()
    app = make_app(database, clock, EventLog(tmp_path / "logs"), limits=PLENTY)
    app.state.serving.desk._crashed = central.crashes.append
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    schema.config.update(headers={"Authorization": f"Bearer {shop.token}"})
    yield schema
    database.close()
    assert not central.crashes


def test_no_request_makes_a_route_fail_or_answer_in_another_form(described: Any) -> None:
    asked, refused = set(), set()
    for found in described.get_all_operations():
        operation = found.ok()
        asked.add(operation.path)

        @settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None, database=None)
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
        def expected(case: Any) -> None:
            case.call_and_validate(checks=list(CHECKS))

        @settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None, database=None)
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
        def unexpected(case: Any) -> None:
            case.call_and_validate(checks=list(CHECKS))

        expected()
        if operation.method.upper() == "POST":
            with contextlib.suppress(Unsatisfiable):  # of some nothing is asked that could be wrong
                unexpected()
                refused.add(operation.path)
    assert {"/sync/v1/exchange", "/sync/v1/verify", "/devices/pair", "/devices/rekey"} <= asked & refused
