"""Small worlds in which a laptop is shut out, sells on, and what it brought is wanted after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.server.held import Held
from tests.sync.broken import must
from tests.sync.central import VENDOR
from tests.sync.scene import Scene, every_operation_arrived, scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.laptop import Laptop


def _sells_on(s: Scene, laptop: Laptop) -> None:
    """It does not know, or does not care: a product of its own, a price, orders and money, all held."""
    s.add(laptop, "P9")
    s.price(laptop, 130_00)
    s.pay(laptop, s.sell(laptop))
    s.sell(laptop, "P9")
    s.drain(laptop)


def _held(laptop: Laptop) -> int:
    return int(str(laptop.store.ask("SELECT count(*) FROM op WHERE state = 3")[0][0]))


def _all_have_all(s: Scene, orders: int) -> None:
    s.settle()
    for laptop in s.laptops:
        every_operation_arrived(s, laptop)
        shown = laptop.store.ask("SELECT count(*) FROM orders")
        must(shown == [(orders,)], "I3", f"{laptop.name} shows {shown} orders of {orders}")
        must(_held(laptop) == 0, "I1", f"{laptop.name} shows {_held(laptop)} operations as held")


def a_laptop_that_was_shut_out_is_let_in_again() -> None:
    """What it sold meanwhile stands, is seen by everybody, and is not sent again."""
    with scene() as s:
        a, b = s.laptops
        s.world.shut_out(b)
        _sells_on(s, b)
        must(_held(b) == 6, "I1", f"{_held(b)} operations are shown as held")
        s.price(a, 140_00)
        s.sell(a)
        s.drain(a)
        s.world.let_in(b)
        s.sell(b)
        _all_have_all(s, 4)


def it_is_let_in_before_it_has_heard_that_it_was_shut_out() -> None:
    """The reply that told of what is held was lost: what it sends again stands by now."""
    with scene() as s:
        a, b = s.laptops
        s.world.shut_out(b)
        s.sell(b)
        s.tried(b, "reply_lost")
        s.sell(b)
        s.world.let_in(b)
        s.drain(b)
        s.drain(a)
        _all_have_all(s, 2)


def it_took_a_new_identity_while_it_was_shut_out() -> None:
    """What both identities wrote was brought by this laptop, and stands."""
    with scene() as s:
        _, b = s.laptops
        s.world.shut_out(b)
        _sells_on(s, b)
        copy = s.world.copy_of(b, "d", alike=False)
        s.drain(copy)
        must(copy.device_id != b.device_id, "I4", "a copy goes on under the identity of its original")
        s.sell(copy)
        s.drain(copy)
        s.lose(b)
        s.world.let_in(copy)
        _all_have_all(s, 3)


def the_server_is_set_back_before_it_is_let_in() -> None:
    """The backup does not know what it brought; under its own name it brings that again, and it stands."""
    with scene() as s:
        _, b = s.laptops
        s.world.shut_out(b)
        backup = s.server.image()
        _sells_on(s, b)
        s.server.set_back(backup)
        s.drain(b)
        s.world.let_in(b)
        _all_have_all(s, 2)


def what_it_brought_is_wanted_and_it_is_not() -> None:
    """The organiser takes it in: the others have it, and the laptop hears of it only if it is let in one day."""
    with scene() as s:
        a, b = s.laptops
        s.world.shut_out(b)
        _sells_on(s, b)
        Held(s.server.office).accept(VENDOR, "B")
        s.settle()
        must(a.store.ask("SELECT count(*) FROM orders") == [(2,)], "I3", "the shop lacks what was taken in")
        must(_held(b) == 6, "I1", "it was told something")
        s.world.let_in(b)
        _all_have_all(s, 2)


SHUT_OUT: tuple[Callable[[], None], ...] = (
    a_laptop_that_was_shut_out_is_let_in_again,
    it_is_let_in_before_it_has_heard_that_it_was_shut_out,
    it_took_a_new_identity_while_it_was_shut_out,
    the_server_is_set_back_before_it_is_let_in,
    what_it_brought_is_wanted_and_it_is_not,
)
