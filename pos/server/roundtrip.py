"""One round trip with a device, inside one transaction: take in what it has, and read what it lacks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update

from pos.protocol.messages import (
    MAX_OPERATIONS,
    MAX_ROWS,
    ExchangeReply,
    ExchangeRequest,
    OpResult,
    from_wire,
)
from pos.server import devices, feed, relayed
from pos.server.engine import environment_failed
from pos.server.intake import NOT_APPLIED, SHUT_OUT, STANDS_ON, Intake, Verdict
from pos.server.judging import Candidate, examine, is_storable
from pos.server.prepared import Prepared, Question, rows_of, together
from pos.server.stream import Order, new_epoch, raise_counter, settle
from pos.server.tables import device, operation, vendor_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from pos.protocol.operations import Operation

SEEN_MS: Final = 5 * 60 * 1000
_BACK = 256  # how far a log is asked for again to find where it parts
_POLL_S = 60

STORED: Final = Prepared(
    select(
        operation.c.op_id,
        operation.c.device_id,
        operation.c.n,
        operation.c.hash,
        operation.c.seq,
        operation.c.rank,
        operation.c.status,
        operation.c.why,
    ).where(
        operation.c.vendor_id == bindparam("vid"), operation.c.op_id.in_(bindparam("ids", expanding=True))
    ),
    lists_of="uuid",
)
_POSITIONS: Final = Prepared(
    select(operation.c.n, operation.c.op_id).where(
        operation.c.vendor_id == bindparam("vid"),
        operation.c.device_id == bindparam("device"),
        operation.c.n.between(bindparam("first"), bindparam("last")),
    )
)
_MOVE: Final = Prepared(
    update(device)
    .where(device.c.vendor_id == bindparam("vid"), device.c.device_id == bindparam("device"))
    .values(last_n=bindparam("to_n"), last_hash=bindparam("to_hash"))
)
_SEEN: Final = Prepared(
    update(device)
    .where(device.c.vendor_id == bindparam("vid"), device.c.device_id == bindparam("device"))
    .values(
        last_n=bindparam("to_n"),
        last_hash=bindparam("to_hash"),
        app=bindparam("to_app"),
        schema_no=bindparam("to_schema"),
        last_seen_ms=bindparam("to_seen"),
        waiting=bindparam("to_waiting"),
        sold=bindparam("to_sold"),
    )
)
_HEAD: Final = Prepared(select(vendor_stream).where(vendor_stream.c.vendor_id == bindparam("vid")))
_EPOCH: Final = (
    update(vendor_stream).where(vendor_stream.c.vendor_id == bindparam("vid")).values(epoch=bindparam("to"))
)


class UnreadableError(ValueError):
    """The message decodes, but an operation in it has an identity or a number that is none."""


class QuotaError(Exception):
    """The vendor has used up its room."""


@dataclass(slots=True)
class _Log:
    """How far one device's log has been taken in."""

    device_id: uuid.UUID
    last_n: int
    last_hash: bytes
    start_n: int
    entries: list[tuple[int, Candidate | Verdict]] = field(default_factory=list)
    shut_out: list[uuid.UUID] = field(default_factory=list)
    need: int | None = None
    fork: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its operations read and looked at, each by itself: what needs no database holds up nobody."""

    message: ExchangeRequest
    ops: Sequence[Candidate]
    relay: Mapping[uuid.UUID, Sequence[Candidate]]


def read(message: ExchangeRequest, device_id: uuid.UUID) -> Asked:
    """Read the operations of this device's request.

    Raises:
        UnreadableError: one of them cannot even be kept; no shop's log holds such a one.
    """
    try:
        ops = [from_wire(wire) for wire in message.ops]
        relay: dict[uuid.UUID, list[Operation]] = {}
        for wire in message.relay:
            if wire.d is None:
                raise UnreadableError("relay")
            relay.setdefault(uuid.UUID(hex=wire.d), []).append(from_wire(wire))
        if len(bytes.fromhex(message.prev)) != 32 or message.first < 1:
            raise UnreadableError("first")
    except ValueError as error:
        raise UnreadableError("operation") from error
    if not all(map(is_storable, ops)) or not all(is_storable(op) for group in relay.values() for op in group):
        raise UnreadableError("operation")
    others = {device: [examine(op, device) for op in group] for device, group in relay.items()}
    return Asked(message, [examine(op, device_id) for op in ops], others)


def needs_no_writing(asked: Asked, row: Any, now_ms: int) -> bool:
    """Whether such a request changes nothing that anybody looks at: it is then answered from a reading transaction."""
    message = asked.message
    return (
        not message.ops
        and not message.relay
        and 0 <= now_ms - row.last_seen_ms < SEEN_MS
        and (row.app, row.schema_no, row.waiting)
        == (devices.kept(message.app, 100), devices.kept_schema(message.schema), message.waiting)
    )


def look(connection: Connection, row: Any, asked: Asked, now_ms: int) -> ExchangeReply | None:
    """Answer a request that brings nothing; None where it turns out that something must be written."""
    [stream] = _HEAD.rows(connection, vid=row.vendor_id)
    order = Order.of(stream, stream.head)
    if _ahead(asked.message, order.epoch, order.head):
        return None
    log = _Log(row.device_id, row.last_n, bytes(row.last_hash), row.last_n)
    _walk(connection, row.vendor_id, log, asked, ())
    return _reply(connection, order, log, row, asked, now_ms)


def take(
    connection: Connection,
    token: devices.Token,
    asked: Asked,
    now_ms: int,
    *,
    careful: bool,
    quota_bytes: int | None = None,
) -> ExchangeReply | None:
    """Take in and answer, in the caller's writing transaction; None where the token is no device's.

    Args:
        connection: the transaction; nothing of it was written yet.
        token: whose request it is.
        asked: the request.
        now_ms: the server's time.
        careful: one operation per savepoint, the guilty held; after a batch as a whole has failed.
        quota_bytes: how much the vendor's operations may take up; None for no limit.

    Raises:
        QuotaError: they take up that much already, and more are brought.
    """
    vendor_id = token.vendor_id
    count = len(asked.ops) + sum(map(len, asked.relay.values()))
    order = raise_counter(connection, vendor_id, count)
    row, [stored] = devices.find_and(connection, token, _stored(vendor_id, asked.ops))
    if order is None or row is None:
        return None
    before = order.head - count
    if quota_bytes is not None and count and order.stored_bytes >= quota_bytes:
        raise QuotaError
    message = asked.message
    log = _Log(row.device_id, row.last_n, bytes(row.last_hash), row.last_n)
    if _ahead(message, order.epoch, before):
        # It has seen more than there is: this database is an older one, and nobody has said so.
        order.epoch = new_epoch()
        connection.execute(_EPOCH, {"vid": vendor_id, "to": order.epoch})
    if message.epoch is not None and message.epoch != order.epoch:
        return _reply(connection, order, log, row, asked, now_ms)
    logs = {log.device_id: log}
    revoked = frozenset({log.device_id} if row.revoked_at_ms is not None else ())
    _walk(connection, vendor_id, log, asked, stored)
    if asked.relay and not revoked:
        _walk_others(connection, vendor_id, logs, asked, now_ms)
    intake = Intake(connection, order, now_ms, revoked, careful=careful)
    candidates = [entry for one in logs.values() for _, entry in one.entries if isinstance(entry, Candidate)]
    # One that came twice, in its own log and in another's, is one.
    distinct = {candidate.operation.op_id.int: candidate for candidate in candidates}
    if careful:
        verdicts = [_carefully(connection, intake, candidate) for candidate in distinct.values()]
    else:
        verdicts = intake.take(list(distinct.values()))
    told = dict(zip(distinct, verdicts, strict=True))
    # Who was shut out holds back what he brings; what others have had from him before belongs to the shop.
    vouched = set() if revoked else {op_id for one in logs.values() for op_id in one.shut_out}
    stand = intake.vouched(vouched) if vouched else 0
    others = bool(asked.relay) or stand > 0
    if order.waiting and (stand or any(verdict.status != "held" for verdict in verdicts)):
        others |= intake.again(STANDS_ON) > 0
    with together(connection):
        if verdicts or vouched:
            settle(connection, order)
        _move(connection, vendor_id, logs, row, asked, candidates, now_ms)
    return _reply(connection, order, log, row, asked, now_ms, told, order.head if others else before)


def _ahead(message: ExchangeRequest, epoch: str, head: int) -> bool:
    """Whether it has seen places that the order did not have when it came; those for what it brings do not count."""
    cursors = message.cursors
    seen = max(cursors.get("v", 0), cursors.get("h", 0))
    return message.epoch == epoch and seen > head


def _carefully(connection: Connection, intake: Intake, candidate: Candidate) -> Verdict:
    try:
        with connection.begin_nested(), intake.undone_on_error():
            return intake.take([candidate])[0]
    except Exception as error:
        if environment_failed(error):
            raise
        with connection.begin_nested():
            return intake.hold(candidate, NOT_APPLIED)


# ---- positions -------------------------------------------------------------------------------------------


def _stored(vendor_id: uuid.UUID, ops: Sequence[Candidate]) -> Question:
    """Which of these are here."""
    return STORED, {"vid": vendor_id, "ids": [one.operation.op_id for one in ops]}


def _walk(
    connection: Connection, vendor_id: uuid.UUID, log: _Log, asked: Asked, stored: Sequence[Any]
) -> None:
    """Go through a device's own operations: known, new, missing before, or parting from what is here."""
    message = asked.message
    if not asked.ops:
        if message.first > log.last_n + 1:
            log.need = log.last_n + 1
        return
    _follow(connection, vendor_id, log, asked.ops, stored)


