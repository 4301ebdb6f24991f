"""Where an order stands after everything that was done to it, whoever did it and in whatever order it came.

Two devices may pack, pay or cancel the same order without a line between them. The steps are folded in the
server's order, what it has not seen last; sums are made anew from the payments (contracts.md §1, M2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Status = Literal["confirmed", "packed", "cancelled"]
STEPS = frozenset({"order.packed", "order.unpacked", "order.cancelled"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An order's state.

    Attributes:
        status: its code.
        cancelled_by: the operation that cancelled it first; its movements and its refund count.
    """

    status: Status
    cancelled_by: bytes | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """An order's money in paisa.

    Attributes:
        owed: what the buyer is to get back: all that was paid on a cancelled order, else what was paid twice.
    """

    paid: int
    change: int
    due: int
    cod: int
    owed: int


def stand(steps: Iterable[tuple[str, bytes]]) -> Standing:
    """Fold the steps (kind, operation) of one order, given in their order.

    A cancelled order stays cancelled as long as it was not sent; packing it counts for nothing.
    """
    status: Status = "confirmed"
    for kind, op in steps:
        if kind == "order.cancelled":
            return Standing("cancelled", op)
        if kind == "order.packed":
            status = "packed"
        elif kind == "order.unpacked":
            status = "confirmed"
    return Standing(status)


def sum_up(*, total: int, rest: str, status: str, payments: Iterable[tuple[int, int]]) -> Sums:
    """An order's money from its payments: (amount, change given on it) in paisa each."""
    amounts = list(payments)
    change = sum(given for _, given in amounts)
    paid = sum(amount for amount, _ in amounts) - change
    if status == "cancelled":
        return Sums(paid, change, 0, 0, paid)
    due = max(0, total - paid)
    return Sums(paid, change, due, due if rest == "cod" else 0, max(0, paid - total))
