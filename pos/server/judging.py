"""Whether an operation is what it says it is: pure, and it never raises for what somebody else wrote.

What depends on the other operations of the vendor is asked in `pos.server.intake`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from pos.protocol import bodies, kinds
from pos.protocol.operations import commit_to, hash_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from pos.protocol.operations import Operation

_NOTHING: Final = kinds.Needs()
_ID_BYTES = 16
_INT_LIMIT = 1 << 63
_AGG_LIMIT = 2048
_TIME_LIMIT_MS = 1 << 47  # a clock reading holds no more; calendars end only some thousand years later

# The aggregate of these is named in the body, not only in the envelope.
_NAMED: Final = frozenset({"setting.set", "hat.set", "hat.unset", "variant.added", "payment.received"})

# These bring their aggregate into the world, and once only.
CREATES: Final = frozenset(
    {
        *("operator.added", "product.added", "variant.added", "customer.added"),
        *("order.confirmed", "payment.received", "stock.moved", "reservation.made"),
    }
)


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """An operation that the server has not seen yet.

    Attributes:
        operation: as it came.
        device_id: whose log it stands in.
        body: what it says, in the newest version of its kind; None where `why` is set.
        stream: which feed carries it; empty for a kind that this release does not know.
        needs: what must be known before it can stand.
        makes: variants that it brings into the world.
        moved: what it moves: variants, with signed thousandths.
        why: why it cannot stand, whatever else there is.
    """

    operation: Operation
    device_id: uuid.UUID
    body: Any
    stream: str
    needs: kinds.Needs
    makes: Sequence[bytes]
    moved: Sequence[tuple[bytes, int]]
    why: str | None


def examine(operation: Operation, device_id: uuid.UUID) -> Candidate:
    """Look at one operation by itself."""
    kind = kinds.KINDS.get(operation.kind)
    stream = kind.stream if kind is not None else ""
    why, body = _read(operation, kind)
    if why is not None:
        return Candidate(operation, device_id, None, stream, _NOTHING, (), (), why)
    moved = kinds.stock_moved_by(body)
    needs = kinds.needs_of(operation.kind, operation.agg_id, body, moved)
    return Candidate(operation, device_id, body, stream, needs, kinds.variants_made(body), moved, None)


def _read(operation: Operation, kind: kinds.Kind | None) -> tuple[str | None, Any]:
    if hash_of(operation) != operation.hash or not _personal_fits(operation):
        return "altered", None
    try:
        body = kinds.read_body(operation.kind, operation.v, operation.body, spelt=True)
        if operation.personal is not None:
            kinds.hold_personal(operation.kind, operation.v, operation.personal)
    except LookupError:
        return "kind_unknown", None
    except ValueError:
        return "body_unclear", None
    assert kind is not None
    named = _names(operation, body) if operation.kind in _NAMED else len(operation.agg_id) == _ID_BYTES
    if kind.agg != operation.agg or not named:
        return "body_unclear", None
    if not 0 <= operation.at_ms < _TIME_LIMIT_MS:
        return "body_unclear", None
    return None, body


def _personal_fits(operation: Operation) -> bool:
    """A personal part may be missing, since its buyer was erased; what is there must be what was sealed."""
    if operation.personal is None:
        return True
    return operation.commitment is not None and commit_to(operation.personal) == operation.commitment


def _names(operation: Operation, body: Any) -> bool:
    """Whether the aggregate is the one that the body speaks of."""
    match body:
        case bodies.SettingSet():
            return bool(body.key.encode() == operation.agg_id)
        case bodies.HatSet() | bodies.HatUnset():
            return bool(body.on.encode() == operation.agg_id)
        case bodies.VariantAdded():
            return bool(body.variant.id == operation.agg_id.hex())
        case bodies.PaymentReceived():
            return bool(body.payment.id == operation.agg_id.hex())
        case _:
            return False


def is_storable(operation: Operation) -> bool:
    """Whether the numbers of the envelope fit a database at all; no shop's own log can hold others."""
    return (
        0 < operation.n < _INT_LIMIT
        and 0 <= operation.v < 1 << 31
        and abs(operation.at_ms) < _INT_LIMIT
        and abs(operation.hlc) < _INT_LIMIT
        and len(operation.agg_id) <= _AGG_LIMIT
    )
