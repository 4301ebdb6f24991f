"""The routes: what they refuse, what they limit, and that nothing anybody sends makes them fail."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from pos.domain.ids import uuid7
from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, ExchangeRequest, Refusal, to_wire
from pos.protocol.operations import GENESIS, sealed
from pos.server.limits import Allowance, Buckets, Limits, usual_limits
from pos.server.openapi import description
from tests.server.laptop import pair_request, statuses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from tests.server.conftest import Central
    from tests.server.laptop import Laptop
    from tests.server.overhttp import Client


EXCHANGE = "/sync/v1/exchange"
DOORS = (
    EXCHANGE, "/sync/v1/verify", "/devices/rekey", "/devices/pair", "/devices/list", "/devices/code",
)  # fmt: skip
ORGANISERS = (
    "/organiser/v1/hats", "/organiser/v1/hats/{date}", "/organiser/v1/notices", "/organiser/v1/notices/{notice}",
)  # fmt: skip
PHONE, NAME = "01712345678", "শারমিন"


def bearer(laptop: Laptop, encoding: str = "zstd") -> dict[str, str]:
    return {"Authorization": f"Bearer {laptop.token}", "Content-Encoding": encoding}


def held_message() -> bytes:
    """An exchange with one operation, of a kind that nobody knows, from a laptop that is nobody's in particular."""
    now = 1_764_000_000_000
    op = sealed(
        n=1, op_id=uuid7(now), kind="gift.given", agg="gift", agg_id=b"g" * 16, body={}, personal=None,
        salt=lambda: b"", at_ms=now, hlc=now << 16, prev_hash=GENESIS,
    )  # fmt: skip
    return codec.encode(ExchangeRequest(1, "1", 3, None, 1, GENESIS.hex(), {}, now, [to_wire(op)]))


def error_in(answer: httpx.Response) -> str:
    return codec.decode(answer.content, Refusal, encoding="identity").error


def sent(client: Client, laptop: Laptop, message: ExchangeRequest) -> httpx.Response:
    return client.post(EXCHANGE, content=codec.encode(message), headers=bearer(laptop))


def reply_in(answer: httpx.Response) -> ExchangeReply:
    """The reply; httpx unpacks zstd or leaves it, as it was built."""
    assert answer.status_code == 200, answer.text
    encoding = "zstd" if answer.content[:4] == b"\x28\xb5\x2f\xfd" else "identity"
    return codec.decode(answer.content, ExchangeReply, encoding=encoding)


def test_an_exchange_goes_through(central: Central, opened: Callable[..., Client]) -> None:
    shop, client = central.shop(), opened()
    reply = reply_in(sent(client, shop, shop.request(shop.log)))
    assert statuses(reply) == ["ok", "ok"]
    raw = codec.encode(shop.request(shop.log))
    plain = zstandard.ZstdDecompressor().decompress(raw)
    for body, encoding in ((gzip.compress(plain), "gzip"), (plain, "identity")):
        again = client.post(EXCHANGE, content=body, headers=bearer(shop, encoding))
        assert statuses(reply_in(again)) == ["ok", "ok"]
    assert again.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic x", "bearer hk1.x.y.z"])
def test_without_a_token_nothing_is_unpacked(
    central: Central, opened: Callable[..., Client], door: str, header: str | None
) -> None:
    bomb = zstandard.ZstdCompressor().compress(b"\0" * (1 << 20))
    headers = {"Content-Encoding": "zstd"} | ({} if header is None else {"Authorization": header})
    answer = opened().post(door, content=bomb, headers=headers)
    expected = (413, "message_too_large") if door == "/devices/pair" else (401, "token_unknown")
    assert (answer.status_code, error_in(answer)) == expected


def bombs() -> list[tuple[str, bytes, str, int]]:
    zeros = b"\0" * (64 << 20)
    zstd = zstandard.ZstdCompressor(level=3)
    unsized = zstandard.ZstdCompressor(write_content_size=False)
    good = codec.encode(ExchangeRequest(1, "a", 1, None, 1, "00" * 32, {}, 0))
    plain = zstandard.ZstdDecompressor().decompress(good)
    return [
        ("zstd bomb", zstd.compress(zeros), "zstd", 413),
        ("zstd bomb that does not say so", unsized.compress(zeros), "zstd", 400),
        ("gzip bomb", gzip.compress(zeros), "gzip", 413),
        ("gzip of gzip", gzip.compress(gzip.compress(zeros)), "gzip", 400),
        ("two members", gzip.compress(plain) * 2, "gzip", 400),
        ("two frames", good * 2, "zstd", 400),
        ("cut off", good[:-3], "zstd", 400),
        ("cut off gzip", gzip.compress(plain)[:-3], "gzip", 400),
        ("one byte altered", good[:-1] + bytes([good[-1] ^ 1]), "zstd", 400),
        ("a captive portal", b"<html><body>Login</body></html>", "identity", 400),
        ("nothing", b"", "identity", 400),
        ("too deep", b"[" * 200_000, "identity", 400),
        ("no number", plain.replace(b'"first":1', b'"first":NaN'), "identity", 400),
        ("half a pair", plain.replace(b'"app":"a"', b'"app":"\\ud800"'), "identity", 400),
        ("another encoding", plain, "br", 400),
        ("two encodings", plain, "gzip, zstd", 400),
        ("long", b" " * ((8 << 20) + 1), "identity", 413),
    ]


