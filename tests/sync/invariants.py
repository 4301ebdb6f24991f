"""What must hold in a shop of many laptops when everything is quiet (sync.md §2.1)."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pos.protocol import kinds
from pos.protocol.messages import Digest
from pos.store.remake import remake
from pos.store.verify import verify
from tests.sync.broken import Broken, must
from tests.sync.memory import empty_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.sync.laptop import Laptop
    from tests.sync.world import World

# Of one laptop alone: who it is, its log and how far it is with the server.
_OWN = frozenset({"installation", "op", "foreign_op", "link", "deferred", "series", "draft", "stock_base"})
_NO_TABLES = re.compile(r"sqlite_|search_|alembic_version")
# What may stay with the server for good: it can never be read. So may what a laptop that is shut out has brought.
_LASTING = frozenset({"kind_unknown", "body_unclear", "altered", "follows_held"})
BEGUN_MS = 1_795_520_000_000 + 3_600_000  # no world's beginning takes longer
_ALERTS = frozenset({"oversold", "sku_twice", "overpaid", "number_twice"})


# ---- when everything is quiet ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """One operation as the server keeps it."""

    op_id: bytes
    device: bytes
    n: int
    kind: str
    v: int
    agg: str
    agg_id: bytes
    body: bytes
    personal: str | None
    hlc: int
    hash: bytes
    seq: int | None
    rank: int | None
    status: str
    why: str | None
    stream: str


def kept_by_server(world: World) -> dict[bytes, Kept]:
    """Everything that the server has, by identity."""
    rows = world.central.ask(
        "SELECT op_id, device_id, n, kind, v, agg, agg_id, body, personal, hlc, hash, seq, rank, status, why, stream"
        " FROM operation"
    )
    found = [Kept(*cast("Any", row)) for row in rows]
    return {
        one.op_id: Kept(
            *(getattr(one, name) if name != "body" else cast("Any", one.body).encode() for name in _NAMES)
        )
        for one in found
    }


_NAMES = tuple(Kept.__dataclass_fields__)


def check(world: World) -> None:
    """Everything that must hold when nothing moves any more."""
    server = kept_by_server(world)
    accepted = {op_id: one for op_id, one in server.items() if one.seq is not None}
    ended(world, server)
    chained(world)
    standing = [laptop for laptop in world.laptops if not shut_out(world, laptop)]
    for laptop in standing:
        same_operations(laptop, accepted)
        same_digests(world, laptop)
        causal(world, laptop, accepted)
    same_rows(world, standing)
    stock_adds_up(world, standing, accepted)
    same_sales(world, standing[0])
    numbers(world, server)
    edits(standing[0], accepted)
    sound(world, standing)


def shut_out(world: World, laptop: Laptop) -> bool:
    """Whether the server gives it nothing any more."""
    row = world.central.ask("SELECT revoked_at_ms FROM device WHERE device_id = ?", laptop.device_id)
    must(row, "I1", f"the server does not know {laptop.name}")
    must(row[0][0] is not None or not laptop.revoked, "I1", f"{laptop.name} was revoked and has come back")
    return row[0][0] is not None


def ended(world: World, server: Mapping[bytes, Kept]) -> None:
    """I1: every operation that any laptop has ended with the server, and nobody's log was touched."""
    for laptop in world.laptops:
        # A laptop that is shut out is not told what became of what it had sent before.
        told = not shut_out(world, laptop)
        there = laptop.store.ask("SELECT op_id, hash, state, seq, why FROM op ORDER BY n")
        log = [(row[0], row[1]) for row in there]
        must(log == laptop.store.log, "I1", f"{laptop.name}'s log is not what was written")
        for op_id, _, state, seq, why in there:
            one = server.get(cast("bytes", op_id))
            if one is None:
                raise Broken("I1", f"{laptop.name}: an operation never arrived")
            if not told:
                continue
            must(state != 0, "I1", f"{laptop.name}: {one.kind} at {one.n} ended nowhere")
            must(seq == one.seq, "I1", f"{laptop.name}: {one.kind} has another place: {seq} for {one.seq}")
            must((state == 3) == (one.status == "held"), "I1", f"{laptop.name}: {one.kind} is {state}, {why}")
            must(one.why != "device_revoked", "I1", f"{laptop.name} is in, and its {one.kind} is not")
        for (op_id,) in laptop.store.ask("SELECT op_id FROM foreign_op"):
            must(cast("bytes", op_id) in server, "I1", f"{laptop.name} has what the server lost")
    out = world.central.ask("SELECT device_id FROM device WHERE revoked_at_ms IS NOT NULL")
    for one in server.values():
        must((one.seq is None) == (one.status == "held"), "I1", f"{one.kind} is {one.status} at {one.seq}")
        lasting = one.why in _LASTING or (one.why == "device_revoked" and (one.device,) in out)
        must(one.status != "held" or lasting, "I1", f"{one.kind} is held: {one.why}")
        must(
            one.why != "follows_held" or _follows(one, server), "I1", f"{one.kind} follows nothing of its log"
        )
        held_back = one.rank is None or one.rank >> 16 <= max(world.server_clock.latest_ms, BEGUN_MS)
        must(held_back, "I6", f"{one.kind} is ranked later than the server's clock ever was")
        sane = one.rank is None or 0 < one.rank <= one.hlc
        must(sane, "I6", f"{one.kind} is ranked {one.rank}, its author said {one.hlc}")
    places = [one.seq for one in server.values() if one.seq is not None]
    must(len(places) == len(set(places)), "I2", "two operations have one place")


