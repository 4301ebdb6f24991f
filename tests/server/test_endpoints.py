"""Every route with an identity of one's own, another vendor's and nobody's: the last two are answered alike.

Each request meets a copy of one database, a standing clock and the same chances, so answers can be compared whole.
"""

from __future__ import annotations

import base64
import dataclasses
import itertools
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec
import pytest
from starlette.routing import Route

from pos.domain.ids import uuid7
from pos.domain.times import FixedClock
from pos.log import EventLog
from pos.protocol.messages import (
    CodeRequest,
    DevicesRequest,
    ExchangeRequest,
    RekeyRequest,
    VerifyRequest,
    to_wire,
)
from pos.protocol.operations import hash_of
from pos.server.accounts import Accounts
from pos.server.app import make_app
from pos.server.engine import open_database
from pos.server.limits import Allowance, Buckets, Limits
from pos.server.organising import HatChange, NoticeText
from tests.server.conftest import NOW, VENDOR, Central
from tests.server.laptop import pair_request
from tests.server.overhttp import Client
from tests.server.test_tenants import OTHER, everything

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Whose = Literal["own", "another's", "random"]
ORGANISER = ("Organiser", "an organiser's password")
NOBODY = UUID(int=7)


@dataclass(frozen=True)
class Asking:
    """A request: the identity in it, what is sent, and what it shows."""

    identity: str
    body: msgspec.Struct | None = None
    shows: str = ""
    path: str = ""


@dataclass(frozen=True)
class Answered:
    """All that comes back, the identity that was asked for taken out."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]


class World:
    """Two vendors: mine with two laptops, and another; each has something that the server has not heard of yet."""

    def __init__(self, central: Central) -> None:
        self.mine, self.theirs = central.shop(), central.shop(OTHER)
        for shop in (self.mine, self.theirs):
            _, [variant] = shop.product()
            shop.order(variant, customer=shop.customer())
            shop.push()
        self.second = central.second(self.mine)
        self.second.push()
        self.other_second = central.laptop(OTHER)
        self.other_second.join(self.theirs)
        self.other_second.push()
        self.lost = {}
        for laptop in (self.second, self.other_second):
            laptop.setting("shop.name", "ক")
            self.lost[laptop] = laptop.log[-1]
        self.code = central.office.pairing_code(VENDOR).code
        self.notice = central.office.write_notice("খবর", "কাল হাট আছে।").notice_id
        central.office.cancel_hat(NOW.date())
        Accounts(central.office).add(ORGANISER[0], "organiser", ORGANISER[1])

    @property
    def bearer(self) -> str:
        """What my laptop shows."""
        return f"Bearer {self.mine.token}"


BASIC = "Basic " + base64.b64encode(":".join(ORGANISER).encode()).decode()


def device_of(world: World, whose: Whose) -> UUID:
    """A laptop that is not the one that asks."""
    return {"own": world.second.device, "another's": world.other_second.device, "random": NOBODY}[whose]


def relayed(world: World, whose: Whose) -> Asking:
    device = device_of(world, whose)
    lost = world.lost[world.second if whose == "own" else world.other_second]
    message = world.mine.request(relay=[to_wire(lost, device=device)])
    return Asking(device.hex, message, world.bearer)


def brought(world: World, whose: Whose) -> Asking:
    """An operation about a product of this identity."""
    product = {"own": world.mine, "another's": world.theirs}.get(whose)
    identity = UUID(bytes=product.log[2].agg_id) if product is not None else NOBODY
    length = len(world.mine.log)
    op = world.mine.edit("product", identity.bytes, {"price": 1}, None)
    del world.mine.log[length:]
    op = msgspec.structs.replace(op, op_id=UUID(int=5))
    op = msgspec.structs.replace(op, hash=hash_of(op))
    return Asking(identity.hex, world.mine.request([op]), world.bearer)


def verified(world: World, whose: Whose) -> Asking:
    op = {"own": world.mine.log[2].op_id, "another's": world.theirs.log[2].op_id, "random": NOBODY}[whose]
    return Asking(op.hex, VerifyRequest("v", 10**9, fetch=[op.hex]), world.bearer)


def rekeyed(world: World, whose: Whose) -> Asking:
    digest = {"own": world.mine.log[2].hash, "another's": world.theirs.log[2].hash, "random": b"7" * 32}[
        whose
    ]
    return Asking(digest.hex(), RekeyRequest(3, digest.hex(), "m"), world.bearer)


def shut_out(world: World, whose: Whose) -> Asking:
    device = device_of(world, whose).hex
    return Asking(device, DevicesRequest(device), world.bearer)


def paired(world: World, whose: Whose) -> Asking:
    device = device_of(world, whose).hex
    return Asking(device, pair_request(world.code, device=device, operations=7, machine="m9"))


def paired_after_sales(world: World, whose: Whose) -> Asking:
    device = device_of(world, whose).hex
    return Asking(device, pair_request(world.code, device=device, device_code="B", sold=True))


def paired_by_a_code(world: World, whose: Whose) -> Asking:
    """A vendor's identity is no code, whoever's it is."""
    vendor = {"own": world.mine.vendor, "another's": world.theirs.vendor, "random": NOBODY}[whose].hex
    return Asking(vendor, pair_request(vendor))


def noticed(world: World, whose: Whose) -> Asking:
    identity = {"own": world.notice, "another's": world.theirs.device, "random": NOBODY}[whose].hex
    return Asking(identity, None, BASIC, f"/organiser/v1/notices/{identity}")


def dated(world: World, whose: Whose) -> Asking:
    identity = {"own": NOW.date().isoformat(), "another's": world.theirs.vendor.hex, "random": NOBODY.hex}[
        whose
    ]
    return Asking(identity, None, BASIC, f"/organiser/v1/hats/{identity}")


def dated_anew(world: World, whose: Whose) -> Asking:
    return dataclasses.replace(dated(world, whose), body=HatChange("added"))


def written(world: World, whose: Whose) -> Asking:
    """A notice about the hat of this identity."""
    identity = dated(world, whose).identity
    return Asking(identity, NoticeText("খবর", "কাল হাট আছে।", hat=identity), BASIC)


def nothing_named(world: World, whose: Whose) -> Asking:
    """A route that takes no identity is asked with one all the same, and shown a device's token of that vendor."""
    laptop = {"own": world.mine, "another's": world.theirs}.get(whose)
    token = laptop.token if laptop is not None else f"hk1.{NOBODY.hex}.{NOBODY.hex}.{'A' * 43}"
    vendor = laptop.vendor.hex if laptop is not None else NOBODY.hex
    return Asking(vendor, None, f"Bearer {token}", f"?vendor={vendor}")


