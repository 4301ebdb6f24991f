"""Small worlds of laptops about what is there already: nothing counts or shows twice. Nothing in them is drawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from unittest import mock

from pos.services.catalogue import Catalogue
from pos.services.configuration import Configuration
from pos.services.order_steps import OrderSteps
from pos.services.orders import Orders
from pos.services.product_change import ProductChange
from pos.store.inbox import digests
from pos.sync import rekey, verify
from pos.sync import round as sync_round
from tests.sync import invariants
from tests.sync.broken import must
from tests.sync.scene import scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.laptop import Laptop
    from tests.sync.scene import Scene


def one_order_on_two_laptops() -> None:
    """Its goods come back once and its money is owed once, whoever cancels, pays and notes without the other."""
    with scene(3) as s:
        a, b, c = s.laptops
        number = s.sell(a)
        for laptop in (a, b, c):
            s.drain(laptop)
        for laptop in (a, b):
            OrderSteps(s._desk(laptop)).note(number, laptop.name)
            s.pay(laptop, number, "75AB12CD")
            Orders(s._desk(laptop)).cancel(number, "ক্রেতা নেবেন না")
        for laptop in (b, a, c, b):
            s.drain(laptop)
        OrderSteps(s._desk(c)).note(number, "সন্ধ্যায়")
        s.settle()
        states = sorted(a.store.ask("SELECT state FROM payment WHERE trxid IS NOT NULL"))
        must(("possible_duplicate",) in states and len(set(states)) == 2, "I3", f"the money is {states}")
        back = a.store.ask("SELECT count(*) FROM stock_move WHERE reversal = 1")
        must(back == [(1,)], "I2", f"goods came back {back} times")


def one_day_on_two_laptops() -> None:
    """A day of the calendar and a setting that were changed before are changed, not written beside."""
    with scene() as s:
        a, b = s.laptops
        for laptop, opens in ((a, "09:00"), (b, "10:00"), (a, "11:00")):
            s.hat(laptop, opens)
            Configuration(s._desk(laptop)).put("shop.address", f"দোকান {opens}")
            s.drain(laptop)
            for other in (a, b):
                s.drain(other)
        s.settle()


def a_conflict_that_is_looked_at_again() -> None:
    """Whatever else of the record changes, one open conflict stays one."""
    with scene(3) as s:
        a, b, c = s.laptops
        s.price(a, 111_00)
        s.price(b, 222_00)
        for laptop in (a, b, c, a):
            s.drain(laptop)
        Catalogue(s._desk(c)).edit("P1", ProductChange(name_bn="নতুন নাম"))
        s.settle()
        left = a.store.ask("SELECT count(*) FROM conflict")
        must(left == [(1,)], "I6", f"of one conflict there are {left}")


def what_the_organiser_has_said_before() -> None:
    """A server that was set back says it all again; each day and notice is there once."""
    with scene() as s:
        a, _ = s.laptops
        s.server.office.write_notice("হাটের খবর", "শুক্রবার বিকেলে")
        s.server.office.add_hat(dt.date(2026, 12, 4))
        s.drain(a)
        s.server.set_back(s.server.image())
        s.settle()


def _damaged(*damages: str) -> None:
    with scene() as s:
        a, b = s.laptops
        s.count(b, 2)
        for laptop in (b, a, b):
            s.drain(laptop)
        with mock.patch.object(verify, "_BUCKETS_AT_ONCE", 1):
            for damage in damages:
                invariants.damage_mended(s.world, a, damage)


def a_log_that_a_disk_has_damaged() -> None:
    """What is missing or altered of one's own stands at its place in one's own log again, and once."""
    _damaged("DELETE FROM op WHERE n = 2", "UPDATE op SET hash = randomblob(32) WHERE n = 3")


def what_others_wrote_and_a_disk_has_damaged() -> None:
    """What is missing or altered of others' is fetched, and nothing else."""
    _damaged(*invariants.DAMAGES[:3])


