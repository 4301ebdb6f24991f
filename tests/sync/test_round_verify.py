"""Holding a shop against its server: one flipped bit, one lost row, one lost operation is found and mended."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from pos.errors import PosError
from pos.protocol.codec import decode, encode
from pos.protocol.messages import VerifyReply
from pos.services.order_book import OrderFilter
from pos.sync.drain import drain
from pos.sync.schedule import Schedule
from pos.sync.tokens import KeptTokens
from pos.sync.transport import Response
from pos.sync.verify import Verified, verify
from tests.shopkeeping import busy_day, sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.shop import Shop
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]


@pytest.fixture
def one(place: Places) -> Place:
    """A paired shop after a busy day, everything sent."""
    found = place("one")
    found.found()
    with found.open() as shop:
        busy_day(shop)
    found.pair()
    found.synced()
    return found


@pytest.fixture
def two(one: Place, place: Places) -> Place:
    """A second laptop with everything, and an order of its own."""
    found = place("two")
    found.pair()
    with found.open() as shop:
        shop.orders.take(sale())
        found.sync(shop)
    one.synced()
    return found


@pytest.fixture
def shop(two: Place) -> Iterator[Shop]:
    """The second laptop, opened."""
    with two.open() as opened:
        yield opened


def checked(place: Place, shop: Shop) -> Verified:
    """What `sync verify` does."""
    place.sync(shop)
    return verify(shop.store, place.wire, KeptTokens(place.paths))


def spoil(shop: Shop, sql: str, *values: Any) -> None:
    """Change the database behind the product's back."""
    with shop.store.write() as unit:
        unit.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        assert unit.connection.exec_driver_sql(sql, values).rowcount == 1


def test_two_laptops_and_their_server_agree_table_by_table(one: Place, two: Place) -> None:
    with one.open() as first, two.open() as second:
        here, there = checked(one, first), checked(two, second)
        assert here.agrees, here.problems
        assert there.agrees, there.problems
        assert (here.mended, here.only_here, here.operations) == (0, 0, there.operations)
        assert here.tables == there.tables
        assert here.tables["orders"][0] == 5


FOREIGN = "(SELECT op_id FROM foreign_op WHERE kind = '{}' LIMIT 1)"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM foreign_op WHERE op_id = ", "order.confirmed"),
        ("DELETE FROM foreign_op WHERE op_id = ", "product.added"),
        ("UPDATE foreign_op SET body = replace(body, 'P00', 'P01') WHERE op_id = ", "product.added"),
        ("UPDATE foreign_op SET hash = zeroblob(32) WHERE op_id = ", "setting.set"),
        ("UPDATE foreign_op SET personal = personal || ' ' WHERE op_id = ", "customer.added"),
        ("UPDATE foreign_op SET seq = NULL WHERE op_id = ", "stock.moved"),
        ("UPDATE op SET body = replace(body, 'P001', 'P009') WHERE kind = 'order.confirmed'", ""),
        ("UPDATE op SET at_ms = at_ms + 1 WHERE kind = 'order.confirmed'", ""),
    ],
)
def test_an_operation_that_is_lost_or_damaged_comes_back_whole(
    two: Place, shop: Shop, sql: str, kind: str
) -> None:
    before = checked(two, shop)
    assert before.agrees
    spoil(shop, sql + FOREIGN.format(kind) if kind else sql)
    after = checked(two, shop)
    assert (after.agrees, after.mended, after.problems) == (True, 1, [])
    assert after.tables == before.tables
    again = checked(two, shop)
    assert (again.agrees, again.mended, again.remade) == (True, 0, False)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM payment WHERE id = (SELECT id FROM payment LIMIT 1)",
        "UPDATE orders SET total_paisa = total_paisa + 1, rounding_paisa = rounding_paisa + 1 WHERE series_no = 3",
        "UPDATE variant SET on_hand_milli = on_hand_milli + 1 WHERE sku = 'P001'",
        "UPDATE product SET name_bn = 'অন্য' WHERE sku = 'P003'",
        "DELETE FROM stock_move WHERE id = (SELECT id FROM stock_move WHERE kind = 'sale' LIMIT 1)",
        "UPDATE setting SET value = '\"অন্য\"' WHERE key = 'shop.address'",
    ],
)
def test_a_row_that_is_not_what_its_operation_says_is_made_again(two: Place, shop: Shop, sql: str) -> None:
    before = checked(two, shop)
    spoil(shop, sql)
    after = checked(two, shop)
    assert (after.agrees, after.mended, after.remade) == (True, 0, True), after.problems
    assert after.tables == before.tables


