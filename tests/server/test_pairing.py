"""Letting laptops in: codes, tokens, device codes, and who is shut out."""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pos.domain.ids import uuid7
from pos.errors import UserError
from pos.protocol import codec
from pos.protocol.messages import (
    CodeReply,
    CodeRequest,
    DevicesReply,
    DevicesRequest,
    PairReply,
    Refusal,
    RekeyRequest,
)
from pos.server.devices import ALPHABET, CODE_MS, NotPaired, next_code, read_token
from tests.server.laptop import Laptop, pair_request, read, statuses

if TYPE_CHECKING:
    from pos.server.desk import Answer
    from tests.server.conftest import Central

VENDOR = "রূপকথা ঘর"


def pair(central: Central, code: str, **more: Any) -> Answer:
    return central.desk.pair(codec.encode(pair_request(code, **more)), "zstd")


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, msgspec.json.decode(answer.body, type=Refusal).error


def test_a_code_has_eight_letters_that_nobody_mistakes(central: Central) -> None:
    codes = [central.office.pairing_code(VENDOR).code for _ in range(20)]
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01OIL") & set(ALPHABET)
    assert len(set(codes)) == 20


def test_a_code_is_read_in_any_case_and_with_gaps(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    assert pair(central, f" {code[:4].lower()}-{code[4:]} ").status == 200


def test_a_code_works_once(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    assert pair(central, code).status == 200
    assert refused(pair(central, code)) == (403, "pairing_code_wrong")


def test_a_code_ends_after_ten_minutes(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    central.clock.advance(ms=CODE_MS)
    assert refused(pair(central, code)) == (403, "pairing_code_wrong")


def test_the_fifth_wrong_try_ends_a_code(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    wrong = code[:7] + next(letter for letter in ALPHABET if letter != code[7])
    for _ in range(4):
        assert refused(pair(central, wrong)) == (403, "pairing_code_wrong")
    other = central.office.pairing_code(VENDOR).code
    assert pair(central, code).status == 200
    wrong = other[:7] + next(letter for letter in ALPHABET if letter != other[7])
    for _ in range(5):
        pair(central, wrong)
    assert refused(pair(central, other)) == (403, "pairing_code_wrong")


@pytest.mark.parametrize("code", ["", "A", "ABCDEFGHJ", "0OIL1234", "ক" * 8, "' OR 1=1", "A" * 10_000])
def test_what_is_no_code_is_a_wrong_one(central: Central, code: str) -> None:
    assert refused(pair(central, code)) == (403, "pairing_code_wrong")


def test_a_codes_secret_and_a_tokens_are_kept_as_hashes_only(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    assert code[4:].encode() not in repr(central.rows("pairing")).encode()
    reply = read(pair(central, code), PairReply)
    token = read_token(reply.token)
    assert token is not None
    assert len(token.secret) * 8 == 256
    [(kept,)] = central.rows("device", "token_hash")
    assert bytes(kept) == hashlib.sha256(token.secret).digest()


def test_the_first_laptop_founds_the_vendor_and_the_next_ones_join(central: Central) -> None:
    first = read(pair(central, central.office.pairing_code(VENDOR).code), PairReply)
    assert (first.founds, first.device_code, first.vendor) == (True, "A", VENDOR)
    shop = Laptop(central.desk, central.clock, first)
    shop.found()
    shop.push()
    second = read(pair(central, central.office.pairing_code(VENDOR).code), PairReply)
    assert (second.founds, second.device_code) == (False, "B")
    assert second.vendor_id == first.vendor_id
    assert second.device != first.device


def test_a_shop_that_founds_keeps_its_identity_and_code(central: Central) -> None:
    device = uuid7(central.clock.now_ms())
    code = central.office.pairing_code(VENDOR).code
    answer = pair(central, code, device=device.hex, device_code="K", sold=True, operations=10)
    reply = read(answer, PairReply)
    assert (reply.device, reply.device_code, reply.founds) == (device.hex, "K", True)


def test_a_shop_that_has_not_sold_takes_the_servers_code(central: Central) -> None:
    central.shop().push()
    code = central.office.pairing_code(VENDOR).code
    reply = read(pair(central, code, device=uuid7(1).hex, device_code="A"), PairReply)
    assert reply.device_code == "B"


def test_a_shop_that_has_sold_joins_only_with_numbers_of_its_own(central: Central) -> None:
    central.shop().push()
    code = central.office.pairing_code(VENDOR).code
    mine = {"device": uuid7(1).hex, "sold": True}
    assert refused(pair(central, code, device_code="A", **mine)) == (409, "device_code_taken")
    code = central.office.pairing_code(VENDOR).code
    assert refused(pair(central, code, device_code="?!", **mine)) == (409, "device_code_unclear")
    code = central.office.pairing_code(VENDOR).code
    reply = read(pair(central, code, device_code="A7K", **mine), PairReply)
    assert (reply.device_code, reply.founds) == ("A7K", False)


def test_a_shop_that_was_in_already_gets_a_new_token_and_the_old_one_ends(central: Central) -> None:
    shop = central.shop()
    shop.push()
    code = central.office.pairing_code(VENDOR).code
    reply = read(pair(central, code, device=shop.device.hex, device_code="A", sold=True), PairReply)
    assert (reply.device, reply.device_code) == (shop.device.hex, "A")
    old, shop.token = shop.token, reply.token
    assert statuses(shop.push()) == ["ok", "ok"]
    assert refused(shop.desk.exchange(old, codec.encode(shop.request()))) == (401, "token_unknown")


def test_a_laptop_that_was_shut_out_is_let_in_by_a_new_code(central: Central) -> None:
    shop = central.shop()
    shop.push()
    central.office.revoke(VENDOR, "A")
    assert shop.exchange().revoked
    code = central.office.pairing_code(VENDOR).code
    shop.token = read(pair(central, code, device=shop.device.hex, device_code="A"), PairReply).token
    assert not shop.exchange().revoked


def test_a_device_code_is_never_given_twice_even_after_its_laptop_is_gone(central: Central) -> None:
    given = []
    for _ in range(4):
        given.append(central.laptop().code)
        central.office.revoke(VENDOR, given[-1])
    assert given == ["A", "B", "C", "D"]


def test_codes_go_on_with_two_letters_and_end_some_day() -> None:
    taken: set[str] = set()
    for _ in range(700):
        code = next_code(taken)
        if isinstance(code, NotPaired):
            break
        taken.add(code)
    assert {len(code) for code in taken} == {1, 2}
    assert not any("I" in code or "O" in code for code in taken)
    assert next_code(taken) == NotPaired("device_codes_used_up", {})


@pytest.mark.parametrize(
    "token", [None, "", "x", "hk1.", "Bearer x", "hk1." + "0" * 32 + "." + "0" * 32 + "." + "A" * 43]
)
def test_whoever_has_no_token_is_told_so_before_anything_is_read(central: Central, token: str | None) -> None:
    central.shop()
    for door in (central.desk.exchange, central.desk.verify, central.desk.rekey):
        assert refused(door(token, b"\x00 no message at all", "zstd")) == (401, "token_unknown")


def test_a_token_for_another_device_or_with_another_secret_opens_nothing(central: Central) -> None:
    shop, stranger = central.shop(), central.shop("অন্য ঘর")
    shop.push()
    stranger.push()
    _, vendor, device, secret = shop.token.split(".")
    _, other_vendor, other_device, other_secret = stranger.token.split(".")
    for parts in itertools.product((vendor, other_vendor), (device, other_device), (secret, other_secret)):
        whole = ".".join(("hk1", *parts))
        answer = central.desk.exchange(whole, codec.encode(shop.request()))
        assert (answer.status == 200) == (whole in (shop.token, stranger.token))


def test_a_token_ends_with_its_next_one_also_where_it_was_known(central: Central) -> None:
    shop = central.shop()
    desk = central.desk
    assert desk.exchange(shop.token, codec.encode(shop.request(shop.log))).status == 200
    code = central.office.pairing_code(VENDOR).code
    pair(central, code, device=shop.device.hex, device_code="A")
    for message in (shop.request(), shop.request(shop.log)):
        assert refused(desk.exchange(shop.token, codec.encode(message))) == (401, "token_unknown")
    assert refused(desk.rekey(shop.token, codec.encode(RekeyRequest(0, "00" * 32, "m")))) == (
        401,
        "token_unknown",
    )


def test_a_vendor_is_one_however_its_name_is_spelt(central: Central) -> None:
    office = central.office
    assert office.vendor("Rupkotha  Ghor".replace("  ", " ")) == office.vendor(" rupkotha ghor\u200b")
    with pytest.raises(UserError):
        office.vendor("  ")
    with pytest.raises(UserError):
        office.devices("নেই")
    office.vendor(VENDOR)
    with pytest.raises(UserError):
        office.revoke(VENDOR, "A")


def test_the_office_sees_every_vendor_and_writes_down_what_it_did(central: Central) -> None:
    shop = central.shop()
    shop.record("gift.given", "gift", b"g" * 16, shop.by({}))
    shop.push()
    central.office.vendor("অন্য ঘর")
    views = {view.name: view for view in central.office.vendors()}
    assert (views[VENDOR].devices, views[VENDOR].operations, views[VENDOR].held) == (1, 2, 1)
    assert (views["অন্য ঘর"].devices, views["অন্য ঘর"].last_seen_ms) == (0, None)
    [device] = central.office.devices(VENDOR)
    assert (device.code, device.last_n, device.revoked_at_ms) == ("A", 3, None)
    central.office.revoke(VENDOR, "A")
    assert [row[0] for row in central.rows("act", "what")][-1] == "device_revoked"


def test_a_device_sees_the_others_makes_codes_and_shuts_out_any_but_itself(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    stranger = central.shop("অন্য ঘর")

    def asked(laptop: Laptop, revoke: str | None = None) -> dict[str, int | None]:
        answer = laptop.desk.list_devices(laptop.token, codec.encode(DevicesRequest(revoke)))
        return {entry.device_code: entry.revoked_ms for entry in read(answer, DevicesReply).devices}

    assert asked(shop) == {"A": None, "B": None}
    assert asked(shop, shop.device.hex) == {"A": None, "B": None}
    assert asked(shop, stranger.device.hex) == asked(shop, uuid7(1).hex) == asked(shop, "x")
    assert asked(stranger) == {"A": None}
    code = read(shop.desk.new_code(shop.token, codec.encode(CodeRequest())), CodeReply).code
    assert read(pair(central, code), PairReply).vendor_id == shop.vendor.hex
    assert asked(shop, other.device.hex)["B"] == central.clock.now_ms()
    for door, message in ((other.desk.list_devices, DevicesRequest()), (other.desk.new_code, CodeRequest())):
        assert refused(door(other.token, codec.encode(message))) == (403, "device_revoked")


def test_what_a_laptop_says_of_itself_may_be_anything(central: Central) -> None:
    code = central.office.pairing_code(VENDOR).code
    odd = "\x00" + "ক" * 5000
    huge = (1 << 63) - 1
    answer = pair(central, code, name=odd, app=odd, machine=odd, schema=huge, device=odd, operations=huge)
    shop = Laptop(central.desk, central.clock, read(answer, PairReply))
    shop.found()
    assert statuses(shop.exchange(shop.log, app=odd, schema=-huge, waiting=huge, max_rows=huge)) == [
        "ok",
        "ok",
    ]
    shop.exchange(app=odd, schema=huge, max_rows=-huge, cursors={"v": -huge, "h": 0, "x": huge})
    assert len(shop.seen) == 1  # the smallest page there is
