"""Taking operations in: one transaction, under the vendor's counter row, in the order in which they came.

The first statement raises the counter: it is the lock and it allots the places (sync.md §1.3). Everything else is
done for the whole batch at once. An operation is never refused: what cannot stand is held, and the rest flows.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import ARRAY, BigInteger, LargeBinary, bindparam, func, insert, select, update

from pos.server import edits, erasing
from pos.server.engine import environment_failed
from pos.server.judging import CREATES, Candidate, examine
from pos.server.prepared import Prepared, rows_of, stored, stored_bytes, together
from pos.server.stream import MASK, Order, more_places
from pos.server.tables import operation, sale, stock

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.protocol.messages import Result

ADD: Final = Prepared(insert(operation))
_ADD_STOCK: Final = Prepared(insert(stock))
_MOVE_STOCK: Final = Prepared(
    update(stock)
    .where(stock.c.vendor_id == bindparam("vid"), stock.c.variant_id == bindparam("variant"))
    .values(on_hand=stock.c.on_hand + bindparam("qty"))
)
_moved = (
    func.unnest(bindparam("qtys", type_=ARRAY(BigInteger)), bindparam("variants", type_=ARRAY(LargeBinary)))
    .table_valued("qty", "variant", name="moved")
    .render_derived()
)
# PostgreSQL moves them all by one statement; SQLite knows no lists, and loses nothing by many statements.
_MOVE_ALL_STOCK: Final = Prepared(
    update(stock)
    .where(stock.c.vendor_id == bindparam("vid"), stock.c.variant_id == _moved.c.variant)
    .values(on_hand=stock.c.on_hand + _moved.c.qty)
)
_ADD_SALE: Final = Prepared(insert(sale))
_STEP_SALE: Final = Prepared(
    update(sale)
    .where(sale.c.vendor_id == bindparam("vid"), sale.c.order_id == bindparam("order"))
    .values(status=bindparam("to"))
)
_VARIANTS: Final = Prepared(
    select(stock.c.variant_id).where(
        stock.c.vendor_id == bindparam("vid"), stock.c.variant_id.in_(bindparam("ids", expanding=True))
    )
)
_AGGREGATES: Final = Prepared(
    select(operation.c.agg_id, operation.c.status)
    .where(
        operation.c.vendor_id == bindparam("vid"), operation.c.agg_id.in_(bindparam("ids", expanding=True))
    )
    .distinct()
)
_HELD_BY: Final = Prepared(
    select(operation.c.agg_id, operation.c.device_id)
    .where(
        operation.c.vendor_id == bindparam("vid"),
        operation.c.agg_id.in_(bindparam("ids", expanding=True)),
        operation.c.status == "held",
    )
    .distinct()
)
_ORDERS: Final = Prepared(
    select(sale.c.order_id, sale.c.status).where(
        sale.c.vendor_id == bindparam("vid"), sale.c.order_id.in_(bindparam("ids", expanding=True))
    )
)
_HELD: Final = (
    select(operation)
    .where(operation.c.vendor_id == bindparam("vid"), operation.c.status == "held")
    .order_by(operation.c.received_at_ms, operation.c.device_id, operation.c.n)
)
_PLACE: Final = Prepared(
    update(operation)
    .where(operation.c.vendor_id == bindparam("vid"), operation.c.op_id == bindparam("o"))
    .values(
        stream=bindparam("to_stream"),
        seq=bindparam("to_seq"),
        rank=bindparam("to_rank"),
        status=bindparam("to_status"),
        why=bindparam("to_why"),
    )
)

# Held for want of something that may still come; the others wait for a person or for another release.
STANDS_ON: Final = frozenset({"stands_on_unknown", "follows_held"})
SHUT_OUT: Final = "device_revoked"  # its author sent it after that
NOT_APPLIED: Final = "not_applied"  # the database refused it
_STEPS: Final = {"order.cancelled": "cancelled", "order.packed": "packed", "order.unpacked": "confirmed"}


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What became of an operation, and in whose log it stands if it was here before."""

    status: Result
    seq: int | None = None
    rank: int | None = None
    why: str | None = None
    device_id: uuid.UUID | None = None


