"""Small worlds about the server's one order, and about how far each laptop is in it: nothing in them is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from unittest import mock

from pos.server import devices, feed, roundtrip
from tests.sync.acts import founding
from tests.sync.broken import must
from tests.sync.scene import Scene, every_operation_arrived, scene
from tests.sync.watching import no_empty_promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.laptop import Laptop


def one_after_the_other() -> None:
    """Each of the server's places is one operation's, so that nobody's cursor passes one over."""
    with scene() as s:
        for _ in range(2):
            for laptop in s.laptops:
                s.count(laptop, 1)
                s.drain(laptop)
        s.settle()


def somebody_asks_while_another_is_taken_in() -> None:
    """Nobody is served between the taking of a place and its operation: who was would be told that all came."""
    with scene(3) as s:
        a, b, c = s.laptops
        s.count(c, 1)  # so that there is something to come
        s.drain(c)
        s.sell(a)
        real = devices.find_and
        asks = [b]

        def served_between(*given: Any) -> Any:
            if asks and not s.server.works:
                s.sync(asks.pop())
            return real(*given)

        with mock.patch.object(devices, "find_and", served_between):
            s.sync(a)
        s.settle()


def what_a_result_has_placed_does_not_come_down_as_well() -> None:
    """A page that ends behind one's own operations says so; they are not sent once more, whole, with the next."""
    with scene() as s:
        a, b = s.laptops
        s.price(b, 110_00)
        s.drain(b)
        for paisa in (120_00, 130_00, 140_00):
            s.price(a, paisa, "P2")
        s.tried(a, "reply_lost")
        for paisa in (150_00, 160_00):
            s.price(b, paisa, "P3")
        s.drain(b)
        came = sum(s.sync(a, rows=1).received for _ in range(8))
        must(came == 3, "I2", f"three of another were to come, {came} came")
        s.settle()


def a_server_that_is_set_back_twice() -> None:
    """What others gave back after the first time, they give back after the second as well."""
    with scene(3) as s:
        a, _, c = s.laptops
        backup = s.server.image()
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.lose(c)
        for _ in range(2):
            s.server.set_back(backup)
            s.drain(a)
            every_foreign_operation_arrived(s, a)
        s.settle()


def what_the_server_has_still_is_not_given_back_to_it() -> None:
    """Only after everything came down anew does anybody know what it has lost."""
    with scene() as s:
        a, b = s.laptops
        s.sell(b)
        s.drain(b)
        s.drain(a)
        s.server.set_back(s.server.image())
        with mock.patch.object(roundtrip, "_walk_others", wraps=roundtrip._walk_others) as relayed:
            s.drain(a)
        must(not relayed.called, "I7", "it is given what it has")
        s.settle()


def a_server_that_was_found_to_be_an_older_one() -> None:
    """One laptop has noticed; the others, whom new places hide it from, are told and give back what they have."""
    with scene(3) as s:
        a, b, c = s.laptops
        backup = s.server.image()
        s.count(b, 3)
        s.drain(b)
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.lose(c)
        s.forget_in_silence(backup)
        s.count(b, 6)
        s.drain(b)
        s.drain(a)
        s.settle()


def whoever_has_everything_knows_it() -> None:
    """A round that left nothing to come says so, one that brought the rest and one that had nothing to do alike."""
    with scene() as s:
        a, b = s.laptops
        s.count(a, 2)
        s.drain(a)
        for idle in (False, True):
            b.boot()
            must(not s.sync(b).more, "I7", f"more is to come of nothing, idle: {idle}")
        s.settle()


def a_new_laptop_while_the_server_is_set_back() -> None:
    """What is on hand came as one answer of a memory that is gone; it is asked for anew, and nothing counts twice."""
    with scene() as s:
        a, b = s.laptops
        new = s.joined()
        backup = s.server.image()
        for _ in range(4):
            s.sell(b)
        s.drain(b)
        for _ in range(20):
            if not s.sync(new, rows=1).more or new.link().stock_seq:
                break
        must((new.link().stock_seq or 0) > 0, "I2", "its history was to be under way")
        s.server.set_back(backup)
        for _ in range(9):
            s.sell(a)
        for laptop in (a, b):
            s.drain(laptop)
        _as_soon_as_the_records_are_in(s, new)
        s.settle()


def a_new_laptop_whose_history_is_under_way() -> None:
    """What the answer has counted is not counted again as it comes."""
    with scene() as s:
        _, b = s.laptops
        for _ in range(3):
            s.sell(b)
        s.drain(b)
        new = s.joined()
        _as_soon_as_the_records_are_in(s, new)
        s.sync(new, rows=1)
        must(new.link().stock_seq is not None, "I2", "its history was to be under way")
        _as_soon_as_the_records_are_in(s, new)
        s.settle()


