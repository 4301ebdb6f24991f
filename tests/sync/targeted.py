"""Bugs that hardly any storm brings to light, each with the small world in which it shows.

In most of them another line mends the harm before anybody sees it, but for one order of things; that order is the
schedule.
"""

from __future__ import annotations

from typing import Final

from tests.sync import schedules as s
from tests.sync import schedules_order as order
from tests.sync.mutant import FEED, INBOX, MERGE, REKEY, ROUND, STREAM, TRIP, targeted

# Of sync.md's own list; two of them are caught by storms as well.
_LISTED: Final = (
    targeted(
        "trust_acked",
        ROUND,
        "    return ack, settled\n",
        "    return max([ack, *sent]), settled\n",
        s.a_box_on_the_way_answers_from_memory,
    ),
    targeted(
        "counter-only dedupe",
        TRIP,
        "            same = op.n in own and own[op.n] == op.op_id\n",
        "            same = op.n in own\n",
        s.a_log_set_back_writes_less_than_it_had,
    ),
    targeted(
        "pull clobbers pending",
        MERGE,
        "        if change.erases or change.seq is None or knowing:\n",
        "        if change.erases or knowing:\n",
        s.somebody_writes_while_another_value_comes,
    ),
    targeted(
        "stale reply",
        ROUND,
        "            if arrived is None or not answers or reply.since.get(stream, 0) > cursors[stream]:\n",
        "            if arrived is None or not answers:\n",
        s.a_reply_from_before_a_laptop_was_set_back,
    ),
    targeted(
        "counter reused after rollback",
        "pos.store.recovery",
        "    while (code := rekeyed(row.base_code, secrets.randbelow)) in used:\n        continue\n",
        "    code = row.base_code\n",
        s.a_number_that_the_journal_has_lost,
    ),
    targeted(
        "wall clock decides, said step by step",
        MERGE,
        "        knowing = change.over is None or seen == self.op or self.op in self.closed\n",
        "        knowing = change.over is None\n",
        s.somebody_whose_clock_is_behind_knows_better,
    ),
    targeted(
        "sequence before commit",
        TRIP,
        "    order = raise_counter(connection, vendor_id, count)\n",
        "    order = raise_counter(connection, vendor_id, count)\n    connection.connection.commit()\n",
        order.somebody_asks_while_another_is_taken_in,
    ),
)

_BELIEVED: Final = (
    targeted(
        "the answer to another question",
        ROUND,
        "            if arrived is None or not answers or reply.since.get(stream, 0) > cursors[stream]:\n",
        "            if arrived is None or reply.since.get(stream, 0) > cursors[stream]:\n",
        s.a_result_for_what_is_no_more,
    ),
    targeted(
        "position moves without a result",
        ROUND,
        "        if op_id is None or op_id.hex != result.i:\n            continue\n",
        "        if op_id is None:\n            op_id = asked.device\n",
        s.a_result_for_what_is_no_more,
    ),
    targeted(
        "the organiser's cursor stays",
        ROUND,
        '            cursors["g"] = max(cursors["g"], reply.cursors.get("g", 0))\n',
        "            pass\n",
        s.the_organiser_says_a_thing_once,
    ),
    targeted(
        "history before its records",
        ROUND,
        "                break  # history stands on the records before it\n",
        "                continue\n",
        s.history_whose_records_are_not_here,
    ),
    targeted(
        "reset by any reply",
        ROUND,
        "                    taken.moved = True\n                return taken\n            ack",
        "                    taken.moved = True\n                    return taken\n            ack",
        s.a_reply_of_a_memory_that_is_gone,
    ),
    targeted(
        "a reset in answer to another question",
        ROUND,
        "                if reply.reset and reply.named in {None, asked.request.epoch}:\n",
        "                if reply.reset:\n",
        s.the_end_of_a_memory_is_told_once_more,
    ),
    targeted(
        "what both touched is not folded",
        INBOX,
        "    _touch_met(connection, placed, touched)\n",
        "",
        s.somebody_writes_while_another_value_comes,
    ),
)

_ORDERED: Final = (
    targeted(
        "a place is given twice",
        STREAM,
        "Order.of(row, row.head - by + 1)",
        "Order.of(row, row.head - by)",
        order.one_after_the_other,
    ),
    targeted(
        "a page ends before what a result has placed",
        FEED,
        "            last = row.seq\n            continue\n",
        "            continue\n",
        order.what_a_result_has_placed_does_not_come_down_as_well,
    ),
    targeted(
        "what was relayed to an earlier memory counts for this one",
        ROUND,
        "        self._relayed, self._whole = {}, False\n",
        "        self._whole = False\n",
        order.a_server_that_is_set_back_twice,
    ),
)

