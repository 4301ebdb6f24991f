"""One round of sync: what is due goes up, what came about goes down, and all of it is taken in by one commit.

A round may be cut off anywhere and repeated at will: the log is never touched, the position moves over results
only, and whatever the server has already is answered by what it made of it then (sync.md §1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from pos import __version__
from pos.errors import EnvironmentFault, UserError
from pos.protocol.codec import encode
from pos.protocol.messages import (
    MAX_OPERATIONS,
    MAX_ROWS,
    PROTO,
    ExchangeReply,
    ExchangeRequest,
    to_wire,
)
from pos.protocol.operations import GENESIS, Operation
from pos.store import oplog
from pos.store import tables as t
from pos.store.file import SCHEMA
from pos.store.inbox import Arrived, Settled, digests, forget_order, stock_known, take_in, unplaced
from pos.store.link import Link, move_link, pending, read_link, waiting
from pos.store.organiser import take_organiser
from pos.store.outbox import HELD
from pos.store.prepared import Prepared
from pos.sync import rekey
from pos.sync.answers import OK, message_in, too_large
from pos.sync.arrivals import STREAMS, sound
from pos.sync.storage import device_of, open_questions
from pos.sync.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.protocol.messages import WireOp
    from pos.sync.storage import Storage
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport
    from pos.sync.verify import Verified

EXCHANGE_PATH: Final = "/sync/v1/exchange"
_FIRST_BATCH, _LEAST_BATCH = 50, 1
_FIRST_ROWS, _LEAST_ROWS = 500, 50
_BATCH_BYTES: Final = 2 << 20
_QUICK_MS: Final = 2000
_NOTED_MS: Final = 5 * 60_000  # how often an idle device notes when both sides last had everything
_MENDED_UNASKED: Final = 20_000  # operations of both streams; some seconds of work
_STATES: Final = {"ok": 1, "conflict": 2, "held": HELD}
_UNPLACED: Final = Prepared(
    select(t.foreign_op.c.device_id, func.min(t.foreign_op.c.n).label("first"))
    .where(t.foreign_op.c.seq.is_(None))
    .group_by(t.foreign_op.c.device_id)
)


class Outcome(msgspec.Struct, frozen=True):
    """What a round did, and what is left.

    Attributes:
        sent: operations that the server has answered.
        received: operations that came down, one's own among them.
        pending: operations that the server has not answered yet.
        remaining: how many are still to come down.
        more: another round has something to do at once.
        held: operations of this device that the server keeps aside.
        conflicts: values that wait for somebody to decide.
        agree: both sides have the same operations; None where that was not asked.
        next_poll_s: when the server wants to hear of an idle device again.
        revoked: the organiser or the shop has shut this device out: it may send, and gets nothing.
        code: the numbers' new code, where the device had to take a new identity.
    """

    sent: int
    received: int
    pending: int
    more: bool
    held: int
    conflicts: int
    agree: bool | None
    next_poll_s: int
    remaining: int = 0
    revoked: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request was made of."""

    link: Link
    device: UUID
    copied: bool
    begins: int  # behind this position it writes under its present identity
    operations: list[Operation]
    relayed: list[tuple[UUID, Operation]]
    compares: object
    request: ExchangeRequest


@dataclass(slots=True)
class _Taken:
    """What became of a reply."""

    sent: int = 0
    received: int = 0
    moved: bool = False
    spoilt: bool = False
    erased: bool = False
    parts_at: int | None = None
    reason: str = "fork"


