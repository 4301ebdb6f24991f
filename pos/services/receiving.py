"""Money as it comes in with an order or on it: read as typed, and never the same wallet id twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.domain.money import parse_money
from pos.domain.payments import Payment, parse_method, parse_trxid
from pos.errors import UserError
from pos.services.order_request import PaymentRequest, typed
from pos.store import sales

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def read_payment(request: PaymentRequest) -> Payment:
    """A payment as it was asked for.

    Raises:
        UserError: ``method_unknown``, ``cod_is_not_a_payment``, ``money_unclear``, ``trxid_…``.
    """
    method = parse_method(request.method)
    amount = parse_money(typed(request.amount), field="amount")
    return Payment(method, amount, parse_trxid(method, request.trxid))


def refuse_used(connection: Connection, payments: Sequence[Payment]) -> None:
    """The same wallet id twice is the commonest fraud: refused, with the order that has it.

    Raises:
        UserError: ``trxid_used``, ``trxid_twice``.
    """
    seen: set[tuple[str, str]] = set()
    for p in payments:
        if p.trxid is None:
            continue
        number = sales.order_with_trxid(connection, p.method, p.trxid)
        if number is not None:
            raise UserError("trxid_used", method=p.method, trxid=p.trxid, number=number)
        if (p.method, p.trxid) in seen:
            raise UserError("trxid_twice", method=p.method, trxid=p.trxid)
        seen.add((p.method, p.trxid))
