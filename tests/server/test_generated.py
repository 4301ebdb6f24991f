"""Schemathesis asks every route what fits and what does not: no 5xx, no answer that the description does not know."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pos.domain.times import FixedClock
from pos.log import EventLog
from pos.protocol.operations import GENESIS
from pos.server.accounts import Accounts
from pos.server.app import make_app
from pos.server.engine import open_database
from pos.server.limits import Allowance, Buckets, Limits
from pos.server.openapi import description
from tests.server.conftest import VENDOR, Central

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from tests.server.laptop import Laptop

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
)  # fmt: skip
PLENTY = Buckets(Allowance(1e9, 1e9))
PASSWORD = "twelve letters and more"
Case = Any  # schemathesis.Case: a request, with its body and the values in its path


@dataclass
class World:
    """An application with a paired shop and an organiser, and what was answered by it."""

    app: FastAPI
    central: Central
    shop: Laptop
    answered: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @functools.cached_property
    def routes(self) -> dict[str, Any]:
        """The routes that the description knows, by method and path."""
        paths = description(self.app)["paths"]
        return {
            f"{method.upper()} {path}": one for path, each in paths.items() for method, one in each.items()
        }

    def ask(self, case: Case) -> int:
        """Send a request as whom its route wants to hear, and look at the answer; its status."""
        named = name_of(case.operation)
        basic = base64.b64encode(f"রাশিদা:{PASSWORD}".encode()).decode()
        known = {"device": f"Bearer {self.shop.token}", "organiser": f"Basic {basic}"}
        for scheme in self.routes[named].get("security", ()):
            case.headers = {**(case.headers or {}), "Authorization": known[next(iter(scheme))]}
        status: int = case.call_and_validate(checks=list(CHECKS)).status_code
        self.answered[named].add(status)
        return status


def name_of(operation: Any) -> str:
    """An operation's method and path."""
    return f"{operation.method.upper()} {operation.path}"


@pytest.fixture
def world(migrated: Path, tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "server.db"
    path.write_bytes(migrated.read_bytes())
    database = open_database(f"sqlite:///{path}")
    clock = FixedClock(dt.datetime(2026, 11, 24, 17, 46))
    central = Central(database, "", clock)
    shop = central.shop()
    shop.push()
    Accounts(central.office).add("রাশিদা", "organiser", PASSWORD)
    log = EventLog(tmp_path / "logs")
    app = make_app(
        database,
        clock,
        log,
        limits=Limits(PLENTY, PLENTY, 1 << 40, PLENTY),
        behind_proxy=True,
    )
    app.state.serving.desk._crashed = central.crashes.append
    app.state.serving.organisers._crashed = central.crashes.append
    yield World(app, central, shop)
    log.close()
    database.close()
    assert not central.crashes


# ---- what fits -------------------------------------------------------------------------------------------


def _exchange(world: World, body: dict[str, Any], at: int) -> dict[str, Any]:
    """What a laptop of today says; with every second one an operation that it has written since."""
    if at % 2:
        world.shop.setting("shop.name", f"ঘর {at}")
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(world.shop.request(world.shop.log[1:])))
    keep = {name: body[name] for name in ("app", "schema", "waiting", "now_ms", "stock") if name in body}
    return told | keep


def _notice(world: World) -> str:
    return world.central.office.write_notice("খবর", "কাল হাট আছে।").notice_id.hex


def _day(at: int) -> str:
    return (dt.date(2026, 12, 1) + dt.timedelta(at)).isoformat()


def _cleared(world: World, at: int) -> str:
    world.central.office.cancel_hat(dt.date.fromisoformat(_day(at)))
    return _day(at)


def whole(part: Any) -> Any:
    """A body without 7.0, which JSON Schema takes for a whole number and the server does not."""
    if isinstance(part, dict):
        return {name: whole(each) for name, each in part.items()}
    if isinstance(part, list):
        return [whole(each) for each in part]
    return min(int(part), (1 << 63) - 1) if isinstance(part, float) else part


Fit = Callable[[World, Case, int], None]
FITTING: dict[str, Fit] = {}


