"""From lines to a total, in integer paisa (contracts.md §1). Screen, paper and server use this one rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.domain.money import MONEY_LIMIT_PAISA, Charge, charge_paisa, line_paisa, round_to_taka
from pos.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

Rounding = Literal["taka", "none"]
NO_CHARGE = Charge(paisa=0, hundredths=None)


@dataclass(frozen=True, slots=True)
class LineInput:
    """What was ordered of one SKU: thousandths of its unit, paisa a unit, and what is taken off."""

    qty_milli: int
    price_paisa: int
    discount: Charge = NO_CHARGE


@dataclass(frozen=True, slots=True)
class LineAmount:
    """One line worked out: amount = round(quantity × price) − discount."""

    discount_paisa: int
    amount_paisa: int


@dataclass(frozen=True, slots=True)
class Totals:
    """An order worked out: total = subtotal − discount + delivery + rounding."""

    lines: tuple[LineAmount, ...]
    subtotal_paisa: int
    discount_paisa: int
    delivery_paisa: int
    rounding_paisa: int
    total_paisa: int


def price_line(line: LineInput) -> LineAmount:
    """Work out one line; a discount above the line's own price is refused."""
    gross = line_paisa(line.qty_milli, line.price_paisa)
    discount = charge_paisa(line.discount, gross)
    if discount > gross:
        raise UserError("discount_above_line", discount_paisa=discount, amount_paisa=gross)
    return LineAmount(discount, gross - discount)


def _numbered(number: int, line: LineInput) -> LineAmount:
    try:
        return price_line(line)
    except UserError as error:
        raise error.at_line(number) from None


def price_order(lines: Sequence[LineInput], discount: Charge, delivery: Charge, rounding: Rounding) -> Totals:
    """Work out an order; a percentage is of the subtotal.

    Raises:
        UserError: ``order_empty``, ``discount_above_order``, ``discount_above_line``, ``money_too_big``.
    """
    if not lines:
        raise UserError("order_empty")
    amounts = tuple(_numbered(number, line) for number, line in enumerate(lines, 1))
    return total_up(amounts, discount, delivery, rounding)


def total_up(
    amounts: tuple[LineAmount, ...], discount: Charge, delivery: Charge, rounding: Rounding
) -> Totals:
    """From lines that are worked out to an order's sums.

    Raises:
        UserError: ``discount_above_order``, ``money_too_big``.
    """
    subtotal = sum(a.amount_paisa for a in amounts)
    off = charge_paisa(discount, subtotal)
    if off > subtotal:
        raise UserError("discount_above_order", discount_paisa=off, amount_paisa=subtotal)
    freight = charge_paisa(delivery, subtotal)
    exact = subtotal - off + freight
    total = round_to_taka(exact) if rounding == "taka" else exact
    if max(subtotal, total) > MONEY_LIMIT_PAISA:
        raise UserError("money_too_big", field="total")
    return Totals(amounts, subtotal, off, freight, total - exact, total)
