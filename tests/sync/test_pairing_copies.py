"""A copy that is paired by a code becomes a laptop of its own, and its original keeps its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import PosError
from pos.store.verify import verify
from tests.shopkeeping import sale
from tests.sync.test_round_identity import all_synced, asked, copied, database, identity, numbers, set_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]


def without_tokens(place: Place) -> Place:
    """As it is found on another computer: a keyring does not travel with a folder."""
    (place.paths.home / "tokens.json").unlink()
    return place


def sound(*shops: Shop) -> bool:
    """Whether no rule is broken in any."""
    for shop in shops:
        with shop.store.read() as connection:
            report = verify(connection)
        assert report.ok, report.problems
    return True


def orders(shop: Shop) -> list[tuple[object, ...]]:
    """Whose order every order is, and what the laptops' codes are."""
    return asked(shop, "SELECT number, device_id FROM orders ORDER BY id") + asked(
        shop, "SELECT id, code FROM device ORDER BY id"
    )


@pytest.fixture
def one(place: Places) -> Place:
    """A paired shop that has sold, everything sent."""
    found = place("one")
    found.found()
    with found.open() as shop:
        shop.orders.take(sale())
    found.pair()
    found.synced()
    return found


def test_a_copy_that_is_paired_does_not_take_the_originals_token(one: Place, place: Places) -> None:
    copy = place("copy")
    copied(one, copy)
    without_tokens(copy)
    with copy.open() as other:
        other.orders.take(sale())
        with pytest.raises(PosError, match="login_needed"):
            copy.sync(other)
    paired = copy.pair()
    assert (paired.way, paired.device_code) == ("joined", "B")
    with one.open() as original, copy.open() as other:
        assert identity(original)[0] != identity(other)[0]
        original.orders.take(sale())
        all_synced((one, original), (copy, other))
        assert [one.sync(original)[-1].agree, copy.sync(other)[-1].agree] == [True, True]
        assert orders(original) == orders(other)
        assert len(numbers(original)) == 3
        assert original.orders.take(sale()).number == "A-26-000003"
        assert other.orders.take(sale()).number == "B-26-000001"
        assert sound(original, other)


def test_a_copy_that_is_paired_before_it_was_ever_opened_is_seen_too(one: Place, place: Places) -> None:
    copy = place("copy")
    copied(one, copy)
    assert without_tokens(copy).pair().device_code == "B"
    with one.open() as original, copy.open() as other:
        assert other.orders.take(sale()).number == "B-26-000001"
        assert original.orders.take(sale()).number == "A-26-000002"
        all_synced((one, original), (copy, other))
        assert orders(original) == orders(other)
        assert sound(original, other)


def test_a_copy_has_one_identity_more_and_not_two(one: Place, place: Places, wire: Wire) -> None:
    copy = place("copy")
    copied(one, copy)
    without_tokens(copy).pair()
    copy.synced()
    assert database(wire).execute("SELECT code FROM device ORDER BY code").fetchall() == [("A",), ("B",)]


@pytest.mark.parametrize("copy_first", [False, True])
def test_both_of_a_pair_of_copies_come_in_again_after_the_server_has_lost_them(
    one: Place, place: Places, wire: Wire, *, copy_first: bool
) -> None:
    image = database(wire).serialize()
    two, copy = place("two"), place("copy")
    two.pair()
    with two.open() as shop:
        shop.orders.take(sale())
    set_back(wire, image)  # the server knows neither of them any more
    copied(two, copy)
    with two.open() as original, copy.open() as other:
        mine, theirs = original.orders.take(sale()).number, other.orders.take(sale()).number
    both = (copy, two) if copy_first else (two, copy)
    for each in both:
        each.pair()
    with one.open() as first, two.open() as original, copy.open() as other:
        shops = {two: original, copy: other}
        all_synced((one, first), *((each, shops[each]) for each in both))
        all_synced((one, first), *((each, shops[each]) for each in both))
        for each, shop in ((one, first), (two, original), (copy, other)):
            last = each.sync(shop)[-1]
            assert (last.pending, last.held, last.agree) == (0, 0, True)
        assert numbers(first) == numbers(original) == numbers(other)
        assert {mine, theirs} <= set(numbers(first))
        assert orders(first) == orders(original) == orders(other)
        assert sound(first, original, other)


def test_the_numbers_that_a_copy_gave_before_it_became_another_laptop_are_no_gap(
    place: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("pos.sync.machine.machine_mark", "tests.sync.shops.machine_mark"):
        monkeypatch.setattr(where, lambda _paths: "alike")
    first, copy = place("one"), place("copy")
    first.found()
    first.pair()
    with first.open() as shop:
        shop.orders.take(sale())
    first.synced()
    copied(first, copy)
    with first.open() as original, copy.open() as other:
        for _ in range(2):
            original.orders.take(sale())
        other.configuration.put("shop.address", "স্টেশন রোড")
        copy.sync(other)  # it comes first, and keeps the identity of both
        all_synced((first, original), (copy, other))
        other.orders.take(sale())
        all_synced((copy, other), (first, original))
        assert len(numbers(other)) == len(set(numbers(other))) == 4
        assert sound(original, other)