def fits(*routes: str) -> Callable[[Fit], Fit]:
    """This function makes a generated request of these routes one that the server is to grant."""

    def kept(function: Fit) -> Fit:
        FITTING.update(dict.fromkeys(routes, function))
        return function

    return kept


@fits("POST /sync/v1/exchange")
def _(world: World, case: Case, at: int) -> None:
    case.body = _exchange(world, case.body, at)


@fits("POST /sync/v1/verify")
def _(world: World, case: Case, at: int) -> None:
    case.body |= {"fetch": [world.shop.log[0].op_id.hex], "list_buckets": [at]}


@fits("POST /devices/rekey")
def _(_world: World, case: Case, _at: int) -> None:
    case.body |= {"at": 0, "hash": GENESIS.hex()}


@fits("POST /devices/list", "POST /devices/code")
def _(_world: World, case: Case, _at: int) -> None:
    case.body = {}


@fits("POST /devices/pair")
def _(world: World, case: Case, _at: int) -> None:
    code = world.central.office.pairing_code(VENDOR).code
    case.body |= {"code": code, "device": None, "device_code": None}


@fits("GET /organiser/v1/hats", "GET /organiser/v1/notices", "GET /healthz", "GET /readyz", "GET /metrics")
def _(_world: World, _case: Case, _at: int) -> None: ...


@fits("PUT /organiser/v1/hats/{date}")
def _(_world: World, case: Case, at: int) -> None:
    case.path_parameters = {"date": _day(at)}
    held = {"kind": "added", "opens": "10:00", "closes": "20:00", "ordinal": at + 1}
    case.body = held if at % 2 else {"kind": "cancelled", "reason": "বৃষ্টি"}


@fits("DELETE /organiser/v1/hats/{date}")
def _(world: World, case: Case, at: int) -> None:
    case.path_parameters = {"date": _cleared(world, at)}


@fits("POST /organiser/v1/notices")
def _(_world: World, case: Case, at: int) -> None:
    case.body |= {
        "title": "খবর",
        "text": "কাল হাট আছে।",
        "title_en": "",
        "text_en": "",
        "hat": _day(at),
        "until": None,
    }


@fits("DELETE /organiser/v1/notices/{notice}")
def _(world: World, case: Case, _at: int) -> None:
    case.path_parameters = {"notice": _notice(world)}


# ---- the tests -------------------------------------------------------------------------------------------


def references(part: Any) -> Iterator[str]:
    """Every reference in a document, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_reference_in_the_description_leads_somewhere(world: World) -> None:
    told = description(world.app)
    found = set(references(told))
    assert len(found) > 15
    for reference in found:
        part: Any = told
        for step in reference.removeprefix("#/").split("/"):
            assert step in part, reference
            part = part[step]


def test_no_request_makes_a_route_fail_or_answer_in_another_form(world: World) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", world.app)
    every: Any = schema.get_all_operations()
    operations = [found.ok() for found in every]
    for operation in operations:
        tried(world, operation)
    asked = {name_of(operation) for operation in operations}
    assert asked == set(world.routes) == set(FITTING)
    assert {named for named in asked if 200 in world.answered[named]} == asked
    refused = {named for named in asked if max(world.answered[named]) >= 400}
    assert refused >= {named for named in asked if named.split()[0] in ("POST", "PUT", "DELETE")}


def tried(world: World, operation: Any) -> None:
    """Ask one route what fits, what has the right form, and garbage."""
    positive = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    negative = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    few = settings(
        max_examples=8,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
    )

    @few
    @given(case=positive, at=st.integers(0, 200))
    def fitting(case: Case, at: int) -> None:
        case.body = whole(case.body)
        FITTING[name_of(operation)](world, case, at)
        assert world.ask(case) == 200

    @few
    @given(case=positive)
    def expected(case: Case) -> None:
        world.ask(case)

    @few
    @given(case=negative)
    def unexpected(case: Case) -> None:
        world.ask(case)

    fitting()
    expected()
    with contextlib.suppress(Unsatisfiable):  # of some nothing is asked that could be wrong
        unexpected()
