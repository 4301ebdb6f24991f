"""What goes down to a device: operations in the vendor's order, what is on hand, the organiser's days and notices."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, func, select

from pos.protocol.messages import Digest, GlobalRow, HatBody, WireOp
from pos.server.prepared import Prepared
from pos.server.tables import counter, hat_day, notice, operation, stock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from pos.protocol.messages import VerifyRequest
    from pos.server.stream import Order

PAGE_BYTES: Final = 2 << 20
_HATS_LIMIT = 1000
_FETCH_LIMIT = 500

_BEHIND: Final = (
    operation.c.vendor_id == bindparam("vid"),
    operation.c.stream == bindparam("stream"),
    operation.c.seq > bindparam("after"),
    operation.c.seq <= bindparam("upto"),
)
_SIZES: Final = Prepared(
    select(operation.c.seq, operation.c.size, operation.c.device_id, operation.c.n)
    .where(*_BEHIND)
    .order_by(operation.c.seq)
    .limit(bindparam("rows"))
)
_WIRE: Final = (
    operation.c.op_id,
    operation.c.device_id,
    operation.c.n,
    operation.c.kind,
    operation.c.v,
    operation.c.agg,
    operation.c.agg_id,
    operation.c.body,
    operation.c.personal,
    operation.c.commitment,
    operation.c.at_ms,
    operation.c.hlc,
    operation.c.prev_hash,
    operation.c.hash,
    operation.c.seq,
    operation.c.rank,
)
_PAGE: Final = Prepared(select(*_WIRE).where(*_BEHIND).order_by(operation.c.seq))
_LEFT: Final = Prepared(select(func.count()).select_from(operation).where(*_BEHIND))
_STOCK: Final = Prepared(
    select(stock.c.variant_id, stock.c.on_hand).where(stock.c.vendor_id == bindparam("vid"))
)
_HATS: Final = (
    select(hat_day).where(hat_day.c.g > bindparam("g")).order_by(hat_day.c.g).limit(_HATS_LIMIT + 1)
)
_NOTICES: Final = (
    select(notice).where(notice.c.g > bindparam("g")).order_by(notice.c.g).limit(_HATS_LIMIT + 1)
)
_COUNTER: Final = Prepared(select(counter.c.value).where(counter.c.name == "g"))
_HASHES: Final = Prepared(
    select(operation.c.op_id, operation.c.hash).where(
        operation.c.vendor_id == bindparam("vid"),
        operation.c.stream == bindparam("stream"),
        operation.c.seq > 0,
        operation.c.seq <= bindparam("upto"),
    )
)
_WHOLE: Final = Prepared(
    select(*_WIRE).where(
        operation.c.vendor_id == bindparam("vid"),
        operation.c.op_id.in_(bindparam("ids", expanding=True)),
        operation.c.seq.is_not(None),
    ),
    lists_of="uuid",
)


class Told(NamedTuple):
    """Operations whose places the same reply tells anyway.

    Attributes:
        device_id: whose log they stand in.
        first: position of the first of them.
        last: of the last.
        after: behind this place of the vendor's order there are no others.
    """

    device_id: uuid.UUID
    first: int
    last: int
    after: int

    def has(self, row: Any) -> bool:
        """Whether this is one of them."""
        return bool(row.device_id == self.device_id and self.first <= row.n <= self.last)


@dataclass(slots=True)
class Page:
    """One reply's share of what is to come."""

    changes: dict[str, list[WireOp]] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)
    hats: list[GlobalRow] = field(default_factory=list)
    more: bool = False
    remaining: int = 0

    @property
    def complete_v(self) -> bool:
        """Whether the shop's own records are all there."""
        return not self.more or "h" in self.changes


def page(
    connection: Connection,
    vendor_id: uuid.UUID,
    *,
    head: int,
    cursors: Mapping[str, int],
    max_rows: int,
    told: Told | None = None,
) -> Page:
    """The operations after these cursors: all of `v` before any of `h`.

    Args:
        connection: a transaction that sees everything up to `head`.
        vendor_id: whose.
        head: how far the vendor's order goes.
        cursors: how far the device has taken each stream in.
        max_rows: how many operations at most; beside it `PAGE_BYTES` limits what they hold.
        told: operations that need not come down.
    """
    found = Page()
    rows, size = max(1, max_rows), PAGE_BYTES
    for stream in ("v", "h"):
        # History never runs ahead of the records it stands on.
        after, upto = cursors.get(stream, 0), head
        if stream == "h" and found.more:
            found.cursors["h"] = after
        else:
            rows, size = _stream(connection, vendor_id, stream, after, upto, rows, size, told, found)
    if found.more:
        for stream in ("v", "h"):
            asked: dict[str, Any] = {
                "vid": vendor_id, "stream": stream, "after": found.cursors[stream], "upto": head,
            }  # fmt: skip
            found.remaining += _LEFT.scalar(connection, **asked)
    _hats(connection, cursors.get("g", 0), found)
    return found


