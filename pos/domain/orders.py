"""The states of an order and what may follow what (contracts.md §1)."""

from __future__ import annotations

from typing import Literal

from pos.errors import ConflictError

Status = Literal[
    "draft",
    "confirmed",
    "packed",
    "handed_over",
    "delivered",
    "cancelled",
    "returned",
    "partly_returned",
]
STATUSES: tuple[Status, ...] = (
    "draft",
    "confirmed",
    "packed",
    "handed_over",
    "delivered",
    "cancelled",
    "returned",
    "partly_returned",
)

_NEXT: dict[str, frozenset[str]] = {
    "draft": frozenset({"confirmed"}),
    "confirmed": frozenset({"packed", "cancelled"}),
    "packed": frozenset({"handed_over", "cancelled", "confirmed"}),  # unpacked: a slip at the packing table
    "handed_over": frozenset({"delivered", "returned", "partly_returned"}),
    "delivered": frozenset({"returned", "partly_returned"}),
    "partly_returned": frozenset({"returned"}),
    "cancelled": frozenset(),
    "returned": frozenset(),
}


def may_become(status: str, new: str) -> bool:
    """Whether an order in `status` may go to `new`. Goods with the courier come back as returned."""
    return new in _NEXT[status]


def require(number: str, status: str, new: str) -> None:
    """Refuse a step that the table does not know.

    Raises:
        ConflictError: ``order_state`` with both states.
    """
    if not may_become(status, new):
        raise ConflictError("order_state", number=number, status=status, wanted=new)


def refuse_unless(number: str, status: str, needed: str) -> None:
    """Refuse an act that changes no state but belongs to one: checking by phone is for new orders.

    Raises:
        ConflictError: ``order_state`` with both states.
    """
    if status != needed:
        raise ConflictError("order_state", number=number, status=status, wanted=needed)


def takes_payments(status: str) -> bool:
    """Whether money may still be received on an order in this state."""
    return status not in ("draft", "cancelled", "returned")