def under(body: msgspec.Struct | None, part: int) -> Callable[[World, Whose], Asking]:
    """My own secret under the identity of another vendor (part 1) or device (part 2)."""

    def asking(world: World, whose: Whose) -> Asking:
        parts = world.mine.token.split(".")
        there = world.theirs.token.split(".")
        parts[part] = {"own": parts[part], "another's": there[part], "random": NOBODY.hex}[whose]
        return Asking(parts[part], body, f"Bearer {'.'.join(parts)}")

    return asking


EXCHANGE = ExchangeRequest(1, "1", 3, None, 1, "00" * 32, {}, 0)
BODIES = {
    "POST /sync/v1/exchange": EXCHANGE,
    "POST /sync/v1/verify": VerifyRequest("v", 0),
    "POST /devices/rekey": RekeyRequest(0, "00" * 32, "m"),
    "POST /devices/list": DevicesRequest(),
    "POST /devices/code": CodeRequest(),
}
# By route: what stands in it for an identity. The last says whether one's own is answered in another way.
CASES: list[tuple[str, str, Callable[[World, Whose], Asking], bool]] = [
    ("POST /sync/v1/exchange", "whose log it was", relayed, True),
    ("POST /sync/v1/exchange", "a record", brought, True),
    ("POST /sync/v1/verify", "an operation", verified, True),
    ("POST /devices/rekey", "a hash", rekeyed, True),
    ("POST /devices/list", "a device to shut out", shut_out, True),
    ("POST /devices/pair", "a device", paired, True),
    ("POST /devices/pair", "a device that has sold", paired_after_sales, True),
    ("POST /devices/pair", "a vendor as code", paired_by_a_code, False),
    ("DELETE /organiser/v1/notices/{notice}", "a notice", noticed, True),
    ("DELETE /organiser/v1/hats/{date}", "a day", dated, True),
    ("PUT /organiser/v1/hats/{date}", "a day", dated_anew, True),
    ("POST /organiser/v1/notices", "a hat", written, True),
    *(
        (f"GET {path}", "what it never takes", nothing_named, False)
        for path in (
            *("/organiser/v1/hats", "/organiser/v1/notices"),
            *("/healthz", "/readyz", "/metrics", "/openapi.json"),
        )
    ),
    *((route, "a token's vendor", under(body, 1), True) for route, body in BODIES.items()),
    *((route, "a token's device", under(body, 2), True) for route, body in BODIES.items()),
]


