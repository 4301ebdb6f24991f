"""Bugs that sync has had elsewhere, put into the modules that ship: every one must make some world fail.

``python -m tests.sync.mutants`` tells of each how many of its worlds it spoils; ``--only NAME --seeds N`` looks at
one. A mutant stands for a line: without any line that finds doubles, moves the position or moves a cursor, a world
must fail (sync.md §2.1).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from typing import Final

from tests.sync.mutating import Change, mutated
from tests.sync.simulate import Failed, run_seed, storms_of
from tests.sync.world import Storms

_ROUND: Final = "pos.sync.round"
_REKEY: Final = "pos.sync.rekey"
_TRIP: Final = "pos.server.roundtrip"
_INTAKE: Final = "pos.server.intake"
_FEED: Final = "pos.server.feed"
_MERGE: Final = "pos.protocol.merge"
_INBOX: Final = "pos.store.inbox"
_REFOLD: Final = "pos.store.refold"
_STANDING: Final = "pos.store.standing"

_CALM: Final = {"rollback": 0, "clone": 0, "blind": 0, "revoke": 0, "poison": 0, "versions": 0, "server": 0}


def _storms(**more: float) -> Storms:
    return Storms(**{**_CALM, **more})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bug.

    Attributes:
        name: as sync.md §2.1 has it, where it stands there.
        changes: what is changed in which module.
        storms: the weather in which it shows; None for every kind, by the seed.
        first: the first seed that is known to catch it.
        steps: how much happens in each world.
    """

    name: str
    changes: tuple[Change, ...]
    storms: Storms | None = None
    first: int = 0
    steps: int | None = None

    def caught(self, seeds: int, *, first: int | None = None) -> Failed | None:
        """The first of so many worlds that it spoils."""
        begin = self.first if first is None else first
        with mutated(*self.changes):
            for seed in range(begin, begin + seeds):
                failed = run_seed(seed, steps=self.steps, storms=self.storms or storms_of(seed))
                if failed is not None:
                    return failed
        return None


def _m(
    name: str,
    module: str,
    old: str,
    new: str,
    storms: Storms | None = None,
    *,
    first: int = 0,
    steps: int | None = None,
) -> Mutant:
    return Mutant(name, (Change(module, old, new),), storms, first, steps)


