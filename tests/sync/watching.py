"""What must hold in a shop of many laptops after every step (sync.md §2.1)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from tests.sync.broken import must

if TYPE_CHECKING:
    from tests.sync.laptop import Laptop
    from tests.sync.world import World

_PENDING_EDITS = """SELECT agg_id, body FROM op WHERE seq IS NULL AND state = 0 AND n > ?
                    AND kind = 'product.edited' ORDER BY n"""
_SHOWN = {"price": "price_paisa", "name_bn": "name_bn", "category": "category"}


@dataclass(slots=True)
class _Seen:
    """How far a laptop was when it was looked at last."""

    files: int
    epoch: str | None
    cursors: tuple[int, ...]
    foreign: int


@dataclass(slots=True)
class Watch:
    """Looks at everything after every step, and remembers what was there."""

    _looked_at: dict[str, tuple[int, int]] = field(default_factory=dict)
    _laptops: dict[str, _Seen] = field(default_factory=dict)
    _left: dict[tuple[str, int], set[str | None]] = field(default_factory=dict)
    _placed: tuple[int, int, int] = (1, 0, 0)
    _saw: dict[bytes, frozenset[bytes]] = field(default_factory=dict)
    _decided: dict[tuple[str, int], int] = field(default_factory=dict)

    def look(self, world: World) -> None:
        """Hold what is there against what must be."""
        no_empty_promise(world)
        for laptop in world.laptops:
            if self._looked_at.get(laptop.name) == laptop.store.changes:
                continue
            self._looked_at[laptop.name] = laptop.store.changes
            self._log_untouched(laptop)
            self._monotonic(laptop)
            self._own_writes_show(laptop)
            self._note_seen(laptop)
        self._server_keeps(world)

    def _log_untouched(self, laptop: Laptop) -> None:
        count, last = laptop.store.ask("SELECT count(*), coalesce(max(n), 0) FROM op")[0]
        must(count == last == len(laptop.store.log), "I1", f"{laptop.name}'s log has {count} of {last}")

    def _monotonic(self, laptop: Laptop) -> None:
        row = laptop.store.ask("SELECT epoch, ack_n, cursor_v, cursor_h, cursor_g FROM link")[0]
        epoch, ack_n, *cursors = cast("Any", row)
        foreign = cast("int", laptop.store.ask("SELECT count(*) FROM foreign_op")[0][0])
        now = _Seen(laptop.store.files, epoch, tuple(cursors), foreign)
        before = self._laptops.get(laptop.name)
        self._laptops[laptop.name] = now
        must(ack_n <= len(laptop.store.log), "I9", f"{laptop.name} acknowledges {ack_n}")
        must(cursors[1] <= cursors[0], "I11", f"{laptop.name}: history before its records")
        if before is None or before.files != now.files:
            return
        must(foreign >= before.foreign, "I9", f"{laptop.name} has lost operations of others")
        left = self._left.setdefault((laptop.name, now.files), set())
        must(now.epoch not in left, "I9", f"{laptop.name} goes back to a memory that is gone")
        if before.epoch != now.epoch:
            left.add(before.epoch)
        else:
            on = all(at >= was for at, was in zip(now.cursors, before.cursors, strict=True))
            must(on, "I9", f"{laptop.name} goes back from {before.cursors} to {now.cursors}")

    def _own_writes_show(self, laptop: Laptop) -> None:
        """I5: a price that somebody has just written here is the price here, until the server has decided."""
        decided = self._decided.get((laptop.name, laptop.store.files), 0)
        row = laptop.store.ask("SELECT coalesce(max(n), 0) FROM op WHERE seq IS NOT NULL")[0]
        decided = self._decided[laptop.name, laptop.store.files] = max(decided, cast("int", row[0]))
        wanted: dict[tuple[bytes, str], Any] = {}
        for agg_id, body in laptop.store.ask(_PENDING_EDITS, decided):
            sets = json.loads(cast("str", body))["set"]
            wanted |= {(cast("bytes", agg_id), name): sets[name] for name in _SHOWN if name in sets}
        for (product, name), value in wanted.items():
            rows = laptop.store.ask(f"SELECT {_SHOWN[name]} FROM product WHERE id = ?", product)
            if not rows and laptop.lacks(product):
                continue  # its journal gave the edit back; the product comes with the next round
            there = rows[0][0] if rows else "nowhere"
            must(there == value, "I5", f"{laptop.name}: {name} is {there}, written was {value}")

    def _server_keeps(self, world: World) -> None:
        count, head = cast(
            "tuple[int, int]", world.central.ask("SELECT count(*), coalesce(max(seq), 0) FROM operation")[0]
        )
        epoch, were, last = self._placed
        if epoch == world.central.epochs:
            must(count >= were and head >= last, "I1", "the server has lost operations")
        self._placed = (world.central.epochs, count, head)

    def _note_seen(self, laptop: Laptop) -> None:
        """Of each new operation: what its author had before the eyes."""
        fresh = laptop.store.log[laptop.checked :]
        if fresh:
            seen = frozenset(
                cast("bytes", row[0])
                for row in laptop.store.ask("SELECT op_id FROM foreign_op WHERE seq > 0")
            )
            for op_id, _ in fresh:
                self._saw.setdefault(op_id, seen)
        laptop.checked = len(laptop.store.log)

    def causes(self, op_id: bytes) -> frozenset[bytes]:
        """What the author of an operation had seen of others."""
        return self._saw.get(op_id, frozenset())


def no_empty_promise(world: World) -> None:
    """I1: what a laptop takes for being on the server is there."""
    heard = dict(cast("Any", world.central.ask("SELECT device_id, last_n FROM device")))
    memory = world.central.ask("SELECT epoch FROM vendor_stream")[0][0]
    for laptop in world.laptops:
        device, epoch, ack_n = laptop.store.ask("SELECT device_id, epoch, ack_n FROM installation, link")[0]
        there = cast("int", heard.get(device, 0))
        holds = epoch != memory or cast("int", ack_n) <= there
        must(holds, "I1", f"{laptop.name} counts on {ack_n}, the server has {there}")
