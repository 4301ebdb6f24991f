"""What a cart would come to if it were taken now: for the screen, which asks at every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.payments import settle
from pos.errors import UserError
from pos.services.basket import fill_basket
from pos.services.buyers import Buyer, read_buyer
from pos.services.order_request import refuse_too_long
from pos.services.receiving import read_payment, refuse_used

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from pos.domain.payments import Payment, Rest, Settlement
    from pos.services.desk import Desk
    from pos.services.order_request import CustomerRequest, OrderRequest
    from pos.services.views import BuyerView, LineView

Where = Literal["line", "order", "buyer", "payment"]


class QuoteErrorView(msgspec.Struct, frozen=True):
    """One thing that taking the order would refuse. `number` counts lines and payments from 1; else it is 0."""

    where: Where
    number: int
    code: str
    params: Mapping[str, object]


class OversoldView(msgspec.Struct, frozen=True):
    """A line that takes more than there is, and what there is before it; below zero if too much is promised."""

    number: int
    free_milli: int


class QuoteView(msgspec.Struct, frozen=True):
    """A cart, priced. Lines stand in the order of the request, None where one is in error.

    The sums are of the lines that are right, and of the payments that are. What is neither paid nor given to
    the courier is `due_paisa` as well: nobody is asked yet who collects it.
    """

    lines: tuple[LineView | None, ...]
    subtotal_paisa: int
    discount_paisa: int
    delivery_paisa: int
    rounding_paisa: int
    total_paisa: int
    paid_paisa: int
    change_paisa: int
    due_paisa: int
    cod_paisa: int
    oversold: tuple[OversoldView, ...]
    buyer: BuyerView | None
    buyer_known: bool
    errors: tuple[QuoteErrorView, ...]


class _Errors:
    """What was refused so far."""

    def __init__(self) -> None:
        self.found: list[QuoteErrorView] = []

    def note(self, where: Where, error: UserError, number: int = 0) -> None:
        self.found.append(QuoteErrorView(where, number, error.code, error.params))

    def told(self, number: int, error: UserError) -> None:
        """As `fill_basket` tells it; an empty cart is no error before it is to be taken."""
        if error.code != "order_empty":
            self.note("line" if number else "order", error, number)


def quote(desk: Desk, connection: Connection, request: OrderRequest) -> QuoteView:
    """Price a cart by the rules of taking it; errors come back as data, each where it belongs."""
    errors = _Errors()
    try:
        refuse_too_long(request)
    except UserError as error:
        errors.note("order", error)
    basket = fill_basket(
        connection, request, desk.rules(connection).rounding, desk.clock.now_ms(), errors.told
    )
    lines: list[LineView | None] = [None] * len(request.items)
    for number, line in zip(basket.numbers, basket.lines, strict=True):
        lines[number - 1] = line
    buyer = _buyer(desk, connection, request.customer, errors)
    totals = basket.totals
    money = _settled(connection, request, totals.total_paisa, errors)
    return QuoteView(
        lines=tuple(lines),
        subtotal_paisa=totals.subtotal_paisa,
        discount_paisa=totals.discount_paisa,
        delivery_paisa=totals.delivery_paisa,
        rounding_paisa=totals.rounding_paisa,
        total_paisa=totals.total_paisa,
        paid_paisa=money.paid_paisa,
        change_paisa=money.change_paisa,
        due_paisa=money.due_paisa,
        cod_paisa=money.cod_paisa,
        oversold=tuple(
            OversoldView(number, free)
            for number, line, free in zip(basket.numbers, basket.lines, basket.free_milli, strict=True)
            if line.oversold
        ),
        buyer=None if buyer.empty else buyer.view(),
        buyer_known=buyer.known is not None,
        errors=tuple(errors.found),
    )


def _buyer(desk: Desk, connection: Connection, request: CustomerRequest | None, errors: _Errors) -> Buyer:
    try:
        return read_buyer(desk, connection, request)
    except UserError as error:
        errors.note("buyer", error)
        return Buyer()


def _settled(connection: Connection, request: OrderRequest, total_paisa: int, errors: _Errors) -> Settlement:
    """The payments that are right, set against the total; none of them where together they are too much."""
    payments: list[Payment] = []
    for number, asked in enumerate(request.payments, 1):
        try:
            payment = read_payment(asked)
            refuse_used(connection, [*payments, payment])
        except UserError as error:
            errors.note("payment", error, number)
        else:
            payments.append(payment)
    rest: Rest = "cod" if request.rest == "cod" else "due"
    try:
        return settle(total_paisa, payments, rest)
    except UserError as error:
        errors.note("payment", error)
        return settle(total_paisa, [], rest)
