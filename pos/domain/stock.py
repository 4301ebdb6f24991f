"""The stock ledger: signed movements of one SKU; what is on hand is their sum (contracts.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pos.errors import UserError

MoveKind = Literal["opening", "purchase", "sale", "return", "adjustment", "damage", "count"]
StockState = Literal["ok", "low", "out", "none"]
# What a vendor may enter by hand: sales come from orders, opening stock from a catalogue file or a new product.
MANUAL_KINDS: tuple[MoveKind, ...] = ("purchase", "damage", "adjustment", "return")


@dataclass(frozen=True, slots=True)
class Level:
    """Stock of one SKU in thousandths of its unit."""

    on_hand_milli: int
    reserved_milli: int

    @property
    def free_milli(self) -> int:
        """What may be promised: on hand less what held carts and pre-orders hold."""
        return self.on_hand_milli - self.reserved_milli


def movement_milli(kind: str, entered_milli: int) -> int:
    """The signed movement for what was typed: damage goes out, purchase and return come in.

    Only an adjustment may carry either sign.

    Raises:
        UserError: ``stock_kind_unknown``, ``quantity_not_positive``.
    """
    if kind not in MANUAL_KINDS:
        raise UserError("stock_kind_unknown", text=kind, known=list(MANUAL_KINDS))
    if kind == "adjustment":
        return entered_milli
    if entered_milli <= 0:
        raise UserError("quantity_not_positive", field="qty")
    return -entered_milli if kind == "damage" else entered_milli


def is_oversold(before: Level, sold_milli: int) -> bool:
    """Whether a sale takes more than there was to sell; it is accepted and shown, never refused."""
    return before.free_milli < sold_milli


def stock_state(free_milli: int, minimum_milli: int | None) -> StockState:
    """How a product stands: out at nothing free, low at its minimum or below; `none` where no minimum is set."""
    if free_milli <= 0:
        return "out"
    if minimum_milli is None:
        return "none"
    return "low" if free_milli <= minimum_milli else "ok"


def share_of_minimum(minimum_milli: int | None, parts: int, *, fractions: bool) -> int | None:
    """One variant's even share of its product's minimum, rounded up, to whole units unless it has fractions."""
    if minimum_milli is None:
        return None
    share = -(-minimum_milli // parts)
    return share if fractions else -(-share // 1000) * 1000