def _walk_others(
    connection: Connection,
    vendor_id: uuid.UUID,
    logs: dict[uuid.UUID, _Log],
    asked: Asked,
    now_ms: int,
) -> None:
    brought: set[tuple[int, bytes]] = set()
    # A log that parted from another one begins behind it.
    for device_id, ops in sorted(asked.relay.items(), key=lambda group: group[1][0].operation.n):
        _walk_other(connection, vendor_id, logs, device_id, ops, brought, now_ms)


def _walk_other(
    connection: Connection,
    vendor_id: uuid.UUID,
    logs: dict[uuid.UUID, _Log],
    author: uuid.UUID,
    ops: Sequence[Candidate],
    brought: set[tuple[int, bytes]],
    now_ms: int,
) -> None:
    device_id, parent = author, None
    while ops and device_id not in logs:
        row = relayed.row_of(connection, vendor_id, device_id, ops, brought, now_ms, parent=parent)
        if row is None:
            return
        log = logs[device_id] = _Log(device_id, row.last_n, bytes(row.last_hash), row.last_n)
        [rows] = rows_of(connection, _stored(vendor_id, ops))
        _follow(connection, vendor_id, log, ops, rows)
        taken = {n for n, _ in log.entries}
        brought |= {(one.operation.n, one.operation.hash) for one in ops if one.operation.n in taken}
        if log.fork is None and log.need is None:
            return
        # Its author has lost these and written on; whoever had them before gives them back.
        known = {row.op_id for row in rows}
        left = (
            place
            for place, one in enumerate(ops)
            if one.operation.n not in taken and one.operation.op_id not in known
        )
        ops = ops[next(left, len(ops)) :]
        if ops:
            parent = author
            device_id, ops = relayed.parted(connection, vendor_id, author, ops, logs)


