"""Operations that came down: each is what its hash says, or it is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from pos.protocol.messages import from_wire
from pos.protocol.operations import commit_to, hash_of
from pos.store.inbox import Arrived

if TYPE_CHECKING:
    from pos.protocol.kinds import Stream
    from pos.protocol.messages import WireOp

STREAMS: Final[tuple[Stream, ...]] = ("v", "h")


def sound(wire: WireOp, stream: str) -> Arrived:
    """An operation that came down, if it is what its hash says.

    Raises:
        ValueError: it is not, or it does not say whose log it stands in and where in the server's order.
    """
    operation = from_wire(wire)
    whole = operation.personal is None or commit_to(operation.personal) == operation.commitment
    if wire.d is None or wire.s is None or not whole or hash_of(operation) != operation.hash:
        raise ValueError(wire.i)
    rank = wire.r if wire.r is not None else operation.hlc
    return Arrived(operation, UUID(hex=wire.d), wire.s, rank, stream)