def whoever_lacks_nothing_fetches_nothing() -> None:
    """Both sides have the same, and are held against each other."""
    with scene() as s:
        a, _ = s.laptops
        found = a.compare()
        must(found.agrees and not found.mended, "I8", f"what is here was fetched: {found.mended}")


def whoever_agrees_does_not_ask_again() -> None:
    """Both sides were found equal, and nothing has happened since."""
    with scene() as s:
        a, _ = s.laptops
        s.drain(a)
        with mock.patch.object(sync_round, "digests", wraps=digests) as summed:
            must(s.sync(a).agree, "I8", "what was equal is equal no more")
        must(not summed.called, "I8", "it adds up again what was found equal")
        s.settle()


def whoever_cannot_be_mended_is_looked_into_once() -> None:
    """It is the server that is wrong: in the same state nobody compares everything at every turn."""
    with scene() as s:
        a, _ = s.laptops
        s.server.ask("UPDATE vendor_stream SET v_sum = v_sum + 1")
        a.boot()
        must(s.sync(a).agree is False, "I8", "nobody sees that they differ")
        must(a.round.mend() is not None, "I8", "nobody looks into it")
        must(s.sync(a).agree is False, "I8", "it was mended")
        must(a.round.mend() is None, "I8", "it is looked into twice")


def two_programs_of_one_copy() -> None:
    """Both see that the folder was copied; the numbers are new once."""
    with scene() as s:
        _, b = s.laptops
        real, others = b.store.write, [True]

        def another_first() -> Any:
            if others:
                others.clear()
                rekey.renumber_if_copied(b.store, "f" * 32, b._codes_given())
            return real()

        with mock.patch.object(b.store, "write", another_first):
            rekey.renumber_if_copied(b.store, "f" * 32, b._codes_given())
        said = b.store.ask("SELECT count(*) FROM op WHERE kind = 'device.rekeyed'")
        must(said == [(1,)], "I4", f"it took new numbers {said} times")


def an_edit_that_stands_after_all() -> None:
    """What was held has its place now: it meets what others wrote meanwhile, though they came before it."""
    with scene() as s:
        a, b = s.laptops
        s.world.shut_out(b)
        s.price(b, 222_00)
        s.drain(b)
        s.price(a, 111_00)
        s.drain(a)
        s.world.let_in(b)
        for _ in range(6):
            s.sync(b, rows=1)
        s.settle()


def two_edits_in_another_order() -> None:
    """After a loss they have other places, and whoever had both folds them anew."""
    with scene(3) as s:
        a, b, c = s.laptops
        backup = s.server.image()
        s.price(a, 111_00)
        s.price(b, 222_00)
        for laptop in (a, b, c):
            s.drain(laptop)
        s.server.set_back(backup)
        for laptop in (b, a, c):
            s.drain(laptop)
        s.settle()


def two_copies_of_one_laptop_that_have_the_same() -> None:
    """The one goes on under a new identity with what the other has as well; the other needs one, too."""
    with scene() as s:
        _, b = s.laptops
        s.world.blind = True
        first = s.world.copy_of(b, "d", alike=True)
        s.count(first, 1)
        second = s.world.copy_of(first, "e", alike=True)
        s.sell(b)
        for laptop in (b, first, second):
            s.drain(laptop)
        identities = {laptop.device_id for laptop in (b, first, second)}
        must(len(identities) == 3, "I4", f"three laptops have {len(identities)} identities")
        s.settle()


def what_stands_before_a_gap_is_not_brought_twice() -> None:
    """Of a log that is given back with a gap, what could be taken in makes no second log."""
    with scene(3) as s:
        a, _, c = s.laptops
        backup = s.server.image()
        s.sell(c)
        s.poison(c)
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.server.set_back(backup)
        s.drain(a)
        devices = s.server.ask("SELECT count(*) FROM device")
        must(devices == [(3,)], "I1", f"three laptops are {devices} devices")
        s.drain(c)
        s.settle()