def _follow(
    connection: Connection,
    vendor_id: uuid.UUID,
    log: _Log,
    candidates: Sequence[Candidate],
    rows: Sequence[Any],
) -> None:
    """The same for one log; `rows` are those of its operations that are here."""
    ops = [candidate.operation for candidate in candidates]
    # By identity as a number, here and below: Python hashes a UUID ten times as slowly.
    stored = {row.op_id.int: row for row in rows}
    log.shut_out += [row.op_id for row in rows if row.why == SHUT_OUT]
    own: dict[int, uuid.UUID] = {}
    if ops[0].n <= log.last_n:
        asked: dict[str, Any] = {
            "vid": vendor_id,
            "device": log.device_id,
            "first": ops[0].n,
            "last": log.last_n,
        }
        own = {row.n: row.op_id for row in _POSITIONS.rows(connection, **asked)}
    for index, candidate in enumerate(candidates):
        op = candidate.operation
        present = stored.get(op.op_id.int)
        if op.n > log.last_n + 1:
            log.need = log.last_n + 1
            return
        if op.n <= log.last_n:
            same = op.n in own and own[op.n] == op.op_id
            if op.n not in own:  # taken in from another log that has the same beginning
                same = present is not None and bytes(present.hash) == op.hash
            if not same:
                _part(connection, vendor_id, log, ops, index)
                return
            log.entries.append((op.n, _verdict(present)))
        elif op.prev_hash != log.last_hash:
            _part(connection, vendor_id, log, ops, index)
            return
        else:
            log.entries.append((op.n, candidate if present is None else _verdict(present)))
            log.last_n, log.last_hash = op.n, op.hash


def _part(
    connection: Connection, vendor_id: uuid.UUID, log: _Log, ops: Sequence[Operation], index: int
) -> None:
    """The log is another one here. If it is one already before this batch, more of it must be seen."""
    op = ops[index]
    before = ops[index - 1] if index else None
    agreed = before is not None and before.n == op.n - 1 and before.hash == op.prev_hash
    if agreed or devices.has_position(connection, vendor_id, op.n - 1, op.prev_hash):
        log.fork = op.n
    else:
        log.need = max(1, op.n - _BACK)


