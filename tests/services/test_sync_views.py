"""What a person is told of sync: what waits, what two devices wrote differently, what is short, where an order is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, UserError
from pos.services.catalogue import NewProduct
from pos.services.notices import notices
from pos.services.order_request import CustomerRequest
from pos.services.oversold import oversold
from pos.services.product_change import ProductChange
from pos.services.whereabouts import whereabouts
from tests.shopkeeping import PHONE, busy_day, dump, paid, sale, sale_to, spoil

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.services.conflicts import Dispute
    from pos.services.waiting import WaitingLine
    from pos.shop import Shop
    from tests.organiser import Organiser


def lines(shop: Shop) -> list[WaitingLine]:
    ids = shop.waiting.look().ids
    found = shop.waiting.lines(ids)
    return [found[one] for one in ids]


def disagree(first: Shop, second: Shop, organiser: Organiser, clock: FixedClock) -> Dispute:
    """Two prices for one product, written without knowledge of each other; the second is the later one."""
    first.catalogue.edit("P001", ProductChange(price_paisa=65_000))
    clock.advance(ms=60_000)
    second.catalogue.edit("P001", ProductChange(price_paisa=62_000))
    organiser.sync(first)
    organiser.sync(second)
    organiser.sync(first)
    (dispute,) = first.conflicts.list()
    return dispute


# ---- what waits --------------------------------------------------------------------------------------


def test_nothing_waits_in_a_shop_without_a_server(shop: Shop) -> None:
    busy_day(shop)
    assert shop.waiting.look() == type(shop.waiting.look())((), 0, 0)


def test_what_was_done_waits_the_newest_first_until_it_is_sent(shop: Shop, organiser: Organiser) -> None:
    organiser.pair(shop)
    organiser.sync(shop)
    assert shop.waiting.look().ids == ()
    number = shop.orders.take(sale_to(payments=paid("300"), rest="cod", delivery="130")).number
    shop.orders.pay(number, "bkash", "200", "CKO7A2KQ4Z")
    shop.stock.move("P003", "-2", "adjustment", "গোনায় কম")
    stock, money, order, buyer = lines(shop)
    assert (stock.kind, stock.qty_milli, stock.detail) == ("stock.moved", -2000, "adjustment")
    assert stock.goods is not None
    assert stock.goods.name_bn == "সাবান"
    assert (money.number, money.amount_paisa, money.method) == (number, 20_000, "bkash")
    assert (order.number, order.who, order.amount_paisa) == (number, "শারমিন আক্তার", 113_000)
    assert (buyer.kind, buyer.who, buyer.place) == ("customer.added", "শারমিন আক্তার", "ঢাকা")
    assert {line.operator for line in (stock, money, order, buyer)} == {shop.desk.operator.name}
    assert shop.waiting.look().waiting == 4
    organiser.sync(shop)
    assert shop.waiting.look().ids == ()


def test_every_kind_of_act_has_a_line(shop: Shop, organiser: Organiser) -> None:
    organiser.pair(shop)
    numbers = busy_day(shop)
    shop.steps.check(numbers[0])
    shop.steps.pack(numbers[0])
    shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900"))
    shop.catalogue.edit("P900", ProductChange(price_paisa=240_000))
    shop.operators.add("তারেক")
    said = {line.kind: line for line in reversed(lines(shop))}
    assert said["product.added"].amount_paisa == 250_000
    assert said["product.edited"].detail == "price"
    assert said["operator.added"].who == "তারেক"
    assert said["setting.set"].detail == "shop.address"
    assert said["hat.set"].detail == "2026-11-28"
    assert said["order.packed"].number == numbers[0]
    assert said["order.cancelled"].number == numbers[3]


def test_what_the_server_keeps_aside_comes_first_and_says_why(shop: Shop, organiser: Organiser) -> None:
    organiser.pair(shop)
    number = shop.orders.take(sale()).number
    organiser.sync(shop)
    spoil(shop.paths.database, "UPDATE op SET state = 3, why = 'kind_unknown' WHERE kind = 'order.confirmed'")
    shop.stock.move("P003", "1", "purchase")
    seen = shop.waiting.look()
    assert (seen.waiting, seen.held) == (1, 1)
    held, waiting = lines(shop)
    assert (held.number, held.held, held.why) == (number, True, "kind_unknown")
    assert not waiting.held


# ---- what is to be decided -----------------------------------------------------------------------------


def test_both_values_are_shown_with_who_when_and_where(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    dispute = disagree(shop, second, organiser, clock)
    assert (dispute.record, dispute.field, dispute.name_bn) == ("product", "price", "খাঁটি মধু")
    stands, other = dispute.values
    assert (stands.value, stands.device, stands.here) == (62_000, "B", False)
    assert (other.value, other.device, other.here) == (65_000, "A", True)
    assert stands.at_ms - other.at_ms == 60_000
    assert stands.operator
    assert other.operator
    (there,) = second.conflicts.list()
    assert [one.op for one in there.values] == [one.op for one in dispute.values]
    assert there.values[0].here


@pytest.mark.parametrize("keep", [0, 1])
def test_what_a_person_decides_stands_on_every_device(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock, keep: int
) -> None:
    dispute = disagree(shop, second, organiser, clock)
    shop.conflicts.decide(dispute, dispute.values[keep].op)
    assert shop.conflicts.count() == 0, "who has decided is not asked again, with or without a line"
    for one in (shop, second, shop):
        organiser.sync(one)
    wanted = dispute.values[keep].value
    for one in (shop, second):
        assert one.catalogue.show("P001").price_paisa == wanted
        assert one.conflicts.list() == []


def test_a_question_that_somebody_else_has_answered_is_not_answered_twice(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    dispute = disagree(shop, second, organiser, clock)
    second.conflicts.decide(second.conflicts.list()[0], dispute.values[1].op)
    organiser.sync(second)
    organiser.sync(shop)
    with pytest.raises(ConflictError, match="conflict_changed"):
        shop.conflicts.decide(dispute, dispute.values[0].op)
    assert shop.catalogue.show("P001").price_paisa == 65_000


def test_a_buyer_and_a_setting_are_decided_like_goods(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    shop.orders.take(sale_to())
    for one in (shop, second):
        organiser.sync(one)
    for one, name, road in ((shop, "শারমিন", "স্টেশন রোড"), (second, "শারমিন বেগম", "কলেজ রোড")):
        one.orders.take(sale(customer=CustomerRequest(name=name, phone=PHONE)))
        one.configuration.put("shop.address", road)
        clock.advance(ms=60_000)
    for one in (shop, second, shop):
        organiser.sync(one)
    found = {dispute.record: dispute for dispute in shop.conflicts.list()}
    assert set(found) == {"customer", "setting"}
    assert {one.value for one in found["customer"].values} == {"শারমিন", "শারমিন বেগম"}
    for dispute in found.values():
        shop.conflicts.decide(dispute, next(one.op for one in dispute.values if one.here))
    for one in (shop, second, shop):
        organiser.sync(one)
    for one in (shop, second):
        assert one.conflicts.count() == 0
        assert one.configuration.shop().address == "স্টেশন রোড"
    assert _customers(shop) == _customers(second)
    assert "শারমিন" in _customers(shop)


def _customers(shop: Shop) -> set[str]:
    return {str(value) for row in dump(shop.paths.database)["customer"] for value in row}


def test_a_helper_does_not_decide_about_people(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    helper = shop.operators.add("তারেক")
    for one in (shop, second):
        organiser.sync(one)
    shop.operators.edit(helper.id, name="তারেক ক")
    clock.advance(ms=60_000)
    second.operators.edit(helper.id, name="তারেক খ")
    for one in (shop, second, shop):
        organiser.sync(one)
    (dispute,) = shop.conflicts.list()
    shop.desk.operator = helper
    with pytest.raises(UserError, match="owner_only"):
        shop.conflicts.decide(dispute, dispute.values[0].op)


# ---- what is short -------------------------------------------------------------------------------------


def test_goods_below_zero_name_the_orders_that_took_them_last(
    shop: Shop, second: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    assert oversold(shop.desk) == []
    first = shop.orders.take(sale("P003", "15")).number
    clock.advance(ms=60_000)
    last = second.orders.take(sale("P003", "15")).number
    for one in (shop, second, shop):
        organiser.sync(one)
    for one in (shop, second):
        (short,) = oversold(one.desk)
        assert (short.sku, short.short_milli, short.orders) == ("P003", 10_000, (last,))
    shop.orders.cancel(last, "ক্রেতা নেবেন না")
    assert oversold(shop.desk) == []
    clock.advance(ms=60_000)
    more = shop.orders.take(sale("P003", "10")).number
    (short,) = oversold(shop.desk)
    assert (short.short_milli, short.orders) == (5_000, (more,))
    assert first != more


# ---- where an order is ---------------------------------------------------------------------------------


def test_an_order_is_saved_then_backed_up_then_on_the_server(shop: Shop, organiser: Organiser) -> None:
    number = shop.orders.take(sale()).number

    def where() -> tuple[bool | None, str]:
        found = whereabouts(shop.desk, shop.backups, number)
        return found.backed_up, found.server

    assert where() == (False, "alone")
    shop.backups.make()
    assert where() == (True, "alone")
    organiser.pair(shop)
    assert where() == (True, "waiting")
    organiser.sync(shop)
    assert where() == (True, "there")
    shop.orders.pay(number, "cash", "100")
    assert where() == (False, "waiting"), "what was done to it last counts as well"
    organiser.sync(shop)
    assert where() == (False, "there")


def test_what_another_device_took_is_on_the_server_and_in_no_backup_of_ours(
    shop: Shop, second: Shop, organiser: Organiser
) -> None:
    number = second.orders.take(sale()).number
    organiser.sync(second)
    organiser.sync(shop)
    found = whereabouts(shop.desk, shop.backups, number)
    assert (found.backed_up, found.server) == (None, "there")


def test_an_order_that_the_server_keeps_aside_is_not_called_there(shop: Shop, organiser: Organiser) -> None:
    organiser.pair(shop)
    number = shop.orders.take(sale()).number
    organiser.sync(shop)
    spoil(shop.paths.database, "UPDATE op SET state = 3 WHERE kind = 'order.confirmed'")
    assert whereabouts(shop.desk, shop.backups, number).server == "held"


def test_an_unknown_order_is_nowhere(shop: Shop) -> None:
    with pytest.raises(UserError, match="order_unknown"):
        whereabouts(shop.desk, shop.backups, "A-26-000999")


# ---- the organiser -------------------------------------------------------------------------------------


def test_notices_hold_from_when_they_were_written_until_their_time_is_over(
    shop: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    organiser.pair(shop)
    news = organiser.office.write_notice("নতুন গেট", "পশ্চিম দিকে", until_ms=clock.now_ms() + 3_600_000)
    clock.advance(ms=60_000)
    organiser.office.write_notice("হাট বাতিল", "বন্যার জন্য", title_en="No hat", kind="warning")
    assert notices(shop.desk) == []
    organiser.sync(shop)
    first, later = notices(shop.desk)
    assert (first.kind, first.title_bn, first.title_en) == ("warning", "হাট বাতিল", "No hat")
    assert later.title_bn == "নতুন গেট"
    clock.advance(ms=3_600_000)
    assert [one.title_bn for one in notices(shop.desk)] == ["হাট বাতিল"]
    organiser.office.withdraw_notice(news.notice_id)
