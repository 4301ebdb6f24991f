"""A vendor's own look at its devices: listing, shutting out, a code for one more; on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.protocol import codec
from pos.protocol.messages import CodeReply, CodeRequest, DevicesReply, DevicesRequest, PairReply
from tests.server.laptop import pair_request, read

if TYPE_CHECKING:
    from tests.server.conftest import Central
    from tests.server.laptop import Laptop

TEN_MINUTES_MS = 600_000


def listed(laptop: Laptop, revoke: str | None = None) -> DevicesReply:
    question = codec.encode(DevicesRequest(revoke))
    return read(laptop.desk.list_devices(laptop.token, question), DevicesReply)


def test_all_devices_of_the_vendor_are_listed_and_no_other_vendors(central: Central) -> None:
    first = central.shop()
    second = central.second(first)
    central.shop("অন্য দোকান")
    found = listed(first)
    assert [one.device for one in found.devices] == [first.device.hex, second.device.hex]
    assert [one.device_code for one in found.devices] == ["A", "B"]
    assert {one.revoked_ms for one in found.devices} == {None}
    assert found.server_ms == central.clock.now_ms()


def test_a_device_that_is_shut_out_gets_nothing_and_what_it_sends_is_held(central: Central) -> None:
    first = central.shop()
    second = central.second(first)
    found = listed(first, second.device.hex)
    assert [one.revoked_ms for one in found.devices] == [None, central.clock.now_ms()]
    at = central.clock.now_ms()
    central.clock.advance(ms=60_000)
    assert listed(first, second.device.hex).devices[1].revoked_ms == at, "once is enough"
    for answer in (
        second.desk.list_devices(second.token, codec.encode(DevicesRequest(first.device.hex))),
        second.desk.new_code(second.token, codec.encode(CodeRequest())),
    ):
        assert answer.status == 403
    assert listed(first).devices[0].revoked_ms is None


@pytest.mark.parametrize("named", ["own", "random", "nonsense", "other vendor"])
def test_nothing_else_is_shut_out(central: Central, named: str) -> None:
    first, stranger = central.shop(), central.shop("অন্য দোকান")
    wanted = {
        "own": first.device.hex,
        "random": "0" * 32,
        "nonsense": "x",
        "other vendor": stranger.device.hex,
    }
    assert {one.revoked_ms for one in listed(first, wanted[named]).devices} == {None}
    assert {one.revoked_ms for one in listed(stranger).devices} == {None}


def test_a_device_hands_out_a_code_with_which_one_more_joins(central: Central) -> None:
    first = central.shop()
    reply = read(first.desk.new_code(first.token, codec.encode(CodeRequest())), CodeReply)
    assert reply.expires_ms - reply.server_ms == TEN_MINUTES_MS
    answer = central.desk.pair(codec.encode(pair_request(reply.code)), "zstd")
    assert read(answer, PairReply).vendor_id == first.vendor.hex
    again = central.desk.pair(codec.encode(pair_request(reply.code)), "zstd")
    assert again.status == 403


@pytest.mark.parametrize("token", [None, "", "hk1.x", "other secret"])
def test_without_its_token_nobody_is_told_anything(central: Central, token: str | None) -> None:
    first = central.shop()
    *_, secret = first.token.rpartition(".")
    other = first.token.replace(secret, secret[::-1])  # its last letter has bits that say nothing
    shown = other if token == "other secret" else token
    assert central.desk.list_devices(shown, codec.encode(DevicesRequest())).status == 401
    assert central.desk.new_code(shown, codec.encode(CodeRequest())).status == 401


def test_what_does_not_decode_is_400(central: Central) -> None:
    first = central.shop()
    assert central.desk.list_devices(first.token, b"torn").status == 400
    assert central.desk.new_code(first.token, b"torn").status == 400