def _verdict(row: Any) -> Verdict:
    return Verdict(row.status, row.seq, row.rank, row.why, row.device_id)


def _move(
    connection: Connection,
    vendor_id: uuid.UUID,
    logs: Mapping[uuid.UUID, _Log],
    row: Any,
    asked: Asked,
    candidates: Iterable[Candidate],
    now_ms: int,
) -> None:
    message = asked.message
    sold = row.sold or any(
        c.device_id == row.device_id and c.operation.kind == "order.confirmed" for c in candidates
    )
    others = []
    for log in logs.values():
        place = {"vid": vendor_id, "device": log.device_id, "to_n": log.last_n, "to_hash": log.last_hash}
        if log.device_id == row.device_id:
            _SEEN.run(
                connection,
                **place,
                to_app=devices.kept(message.app, 100),
                to_schema=devices.kept_schema(message.schema),
                to_seen=now_ms,
                to_waiting=message.waiting,
                to_sold=int(sold),
            )
        elif log.last_n != log.start_n:
            others.append(place)
    if others:
        _MOVE.run_all(connection, others)


# ---- the answer ------------------------------------------------------------------------------------------


def _reply(
    connection: Connection,
    order: Order,
    log: _Log,
    row: Any,
    asked: Asked,
    now_ms: int,
    told: Mapping[int, Verdict] | None = None,
    others_upto: int | None = None,
) -> ExchangeReply:
    """The answer; behind `others_upto` the vendor's order has nothing but what this request brought."""
    message = asked.message
    vendor_id: uuid.UUID = row.vendor_id
    since = {stream: message.cursors.get(stream, 0) for stream in ("v", "h", "g")}
    reset = message.epoch is not None and message.epoch != order.epoch
    revoked = row.revoked_at_ms is not None
    results = _results(message, log, told or {})
    if reset or revoked or log.fork is not None or log.need is not None:
        return ExchangeReply(
            order.epoch,
            now_ms,
            log.last_n,
            upto=order.head,
            results=results,
            reset=reset,
            named=message.epoch if reset else None,
            need=None if reset else log.need,
            fork=None if reset else log.fork,
            since=since,
            cursors=since,
            next_poll_s=_POLL_S,
            revoked=revoked,
        )
    page = feed.page(
        connection,
        vendor_id,
        head=order.head,
        cursors=since,
        max_rows=min(message.max_rows, MAX_ROWS),
        told=_told(row.device_id, results, order.head if others_upto is None else others_upto),
    )
    relay_from = None
    if message.epoch is not None and not since["v"] and not since["h"]:
        relay_from = {each.device_id.hex: each.last_n + 1 for each in devices.every(connection, vendor_id)}
    whole_v = page.cursors["v"] == order.head
    return ExchangeReply(
        order.epoch,
        now_ms,
        log.last_n,
        upto=order.head,
        results=results,
        since=since,
        changes=page.changes,
        hats=page.hats,
        cursors=page.cursors,
        more=page.more,
        remaining=page.remaining,
        stock=feed.on_hand(connection, vendor_id) if message.stock and whole_v else None,
        agree=_agree(message, order, page),
        relay_from=relay_from,
        next_poll_s=_POLL_S,
    )


def _results(message: ExchangeRequest, log: _Log, told: Mapping[int, Verdict]) -> list[OpResult]:
    results = []
    by_n = {wire.n: wire.i for wire in message.ops}
    for n, entry in log.entries:
        verdict = told[entry.operation.op_id.int] if isinstance(entry, Candidate) else entry
        author = verdict.device_id
        other = author.hex if author is not None and author != log.device_id else None
        results.append(OpResult(by_n[n], n, verdict.status, verdict.seq, verdict.rank, verdict.why, other))
    return results


def _told(device_id: uuid.UUID, results: Sequence[OpResult], others_upto: int) -> feed.Told | None:
    """What the results place, so that it need not come back whole; if one is held, it all comes."""
    if not results or any(result.seq is None for result in results):
        return None
    return feed.Told(device_id, results[0].n, results[-1].n, others_upto)


def _agree(message: ExchangeRequest, order: Order, page: feed.Page) -> bool | None:
    quiet = not (message.ops or message.relay or page.changes or page.more)
    if message.digest is None or not quiet:
        return None
    return dict(message.digest) == feed.digests(order)


def too_many(message: ExchangeRequest) -> bool:
    """Whether more operations came than one request may bring."""
    return len(message.ops) + len(message.relay) > MAX_OPERATIONS
