"""What comes down to a laptop: everything once, in the server's order, records before history."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import insert, update

from pos.protocol import codec
from pos.protocol.messages import HatBody, NoticeBody, VerifyRequest
from pos.protocol.operations import hash_of
from pos.server import feed
from pos.server.tables import counter, hat_day, notice
from tests.server.laptop import seqs, statuses

if TYPE_CHECKING:
    from tests.server.conftest import Central
    from tests.server.laptop import Laptop


def busy(shop: Laptop, orders: int = 12) -> UUID:
    """A shop with records and history; the variant sold."""
    _, [variant] = shop.product()
    shop.stock(variant, 50_000)
    for at in range(orders):
        shop.order(variant)
        if at % 4 == 0:
            shop.setting("shop.name", f"নাম {at}")
    assert set(statuses(shop.push())) <= {"ok", "conflict"}
    return variant


def test_a_new_laptop_gets_everything_as_it_was_written(central: Central) -> None:
    shop = central.shop()
    busy(shop)
    other = central.laptop()
    came = other.pull(max_rows=3)
    assert {wire.i for wire in came} == {op.op_id.hex for op in shop.log}
    assert len(came) == len(shop.log)
    by_id = {op.op_id.hex: op for op in shop.log}
    for wire in came:
        op = by_id[wire.i]
        assert (wire.n, wire.k, bytes(wire.b), wire.x) == (op.n, op.kind, op.body, op.hash.hex())
        assert hash_of(op).hex() == wire.x
        assert wire.d == shop.device.hex


def test_records_come_before_history_and_each_in_the_servers_order(central: Central) -> None:
    shop = central.shop()
    busy(shop)
    other = central.laptop()
    streams: list[str] = []
    last = {"v": 0, "h": 0}
    while True:
        reply = other.exchange(max_rows=3)
        for stream in ("v", "h"):
            places = seqs(reply.changes.get(stream, ()))
            assert places == sorted(places)
            if places:
                assert places[0] > last[stream]
                last[stream] = places[-1]
                streams.append(stream)
        assert reply.cursors["h"] <= reply.cursors["v"]
        assert sum(map(len, reply.changes.values())) <= 3
        if not reply.more:
            break
    assert streams == sorted(streams, reverse=True)
    assert other.cursors["v"] == other.cursors["h"] == reply.upto


def test_a_page_says_how_much_is_left(central: Central) -> None:
    shop = central.shop()
    busy(shop)
    other = central.laptop()
    left = len(shop.log)
    while True:
        reply = other.exchange(max_rows=4)
        left -= sum(map(len, reply.changes.values()))
        assert reply.remaining == left
        if not reply.more:
            break
    assert left == 0


def test_a_page_is_limited_in_bytes_too_and_always_goes_on(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE_BYTES", 900)
    shop = central.shop()
    busy(shop)
    other = central.laptop()
    rounds, came = 0, 0
    while True:
        reply = other.exchange()
        rounds += 1
        got = sum(map(len, reply.changes.values()))
        came += got
        if not reply.more:
            break
        assert got
    assert came == len(shop.log)
    assert rounds > 5


def test_what_the_results_place_does_not_come_back_and_everything_else_does(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    _, [variant] = shop.product()
    shop.stock(variant, 1000)
    shop.push()
    other.setting("shop.page", "ক")
    reply = other.push()
    assert {wire.k for changes in reply.changes.values() for wire in changes} == {
        "shop.founded", "operator.added", "product.added", "stock.moved",
    }  # fmt: skip
    # A laptop that lost its own operations is given them like anybody's.
    other.cursors = {"v": 0, "h": 0, "g": 0}
    assert {wire.i for wire in other.pull()} >= {op.op_id.hex for op in other.log}


def test_a_held_operation_comes_down_to_nobody_until_it_stands(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    _, [variant] = shop.product()
    other.order(variant)
    other.push()
    shop.exchange()
    assert "order.confirmed" not in {wire.k for wire in shop.seen.values()}
    shop.push()
    shop.exchange()
    assert "order.confirmed" in {wire.k for wire in shop.seen.values()}
    other.exchange()
    assert other.log[1].op_id.hex in other.seen


def test_what_is_on_hand_is_told_once_the_records_are_there(central: Central) -> None:
    shop = central.shop()
    variant = busy(shop)
    other = central.laptop()
    told = None
    while told is None:
        reply = other.exchange(max_rows=2, stock=True)
        told = reply.stock
        assert (told is not None) == (reply.cursors["v"] == reply.upto)
    assert told == {variant.hex: 50_000 - 12_000}
    assert reply.cursors["h"] < reply.upto


def test_an_idle_laptop_costs_no_write(central: Central) -> None:
    shop = central.shop()
    shop.push()
    reply = shop.exchange()
    assert (reply.changes, reply.more, reply.upto) == ({}, False, 2)
    seen = central.rows("device", "last_seen_ms")
    central.clock.advance(ms=60_000)
    shop.exchange()
    assert central.rows("device", "last_seen_ms") == seen
    shop.exchange(waiting=3)
    assert central.rows("device", "waiting") == [(3,)]
    central.clock.advance(ms=600_000)
    shop.exchange(waiting=3)
    assert central.rows("device", "last_seen_ms") == [(central.clock.now_ms(),)]


def test_hats_and_notices_reach_every_vendor(central: Central) -> None:
    shop, stranger = central.shop(), central.shop("অন্য ঘর")
    shop.push()
    stranger.push()
    central.office.cancel_hat(dt.date(2026, 11, 27), "বৃষ্টি")
    central.office.add_hat(dt.date(2026, 11, 28), opens_min=600, closes_min=1200, ordinal=262)
    notice = central.office.write_notice("হাট বাতিল", "কাল হাট বসবে না।", kind="warning")
    for laptop in (shop, stranger):
        reply = laptop.exchange()
        assert [(row.t, row.pk, row.gone) for row in reply.hats] == [
            ("hat", "2026-11-27", False),
            ("hat", "2026-11-28", False),
            ("notice", notice.notice_id.hex, False),
        ]
        hat = msgspec.json.decode(reply.hats[0].body, type=HatBody)
        assert (hat.kind, hat.reason) == ("cancelled", "বৃষ্টি")
        assert msgspec.json.decode(reply.hats[1].body, type=HatBody).ordinal == 262
        assert msgspec.json.decode(reply.hats[2].body, type=NoticeBody).title == "হাট বাতিল"
        assert laptop.exchange().hats == []
    central.office.clear_hat(dt.date(2026, 11, 27))
    central.office.withdraw_notice(notice.notice_id)
    assert [(row.pk, row.gone) for row in shop.exchange().hats] == [
        ("2026-11-27", True),
        (notice.notice_id.hex, True),
    ]


@pytest.mark.parametrize(("days", "notices"), [(1500, 0), (1000, 0), (0, 1500), (1000, 1), (1200, 1300)])
def test_more_days_and_notices_than_one_reply_holds_all_come(
    central: Central, days: int, notices: int
) -> None:
    shop = central.shop()
    shop.push()
    first = dt.date(2027, 1, 1)
    places = random.Random(7).sample(range(1, days + notices + 1), days + notices)
    hats = [
        {
            "hat_on": (first + dt.timedelta(at)).isoformat(),
            "g": g,
            "kind": "cancelled",
            "reason": "",
            "gone": 0,
        }
        for at, g in enumerate(places[:days])
    ]
    told = [
        {"notice_id": UUID(int=g), "g": g, "body": "{}", "made_at_ms": 0, "gone": 0} for g in places[days:]
    ]
    with central.database.write() as connection:
        for table, rows in ((hat_day, hats), (notice, told)):
            if rows:
                connection.execute(insert(table), rows)
        connection.execute(update(counter).where(counter.c.name == "g").values(value=len(places)))
    seen: list[int] = []
    while True:
        reply = shop.exchange()
        seen += [row.seq for row in reply.hats]
        if not reply.more:
            break
    assert seen == sorted(places)
    assert shop.cursors["g"] == len(places)


def test_comparing_finds_the_operations_that_differ(central: Central) -> None:
    shop = central.shop()
    busy(shop)
    upto = shop.cursors["v"]
    own = {
        op.op_id: op.hash for op in shop.log if op.kind != "stock.moved" and not op.kind.startswith("order")
    }
    same = shop.verify(VerifyRequest("v", upto, buckets=feed.buckets(own)))
    assert same.differ == []
    lost = shop.log[2]
    del own[lost.op_id]
    found = shop.verify(VerifyRequest("v", upto, buckets=feed.buckets(own)))
    assert found.differ == [lost.op_id.int & 0xFF]
    listed = shop.verify(VerifyRequest("v", upto, list_buckets=found.differ)).listed
    assert listed[lost.op_id.hex] == lost.hash.hex()
    [wire] = shop.verify(VerifyRequest("v", upto, fetch=[lost.op_id.hex, "nonsense"])).ops
    assert bytes(wire.b) == lost.body


def test_only_what_had_a_place_by_then_is_compared(central: Central) -> None:
    shop = central.shop()
    shop.push()
    upto = shop.cursors["v"]
    shop.setting("shop.name", "ক")
    shop.push()
    early = {op.op_id: op.hash for op in shop.log[:2]}
    assert shop.verify(VerifyRequest("v", upto, buckets=feed.buckets(early))).differ == []


def test_a_reply_is_one_frame_of_json(central: Central) -> None:
    shop = central.shop()
    answer = shop.desk.exchange(shop.token, codec.encode(shop.request(shop.log)))
    assert answer.headers == {"Content-Type": "application/json", "Content-Encoding": "zstd"}