class Round:
    """The exchange of one shop with its server. Not for two threads or processes at once: see `pos.sync.drain`.

    Args:
        storage: the shop.
        transport: the way to the server.
        tokens: where the device's token lies.
        clock: the device's own.
        machine: the mark of this machine and place.
    """

    def __init__(
        self, storage: Storage, transport: Transport, tokens: Tokens, clock: Clock, machine: str
    ) -> None:
        self._storage, self._transport, self._tokens = storage, transport, tokens
        self._clock, self._machine = clock, machine
        self._batch, self._rows = _FIRST_BATCH, _FIRST_ROWS
        self._relayed: dict[UUID, int] = {}  # by device, the last position that was offered in this epoch
        self._whole = False  # the last reply left nothing to come down
        self._agreed: object = None  # the state in which both sides were last found equal
        self._doubt: object = None  # the state in which both sides were found to differ
        self._mended: object = None  # the same, once it was looked into
        self._open: tuple[int, int] | None = None  # what is held and disputed; to count it, the log is read

    def once(self) -> Outcome:
        """Do one round.

        Raises:
            UserError: ``not_paired``, ``login_needed``, ``app_too_old``.
            EnvironmentFault: no answer, or none that can be used; what was taken in is whole. ``quota_used_up``:
                what is here does not go up, and what others sent has come.
        """
        try:
            return self._done(self._ask())
        except EnvironmentFault as fault:
            if fault.code != "quota_used_up":
                raise
        outcome = self._done(self._ask(brings=False))
        while outcome.received and not self._whole:
            outcome = self._done(self._ask(brings=False))
        self._batch = _LEAST_BATCH  # it is asked as often as for what is new whether there is room
        raise EnvironmentFault("quota_used_up", seconds=outcome.next_poll_s)

    def _done(self, asked: _Asked) -> Outcome:
        """One request, and what came of it."""
        reply = self._exchanged(asked)
        if reply is None:
            return self._outcome(asked, _Taken(moved=True), None)
        taken = self._take(asked, reply)
        if taken.spoilt:
            raise EnvironmentFault("server_answer_altered")
        code = None
        if taken.parts_at is not None:
            code = rekey.new_identity(
                self._storage,
                self._transport,
                self._tokens,
                self._machine,
                device=asked.device,
                at=taken.parts_at,
                reason=taken.reason,
            )
        outcome = self._outcome(asked, taken, reply, code)
        if not taken.moved and code is None and (asked.operations or reply.more):
            raise EnvironmentFault("server_answer_unclear", status=OK)  # never twice the same in a circle
        return outcome

    def mend(self) -> Verified | None:
        """After `once` told that both sides do not agree: find what differs, and mend what differs here.

        Not twice in the same state; and in a large shop only a person has it done (`hatkhata sync verify`), since
        nobody can sell while the rows are made again. None where nothing was done.

        Raises:
            UserError: as `once`.
            EnvironmentFault: likewise.
        """
        doubt, self._doubt = self._doubt, None
        if doubt is None or doubt == self._mended:
            return None
        self._mended = doubt
        return verify(self._storage, self._transport, self._tokens)

    # ---- asking --------------------------------------------------------------------------------------

    def _ask(self, *, brings: bool = True) -> _Asked:
        with self._storage.read() as connection:
            link = read_link(connection)
            if link is None:
                raise UserError("not_paired")
            device = device_of(connection)
            # A copy sends nothing under the original's name; it hears first how far that log has come.
            copied = link.machine != self._machine
            operations = (
                [] if copied else pending(connection, link.ack_n, limit=self._batch, limit_bytes=_BATCH_BYTES)
            )
            begins = oplog.Authors(connection).since if operations else 0
            left = waiting(connection, link.ack_n)
            relayed = self._to_relay(connection) if self._whole and left == 0 else []
            compares = (link.epoch, link.ack_n, tuple(sorted(link.cursors.items())))
            digest = None
            if left == 0 and not relayed and link.stock_seq is None and compares != self._agreed:
                digest = digests(connection)
            if not brings:
                operations, relayed, digest = [], [], None
            previous = oplog.hash_at(connection, link.ack_n) if link.ack_n else GENESIS
        request = ExchangeRequest(
            proto=PROTO,
            app=__version__,
            schema=SCHEMA,
            epoch=link.epoch,
            first=link.ack_n + 1,
            prev=(previous or GENESIS).hex(),
            cursors=dict(link.cursors),
            now_ms=self._clock.now_ms(),
            ops=[to_wire(o) for o in operations],
            relay=[to_wire(o, device=author) for author, o in relayed],
            max_rows=self._rows,
            stock=link.stock_seq == 0,
            digest=digest,
            waiting=left,
        )
        return _Asked(link, device, copied, begins, operations, relayed, compares, request)

    def _to_relay(self, connection: Connection) -> list[tuple[UUID, Operation]]:
        """Operations of other devices that the server has lost, as many as go at once."""
        found: list[tuple[UUID, Operation]] = []
        size = 0
        for author, operation in unplaced(connection, self._left_to_relay(connection)):
            size += len(operation.body) + len(operation.personal or b"")
            if len(found) == MAX_OPERATIONS or (found and size > _BATCH_BYTES):
                break
            found.append((author, operation))
        return found

    def _left_to_relay(self, connection: Connection) -> dict[UUID, int]:
        """By device, the first position without a place that was not offered yet: there is none but after a loss."""
        rows = _UNPLACED.rows(connection)
        return {device: max(first, self._relayed.get(device, 0) + 1) for device, first in rows}

    def _exchanged(self, asked: _Asked) -> ExchangeReply | None:
        """The reply; None where the server asks for less at once."""
        token = self._tokens.get(asked.device)
        if token is None:
            raise UserError("login_needed")
        before = self._clock.now_ms()
        try:
            answer = self._transport.post(EXCHANGE_PATH, encode(asked.request), token)
        except EnvironmentFault as fault:
            if fault.code == "server_slow":
                self._shrink()
            raise
        if too_large(answer) and self._batch > _LEAST_BATCH:
            self._shrink()
            return None
        reply = message_in(answer, ExchangeReply)
        if 0 <= self._clock.now_ms() - before < _QUICK_MS:
            self._batch = min(self._batch * 2, MAX_OPERATIONS)
            self._rows = min(self._rows * 2, MAX_ROWS)
        return reply

    def _shrink(self) -> None:
        self._batch = max(self._batch // 2, _LEAST_BATCH)
        self._rows = max(self._rows // 2, _LEAST_ROWS)

    # ---- taking in -----------------------------------------------------------------------------------

    def _take(self, asked: _Asked, reply: ExchangeReply) -> _Taken:
        taken = _Taken()
        if self._is_idle(asked, reply):
            self._whole = True
            return taken
        arrived = _arrived(reply.changes)
        with self._storage.write() as unit:
            connection = unit.connection
            link = read_link(connection)
            if link is None or link.epoch != asked.link.epoch or device_of(connection) != asked.device:
                return taken  # the shop became another one meanwhile
            if link.epoch is not None and reply.epoch != link.epoch:
                if reply.reset and reply.named in {None, asked.request.epoch}:
                    self._begin_anew(connection, link, reply)
                    taken.moved = True
                return taken
            ack, cursors = self._take_in(connection, asked, reply, link, arrived, taken)
            end = oplog.read_tip(connection).n
            self._see_parting(asked, reply, ack, end, taken)
            level = ack == end and not (reply.more or taken.spoilt or reply.revoked)
            move_link(
                connection,
                epoch=reply.epoch,
                ack_n=ack,
                cursors=cursors,
                stock_seq=self._stock(connection, reply, link, cursors),
                synced_at_ms=self._clock.now_ms() if level else link.synced_at_ms,
                shut_out=reply.revoked,
            )
        for author, operation in asked.relayed:
            self._relayed[author] = operation.n
        self._whole = not reply.more
        if taken.erased:  # a buyer who asked for it leaves this device's second journal too
            self._storage.forget()
        return taken

    def _is_idle(self, asked: _Asked, reply: ExchangeReply) -> bool:
        """Nothing went, came or is wrong: then nothing is written either, so that no window draws itself anew."""
        link = asked.link
        brings = reply.results or reply.hats or reply.stock or any(reply.changes.values())
        parts = asked.copied or reply.fork is not None or reply.last_n != link.ack_n
        noted = link.synced_at_ms is not None and 0 <= self._clock.now_ms() - link.synced_at_ms < _NOTED_MS
        return (
            not (brings or parts or asked.operations or asked.relayed or reply.more or reply.reset)
            and reply.need is None
            and reply.epoch == link.epoch
            and link.stock_seq is None
            and reply.revoked == link.shut_out
            and (noted or reply.revoked)
        )

    def _begin_anew(self, connection: Connection, link: Link, reply: ExchangeReply) -> None:
        """The server is an earlier one: it is told again what it has lost, and asked again for everything."""
        held = connection.execute(select(func.min(t.op.c.n)).where(t.op.c.state == HELD)).scalar()
        forget_order(connection)
        move_link(
            connection,
            epoch=reply.epoch,
            # What was held comes down to nobody: whether it is held still, only sending it again tells.
            ack_n=min(link.ack_n, reply.last_n, link.ack_n if held is None else held - 1),
            cursors=dict.fromkeys(link.cursors, 0),
            stock_seq=None if link.stock_seq is None else 0,
        )
        self._relayed, self._whole = {}, False

    def _take_in(
        self,
        connection: Connection,
        asked: _Asked,
        reply: ExchangeReply,
        link: Link,
        arrived: Mapping[str, Sequence[Arrived]] | None,
        taken: _Taken,
    ) -> tuple[int, dict[str, int]]:
        """Results, then changes; the position and the cursors after them."""
        ack, settled = _settled(asked, reply, link)
        taken.sent = len(settled)
        cursors = dict(link.cursors)
        fresh: list[Arrived] = []
        # What a result places does not come down beside it: of another question's answer, something would be missing.
        answers = len(settled) == len(reply.results)
        for stream in STREAMS:
            # A reply to an earlier question begins where this device has not been yet, or has long passed.
            if arrived is None or not answers or reply.since.get(stream, 0) > cursors[stream]:
                break  # history stands on the records before it
            fresh += arrived.get(stream, [])
            cursors[stream] = max(cursors[stream], reply.cursors.get(stream, 0))
        take_in(connection, settled, fresh, stock_seq=link.stock_seq)
        if reply.since.get("g", 0) <= cursors["g"]:
            take_organiser(connection, reply.hats)
            cursors["g"] = max(cursors["g"], reply.cursors.get("g", 0))
        taken.received = len(fresh)
        taken.spoilt = arrived is None
        taken.erased = any(one.operation.kind == "customer.erased" for one in fresh)
        came_along = cursors != link.cursors and not asked.operations
        taken.moved = ack != link.ack_n or came_along or bool(fresh)
        return ack, cursors

    def _stock(
        self, connection: Connection, reply: ExchangeReply, link: Link, cursors: Mapping[str, int]
    ) -> int | None:
        """Up to where history does not count, since what is on hand came as one answer."""
        upto = link.stock_seq
        if upto is None:
            return None
        if upto == 0 and reply.stock is not None:
            on_hand = {bytes.fromhex(one): qty for one, qty in reply.stock.items()}
            stock_known(connection, on_hand, reply.last_n)
            upto = reply.upto
        elif upto == 0:
            return 0
        return None if cursors["h"] >= upto else upto

    def _see_parting(self, asked: _Asked, reply: ExchangeReply, ack: int, end: int, taken: _Taken) -> None:
        """Where this log goes another way than the server's, if it does."""
        asked_about = {operation.n for operation in asked.operations}
        if reply.fork is not None and reply.fork in asked_about and reply.fork > ack:
            taken.parts_at = reply.fork - 1
        elif asked.copied:
            taken.parts_at, taken.reason = min(ack, reply.last_n), "copied"
        elif reply.last_n > end == ack:  # operations of this device that it has no more: it was set back
            taken.parts_at, taken.reason = end, "set_back"

    # ---- telling -------------------------------------------------------------------------------------

    def _outcome(
        self, asked: _Asked, taken: _Taken, reply: ExchangeReply | None, code: str | None = None
    ) -> Outcome:
        with self._storage.read() as connection:
            link = read_link(connection)
            if link is None:
                raise UserError("not_paired")
            left = waiting(connection, link.ack_n)
            to_relay = bool(self._whole and left == 0 and self._to_relay(connection))
            more = left > 0 or to_relay or code is not None or not self._whole
            if self._open is None or (taken.moved and not more):
                self._open = open_questions(connection)
            held, conflicts = self._open
        agree = reply.agree if reply is not None and not taken.received else None
        if agree:
            self._agreed = asked.compares
        elif (
            agree is False and sum(d.count for d in (asked.request.digest or {}).values()) <= _MENDED_UNASKED
        ):
            self._doubt = asked.compares
        elif reply is not None and not taken.moved and asked.compares == self._agreed:
            agree = True
        return Outcome(
            sent=taken.sent,
            received=taken.received,
            pending=left,
            more=more,
            held=held,
            conflicts=conflicts,
            agree=agree,
            next_poll_s=reply.next_poll_s if reply is not None else 0,
            remaining=reply.remaining if reply is not None else 0,
            revoked=reply is not None and reply.revoked,
            code=code,
        )


def _settled(asked: _Asked, reply: ExchangeReply, link: Link) -> tuple[int, list[Settled]]:
    """The position after the results, and what became of each operation. Nothing moves without its result."""
    sent = {operation.n: operation.op_id for operation in asked.operations}
    ack, settled = link.ack_n, []
    for result in sorted(reply.results, key=lambda r: r.n):
        op_id = sent.get(result.n)
        if op_id is None or op_id.hex != result.i:
            continue
        author = UUID(hex=result.d) if result.d else asked.device if result.n <= asked.begins else None
        settled.append(Settled(op_id, result.seq, result.r, _STATES[result.s], result.why or "", author))
        if result.n == ack + 1:
            ack = result.n
    if reply.need is not None:
        ack = min(ack, max(reply.need - 1, 0))
    return ack, settled


def _arrived(changes: Mapping[str, Sequence[WireOp]]) -> dict[str, list[Arrived]] | None:
    """What came down, by stream; None if one of it is not what its hash says: then none of it is used."""
    try:
        return {stream: [sound(wire, stream) for wire in changes.get(stream, ())] for stream in STREAMS}
    except ValueError:
        return None