@pytest.fixture(scope="module")
def scene(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The two vendors, and the database in which they are."""
    path = tmp_path_factory.mktemp("endpoints") / "server.db"
    shutil.copy(migrated, path)
    database = open_database(f"sqlite:///{path}")
    central = Central(database, "")
    world = World(central)
    database.close()
    assert not central.crashes
    return world, path


def answered(
    scene: tuple[World, Path], tmp_path: Path, route: str, asking: Asking
) -> tuple[Answered, set[Any]]:
    """The answer on a copy of the database, and what is there of the other vendor afterwards."""
    world, path = scene
    there = tmp_path / f"{uuid7(1)}.db"
    shutil.copy(path, there)
    database = open_database(f"sqlite:///{there}")
    central = Central(database, "", FixedClock(NOW))
    log = EventLog(tmp_path / "logs")
    app = make_app(database, central.clock, log)
    chances = itertools.count()
    app.state.serving.desk._random = lambda length: bytes((next(chances) * 7) % 230 for _ in range(length))
    client = Client(app, "127.0.0.1")
    method, at = route.split()
    at = at + asking.path if asking.path.startswith("?") else asking.path or at
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": asking.shows} if asking.shows else {})
    if asking.body is not None:
        headers["Content-Type"] = "application/json"
    sent = b"" if asking.body is None else msgspec.json.encode(asking.body)
    found = client.request(method, at, content=sent, headers=headers)
    rows = {row for row in everything(central) if row[0] == world.theirs.vendor.hex}
    client.close()
    log.close()
    database.close()
    without = asking.identity.encode()
    told = Answered(
        found.status_code, found.content.replace(without, b"ID"), tuple(sorted(found.headers.items()))
    )
    return told, rows


@pytest.mark.parametrize(
    ("route", "asking", "differs"),
    [(route, asking, differs) for route, _, asking, differs in CASES],
    ids=[f"{route}: {what}" for route, what, _, _ in CASES],
)
def test_another_vendors_identity_is_answered_like_nobodys(
    scene: tuple[World, Path],
    tmp_path: Path,
    route: str,
    asking: Callable[[World, Whose], Asking],
    differs: bool,
) -> None:
    world, _ = scene
    untouched = answered(scene, tmp_path, "GET /healthz", Asking("-"))[1]
    assert len(untouched) > 8
    own, rows_after_own = answered(scene, tmp_path, route, asking(world, "own"))
    others, rows_after_others = answered(scene, tmp_path, route, asking(world, "another's"))
    nobodys, rows_after_nobodys = answered(scene, tmp_path, route, asking(world, "random"))
    assert others == nobodys
    assert (own.status, own.body) != (others.status, others.body) if differs else own == others
    assert rows_after_own == rows_after_others == rows_after_nobodys == untouched
    assert max(own.status, others.status) < 500


def test_every_route_has_its_case(scene: tuple[World, Path], tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{scene[1]}")
    app = make_app(database, FixedClock(NOW), EventLog(tmp_path))
    routes = set()
    for route in app.routes:
        assert isinstance(route, Route)
        routes |= {f"{method} {route.path}" for method in (route.methods or set()) - {"HEAD"}}
    database.close()
    assert routes == {route for route, _, _, _ in CASES}
    named = {route for route, _, asking, _ in CASES if asking is not nothing_named}
    assert {route for route in routes if "{" in route or not route.startswith("GET")} == named


def test_a_secret_of_ones_own_under_anothers_vendor_uses_nothing_of_what_that_vendor_may_ask(
    central: Central, opened: Callable[..., Client]
) -> None:
    few = Limits(Buckets(Allowance(2, 0.001)), Buckets(Allowance(100, 1)), 1 << 30)
    mine, theirs, client = central.shop(), central.shop(OTHER), opened(limits=few)
    body = msgspec.json.encode(DevicesRequest())

    def asked(token: str) -> int:
        return client.post(
            "/devices/list", content=body, headers={"Authorization": f"Bearer {token}"}
        ).status_code

    assert asked(mine.token) == 200
    secret = mine.token.rpartition(".")[2]
    assert [asked(f"hk1.{theirs.vendor.hex}.{theirs.device.hex}.{secret}") for _ in range(5)] == [401] * 5
    assert asked(theirs.token) == 200
