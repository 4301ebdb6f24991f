"""What is there already at the server, not looked up, not filled or not minded, with the small world where that shows.

The lines are those that `tests.sync.lines` lists.
"""

from __future__ import annotations

from typing import Final

from tests.server import test_logs as logs
from tests.server import test_lost_devices as lost
from tests.server import test_pairing as pairing
from tests.server import test_shut_out as shut
from tests.server import test_taking_in as taking
from tests.sync import schedules_doubles as s
from tests.sync import schedules_order as order
from tests.sync import schedules_server as served
from tests.sync.mutant import DEVICES, ERASING, FEED, HELD, INTAKE, RELAYED, TRIP, targeted
from tests.sync.schedules_server import world_of

AT_THE_SERVER: Final = (
    targeted(
        "a log is walked twice",
        TRIP,
        "    while ops and device_id not in logs:\n",
        "    while ops:\n",
        world_of(served.nobody_gives_back_its_own_log),
    ),
    targeted(
        "a log that was walked is not known",
        TRIP,
        "        log = logs[device_id] = _Log(",
        "        log = _Log(",
        world_of(lost.test_its_code_may_come_later_than_its_orders),
    ),
    targeted(
        "taken in once for each log",
        TRIP,
        "    distinct = {candidate.operation.op_id.int: candidate for candidate in candidates}\n"
        "    if careful:\n"
        "        verdicts = [_carefully(connection, intake, candidate) for candidate in "
        "distinct.values()]\n"
        "    else:\n"
        "        verdicts = intake.take(list(distinct.values()))\n"
        "    told = dict(zip(distinct, verdicts, strict=True))\n",
        "    if careful:\n"
        "        verdicts = [_carefully(connection, intake, candidate) for candidate in candidates]\n"
        "    else:\n"
        "        verdicts = intake.take(candidates)\n"
        "    told = dict(zip((one.operation.op_id.int for one in candidates), verdicts, strict=True))\n",
        world_of(served.one_that_comes_in_two_logs),
    ),
    targeted(
        "what the request brings is no beginning",
        TRIP,
        "        brought |= {(one.operation.n, one.operation.hash) for one in ops if "
        "one.operation.n in taken}\n",
        "",
        world_of(lost.test_a_log_that_parted_after_the_backup_goes_on_from_where_it_parted),
    ),
    targeted(
        "what stands behind a gap is a beginning",
        TRIP,
        "for one in ops if one.operation.n in taken}\n",
        "for one in ops}\n",
        world_of(served.a_log_that_parts_behind_what_is_missing),
    ),
    targeted(
        "what was taken in of a log is forgotten",
        TRIP,
        "        taken = {n for n, _ in log.entries}\n",
        "        taken: set[int] = set()\n",
        world_of(lost.test_a_log_that_parted_after_the_backup_goes_on_from_where_it_parted),
    ),
    targeted(
        "what another log has is lost",
        TRIP,
        "        known = {row.op_id for row in rows}\n        left",
        "        known: set[uuid.UUID] = set()\n        left",
        world_of(lost.test_what_its_author_has_lost_as_well_is_one_device_more_however_it_comes),
    ),
    targeted(
        "what was taken in is left over",
        TRIP,
        "            if one.operation.n not in taken and one.operation.op_id not in known\n",
        "            if one.operation.op_id not in known\n",
        s.what_stands_before_a_gap_is_not_brought_twice,
    ),
    targeted(
        "what another log has is left over",
        TRIP,
        "            if one.operation.n not in taken and one.operation.op_id not in known\n",
        "            if one.operation.n not in taken\n",
        world_of(lost.test_what_its_author_has_lost_as_well_is_one_device_more_however_it_comes),
    ),
    targeted(
        "what stands at a position is not looked up",
        TRIP,
        "        own = {row.n: row.op_id for row in _POSITIONS.rows(connection, **asked)}\n",
        "        pass\n",
        s.two_copies_of_one_laptop_that_have_the_same,
    ),
    targeted(
        "another log's at a position that is taken",
        TRIP,
        "            if op.n not in own:  # taken in from another log that has the same beginning\n",
        "            if True:\n",
        s.two_copies_of_one_laptop_that_have_the_same,
    ),
    targeted(
        "what is stored is not looked up",
        TRIP,
        "        present = stored.get(op.op_id.int)\n",
        "        present = None\n",
        world_of(taking.test_what_was_sent_before_is_answered_with_the_same_result_and_counts_once),
    ),
    targeted(
        "another operation at a known position passes",
        TRIP,
        "            if not same:\n"
        "                _part(connection, vendor_id, log, ops, index)\n"
        "                return\n",
        "",
        world_of(logs.test_a_laptop_that_parted_goes_on_under_a_new_identity_and_nothing_is_lost),
    ),
    targeted(
        "nobody is told in whose log it stands",
        TRIP,
        "        other = author.hex if author is not None and author != log.device_id else None\n",
        "        other = None\n",
        s.a_new_identity_brings_what_the_old_one_wrote,
    ),
    targeted(
        "a laptop that is known is made anew",
        RELAYED,
        "    row = devices.one(connection, vendor_id, device_id)\n    if",
        "    row = None\n    if",
        world_of(lost.test_its_orders_are_taken_in_and_it_comes_back_under_its_own_name),
    ),
    targeted(
        "whoever relays a log changes its code",
        RELAYED,
        "    if row is not None and devices.is_code(row.code):\n        return row\n",
        "",
        world_of(served.a_code_that_others_tell),
    ),
    targeted(
        "a known row is no row",
        RELAYED,
        "    if row is not None:\n        if said",
        "    if row is not None and not said:\n        if said",
        world_of(lost.test_its_code_may_come_later_than_its_orders),
    ),
    targeted(
        "a code is given to whoever says it",
        RELAYED,
        "        if said is not None and not _has(connection, vendor_id, said):\n",
        "        if said is not None:\n",
        world_of(served.a_code_that_is_said_again),
    ),
    targeted(
        "a new row has whatever code it says",
        RELAYED,
        "        said if said is not None and not _has(connection, vendor_id, said) else None,\n",
        "        said,\n",
        world_of(lost.test_a_code_that_another_has_by_now_is_not_taken_away),
    ),
    targeted(
        "a log may begin on nothing",
        RELAYED,
        "        begins = first.prev_hash == GENESIS and said is not None\n",
        "        begins = said is not None\n",
        world_of(served.a_first_operation_that_follows_another),
    ),
    targeted(
        "a log may begin behind anything",
        RELAYED,
        "        begins = before in brought or devices.has_position(connection, vendor_id, *before)\n",
        "        begins = True\n",
        world_of(lost.test_what_is_no_beginning_makes_no_device),
    ),
    targeted(
        "what is no beginning begins",
        RELAYED,
        "    if not begins:\n        return None\n",
        "",
        world_of(lost.test_what_is_no_beginning_makes_no_device),
    ),
    targeted(
        "a parted log is a new one each time",
        RELAYED,
        "    apart = next((one for one in there if one not in walked), uuid.UUID(bytes=digest))\n",
        "    apart = uuid.UUID(bytes=digest)\n",
        world_of(lost.test_what_its_author_has_lost_as_well_is_one_device_more_however_it_comes),
    ),
    targeted(
        "a parted log that the request goes on with is the one",
        RELAYED,
        "(one for one in there if one not in walked)",
        "iter(there)",
        world_of(lost.test_two_ways_on_from_one_parted_log_are_two_logs),
    ),
    targeted(
        "nobody asks whether it stands already",
        INTAKE,
        "            aggregates.add(candidate.operation.agg_id)\n",
        "",
        world_of(served.what_is_made_again_later),
    ),
    targeted(
        "nobody asks what it stands on",
        INTAKE,
        "                aggregates |= candidate.needs.aggregates\n",
        "",
        world_of(served.what_is_made_again_later),
    ),
    targeted(
        "nobody asks for the variants that it makes",
        INTAKE,
        "                variants.update(candidate.makes)\n",
        "",
        world_of(served.what_is_made_again_later),
    ),
    targeted(
        "nobody asks what became of the order",
        INTAKE,
        "                    orders.add(candidate.operation.agg_id)\n",
        "                    pass\n",
        world_of(taking.test_a_second_cancellation_brings_no_goods_back),
    ),
    targeted(
        "made twice",
        INTAKE,
        '        if creates and agg_id in known.aggregates:\n            return "stands_already"\n',
        "",
        world_of(served.what_is_made_again_later),
    ),
    targeted(
        "a variant is made twice",
        INTAKE,
        "        if candidate.makes and not known.variants.isdisjoint(candidate.makes):\n"
        '            return "stands_already"\n',
        "",
        world_of(served.what_is_made_again_later),
    ),
    targeted(
        "what it stands on is not looked at",
        INTAKE,
        "        if needs.variants <= known.variants and needs.aggregates <= known.aggregates:\n",
        "        if needs.variants <= known.variants:\n",
        world_of(shut.test_who_is_let_in_again_is_judged_like_everybody),
    ),
    targeted(
        "what has just come is not known",
        INTAKE,
        "        known.aggregates.add(op.agg_id)\n",
        "",
        world_of(taking.test_whoever_makes_again_what_is_there_is_held),
    ),
    targeted(
        "variants that have just come are not known",
        INTAKE,
        "        if candidate.makes:\n"
        "            known.variants.update(candidate.makes)\n"
        "            effects.variants",
        "        if candidate.makes:\n            effects.variants",
        world_of(taking.test_whoever_makes_again_what_is_there_is_held),
    ),
    targeted(
        "goods of new variants are not counted",
        INTAKE,
        "            effects.variants.update(dict.fromkeys(candidate.makes, op.op_id))\n",
        "",
        world_of(taking.test_whoever_makes_again_what_is_there_is_held),
    ),
    targeted(
        "cancelled twice",
        INTAKE,
        '            if known.orders.get(op.agg_id) == "cancelled":\n                return',
        "            if False:\n                return",
        world_of(taking.test_a_second_cancellation_brings_no_goods_back),
    ),
    targeted(
        "a step that has just come is not known",
        INTAKE,
        "            known.orders[op.agg_id] = effects.steps[op.agg_id] = _STEPS[op.kind]\n",
        "            effects.steps[op.agg_id] = _STEPS[op.kind]\n",
        world_of(taking.test_a_second_cancellation_brings_no_goods_back),
    ),
    targeted(
        "a pairing code works twice",
        DEVICES,
        "    connection.execute(delete(pairing).where(here))\n",
        "",
        world_of(pairing.test_a_code_works_once),
    ),
    targeted(
        "a laptop that was in already is another one",
        DEVICES,
        "    present = next((row for row in rows if row.device_id == wanted), None)\n",
        "    present = None\n",
        world_of(pairing.test_a_laptop_that_was_shut_out_is_let_in_by_a_new_code),
    ),
    targeted(
        "what is no code is one",
        DEVICES,
        "    nameless = present is not None and not is_code(present.code)\n",
        "    nameless = False\n",
        world_of(lost.test_a_code_that_another_has_by_now_is_not_taken_away),
    ),
    targeted(
        "who has no code yet keeps what is none",
        DEVICES,
        "        and not nameless\n",
        "",
        world_of(served.a_nameless_laptop_comes_in),
    ),
    targeted(
        "who comes again gets a row of its own",
        DEVICES,
        "        again = True\n",
        "        again = False\n",
        world_of(pairing.test_a_laptop_that_was_shut_out_is_let_in_by_a_new_code),
    ),
    targeted(
        "who has no code yet gets a row of its own",
        DEVICES,
        "        again = nameless\n",
        "        again = False\n",
        world_of(lost.test_a_code_that_another_has_by_now_is_not_taken_away),
    ),
    targeted(
        "an identity that is taken is given again",
        DEVICES,
        "wanted if wanted is not None and present is None else",
        "wanted if wanted is not None else",
        world_of(shut.test_a_laptop_that_cannot_go_on_under_its_name_brings_it_under_the_new_one),
    ),
    targeted(
        "a row is looked for and not used",
        DEVICES,
        "    if present is not None and again:\n",
        "    if present is not None and not again:\n",
        world_of(pairing.test_a_laptop_that_was_shut_out_is_let_in_by_a_new_code),
    ),
    targeted(
        "a code that is taken is kept",
        DEVICES,
        "        if own not in taken:\n            return own\n        if",
        "        return own\n        if",
        world_of(pairing.test_a_shop_that_has_sold_joins_only_with_numbers_of_its_own),
    ),
    targeted(
        "the next code is the first",
        DEVICES,
        "(code for code in (*_LETTERS, *pairs) if code not in taken)",
        "iter((*_LETTERS, *pairs))",
        world_of(pairing.test_a_device_code_is_never_given_twice_even_after_its_laptop_is_gone),
    ),
    targeted(
        "any code is drawn",
        DEVICES,
        "        left = [code for code in pairs if code not in taken]\n",
        "        left = pairs\n",
        served.a_code_that_is_drawn,
    ),
    targeted(
        "codes of rows are not taken",
        DEVICES,
        "    taken = {row.code for row in rows}\n",
        "    taken: set[str] = set()\n",
        world_of(pairing.test_a_device_code_is_never_given_twice_even_after_its_laptop_is_gone),
    ),
    targeted(
        "codes that were said are not taken",
        DEVICES,
        '            taken.add(said["code"])\n',
        "            pass\n",
        world_of(lost.test_a_code_that_a_laptop_said_it_has_is_given_to_nobody),
    ),
    targeted(
        "a new laptop gets a code that is taken",
        DEVICES,
        "        taken = _taken(connection, vendor_id, rows, wanted)\n",
        "        taken: set[str] = set()\n",
        world_of(pairing.test_a_device_code_is_never_given_twice_even_after_its_laptop_is_gone),
    ),
    targeted(
        "a new identity gets a code that is taken",
        DEVICES,
        "    taken = _taken(connection, vendor_id, every(connection, vendor_id), None)\n",
        "    taken: set[str] = set()\n",
        world_of(logs.test_a_new_identity_needs_a_position_that_is_known),
    ),
    targeted(
        "a new identity goes on from any position",
        DEVICES,
        "    if request.at < 0 or not has_position(connection, vendor_id, request.at, digest):\n",
        "    if request.at < 0:\n",
        world_of(logs.test_a_new_identity_needs_a_position_that_is_known),
    ),
    targeted(
        "what is held is taken in whoever brought it",
        HELD,
        "    brought = _brought(connection, laptop)\n    if not",
        "    brought = {row.op_id for row in connection.execute(select(operation.c.op_id))}\n    if not",
        world_of(shut.test_who_took_a_new_identity_while_he_was_shut_out_brings_both_logs),
    ),
    targeted(
        "nothing that is held was brought",
        HELD,
        "        if at in kept:\n            found.add(kept[at])\n",
        "",
        world_of(shut.test_who_took_a_new_identity_while_he_was_shut_out_brings_both_logs),
    ),
    targeted(
        "the log is not followed",
        HELD,
        "        at = (at[0] - 1, before[at])\n",
        "        break\n",
        world_of(shut.test_who_took_a_new_identity_while_he_was_shut_out_brings_both_logs),
    ),
    targeted(
        "what a result has placed comes down as well",
        FEED,
        "        if told is not None and told.has(row):\n            last = row.seq\n            continue\n",
        "",
        order.what_a_result_has_placed_does_not_come_down_as_well,
    ),
    targeted(
        "what a result has placed is sent whole",
        FEED,
        " if told is None or not told.has(row)\n",
        "\n",
        order.what_a_result_has_placed_does_not_come_down_as_well,
    ),
    targeted(
        "what a result has placed fills the page",
        FEED,
        "    passed_over = told.last - told.first + 1 if told is not None else 0\n",
        "    passed_over = 0\n",
        order.what_a_result_has_placed_does_not_come_down_as_well,
    ),
    targeted(
        "erased once for each of its names",
        ERASING,
        "    everything = list(dict.fromkeys((*aggregates, *(row.order_id for row in orders))))\n",
        "    everything = [*aggregates, *(row.order_id for row in orders)]\n",
        world_of(taking.test_erasing_a_buyer_blanks_what_names_her_now_and_later),
    ),
    targeted(
        "erased anew",
        ERASING,
        "    known = _known(connection, vendor_id, everything)\n",
        "    known: set[bytes] = set()\n",
        world_of(taking.test_orders_of_an_erased_buyer_that_come_later_are_blank_and_nobody_elses),
    ),
    targeted(
        "what is erased already is not left out",
        ERASING,
        " if one not in known]\n",
        "]\n",
        world_of(taking.test_orders_of_an_erased_buyer_that_come_later_are_blank_and_nobody_elses),
    ),
    targeted(
        "nobody keeps who was erased",
        ERASING,
        "    if fresh:\n        connection",
        "    if not fresh:\n        connection",
        world_of(taking.test_erasing_a_buyer_blanks_what_names_her_now_and_later),
    ),
    targeted(
        "what comes late is not looked up",
        ERASING,
        "    late = _known(connection, vendor_id, wanted)\n",
        "    late: set[bytes] = set()\n",
        world_of(taking.test_erasing_a_buyer_blanks_what_names_her_now_and_later),
    ),
    targeted(
        "whoever comes late is erased",
        ERASING,
        "    if not late:\n        return 0\n"
        "    orders = [order for order, buyer in buyers.items() if bytes.fromhex(buyer) in late]\n",
        "    orders = list(buyers)\n",
        world_of(taking.test_orders_of_an_erased_buyer_that_come_later_are_blank_and_nobody_elses),
    ),
    targeted(
        "what comes beside it is erased",
        ERASING,
        "*(one for one in aggregates if one in late), ",
        "*aggregates, ",
        world_of(taking.test_orders_of_an_erased_buyer_that_come_later_are_blank_and_nobody_elses),
    ),
)