LISTED: Final = (
    _m(
        "base_is_cursor",
        "pos.services.catalogue",
        '    over = {name: writers.get(name, writers.get("*")) for name in values}\n',
        "    over = dict.fromkeys(values, max(writers.values()))\n",
        first=8,
    ),
    _m(
        "no_dedupe",
        _TRIP,
        "    stored = {row.op_id.int: row for row in rows}\n",
        "    stored: dict[Any, Any] = {}\n",
        _storms(line=0.7),
    ),
    _m(
        "no_dedupe over two logs",
        _TRIP,
        "            if present is not None:\n"
        "                log.entries.append((op.n, _verdict(present)))\n"
        "            else:",
        "            if True:",
        _storms(clone=8, rollback=6),
        first=4,
    ),
    _m("sequence before commit", _INTAKE, "Order.of(row, row.head - by + 1)", "Order.of(row, row.head - by)"),
    _m(
        "pop_on_send",
        _ROUND,
        "        before = self._clock.now_ms()\n        try:\n",
        "        before = self._clock.now_ms()\n"
        "        with self._storage.write() as unit:\n"
        "            move_link(unit.connection, ack_n=asked.link.ack_n + len(asked.operations))\n"
        "        try:\n",
    ),
    _m(
        "ack before commit",
        _ROUND,
        "        arrived = _arrived(reply.changes)\n        with",
        "        arrived = _arrived(reply.changes)\n"
        "        with self._storage.write() as unit:\n"
        "            move_link(unit.connection, ack_n=_settled(asked, reply, asked.link)[0])\n"
        "        with",
        _storms(power=20, poison=20, line=0.2),
        first=4,
    ),
    _m(
        "cursor before page",
        _ROUND,
        "        arrived = _arrived(reply.changes)\n        with",
        "        arrived = _arrived(reply.changes)\n"
        "        if reply.cursors and not reply.reset:\n"
        "            with self._storage.write() as unit:\n"
        "                move_link(unit.connection, cursors=reply.cursors)\n"
        "        with",
        _storms(power=12),
    ),
    Mutant(
        "no epoch",
        (
            Change(
                _TRIP,
                "    if message.epoch is not None and message.epoch != order.epoch:\n",
                "    if message.epoch is None and message.epoch != order.epoch:\n",
            ),
            Change(
                _TRIP,
                "    reset = message.epoch is not None and message.epoch != order.epoch\n",
                "    reset = False\n",
            ),
            Change(
                _ROUND,
                "            if link.epoch is not None and reply.epoch != link.epoch:\n",
                "            if link.epoch is not None and reply.reset:\n",
            ),
        ),
        _storms(server=8),
        first=7,
    ),
    _m(
        "counter reused after rollback",
        "pos.store.recovery",
        "    while (code := rekeyed(row.base_code, secrets.randbelow)) in used:\n        continue\n",
        "    code = row.base_code\n",
        _storms(rollback=8),
        first=7,
    ),
    _m(
        "clone keeps series",
        _REKEY,
        "        if not _unnoticed(connection, machine):\n            return None\n    with",
        "        if connection:\n            return None\n    with",
        _storms(clone=8),
    ),
    _m(
        "poison blocks",
        _ROUND,
        "        if result.n == ack + 1:\n",
        '        if result.n == ack + 1 and result.s != "held":\n',
        _storms(poison=8),
    ),
    _m(
        "poison dropped",
        _INTAKE,
        "        self._keep(candidate, verdict, effects, again=False)\n        return verdict\n",
        "        return verdict\n",
        _storms(poison=8),
    ),
    _m(
        "dropped after 5 tries",
        _ROUND,
        '            if fault.code == "server_slow":\n                self._shrink()\n            raise\n',
        '            if fault.code == "server_slow":\n                self._shrink()\n'
        "            self._tries = getattr(self, '_tries', 0) + 1\n"
        "            if self._tries % 5 == 0:\n"
        "                with self._storage.write() as unit:\n"
        "                    move_link(unit.connection, ack_n=asked.link.ack_n + len(asked.operations))\n"
        "            raise\n",
        _storms(line=0.95, power=0),
        steps=110,
        first=4,
    ),
    _m(
        "whole-row write",
        "pos.services.catalogue",
        '            values = change.against(row)\n            if values.get("barcode"):\n'
        '                refuse_taken_barcode(unit.connection, values["barcode"], row.id)\n',
        "            values = {'name_bn': row.name_bn, 'category': row.category, 'price': row.price_paisa}\n"
        "            values |= change.against(row)\n",
    ),
    _m(
        "wall clock decides",
        _MERGE,
        "        knowing = change.over is None or seen == self.op\n",
        "        knowing = change.over is None\n",
        _storms(clocks=20),
    ),
    _m(
        "arrival order decides",
        _MERGE,
        "        knowing = change.over is None or seen == self.op\n",
        "        knowing = True\n",
    ),
    _m(
        "no conflict log",
        _MERGE,
        "            self.open_[self.op] = self.value\n",
        "",
    ),
    _m("no conflict log of the later", _MERGE, "            self.open_[change.op] = value\n", "", first=6),
    _m(
        "early ack",
        _TRIP,
        "            log.last_n, log.last_hash = op.n, op.hash\n",
        "            log.last_n, log.last_hash = ops[-1].n, ops[-1].hash\n",
        steps=50,
    ),
    _m(
        "reset wipes outbox",
        _INBOX,
        '    connection.exec_driver_sql("UPDATE foreign_op SET seq = NULL, rank = NULL")\n',
        '    connection.exec_driver_sql("UPDATE foreign_op SET seq = NULL, rank = NULL")\n'
        '    connection.exec_driver_sql("DELETE FROM op WHERE n > (SELECT ack_n FROM link)")\n',
        _storms(server=8),
        first=4,
    ),
)

