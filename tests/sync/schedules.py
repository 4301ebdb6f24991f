"""Small worlds in which one line of sync is all that stands between a shop and a loss: nothing in them is drawn.

What a storm meets once in a thousand worlds is said here step by step. Each of these holds with the product as it
ships; `tests.sync.targeted` names the line without which it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

from pos.sync import rekey
from pos.sync import round as sync_round
from pos.sync.round import Round
from tests.sync.broken import must
from tests.sync.scene import MINUTE_MS, Scene, every_operation_arrived, scene
from tests.sync.watching import no_empty_promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.sync.transport import Response
    from tests.sync.laptop import Laptop


# ---- what is believed of a reply -------------------------------------------------------------------------


def a_box_on_the_way_answers_from_memory() -> None:
    """What the server never heard of is not taken for sent."""
    with scene() as s:
        a, _ = s.laptops
        s.sell(a)
        s.tried(a, "from_memory")
        s.settle()


def a_reply_from_before_a_laptop_was_set_back() -> None:
    """It begins where the laptop is no more: what lies before would never come."""
    with scene() as s:
        a, b = s.laptops
        before = b.store.image()
        for paisa in (110_00, 120_00):
            s.price(a, paisa, "P1" if paisa == 110_00 else "P2")
            s.drain(a)
            s.sync(b)
        s.sync(b)
        b.set_back(before, keep=len(b.store.journal))
        s.tried(b, "stale_reply")
        s.settle()


def the_organiser_says_a_thing_once() -> None:
    """What came is not asked for again, at every exchange of every laptop."""
    with scene() as s:
        a, _ = s.laptops
        s.server.office.write_notice("হাটের খবর", "শুক্রবার বিকেলে")
        s.drain(a)
        behind = s.server.ask("SELECT max(g) - ? FROM notice", a.link().cursors["g"])
        must(behind == [(0,)], "I9", f"it has the notice and asks for it again: {behind}")
        s.settle()


def history_whose_records_are_not_here() -> None:
    """History is not taken in where the records before it are missing."""
    with scene() as s:
        a, b = s.laptops
        before = b.store.image()
        s.price(a, 110_00)
        s.price(a, 120_00, "P2")
        s.sell(a)
        s.drain(a)
        s.sync(b, rows=1)
        s.sync(b)
        s.sync(b)
        b.set_back(before, keep=len(b.store.journal))
        s.tried(b, "stale_reply")
        s.settle()


def a_reply_of_a_memory_that_is_gone() -> None:
    """A server that was set back is another one: what the earlier said is not mixed into what it says."""
    with scene() as s:
        a, _ = s.laptops
        backup = s.server.image()
        s.sell(a)
        s.sync(a)
        s.server.set_back(backup)
        s.sync(a)
        s.tried(a, "stale_reply")
        s.settle()


def the_end_of_a_memory_is_told_once_more() -> None:
    """That the memory before the last one ended does not end the one of now."""
    with scene() as s:
        a, _ = s.laptops
        backup = s.server.image()
        s.sell(a)
        s.sync(a)
        for _ in range(2):
            s.server.set_back(backup)
            s.sync(a)
        epoch = a.link().epoch
        s.tried(a, "stale_reply")
        must(a.link().epoch == epoch, "I9", "it goes back to a memory that is gone")
        s.settle()


def somebody_writes_while_another_value_comes() -> None:
    """What is on its way to the server stays before its writer's eyes, and is folded anew once it has its place."""
    with scene() as s:
        a, b = s.laptops
        s.count(a, 3)
        s.price(a, 111_00)
        s.price(b, 222_00)
        s.drain(b)
        s.sync(a, batch=1)
        s.drain(a)
        s.settle()


def somebody_whose_clock_is_behind_knows_better() -> None:
    """Who saw the other's price replaces it, whatever the clocks say; nothing is left to decide."""
    with scene() as s:
        a, b = s.laptops
        s.price(a, 111_00)
        s.drain(a)
        s.drain(b)
        b.clock.ahead_ms = -400 * 24 * 60 * MINUTE_MS
        s.price(b, 222_00)
        s.drain(b)
        s.settle()
        row = a.store.ask("SELECT price_paisa, (SELECT count(*) FROM conflict) FROM product WHERE sku = 'P1'")
        must(row == [(222_00, 0)], "I6", f"price and open conflicts are {row}")


# ---- logs that part ----------------------------------------------------------------------------------------