@pytest.mark.parametrize(
    ("body", "encoding", "status"), [each[1:] for each in bombs()], ids=[each[0] for each in bombs()]
)
def test_what_does_not_decode_is_refused_and_changes_nothing(
    central: Central, opened: Callable[..., Client], body: bytes, encoding: str, status: int
) -> None:
    shop, client = central.shop(), opened()
    before = central.rows("vendor_stream")
    answer = client.post(EXCHANGE, content=body, headers=bearer(shop, encoding))
    assert answer.status_code == status, answer.text
    assert central.rows("vendor_stream") == before
    assert statuses(reply_in(sent(client, shop, shop.request(shop.log)))) == ["ok", "ok"]


def test_a_protocol_of_the_future_is_told_which_are_spoken(
    central: Central, opened: Callable[..., Client]
) -> None:
    shop = central.shop()
    answer = sent(opened(), shop, shop.request(proto=99))
    assert (answer.status_code, error_in(answer)) == (426, "proto_unknown")


def test_a_hundred_thousand_operations_at_once_are_too_many(
    central: Central, opened: Callable[..., Client]
) -> None:
    shop, client = central.shop(), opened()
    message = codec.encode(shop.request(shop.log))
    plain = json.loads(zstandard.ZstdDecompressor().decompress(message))
    plain["ops"] = plain["ops"][:1] * 100_000
    body = zstandard.ZstdCompressor().compress(json.dumps(plain).encode())
    assert client.post(EXCHANGE, content=body, headers=bearer(shop)).status_code == 413