LINES: Final = (
    _m(
        "cursor goes back",
        _ROUND,
        "            cursors[stream] = max(cursors[stream], reply.cursors.get(stream, 0))\n",
        "            cursors[stream] = reply.cursors.get(stream, 0)\n",
        _storms(line=0.8),
        first=15,
    ),
    _m(
        "cursor stays",
        _ROUND,
        "            cursors[stream] = max(cursors[stream], reply.cursors.get(stream, 0))\n",
        "",
    ),
    _m(
        "reset keeps cursors",
        _ROUND,
        "            cursors=dict.fromkeys(link.cursors, 0),\n",
        "",
        _storms(server=8),
        first=4,
    ),
    _m(
        "fork passed over by the client",
        _ROUND,
        "            taken.parts_at = reply.fork - 1\n",
        "            pass\n",
        _storms(blind=20),
        steps=60,
    ),
    _m(
        "the server's position stays",
        _TRIP,
        "            log.last_n, log.last_hash = op.n, op.hash\n",
        "            log.last_hash = op.hash\n",
    ),
    _m(
        "known to the server under another device",
        _TRIP,
        "            if present is not None:\n                log.entries.append((op.n, _verdict(present)))\n"
        "        elif",
        "            if present is None:\n                log.entries.append((op.n, _verdict(present)))\n"
        "        elif",
        _storms(line=0.7),
    ),
    _m(
        "one place for two",
        _INTAKE,
        "        order.next_seq += 1\n",
        "",
    ),
    _m(
        "digest does not count",
        _INTAKE,
        "        order.counts[candidate.stream] += 1\n",
        "",
    ),
    _m(
        "digest does not sum",
        _INTAKE,
        "        order.sums[candidate.stream] = "
        "(order.sums[candidate.stream] + int.from_bytes(op.hash[:8])) & _MASK\n",
        "",
    ),
    _m(
        "rank not held back",
        _INTAKE,
        "min(op.hlc, self._latest_rank)",
        "op.hlc",
        _storms(clocks=20),
        first=3,
    ),
    _m(
        "cancelled twice, back twice",
        _INTAKE,
        "                return  # whoever cancels once more brings no goods back (order_state)\n",
        "                pass\n",
        steps=60,
    ),
    _m(
        "page cut, cursor at its end",
        _FEED,
        "            found.cursors[stream] = last\n",
        "",
    ),
    _m(
        "page cut, nothing more said",
        _FEED,
        "            found.cursors[stream] = last\n            found.more = True\n",
        "            found.cursors[stream] = last\n",
        first=8,
    ),
    _m(
        "history is sent before the records are",
        _FEED,
        '        if stream == "h" and found.more:\n            found.cursors["h"] = after\n        else:',
        "        if True:",
        first=8,
    ),
    _m(
        "doubles are taken in",
        _INBOX,
        "        elif op_id not in others:\n            fresh[op_id] = one\n",
        "        elif op_id:\n            fresh[op_id] = one\n",
        _storms(line=0.8, server=4),
        first=1,
    ),
    _m(
        "one's own comes back as another's",
        _INBOX,
        "        if op_id in own:\n",
        "        if not op_id:\n",
        _storms(server=8, rollback=4),
    ),
    _m(
        "one's own gets no place",
        _INBOX,
        "    many(connection, _PLACE_OWN, moved_own)\n",
        "",
        _storms(server=8, rollback=4),
    ),
    _m(
        "others' get no new place",
        _INBOX,
        "    many(connection, _PLACE, moved)\n",
        "",
        _storms(server=8),
        first=4,
    ),
    _m("results are not written", _INBOX, "    many(connection, _SETTLE, rows)\n", ""),
    _m("what comes is not kept", _INBOX, "    _keep(connection, fresh)\n", ""),
    _m("nothing is folded", _INBOX, "    refold(connection, touched)\n", ""),
)


