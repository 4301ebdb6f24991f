"""Orders: taking, showing, paying, cancelling. One act is one transaction."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pos.domain import orders as states
from pos.domain.numbering import OrderNumber, parse_number
from pos.domain.payments import Payment, Rest, bkash_day, settle, state_of
from pos.domain.text import clean
from pos.domain.times import dhaka_day
from pos.errors import ConflictError, UserError
from pos.services import drafts
from pos.services.basket import Basket, fill_basket
from pos.services.buyers import Buyer, buyer_acts, read_buyer
from pos.services.order_request import OrderRequest, PaymentRequest, refuse_too_long
from pos.services.order_steps import NOTE_LIMIT
from pos.services.order_views import order_view, order_views, view_by_id
from pos.services.quotes import QuoteView, quote
from pos.services.receiving import read_payment, refuse_used
from pos.services.views import LineView, OrderView, PaymentView
from pos.store import sales
from pos.store.oplog import Act

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.store.store import WriteUnit
    from pos.store.types import AnyRow

_WALLET_DATE_DAYS = 1


class Orders:
    """The vendor's orders."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take(self, request: OrderRequest, *, order_id: uuid.UUID | None = None) -> OrderView:
        """Confirm an order: number, lines, stock, money and operations in one commit.

        A `request_id` or a draft that made an order before gives that order and takes no other. With its order
        the draft is gone, and what it promised is free for the order itself.

        Args:
            request: what is ordered.
            order_id: the draft's identity, which becomes the order's.

        Raises:
            UserError: what is wrong with the request; nothing was written.
            EnvironmentFault: the machine refused; nothing was written. Only ``commit_unknown`` leaves it open.
        """
        request_id = clean(request.request_id or "", field="request_id", limit=100) or None
        with self._desk.store.write() as unit:
            if order_id is not None:
                taken = view_by_id(unit.connection, order_id)
                if taken is not None:
                    return taken
                drafts.end(self._desk, unit, order_id)
            known = sales.order_of_request(unit.connection, request_id) if request_id else None
            if known is not None:
                return _must(view_by_id(unit.connection, known))
            return self._confirm(unit, request, request_id, order_id or self._desk.new_id())

    def quote(self, request: OrderRequest) -> QuoteView:
        """What taking this order would come to, and all that would be refused of it; nothing is written."""
        with self._desk.store.read() as connection:
            return quote(self._desk, connection, request)

    def show(self, number: str) -> OrderView:
        """One order by its number.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
        """
        with self._desk.store.read() as connection:
            return order_view(connection, _row(connection, number))

    def list(
        self,
        *,
        hat: dt.date | None = None,
        status: str | None = None,
        since_ms: int | None = None,
        limit: int | None = None,
    ) -> list[OrderView]:
        """Orders, newest first, all unless limited.

        Raises:
            UserError: ``status_unknown``.
        """
        if status is not None and status not in states.STATUSES:
            raise UserError("status_unknown", text=status, known=list(states.STATUSES))
        with self._desk.store.read() as connection:
            rows = sales.order_rows(connection, hat=hat, status=status, since_ms=since_ms, limit=limit)
            return order_views(connection, rows)

    def any(self) -> bool:
        """Whether the shop has taken an order yet."""
        with self._desk.store.read() as connection:
            return sales.totals(connection)[0] > 0

    def pay(self, number: str, method: str, amount: str, trxid: str | None = None) -> OrderView:
        """Receive money on an order that is not paid in full; change is given for cash alone.

        Raises:
            UserError: ``order_unknown``, ``overpaid``, ``trxid_…``, ``money_unclear``.
            ConflictError: ``order_takes_no_money``, ``order_paid_already``.
        """
        with self._desk.store.write() as unit:
            row = _row(unit.connection, number)
            if not states.takes_payments(row.status):
                raise ConflictError("order_takes_no_money", number=row.number, status=row.status)
            if row.due_paisa == 0:
                raise ConflictError("order_paid_already", number=row.number)
            payment = read_payment(PaymentRequest(method, amount, trxid))
            refuse_used(unit.connection, [payment])
            # Only this payment can give change: whatever was paid before fitted into the total.
            money = settle(row.due_paisa, [payment], _rest(row.rest))
            entry = _payment_entry(self._desk, payment, unit.at_ms)
            body = {
                "by": self._desk.by,
                "order": row.id.hex,
                "payment": entry,
                "paid": row.paid_paisa + money.paid_paisa,
                "change": row.change_paisa + money.change_paisa,
                "due": money.due_paisa,
                "cod": money.cod_paisa,
            }
            unit.record(Act("payment.received", "payment", bytes.fromhex(entry["id"]), body))
            return _must(view_by_id(unit.connection, row.id))

    def cancel(self, number: str, why: str) -> OrderView:
        """Cancel an order that is still here: the goods come back, money taken is owed back.

        Raises:
            UserError: ``order_unknown``, ``reason_missing``.
            ConflictError: ``order_state``.
        """
        why = clean(why, field="why", limit=500)
        if not why:
            raise UserError("reason_missing")
        with self._desk.store.write() as unit:
            row = _row(unit.connection, number)
            states.require(row.number, row.status, "cancelled")
            back = [
                {
                    "id": self._desk.new_hex(unit.at_ms),
                    "variant": m.variant_id.hex,
                    "qty": -m.qty_milli,
                    "line": m.line_no,
                }
                for m in sales.sale_moves(unit.connection, row.id)
            ]
            due_on = dhaka_day(unit.at_ms) + dt.timedelta(self._desk.rules_for_sale(unit).refund_days)
            owed = {"amount": row.paid_paisa, "due_on": due_on.isoformat()} if row.paid_paisa else None
            body = {"by": self._desk.by, "number": row.number, "moves": back, "refund": owed}
            unit.record(Act("order.cancelled", "order", row.id.bytes, body, {"why": why}))
            return _must(view_by_id(unit.connection, row.id))

    # ---- taking an order, step by step ---------------------------------------------------------------

    def _confirm(
        self, unit: WriteUnit, request: OrderRequest, request_id: str | None, order_id: uuid.UUID
    ) -> OrderView:
        refuse_too_long(request)
        rules = self._desk.rules_for_sale(unit)
        basket = fill_basket(unit.connection, request, rules.rounding, unit.at_ms)
        payments = [read_payment(p) for p in request.payments]
        money = settle(basket.totals.total_paisa, payments, request.rest)
        refuse_used(unit.connection, payments)
        note = clean(request.note or "", field="note", limit=NOTE_LIMIT, multiline=True)
        buyer = read_buyer(self._desk, unit.connection, request.customer)
        today = dhaka_day(unit.at_ms)
        warnings = _warnings(basket, payments, today)
        number = OrderNumber(
            unit.code,
            today.year % 100,
            sales.last_number(unit.connection, unit.code, today.year % 100) + 1,
        )
        mark = rules.calendar.mark(unit.at_ms)
        entries = [_payment_entry(self._desk, p, unit.at_ms) for p in payments]
        body = {
            "by": self._desk.by,
            "number": str(number),
            "series": [number.code, number.year, number.no],
            "request": request_id,
            "hat": mark.on.isoformat() if mark.on else None,
            "ordinal": mark.ordinal,
            "after_hat": mark.after_hat,
            "taken_at": unit.at_ms,
            "taken_on": today.isoformat(),
            "customer": buyer.customer_id.hex if buyer.customer_id else None,
            "buyer": not buyer.empty or bool(note),
            "rest": request.rest or "none",
            "source": clean(request.source or "", field="source", limit=60),
            "subtotal": basket.totals.subtotal_paisa,
            "discount": basket.totals.discount_paisa,
            "delivery": basket.totals.delivery_paisa,
            "rounding": basket.totals.rounding_paisa,
            "total": basket.totals.total_paisa,
            "paid": money.paid_paisa,
            "change": money.change_paisa,
            "due": money.due_paisa,
            "cod": money.cod_paisa,
            "lines": [self._line_entry(line, variant, unit.at_ms) for line, variant in basket.sold()],
            "payments": entries,
            "warnings": warnings,
        }
        personal = buyer.written() | {"note": note} if body["buyer"] else None
        unit.record_all(
            [
                *buyer_acts(self._desk, buyer),
                Act("order.confirmed", "order", order_id.bytes, body, personal),
            ]
        )
        return self._view(order_id, body, basket.lines, buyer, note, unit.at_ms)

    def _line_entry(self, line: LineView, variant_id: uuid.UUID, at_ms: int) -> dict[str, Any]:
        return {
            "move": self._desk.new_hex(at_ms),
            "variant": variant_id.hex,
            "sku": line.sku,
            "product": line.product_sku,
            "name_bn": line.name_bn,
            "name_en": line.name_en,
            "size": line.size,
            "colour": line.colour,
            "unit": line.unit,
            "qty": line.qty_milli,
            "price": line.price_paisa,
            "discount": line.discount_paisa,
            "amount": line.amount_paisa,
            "oversold": line.oversold,
        }

    def _view(
        self,
        order_id: uuid.UUID,
        body: dict[str, Any],
        lines: tuple[LineView, ...],
        buyer: Buyer,
        note: str,
        at_ms: int,
    ) -> OrderView:
        """What was just written, without reading it back; a test holds it against `show`."""
        return OrderView(
            number=body["number"],
            id=order_id,
            request_id=body["request"],
            status="confirmed",
            hat=dt.date.fromisoformat(body["hat"]) if body["hat"] else None,
            hat_ordinal=body["ordinal"],
            after_hat=body["after_hat"],
            taken_at_ms=at_ms,
            operator=self._desk.operator.name,
            customer=None if buyer.empty else buyer.view(),
            refund_owed_paisa=0,
            rest=body["rest"],
            note=note,
            source=body["source"],
            lines=lines,
            payments=tuple(
                PaymentView(p["method"], p["amount"], p["trxid"], p["state"], at_ms) for p in body["payments"]
            ),
            warnings=tuple(body["warnings"]),
            **{
                f"{name}_paisa": body[name]
                for name in (
                    "subtotal",
                    "discount",
                    "delivery",
                    "rounding",
                    "total",
                    "paid",
                    "due",
                    "cod",
                    "change",
                )
            },
        )


def _payment_entry(desk: Desk, payment: Payment, at_ms: int) -> dict[str, Any]:
    return {
        "id": desk.new_hex(at_ms),
        "method": payment.method,
        "amount": payment.amount_paisa,
        "trxid": payment.trxid,
        "state": state_of(payment.method),
    }


def _warnings(basket: Basket, payments: Sequence[Payment], today: dt.date) -> list[str]:
    found = ["oversold"] if any(line.oversold for line in basket.lines) else []
    for p in payments:
        day = bkash_day(p.trxid) if p.method == "bkash" and p.trxid else None
        if day is not None and abs((day - today).days) > _WALLET_DATE_DAYS:
            found.append("trxid_date_differs")
            break
    return found


def _row(connection: Connection, number: str) -> AnyRow:
    row = sales.order_row_by_number(connection, str(parse_number(number)))
    if row is None:
        raise UserError("order_unknown", number=number)
    return row


def _rest(text: str) -> Rest:
    # Money was left on this order, so either the courier or the vendor collects it.
    return "cod" if text == "cod" else "due"


def _must(view: OrderView | None) -> OrderView:
    assert view is not None
    return view
