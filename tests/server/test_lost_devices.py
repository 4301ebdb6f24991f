"""A server that was set back meets the log of a laptop that it has never heard of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from pos.domain.ids import uuid7
from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, PairReply, WireOp, to_wire
from pos.server.devices import is_code
from tests.server.conftest import VENDOR, Central
from tests.server.laptop import Laptop, pair_request, read, statuses
from tests.server.test_logs import lost_by_the_server

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def shop(central: Central) -> Laptop:
    """A laptop that everything is relayed by, with one product."""
    shop = central.shop()
    shop.product()
    shop.push()
    return shop


def identity(value: object) -> UUID:
    """As either database keeps it."""
    return UUID(bytes=value) if isinstance(value, bytes) else UUID(str(value))


def variant_of(shop: Laptop) -> UUID:
    body = body_of(shop, "product.added")
    return UUID(hex=body["variants"][0]["id"])


def body_of(shop: Laptop, kind: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = next(json.loads(op.body) for op in shop.log if op.kind == kind)
    return found


def begun_anew(central: Central, shop: Laptop) -> None:
    """The server says that it was set back, and the shop has heard it."""
    shop.epoch, shop.cursors = central.office.new_epoch(), {"v": 0, "h": 0, "g": 0}
    shop.exchange()


def wires(laptop: Laptop, first: int = 1, last: int | None = None) -> Sequence[WireOp]:
    return [to_wire(op, device=laptop.device) for op in laptop.log[first - 1 : last]]


def code_of(central: Central, device: UUID) -> str:
    rows = central.rows("device", "device_id, code")
    [code] = [code for one, code in rows if identity(one) == device]
    return str(code)


def paired_again(central: Central, laptop: Laptop, code: str) -> PairReply:
    ticket = central.office.pairing_code(VENDOR).code
    request = pair_request(ticket, device=laptop.device.hex, device_code=code, sold=True)
    return read(central.desk.pair(codec.encode(request), "zstd"), PairReply)


def test_its_orders_are_taken_in_and_it_comes_back_under_its_own_name(central: Central, shop: Laptop) -> None:
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        orders = {other.order(variant_of(shop)).bytes for _ in range(3)}
        other.push()
        forget()
    begun_anew(central, shop)
    shop.exchange(relay=wires(other, 1, 2))
    shop.exchange(relay=wires(other, 3))
    assert {bytes(row[0]) for row in central.rows("sale", "order_id")} == orders
    assert code_of(central, other.device) == other.code == "B"
    # What it held in its hand is worth nothing any more; with a new code it is who it was.
    assert other.desk.exchange(other.token, codec.encode(other.request())).status == 401
    reply = paired_again(central, other, "B")
    assert (UUID(hex=reply.device), reply.device_code, reply.founds) == (other.device, "B", False)
    other.token, other.epoch = reply.token, shop.epoch
    other.setting("shop.name", "ক")
    assert statuses(other.exchange(other.log)) == ["ok"] * 5
    assert not central.crashes


def test_a_log_that_parted_after_the_backup_goes_on_from_where_it_parted(
    central: Central, shop: Laptop
) -> None:
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        other.order(variant_of(shop))
        other.push()
        twin = other.rekey(1)
        twin.log = twin.log[:1]
        twin.order(variant_of(shop))
        rekeyed(twin, after=1)
        twin.order(variant_of(shop))
        twin.push()
        forget()
    begun_anew(central, shop)
    # The parted log stands before the one that it parted from, and both come at once.
    shop.exchange(relay=[*wires(twin, 2), *wires(other)])
    assert len(central.rows("sale")) == 3
    assert (code_of(central, other.device), code_of(central, twin.device)) == ("B", "C")
    assert paired_again(central, twin, "C").device_code == "C"


def rekeyed(laptop: Laptop, after: int) -> None:
    body = {"code": laptop.code, "reason": "fork", "device": laptop.device.hex, "after": after}
    laptop.record("device.rekeyed", "device", laptop.device.bytes, body)


def test_its_code_may_come_later_than_its_orders(central: Central, shop: Laptop) -> None:
    other = central.second(shop)
    other.push()
    with lost_by_the_server(central) as forget:
        twin = other.rekey(1)
        twin.order(variant_of(shop))
        rekeyed(twin, after=1)
        twin.push()
        forget()
    begun_anew(central, shop)
    shop.exchange(relay=wires(twin, 2, 2))
    assert len(central.rows("sale")) == 1
    assert code_of(central, twin.device) != "C"
    shop.exchange(relay=wires(twin, 3))
    assert code_of(central, twin.device) == "C"


def test_a_code_that_another_has_by_now_is_not_taken_away(central: Central, shop: Laptop) -> None:
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        other.order(variant_of(shop))
        forget()
    assert central.second(shop).code == "B"
    begun_anew(central, shop)
    shop.exchange(relay=wires(other))
    assert len(central.rows("sale")) == 1
    assert code_of(central, other.device) != "B"
    # It may still come back: with numbers of its own, under which it has recorded that it goes on.
    assert paired_again(central, other, "B7K").device_code == "B7K"
    assert code_of(central, other.device) == "B7K"


def test_a_code_that_a_laptop_said_it_has_is_given_to_nobody(central: Central, shop: Laptop) -> None:
    shop.record("device.rekeyed", "device", shop.device.bytes, {"code": "B", "reason": "copied"})
    shop.push()
    assert central.laptop().code == "C"
    ticket = central.office.pairing_code(VENDOR).code
    stranger = pair_request(ticket, device=uuid7(1).hex, device_code="B", sold=True)
    assert central.desk.pair(codec.encode(stranger), "zstd").status == 409


def test_a_copy_that_came_in_first_has_not_said_that_its_originals_code_is_its_own(
    central: Central, shop: Laptop
) -> None:
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        other.order(variant_of(shop))
        other.push()
        forget()
    begun_anew(central, shop)
    copy = central.laptop()
    copy.log = other.log[:1]
    copy.push()
    shop.exchange(relay=wires(other, 2))
    assert len(central.rows("sale")) == 1
    assert code_of(central, other.device) != "B"
    assert paired_again(central, other, "B").device_code == "B"


def test_what_is_no_beginning_makes_no_device(central: Central, shop: Laptop) -> None:
    elsewhere = central.laptop("অন্য ঘর")
    elsewhere.join(shop)
    elsewhere.order(variant_of(shop))
    stranger, misnamed = central.laptop("অন্য ঘর"), uuid7(2)
    stranger.order(variant_of(shop))
    relay = [
        *wires(elsewhere, 2),
        *(to_wire(op, device=misnamed) for op in elsewhere.log),
        *wires(stranger),
    ]
    reply = read(shop.desk.exchange(shop.token, codec.encode(shop.request(relay=relay))), ExchangeReply)
    assert reply.fork is None
    devices = {identity(row[0]) for row in central.rows("device", "device_id", f"code = '{shop.code}'")}
    assert devices >= {shop.device}
    vendor = shop.vendor
    theirs = [row for row in central.rows("operation", "vendor_id") if identity(row[0]) == vendor]
    assert len(theirs) == 3
    assert len([row for row in central.rows("device", "vendor_id") if identity(row[0]) == vendor]) == 1


def test_what_its_author_has_lost_as_well_is_one_device_more_however_it_comes(
    central: Central, shop: Laptop
) -> None:
    """It has written others at the same positions; several have the lost ones, and bring them in pieces."""
    other = central.second(shop)
    other.push()
    with lost_by_the_server(central) as forget:
        orders = {other.order(variant_of(shop)).bytes for _ in range(4)}
        other.push()
        forget()
    begun_anew(central, shop)
    lost = wires(other, 2)
    other.log, other.epoch, other.cursors = other.log[:1], shop.epoch, dict(shop.cursors)
    orders.add(other.order(variant_of(shop)).bytes)
    assert statuses(other.exchange(other.log[1:])) == ["ok"]
    stranger = central.shop("অন্য ঘর")
    stranger.exchange(relay=lost)  # no vendor takes in what is another's
    for piece in (lost[2:], lost[:1], lost[:2], lost[1:3], lost[3:], lost):
        shop.exchange(relay=piece)
    assert {bytes(row[0]) for row in central.rows("sale", "order_id")} == orders
    assert central.rows("stock", "on_hand") == [(-5000,)]
    columns = "device_id, code, last_n, parent_id, parent_n"
    rows = [row for row in central.rows("device", columns) if row[3] is not None]
    [(_, code, last_n, parent, parent_n)] = rows
    assert (identity(parent), parent_n, last_n) == (other.device, 1, 5)
    assert not is_code(str(code))
    # Whoever has lost them goes on under its own name.
    other.order(variant_of(shop))
    assert statuses(other.exchange(other.log[1:])) == ["ok", "ok"]
    assert code_of(central, other.device) == "B"
    assert not central.crashes


def test_two_ways_on_from_one_parted_log_are_two_logs(central: Central, shop: Laptop) -> None:
    """Its author has lost its end twice, and what it wrote each time comes in one request."""
    other = central.second(shop)
    other.push()
    with lost_by_the_server(central) as forget:
        orders = {other.order(variant_of(shop)).bytes for _ in range(2)}
        other.push()
        forget()
    begun_anew(central, shop)
    [begins, one_way] = wires(other, 2)
    other.log = other.log[:2]
    orders.add(other.order(variant_of(shop)).bytes)
    [another_way] = other.log[2:]
    other.log, other.epoch, other.cursors = other.log[:1], shop.epoch, dict(shop.cursors)
    orders.add(other.order(variant_of(shop)).bytes)
    assert statuses(other.exchange(other.log[1:])) == ["ok"]
    shop.exchange(relay=[begins])
    [parted] = [identity(row[0]) for row in central.rows("device", "device_id", "parent_id IS NOT NULL")]
    shop.exchange(relay=[to_wire(another_way, device=parted), one_way])
    assert {bytes(row[0]) for row in central.rows("sale", "order_id")} == orders
    assert len(central.rows("device", "device_id", "parent_id IS NOT NULL")) == 2
    assert not central.crashes
