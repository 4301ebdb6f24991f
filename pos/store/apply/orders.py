"""Orders and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos.store import erasing
from pos.store import tables as t
from pos.store.apply.goods import write_moves
from pos.store.apply.rows import BLANK, Rows, day, identity, insert_whole
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pos.store.oplog import Recorded


_MONEY = tuple(
    (name, f"{name}_paisa")
    for name in ("subtotal", "discount", "delivery", "rounding", "total", "paid", "change", "due", "cod")
)

_BUYER = ("name", "phone", "phone2", "address", "district", "thana", "note")

_add_order = insert_whole(t.orders)

_add_line = insert_whole(t.order_line)

_add_buyer = insert_whole(t.order_buyer)

_buyer_upsert = upsert(t.order_buyer)

_put_note = Prepared(
    _buyer_upsert.on_conflict_do_update(
        index_elements=["order_id"], set_={"note": _buyer_upsert.excluded.note}
    ),
    *("order_id", *_BUYER),
)

_add_payment = insert_whole(t.payment)

_refund_upsert = upsert(t.owed_refund)

_put_refund = _refund_upsert.on_conflict_do_update(
    index_elements=["order_id"],
    set_={name: _refund_upsert.excluded[name] for name in ("amount_paisa", "due_on", "made_at_ms")},
)

_add_event = insert_whole(t.order_event)

_drop_draft = Prepared(delete(t.draft).where(t.draft.c.id == bindparam("order_id")))

_series_upsert = upsert(t.series)

_raise_series = Prepared(
    _series_upsert.on_conflict_do_update(
        index_elements=["code", "year"],
        set_={"last_no": func.max(t.series.c.last_no, _series_upsert.excluded.last_no)},
    ),
    *("code", "year", "last_no"),
)


def order_confirmed(
    connection: Connection, device_id: bytes, run: Sequence[Recorded], *, counts: bool = True
) -> None:
    raise_series(connection, [r.body["series"] for r in run])
    _add_order.run_all(connection, [_order_row(r, device_id) for r in run])
    lines = [(r, no, line) for r in run for no, line in enumerate(r.body["lines"], 1)]
    _add_line.run_all(connection, [_line_row(r.agg_id, no, line) for r, no, line in lines])
    write_moves(connection, [_sale_move(r, device_id, no, line) for r, no, line in lines], counts=counts)
    # Replayed after the buyer was erased there is no personal part any more: the row stands blank.
    buyers = [(r.agg_id, r.personal or BLANK) for r in run if r.body["buyer"]]
    _add_buyer.run_all(
        connection,
        [{"order_id": order_id} | {name: words[name] for name in _BUYER} for order_id, words in buyers],
    )
    _add_payment.run_all(
        connection, [_payment_row(p, r.agg_id, r, device_id) for r in run for p in r.body["payments"]]
    )
    _drop_draft.run_all(connection, [{"order_id": r.agg_id} for r in run])  # the cart that it was
    _add_event.run_all(connection, [_event_row(device_id, r, r.agg_id, "taken") for r in run])


def raise_series(connection: Connection, numbers: Sequence[tuple[str, int, int]]) -> None:
    """These numbers (code, year, counter) are given."""
    highest: dict[tuple[str, int], int] = {}
    for code, year, no in numbers:
        highest[code, year] = max(no, highest.get((code, year), 0))
    _raise_series.run_all(
        connection, [{"code": code, "year": year, "last_no": no} for (code, year), no in highest.items()]
    )


def _order_row(r: Recorded, device_id: bytes) -> dict[str, Any]:
    body = r.body
    code, year, no = body["series"]
    return {
        "id": r.agg_id,
        "number": body["number"],
        "series_code": code,
        "series_year": year,
        "series_no": no,
        "request_id": body["request"],
        "status": "confirmed",
        "hat_on": body["hat"],
        "hat_ordinal": body["ordinal"],
        "after_hat": body["after_hat"],
        "taken_at_ms": body["taken_at"],
        "taken_on": body["taken_on"],
        "operator_id": identity(body["by"]),
        "device_id": device_id,
        "customer_id": identity(body["customer"]) if body["customer"] else None,
        "rest": body["rest"],
        "source": body["source"],
        "warnings": " ".join(body["warnings"]),
        **{column: body[name] for name, column in _MONEY},
    }


def _sale_move(r: Recorded, device_id: bytes, line_no: int, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": identity(line["move"]),
        "variant_id": identity(line["variant"]),
        "kind": "sale",
        "qty_milli": -line["qty"],
        "order_id": r.agg_id,
        "line_no": line_no,
        "reversal": False,
        "note": "",
        "at_ms": r.at_ms,
        "operator_id": identity(r.body["by"]),
        "device_id": device_id,
    }


def _line_row(order_id: bytes, line_no: int, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_no": line_no,
        "variant_id": identity(line["variant"]),
        "sku": line["sku"],
        "product_sku": line["product"],
        "name_bn": line["name_bn"],
        "name_en": line["name_en"],
        "size": line["size"],
        "colour": line["colour"],
        "unit": line["unit"],
        "qty_milli": line["qty"],
        "price_paisa": line["price"],
        "discount_paisa": line["discount"],
        "amount_paisa": line["amount"],
        "oversold": line["oversold"],
    }


def _payment_row(values: Mapping[str, Any], order_id: bytes, r: Recorded, device_id: bytes) -> dict[str, Any]:
    return {
        "id": identity(values["id"]),
        "order_id": order_id,
        "kind": "payment",
        "method": values["method"],
        "amount_paisa": values["amount"],
        "trxid": values["trxid"],
        "state": values["state"],
        "at_ms": r.at_ms,
        "operator_id": identity(r.body["by"]),
        "device_id": device_id,
    }


def _event_row(device_id: bytes, r: Recorded, order_id: bytes, kind: str, why: str = "") -> dict[str, Any]:
    return {
        "id": r.op_id.bytes,
        "order_id": order_id,
        "kind": kind,
        "why": why,
        "at_ms": r.at_ms,
        "operator_id": identity(r.body["by"]),
        "device_id": device_id,
    }


def payment_taken(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    """Money that another device received: what it makes of the order's sums, all payments together say."""
    of_orders = [(identity(r.body["order"]), r) for r in run]
    _add_payment.run_all(
        connection, [_payment_row(r.body["payment"], order_id, r, device_id) for order_id, r in of_orders]
    )
    _add_event.run_all(connection, [_event_row(device_id, r, order_id, "paid") for order_id, r in of_orders])


