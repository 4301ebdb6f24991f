"""What long runs of the simulator found, each told step by step: a seed is another world as soon as it draws anew."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from pos.sync import round as sync_round
from tests.sync.scene import scene

if TYPE_CHECKING:
    from tests.sync.laptop import Laptop


def price_of(laptop: Laptop, sku: str) -> list[tuple[object, ...]]:
    """What it costs here; nothing where the product is not here."""
    return laptop.store.ask("SELECT price_paisa FROM product WHERE sku = ?", sku)


def test_a_price_that_the_journal_gave_back_stands_as_soon_as_its_product_comes_in_again() -> None:
    """Seed 1280: the product was another laptop's and went with the database; the edit is here without it."""
    with scene() as s:
        a, b = s.laptops
        before = a.store.image()
        s.add(b, "P9")
        s.drain(b)
        s.drain(a)
        s.price(a, 333_00, "P9")
        a.set_back(before, keep=len(a.store.journal))
        assert price_of(a, "P9") == []
        s.sell(a)  # nobody has to wait for it
        s.drain(a)
        assert price_of(a, "P9") == [(333_00,)]
        s.settle()
        assert price_of(b, "P9") == [(333_00,)]


def test_a_laptop_and_its_copy_come_in_again_whoever_is_paired_first() -> None:
    """Seed 424: each code that was typed on the one took away the other's token, and neither ever drained."""
    for copy_first in (False, True):
        with scene() as s:
            backup = s.server.image()
            s.world._join("k")
            original = s.laptops[-1]
            s.drain(original)
            copy = s.world.copy_of(original, "k'", alike=False)
            s.price(copy, 444_00)
            s.sell(original)
            s.server.set_back(backup)
            for laptop in (copy, original) if copy_first else (original, copy):
                assert s.tried(laptop) == "login_needed"
                laptop.pair(s.world._code())
            for laptop in s.laptops:
                s.drain(laptop)
            assert copy.device_id != original.device_id
            s.settle()


@pytest.mark.parametrize("itself_first", [False, True])
def test_what_a_laptop_sold_before_it_was_shut_out_is_the_shops_also_after_a_restore(
    *, itself_first: bool
) -> None:
    """The server was set back; what one that is shut out brings is held, but others have had its orders before."""
    with scene(3) as s:
        a, b, c = s.laptops
        backup = s.server.image()
        number = s.sell(b)
        s.pay(b, number)
        s.drain(b)
        s.drain(c)
        s.server.set_back(backup)
        s.server.revoke(b.device_id)
        b.revoked = True
        s.sell(b)  # what it does from now on is nobody's
        for laptop in (b, c, b) if itself_first else (c, b):
            s.drain(laptop)
        s.settle()
        shown = a.store.ask("SELECT number FROM orders")
        assert shown == c.store.ask("SELECT number FROM orders") == [(number,)]


def test_an_own_sale_that_a_copy_brought_while_shut_out_is_taken_from_whoever_is_not() -> None:
    with scene(3) as s:
        a, b, _ = s.laptops
        number = s.sell(b)
        copy = s.world.copy_of(b, "d", alike=False)
        s.server.revoke(b.device_id)
        b.revoked = True
        s.drain(b)  # held: the thief has it as well
        copy.pair(s.world._code())
        s.drain(copy)
        s.drain(a)
        assert a.store.ask("SELECT number FROM orders") == [(number,)]
        s.settle()


def test_what_a_laptop_and_the_server_have_both_lost_is_given_back_by_who_has_it() -> None:
    """Its author has written others at the same positions since: what it lost is a log of its own."""
    with scene(3) as s:
        a, b, c = s.laptops
        backup, before = s.server.image(), b.store.image()
        kept = [s.sell(b), s.sell(b)]
        s.drain(b)
        s.drain(c)
        s.server.set_back(backup)
        b.set_back(before, keep=0)
        kept.append(s.sell(b))
        for laptop in (b, c, a, b):
            s.drain(laptop)
        assert len(set(kept)) == 3
        for laptop in (a, b, c):
            assert {row[0] for row in laptop.store.ask("SELECT number FROM orders")} == set(kept)
        s.settle()


@pytest.mark.parametrize("since", [1, 3])
@pytest.mark.parametrize("at_once", [1, 2])
def test_much_of_what_both_have_lost_is_given_back_in_pieces_and_stays_one_log(
    *, at_once: int, since: int
) -> None:
    """Two laptops have it, a part each time; and the server is set back to the midst of it once more."""
    with scene(3) as s, mock.patch.object(sync_round, "MAX_OPERATIONS", at_once):
        s.world.blind = True
        a, b, c = s.laptops
        backup, before = s.server.image(), c.store.image()
        devices = len(s.laptops) + 1
        for _ in range(5):
            s.sell(c)
        for laptop in (c, a, b):
            s.drain(laptop)
        s.server.set_back(backup)
        c.set_back_blindly(before)
        for _ in range(since):
            s.sell(c)
        s.drain(c)
        for _ in range(3):
            s.sync(a)
        midst = s.server.image()
        for laptop in (b, a, b, a, c):
            s.drain(laptop)
        assert s.server.ask("SELECT count(*) FROM device") == [(devices,)]
        s.server.set_back(midst)
        for laptop in (b, c, a):
            s.drain(laptop)
        s.settle()
        assert s.server.ask("SELECT count(*) FROM device") == [(devices,)]
        assert a.store.ask("SELECT count(*) FROM orders") == [(5 + since,)]


def test_a_day_of_the_calendar_on_which_two_differ_is_decided_for_good() -> None:
    """Seed 3642: an operation is read as its own version says; `hat.set` has a second one."""
    with scene() as s:
        a, b = s.laptops
        s.hat(a, "10:00")
        s.hat(b, "11:00")
        for laptop in (a, b, a):
            s.drain(laptop)
        assert a.store.ask("SELECT count(*) FROM conflict WHERE agg = 'hat'") == [(1,)]
        s.decide(a)
        s.settle()
        assert b.store.ask("SELECT count(*) FROM conflict") == [(0,)]


def test_a_promise_that_was_taken_back_stays_so_though_the_database_forgot_it() -> None:
    """The journal has the release only: what it releases was another laptop's, and comes in later."""
    with scene() as s:
        a, b = s.laptops
        before = a.store.image()
        promised = s.reserve(b)
        s.drain(b)
        s.drain(a)
        s.release(a, promised)
        a.set_back(before, keep=len(a.store.journal))
        s.settle()
        assert a.store.ask("SELECT count(*) FROM reservation WHERE released_at_ms IS NOT NULL") == [(1,)]


def test_which_of_two_payments_came_first_is_told_anew_by_a_server_that_was_set_back() -> None:
    """Own money that the server has again stands before what it still lacks of another's."""
    with scene() as s:
        a, b = s.laptops
        backup = s.server.image()
        for laptop in (b, a):
            s.pay(laptop, s.sell(laptop), "75AB12CD")
            s.drain(laptop)
        states = "SELECT state FROM payment ORDER BY device_id = ?"
        assert a.store.ask(states, a.device_id) == [("claimed",), ("possible_duplicate",)]
        s.server.set_back(backup)
        for _ in range(2):
            s.sync(a)
        assert a.store.ask(states, a.device_id) == [("possible_duplicate",), ("claimed",)]
        s.settle()
