"""What device and server say to each other: Hat-Sync 1 (sync.md §1.4, contracts.md §7-8).

Identities and hashes travel as hex, bodies as the very JSON that was hashed. Every message may grow fields that
an older side does not know and passes over; what changes its meaning gets a new `proto`.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

import msgspec

from pos.protocol.operations import Operation

PROTO = 1
MIN_PROTO = 1
MAX_OPERATIONS = 500
MAX_ROWS = 2000

Result = Literal["ok", "conflict", "held"]

# What a column of a database takes: whole numbers of 64 bits.
_Whole = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_Identity = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class WireOp(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One operation on the line.

    Attributes:
        p: the personal part; left out where there is none, or it was erased.
        d: whose log it stands in; left out where the message says it.
        s: its place in the server's order; on the way down.
        r: its logical time, held back to the server's clock; on the way down.
    """

    i: str
    n: _Whole
    k: str
    v: _Whole
    g: str
    a: str
    b: msgspec.Raw
    t: _Whole
    h: _Whole
    q: str
    x: str
    p: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # of `Raw | None` msgspec takes only null
    c: str | None = None
    d: str | None = None
    s: _Whole | None = None
    r: _Whole | None = None


class Digest(msgspec.Struct, frozen=True):
    """How many operations of a stream there are, and the sum of the first 8 bytes of their hashes mod 2^64."""

    count: _Whole = 0
    sum: int = 0


class ExchangeRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A device's side of one round trip.

    Attributes:
        first: the position of the first operation in `ops`; where there are none, of the next to come.
        prev: hash of the operation before it.
        cursors: how far each stream has been taken in.
        relay: operations of other devices' logs that the server has lost, in order by device.
        stock: it wants what is on hand, since its history is still to come.
        digest: of each stream, where the device believes that it has everything.
        waiting: how many operations it has that the server has not; for whoever looks after the shops.
    """

    proto: _Whole
    app: str
    schema: _Whole
    epoch: str | None
    first: _Whole
    prev: str
    cursors: dict[str, _Whole]
    now_ms: _Whole
    ops: list[WireOp] = []
    relay: list[WireOp] = []
    max_rows: _Whole = MAX_ROWS
    stock: bool = False
    digest: dict[str, Digest] | None = None
    waiting: _Whole = 0


class OpResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one operation: its place in the server's order, or why it is held.

    Attributes:
        d: the device in whose log the server has it, where that is not the one that asks.
    """

    i: str
    n: _Whole
    s: Result
    seq: _Whole | None = None
    r: _Whole | None = None
    why: str | None = None
    d: _Identity | None = None


class HatBody(msgspec.Struct, frozen=True):
    """What the organiser says of a day, whose date is the row's `pk`; minutes after midnight."""

    kind: Literal["added", "cancelled"]
    opens: _Whole | None = None
    closes: _Whole | None = None
    ordinal: _Whole | None = None
    reason: str = ""


class NoticeBody(msgspec.Struct, frozen=True):
    """What the organiser has to say: Bangla always, English where it was written; shown from and until a time."""

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    kind: Literal["news", "warning"] = "news"
    hat: str | None = None
    from_ms: _Whole = 0
    until_ms: _Whole | None = None


class GlobalRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A hat or a notice of the organiser: `body` is a `HatBody` or a `NoticeBody`; `gone` takes it back."""

    seq: _Whole
    t: Literal["hat", "notice"]
    pk: str
    body: msgspec.Raw
    gone: bool = False


class ExchangeReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The server's side.

    Attributes:
        last_n: how far it has this device's log.
        reset: its memory is another one (`epoch`) than the device named (`named`): nothing was taken, begin anew.
        need: it lacks operations before `first`: send from this position on.
        fork: the log parts from what it has at this position: get a new identity.
        since: the cursors that were asked for.
        changes: operations of each stream, in the server's order; one's own among them, but for those whose place
            `results` tells. Who does not take in one of these results must not move a cursor either.
        cursors: how far each stream is now.
        upto: the head of the vendor's order.
        more: ask again at once.
        remaining: how many operations are still to come down.
        stock: what is on hand of each variant (thousandths) as of `upto`.
        agree: whether the digest is the server's; None where none was sent or it was not at the head.
        relay_from: for devices whose log the server has lost in part: from which position on it wants it.
        revoked: what was sent is held, and nothing comes back.
    """

    epoch: str
    server_ms: _Whole
    last_n: _Whole
    upto: _Whole = 0
    results: list[OpResult] = []
    reset: bool = False
    named: str | None = None
    need: _Whole | None = None
    fork: _Whole | None = None
    since: dict[str, _Whole] = {}
    changes: dict[str, list[WireOp]] = {}
    hats: list[GlobalRow] = []
    cursors: dict[str, _Whole] = {}
    more: bool = False
    remaining: _Whole = 0
    stock: dict[str, _Whole] | None = None
    agree: bool | None = None
    relay_from: dict[str, _Whole] | None = None
    next_poll_s: _Whole = 60
    min_proto: _Whole = MIN_PROTO
    revoked: bool = False


class PairRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A laptop with a code in hand.

    Attributes:
        code: eight characters, in any case, with or without a gap.
        device: its identity where it has a shop already.
        device_code: the code its numbers begin with there.
        sold: it has issued numbers.
        machine: a mark of the machine, hashed.
    """

    code: str
    app: str
    schema: _Whole
    machine: str
    name: str = ""
    device: str | None = None
    device_code: str | None = None
    operations: _Whole = 0
    sold: bool = False


class PairReply(msgspec.Struct, frozen=True):
    """Who the laptop is from now on.

    Attributes:
        founds: the vendor has nothing yet: the shop's own log becomes its beginning.
    """

    vendor_id: str
    vendor: str
    device: str
    device_code: str
    token: str
    epoch: str
    founds: bool


class RekeyRequest(msgspec.Struct, frozen=True):
    """A log that parted from the server's: it goes on under a new identity.

    Attributes:
        at: the last position that both have.
        hash: of the operation there.
        machine: a mark of the machine, hashed.
    """

    at: _Whole
    hash: str
    machine: str


class RekeyReply(msgspec.Struct, frozen=True):
    """The new identity, its code for numbers, and its token."""

    device: str
    device_code: str
    token: str


class DevicesRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which devices the vendor has; one's own among them.

    Attributes:
        revoke: shut this one out first. One's own is never shut out: nobody would be left to let it in again.
    """

    revoke: str | None = None


class DeviceEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A device of the vendor.

    Attributes:
        device_code: what its numbers begin with.
        name: what its computer is called.
        seen_ms: when the server last heard of it.
        waiting: how many operations it said then that it had and the server had not.
        revoked_ms: since when it is shut out.
    """

    device: str
    device_code: str
    name: str
    app: str
    paired_ms: _Whole
    seen_ms: _Whole
    waiting: _Whole = 0
    revoked_ms: _Whole | None = None


class DevicesReply(msgspec.Struct, frozen=True):
    """The vendor's devices, oldest first, and the server's time."""

    devices: list[DeviceEntry]
    server_ms: _Whole


class CodeRequest(msgspec.Struct, frozen=True):
    """A device asks for a code with which one more laptop may join."""


class CodeReply(msgspec.Struct, frozen=True):
    """The code, and until when it may be used."""

    code: str
    expires_ms: _Whole
    server_ms: _Whole


class VerifyRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which operations differ: first sums of 256 buckets by the identity's last byte, then identities.

    Attributes:
        upto: both sides look at the server's order up to here only.
        buckets: of one stream, 256 digests in order.
        list_buckets: buckets whose identities are asked for.
        fetch: operations that are asked for whole.
    """

    stream: Literal["v", "h"]
    upto: _Whole
    buckets: list[Digest] = []
    list_buckets: list[_Whole] = []
    fetch: list[str] = []


class VerifyReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The buckets that differ; identities with their hashes; whole operations."""

    differ: list[_Whole] = []
    listed: dict[str, str] = {}
    ops: list[WireOp] = []


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer that is not 200: a code, for `pos.l10n` to say, and its values."""

    error: str
    params: dict[str, str | _Whole | None] = {}


def to_wire(
    o: Operation, *, device: uuid.UUID | None = None, seq: int | None = None, rank: int | None = None
) -> WireOp:
    """An operation as it travels."""
    return WireOp(
        i=o.op_id.hex,
        n=o.n,
        k=o.kind,
        v=o.v,
        g=o.agg,
        a=o.agg_id.hex(),
        b=msgspec.Raw(o.body),
        t=o.at_ms,
        h=o.hlc,
        q=o.prev_hash.hex(),
        x=o.hash.hex(),
        p=msgspec.Raw(o.personal) if o.personal is not None else msgspec.UNSET,
        c=o.commitment.hex() if o.commitment is not None else None,
        d=device.hex if device is not None else None,
        s=seq,
        r=rank,
    )


def from_wire(w: WireOp) -> Operation:
    """The operation that travelled.

    Raises:
        ValueError: an identity or a hash is not hex of its length.
    """
    prev_hash, digest = bytes.fromhex(w.q), bytes.fromhex(w.x)
    commitment = bytes.fromhex(w.c) if w.c is not None else None
    if len(prev_hash) != 32 or len(digest) != 32 or (commitment is not None and len(commitment) != 32):
        raise ValueError("a hash has 32 bytes")
    op_id = uuid.UUID(hex=w.i)
    if op_id.hex != w.i:  # UUID reads other spellings as well
        raise ValueError("an identity is 32 hex digits")
    return Operation(
        n=w.n,
        op_id=op_id,
        kind=w.k,
        v=w.v,
        agg=w.g,
        agg_id=bytes.fromhex(w.a),
        body=bytes(w.b),
        personal=bytes(w.p) if isinstance(w.p, msgspec.Raw) else None,
        commitment=commitment,
        at_ms=w.t,
        hlc=w.h,
        prev_hash=prev_hash,
        hash=digest,
    )


def digest_of(hashes: list[bytes]) -> Digest:
    """The digest of a set of operations, from their hashes (32 bytes each)."""
    return Digest(len(hashes), sum(int.from_bytes(one[:8]) for one in hashes) % (1 << 64))


def added(digest: Digest, hashes: list[bytes]) -> Digest:
    """The digest after more operations came."""
    more = digest_of(hashes)
    return Digest(digest.count + more.count, (digest.sum + more.sum) % (1 << 64))
