"""Operations: what is written with every act, hashed into a chain, and later sent (sync.md §1.2).

An operation's `body` holds values of documents. A buyer's name, phones, address and words stand apart in
`personal`; the chain holds only a salted commitment to them, so that blanking the personal part of an erased
buyer leaves every hash as it was (contracts.md §2).
"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHAIN_VERSION = 1
GENESIS = bytes(32)
_LOGICAL_BITS = 16

_encoder = msgspec.json.Encoder(order="sorted")
_reader = msgspec.json.Decoder()


class Operation(msgspec.Struct, frozen=True, gc=False):
    """One immutable operation of one device's log; `n` runs from 1 without a gap."""

    n: int
    op_id: uuid.UUID
    kind: str
    v: int
    agg: str
    agg_id: bytes
    body: bytes
    personal: bytes | None
    commitment: bytes | None
    at_ms: int
    hlc: int
    prev_hash: bytes
    hash: bytes


def canonical(value: object) -> bytes:
    """The one spelling of a value as JSON: sorted keys, no spaces, UTF-8."""
    return _encoder.encode(value)


def is_canonical(text: bytes) -> bool:
    """Whether JSON is spelt the one way, so that no two readers can differ: no key twice, no half of a pair."""
    try:
        return canonical(_reader.decode(text)) == text
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


def commit_to(personal: bytes) -> bytes:
    """The commitment to a personal part; its salt is inside it."""
    return hashlib.sha256(personal).digest()


def seal_personal(values: Mapping[str, object], salt: bytes) -> bytes:
    """The personal part with its salt: 16 random bytes, without which a phone number could be guessed."""
    return canonical({"salt": salt.hex(), **values})


def hash_of(op: Operation) -> bytes:
    """What `op.hash` must be: sha256 over version, envelope, commitment and body (trust.md A1)."""
    head = _encoder.encode(
        (
            CHAIN_VERSION,
            op.n,
            op.prev_hash.hex(),
            op.op_id.hex,
            op.kind,
            op.v,
            op.agg,
            op.agg_id.hex(),
            op.at_ms,
            op.hlc,
            op.commitment.hex() if op.commitment else None,
        )
    )
    return hashlib.sha256(b"%b\n%b" % (head, op.body)).digest()


def next_hlc(last: int, now_ms: int) -> int:
    """The next hybrid logical time: rises even when the clock is set back (48 bits of ms, 16 of counter)."""
    return max(last + 1, now_ms << _LOGICAL_BITS)


def sealed(
    *,
    n: int,
    op_id: uuid.UUID,
    kind: str,
    agg: str,
    agg_id: bytes,
    body: Mapping[str, object],
    personal: Mapping[str, object] | None,
    salt: Callable[[], bytes],
    at_ms: int,
    hlc: int,
    prev_hash: bytes,
    v: int = 1,
) -> Operation:
    """Build the operation that follows the one with `prev_hash`."""
    body_bytes = canonical(body)
    personal_bytes = seal_personal(personal, salt()) if personal is not None else None
    commitment = commit_to(personal_bytes) if personal_bytes is not None else None
    made = Operation(
        n, op_id, kind, v, agg, agg_id, body_bytes, personal_bytes, commitment, at_ms, hlc, prev_hash, GENESIS
    )
    return msgspec.structs.replace(made, hash=hash_of(made))


class JournalLine(msgspec.Struct, frozen=True, omit_defaults=False):
    """One line of the second journal; bytes as hex, bodies as the very text that was hashed."""

    n: int
    id: str
    kind: str
    v: int
    agg: str
    agg_id: str
    body: str
    personal: str | None
    commitment: str | None
    at: int
    hlc: int
    prev: str
    hash: str


_line_decoder = msgspec.json.Decoder(JournalLine)


def to_line(op: Operation) -> bytes:
    """One line of `ops.jsonl`, with its newline."""
    return (
        msgspec.json.encode(
            JournalLine(
                n=op.n,
                id=op.op_id.hex,
                kind=op.kind,
                v=op.v,
                agg=op.agg,
                agg_id=op.agg_id.hex(),
                body=op.body.decode(),
                personal=op.personal.decode() if op.personal is not None else None,
                commitment=op.commitment.hex() if op.commitment else None,
                at=op.at_ms,
                hlc=op.hlc,
                prev=op.prev_hash.hex(),
                hash=op.hash.hex(),
            )
        )
        + b"\n"
    )


def from_line(line: bytes) -> Operation:
    """Read one line back.

    Raises:
        ValueError: the line is damaged.
    """
    try:
        raw = _line_decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    return Operation(
        n=raw.n,
        op_id=uuid.UUID(hex=raw.id),
        kind=raw.kind,
        v=raw.v,
        agg=raw.agg,
        agg_id=bytes.fromhex(raw.agg_id),
        body=raw.body.encode(),
        personal=raw.personal.encode() if raw.personal is not None else None,
        commitment=bytes.fromhex(raw.commitment) if raw.commitment else None,
        at_ms=raw.at,
        hlc=raw.hlc,
        prev_hash=bytes.fromhex(raw.prev),
        hash=bytes.fromhex(raw.hash),
    )