def chained(world: World) -> None:
    """I1: each device's log is one chain, which begins where it parted from another's."""
    rows = cast(
        "list[tuple[bytes, int, bytes, bytes]]",
        world.central.ask("SELECT device_id, n, prev_hash, hash FROM operation"),
    )
    there = {(device, n): digest for device, n, _, digest in rows}
    somewhere = {(n, digest) for _, n, _, digest in rows}
    for device, n, before, _ in rows:
        own = there.get((device, n - 1))
        holds = n == 1 or (own == before if own is not None else (n - 1, before) in somewhere)
        must(holds, "I1", f"the log of {device.hex()[-6:]} breaks before {n}")


def _follows(one: Kept, server: Mapping[bytes, Kept]) -> bool:
    """Only who had the held operation before the eyes can have gone on from it: nobody else ever sees it."""
    return any(
        other.status == "held"
        and other.agg_id == one.agg_id
        and (other.device, other.n) < (one.device, one.n)
        for other in server.values()
        if other.device == one.device
    )


def same_operations(laptop: Laptop, accepted: Mapping[bytes, Kept]) -> None:
    """I3: it has what the server has, at the same places, with the same personal parts."""
    mine = {
        cast("bytes", row[0]): row[1:]
        for table in ("op", "foreign_op")
        for row in laptop.store.ask(f"SELECT op_id, seq, rank, hash, personal FROM {table} WHERE seq > 0")
    }
    theirs = {op_id: (one.seq, one.rank, one.hash, one.personal) for op_id, one in accepted.items()}
    if mine != theirs:
        lacks, more = len(theirs.keys() - mine.keys()), len(mine.keys() - theirs.keys())
        other = sorted(
            f"{accepted[op].kind}: {mine[op]} for {theirs[op]}"
            for op in mine.keys() & theirs.keys()
            if mine[op] != theirs[op]
        )
        raise Broken("I3", f"{laptop.name} lacks {lacks}, has {more} too many, otherwise {other[:2]}")


def same_digests(world: World, laptop: Laptop) -> None:
    """I8, one half: what is equal has equal digests."""
    row = world.central.ask("SELECT v_count, v_sum, h_count, h_sum FROM vendor_stream")[0]
    v_count, v_sum, h_count, h_sum = cast("tuple[int, int, int, int]", row)
    theirs = {"v": Digest(v_count, v_sum % (1 << 64)), "h": Digest(h_count, h_sum % (1 << 64))}
    must(laptop.digests() == theirs, "I8", f"{laptop.name}: {laptop.digests()} for {theirs}")


def causal(world: World, laptop: Laptop, accepted: Mapping[bytes, Kept]) -> None:
    """I11: whatever somebody had seen before he acted is there where his act is."""
    there = {
        cast("bytes", row[0])
        for table in ("op", "foreign_op")
        for row in laptop.store.ask(f"SELECT op_id FROM {table}")
    }
    for op_id in there:
        missing = [one for one in world.watch.causes(op_id) - there if one in accepted]
        must(not missing, "I11", f"{laptop.name} shows an act without what it followed")