def _as_on_hand_at_the_server(s: Scene, laptop: Laptop) -> None:
    mine = sorted(laptop.store.ask("SELECT id, on_hand_milli FROM variant"))
    theirs = sorted(s.server.ask("SELECT variant_id, on_hand FROM stock"))
    must(mine == theirs, "I2", f"it can sell {mine} for {theirs}")


def what_is_on_hand_is_told_anew() -> None:
    """A server set back tells a new laptop anew, in the middle of its history: what it has of that counts once."""
    with scene() as s:
        a, _ = s.laptops
        for _ in range(6):
            s.sell(a)
        s.drain(a)
        new = s.joined()
        while not new.link().stock_seq:
            s.sync(new, rows=1)
        s.sell(new)
        while len(new.store.ask("SELECT 1 FROM stock_move")) < 3:
            s.sync(new, rows=1)
        must(new.link().stock_seq, "I2", "its history was to be under way")
        s.server.set_back(s.server.image())
        s.sync(new, rows=1)
        while not new.link().stock_seq:
            s.sync(new, rows=1)
        _as_on_hand_at_the_server(s, new)
        s.settle()


def what_two_laptops_called_off_is_told_anew() -> None:
    """The server counts the goods that the other one brought back: this one's, which it has not heard of, are none."""
    with scene() as s:
        a, _ = s.laptops
        number = s.sell(a)
        for _ in range(6):
            s.sell(a)
        Orders(s._desk(a)).cancel(number, "ক্রেতা নেবেন না")
        for _ in range(3):
            s.sell(a)
        s.drain(a)
        new = s.joined()
        while not new.store.ask("SELECT 1 FROM orders"):
            s.sync(new, rows=1)
        for paisa in (111_00, 222_00, 333_00):
            s.price(new, paisa)
        Orders(s._desk(new)).cancel(number, "ক্রেতা নেবেন না")
        while len(new.store.ask("SELECT 1 FROM order_event WHERE kind = 'cancelled'")) < 2:
            s.sync(new, batch=1, rows=7)
        must(new.link().stock_seq, "I2", "its history was to be under way")
        s.server.set_back(s.server.image())
        s.sync(new, batch=1, rows=1)
        records = len(s.server.ask("SELECT 1 FROM operation WHERE stream = 'v'"))
        while not new.link().stock_seq:
            s.sync(new, batch=1, rows=records)
        must(s.sync(new, batch=1, rows=1).pending, "I2", "what it called off was to be under way")
        _as_on_hand_at_the_server(s, new)
        s.settle()


def a_new_identity_brings_what_the_old_one_wrote() -> None:
    """The server has forgotten it, and the new identity as well: whoever brings it then is its author everywhere."""
    with scene() as s:
        a, _ = s.laptops
        backup = s.server.image()
        a.set_back(a.store.image(), keep=len(a.store.journal))  # its numbers begin anew
        s.drain(a)
        before = a.store.image()
        s.sell(a)
        s.drain(a)
        a.set_back_blindly(before)
        s.drain(a)
        s.server.set_back(backup)
        s.world._paired_again(a)
        for _ in range(20):  # what comes down is past what goes up
            s.sync(a, batch=1)
        s.settle()


DOUBLED: tuple[Callable[[], None], ...] = (
    one_order_on_two_laptops,
    one_day_on_two_laptops,
    a_conflict_that_is_looked_at_again,
    what_the_organiser_has_said_before,
    a_log_that_a_disk_has_damaged,
    what_others_wrote_and_a_disk_has_damaged,
    whoever_lacks_nothing_fetches_nothing,
    whoever_agrees_does_not_ask_again,
    whoever_cannot_be_mended_is_looked_into_once,
    two_programs_of_one_copy,
    an_edit_that_stands_after_all,
    two_edits_in_another_order,
    two_copies_of_one_laptop_that_have_the_same,
    what_stands_before_a_gap_is_not_brought_twice,
    what_is_on_hand_is_told_anew,
    what_two_laptops_called_off_is_told_anew,
    a_new_identity_brings_what_the_old_one_wrote,
)