def a_log_set_back_writes_less_than_it_had() -> None:
    """The server has other operations at the same positions."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        before = a.store.image()
        for _ in range(3):
            s.sell(a)
        s.drain(a)
        a.set_back_blindly(before)
        s.sell(a)
        s.drain(a)
        s.settle()


def _set_back_once_it_was_heard(s: Scene, laptop: Laptop) -> None:
    """What it sells is on the server when its folder is set back; it sells on, and its log parts."""
    before = laptop.store.image()
    s.sell(laptop)
    s.drain(laptop)
    laptop.set_back_blindly(before)
    s.sell(laptop)
    s.drain(laptop)


def a_new_identity_goes_on_without_a_code() -> None:
    """Its token is kept before anything counts on it; what was written before the logs parted stays the old one's."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        s.sell(a)
        s.drain(a)
        _set_back_once_it_was_heard(s, a)
        s.settle()


def a_result_for_what_is_no_more() -> None:
    """A result of another operation at the same position says nothing of the one that is there now."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        before = a.store.image()
        s.sell(a)
        s.sync(a)
        a.set_back_blindly(before)
        s.count(a, 1)
        s.tried(a, "from_memory")
        s.settle()


def two_of_one_log_after_the_server_forgot() -> None:
    """What others have of the one is not taken for what follows in the other."""
    with scene(3) as s:
        a, _, c = s.laptops
        backup, copy = s.server.image(), s.world.copy_of(c, "d", alike=True)
        s.sell(c)
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.server.set_back(backup)
        s.count(copy, 1)
        s.drain(copy)
        with mock.patch.object(sync_round, "MAX_OPERATIONS", 1):
            s.drain(a)
        s.settle()


def a_log_set_back_asks_before_it_sells() -> None:
    """It hears how long its log was, and begins another one before it gives a number."""
    with scene() as s:
        a, _ = s.laptops
        before, device = a.store.image(), a.device_id
        s.sell(a)
        s.drain(a)
        a.set_back_blindly(before)
        s.drain(a)
        must(a.device_id != device, "I4", "it goes on under the identity whose log is longer than its own")
        s.sell(a)
        s.settle()


def somebody_else_was_first_to_take_a_new_identity() -> None:
    """A reply to what the shop was when it asked is none to what another process has made of it meanwhile."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        before, real = a.store.image(), a.line.post
        since: list[bytes] = []
        s.sell(a)
        s.drain(a)
        a.set_back_blindly(before)
        s.sell(a)

        def meanwhile(path: str, body: bytes, token: str | None) -> Response:
            reply = real(path, body, token)
            if not since:
                since.append(b"")
                Round(a.store, a.line, a.tokens, a.clock, a.machine).once()
                since.append(a.device_id)
            return reply

        with mock.patch.object(a.line, "post", meanwhile):
            s.tried(a)
        s.drain(a)
        must(a.device_id == since[1], "I4", "it takes a new identity twice")
        s.settle()


def the_server_forgets_while_a_new_identity_is_asked_for() -> None:
    """The new log begins where the server has the old one, and what lies behind is sent."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        backup = s.server.image()
        s.sell(a)
        s.drain(a)
        before = a.store.image()
        s.sell(a)
        s.drain(a)
        a.set_back_blindly(before)
        s.sell(a)
        real = rekey.new_identity

        def forgetful(*args: Any, **more: Any) -> str:
            s.forget_in_silence(backup)
            return real(*args, **more)

        with mock.patch.object(rekey, "new_identity", forgetful):
            s.sync(a)
        no_empty_promise(s.world)
        s.drain(a)
        every_operation_arrived(s, a)


# ---- a server that has lost something ------------------------------------------------------------------------


def what_was_held_is_told_again() -> None:
    """Held operations come down to nobody: of a server that was set back, only sending them again tells."""
    with scene() as s:
        a, _ = s.laptops
        s.poison(a)
        s.sell(a)
        s.drain(a)
        s.server.set_back(s.server.image())
        s.settle()


def what_was_held_before_the_logs_parted() -> None:
    """Sent once more under the new identity, it is known from the old one's log, and the logs do not part again."""
    with scene() as s:
        a, _ = s.laptops
        s.world.blind = True
        s.poison(a)
        s.sell(a)
        s.drain(a)
        _set_back_once_it_was_heard(s, a)
        device = a.device_id
        s.server.set_back(s.server.image())
        s.settle()
        must(a.device_id == device, "I4", "its log has parted from nothing")


def a_laptop_that_never_returns() -> None:
    """What others have of it, the server gets back from them."""
    with scene(3) as s:
        a, _, c = s.laptops
        backup = s.server.image()
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.lose(c)
        s.server.set_back(backup)
        s.settle()


