"""Each line that says how far somebody is, left out, with the small world in which that shows (`tests.sync.lines`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.sync import schedules as s
from tests.sync import schedules_order as order
from tests.sync.mutant import FEED, PAIRING, RELAYED, ROUND, STREAM, TRIP, Mutant, targeted

if TYPE_CHECKING:
    from collections.abc import Callable


def _without(module: str, line: str, schedule: Callable[[], None], instead: str = "") -> Mutant:
    """The first line of this piece of source is left out; what follows in it only says which one is meant."""
    first, _, after = line.partition("\n")
    return targeted(f"without {first.strip()}", module, line, instead + after, schedule)


POSITIONS: Final = (
    targeted(
        "a copy counts on what its original has sent",
        PAIRING,
        '{"ack_n": 0, "machine": asker.machine}',
        '{"machine": asker.machine}',
        order.a_copy_that_is_paired_has_sent_nothing_yet,
    ),
    targeted(
        "a shop that joins does not ask what is on hand",
        PAIRING,
        "            stock_seq = None if reply.founds or link is not None else 0\n",
        "            stock_seq = None\n",
        order.a_shop_of_its_own_that_joins,
    ),
    _without(ROUND, "            ack = result.n\n", order.one_after_the_other, "            pass\n"),
    _without(
        ROUND,
        "            self._whole = True\n            return taken\n",
        order.whoever_has_everything_knows_it,
    ),
    _without(ROUND, "        self._whole = not reply.more\n", order.whoever_has_everything_knows_it),
    targeted(
        "what was whole in an earlier memory is whole in this one",
        ROUND,
        "        self._relayed, self._whole = {}, False\n",
        "        self._relayed = {}\n",
        order.what_the_server_has_still_is_not_given_back_to_it,
    ),
    _without(ROUND, "                ack_n=ack,\n", order.one_after_the_other),
    _without(ROUND, "                cursors=cursors,\n", order.one_after_the_other),
    _without(
        ROUND,
        "                stock_seq=self._stock(connection, reply, link, cursors),\n",
        order.a_new_laptop_while_the_server_is_set_back,
    ),
    _without(
        ROUND,
        "            epoch=reply.epoch,\n            # What was held",
        s.a_reply_of_a_memory_that_is_gone,
    ),
    _without(
        ROUND,
        "            stock_seq=None if link.stock_seq is None else 0,\n",
        order.a_new_laptop_while_the_server_is_set_back,
    ),
    _without(
        ROUND,
        '            taken.parts_at, taken.reason = min(ack, reply.last_n), "copied"\n',
        order.a_copy_takes_an_identity_of_its_own,
        "            pass\n",
    ),
    _without(
        ROUND,
        '            taken.parts_at, taken.reason = end, "set_back"\n',
        s.a_log_set_back_asks_before_it_sells,
        "            pass\n",
    ),
    _without(TRIP, "        order.epoch = new_epoch()\n", s.a_laptop_that_is_ahead_of_the_server),
    _without(
        TRIP,
        '        connection.execute(_EPOCH, {"vid": vendor_id, "to": order.epoch})\n',
        order.a_server_that_was_found_to_be_an_older_one,
    ),
    _without(TRIP, "        log.fork = op.n\n", s.a_log_set_back_writes_less_than_it_had, "        pass\n"),
    _without(
        TRIP,
        "        log.need = max(1, op.n - _BACK)\n",
        order.two_of_one_log_who_have_come_as_far,
        "        pass\n",
    ),
    _without(
        TRIP,
        "            need=None if reset else log.need,\n",
        s.a_sale_after_a_backup_put_in_place_in_silence,
    ),
    _without(
        TRIP, "            fork=None if reset else log.fork,\n", s.a_log_set_back_writes_less_than_it_had
    ),
    _without(TRIP, "        cursors=page.cursors,\n", order.one_after_the_other),
    _without(FEED, "    found.cursors[stream] = upto\n", order.one_after_the_other),
    _without(FEED, '    found.cursors["g"] = head\n', s.the_organiser_says_a_thing_once),
    _without(
        FEED,
        '        found.cursors["g"] = rows[-1].seq\n',
        order.the_organiser_says_more_than_one_answer_holds,
    ),
    _without(RELAYED, "        last_n=first.n - 1,\n", order.what_a_laptop_and_the_server_have_both_lost),
    _without(
        RELAYED, "        last_hash=first.prev_hash,\n", order.what_a_laptop_and_the_server_have_both_lost
    ),
    _without(
        STREAM,
        "    order.head = _RAISE.first(connection, vid=order.vendor_id, n=by).head\n",
        s.a_sale_before_its_goods,
    ),
    _without("pos.server.devices", "        last_n=request.at,\n", s.a_new_identity_goes_on_without_a_code),
    _without("pos.server.devices", "        last_hash=digest,\n", s.a_new_identity_goes_on_without_a_code),
)
