"""What comes back from the server is taken in whole, in any order and as often as it likes to come."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.ids import uuid7
from pos.protocol import kinds
from pos.protocol.messages import digest_of
from pos.protocol.operations import GENESIS, sealed
from pos.services.product_change import ProductChange
from pos.store.inbox import Arrived, Settled, digests, forget_order, stock_known, take_in, unplaced
from pos.store.link import move_link, read_link
from pos.store.remake import remake
from pos.store.verify import Problem, verify
from tests.shopkeeping import PHONE, dump, paid, problems, sale, sale_to
from tests.store.several import Central, all_rows, joined, log, remade_rows, rows, tie

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop


@pytest.fixture
def central() -> Central:
    return Central()


@pytest.fixture
def other(shop: Shop, central: Central, tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    """A second laptop of the same shop."""
    tie(shop)
    central.push(shop)
    with joined(central, tmp_path / "other", clock, "B") as opened:
        central.settle(shop, opened)
        yield opened


def asked(shop: Shop, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with shop.store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql, values)]


def alerts(shop: Shop) -> list[Problem]:
    with shop.store.read() as connection:
        report = verify(connection)
    assert report.problems == []
    return report.alerts


def strange(kind: str, body: dict[str, object], seq: int, agg_id: bytes = bytes(16)) -> Arrived:
    """The first operation of a device that nobody knows."""
    operation = sealed(
        n=1,
        op_id=uuid7(seq),
        kind=kind,
        agg=kind.partition(".")[0],
        agg_id=agg_id,
        body=body,
        personal=None,
        salt=lambda: bytes(16),
        at_ms=1,
        hlc=seq,
        prev_hash=GENESIS,
    )
    return Arrived(operation, uuid7(1), seq, seq)


# ---- who this device is --------------------------------------------------------------------------------


def test_a_laptop_that_joins_is_itself_and_has_the_shop(shop: Shop, other: Shop) -> None:
    (mine,) = asked(shop, "SELECT device_id, code FROM installation")
    (theirs,) = asked(other, "SELECT device_id, code FROM installation")
    assert mine[0] != theirs[0]
    assert (mine[1], theirs[1]) == ("A", "B")
    assert rows(shop) == rows(other)
    assert sorted(code for _, code in asked(shop, "SELECT id, code FROM device")) == ["A", "B"]


def test_each_device_gives_numbers_of_its_own_code_and_knows_the_others(
    shop: Shop, other: Shop, central: Central
) -> None:
    numbers = [
        shop.orders.take(sale()).number,
        other.orders.take(sale()).number,
        other.orders.take(sale()).number,
    ]
    central.settle(shop, other)
    numbers += [shop.orders.take(sale()).number, other.orders.take(sale()).number]
    assert numbers == ["A-26-000001", "B-26-000001", "B-26-000002", "A-26-000002", "B-26-000003"]
    assert asked(shop, "SELECT code, last_no FROM series ORDER BY code") == [("A", 2), ("B", 2)]
    assert alerts(shop) == alerts(other) == []


# ---- results and places --------------------------------------------------------------------------------


def test_a_result_gives_an_operation_its_place_or_says_why_it_is_held(shop: Shop) -> None:
    tie(shop)
    with shop.store.write() as unit:
        first, second, *_ = log(unit.connection)
        settled = [Settled(first.op_id, 7, 70, 2, ""), Settled(second.op_id, None, None, 3, "kind_unknown")]
        take_in(unit.connection, settled, [])
    assert asked(shop, "SELECT state, seq, rank, why FROM op WHERE n < 4 ORDER BY n") == [
        (2, 7, 70, None),
        (3, None, None, "kind_unknown"),
        (0, None, None, None),
    ]


def test_an_own_operation_that_comes_down_was_taken_after_all(shop: Shop) -> None:
    tie(shop)
    device = uuid.UUID(bytes=asked(shop, "SELECT device_id FROM installation")[0][0])
    with shop.store.write() as unit:
        first, second, *_ = log(unit.connection)
        take_in(unit.connection, [Settled(first.op_id, None, None, 3, "stands_on_unknown")], [])
        take_in(unit.connection, [], [Arrived(first, device, 5, 50), Arrived(second, device, 6, 60)])
    assert asked(shop, "SELECT state, seq, rank, why FROM op WHERE n < 3") == [
        (1, 5, 50, None),
        (1, 6, 60, None),
    ]
    assert asked(shop, "SELECT * FROM foreign_op") == []


def test_what_comes_twice_is_taken_in_once(shop: Shop, other: Shop, central: Central) -> None:
    shop.orders.take(sale(payments=paid("50")))
    shop.stock.move("P003", "-2", "adjustment", "গোনায় কম")
    central.push(shop)
    since = len(central.taken) - 2
    with other.store.write() as unit:
        take_in(unit.connection, [], central.taken[since:] * 2)
        take_in(unit.connection, [], central.taken)
    assert rows(other) == rows(shop)


def test_a_digest_counts_what_has_a_place_on_both_sides_alike(
    shop: Shop, other: Shop, central: Central
) -> None:
    other.orders.take(sale())
    central.settle(shop, other)
    shop.orders.take(sale())  # not sent: counted by nobody
    expected = {
        stream: digest_of(
            [a.operation.hash for a in central.taken if kinds.KINDS[a.operation.kind].stream == stream]
        )
        for stream in ("v", "h")
    }
    for one in (shop, other):
        with one.store.read() as connection:
            assert digests(connection) == expected


# ---- what cannot stand ---------------------------------------------------------------------------------


def test_an_operation_of_a_later_release_waits_and_the_rest_goes_on(
    shop: Shop, other: Shop, central: Central
) -> None:
    later = strange("courier.booked", {"by": 1}, 900)
    number = shop.orders.take(sale()).number
    central.push(shop)
    with other.store.write() as unit:
        take_in(unit.connection, [], [later, *central.taken])
    assert other.orders.show(number).number == number
    assert asked(other, "SELECT op_id FROM deferred") == [(later.operation.op_id.bytes,)]
    assert alerts(other) == []


def test_what_another_program_wrote_wrong_waits_and_harms_nothing(
    shop: Shop, other: Shop, central: Central
) -> None:
    by = other.desk.by
    nowhere = {"id": "1" * 32, "variant": "2" * 32, "kind": "purchase", "qty": 1, "note": ""}
    wrong = [
        strange("stock.moved", {"by": by, "moves": [nowhere]}, 901),
        strange("order.packed", {"by": by, "number": "A-26-000099"}, 902, bytes(16)),
        strange("operator.added", {"name": "", "role": "owner"}, 903),
        strange("product.edited", {"by": by, "set": {"price": "free"}, "over": {}}, 904),
    ]
    number = shop.orders.take(sale()).number
    central.push(shop)
    before = rows(other)["operator"]
    with other.store.write() as unit:
        take_in(unit.connection, [], [*wrong, *central.taken])
    assert other.orders.show(number).number == number
    assert rows(other)["operator"] == before
    assert len(asked(other, "SELECT op_id FROM deferred")) == len(wrong)
    assert alerts(other) == []
    assert all_rows(other) == remade_rows(other)


def test_rows_that_are_made_again_leave_the_cart_and_what_waits_and_are_found(other: Shop) -> None:
    nowhere: dict[str, object] = {"by": other.desk.by, "number": "A-26-000099"}
    ahead = [strange("courier.booked", {"by": 1}, 900), strange("order.packed", nowhere, 901)]
    with other.store.write() as unit:
        take_in(unit.connection, [], ahead)
    other.drafts.save('{"lines": []}', draft_id=uuid7(1), label="শারমিন")
    cart = other.drafts.current()
    index = "SELECT product_id, name_bn, name_en, more FROM search_doc ORDER BY product_id"
    before = asked(other, index)
    with other.store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM deferred")  # as a damage would
        unit.connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        remake(unit.connection)
    assert asked(other, index) == before
    assert [one.product.sku for one in other.catalogue.find("মধু")] == ["P001"]
    assert other.drafts.current() == cart is not None
    assert sorted(asked(other, "SELECT op_id FROM deferred")) == sorted(
        (one.operation.op_id.bytes,) for one in ahead
    )
    assert alerts(other) == []


@pytest.mark.parametrize(
    "row",
    [
        "conflict VALUES ('product', zeroblob(16), 'price', zeroblob(16), zeroblob(16), '1', '2')",
        "reservation SELECT zeroblob(16), v.id, 1000, 1, 2, NULL, i.device_id FROM variant v, installation i LIMIT 1",
        "setting (key, value) VALUES ('shop.motto', 'x')",
        "hat_day (source, hat_on, kind) VALUES ('vendor', '2026-12-01', 'cancelled')",
    ],
)
def test_a_row_that_stands_in_no_operation_is_gone_once_all_is_made_again(other: Shop, row: str) -> None:
    before = all_rows(other)
    with other.store.write() as unit:
        unit.connection.exec_driver_sql(f"INSERT INTO {row}")
    assert all_rows(other) != before
    assert remade_rows(other) == before


def test_a_step_on_an_order_that_is_still_on_its_way_waits_for_it(
    shop: Shop, other: Shop, central: Central
) -> None:
    number = shop.orders.take(sale()).number
    shop.steps.pack(number)
    central.push(shop)
    order, packed = central.taken[-2:]
    with other.store.write() as unit:
        take_in(unit.connection, [], [packed])
    assert asked(other, "SELECT count(*) FROM deferred") == [(1,)]
    assert alerts(other) == []
    with other.store.write() as unit:
        take_in(unit.connection, [], [order])
    assert asked(other, "SELECT count(*) FROM deferred") == [(0,)]
    assert other.orders.show(number).status == "packed"


# ---- orders that two have touched ----------------------------------------------------------------------


def test_an_order_cancelled_on_two_laptops_brings_its_goods_back_once(
    shop: Shop, other: Shop, central: Central
) -> None:
    number = shop.orders.take(sale(qty="3", payments=paid("50"))).number
    central.settle(shop, other)
    on_hand = shop.stock.items("P001")[0].on_hand_milli
    shop.orders.cancel(number, "এক")
    other.orders.cancel(number, "দুই")
    central.settle(other, shop)
    for one in (shop, other):
        assert one.stock.items("P001")[0].on_hand_milli == on_hand + 3_000
        assert one.orders.show(number).refund_owed_paisa == 5_000
        assert [event.kind for event in one.book.timeline(number)].count("cancelled") == 2
        assert alerts(one) == []
    assert rows(shop) == rows(other)


def test_money_taken_twice_is_owed_back_and_shown(shop: Shop, other: Shop, central: Central) -> None:
    order = shop.orders.take(sale())
    central.settle(shop, other)
    shop.orders.pay(order.number, "cash", str(order.total_paisa // 100))
    other.orders.pay(order.number, "cash", str(order.total_paisa // 100))
    central.settle(shop, other)
    for one in (shop, other):
        there = one.orders.show(order.number)
        assert (there.due_paisa, there.paid_paisa) == (0, 2 * order.total_paisa)
        assert asked(one, "SELECT amount_paisa FROM owed_refund") == [(order.total_paisa,)]
        assert alerts(one) == [Problem("overpaid", 1, (order.number,))]
    shop.orders.cancel(order.number, "ভুল")
    assert asked(shop, "SELECT amount_paisa FROM owed_refund") == [(2 * order.total_paisa,)]
    assert alerts(shop) == []


def test_of_one_wallet_id_on_two_laptops_the_later_may_be_the_same_money(
    shop: Shop, other: Shop, central: Central
) -> None:
    mine = shop.orders.take(sale(payments=paid("100", "nagad", "75AB12CD"))).number
    theirs = other.orders.take(sale(payments=paid("100", "nagad", "75AB12CD"))).number
    central.settle(other, shop)
    for one in (shop, other):
        assert [p.state for p in one.orders.show(theirs).payments] == ["claimed"]
        assert [p.state for p in one.orders.show(mine).payments] == ["possible_duplicate"]


def test_a_packed_order_that_was_cancelled_elsewhere_is_cancelled(
    shop: Shop, other: Shop, central: Central
) -> None:
    number = shop.orders.take(sale()).number
    central.settle(shop, other)
    shop.steps.pack(number)
    other.orders.cancel(number, "ক্রেতা নেবেন না")
    assert (shop.orders.show(number).status, other.orders.show(number).status) == ("packed", "cancelled")
    central.settle(shop, other)
    assert shop.orders.show(number) == other.orders.show(number)
    assert shop.orders.show(number).status == "cancelled"


def test_two_orders_of_one_number_are_both_kept_and_shown(shop: Shop, other: Shop, central: Central) -> None:
    order = shop.orders.take(sale())
    central.push(shop)
    body = json.loads(central.taken[-1].operation.body)
    for line in body["lines"]:
        line["move"] = uuid7(1).hex
    copied = strange("order.confirmed", body, 900, uuid7(2).bytes)
    with other.store.write() as unit:
        take_in(unit.connection, [], [*central.taken, copied])
    assert [o.number for o in other.orders.list()] == [order.number, order.number]
    assert alerts(other) == [Problem("number_twice", 1, (order.number,))]


# ---- records that two have edited ----------------------------------------------------------------------


def test_two_prices_given_without_knowledge_of_each_other_are_a_conflict_until_somebody_decides(
    shop: Shop, other: Shop, central: Central, clock: FixedClock
) -> None:
    shop.catalogue.edit("P003", ProductChange(price_paisa=5_000))
    clock.advance(ms=1000)
    other.catalogue.edit("P003", ProductChange(price_paisa=6_000, name_bn="সাবান বড়"))
    assert shop.catalogue.show("P003").price_paisa == 5_000
    central.settle(shop, other)
    for one in (shop, other):
        product = one.catalogue.show("P003")
        assert (product.price_paisa, product.name_bn) == (6_000, "সাবান বড়")
        assert asked(one, "SELECT agg, field, kept, other FROM conflict") == [
            ("product", "price", "6000", "5000")
        ]
        assert [found.product.sku for found in one.catalogue.find("বড়")] == ["P003"]
    # Who writes over what is shown has not decided about the other value: it waits beside the new one.
    shop.catalogue.edit("P003", ProductChange(price_paisa=7_000))
    assert asked(shop, "SELECT kept, other FROM conflict") == [("7000", "5000")]
    assert alerts(shop) == []
    central.settle(shop, other)
    assert rows(shop) == rows(other)


def test_settings_and_hats_of_others_hold_at_the_next_sale(shop: Shop, other: Shop, central: Central) -> None:
    shop.orders.take(sale())  # what a sale needs of the settings is kept in memory from here on
    other.configuration.put("money.rounding", "none")
    other.configuration.cancel_hat(shop.configuration.hats()[-1].on)
    central.settle(other, shop)
    assert shop.configuration.get("money.rounding") == "none"
    assert shop.configuration.hats() == other.configuration.hats()
    assert shop.orders.take(sale("P004", "1", discount="0.10")).rounding_paisa == 0


# ---- buyers who are erased elsewhere -------------------------------------------------------------------


def test_a_buyer_erased_on_another_laptop_leaves_every_place_here(
    shop: Shop, other: Shop, central: Central
) -> None:
    number = shop.orders.take(sale_to(note="সন্ধ্যায়")).number
    central.settle(shop, other)
    late = shop.orders.take(sale_to(note="কাল")).number  # the other does not know of this one
    cart = shop.desk.new_id()
    shop.drafts.save(json.dumps({"phone": PHONE}), draft_id=cart)
    other.customers.erase(PHONE)
    central.settle(other, shop)
    shop.store.forget()
    for one in (shop, other):
        assert one.orders.show(number).customer is None
        assert one.orders.show(late).customer is None
        assert asked(one, "SELECT 1 FROM op WHERE personal LIKE '%1712345678%'") == []
        assert asked(one, "SELECT 1 FROM foreign_op WHERE personal LIKE '%1712345678%'") == []
        assert alerts(one) == []
    assert shop.drafts.current() is None
    assert b"1712345678" not in shop.paths.journal.read_bytes()
    assert rows(shop) == rows(other)
    shop.orders.cancel(late, "আমিনা বেগম নেবেন না")
    assert asked(shop, "SELECT 1 FROM op WHERE personal LIKE '%আমিনা%'") == []
    central.settle(shop, other)
    assert rows(shop) == rows(other)


# ---- stock before history ------------------------------------------------------------------------------


def test_a_new_laptop_sells_before_its_history_is_there(shop: Shop, other: Shop, central: Central) -> None:
    shop.orders.take(sale("P003", "4"))
    central.push(shop)
    upto = len(central.taken)
    told = {row[0]: row[1] for row in asked(shop, "SELECT id, on_hand_milli FROM variant")}
    with other.store.write() as unit:  # what the other has of history goes, as if it were still to come
        c = unit.connection
        c.exec_driver_sql("DELETE FROM foreign_op WHERE stream = 'h'")
        remake(c)
        move_link(c, stock_seq=0)
        stock_known(c, told, 0)
        move_link(c, stock_seq=upto)
    assert other.stock.items("P003")[0].on_hand_milli == 16_000
    assert alerts(other) == []
    other.orders.take(sale("P003", "1"))
    shop.orders.take(sale("P003", "2"))
    central.push(other)
    central.push(shop)
    history = [a for a in central.taken if kinds.KINDS[a.operation.kind].stream == "h"]
    for start in range(0, len(history), 2):
        with other.store.write() as unit:
            take_in(unit.connection, [], history[start : start + 2], stock_seq=upto)
        assert alerts(other) == []
        assert all_rows(other) == remade_rows(other)
    assert other.stock.items("P003")[0].on_hand_milli == 13_000
    with other.store.write() as unit:
        move_link(unit.connection, stock_seq=None)
    central.settle(shop, other)
    assert rows(shop) == rows(other)
    assert asked(other, "SELECT * FROM stock_base") == []


# ---- another memory of the server's --------------------------------------------------------------------


def test_a_server_that_lost_its_memory_gets_everything_back_from_anybody(
    shop: Shop, other: Shop, central: Central
) -> None:
    shop.orders.take(sale_to())
    number = shop.orders.take(sale()).number
    central.settle(shop, other)
    other.steps.pack(number)
    central.settle(shop, other)
    before = rows(shop)
    author = uuid.UUID(bytes=asked(shop, "SELECT device_id FROM installation")[0][0])
    with other.store.write() as unit:
        forget_order(unit.connection)
        found = unplaced(unit.connection, {author: 3})
        assert [operation.n for _, operation in found] == list(range(3, len(log_of(shop)) + 1))
        assert {device for device, _ in found} == {author}
        assert unplaced(unit.connection, {uuid7(1): 1}) == []
        assert digests(unit.connection)["v"].count == 0
    anew = Central()
    with shop.store.write() as unit:
        forget_order(unit.connection)
        move_link(unit.connection, ack_n=0, cursors={"v": 0, "h": 0})
    with other.store.write() as unit:
        move_link(unit.connection, ack_n=0, cursors={"v": 0, "h": 0})
    anew.settle(shop, other)
    assert rows(shop) == rows(other) == before
    assert alerts(other) == []


def log_of(shop: Shop) -> list[Any]:
    with shop.store.read() as connection:
        return list(log(connection))


def test_the_link_says_how_far_both_are(shop: Shop, other: Shop, central: Central) -> None:
    central.settle(shop, other)
    with other.store.read() as connection:
        link = read_link(connection)
    assert link is not None
    assert link.cursors["v"] == len(central.taken)
    assert dump(other.paths.database)["deferred"] == []
    assert problems(other.paths) == []
