"""Catalogue and stock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from pos.store import onhand, search
from pos.store import tables as t
from pos.store.apply.rows import Rows, edit_fields, identity, insert_whole, write_many, written_by
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pos.store.oplog import Recorded


_PRODUCT = ("sku", "name_bn", "name_en", "category", "unit", "fractions", "barcode")

_add_product = insert_whole(t.product, without=("archived",))

_add_variant = insert_whole(t.variant, without=("archived", "on_hand_milli"))

_add_move = insert_whole(t.stock_move)

_add_reservation = insert(t.reservation)

_release = Prepared(
    update(t.reservation)
    .where(t.reservation.c.id == bindparam("reservation"))
    .values(
        released_at_ms=func.min(
            func.coalesce(t.reservation.c.released_at_ms, bindparam("at")), bindparam("at")
        )
    )
)


def product_added(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    product_made(connection, device_id, run)
    entries = {r.agg_id: r.ready for r in run if r.ready is not None}
    _index(connection, [r.agg_id for r in run], entries)


def product_made(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """The rows of products with their variants, but not their words in the search index."""
    products: Rows = []
    variants: Rows = []
    for r in run:
        product_id = r.agg_id
        products.append(
            {name: r.body[name] for name in _PRODUCT}
            | {
                "id": product_id,
                "price_paisa": r.body["price"],
                "cost_paisa": r.body["cost"],
                "minimum_milli": r.body["minimum"],
                "created_at_ms": r.at_ms,
                "fv": written_by(r),
            }
        )
        variants += [_variant_row(product_id, v, r) for v in r.body["variants"]]
    _add_product.run_all(connection, products)
    _add_variant.run_all(connection, variants)


def entry_of(reading: search.Reading, body: Mapping[str, Any]) -> search.Entry:
    """What the search index will hold of a product that is to be added: `ready` of its act."""
    return reading.entry(
        (body["sku"], body["barcode"]),
        (body["name_bn"], body["name_en"]),
        body["category"],
        [(v["sku"], v["size"], v["colour"], v["barcode"]) for v in body["variants"]],
    )


def variant_added(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    variant_made(connection, device_id, run)
    _index(connection, [identity(r.body["product"]) for r in run])


def variant_made(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """The rows of variants, but not their words in the search index."""
    _add_variant.run_all(
        connection, [_variant_row(identity(r.body["product"]), r.body["variant"], r) for r in run]
    )


def _index(
    connection: Connection, products: Sequence[bytes], entries: Mapping[bytes, search.Entry] | None = None
) -> None:
    search.index_products(connection, [uuid.UUID(bytes=one) for one in dict.fromkeys(products)], entries)


def _variant_row(product_id: bytes, values: Mapping[str, Any], r: Recorded) -> dict[str, Any]:
    return {
        "id": identity(values["id"]),
        "product_id": product_id,
        "sku": values["sku"],
        "size": values["size"],
        "colour": values["colour"],
        "barcode": values["barcode"],
        "price_paisa": values["price"],
        "plain": values["plain"],
        "position": values["position"],
        "fv": written_by(r),
    }


def product_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    disputed = [r.agg_id for r in run if edit_fields(connection, t.product, r)]
    _index(connection, [r.agg_id for r in run])
    return disputed


def variant_edited(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> list[bytes]:
    ids = [r.agg_id for r in run]
    disputed = [r.agg_id for r in run if edit_fields(connection, t.variant, r)]
    products: list[uuid.UUID] = []
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        products += connection.execute(
            select(t.variant.c.product_id).where(t.variant.c.id.in_(chunk)).distinct()
        ).scalars()
    search.index_products(connection, list(dict.fromkeys(products)))
    return disputed


def stock_moved(
    connection: Connection, device_id: bytes, run: Sequence[Recorded], *, counts: bool = True
) -> None:
    moves: Rows = [
        {
            "id": identity(m["id"]),
            "variant_id": identity(m["variant"]),
            "kind": m["kind"],
            "qty_milli": m["qty"],
            "order_id": None,
            "line_no": None,
            "reversal": False,
            "note": m["note"],
            "at_ms": r.at_ms,
            "operator_id": identity(r.body["by"]),
            "device_id": device_id,
        }
        for r in run
        for m in r.body["moves"]
    ]
    write_moves(connection, moves, counts=counts)


def reservation_made(connection: Connection, device_id: bytes, run: Sequence[Recorded]) -> None:
    write_many(
        connection,
        _add_reservation,
        [
            {
                "id": r.agg_id,
                "variant_id": identity(r.body["variant"]),
                "qty_milli": r.body["qty"],
                "made_at_ms": r.at_ms,
                "expires_at_ms": r.body["expires_at"],
                "device_id": device_id,
            }
            for r in run
        ],
    )


def reservation_released(connection: Connection, _device_id: bytes, run: Sequence[Recorded]) -> None:
    """Goods are free again: LookupError where what promised them is not here yet."""
    for r in run:
        there = select(t.reservation.c.id).where(t.reservation.c.id == r.agg_id)
        if connection.execute(there).first() is None:
            raise LookupError(r.agg_id)
    _release.run_all(connection, [{"reservation": r.agg_id, "at": r.at_ms} for r in run])


def write_moves(connection: Connection, moves: Rows, *, counts: bool = True) -> None:
    """Write movements; `counts` where no answer of the server has counted them before."""
    _add_move.run_all(connection, moves)
    onhand.count(connection, [(m["variant_id"], m["qty_milli"]) for m in moves], counts=counts)