def test_what_only_this_shop_has_is_never_dropped(two: Place, shop: Shop, wire: Wire) -> None:
    checked(two, shop)
    with wire.database.write() as connection:
        connection.exec_driver_sql(
            "DELETE FROM operation WHERE kind = 'order.confirmed' AND device_id <> x'00'"
        )
    found = checked(two, shop)
    assert not found.agrees
    assert found.only_here == 5
    assert len(shop.orders.list()) == 5


def test_what_the_server_sends_altered_is_not_put_in_place(two: Place, shop: Shop, wire: Wire) -> None:
    checked(two, shop)
    spoil(shop, "DELETE FROM foreign_op WHERE kind = 'order.cancelled'")

    def after(path: str, response: Response) -> Response:
        if path != "/sync/v1/verify":
            return response
        reply = decode(response.body, VerifyReply)
        import msgspec

        altered = [msgspec.structs.replace(w, t=w.t + 1) for w in reply.ops]
        return Response(200, encode(msgspec.structs.replace(reply, ops=altered)))

    wire.after = after
    found = checked(two, shop)
    assert (found.agrees, found.mended) == (False, 0)
    wire.after = lambda _path, response: response
    found = checked(two, shop)
    assert (found.agrees, found.mended) == (True, 1)


def test_goods_sold_beyond_what_is_there_are_an_alert_and_no_disagreement(two: Place, shop: Shop) -> None:
    shop.orders.take(sale("P004", "3"))
    found = checked(two, shop)
    assert found.agrees
    assert [alert.code for alert in found.alerts] == ["oversold"]


def test_a_shop_that_is_alone_cannot_be_held_against_anything(place: Places, wire: Wire) -> None:
    alone = place("alone")
    alone.found()
    with alone.open() as shop, pytest.raises(PosError, match="not_paired"):
        verify(shop.store, wire, KeptTokens(alone.paths))


def test_a_lost_operation_comes_back_by_itself_with_the_next_sync(two: Place, shop: Shop) -> None:
    before = checked(two, shop)
    spoil(shop, "DELETE FROM foreign_op WHERE op_id = " + FOREIGN.format("order.confirmed"))
    round_, schedule = two.round(shop), Schedule(uuid.uuid4())
    done = drain(round_, schedule, lambda _seconds: False)
    assert (done.mended, done.agree) == (1, True)
    assert checked(two, shop).tables == before.tables
    assert drain(round_, schedule, lambda _seconds: False).mended == 0


def test_what_cannot_be_mended_is_not_tried_at_every_turn(two: Place, shop: Shop, wire: Wire) -> None:
    checked(two, shop)
    with wire.database.write() as connection:
        connection.exec_driver_sql("UPDATE vendor_stream SET h_count = h_count + 1")
    round_, schedule = two.round(shop), Schedule(uuid.uuid4())
    for turn in range(3):
        wire.asked.clear()
        assert drain(round_, schedule, lambda _seconds: False).agree is False
        assert ("/sync/v1/verify" in wire.asked) == (turn == 0)


def test_orders_taken_in_the_same_instant_stand_alike_on_every_laptop(place: Places) -> None:
    one, two = place("one"), place("two")
    one.found()
    one.pair()
    one.synced()
    two.pair()
    two.synced()
    for laptop in (one, two):
        with laptop.open() as shop:
            for _ in range(3):
                shop.orders.take(sale())
    listed, shown = [], []
    one.synced()
    for laptop in (two, one):
        with laptop.open() as shop:
            laptop.sync(shop)
            listed.append([order.number for order in shop.orders.list()])
            shown.append([row.number for row in shop.book.rows(shop.book.ids(OrderFilter()))])
    assert len(listed[0]) == 6
    assert listed[0] == listed[1] == shown[0] == shown[1]
