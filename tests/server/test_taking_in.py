"""What the server makes of the operations that a laptop sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pos.errors import UserError
from pos.protocol.operations import GENESIS, Operation, hash_of
from tests.server.laptop import statuses

if TYPE_CHECKING:
    from tests.server.conftest import Central
    from tests.server.laptop import Laptop


def forged(op: Operation, **changes: Any) -> Operation:
    """The operation with something in it changed, and a hash that fits again."""
    other = msgspec.structs.replace(op, **changes)
    return msgspec.structs.replace(other, hash=hash_of(other))


def put(laptop: Laptop, op: Operation) -> Operation:
    """Let the laptop's last operation be this one."""
    laptop.log[-1] = op
    return op


def stock_of(central: Central) -> dict[str, int]:
    return {bytes(one).hex(): qty for one, qty in central.rows("stock", "variant_id, on_hand")}


def test_every_operation_gets_a_place_in_the_order_in_which_it_came(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.stock(variant, 5000)
    shop.order(variant)
    reply = shop.push()
    assert statuses(reply) == ["ok"] * 5
    places = [result.seq or 0 for result in reply.results]
    assert places == sorted(set(places))
    assert reply.last_n == 5
    assert stock_of(central) == {variant.hex: 4000}
    [sale] = central.rows("sale", "number, total_paisa, status")
    assert sale == ("A-26-000001", 100_00, "confirmed")


def test_what_was_sent_before_is_answered_with_the_same_result_and_counts_once(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.stock(variant, 5000)
    first = shop.push()
    again = shop.ask(shop.request(shop.log, cursors={"v": 0, "h": 0, "g": 0}))
    assert again.results == first.results
    assert stock_of(central) == {variant.hex: 5000}
    assert len(central.rows("operation", "op_id")) == len(shop.log)


def test_a_batch_may_begin_in_what_is_known_and_go_on_with_what_is_new(central: Central) -> None:
    shop = central.shop()
    shop.push()
    _, [variant] = shop.product()
    shop.stock(variant, 2000)
    reply = shop.push()
    assert statuses(reply) == ["ok"] * 4
    assert reply.last_n == 4


def test_a_gap_is_asked_for_and_nothing_is_applied(central: Central) -> None:
    shop = central.shop()
    shop.push()
    shop.product()
    shop.product()
    reply = shop.exchange(shop.log[3:])
    assert (reply.need, reply.results, reply.last_n) == (3, [], 2)
    assert shop.exchange(first=4).need == 3


@pytest.mark.parametrize("field", ["body", "hlc", "at_ms", "agg_id"])
def test_what_is_not_as_it_was_hashed_is_held_and_the_rest_flows(central: Central, field: str) -> None:
    shop = central.shop()
    good = shop.setting("shop.name", "ক")
    changed: dict[str, Any] = {
        "body": good.body.replace(b"shop.name", b"shop.page"),
        "hlc": good.hlc + 1,
        "at_ms": 1,
        "agg_id": b"shop.page",
    }
    put(shop, msgspec.structs.replace(good, **{field: changed[field]}))
    shop.setting("shop.page", "খ")
    reply = shop.push()
    # The last stands on the same aggregate where the forged one took its name.
    assert statuses(reply)[:3] == ["ok", "ok", "altered"]
    assert reply.last_n == 4


def test_a_personal_part_that_is_not_what_was_sealed_is_held(central: Central) -> None:
    shop = central.shop()
    shop.customer()
    put(shop, msgspec.structs.replace(shop.log[-1], personal=b'{"name":"x"}'))
    assert statuses(shop.push())[-1] == "altered"


def test_a_personal_part_may_be_missing_since_its_buyer_was_erased(central: Central) -> None:
    shop = central.shop()
    shop.customer()
    put(shop, msgspec.structs.replace(shop.log[-1], personal=None))
    assert statuses(shop.push())[-1] == "ok"


def test_a_kind_of_a_later_release_is_held_until_the_server_knows_it(central: Central) -> None:
    shop = central.shop()
    shop.record("gift.given", "gift", b"g" * 16, shop.by({}))
    shop.record("setting.set", "setting", b"shop.name", shop.by({}), v=99)
    shop.setting("shop.page", "ক")
    assert statuses(shop.push()) == ["ok", "ok", "kind_unknown", "kind_unknown", "ok"]
    [stored] = central.rows("operation", "body", "kind = 'gift.given'")
    assert stored[0] == shop.log[2].body.decode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"by": 5}',
        b'{"by":"x"}',
        b"[]",
        b"null",
        b'{"by":"00000000000000000000000000000000","number":"A","number":"B"}',
    ],
)
def test_a_body_that_is_not_what_its_kind_says_is_held(central: Central, body: bytes) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    order = shop.order(variant)
    shop.step("order.packed", order)
    put(shop, forged(shop.log[-1], body=body))
    assert statuses(shop.push())[-1] == "body_unclear"


