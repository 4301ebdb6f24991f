"""From rows to the frozen orders that screen, paper and command line show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.services.views import BuyerView, LineView, OrderView, PaymentView
from pos.store import sales

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from pos.store.types import AnyRow


def order_view(connection: Connection, row: AnyRow) -> OrderView:
    """One order, whole."""
    return order_views(connection, [row])[0]


def order_views(connection: Connection, rows: Sequence[AnyRow]) -> list[OrderView]:
    """Orders with all that hangs on them, in the order of `rows`."""
    ids = [row.id for row in rows]
    lines = sales.lines_of(connection, ids)
    payments = sales.payments_of(connection, ids)
    buyers = sales.buyers_of(connection, ids)
    return [
        _view(row, lines.get(row.id, []), payments.get(row.id, []), buyers.get(row.id, [None])[0])
        for row in rows
    ]


def view_by_id(connection: Connection, order_id: uuid.UUID) -> OrderView | None:
    """One order by its identity."""
    row = sales.order_row(connection, order_id)
    return None if row is None else order_view(connection, row)


def _view(row: AnyRow, lines: Sequence[AnyRow], money: Sequence[AnyRow], buyer: AnyRow | None) -> OrderView:
    refunded = sum(p.amount_paisa for p in money if p.kind == "refund")
    return OrderView(
        number=row.number,
        id=row.id,
        request_id=row.request_id,
        status=row.status,
        hat=row.hat_on,
        hat_ordinal=row.hat_ordinal,
        after_hat=row.after_hat,
        taken_at_ms=row.taken_at_ms,
        operator=row.operator_name,
        customer=_buyer(buyer),
        subtotal_paisa=row.subtotal_paisa,
        discount_paisa=row.discount_paisa,
        delivery_paisa=row.delivery_paisa,
        rounding_paisa=row.rounding_paisa,
        total_paisa=row.total_paisa,
        paid_paisa=row.paid_paisa,
        due_paisa=row.due_paisa,
        cod_paisa=row.cod_paisa,
        change_paisa=row.change_paisa,
        refund_owed_paisa=max(0, row.paid_paisa - refunded - _kept(row)),
        rest=row.rest,
        note=buyer.note if buyer is not None else "",
        source=row.source,
        lines=tuple(_line(line) for line in lines),
        payments=tuple(_payment(p) for p in money if p.kind == "payment"),
        warnings=tuple(row.warnings.split()),
    )


def _kept(row: AnyRow) -> int:
    """What the shop keeps of an order's money; more than that comes where two devices took it (contracts.md §1)."""
    return 0 if row.status == "cancelled" else int(row.total_paisa)


def _buyer(row: AnyRow | None) -> BuyerView | None:
    if row is None or not (row.name or row.phone or row.address or row.district or row.thana):
        return None
    return BuyerView(row.name, row.phone, row.phone2, row.address, row.district, row.thana)


def _line(row: AnyRow) -> LineView:
    return LineView(
        sku=row.sku,
        product_sku=row.product_sku,
        name_bn=row.name_bn,
        name_en=row.name_en,
        size=row.size,
        colour=row.colour,
        unit=row.unit,
        qty_milli=row.qty_milli,
        price_paisa=row.price_paisa,
        discount_paisa=row.discount_paisa,
        amount_paisa=row.amount_paisa,
        oversold=row.oversold,
    )


def _payment(row: AnyRow) -> PaymentView:
    return PaymentView(row.method, row.amount_paisa, row.trxid, row.state, row.at_ms)
