"""Bugs that sync has had elsewhere, put into the modules that ship: every one must make some world fail.

``python -m tests.sync.mutants`` tells of each how many of its worlds it spoils; ``--only NAME --seeds N`` looks at
one. A mutant stands for a line: without any line that finds doubles, moves the position or moves a cursor, a world
must fail (sync.md §2.1). What the storms meet too seldom stands in `tests.sync.targeted`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from typing import Final

from tests.sync.mutant import FEED, INBOX, INTAKE, MERGE, REKEY, ROUND, STREAM, TRIP, Mutant, mutant, storms
from tests.sync.mutating import Change
from tests.sync.targeted import TARGETED
from tests.sync.targeted_doubles import DOUBLES
from tests.sync.targeted_positions import POSITIONS

LISTED: Final = (
    mutant(
        "base_is_cursor",
        "pos.services.catalogue",
        '    over = {name: writers.get(name, writers.get("*")) for name in values}\n',
        "    over = dict.fromkeys(values, max(writers.values()))\n",
        first=8,
    ),
    mutant(
        "no_dedupe",
        TRIP,
        "    stored = {row.op_id.int: row for row in rows}\n",
        "    stored: dict[Any, Any] = {}\n",
        storms(line=0.7),
    ),
    mutant(
        "no_dedupe over two logs",
        TRIP,
        "(op.n, candidate if present is None else _verdict(present))",
        "(op.n, candidate)",
        storms(clone=8, rollback=6),
        first=4,
    ),
    mutant(
        "pop_on_send",
        ROUND,
        "        before = self._clock.now_ms()\n        try:\n",
        "        before = self._clock.now_ms()\n"
        "        with self._storage.write() as unit:\n"
        "            move_link(unit.connection, ack_n=asked.link.ack_n + len(asked.operations))\n"
        "        try:\n",
    ),
    mutant(
        "ack before commit",
        ROUND,
        "        arrived = _arrived(reply.changes)\n        with",
        "        arrived = _arrived(reply.changes)\n"
        "        with self._storage.write() as unit:\n"
        "            move_link(unit.connection, ack_n=_settled(asked, reply, asked.link)[0])\n"
        "        with",
        storms(power=20, poison=20, line=0.2),
        first=4,
    ),
    mutant(
        "cursor before page",
        ROUND,
        "        arrived = _arrived(reply.changes)\n        with",
        "        arrived = _arrived(reply.changes)\n"
        "        if reply.cursors and not reply.reset:\n"
        "            with self._storage.write() as unit:\n"
        "                move_link(unit.connection, cursors=reply.cursors)\n"
        "        with",
        storms(power=12),
    ),
    Mutant(
        "no epoch",
        (
            Change(
                TRIP,
                "    if message.epoch is not None and message.epoch != order.epoch:\n",
                "    if message.epoch is None and message.epoch != order.epoch:\n",
            ),
            Change(
                TRIP,
                "    reset = message.epoch is not None and message.epoch != order.epoch\n",
                "    reset = False\n",
            ),
            Change(
                ROUND,
                "            if link.epoch is not None and reply.epoch != link.epoch:\n",
                "            if link.epoch is not None and reply.reset:\n",
            ),
        ),
        storms(server=8),
        first=7,
    ),
    mutant(
        "clone keeps series",
        REKEY,
        "        if not _unnoticed(connection, machine):\n            return None\n    with",
        "        if connection:\n            return None\n    with",
        storms(clone=8),
    ),
    mutant(
        "poison blocks",
        ROUND,
        "        if result.n == ack + 1:\n",
        '        if result.n == ack + 1 and result.s != "held":\n',
        storms(poison=8),
    ),
    mutant(
        "poison dropped",
        INTAKE,
        "        self._keep(candidate, verdict, effects, again=False)\n        return verdict\n",
        "        return verdict\n",
        storms(poison=8),
    ),
    mutant(
        "dropped after 5 tries",
        ROUND,
        '            if fault.code == "server_slow":\n                self._shrink()\n            raise\n',
        '            if fault.code == "server_slow":\n                self._shrink()\n'
        "            self._tries = getattr(self, '_tries', 0) + 1\n"
        "            if self._tries % 5 == 0:\n"
        "                with self._storage.write() as unit:\n"
        "                    move_link(unit.connection, ack_n=asked.link.ack_n + len(asked.operations))\n"
        "            raise\n",
        storms(line=0.95, power=0),
        steps=110,
        first=4,
    ),
    mutant(
        "whole-row write",
        "pos.services.catalogue",
        '            values = change.against(row)\n            if values.get("barcode"):\n'
        '                refuse_taken_barcode(unit.connection, values["barcode"], row.id)\n',
        "            values = {'name_bn': row.name_bn, 'category': row.category, 'price': row.price_paisa}\n"
        "            values |= change.against(row)\n",
    ),
    mutant(
        "wall clock decides",
        MERGE,
        "        knowing = change.over is None or seen == self.op or self.op in self.closed\n",
        "        knowing = change.over is None\n",
        storms(clocks=20),
    ),
    mutant(
        "arrival order decides",
        MERGE,
        "        knowing = change.over is None or seen == self.op or self.op in self.closed\n",
        "        knowing = True\n",
    ),
    mutant(
        "no conflict log",
        MERGE,
        "            self._wait(self.op, self.value)\n",
        "",
    ),
    mutant("no conflict log of the later", MERGE, "            self._wait(change.op, value)\n", "", first=6),
    mutant(
        "early ack",
        TRIP,
        "            log.last_n, log.last_hash = op.n, op.hash\n",
        "            log.last_n, log.last_hash = ops[-1].n, ops[-1].hash\n",
        steps=50,
    ),
    mutant(
        "reset wipes outbox",
        INBOX,
        '    connection.exec_driver_sql("UPDATE foreign_op SET seq = NULL, rank = NULL")\n',
        '    connection.exec_driver_sql("UPDATE foreign_op SET seq = NULL, rank = NULL")\n'
        '    connection.exec_driver_sql("DELETE FROM op WHERE n > (SELECT ack_n FROM link)")\n',
        storms(server=8),
        first=4,
    ),
)

LINES: Final = (
    mutant(
        "cursor goes back",
        ROUND,
        "            cursors[stream] = max(cursors[stream], reply.cursors.get(stream, 0))\n",
        "            cursors[stream] = reply.cursors.get(stream, 0)\n",
        storms(line=0.8),
        first=15,
    ),
    mutant(
        "cursor stays",
        ROUND,
        "            cursors[stream] = max(cursors[stream], reply.cursors.get(stream, 0))\n",
        "",
    ),
    mutant(
        "reset keeps cursors",
        ROUND,
        "            cursors=dict.fromkeys(link.cursors, 0),\n",
        "",
        storms(server=8),
        first=4,
    ),
    mutant(
        "fork passed over by the client",
        ROUND,
        "            taken.parts_at = reply.fork - 1\n",
        "            pass\n",
        storms(blind=20),
        steps=60,
    ),
    mutant(
        "the server's position stays",
        TRIP,
        "            log.last_n, log.last_hash = op.n, op.hash\n",
        "            log.last_hash = op.hash\n",
    ),
    mutant(
        "known to the server under another device",
        TRIP,
        "            log.entries.append((op.n, _verdict(present)))\n        elif",
        "            pass\n        elif",
        storms(line=0.7),
    ),
    mutant("places begin one too early", STREAM, "row.head - by + 1)", "row.head - by)"),
    mutant(
        "one place for two",
        INTAKE,
        "        order.next_seq += 1\n",
        "",
    ),
    mutant(
        "digest does not count",
        INTAKE,
        "        order.counts[candidate.stream] += 1\n",
        "",
    ),
    mutant(
        "digest does not sum",
        INTAKE,
        "        order.sums[candidate.stream] = "
        "(order.sums[candidate.stream] + int.from_bytes(op.hash[:8])) & MASK\n",
        "",
    ),
    mutant(
        "rank not held back",
        INTAKE,
        "min(op.hlc, self._latest_rank)",
        "op.hlc",
        storms(clocks=20),
        first=3,
    ),
    mutant(
        "cancelled twice, back twice",
        INTAKE,
        "                return  # whoever cancels once more brings no goods back (order_state)\n",
        "                pass\n",
        steps=60,
    ),
    mutant(
        "page cut, cursor at its end",
        FEED,
        "            found.cursors[stream] = last\n",
        "",
    ),
    mutant(
        "page cut, nothing more said",
        FEED,
        "            found.cursors[stream] = last\n            found.more = True\n",
        "            found.cursors[stream] = last\n",
        first=8,
    ),
    mutant(
        "history is sent before the records are",
        FEED,
        '        if stream == "h" and found.more:\n            found.cursors["h"] = after\n        else:',
        "        if True:",
        first=8,
    ),
    mutant(
        "doubles are taken in",
        INBOX,
        "        elif op_id not in others:\n            fresh[op_id] = one\n",
        "        elif op_id:\n            fresh[op_id] = one\n",
        storms(line=0.8, server=4),
        first=1,
    ),
    mutant(
        "one's own comes back as another's",
        INBOX,
        "        if op_id in own:\n",
        "        if not op_id:\n",
        storms(server=8, rollback=4),
    ),
    mutant(
        "one's own gets no place",
        INBOX,
        "    many(connection, _PLACE_OWN, moved_own)\n",
        "",
        storms(server=8, rollback=4),
    ),
    mutant(
        "others' get no new place",
        INBOX,
        "    many(connection, _PLACE, moved)\n",
        "",
        storms(server=8),
        first=4,
    ),
    mutant("results are not written", INBOX, "    many(connection, _SETTLE, rows)\n", ""),
    mutant("what comes is not kept", INBOX, "    _keep(connection, fresh)\n", ""),
    mutant("nothing is folded", INBOX, "    refold(connection, touched)\n", ""),
)


@dataclass(slots=True)
class Tally:
    """How one mutant fared."""

    mutant: Mutant
    spoiled: list[int] = field(default_factory=list)
    invariants: set[str] = field(default_factory=set)


def tally(bug: Mutant, seeds: int) -> Tally:
    """How many of so many worlds it spoils."""
    found = Tally(bug)
    seed = 0
    if bug.schedule is not None:
        seeds = 1
    while (failed := bug.caught(seeds - seed, first=seed)) is not None:
        found.spoiled.append(failed.seed)
        found.invariants.add(failed.invariant)
        seed = failed.seed + 1
        if seed >= seeds:
            break
    return found


def main() -> int:
    """Print what each mutant spoils; 1 where one spoils nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.mutants", description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", type=int, default=200)
    asked = parser.parse_args()
    survived = 0
    for one in (*LISTED, *LINES, *TARGETED, *POSITIONS, *DOUBLES):
        if asked.only not in one.name:
            continue
        found = tally(one, asked.seeds)
        survived += not found.spoiled
        first = found.spoiled[0] if found.spoiled else "-"
        kinds = ", ".join(sorted(found.invariants))
        print(f"{one.name:45} {len(found.spoiled):5} first {first:5} {kinds}", flush=True)  # noqa: T201
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