def test_a_body_spelt_in_another_way_is_held(central: Central) -> None:
    shop = central.shop()
    op = shop.setting("shop.name", "ক")
    put(shop, forged(op, body=op.body.replace(b'":', b'": ', 1)))
    assert statuses(shop.push())[-1] == "body_unclear"


def test_an_aggregate_that_is_another_than_the_body_says_is_held(central: Central) -> None:
    shop = central.shop()
    op = shop.setting("shop.name", "ক")
    put(shop, forged(op, agg_id=b"shop.page"))
    assert statuses(shop.push())[-1] == "body_unclear"
    op = shop.setting("shop.trade", "ক")
    put(shop, forged(op, agg="hat"))
    assert statuses(shop.push())[-1] == "body_unclear"


def test_what_stands_on_something_unknown_is_held_and_so_is_what_follows_it(central: Central) -> None:
    shop = central.shop()
    order = shop.order(shop.owner)  # an operator is no variant
    shop.step("order.packed", order)
    _, [variant] = shop.product()
    shop.stock(variant, 1000)
    assert statuses(shop.push()) == ["ok", "ok", "stands_on_unknown", "follows_held", "ok", "ok"]
    assert stock_of(central) == {variant.hex: 1000}
    assert central.rows("sale") == []


def test_what_waits_stands_as_soon_as_what_it_stands_on_has_come(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    product, [variant] = shop.product()
    # The other laptop has heard of the product by another way, before the server has.
    order = other.order(variant, 2000)
    other.step("order.packed", order)
    assert statuses(other.push()) == ["ok", "stands_on_unknown", "follows_held"]
    shop.push()
    assert stock_of(central) == {variant.hex: -2000}
    assert central.rows("sale", "status") == [("packed",)]
    assert [wire.k for wire in other.pull()] == ["product.added", "order.confirmed", "order.packed"]
    again = other.ask(other.request(other.log))
    assert statuses(again) == ["ok", "ok", "ok"]
    assert product.bytes in {bytes(row[0]) for row in central.rows("operation", "agg_id")}


def test_whoever_makes_again_what_is_there_is_held(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    order = shop.order(variant)
    shop.order(variant, order=order)
    assert statuses(shop.push())[-1] == "stands_already"
    assert stock_of(central) == {variant.hex: -1000}


def test_a_second_cancellation_brings_no_goods_back(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    order = shop.order(variant)
    shop.push()
    other = central.second(shop)
    other.cancel(order, variant)
    other.step("order.packed", order)
    assert statuses(other.push()) == ["ok"] * 3
    shop.cancel(order, variant)
    assert statuses(shop.push())[-1] == "ok"
    assert stock_of(central) == {variant.hex: 0}
    assert central.rows("sale", "status") == [("cancelled",)]


def test_packing_and_unpacking_show_in_the_sale(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    order = shop.order(variant)
    shop.step("order.packed", order)
    shop.push()
    assert central.rows("sale", "status") == [("packed",)]
    shop.step("order.unpacked", order)
    shop.push()
    assert central.rows("sale", "status") == [("confirmed",)]


def test_selling_below_nothing_is_taken(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    shop.order(variant, 5000)
    assert statuses(shop.push())[-1] == "ok"
    assert stock_of(central) == {variant.hex: -5000}


@pytest.mark.parametrize("ahead_ms", [-56 * 365 * 86_400_000, 74 * 365 * 86_400_000])
def test_no_clock_is_a_reason_to_hold_and_none_outranks_the_server(central: Central, ahead_ms: int) -> None:
    shop = central.shop()
    shop.push()
    now = central.clock.now_ms()
    central.clock.advance(ms=ahead_ms)
    shop.setting("shop.name", "ক")
    central.clock.advance(ms=-ahead_ms)
    [*_, result] = shop.push().results
    assert result.s == "ok"
    assert (result.r or 0) <= now << 16 | 0xFFFF
    if ahead_ms < 0:
        assert result.r == shop.log[-1].hlc


@pytest.mark.parametrize(
    ("at_ms", "status"), [(-1, "body_unclear"), (1 << 47, "body_unclear"), ((1 << 47) - 1, "ok")]
)
def test_a_time_that_no_calendar_shows_is_held(central: Central, at_ms: int, status: str) -> None:
    shop = central.shop()
    shop.push()
    shop.setting("shop.name", "ক")
    put(shop, forged(shop.log[-1], at_ms=at_ms))
    assert statuses(shop.push())[-1] == status


def test_two_who_changed_one_field_unknowing_are_both_in_conflict_until_one_decides(central: Central) -> None:
    shop = central.shop()
    product, _ = shop.product()
    made = shop.log[-1]
    shop.push()
    other = central.second(shop)
    mine = shop.edit("product", product.bytes, {"price": 120_00}, made)
    assert statuses(shop.push())[-1] == "ok"
    central.clock.advance(ms=1000)
    theirs = other.edit("product", product.bytes, {"price": 130_00}, made)
    assert statuses(other.push())[-1] == "conflict"
    assert statuses(shop.ask(shop.request(shop.log)))[-1] == "conflict"
    other.edit("product", product.bytes, {"price": 120_00}, theirs, closes=[["price", mine.op_id.hex]])
    assert statuses(other.push())[-1] == "ok"
    status = dict(central.rows("operation", "op_id, status"))
    assert {str(value) for value in status.values()} == {"ok"}


def test_two_fields_of_one_record_are_no_conflict(central: Central) -> None:
    shop = central.shop()
    product, [variant] = shop.product()
    made = shop.log[-1]
    shop.push()
    other = central.second(shop)
    shop.edit("product", product.bytes, {"price": 120_00}, made)
    shop.edit("variant", variant.bytes, {"size": "L"}, made)
    other.edit("product", product.bytes, {"name_en": "Pure honey"}, made)
    other.edit("variant", variant.bytes, {"colour": "লাল"}, made)
    assert set(statuses(shop.push()) + statuses(other.push())) == {"ok"}


def test_a_variant_made_with_its_product_is_edited_in_knowledge_of_it(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    made = shop.log[-1]
    shop.push()
    other = central.second(shop)
    shop.edit("variant", variant.bytes, {"size": "L"}, made)
    other.edit("variant", variant.bytes, {"size": "M"}, made)
    assert statuses(shop.push())[-1] == "ok"
    assert statuses(other.push())[-1] == "conflict"


def test_settings_and_hats_meet_by_their_name(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    shop.setting("shop.name", "ক")
    shop.push()
    other.setting("shop.name", "খ")
    assert statuses(other.push())[-1] == "conflict"
    day = {"source": "vendor", "on": "2026-12-01"}
    hours = {"kind": "added", "opens": 600, "closes": 900, "ordinal": None}
    shop.record("hat.set", "hat", b"2026-12-01", shop.by(day | hours))
    shop.record("hat.unset", "hat", b"2026-12-01", shop.by(day))
    assert statuses(shop.push())[-2:] == ["ok", "ok"]


def test_a_hat_day_set_twice_unknowing_waits_for_whoever_decides(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    day = {"source": "vendor", "on": "2026-12-01"}
    hours = {"kind": "added", "opens": 600, "closes": 900, "ordinal": None}
    none = {"kind": "cancelled", "opens": None, "closes": None, "ordinal": None}
    unseen = {"over": {"day": None}}
    mine = shop.record("hat.set", "hat", b"2026-12-01", shop.by(day | hours | unseen), v=2)
    assert statuses(shop.push())[-1] == "ok"
    central.clock.advance(ms=1000)
    theirs = other.record("hat.set", "hat", b"2026-12-01", other.by(day | none | unseen), v=2)
    assert statuses(other.push())[-1] == "conflict"
    assert statuses(shop.ask(shop.request(shop.log)))[-1] == "conflict"
    decided = day | hours | {"over": {"day": theirs.op_id.hex}, "decides": [mine.op_id.hex]}
    other.record("hat.set", "hat", b"2026-12-01", other.by(decided), v=2)
    assert statuses(other.push())[-1] == "ok"
    assert {str(row[1]) for row in central.rows("operation", "op_id, status")} == {"ok"}


def test_a_revoked_laptop_may_send_and_gets_nothing(central: Central) -> None:
    shop = central.shop()
    shop.push()
    other = central.second(shop)
    other.push()
    shop.setting("shop.name", "ক")
    shop.push()
    central.office.revoke("রূপকথা ঘর", other.code.lower())
    other.setting("shop.page", "খ")
    reply = other.push()
    assert statuses(reply) == ["ok", "device_revoked"]
    assert (reply.revoked, reply.changes, reply.cursors) == (True, {}, reply.since)
    assert reply.last_n == 2
    shop.pull()
    assert {wire.k for wire in shop.seen.values()} == {"device.joined"}


def test_erasing_a_buyer_blanks_what_names_her_now_and_later(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    customer = shop.customer()
    order = shop.order(variant, customer=customer)
    untouched = shop.customer()
    shop.push()
    late = central.second(shop)
    late.record(
        "customer.edited",
        "customer",
        customer.bytes,
        late.by({"over": {"name": None}, "closes": []}),
        {"name": "নতুন নাম"},
    )
    late.record(
        "order.noted",
        "order",
        order.bytes,
        late.by({"number": "A-26-000001", "over": {"note": None}}),
        {"note": "ফোন দিন"},
    )
    shop.record("customer.erased", "customer", customer.bytes, shop.by({"orders": [order.hex]}))
    assert statuses(shop.push())[-1] == "ok"
    assert set(statuses(late.push())) == {"ok"}
    named = {bytes(row[0]) for row in central.rows("operation", "agg_id", "personal IS NOT NULL")}
    assert named == {untouched.bytes}
    third = central.laptop()
    for wire in third.pull():
        assert bytes.fromhex(wire.a) == untouched.bytes or wire.p is msgspec.UNSET


def test_orders_of_an_erased_buyer_that_come_later_are_blank_and_nobody_elses(central: Central) -> None:
    shop = central.shop()
    _, [variant] = shop.product()
    erased, untouched = shop.customer(), shop.customer()
    shop.push()
    late = central.second(shop)
    gone, kept = late.order(variant, customer=erased), late.order(variant, customer=untouched)
    shop.record("customer.erased", "customer", erased.bytes, shop.by({"orders": []}))
    assert statuses(shop.push())[-1] == "ok"
    assert set(statuses(late.push())) == {"ok"}
    for order in (gone, kept):
        note = late.by({"number": "A-26-000001", "over": {"note": None}})
        late.record("order.noted", "order", order.bytes, note, {"note": "ফোন দিন"})
    assert set(statuses(late.push())) == {"ok"}
    named = {bytes(row[0]) for row in central.rows("operation", "agg_id", "personal IS NOT NULL")}
    assert named == {untouched.bytes, kept.bytes}


def test_one_operation_that_breaks_the_database_is_held_and_the_others_stand(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.server import intake

    shop = central.shop()
    _, [variant] = shop.product()
    shop.stock(variant, 3000)
    bad = shop.order(variant)
    shop.step("order.packed", bad)
    good = shop.order(variant)
    sale_row = intake.Intake._sale_row

    def broken(self: intake.Intake, candidate: Any, status: str) -> tuple[Any, ...]:
        row = sale_row(self, candidate, status)
        return (*row[:5], None, *row[6:]) if candidate.operation.agg_id == bad.bytes else row

    monkeypatch.setattr(intake.Intake, "_sale_row", broken)
    reply = shop.push()
    assert statuses(reply) == ["ok", "ok", "ok", "ok", "not_applied", "follows_held", "ok"]
    assert stock_of(central) == {variant.hex: 2000}
    assert [bytes(row[0]) for row in central.rows("sale", "order_id")] == [good.bytes]
    assert len(central.crashes) == 1
    central.crashes.clear()
    monkeypatch.undo()
    assert central.office.retry_held(shop.vendor) == 2
    assert stock_of(central) == {variant.hex: 1000}
    assert {row[0] for row in central.rows("operation", "status")} == {"ok"}


def test_what_is_held_of_one_vendor_is_judged_anew_and_of_no_other(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.server import intake

    def broken(*_anything: object) -> tuple[Any, ...]:
        return (None,) * 10

    shops = [central.shop(name) for name in ("রূপকথা ঘর", "Deshi Dukan")]
    monkeypatch.setattr(intake.Intake, "_sale_row", broken)
    for shop in shops:
        _, [variant] = shop.product()
        shop.stock(variant, 3000)
        shop.order(variant)
        assert statuses(shop.push())[-1] == "not_applied"
    central.crashes.clear()
    monkeypatch.undo()

    def held() -> dict[str, int]:
        return {view.name: view.held for view in central.office.vendors()}

    assert held() == {"রূপকথা ঘর": 1, "Deshi Dukan": 1}
    assert central.office.retry("deshi dukan ") == 1
    assert held() == {"রূপকথা ঘর": 1, "Deshi Dukan": 0}
    assert central.office.retry("Deshi Dukan") == 0
    with pytest.raises(UserError, match="vendor_unknown"):
        central.office.retry("নেই")
    assert central.office.retry_all() == 1
    assert not any(held().values())


def test_a_name_that_no_database_can_store_is_held(central: Central) -> None:
    shop = central.shop()
    shop.record("gift\x00given", "gi\x00ft", b"g" * 16, shop.by({}))
    assert statuses(shop.push())[-1] == "kind_unknown"


def test_the_digest_is_of_what_was_accepted_only(central: Central) -> None:
    from pos.protocol.messages import digest_of

    shop = central.shop()
    _, [variant] = shop.product()
    shop.record("gift.given", "gift", b"g" * 16, shop.by({}))
    shop.order(variant)
    shop.push()
    own = {
        "v": digest_of([op.hash for op in shop.log[:3]]),
        "h": digest_of([shop.log[4].hash]),
    }
    assert shop.exchange(digest=own).agree is True
    own["h"] = digest_of([GENESIS])
    assert shop.exchange(digest=own).agree is False
    assert shop.exchange().agree is None