_PARTED: Final = (
    targeted(
        "a log set back is not seen",
        ROUND,
        "        elif reply.last_n > end == ack:",
        "        elif reply.last_n < 0:",
        s.a_log_set_back_asks_before_it_sells,
    ),
    targeted(
        "fork passed over by the server",
        TRIP,
        "        elif op.prev_hash != log.last_hash:\n",
        "        elif not op.prev_hash:\n",
        s.two_of_one_log_after_the_server_forgot,
    ),
    targeted(
        "a log that begins with another's is not known",
        TRIP,
        "                same = present is not None and bytes(present.hash) == op.hash\n",
        "                same = False\n",
        s.what_was_held_before_the_logs_parted,
    ),
    targeted(
        "others keep the author that they heard of first",
        INBOX,
        "            moved.append((one.seq, one.rank, device, op_id))\n",
        "            moved.append((one.seq, one.rank, others[op_id][2], op_id))\n",
        s.two_of_one_log_after_the_server_forgot,
    ),
    targeted(
        "what others made keeps the author that was heard of first",
        INBOX,
        "    _give(connection, [op_id for *_, device, op_id in moved if others[op_id][2] != device])\n",
        "",
        s.two_of_one_log_after_the_server_forgot,
    ),
    targeted(
        "a reply to another identity",
        ROUND,
        "            if link is None or link.epoch != asked.link.epoch or device_of(connection) != asked.device:\n",
        "            if link is None or link.epoch != asked.link.epoch:\n",
        s.somebody_else_was_first_to_take_a_new_identity,
    ),
    targeted(
        "a new identity keeps the old position",
        REKEY,
        "move_link(unit.connection, ack_n=at, machine=machine)",
        "move_link(unit.connection, machine=machine)",
        s.the_server_forgets_while_a_new_identity_is_asked_for,
    ),
    targeted(
        "a new identity forgets where the logs part",
        REKEY,
        "        take_identity(unit, fresh, reply.device_code, at, reason)\n",
        "        take_identity(unit, fresh, reply.device_code, 0, reason)\n",
        s.a_new_identity_goes_on_without_a_code,
    ),
    targeted(
        "a token is lost with the power",
        REKEY,
        "    tokens.put(fresh, reply.token)\n",
        "",
        s.a_new_identity_goes_on_without_a_code,
    ),
)

_FORGOTTEN: Final = (
    targeted(
        "reset keeps the order",
        ROUND,
        "        forget_order(connection)\n",
        "",
        s.a_laptop_that_never_returns,
    ),
    targeted(
        "reset keeps the position",
        ROUND,
        "min(link.ack_n, reply.last_n, link.ack_n if",
        "min(link.ack_n, link.ack_n if",
        s.a_reply_of_a_memory_that_is_gone,
    ),
    targeted(
        "what was held is not told again",
        ROUND,
        "link.ack_n if held is None else held - 1),",
        "link.ack_n),",
        s.what_was_held_is_told_again,
    ),
    targeted(
        "the same is relayed for ever",
        ROUND,
        "            self._relayed[author] = operation.n\n",
        "            pass\n",
        s.what_was_held_stands_between,
    ),
    targeted(
        "what the server asks for again is passed over",
        ROUND,
        "        ack = min(ack, max(reply.need - 1, 0))\n",
        "        pass\n",
        s.a_backup_put_in_place_in_silence,
    ),
    targeted(
        "gap passed over by the server",
        TRIP,
        "        if op.n > log.last_n + 1:\n            log.need = log.last_n + 1\n            return\n",
        "        if op.n > log.last_n + 1:\n            log.last_n, log.last_hash = op.n - 1, op.prev_hash\n",
        s.a_sale_after_a_backup_put_in_place_in_silence,
    ),
    targeted(
        "gap without operations passed over",
        TRIP,
        "        if message.first > log.last_n + 1:\n            log.need = log.last_n + 1\n        return\n",
        "        return\n",
        s.a_backup_put_in_place_in_silence,
    ),
    targeted(
        "a cursor ahead of the server is believed",
        TRIP,
        "    return message.epoch == epoch and seen > head\n",
        "    return False\n",
        s.a_laptop_that_is_ahead_of_the_server,
    ),
    targeted(
        "relay does not move the position",
        TRIP,
        "        elif log.last_n != log.start_n:\n            others.append(place)\n",
        "        elif log.last_n != log.start_n:\n            pass\n",
        s.much_of_a_laptop_that_never_returns,
    ),
    targeted(
        "held is never looked at again",
        TRIP,
        "        others |= intake.again(STANDS_ON) > 0\n",
        "        pass\n",
        s.a_sale_before_its_goods,
    ),
    targeted(
        "put off for ever",
        INBOX,
        "    waiting = standing.deferred(connection)\n",
        "    waiting = []\n",
        s.money_on_an_order_that_is_still_to_come,
    ),
)

TARGETED: Final = (*_LISTED, *_BELIEVED, *_ORDERED, *_PARTED, *_FORGOTTEN)