def a_shop_of_its_own_that_joins() -> None:
    """It has what is on hand before the history is in, and can sell."""
    with scene() as s:
        _, b = s.laptops
        s.count(b, 4)
        s.drain(b)
        joins = s.world._laptop("k")
        founding(joins.store, joins.clock)
        joins.pair(s.world._code())
        s.laptops.append(joins)
        _as_soon_as_the_records_are_in(s, joins)
        s.drain(joins)


def _as_soon_as_the_records_are_in(s: Scene, laptop: Laptop) -> None:
    [(head,)] = s.server.ask("SELECT head FROM vendor_stream")
    while laptop.link().cursors["v"] < cast("int", head) or laptop.link().stock_seq == 0:
        s.sync(laptop, rows=1)
    mine = sorted(laptop.store.ask("SELECT id, on_hand_milli FROM variant"))
    theirs = sorted(s.server.ask("SELECT variant_id, on_hand FROM stock"))
    must(mine == theirs, "I2", f"it can sell {mine} for {theirs}")


def two_of_one_log_who_have_come_as_far() -> None:
    """The server knows nothing of what lies before: it asks for more, until it is seen where the logs part."""
    with scene() as s:
        _, b = s.laptops
        backup, copy = s.server.image(), s.world.copy_of(b, "d", alike=True)
        s.count(b, 3)
        s.drain(b)
        s.server.set_back(backup)
        s.count(copy, 3)
        s.drain(copy)
        s.count(b, 1)
        s.drain(b)
        s.settle()


def what_a_laptop_and_the_server_have_both_lost() -> None:
    """Its author has written others at the same positions since: what another gives back begins where those part."""
    with scene(3) as s:
        a, b, c = s.laptops
        backup, before = s.server.image(), b.store.image()
        s.sell(b)
        s.sell(b)
        s.drain(b)
        s.drain(c)
        s.server.set_back(backup)
        b.set_back(before, keep=0)
        s.sell(b)
        for laptop in (b, c, a, b):
            s.drain(laptop)
        s.settle()


def a_copy_takes_an_identity_of_its_own() -> None:
    """With its first exchange, whether or not it has anything to say."""
    with scene() as s:
        _, b = s.laptops
        copy = s.world.copy_of(b, "d", alike=False)
        s.sync(copy)
        must(copy.device_id != b.device_id, "I4", "two laptops speak under one identity")
        s.settle()


def a_copy_that_is_paired_has_sent_nothing_yet() -> None:
    """Under its new identity the server has not heard of it: it counts on nothing."""
    with scene() as s:
        _, b = s.laptops
        copy = s.world.copy_of(b, "d", alike=False)
        copy.pair(s.world._code())
        no_empty_promise(s.world)
        s.settle()


def the_organiser_says_more_than_one_answer_holds() -> None:
    """What did not fit comes with the next."""
    with scene() as s, mock.patch.object(feed, "_HATS_LIMIT", 1):
        a, _ = s.laptops
        for no in range(3):
            s.server.office.write_notice("হাটের খবর", f"খবর {no}")
        s.drain(a)
        there = a.store.ask("SELECT count(*) FROM notice")
        must(there == [(3,)], "I3", f"{there} of three notices are there")
        s.settle()


def every_foreign_operation_arrived(s: Scene, laptop: Laptop) -> None:
    """I1, of what a laptop has from others: the server has it, too."""
    left = laptop.store.ask("SELECT count(*) FROM foreign_op WHERE seq IS NULL")
    must(left == [(0,)], "I1", f"{left} operations of others are with {laptop.name} alone")
    every_operation_arrived(s, laptop)


ORDER: tuple[Callable[[], None], ...] = (
    one_after_the_other,
    somebody_asks_while_another_is_taken_in,
    what_a_result_has_placed_does_not_come_down_as_well,
    a_server_that_is_set_back_twice,
    what_the_server_has_still_is_not_given_back_to_it,
    a_server_that_was_found_to_be_an_older_one,
    whoever_has_everything_knows_it,
    a_new_laptop_while_the_server_is_set_back,
    a_new_laptop_whose_history_is_under_way,
    a_shop_of_its_own_that_joins,
    two_of_one_log_who_have_come_as_far,
    what_a_laptop_and_the_server_have_both_lost,
    a_copy_takes_an_identity_of_its_own,
    a_copy_that_is_paired_has_sent_nothing_yet,
    the_organiser_says_more_than_one_answer_holds,
)