def test_a_vendor_that_asks_without_end_is_slowed_down_and_the_others_are_not(
    central: Central, opened: Callable[..., Client]
) -> None:
    few = Limits(Buckets(Allowance(3, 0.5)), Buckets(Allowance(100, 1)), 1 << 30)
    shop, other, client = central.shop(), central.shop("অন্য ঘর"), opened(limits=few)
    answers = [sent(client, shop, shop.request(shop.log)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert error_in(answers[-1]) == "too_many_requests"
    wait = int(answers[-1].headers["retry-after"])
    assert 1 <= wait <= 3
    assert sent(client, other, other.request(other.log)).status_code == 200
    central.clock.advance(ms=wait * 1000)
    assert sent(client, shop, shop.request(shop.log)).status_code == 200


def test_a_vendor_that_has_filled_its_room_brings_nothing_more_and_still_gets_everything(
    central: Central, opened: Callable[..., Client]
) -> None:
    small = Limits(Buckets(Allowance(100, 1)), Buckets(Allowance(100, 1)), 10)
    shop, client = central.shop(), opened(limits=small)
    assert sent(client, shop, shop.request(shop.log)).status_code == 200
    shop.setting("shop.name", "ক")
    answer = sent(client, shop, shop.request(shop.log))
    assert (answer.status_code, error_in(answer)) == (429, "quota_used_up")
    assert int(answer.headers["retry-after"]) > 60
    assert len(reply_in(sent(client, shop, shop.request(first=3))).changes["v"]) == 2


def test_guessing_codes_and_tokens_is_slowed_down(central: Central, opened: Callable[..., Client]) -> None:
    few = Limits(Buckets(Allowance(100, 1)), Buckets(Allowance(4, 0.1)), 1 << 30)
    client = opened(limits=few)
    code = central.office.pairing_code("রূপকথা ঘর").code
    body = codec.encode(pair_request("ABCDEFGH"))
    tried = [
        client.post("/devices/pair", content=body, headers={"Content-Encoding": "zstd"}) for _ in range(6)
    ]
    assert [answer.status_code for answer in tried] == [403] * 4 + [429] * 2
    assert client.post(EXCHANGE, headers={"Authorization": "Bearer x"}).status_code == 429
    central.clock.advance(ms=60_000)
    good = codec.encode(pair_request(code))
    assert client.post("/devices/pair", content=good, headers={"Content-Encoding": "zstd"}).status_code == 200


def test_behind_a_proxy_each_address_has_its_own_bucket(
    central: Central, opened: Callable[..., Client]
) -> None:
    few = Limits(Buckets(Allowance(100, 1)), Buckets(Allowance(1, 0.1)), 1 << 30)
    client = opened(limits=few, behind_proxy=True)

    def asked(address: str) -> int:
        return client.post(EXCHANGE, headers={"X-Forwarded-For": f"9.9.9.9, {address}"}).status_code

    assert [asked("1.1.1.1"), asked("1.1.1.1"), asked("2.2.2.2")] == [401, 429, 401]


def test_of_ipv6_a_whole_network_is_one_address(central: Central, opened: Callable[..., Client]) -> None:
    few = Limits(Buckets(Allowance(100, 1)), Buckets(Allowance(1, 0.1)), 1 << 30)
    client = opened(limits=few, behind_proxy=True)

    def asked(address: str) -> int:
        return client.post(EXCHANGE, headers={"X-Forwarded-For": address}).status_code

    assert [asked("2001:db8:1:2::1"), asked("2001:db8:1:2:ffff::9"), asked("2001:db8:1:3::1")] == [
        401,
        429,
        401,
    ]
    assert [asked("::ffff:1.1.1.1"), asked("1.1.1.1"), asked("::ffff:1.1.1.2")] == [401, 429, 401]
    assert [asked("no address"), asked("no address")] == [401, 429]


def test_a_bucket_fills_again_and_never_runs_over() -> None:
    buckets = Buckets(Allowance(2, 1))
    assert [buckets.wait_s("a", 0) for _ in range(3)] == [0, 0, 2]
    assert buckets.wait_s("a", 1000) == 0
    assert [buckets.wait_s("a", 100_000) for _ in range(3)] == [0, 0, 2]
    assert buckets.wait_s("a", 0) > 0  # the clock was set back: nothing flows in, nothing is lost
    assert usual_limits().requests.wait_s("a", 0) == 0


def test_it_says_whether_it_lives_is_ready_and_what_it_did(
    central: Central, opened: Callable[..., Client]
) -> None:
    shop, client = central.shop(), opened()
    sent(client, shop, shop.request(shop.log))
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 200
    counts = client.get("/metrics").text
    assert 'hatkhata_requests_total{route="exchange",status="200"} 1' in counts
    assert 'hatkhata_operations_received_total{status="ok"} 2' in counts
    assert shop.vendor.hex not in counts


def test_it_is_not_ready_while_its_database_is_away(
    central: Central, opened: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened()

    def away(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(central.database, "read", away)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_stopping_server_takes_nothing_new(central: Central, opened: Callable[..., Client]) -> None:
    shop, client = central.shop(), opened()
    client.app.state.serving.stopping = True
    answer = sent(client, shop, shop.request(shop.log))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert client.get("/readyz").status_code == 503


def test_no_person_stands_in_the_log(
    central: Central, opened: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.server import intake

    shop, client = central.shop(), opened()
    customer = shop.customer()
    _, [variant] = shop.product()
    shop.order(variant, customer=customer)
    client.app.state.serving.desk._crashed = lambda e: client.app.state.serving.log.crash("x", e)

    def broken(*_: object) -> tuple[Any, ...]:
        raise ValueError(f"{NAME} {PHONE}")

    monkeypatch.setattr(intake.Intake, "_sale_row", broken)
    assert statuses(reply_in(sent(client, shop, shop.request(shop.log))))[-1] == "not_applied"
    client.post(EXCHANGE, content=f"{NAME} {PHONE}".encode(), headers=bearer(shop))
    text = (tmp_path / "logs" / "hatkhata.log").read_text(encoding="utf-8")
    assert "ValueError" in text
    for secret in (PHONE, NAME, shop.token, shop.token.rpartition(".")[2]):
        assert secret not in text


def test_the_description_names_every_route_and_every_answer(
    central: Central, opened: Callable[..., Client]
) -> None:
    client = opened()
    told: Any = client.get("/openapi.json").json()
    assert told == json.loads(json.dumps(description(client.app)))
    assert set(told["paths"]) == {*DOORS, *ORGANISERS, "/healthz", "/readyz", "/metrics"}
    assert {"200", "400", "401", "413", "429", "503"} <= set(told["paths"][EXCHANGE]["post"]["responses"])
    assert client.get("/docs").status_code == 404
