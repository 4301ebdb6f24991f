"""The fold of edits, over histories that laptops with wrong clocks and long outages can really make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.protocol.merge import Change, Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = ("name", "price", "category")
DEVICES = 3


@dataclass
class Laptop:
    """What one laptop has of one record."""

    read: int = 0  # how many of the server's operations it took in
    own: list[Change] = field(default_factory=list)  # all that it wrote, in order
    sent: int = 0  # how many of those the server has


@dataclass
class World:
    """One record on some laptops and a server, which gives operations their order."""

    server: list[Change] = field(default_factory=list)
    laptops: list[Laptop] = field(default_factory=lambda: [Laptop() for _ in range(DEVICES)])
    written: int = 0

    def sees(self, laptop: Laptop) -> list[Change]:
        """What a laptop folds: what came down, and its own with its place where it has one."""
        known = {change.op: change for change in self.server[: laptop.read]}
        places = {change.op: change for change in self.server}
        for change in laptop.own[: laptop.sent]:
            known.setdefault(change.op, places[change.op])
        return [*known.values(), *laptop.own[laptop.sent :]]

    def write(self, who: int, rank: int, values: dict[str, Any], closes: tuple[Any, ...] = ()) -> Change:
        """Somebody at a laptop sets fields, with what it shows before the eyes."""
        laptop = self.laptops[who]
        shown = fold(self.sees(laptop)).writers
        self.written += 1
        change = Change(
            op=self.written.to_bytes(4),
            seq=None,
            n=len(laptop.own) + 1,
            rank=rank,
            sets=values,
            over={name: shown.get(name) for name in values},
            closes=closes,
        )
        laptop.own.append(change)
        return change

    def send(self, who: int, count: int) -> None:
        """The server takes the next of a laptop's operations."""
        laptop = self.laptops[who]
        for change in laptop.own[laptop.sent : laptop.sent + count]:
            self.server.append(placed(change, len(self.server) + 1))
        laptop.sent = min(len(laptop.own), laptop.sent + count)

    def fetch(self, who: int, count: int) -> None:
        """A laptop takes in the next of the server's."""
        laptop = self.laptops[who]
        laptop.read = min(len(self.server), laptop.read + count)

    def decide(self, who: int, rank: int, *, take_other: bool, new: bool = False) -> None:
        """Somebody decides the oldest conflict that a laptop shows, once it has everything.

        As the shop records it: what is right is written over what stands, also where it is the same.

        Args:
            who: at which laptop.
            rank: what its clock says.
            take_other: the value that waits is taken, else the one that stands stays.
            new: neither: the value that is taken is written nowhere else.
        """
        laptop = self.laptops[who]
        self.fetch(who, len(self.server))
        found = fold(self.sees(laptop))
        if not found.conflicts:
            return
        first = found.conflicts[0]
        value = first.other_value if take_other else found.values[first.field]
        values = {first.field: f"decided {self.written}" if new else value}
        self.write(who, rank, values, ((first.field, first.other),))

    def settle(self) -> Folded:
        """Everything is sent; what the server has in the end."""
        for who, laptop in enumerate(self.laptops):
            self.send(who, len(laptop.own))
        return fold(self.server)


def placed(change: Change, seq: int | None) -> Change:
    """The same operation with its place in the server's order."""
    return Change(
        change.op, seq, change.n, change.rank, change.sets, change.over, change.closes, change.creates, change.erases
    )  # fmt: skip


who = st.integers(0, DEVICES - 1)
rank = st.integers(0, 4)  # clocks that err and meet
count = st.integers(1, 4)
fields_touched = st.sets(st.sampled_from(FIELDS), min_size=1)
act = st.one_of(
    st.tuples(st.just("write"), who, rank, fields_touched, st.integers(0, 2)),
    st.tuples(st.just("write"), who, rank, fields_touched, st.integers(0, 2)),
    st.tuples(st.just("send"), who, count),
    st.tuples(st.just("fetch"), who, count),
    st.tuples(st.just("decide"), who, rank, st.booleans()),
)
acts = st.lists(act, max_size=16)


