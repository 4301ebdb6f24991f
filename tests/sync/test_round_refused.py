"""A round with a server that does not take what is brought: the device was shut out, or the vendor's room is full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault
from pos.server.desk import Desk
from pos.server.limits import Allowance, Buckets, Limits
from pos.sync import round as rounds
from pos.sync.courier import status
from tests.shopkeeping import sale
from tests.sync.shops import link_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import Clock
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]


def shut_out(wire: Wire, at_ms: int | None) -> None:
    """The second laptop is taken out at the server, or with None let in again."""
    with wire.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET revoked_at_ms = ? WHERE code = 'B'", (at_ms,))


def test_a_device_that_was_taken_out_sends_and_gets_nothing(one: Place, two: Place, wire: Wire) -> None:
    with one.open() as first, two.open() as second:
        second.orders.take(sale())
        shut_out(wire, 1)
        first.orders.take(sale())
        one.sync(first)
        outcome = two.sync(second)[-1]
        assert (outcome.revoked, outcome.pending, outcome.held) == (True, 0, 1)
        assert len(second.orders.list()) == 1
        one.sync(first)
        assert len(first.orders.list()) == 1


def test_a_device_that_was_taken_out_is_not_level_with_the_server_and_knows_why(
    two: Place, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two.open() as second:
        last = link_of(second)
        shut_out(wire, 1)
        two.clock.advance(ms=600_000)
        two.sync(second)
        assert (link_of(second).shut_out, link_of(second).synced_at_ms) == (True, last.synced_at_ms)
        assert status(second.store, two.paths).state == "revoked"
        with monkeypatch.context() as patch:
            patch.setattr(second.store, "write", pytest.fail)
            two.round(second).once()
        shut_out(wire, None)
        two.sync(second)
        assert (link_of(second).shut_out, link_of(second).synced_at_ms) == (False, two.clock.now_ms())
        assert status(second.store, two.paths).state == "synced"


def full(wire: Wire, clock: Clock) -> Desk:
    """The vendor's room at the server is full; the desk at which it was not."""
    before, plenty = wire.desk, Buckets(Allowance(1000, 1000))
    wire.desk = Desk(wire.database, clock, limits=Limits(plenty, plenty, 10))
    return before


def test_where_the_vendors_room_is_full_a_new_laptop_can_sell(one: Place, place: Places, wire: Wire) -> None:
    full(wire, one.clock)
    new = place("new")
    assert new.pair().way == "came"
    with one.open() as first, new.open() as shop:
        assert shop.stock.items() == first.stock.items()
        assert shop.orders.take(sale()).number == "B-26-000001"


def test_where_the_vendors_room_is_full_what_others_sent_still_comes(
    one: Place, two: Place, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_FIRST_ROWS", 1)  # in several pages
    with one.open() as first, two.open() as second:
        numbers = {first.orders.take(sale()).number for _ in range(3)}
        one.sync(first)
        roomy = full(wire, two.clock)
        mine = second.orders.take(sale()).number
        round_ = two.round(second)
        with pytest.raises(EnvironmentFault) as caught:
            round_.once()
        assert caught.value.code == "quota_used_up"
        assert {order.number for order in second.orders.list()} == numbers | {mine}
        assert status(second.store, two.paths).pending > 0
        numbers.add(first.orders.take(sale()).number)
        wire.desk = roomy
        one.sync(first)
        while round_.once().more:
            pass
        assert status(second.store, two.paths).pending == 0
        assert {order.number for order in second.orders.list()} == numbers | {mine}