# What stands in for these lines is another line: with one of the two gone the other mends it (a position that was
# moved too far is asked back by `need`, a log that parted is found at the next operation), or a world in which it
# would show has not been found yet. Their tally is looked at by command.
GUARDED_TWICE: Final = (
    _m(
        "trust_acked",
        _ROUND,
        "    return ack, settled\n",
        "    return max([ack, *sent]), settled\n",
        _storms(line=0.9, server=6),
        first=24,
    ),
    _m(
        "counter-only dedupe",
        _TRIP,
        "            same = op.n in own and own[op.n] == op.op_id\n",
        "            same = op.n in own\n",
        _storms(blind=20),
        steps=60,
    ),
    _m(
        "pull clobbers pending",
        _MERGE,
        "        if change.erases or change.seq is None or knowing:\n",
        "        if change.erases or knowing:\n",
        _storms(line=0.2, clocks=25),
        steps=90,
    ),
    _m(
        "stale reply",
        _ROUND,
        "            if arrived is None or reply.since.get(stream, 0) > cursors[stream]:\n",
        "            if arrived is None:\n",
        _storms(line=0.9, rollback=20),
        steps=60,
    ),
    _m(
        "history before its records",
        _ROUND,
        "                break  # history stands on the records before it\n",
        "                continue\n",
        _storms(line=0.9, rollback=20),
        steps=60,
    ),
    _m(
        "reset keeps the order",
        _ROUND,
        "        forget_order(connection)\n",
        "",
        _storms(server=12),
        steps=60,
    ),
    _m(
        "a log set back is not seen",
        _ROUND,
        "        elif reply.last_n > end == ack:",
        "        elif reply.last_n < 0:",
        _storms(rollback=10, blind=6),
    ),
    _m(
        "fork passed over by the server",
        _TRIP,
        "        elif op.prev_hash != log.last_hash:\n",
        "        elif not op.prev_hash:\n",
        _storms(clone=6, rollback=6, blind=3),
    ),
    _m(
        "position moves without a result",
        _ROUND,
        "        if op_id is None or op_id.hex != result.i:\n            continue\n",
        "        if op_id is None:\n            op_id = asked.device\n",
        _storms(line=0.9, clone=4),
    ),
    _m(
        "reset by any reply",
        _ROUND,
        "                if reply.reset:\n                    self._begin_anew(connection, link, reply)\n"
        "                    taken.moved = True\n                return taken\n",
        "                if reply.reset:\n                    self._begin_anew(connection, link, reply)\n"
        "                    taken.moved = True\n                    return taken\n",
        _storms(server=8, line=0.8),
    ),
    _m(
        "gap passed over by the server",
        _TRIP,
        "        if op.n > log.last_n + 1:\n            log.need = log.last_n + 1\n            return\n",
        "        if op.n > log.last_n + 1:\n            log.last_n, log.last_hash = op.n - 1, op.prev_hash\n",
        _storms(server=8),
    ),
    _m(
        "gap without operations passed over",
        _TRIP,
        "        if message.first > log.last_n + 1:\n            log.need = log.last_n + 1\n        return\n",
        "        return\n",
        _storms(server=10, line=0.7),
    ),
    _m(
        "relay does not move the position",
        _TRIP,
        "        elif log.last_n != log.start_n:\n            others.append(place)\n",
        "        elif log.last_n != log.start_n:\n            pass\n",
        _storms(server=10),
    ),
    _m(
        "held is never looked at again",
        _TRIP,
        "        others |= intake.again(STANDS_ON) > 0\n",
        "        pass\n",
        _storms(server=10),
    ),
    _m("what both touched is not folded", _INBOX, "    _touch_met(connection, placed, touched)\n", ""),
    _m(
        "a new identity keeps the old position",
        _REKEY,
        "move_link(unit.connection, ack_n=at, machine=machine)",
        "move_link(unit.connection, machine=machine)",
        _storms(clone=8, rollback=6, blind=3),
    ),
    _m(
        "put off for ever",
        _INBOX,
        "    waiting = standing.deferred(connection)\n",
        "    waiting = []\n",
        _storms(rollback=8, versions=6),
        steps=60,
    ),
    _m(
        "a new identity forgets where the logs part",
        _REKEY,
        "        take_identity(unit, fresh, reply.device_code, at, reason)\n",
        "        take_identity(unit, fresh, reply.device_code, 0, reason)\n",
        _storms(clone=8, rollback=6),
    ),
    _m(
        "a token is lost with the power",
        _REKEY,
        "    tokens.put(fresh, reply.token)\n",
        "",
        _storms(clone=8, rollback=6),
    ),
)


@dataclass(slots=True)
class Tally:
    """How one mutant fared."""

    mutant: Mutant
    spoiled: list[int] = field(default_factory=list)
    invariants: set[str] = field(default_factory=set)


def tally(mutant: Mutant, seeds: int) -> Tally:
    """How many of so many worlds it spoils."""
    found = Tally(mutant)
    seed = 0
    while (failed := mutant.caught(seeds - seed, first=seed)) is not None:
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
    for mutant in (*LISTED, *LINES, *GUARDED_TWICE):
        if asked.only not in mutant.name:
            continue
        found = tally(mutant, asked.seeds)
        survived += not found.spoiled and mutant not in GUARDED_TWICE
        first = found.spoiled[0] if found.spoiled else "-"
        kinds = ", ".join(sorted(found.invariants))
        print(f"{mutant.name:45} {len(found.spoiled):5} first {first:5} {kinds}", flush=True)  # noqa: T201
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