def played(steps: Iterable[tuple[Any, ...]], *, few_values: bool = False) -> World:
    """The world after these steps. Every value is written once, or values are so few that laptops agree."""
    world = World()
    for step in [("write", 0, 0, set(FIELDS), 0), ("send", 0, 1), *steps]:
        match step:
            case ("write", who, rank, names, value):
                mark = value if few_values else world.written + 1
                world.write(who, rank, {name: f"{name} {mark}" for name in sorted(names)})
            case ("send", who, count):
                world.send(who, count)
            case ("fetch", who, count):
                world.fetch(who, count)
            case ("decide", who, rank, take_other):
                world.decide(who, rank, take_other=take_other, new=not few_values)
    return world


def replaced(changes: Iterable[Change]) -> set[tuple[str, bytes]]:
    """(field, operation) for everything that somebody replaced knowing it, or decided against."""
    found: set[tuple[str, bytes]] = set()
    for change in changes:
        found |= {(name, seen) for name, seen in (change.over or {}).items() if seen is not None}
        found |= set(change.closes)
    return found


@given(acts, st.randoms(use_true_random=False), st.booleans())
def test_the_fold_does_not_ask_in_which_order_or_how_often_it_is_told(
    steps: list[Any], draw: Any, few_values: bool
) -> None:
    world = played(steps, few_values=few_values)
    for laptop in world.laptops:
        changes = world.sees(laptop)
        shuffled = [*changes, *draw.sample(changes, len(changes) // 2)]
        draw.shuffle(shuffled)
        assert fold(shuffled) == fold(changes)


@given(acts)
def test_the_final_value_is_never_one_that_was_knowingly_replaced(steps: list[Any]) -> None:
    world = played(steps)
    final = world.settle()
    gone = replaced(world.server)
    assert not {(name, op) for name, op in final.writers.items() if (name, op) in gone}
    assert not {(one.field, one.other) for one in final.conflicts} & gone


@given(acts)
def test_what_nobody_knowingly_replaced_is_final_or_an_open_conflict(steps: list[Any]) -> None:
    world = played(steps)
    final = world.settle()
    gone = replaced(world.server)
    told = {(one.field, one.other) for one in final.conflicts} | set(final.writers.items())
    everything = {(name, change.op) for change in world.server for name in change.sets}
    assert told == everything - gone


@given(acts, st.randoms(use_true_random=False))
def test_nothing_comes_back_or_is_lost_when_a_server_that_was_set_back_has_another_order(
    steps: list[Any], draw: Any
) -> None:
    world = played(steps)
    world.settle()
    again = [
        placed(change, seq) for seq, change in enumerate(draw.sample(world.server, len(world.server)), 1)
    ]
    found = fold(again)
    gone = replaced(again)
    told = {(one.field, one.other) for one in found.conflicts} | set(found.writers.items())
    assert told == {(name, change.op) for change in again for name in change.sets} - gone


@pytest.mark.parametrize("clock", [0, 4])
def test_what_was_decided_against_does_not_wait_again_where_the_value_that_stood_is_lost(clock: int) -> None:
    first, lost, decided = (number.to_bytes(4) for number in (1, 2, 3))
    made = Change(first, 1, 1, clock, {"price": 100}, {"price": None})
    settled = Change(decided, 2, 1, 1, {"price": 120}, {"price": lost}, (("price", first),))
    found = fold([made, settled])
    assert (found.values, found.writers, found.conflicts) == ({"price": 120}, {"price": decided}, ())


@given(acts, st.booleans())
def test_a_conflict_names_what_its_operations_really_wrote_and_no_field_that_one_alone_set(
    steps: list[Any], few_values: bool
) -> None:
    world = played(steps, few_values=few_values)
    final = world.settle()
    wrote = {change.op: change.sets for change in world.server}
    for one in final.conflicts:
        assert wrote[one.other][one.field] == one.other_value
        assert wrote[one.kept][one.field] == final.values[one.field] != one.other_value
        assert one.kept == final.writers[one.field] != one.other
        assert sum(one.field in sets for sets in wrote.values()) > 1


@given(acts)
def test_two_who_wrote_the_same_are_no_conflict_and_no_value_waits_twice(steps: list[Any]) -> None:
    world = played(steps, few_values=True)
    shown = [fold(world.sees(laptop)) for laptop in world.laptops]
    for found in [*shown, world.settle()]:
        waiting = [(one.field, one.other_value) for one in found.conflicts]
        assert len(waiting) == len(set(waiting))
        assert not set(waiting) & set(found.values.items())


@given(acts, who, st.sampled_from(FIELDS), st.booleans())
def test_whoever_saw_the_present_value_replaces_it_whatever_the_clocks_say(
    steps: list[Any], writer: int, name: str, few_values: bool
) -> None:
    world = played(steps, few_values=few_values)
    before = world.settle()
    world.fetch(writer, len(world.server))
    world.write(writer, -1, {name: "after"})
    after = world.settle()
    assert after.values == {**before.values, name: "after"}
    assert {(one.field, one.other) for one in after.conflicts} == {
        (one.field, one.other) for one in before.conflicts
    }


@given(acts, who, st.sampled_from(FIELDS), rank)
def test_each_field_goes_its_own_way(steps: list[Any], writer: int, name: str, late: int) -> None:
    world = played(steps)
    before = world.settle()
    world.write(writer, late, {name: "elsewhere"})  # perhaps seeing next to nothing of it
    after = world.settle()
    others = [one for one in FIELDS if one != name]
    assert {one: after.values[one] for one in others} == {one: before.values[one] for one in others}
    assert [c for c in after.conflicts if c.field != name] == [c for c in before.conflicts if c.field != name]


@given(acts, st.booleans())
def test_what_a_laptop_wrote_and_has_not_sent_always_shows_on_it(steps: list[Any], few_values: bool) -> None:
    world = played(steps, few_values=few_values)
    for laptop in world.laptops:
        shown = fold(world.sees(laptop)).values
        last: dict[str, Any] = {}
        for change in laptop.own[laptop.sent :]:
            last |= change.sets
        assert {name: shown[name] for name in last} == last


@given(acts, rank, st.booleans(), st.booleans())
def test_an_erasure_is_stronger_than_every_change_wherever_it_stands(
    steps: list[Any], when: int, pending: bool, few_values: bool
) -> None:
    world = played(steps, few_values=few_values)
    others = world.sees(world.laptops[0])
    blank = dict.fromkeys(FIELDS, "")
    erased = Change(b"erased", None if pending else when, len(others) + 1, when, blank, erases=True)
    found = fold([*others, erased])
    assert found.values == blank
    assert set(found.writers.values()) == {b"erased"}
    assert found.conflicts == ()


@given(acts, who, rank, st.booleans(), st.booleans())
def test_deciding_a_conflict_closes_it_and_touches_no_other(
    steps: list[Any], decider: int, when: int, take_other: bool, few_values: bool
) -> None:
    world = played(steps, few_values=few_values)
    before = world.settle()
    world.decide(decider, when, take_other=take_other)
    after = world.settle()
    if not before.conflicts:
        assert after == before
        return
    first = before.conflicts[0]
    left = {(one.field, one.other) for one in after.conflicts}
    assert left == {(one.field, one.other) for one in before.conflicts[1:]}
    wanted = first.other_value if take_other else before.values[first.field]
    assert after.values == {**before.values, first.field: wanted}


@given(acts, st.booleans())
def test_laptops_that_have_everything_show_what_the_server_has(steps: list[Any], few_values: bool) -> None:
    world = played(steps, few_values=few_values)
    final = world.settle()
    for number, laptop in enumerate(world.laptops):
        world.fetch(number, len(world.server))
        assert fold(world.sees(laptop)) == final


def edit(op: bytes, seq: int, value: object, rank: int, seen: bytes | None) -> Change:
    return Change(op, seq, seq, rank, {"price": value}, {"price": seen})


START = Change(b"0", 1, 1, 1, {"price": 100}, creates=True)


def test_after_two_wrote_the_same_apart_a_third_who_saw_either_of_them_has_no_quarrel() -> None:
    for ranks in ((5, 9), (9, 5), (5, 5)):
        apart = [edit(op, 2 + n, 180, ranks[n], b"0") for n, op in enumerate((b"a", b"b"))]
        for seen in (b"a", b"b"):
            found = fold([START, *apart, edit(b"c", 4, 200, 2, seen)])
            assert (found.values, found.conflicts) == ({"price": 200}, ())


def test_of_two_with_one_clock_the_same_stays_whichever_came_first() -> None:
    for first, second in ((b"a", b"b"), (b"b", b"a")):
        found = fold([START, edit(first, 2, first.hex(), 5, b"0"), edit(second, 3, second.hex(), 5, b"0")])
        assert found.writers == {"price": b"b"}


def test_an_erased_record_has_nothing_left_to_decide() -> None:
    apart = [edit(b"a", 2, 180, 5, b"0"), edit(b"b", 3, 190, 5, b"0")]
    found = fold([START, *apart, Change(b"e", None, 9, 0, {"name": ""}, erases=True)])
    assert (found.values, found.conflicts) == ({"price": 190, "name": ""}, ())


def test_two_who_wrote_the_same_count_by_the_later_of_their_clocks() -> None:
    for ranks in ((5, 9), (9, 5)):
        apart = [edit(op, 2 + n, 180, ranks[n], b"0") for n, op in enumerate((b"a", b"b"))]
        found = fold([START, *apart, edit(b"c", 4, 190, 7, b"0")])
        assert found.values == {"price": 180}
        assert [(c.other, c.other_value) for c in found.conflicts] == [(b"c", 190)]


def test_who_replaces_one_of_two_that_wrote_the_same_replaces_the_other_while_both_wait() -> None:
    waiting = [edit(b"a", 2, 180, 5, b"0"), edit(b"b", 3, 200, 9, b"0"), edit(b"c", 4, 180, 1, b"0")]
    assert [c.other_value for c in fold([START, *waiting]).conflicts] == [180]
    found = fold([START, *waiting, edit(b"d", 5, 150, 1, b"a")])
    assert found.values == {"price": 200}
    assert [(c.other, c.other_value) for c in found.conflicts] == [(b"d", 150)]
    decided = Change(b"d", 5, 5, 1, {}, {}, closes=[("price", b"a")])
    assert fold([START, *waiting, decided]).conflicts == ()


def test_of_two_who_knew_nothing_of_each_other_the_later_clock_stays_and_the_other_waits() -> None:
    for early, late in ((5, 9), (9, 5)):
        found = fold([START, edit(b"a", 2, 180, early, b"0"), edit(b"b", 3, 190, late, b"0")])
        kept, other, waits = (b"b", b"a", 180) if late > early else (b"a", b"b", 190)
        assert found.writers == {"price": kept}
        assert [(c.kept, c.other, c.other_value) for c in found.conflicts] == [(kept, other, waits)]


def test_a_change_that_says_nothing_of_what_it_saw_replaces_what_came_before() -> None:
    start = Change(b"0", 1, 1, 9, {"kind": "added"})
    found = fold([Change(b"1", 2, 1, 2, {"kind": "cancelled"}), start])
    assert (found.values, found.conflicts) == ({"kind": "cancelled"}, ())