@dataclass(slots=True)
class _Effects:
    """What a batch does to the tables beside `operation`, gathered and then written at once."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    personal: set[bytes] = field(default_factory=set)
    placed: list[dict[str, Any]] = field(default_factory=list)
    moved: dict[bytes, int] = field(default_factory=dict)
    variants: dict[bytes, uuid.UUID] = field(default_factory=dict)
    sales: dict[bytes, Candidate] = field(default_factory=dict)
    steps: dict[bytes, str] = field(default_factory=dict)
    records: set[tuple[str, bytes]] = field(default_factory=set)
    forgotten: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class _Known:
    variants: set[bytes]
    aggregates: set[bytes]
    held: set[tuple[bytes, uuid.UUID]]  # by device: what is held never comes down, so nobody else follows it
    orders: dict[bytes, str]


class Intake:
    """Takes the operations of one transaction in.

    Args:
        connection: inside a writing transaction that has raised the counter.
        order: the counter row; its places are used up in order.
        now_ms: the server's time, which no operation's rank may pass.
        revoked: devices whose operations are held whatever they say, if they bring them themselves.
        careful: one held operation that the database refuses stays held for that; else the error goes on.
    """

    def __init__(
        self,
        connection: Connection,
        order: Order,
        now_ms: int,
        revoked: frozenset[uuid.UUID] = frozenset(),
        *,
        careful: bool = True,
    ) -> None:
        self._connection = connection
        self._order = order
        self._v = order.vendor_id
        self._id = stored(connection)
        self._bytes = stored_bytes(connection)
        self._vendor = self._id(self._v)
        self._device: tuple[uuid.UUID, Any] = (self._v, self._vendor)
        self._now_ms = now_ms
        self._revoked = revoked
        self._careful = careful
        self._latest_rank = now_ms << 16 | 0xFFFF

    def take(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        """Judge and store operations that are not stored yet, in their order."""
        if not candidates:
            return []
        known = self._known(candidates)
        effects = _Effects()
        verdicts = [self._one(candidate, known, effects) for candidate in candidates]
        marked = self._write(effects)
        if not marked:
            return verdicts
        return [
            msgspec.structs.replace(verdict, status=marked.get(candidate.operation.op_id, verdict.status))
            for candidate, verdict in zip(candidates, verdicts, strict=True)
        ]

    def hold(self, candidate: Candidate, why: str) -> Verdict:
        """Store an operation as held, whatever it says."""
        effects = _Effects()
        verdict = self._held(candidate, why, effects)
        self._write(effects)
        return verdict

    @contextlib.contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Bring the counts back to what they were, should the block fail; its rows go with the savepoint."""
        order = self._order
        before = replace(order, counts=dict(order.counts), sums=dict(order.sums))
        try:
            yield
        except BaseException:
            for each in fields(order):
                setattr(order, each.name, getattr(before, each.name))
            raise

    def again(self, reasons: Iterable[str]) -> int:
        """Judge held operations anew, as long as one of them can stand; how many do now.

        Args:
            reasons: only what was held for one of these.
        """
        wanted = set(reasons)
        taken = 0
        while progress := self._again(self._waiting(lambda row: row.why in wanted)):
            taken += progress
        return taken

    def vouched(self, ids: Container[uuid.UUID]) -> int:
        """Judge these held operations anew, since a laptop in good standing has them too; how many stand now."""
        return self._again(self._waiting(lambda row: row.op_id in ids))

    def _waiting(self, wanted: Callable[[Any], bool]) -> list[tuple[Candidate, str]]:
        rows = self._connection.execute(_HELD, {"vid": self._v})
        return [(examine(edits.operation_of(row), row.device_id), row.why) for row in rows if wanted(row)]

    def _again(self, waiting: Sequence[tuple[Candidate, str]]) -> int:
        if not waiting:
            return 0
        if not self._careful:
            return self._judge_again(waiting)
        try:
            with self._connection.begin_nested(), self.undone_on_error():
                return self._judge_again(waiting)
        except Exception as error:
            if environment_failed(error):
                raise
        if len(waiting) > 1:  # each half by itself, until whoever is guilty stands alone
            half = len(waiting) // 2
            return self._again(waiting[:half]) + self._again(waiting[half:])
        effects = _Effects()
        self._held_still(*waiting[0], NOT_APPLIED, effects)
        self._write(effects)
        return 0

    def _judge_again(self, waiting: Sequence[tuple[Candidate, str]]) -> int:
        candidates = [candidate for candidate, _ in waiting]
        known = self._known(candidates)
        known.held -= {(c.operation.agg_id, c.device_id) for c in candidates}
        more_places(self._connection, self._order, len(candidates))
        effects = _Effects()
        taken = 0
        for candidate, was in waiting:
            why = self._unfit(candidate, known)
            if why is None:
                self._accepted(candidate, known, effects, again=True)
                self._order.waiting -= was in STANDS_ON
                taken += 1
            else:
                known.held.add((candidate.operation.agg_id, candidate.device_id))
                self._held_still(candidate, was, why, effects)
        self._write(effects)
        return taken

    def _held_still(self, candidate: Candidate, was: str, why: str, effects: _Effects) -> None:
        if why != was:
            self._order.waiting += (why in STANDS_ON) - (was in STANDS_ON)
            effects.placed.append(self._place(candidate, Verdict("held", why=why)))

    # ---- what is known already --------------------------------------------------------------------------

    def _known(self, candidates: Sequence[Candidate]) -> _Known:
        variants: set[bytes] = set()
        aggregates: set[bytes] = set()
        orders: set[bytes] = set()
        for candidate in candidates:
            aggregates.add(candidate.operation.agg_id)
            if candidate.why is None:
                variants |= candidate.needs.variants
                variants.update(candidate.makes)
                aggregates |= candidate.needs.aggregates
                if candidate.operation.kind in _STEPS:
                    orders.add(candidate.operation.agg_id)
        found, there, stand = self._ask((_AGGREGATES, aggregates), (_VARIANTS, variants), (_ORDERS, orders))
        accepted: set[bytes] = set()
        held: set[bytes] = set()
        for agg_id, status in found:
            (held if status == "held" else accepted).add(agg_id)
        [followed] = self._ask((_HELD_BY, held))
        return _Known(
            {row.variant_id for row in there},
            accepted,
            {(row.agg_id, row.device_id) for row in followed},
            {row.order_id: row.status for row in stand},
        )

    def _ask(self, *questions: tuple[Prepared, Iterable[bytes]]) -> list[list[Any]]:
        """The rows of each; nobody is asked about nothing."""
        asked = [(statement, {"vid": self._v, "ids": list(ids)}) for statement, ids in questions if ids]
        found = iter(rows_of(self._connection, *asked))
        return [next(found) if ids else [] for _, ids in questions]

    def _by(self, candidate: Candidate) -> Any:
        """Its device as the database takes it: for many in a row it is the same one."""
        if candidate.device_id is not self._device[0]:
            self._device = (candidate.device_id, self._id(candidate.device_id))
        return self._device[1]

    def _unfit(self, candidate: Candidate, known: _Known) -> str | None:
        """Why it cannot stand here and now."""
        if self._revoked and candidate.device_id in self._revoked:
            return SHUT_OUT
        if candidate.why is not None:
            return candidate.why
        agg_id, needs = candidate.operation.agg_id, candidate.needs
        creates = candidate.operation.kind in CREATES
        if known.held and (agg_id, candidate.device_id) in known.held and not creates:
            # What makes the aggregate follows nothing; those that are held may well be waiting for it.
            return "follows_held"
        if creates and agg_id in known.aggregates:
            return "stands_already"
        if candidate.makes and not known.variants.isdisjoint(candidate.makes):
            return "stands_already"
        if needs.variants <= known.variants and needs.aggregates <= known.aggregates:
            return None
        return "stands_on_unknown"

    # ---- one after the other ----------------------------------------------------------------------------

    def _one(self, candidate: Candidate, known: _Known, effects: _Effects) -> Verdict:
        why = self._unfit(candidate, known)
        if why is not None:
            known.held.add((candidate.operation.agg_id, candidate.device_id))
            return self._held(candidate, why, effects)
        return self._accepted(candidate, known, effects, again=False)

    def _held(self, candidate: Candidate, why: str, effects: _Effects) -> Verdict:
        verdict = Verdict("held", why=why)
        self._order.waiting += why in STANDS_ON
        self._keep(candidate, verdict, effects, again=False)
        return verdict

    def _accepted(self, candidate: Candidate, known: _Known, effects: _Effects, *, again: bool) -> Verdict:
        order, op = self._order, candidate.operation
        verdict = Verdict("ok", order.next_seq, min(op.hlc, self._latest_rank))
        order.next_seq += 1
        order.counts[candidate.stream] += 1
        order.sums[candidate.stream] = (order.sums[candidate.stream] + int.from_bytes(op.hash[:8])) & MASK
        self._keep(candidate, verdict, effects, again=again)
        self._project(candidate, known, effects)
        known.aggregates.add(op.agg_id)
        return verdict

    def _project(self, candidate: Candidate, known: _Known, effects: _Effects) -> None:
        op, body = candidate.operation, candidate.body
        if candidate.makes:
            known.variants.update(candidate.makes)
            effects.variants.update(dict.fromkeys(candidate.makes, op.op_id))
        if op.kind == "order.confirmed":
            effects.sales[op.agg_id] = candidate
        elif op.kind in _STEPS:
            if known.orders.get(op.agg_id) == "cancelled":
                return  # whoever cancels once more brings no goods back (order_state)
            known.orders[op.agg_id] = effects.steps[op.agg_id] = _STEPS[op.kind]
        elif op.kind == "customer.erased":
            effects.forgotten |= {op.agg_id, *(bytes.fromhex(order) for order in body.orders)}
        moved = effects.moved
        for variant, qty in candidate.moved:
            moved[variant] = moved.get(variant, 0) + qty
        if op.kind in edits.EDITS:
            effects.records.add((op.agg, op.agg_id))

    def _sale_row(self, candidate: Candidate, status: str) -> tuple[Any, ...]:
        body = candidate.body
        return (
            self._vendor,
            self._bytes(candidate.operation.agg_id),
            _text(body.number),
            self._by(candidate),
            body.hat,
            body.taken_on,
            body.taken_at,
            body.total,
            status,
            self._bytes(bytes.fromhex(body.customer)) if body.customer else None,
        )

    def _keep(self, candidate: Candidate, verdict: Verdict, effects: _Effects, *, again: bool) -> None:
        if again:
            effects.placed.append(self._place(candidate, verdict))
            return
        op, as_bytes = candidate.operation, self._bytes
        size, personal = len(op.body), None
        if op.personal is not None:
            size += len(op.personal)
            personal = op.personal.decode("utf-8", "replace")
            effects.personal.add(op.agg_id)
        self._order.stored_bytes += size
        kind, agg = op.kind, op.agg
        if candidate.why is not None:  # no kind of ours has one
            kind, agg = _text(kind), _text(agg)
        effects.rows.append(
            (
                self._vendor,
                self._id(op.op_id),
                self._by(candidate),
                op.n,
                kind,
                op.v,
                candidate.stream,
                agg,
                as_bytes(op.agg_id),
                op.body.decode("utf-8", "replace"),
                personal,
                op.commitment and as_bytes(op.commitment),
                op.at_ms,
                op.hlc,
                as_bytes(op.prev_hash),
                as_bytes(op.hash),
                verdict.seq,
                verdict.rank,
                verdict.status,
                verdict.why,
                size,
                self._now_ms,
            )
        )

    def _place(self, candidate: Candidate, verdict: Verdict) -> dict[str, Any]:
        return {
            "vid": self._v,
            "o": candidate.operation.op_id,
            "to_stream": candidate.stream,
            "to_seq": verdict.seq,
            "to_rank": verdict.rank,
            "to_status": verdict.status,
            "to_why": verdict.why,
        }

    # ---- written at once --------------------------------------------------------------------------------

    def _write(self, effects: _Effects) -> dict[uuid.UUID, Result]:
        """Write what was gathered; which operations are in a conflict now, or in none any more."""
        connection, v = self._connection, self._v
        sales = [
            self._sale_row(candidate, effects.steps.pop(order_id, "confirmed"))
            for order_id, candidate in effects.sales.items()
        ]
        with together(connection):
            ADD.add(connection, effects.rows)
            _ADD_SALE.add(connection, sales)
            self._project_all(effects)
        if effects.forgotten:
            self._order.erased += erasing.forget(connection, v, effects.forgotten)
        if self._order.erased and (effects.personal or effects.sales):
            buyers = {one: c.body.customer for one, c in effects.sales.items() if c.body.customer is not None}
            self._order.erased += erasing.forget_late(connection, v, effects.personal, buyers)
        return edits.mark_conflicts(connection, v, effects.records)

    def _project_all(self, effects: _Effects) -> None:
        connection, v = self._connection, self._v
        _PLACE.run_all(connection, effects.placed)
        _ADD_STOCK.run_all(
            connection,
            [
                {
                    "vendor_id": v,
                    "variant_id": variant,
                    "on_hand": effects.moved.pop(variant, 0),
                    "made_by": made_by,
                }
                for variant, made_by in effects.variants.items()
            ],
        )
        self._move(effects.moved)
        steps = [{"vid": v, "order": order_id, "to": to} for order_id, to in effects.steps.items()]
        _STEP_SALE.run_all(connection, steps)

    def _move(self, moved: Mapping[bytes, int]) -> None:
        if self._connection.dialect.name == "sqlite":
            rows = [(qty, self._vendor, self._bytes(variant)) for variant, qty in moved.items()]
            _MOVE_STOCK.run_each(self._connection, rows)
        elif moved:
            qtys, variants = list(moved.values()), list(moved)
            _MOVE_ALL_STOCK.run(self._connection, vid=self._v, qtys=qtys, variants=variants)


def _text(value: str) -> str:
    """PostgreSQL stores no NUL."""
    return value.replace("\x00", "\ufffd")
