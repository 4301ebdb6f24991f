"""A laptop that was shut out shows what it sold as kept aside, and as the server's once that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.server.held import Held
from pos.services.whereabouts import whereabouts
from pos.store.link import read_link
from pos.sync import verify
from pos.sync.tokens import KeptTokens
from tests.shopkeeping import sale
from tests.sync.wire import VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.shop import Shop
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]


@pytest.fixture
def shop(place: Places) -> Iterator[Shop]:
    """The laptop that stands, open and with everything sent."""
    one = place("one")
    one.found()
    one.pair()
    with one.open() as opened:
        one.sync(opened)
        yield opened


@pytest.fixture
def out(place: Places, shop: Shop, wire: Wire) -> Place:
    """A second laptop, which was shut out and has sold two orders since."""
    two = place("two")
    two.pair()
    two.synced()
    wire.office.revoke(VENDOR, "B")
    with two.open() as opened:
        for _ in range(2):
            opened.orders.take(sale())
        assert two.sync(opened)[-1].held == 2
    return two


def on_server(shop: Shop) -> set[str]:
    """How far the shop's orders have come."""
    return {whereabouts(shop.desk, shop.backups, order.number).server for order in shop.orders.list()}


def is_out(shop: Shop) -> bool:
    """Whether the laptop says that it was taken out."""
    with shop.store.read() as connection:
        link = read_link(connection)
    assert link is not None
    return link.shut_out


def numbers(shop: Shop) -> list[str]:
    """Every order's number, sorted."""
    return sorted(order.number for order in shop.orders.list())


def on_hand(shop: Shop) -> int:
    """Thousandths of the honey."""
    return shop.stock.items("P001")[0].on_hand_milli


def test_what_is_kept_aside_is_shown_as_that(out: Place, shop: Shop, place: Places) -> None:
    with out.open() as opened:
        assert is_out(opened)
        assert on_server(opened) == {"held"}
        held = opened.waiting.lines(opened.waiting.look().ids).values()
        assert [(line.held, line.why) for line in held] == [(True, "device_revoked")] * 2
    place("one").sync(shop)
    assert (numbers(shop), on_hand(shop)) == ([], 50_000)


@pytest.mark.parametrize("accepted_first", [False, True])
def test_once_it_is_let_in_again_both_show_the_same(
    out: Place, shop: Shop, place: Places, wire: Wire, *, accepted_first: bool
) -> None:
    if accepted_first:
        assert Held(wire.office).accept(VENDOR, "B") == 2
        place("one").sync(shop)
        assert (numbers(shop), on_hand(shop)) == (["B-26-000001", "B-26-000002"], 48_000)
    assert out.pair().way == "renewed"
    with out.open() as opened:
        assert not is_out(opened), "from the pairing on, before anything was sent"
        opened.orders.take(sale())
        assert (outcome := out.sync(opened)[-1]).revoked is False
        assert outcome.held == 0
        assert on_server(opened) == {"there"}
        assert opened.waiting.look().held == 0
        place("one").sync(shop)
        assert numbers(shop) == numbers(opened) == [f"B-26-00000{n}" for n in (1, 2, 3)]
        assert on_hand(shop) == on_hand(opened) == 47_000
        tables = []
        for one, laptop in ((out, opened), (place("one"), shop)):
            found = verify.verify(laptop.store, wire, KeptTokens(one.paths))
            assert found.agrees
            tables.append(found.tables)
        assert tables[0] == tables[1]


def test_what_was_taken_in_without_it_it_does_not_hear_of(out: Place, shop: Shop, wire: Wire) -> None:
    Held(wire.office).accept(VENDOR, "B")
    with out.open() as opened:
        assert out.sync(opened)[-1].held == 2
        assert on_server(opened) == {"held"}