def payment_received(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    payment_taken(connection, device_id, run)
    for r in run:
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == identity(r.body["order"]))
            .values({f"{name}_paisa": r.body[name] for name in ("paid", "change", "due", "cod")})
        )


def happened(kind: str) -> Callable[[Connection, bytes, Sequence[Recorded]], None]:
    """The applier of a step that another device took: that it was taken; where the order stands, all steps say."""

    def applier(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
        _add_event.run_all(
            connection,
            [_event_row(device_id, r, r.agg_id, kind, (r.personal or {}).get("why", "")) for r in run],
        )

    return applier


def order_cancelled(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    run = _without_erased(connection, run)
    for r in run:
        order_id, by = r.agg_id, identity(r.body["by"])
        connection.execute(
            update(t.orders)
            .where(t.orders.c.id == order_id)
            .values(status="cancelled", due_paisa=0, cod_paisa=0)
        )
        moves: Rows = [
            {
                "id": identity(m["id"]),
                "variant_id": identity(m["variant"]),
                "kind": "sale",
                "qty_milli": m["qty"],
                "order_id": order_id,
                "line_no": m["line"],
                "reversal": True,
                "note": "",
                "at_ms": r.at_ms,
                "operator_id": by,
                "device_id": device_id,
            }
            for m in r.body["moves"]
        ]
        write_moves(connection, moves)
        owed = r.body["refund"]
        if owed is not None:
            connection.execute(
                _put_refund,
                {
                    "order_id": order_id,
                    "amount_paisa": owed["amount"],
                    "due_on": day(owed["due_on"]),
                    "made_at_ms": r.at_ms,
                },
            )
    _order_cancelled(connection, device_id, run)


_order_cancelled = happened("cancelled")
order_checked = happened("checked")
order_unchecked = happened("unchecked")
_order_noted = happened("noted")
_order_packed = happened("packed")
_order_unpacked = happened("unpacked")


def order_packed(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    _set_status(connection, run, "packed")
    _order_packed(connection, device_id, run)


def order_unpacked(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    _set_status(connection, run, "confirmed")
    _order_unpacked(connection, device_id, run)


def order_noted(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    run = _without_erased(connection, run)
    for r in run:
        # A sale over the counter has no buyer's row yet: the note gets one, in which nobody is named.
        note = (r.personal or BLANK)["note"]
        _put_note.run(connection, {"order_id": r.agg_id, **BLANK, "note": note})
    _order_noted(connection, device_id, run)


def _without_erased(connection: Connection, run: Sequence[Recorded]) -> Sequence[Recorded]:
    """The same without words on orders of buyers who are erased; on every other device they are left out as well."""
    gone = erasing.among_erased(connection, [r.agg_id for r in run])
    if not gone:
        return run
    erasing.blank(connection, [r.op_id for r in run if r.agg_id in gone])
    return [msgspec.structs.replace(r, personal=None) if r.agg_id in gone else r for r in run]


def _set_status(connection: Connection, run: Sequence[Recorded], status: str) -> None:
    for r in run:
        connection.execute(update(t.orders).where(t.orders.c.id == r.agg_id).values(status=status))
