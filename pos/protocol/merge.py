"""One record out of the operations that made and changed it: the same on every device and on the server.

Operations are folded in the order the server gave them; what it has not seen yet comes last and always shows
(a person reads what she wrote). Per field: whoever saw the present value replaces it, whatever the clocks say.
Otherwise two people wrote without knowing of each other: the later hybrid logical time stays, and the other
value is kept as a conflict until somebody decides (sync.md §1.5). Two who wrote the same are of one mind: there is
nothing to decide, and who saw the one's value saw the other's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one operation says of one record.

    Attributes:
        op: the operation's identity.
        seq: its place in the server's order; None while the server has not taken it.
        n: its place in its device's log; orders what has no `seq`.
        rank: its hybrid logical time, held back by the server to the server's own clock.
        sets: new values by field.
        over: for each field the operation whose value was seen; None for the whole where it says nothing of
            what was seen (then it replaces what the order put before it).
        closes: conflicts decided by it: (field, operation whose value gives way for good).
        creates: it makes the record.
        erases: the buyer behind it is to be forgotten; stronger than every other change.
    """

    op: bytes
    seq: int | None
    n: int
    rank: int
    sets: Mapping[str, Any]
    over: Mapping[str, bytes | None] | None = None
    closes: Sequence[tuple[str, bytes]] = ()
    creates: bool = False
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values of one field, written without knowledge of each other."""

    field: str
    kept: bytes
    other: bytes
    other_value: Any


@dataclass(frozen=True, slots=True)
class Folded:
    """A record as it stands.

    Attributes:
        values: by field.
        writers: which operation wrote each field.
        conflicts: what is still to be decided, field by field, oldest first.
    """

    values: Mapping[str, Any]
    writers: Mapping[str, bytes]
    conflicts: tuple[Conflict, ...]


@dataclass(slots=True)
class _Field:
    """One field while it is folded.

    Attributes:
        open_: what was written without knowledge of `value` and gives way to it, oldest first.
        same: operations that wrote, without knowing of it, what another had written: they stand for that one.
        closed: operations that somebody decided against: they give way, and never wait, whatever the order is by then.
    """

    value: Any
    op: bytes
    rank: int
    open_: dict[bytes, Any] = field(default_factory=dict)
    same: dict[bytes, bytes] = field(default_factory=dict)
    closed: set[bytes] = field(default_factory=set)

    def write(self, change: Change, value: Any, seen: bytes | None) -> None:
        """One more operation sets this field; `seen` is the one whose value was before the person's eyes."""
        seen = self._stands_for(seen)
        self.open_.pop(seen, None)  # knowingly replaced: nobody misses it
        knowing = change.over is None or seen == self.op or self.op in self.closed
        if change.erases or change.seq is None or knowing:
            # What the server has not decided, its writer goes on seeing.
            self._take(change, value)
        elif value == self.value:
            self.same[change.op] = self.op
            self.rank = max(self.rank, change.rank)
        elif (change.rank, change.op) > (self.rank, self.op):
            self._wait(self.op, self.value)
            self._take(change, value)
        else:
            self._absorb(change, value)
            self._wait(change.op, value)

    def close(self, op: bytes) -> None:
        """Somebody decided that this operation's value gives way for good."""
        self.open_.pop(self._stands_for(op), None)
        self.closed.add(op)

    def _wait(self, op: bytes, value: Any) -> None:
        if op not in self.closed:
            self.open_[op] = value

    def _take(self, change: Change, value: Any) -> None:
        self._absorb(change, value)
        self.value, self.op, self.rank = value, change.op, change.rank

    def _absorb(self, change: Change, value: Any) -> None:
        """Whoever writes a value that waits for a decision has it stand in that one's place."""
        for other in [op for op, waiting in self.open_.items() if waiting == value]:
            del self.open_[other]
            self.same[other] = change.op

    def _stands_for(self, op: bytes | None) -> bytes:
        while op in self.same:
            op = self.same[op]
        return op or b""


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The order in which changes are folded: the server's, then what it has not seen, as it was written.

    A change never comes before one whose value its author saw: where the server was set back and is told again what
    it had lost, its order may have them the other way round. An operation counts once, however often it is
    handed over.
    """
    ordered = sorted(changes, key=lambda c: (c.seq is None, c.seq or 0, c.n, c.op))
    known = {change.op: change for change in reversed(ordered)}
    placed: dict[bytes, Change] = {}
    begun: set[bytes] = set()
    for change in ordered:
        path = [change]
        while path:
            begun.add(path[-1].op)
            before = [op for op in _seen_by(path[-1]) if op in known and op not in begun]
            if before:
                path.append(known[before[0]])
            else:
                last = path.pop()
                placed.setdefault(last.op, known[last.op])
    return list(placed.values())


def _seen_by(change: Change) -> list[bytes]:
    """Operations whose values the author of a change had before the eyes."""
    seen = [op for op in (change.over or {}).values() if op is not None]
    return seen + [op for _, op in change.closes]


def fold(changes: Iterable[Change]) -> Folded:
    """Fold all that is known of one record, in any order handed over."""
    fields: dict[str, _Field] = {}
    ordered = in_order(changes)
    for change in ordered:
        for name, other in change.closes:
            if name in fields:
                fields[name].close(other)
        for name, value in change.sets.items():
            if name in fields:
                fields[name].write(change, value, change.over.get(name) if change.over is not None else None)
            else:
                fields[name] = _Field(value, change.op, change.rank)
    eraser = next((change for change in ordered if change.erases), None)
    if eraser is not None:
        fields |= {name: _Field(value, eraser.op, eraser.rank) for name, value in eraser.sets.items()}
        for one in fields.values():
            one.open_.clear()
    return Folded(
        {name: one.value for name, one in fields.items()},
        {name: one.op for name, one in fields.items()},
        tuple(
            Conflict(name, one.op, other, value)
            for name, one in fields.items()
            for other, value in one.open_.items()
        ),
    )