def much_of_a_laptop_that_never_returns() -> None:
    """It takes several rounds, and each goes on where the one before ended."""
    with scene(3) as s, mock.patch.object(sync_round, "MAX_OPERATIONS", 1):
        a, _, c = s.laptops
        backup = s.server.image()
        for _ in range(3):
            s.sell(c)
        for laptop in (c, a):
            for _ in range(8):
                s.sync(laptop)
        s.lose(c)
        s.server.set_back(backup)
        s.settle()
        devices = s.server.ask("SELECT count(*) FROM device")
        must(devices == [(3,)], "I1", f"what was one log is no longer: {devices} devices")


def what_was_held_stands_between() -> None:
    """What somebody else has of a log behind a held operation waits for that one; nobody's log parts by it."""
    with scene(3) as s:
        a, _, c = s.laptops
        backup, device = s.server.image(), c.device_id
        s.poison(c)
        s.sell(c)
        s.drain(c)
        s.drain(a)
        s.server.set_back(backup)
        s.drain(a)
        s.drain(c)
        must(c.device_id == device, "I4", "its log has parted from nothing")
        s.settle()


def a_sale_before_its_goods() -> None:
    """What stands on something that the server has lost is held until that comes from whoever has it."""
    with scene(3) as s:
        _, b, c = s.laptops
        backup = s.server.image()
        s.add(c, "P9")
        s.drain(c)
        s.drain(b)
        s.sell(b, "P9")
        s.lose(c)
        s.server.set_back(backup)
        s.settle()


def _forgotten_in_silence(*, more: bool) -> None:
    with scene() as s:
        a, b = s.laptops
        backup = s.server.image()
        s.sell(b)
        s.drain(b)
        s.forget_in_silence(backup)
        for _ in range(6):
            s.sell(a)
        s.sync(a)
        if more:
            s.sell(b)
        s.drain(b)
        every_operation_arrived(s, b)


def a_backup_put_in_place_in_silence() -> None:
    """A laptop that has nothing to send hears that the server lacks what it had, and sends it again."""
    _forgotten_in_silence(more=False)


def a_sale_after_a_backup_put_in_place_in_silence() -> None:
    """The server takes nothing in behind a gap."""
    _forgotten_in_silence(more=True)


def a_laptop_that_is_ahead_of_the_server() -> None:
    """It has seen more than there is: so the server's memory is another one, though nobody has said so."""
    with scene() as s:
        a, b = s.laptops
        backup = s.server.image()
        s.count(b, 3)
        s.drain(b)
        s.forget_in_silence(backup)
        s.count(a, 1)
        s.drain(a)
        s.drain(b)
        s.settle()


# ---- a journal that knows more than its database --------------------------------------------------------------


def a_number_that_the_journal_has_lost() -> None:
    """A database that was set back does not know which numbers it gave, and gives others."""
    with scene() as s:
        a, _ = s.laptops
        before, known = a.store.image(), len(a.store.journal)
        s.sell(a)
        a.set_back(before, keep=known)
        s.sell(a)
        s.sell(a)
        s.settle()
        number = a.store.ask("SELECT number FROM orders WHERE number LIKE 'A-%'")
        must(not number, "I4", f"{number} was given before")


def money_on_an_order_that_is_still_to_come() -> None:
    """A payment that the journal brings back waits for the order of another laptop."""
    with scene() as s:
        a, b = s.laptops
        before = a.store.image()
        number = s.sell(b)
        s.drain(b)
        s.drain(a)
        s.pay(a, number)
        a.set_back(before, keep=len(a.store.journal))
        s.settle()


SCHEDULES: tuple[Callable[[], None], ...] = (
    a_box_on_the_way_answers_from_memory,
    a_reply_from_before_a_laptop_was_set_back,
    the_organiser_says_a_thing_once,
    history_whose_records_are_not_here,
    a_reply_of_a_memory_that_is_gone,
    the_end_of_a_memory_is_told_once_more,
    somebody_writes_while_another_value_comes,
    somebody_whose_clock_is_behind_knows_better,
    a_log_set_back_writes_less_than_it_had,
    a_new_identity_goes_on_without_a_code,
    a_result_for_what_is_no_more,
    two_of_one_log_after_the_server_forgot,
    a_log_set_back_asks_before_it_sells,
    somebody_else_was_first_to_take_a_new_identity,
    the_server_forgets_while_a_new_identity_is_asked_for,
    what_was_held_is_told_again,
    what_was_held_before_the_logs_parted,
    a_laptop_that_never_returns,
    much_of_a_laptop_that_never_returns,
    what_was_held_stands_between,
    a_sale_before_its_goods,
    a_backup_put_in_place_in_silence,
    a_sale_after_a_backup_put_in_place_in_silence,
    a_laptop_that_is_ahead_of_the_server,
    a_number_that_the_journal_has_lost,
    money_on_an_order_that_is_still_to_come,
)