def _stream(
    connection: Connection,
    vendor_id: uuid.UUID,
    stream: str,
    after: int,
    upto: int,
    rows: int,
    size: int,
    told: Told | None,
    found: Page,
) -> tuple[int, int]:
    """One stream's part; how many rows and bytes are left for the next."""
    found.cursors[stream] = upto
    if told is not None:
        upto = min(upto, told.after)
    if after >= upto:
        return rows, size
    asked: dict[str, Any] = {"vid": vendor_id, "stream": stream, "after": after, "upto": upto}
    last, wanted = after, False
    passed_over = told.last - told.first + 1 if told is not None else 0
    for row in _SIZES.rows(connection, **asked, rows=rows + 1 + passed_over):
        if told is not None and told.has(row):
            last = row.seq
            continue
        if rows == 0 or (size < row.size and size < PAGE_BYTES):
            found.cursors[stream] = last
            found.more = True
            break
        rows, size, last, wanted = rows - 1, size - row.size, row.seq, True
    if wanted:
        asked["upto"] = last
        found.changes[stream] = [
            wire_of(row) for row in _PAGE.rows(connection, **asked) if told is None or not told.has(row)
        ]
    return rows, size


def wire_of(row: Any) -> WireOp:
    """A stored operation as it travels down."""
    return WireOp(
        i=row.op_id.hex,
        n=row.n,
        k=row.kind,
        v=row.v,
        g=row.agg,
        a=row.agg_id.hex(),
        b=msgspec.Raw(row.body.encode()),
        t=row.at_ms,
        h=row.hlc,
        q=row.prev_hash.hex(),
        x=row.hash.hex(),
        p=msgspec.UNSET if row.personal is None else msgspec.Raw(row.personal.encode()),
        c=None if row.commitment is None else row.commitment.hex(),
        d=row.device_id.hex,
        s=row.seq,
        r=row.rank,
    )


def _hats(connection: Connection, cursor: int, found: Page) -> None:
    head: int = _COUNTER.scalar(connection)
    found.cursors["g"] = head
    if cursor >= head:
        return
    rows = [*_days(connection, cursor), *_notices(connection, cursor)]
    rows.sort(key=lambda row: row.seq)
    if len(rows) > _HATS_LIMIT:
        rows = rows[:_HATS_LIMIT]
        found.cursors["g"] = rows[-1].seq
        found.more = True
    found.hats = rows


def _days(connection: Connection, cursor: int) -> list[GlobalRow]:
    return [
        GlobalRow(
            row.g,
            "hat",
            row.hat_on,
            msgspec.Raw(
                msgspec.json.encode(HatBody(row.kind, row.opens_min, row.closes_min, row.ordinal, row.reason))
            ),
            bool(row.gone),
        )
        for row in connection.execute(_HATS, {"g": cursor})
    ]


def _notices(connection: Connection, cursor: int) -> list[GlobalRow]:
    return [
        GlobalRow(row.g, "notice", row.notice_id.hex, msgspec.Raw(row.body.encode()), bool(row.gone))
        for row in connection.execute(_NOTICES, {"g": cursor})
    ]


def on_hand(connection: Connection, vendor_id: uuid.UUID) -> dict[str, int]:
    """Thousandths on hand of every variant, by its identity in hex."""
    return {row.variant_id.hex(): row.on_hand for row in _STOCK.rows(connection, vid=vendor_id)}


def digests(order: Order) -> dict[str, Digest]:
    """The server's digest of each stream."""
    return {stream: Digest(order.counts[stream], order.sums[stream]) for stream in ("v", "h")}


def buckets(hashes: Mapping[uuid.UUID, bytes]) -> list[Digest]:
    """256 digests, by the last byte of the identity."""
    counts, sums = [0] * 256, [0] * 256
    for op_id, digest in hashes.items():
        last = op_id.int & 0xFF
        counts[last] += 1
        sums[last] += int.from_bytes(digest[:8])
    return [Digest(count, total % (1 << 64)) for count, total in zip(counts, sums, strict=True)]


def hashes(connection: Connection, vendor_id: uuid.UUID, stream: str, upto: int) -> dict[uuid.UUID, bytes]:
    """The hash of every operation of a stream, up to a place in the order."""
    rows = _HASHES.rows(connection, vid=vendor_id, stream=stream, upto=upto)
    return {row.op_id: row.hash for row in rows}


def fetched(connection: Connection, vendor_id: uuid.UUID, request: VerifyRequest) -> list[WireOp]:
    """Operations that are asked for whole, as many as fit one reply; ids that are not this vendor's are no ids."""
    ids = []
    for text in request.fetch[:_FETCH_LIMIT]:
        try:
            ids.append(uuid.UUID(hex=text))
        except ValueError:
            continue
    if not ids:
        return []
    found: list[WireOp] = []
    size = 0
    for row in _WHOLE.rows(connection, vid=vendor_id, ids=ids):
        size += len(row.body)
        if found and size > PAGE_BYTES:
            break
        found.append(wire_of(row))
    return found