def rows_of(laptop: Laptop, *, authors: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Every row that was made from operations, in a fixed order."""
    found = {}
    for name, columns in _columns().items():
        shown = [one for one in columns if authors or not _of_author(name, one)]
        places = ", ".join(str(place) for place in range(1, len(shown) + 1))
        found[name] = laptop.store.ask(f'SELECT {", ".join(shown)} FROM "{name}" ORDER BY {places}')
    return found


def _of_author(table: str, column: str) -> bool:
    """Whether it says whose an operation is, or what a device said of its numbers."""
    return column == "device_id" or (table, column) == ("device", "code")


@cache
def _columns() -> dict[str, list[str]]:
    """The columns of every table whose rows are made from operations."""
    beside = sqlite3.connect(":memory:")
    beside.deserialize(empty_image())
    tables = beside.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found = {
        name: [row[1] for row in beside.execute(f'PRAGMA table_info("{name}")')]
        for (name,) in tables
        if name not in _OWN and not _NO_TABLES.match(name)
    }
    beside.close()
    return found


def same_rows(world: World, laptops: Iterable[Laptop]) -> None:
    """I3: the same orders, stock, records and conflicts everywhere.

    Where a laptop was copied with operations that the server did not have, each copy has them for its own; which of
    the two laptops they were made on is then left out.
    """
    first: tuple[str, dict[str, list[tuple[object, ...]]]] | None = None
    for laptop in laptops:
        rows = rows_of(laptop, authors=not world.copied)
        if first is None:
            first = laptop.name, rows
        for name, there in first[1].items():
            if rows[name] != there:
                ours = [row for row in rows[name] if row not in there]
                theirs = [row for row in there if row not in rows[name]]
                told = f"{name}\n  {laptop.name}: {ours[:2]}\n  {first[0]}: {theirs[:2]}"
                raise Broken("I3", told)


def stock_adds_up(world: World, laptops: Iterable[Laptop], accepted: Mapping[bytes, Kept]) -> None:
    """I2: what is on hand is the sum of what moved, each movement once, here and on the server."""
    on_hand: dict[bytes, int] = defaultdict(int)
    cancelled: set[bytes] = set()
    for one in sorted(accepted.values(), key=lambda kept: kept.seq or 0):
        body = kinds.read_body(one.kind, one.v, one.body)
        on_hand |= {variant: on_hand[variant] for variant in kinds.variants_made(body)}
        if one.kind == "order.cancelled":
            if one.agg_id in cancelled:
                continue
            cancelled.add(one.agg_id)
        for variant, qty in kinds.stock_moved_by(body):
            on_hand[variant] += qty
    for laptop in laptops:
        mine = dict(cast("Any", laptop.store.ask("SELECT id, on_hand_milli FROM variant")))
        must(mine == on_hand, "I2", f"{laptop.name} counts {_differing(mine, on_hand)}")
    server = dict(cast("Any", world.central.ask("SELECT variant_id, on_hand FROM stock")))
    must(server == on_hand, "I2", f"the server counts {_differing(server, on_hand)}")


def same_sales(world: World, laptop: Laptop) -> None:
    """I3: what the server shows of orders is what the laptops show."""
    columns = "number, status, total_paisa, taken_at_ms, customer_id"
    theirs = sorted(world.central.ask(f"SELECT order_id, {columns} FROM sale"), key=repr)
    mine = sorted(laptop.store.ask(f"SELECT id, {columns} FROM orders"), key=repr)
    other = [row for row in theirs if row not in mine] + [row for row in mine if row not in theirs]
    must(not other, "I3", f"{laptop.name} and the server show orders differently: {other[:3]}")


def _differing(mine: Mapping[bytes, int], theirs: Mapping[bytes, int]) -> list[str]:
    keys = sorted(mine.keys() | theirs.keys())
    return [
        f"{k.hex()[-6:]}: {mine.get(k)} for {theirs.get(k)}" for k in keys if mine.get(k) != theirs.get(k)
    ]


def numbers(world: World, server: Mapping[bytes, Kept]) -> None:
    """I4: numbers begin with 1 in every series and have no gap; twice only where nobody could know.

    Two copies without a line draw what their numbers begin with by lot; once in 900 times it is the same.
    """
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    orders: dict[bytes, Any] = {
        one.agg_id: json.loads(one.body)["series"] for one in server.values() if one.kind == "order.confirmed"
    }
    drawn: dict[str, set[bytes]] = defaultdict(set)
    for one in server.values():
        if one.kind == "device.rekeyed" and (said := json.loads(one.body))["reason"] == "copied":
            drawn[said["code"]].add(one.device)
    for code, year, no in orders.values():
        given[code, year].append(no)
    for series, taken in given.items():
        must(set(taken) == set(range(1, max(taken) + 1)), "I4", f"{series} has a gap: {sorted(taken)}")
        twice = sorted({no for no in taken if taken.count(no) > 1})
        must(not twice or world.blind or len(drawn[series[0]]) > 1, "I4", f"{series} gave {twice} twice")


@dataclass(slots=True)
class _Writes:
    """All that was written into one field: values by operation, and which of them gave way knowingly."""

    values: dict[bytes, Any] = field(default_factory=dict)
    replaced: set[bytes] = field(default_factory=set)


def _written(accepted: Mapping[bytes, Kept]) -> dict[tuple[str, bytes, str], _Writes]:
    found: dict[tuple[str, bytes, str], _Writes] = defaultdict(_Writes)
    erased = {one.agg_id for one in accepted.values() if one.kind == "customer.erased"}
    for one in accepted.values():
        body = json.loads(one.body)
        sets, over = _sets(one, body)
        if one.agg_id in erased or not sets:
            continue
        for name, value in sets.items():
            writes = found[one.agg, one.agg_id, name]
            writes.values[one.op_id] = value
            if over.get(name):
                writes.replaced.add(bytes.fromhex(over[name]))
        decided = (
            [("day", op) for op in body.get("decides", ())] if one.agg == "hat" else body.get("closes", ())
        )
        for name, other in decided:
            found[one.agg, one.agg_id, name].replaced.add(bytes.fromhex(other))
    return found


def _sets(one: Kept, body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    match one.kind:
        case "product.edited" | "variant.edited" | "operator.edited":
            return body["set"], body["over"]
        case "setting.set":
            return {"value": body["value"]}, body["over"]
        case "customer.edited":
            words = json.loads(one.personal or "{}")
            words.pop("salt", None)
            return words, body["over"]
        case "hat.set":
            return {"day": [body[name] for name in _DAY]}, body.get("over") or {}
        case "hat.unset":
            return {"day": None}, body.get("over") or {}
        case _:
            return {}, {}


_DAY = ("kind", "opens", "closes", "ordinal")
_COLUMN = {"price": "price_paisa", "cost": "cost_paisa", "minimum": "minimum_milli"}


def _final(laptop: Laptop, agg: str, agg_id: bytes, name: str) -> Any:
    if agg == "setting":
        row = laptop.store.ask("SELECT value FROM setting WHERE key = ?", agg_id.decode())[0]
        return json.loads(cast("str", row[0]))
    if agg == "hat":
        of_day = (
            "SELECT kind, opens_min, closes_min, ordinal FROM hat_day WHERE source = 'vendor' AND hat_on = ?"
        )
        rows = laptop.store.ask(of_day, agg_id.decode())
        return list(rows[0]) if rows else None
    column = _COLUMN.get(name, name)
    return laptop.store.ask(f"SELECT {column} FROM {agg} WHERE id = ?", agg_id)[0][0]


def edits(laptop: Laptop, accepted: Mapping[bytes, Kept]) -> None:
    """I6 and I10: what nobody replaced knowingly stands or is an open conflict, and conflicts are nothing else."""
    rows = laptop.store.ask("SELECT agg, agg_id, field, other_op, kept_op FROM conflict")
    open_: dict[tuple[str, bytes, str], set[bytes]] = defaultdict(set)
    for agg, agg_id, name, other, kept in cast("Any", rows):
        open_[agg, agg_id, name] |= {other}
        must(other != kept, "I10", f"{name} is in conflict with itself")
    written = _written(accepted)
    for (agg, agg_id, name), writes in written.items():
        final = _final(laptop, agg, agg_id, name)
        standing = {op: value for op, value in writes.values.items() if op not in writes.replaced}
        must(
            any(value == final for value in standing.values()),
            "I6",
            f"{agg}.{name} is {final!r}, which was knowingly replaced; standing {list(standing.values())}",
        )
        conflicts = open_[agg, agg_id, name]
        # Two who wrote the same are of one mind: what became of the one's value became of the other's.
        said = [writes.values[op] for op in (*writes.replaced, *conflicts) if op in writes.values]
        lost = [v for v in standing.values() if v != final and v not in said]
        must(not lost, "I6", f"{agg}.{name} is {final!r}; {lost} is nowhere")
    for (agg, agg_id, name), others in open_.items():
        writes = written.get((agg, agg_id, name), _Writes())
        # A value from the record's own beginning may stand against an edit, too.
        touched = bool(writes.values)
        must(touched, "I10", f"a conflict on {agg}.{name}, which nobody touched")
        again = others & writes.replaced
        must(not again, "I10", f"a conflict on {agg}.{name} about what was knowingly replaced")


def sound(world: World, laptops: list[Laptop]) -> None:
    """Every laptop's own check finds nothing, and making its rows anew changes none."""
    for laptop in laptops:
        with laptop.store.read() as connection:
            report = verify(connection, whole=laptop is world.looked_into)
        must(report.ok, "verify", f"{laptop.name}: {[(p.code, p.where) for p in report.problems]}")
        odd = {alert.code for alert in report.alerts} - _ALERTS
        must(not odd, "verify", f"{laptop.name} warns of {odd}")
    remade_alike(world.looked_into)


class _Undone(Exception):  # noqa: N818
    """Ends a transaction whose work is not wanted."""


def remade_alike(laptop: Laptop) -> None:
    """Making all rows anew from the operations gives the rows that are there."""
    before = rows_of(laptop)
    with contextlib.suppress(_Undone), laptop.store.write() as unit:
        remake(unit.connection)
        after = rows_of(laptop)
        raise _Undone
    for name, rows in before.items():
        if after[name] != rows:
            lost = [row for row in rows if row not in after[name]]
            new = [row for row in after[name] if row not in rows]
            raise Broken("remake", f"{laptop.name}, {name}\n  was {lost[:2]}\n  is {new[:2]}")


DAMAGES = (
    "DELETE FROM foreign_op WHERE op_id = (SELECT op_id FROM foreign_op WHERE seq > 0 ORDER BY seq DESC LIMIT 1)",
    "UPDATE foreign_op SET hash = randomblob(32) WHERE op_id = (SELECT max(op_id) FROM foreign_op WHERE seq > 0)",
    "UPDATE foreign_op SET body = replace(body, '}', ' }') WHERE op_id = (SELECT max(op_id) FROM foreign_op)",
    "UPDATE product SET price_paisa = price_paisa + 1 WHERE id = (SELECT max(id) FROM product)",
    "UPDATE variant SET on_hand_milli = on_hand_milli + 1000 WHERE id = (SELECT min(id) FROM variant)",
    "DELETE FROM order_event WHERE id = (SELECT max(id) FROM order_event)",
    "DELETE FROM foreign_op WHERE seq % 3 = 1",
)


def damage_mended(world: World, laptop: Laptop, damage: str) -> None:
    """I8, the other half: a bit that flipped or a row that went is seen and mended, on the whole as before."""
    if not laptop.store.damage(damage):
        return
    laptop.boot()
    with laptop.store.read() as connection:
        seen = not verify(connection).ok
    outcome = laptop.sync()
    must(not isinstance(outcome, str), "I8", f"{laptop.name}: {outcome}")
    must(seen or getattr(outcome, "agree", None) is False, "I8", f"nobody sees {damage}")
    found = laptop.compare()
    must(found.agrees, "I8", f"{damage} is not mended: {found}")
    accepted = {op: one for op, one in kept_by_server(world).items() if one.seq is not None}
    same_operations(laptop, accepted)
    same_digests(world, laptop)
    same_rows(world, (one for one in world.laptops if not shut_out(world, one)))
    with laptop.store.read() as connection:
        must(verify(connection).ok, "I8", f"{damage} left {verify(connection).problems}")
