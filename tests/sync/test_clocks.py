"""A clock that shows 1970 or 2100, here or there, refuses nobody and decides nothing that a person has decided."""

from __future__ import annotations

import pytest

from tests.sync.scene import scene
from tests.sync.world import IN_1970, IN_2100

RIGHT = 0


def _rank_ms(rank: object) -> int:
    assert isinstance(rank, int)
    return rank >> 16


@pytest.mark.parametrize("server", [IN_1970, RIGHT, IN_2100])
@pytest.mark.parametrize("laptop", [IN_1970, IN_2100])
def test_work_goes_on_and_all_agree_whatever_a_clock_shows(laptop: int, server: int) -> None:
    with scene() as s:
        a, b = s.laptops
        a.clock.ahead_ms, s.world.server_clock.ahead_ms = laptop, server
        for one in s.laptops:
            s.sell(one)
            s.add(one, f"NEW-{one.name}")
            s.price(one, 111_00 if one is a else 222_00)
        for one in (a, b, a):
            s.drain(one)
        s.world._join("k")
        joined = s.laptops[-1]
        joined.clock.ahead_ms = laptop
        s.drain(joined)
        s.price(joined, 333_00, "P2")
        s.pay(joined, s.sell(joined))
        s.drain(joined)
        assert s.server.ask("SELECT count(*) FROM operation WHERE status = 'held'") == [(0,)]
        latest = s.world.server_clock.latest_ms
        ranks = [_rank_ms(row[0]) for row in s.server.ask("SELECT rank FROM operation")]
        assert 0 < min(ranks) <= max(ranks) <= latest
        s.settle()


@pytest.mark.parametrize("wrong", [IN_1970, IN_2100])
@pytest.mark.parametrize("whose", ["laptop", "server"])
def test_who_saw_a_price_replaces_it_after_the_clock_was_put_right(whose: str, wrong: int) -> None:
    with scene() as s:
        a, b = s.laptops
        clock = a.clock if whose == "laptop" else s.world.server_clock
        clock.ahead_ms = wrong
        s.price(a, 111_00)
        s.drain(a)
        clock.ahead_ms = RIGHT
        s.drain(b)
        s.price(b, 222_00)
        s.drain(b)
        s.drain(a)
        s.price(a, 333_00)
        s.drain(a)
        s.settle()
        for laptop in s.laptops:
            row = laptop.store.ask(
                "SELECT price_paisa, (SELECT count(*) FROM conflict) FROM product WHERE sku = 'P1'"
            )
            assert row == [(333_00, 0)]


def test_of_two_who_did_not_know_of_each_other_the_one_from_2100_does_not_win_for_ever() -> None:
    """What it wrote is held back to the server's clock: whoever writes later without having seen it stays."""
    with scene() as s:
        a, b = s.laptops
        a.clock.ahead_ms = IN_2100
        s.price(a, 111_00)
        s.drain(a)
        s.price(b, 222_00)
        s.drain(b)
        s.settle()
        for laptop in s.laptops:
            assert laptop.store.ask("SELECT price_paisa FROM product WHERE sku = 'P1'") == [(222_00,)]
            assert laptop.store.ask("SELECT count(*) FROM conflict") == [(1,)]
