"""What is there already on a laptop, not looked up, not filled or not minded, with the small world where that shows.

The lines are those that `tests.sync.lines` lists.
"""

from __future__ import annotations

from typing import Final

from tests.sync import schedules as base
from tests.sync import schedules_doubles as s
from tests.sync import schedules_order as order
from tests.sync.mutant import (
    INBOX,
    MENDING,
    ORGANISER,
    REFOLD,
    REFOLD_ORDERS,
    REKEY,
    ROUND,
    STANDING,
    VERIFY,
    Mutant,
    targeted,
)
from tests.sync.mutating import Change
from tests.sync.targeted_doubles_server import AT_THE_SERVER

DOUBLES: Final = (
    *AT_THE_SERVER,
    Mutant(
        "what was told to be on hand stays beside what is told now",
        (
            Change(
                "pos.store.onhand",
                '    connection.exec_driver_sql("DELETE FROM stock_base")\n    connection.exec_driver_sql(\n',
                "    connection.exec_driver_sql(\n",
            ),
            Change(
                "pos.store.onhand",
                '    )\n    connection.exec_driver_sql("DELETE FROM stock_base")\n\n\ndef recount',
                "    )\n\n\ndef recount",
            ),
        ),
        schedule=order.a_new_laptop_while_the_server_is_set_back,
    ),
    targeted(
        "goods that another has brought back are counted again",
        "pos.store.onhand",
        "            cancelled = connection.exec_driver_sql(_CANCELLATIONS, (one.agg_id,)).scalar_one()\n"
        "            if cancelled != 1:\n"
        "                continue\n",
        "            pass\n",
        s.what_two_laptops_called_off_is_told_anew,
    ),
    targeted(
        "what a result has placed is not placed",
        INBOX,
        "    placed = _settle(connection, settled)\n",
        "    _settle(connection, settled)\n    placed: set[bytes] = set()\n",
        base.somebody_writes_while_another_value_comes,
    ),
    targeted(
        "what came is not carried out",
        INBOX,
        "    operations = [*waiting, *(_known(one) for one in fresh)]\n",
        "    operations = [*waiting]\n",
        order.one_after_the_other,
    ),
    targeted(
        "nothing is one's own",
        INBOX,
        '    own = _places(connection, "op", ids)\n',
        "    own: dict[bytes, tuple[Any, ...]] = {}\n",
        s.what_the_organiser_has_said_before,
    ),
    targeted(
        "nothing of others is known",
        INBOX,
        '    others = _places(connection, "foreign_op", ids)\n',
        "    others: dict[bytes, tuple[Any, ...]] = {}\n",
        s.two_edits_in_another_order,
    ),
    targeted(
        "one's own gets no place from the feed",
        INBOX,
        "            if own[op_id] not in ((one.seq, one.rank, _OK), (one.seq, one.rank, _DISPUTED)):\n"
        "                moved_own.append((one.seq, one.rank, op_id))\n",
        "            pass\n",
        s.what_the_organiser_has_said_before,
    ),
    targeted(
        "others' get no other place",
        INBOX,
        "        elif others[op_id] != (one.seq, one.rank, device):\n"
        "            moved.append((one.seq, one.rank, device, op_id))\n",
        "",
        s.two_edits_in_another_order,
    ),
    targeted(
        "what is new is passed over",
        INBOX,
        "            fresh[op_id] = one\n",
        "            pass\n",
        order.one_after_the_other,
    ),
    targeted(
        "what got its place is not folded",
        INBOX,
        "    placed.update(row[2] for row in moved_own)\n",
        "",
        s.an_edit_that_stands_after_all,
    ),
    targeted(
        "what has another place is not folded",
        INBOX,
        "        _touch(known, touched)\n    #",
        "        pass\n    #",
        s.two_edits_in_another_order,
    ),
    Mutant(
        "one's own that another identity has sent is one's own",
        (
            Change(
                INBOX,
                "    many(connection, _SETTLE, rows)\n    _know_authors(",
                "    many(connection, _SETTLE, rows)\n    (",
            ),
            Change(
                INBOX,
                "    _know_authors(\n"
                "        connection,\n"
                "        {op_id: one.device_id.bytes for one, op_id in zip(arrived, ids, strict=True) if "
                "op_id in own},\n"
                "    )\n",
                "",
            ),
        ),
        schedule=base.two_of_one_log_after_the_server_forgot,
    ),
    targeted(
        "what was there already is the new identity's",
        ROUND,
        "UUID(hex=result.d) if result.d else asked.device if",
        "asked.device if",
        s.a_new_identity_brings_what_the_old_one_wrote,
    ),
    targeted(
        "what a new identity brings is the old one's",
        ROUND,
        " else asked.device if result.n <= asked.begins else None\n",
        " else None\n",
        s.a_new_identity_brings_what_the_old_one_wrote,
    ),
    targeted(
        "authors that results tell are not heard",
        INBOX,
        "    many(connection, _SETTLE, rows)\n    _know_authors(",
        "    many(connection, _SETTLE, rows)\n    (",
        s.a_new_identity_brings_what_the_old_one_wrote,
    ),
    targeted(
        "an author is made twice",
        STANDING,
        '"INSERT OR IGNORE INTO device',
        '"INSERT INTO device',
        order.one_after_the_other,
    ),
    targeted(
        "what waited waits twice",
        STANDING,
        '    connection.exec_driver_sql("DELETE FROM deferred")\n',
        "",
        base.money_on_an_order_that_is_still_to_come,
    ),
    targeted(
        "a setting keeps its first value",
        REFOLD,
        '"INSERT INTO setting (key, value, fv) VALUES (?, ?, ?)"\n'
        '            " ON CONFLICT (key) DO UPDATE SET value = excluded.value, fv = excluded.fv"',
        '"INSERT OR IGNORE INTO setting (key, value, fv) VALUES (?, ?, ?)"',
        s.one_day_on_two_laptops,
    ),
    targeted(
        "a day is written beside",
        REFOLD,
        "        connection.exec_driver_sql(\n"
        "            \"DELETE FROM hat_day WHERE source = 'vendor' AND hat_on = ?\", (one.decode(),)\n"
        "        )\n",
        "",
        s.one_day_on_two_laptops,
    ),
    targeted(
        "a conflict is written beside",
        REFOLD,
        "    connection.exec_driver_sql(\n"
        '        "DELETE FROM conflict WHERE agg = ? AND agg_id = ?", [(agg, one) for one in folded]\n'
        "    )\n",
        "",
        s.a_conflict_that_is_looked_at_again,
    ),
    targeted(
        "a device keeps its first code",
        REFOLD,
        'DO UPDATE SET code = excluded.code"',
        'DO NOTHING"',
        order.one_after_the_other,
    ),
    targeted(
        "all money may have come twice",
        REFOLD_ORDERS,
        "    first = True\n",
        "    first = False\n",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "no money has come twice",
        REFOLD_ORDERS,
        '        state, first = (told if first else "possible_duplicate"), False\n',
        "        state = told\n",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "a refund is owed twice",
        REFOLD_ORDERS,
        '        self._connection.exec_driver_sql("DELETE FROM owed_refund WHERE order_id = ?", '
        "(order_id,))\n",
        "",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "goods that are back come back again",
        REFOLD_ORDERS,
        "        gone, new = sorted(there - wanted), sorted(wanted - there)\n",
        "        gone, new = sorted(there - wanted), sorted(wanted)\n",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "what is back is not looked up",
        REFOLD_ORDERS,
        "            tuple(row)\n"
        "            for row in c.exec_driver_sql(\n"
        '                "SELECT id, variant_id, qty_milli',
        "            tuple(row)\n"
        "            for row in c.exec_driver_sql(\n"
        '                "SELECT id, variant_id, 1 + qty_milli',
        s.one_order_on_two_laptops,
    ),
    targeted(
        "goods come back for both",
        REFOLD_ORDERS,
        "        if gone:\n"
        '            c.exec_driver_sql("DELETE FROM stock_move WHERE id = ?", [(row[0],) for row '
        "in gone])\n"
        "            onhand.count(c, [(row[1], -row[2]) for row in gone])\n",
        "",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "a note keeps its first words",
        REFOLD_ORDERS,
        '"INSERT INTO order_buyer (order_id, note) VALUES (?, ?)"\n'
        '            " ON CONFLICT (order_id) DO UPDATE SET note = excluded.note"',
        '"INSERT OR IGNORE INTO order_buyer (order_id, note) VALUES (?, ?)"',
        s.one_order_on_two_laptops,
    ),
    targeted(
        "what an answer has counted is counted again",
        INBOX,
        "touched, stock_seq=stock_seq)\n        if left",
        "touched)\n        if left",
        order.a_new_laptop_whose_history_is_under_way,
    ),
    targeted(
        "the timeline is written beside",
        REFOLD_ORDERS,
        '        c.exec_driver_sql("DELETE FROM order_event WHERE id = ?", [(event,) for event in wanted])\n',
        "",
        s.one_order_on_two_laptops,
    ),
    targeted(
        "a notice is written beside",
        ORGANISER,
        "            many(connection, _NO_NOTICE, [(row.pk,)])\n",
        "",
        s.what_the_organiser_has_said_before,
    ),
    targeted(
        "a day of the organiser is written beside",
        ORGANISER,
        "            many(connection, _NO_DAY, [(day,)])\n",
        "",
        s.what_the_organiser_has_said_before,
    ),
    targeted(
        "a damaged one of one's own becomes another's",
        MENDING,
        "        if mine is not None:\n"
        "            connection.execute(update(t.op).where(t.op.c.n == mine).values(**_columns(one)))\n"
        "        elif",
        "        if",
        s.a_log_that_a_disk_has_damaged,
    ),
    targeted(
        "a missing one of one's own becomes another's",
        MENDING,
        "        elif one.device_id == own and o.n <= end and oplog.hash_at(connection, o.n) is None:\n",
        "        elif o.n < 0:\n",
        s.a_log_that_a_disk_has_damaged,
    ),
    targeted(
        "a damaged one stays beside",
        MENDING,
        "            connection.execute(delete(t.foreign_op).where(t.foreign_op.c.op_id == o.op_id))\n",
        "",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "two programs take new numbers",
        REKEY,
        "        if not _unnoticed(unit.connection, machine):\n            return None\n        act",
        "        act",
        s.two_programs_of_one_copy,
    ),
    targeted(
        "what is equal is added up again",
        ROUND,
        " and compares != self._agreed:\n",
        ":\n",
        s.whoever_agrees_does_not_ask_again,
    ),
    targeted(
        "what was found equal is forgotten",
        ROUND,
        "            self._agreed = asked.compares\n",
        "            pass\n",
        s.whoever_agrees_does_not_ask_again,
    ),
    targeted(
        "what was found equal is not told",
        ROUND,
        "        elif reply is not None and not taken.moved and asked.compares == self._agreed:\n"
        "            agree = True\n",
        "",
        s.whoever_agrees_does_not_ask_again,
    ),
    targeted(
        "what cannot be mended is looked into again",
        ROUND,
        "        if doubt is None or doubt == self._mended:\n",
        "        if doubt is None:\n",
        s.whoever_cannot_be_mended_is_looked_into_once,
    ),
    targeted(
        "what was looked into is forgotten",
        ROUND,
        "        self._mended = doubt\n",
        "",
        s.whoever_cannot_be_mended_is_looked_into_once,
    ),
    targeted(
        "what differs is not asked for",
        VERIFY,
        "        differ = set(self._ask(VerifyRequest(stream, upto, buckets=sums)).differ)\n",
        "        differ: set[int] = set()\n",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "what is damaged is not asked for",
        VERIFY,
        "        differ |= {int(one[-2:], 16) for one, kept in mine.items() if not kept.sound}\n",
        "",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "what the server has is not asked",
        VERIFY,
        "            theirs = self._ask(VerifyRequest(stream, upto, list_buckets=some)).listed\n",
        "            theirs: dict[str, str] = {}\n",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "what is missing is not fetched",
        VERIFY,
        "                if kept is None or not kept.sound or kept.hash.hex() != digest:\n",
        "                if kept is not None and (not kept.sound or kept.hash.hex() != digest):\n",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "what was not asked for is here alone",
        VERIFY,
        "int(one[-2:], 16) in some and one not in theirs)",
        "one not in theirs)",
        s.what_others_wrote_and_a_disk_has_damaged,
    ),
    targeted(
        "nothing that is here is known",
        VERIFY,
        "                kept[operation.op_id.hex] = _Mine(operation.hash, whole)\n",
        "                pass\n",
        s.whoever_lacks_nothing_fetches_nothing,
    ),
)
