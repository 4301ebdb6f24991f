"""What an operation says of the records that it makes or edits, as `pos.protocol.merge` folds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.protocol.bodies import (
    Body,
    CustomerAdded,
    CustomerEdited,
    CustomerErased,
    HatSet2,
    HatUnset2,
    NewVariant,
    OperatorAdded,
    ProductAdded,
    RecordEdited,
    SettingSet,
    VariantAdded,
)
from pos.protocol.merge import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUYER: Mapping[str, str | None] = {
    "name": "", "phone": None, "phone2": None, "address": "", "district": "", "thana": "",
}  # fmt: skip
"""A buyer of whom nothing is known, or nothing any more."""

_PRODUCT = (
    "sku", "name_bn", "name_en", "category", "unit", "fractions", "price", "cost", "minimum", "barcode",
)  # fmt: skip
_VARIANT = ("sku", "size", "colour", "barcode", "price", "plain", "position")
_HAT = ("kind", "opens", "closes", "ordinal")


def changes_of(
    kind: str,
    agg_id: bytes,
    body: Body,
    personal: Mapping[str, Any] | None,
    *,
    op: bytes,
    seq: int | None,
    n: int,
    rank: int,
) -> list[tuple[str, bytes, Change]]:
    """(kind of record, its identity, what is said of it) for each record that an operation touches.

    Facts, which nobody edits, touch none. A setting has one field, ``value``; a day of the hat calendar has one,
    ``day``, which is None where the weekly rule holds again.

    Args:
        kind: the operation's kind.
        agg_id: its aggregate.
        body: as `read_body` gives it.
        personal: as `read_personal` gives it; None where there is none, or none any more.
        op: the operation's identity.
        seq: its place in the server's order, if it has one.
        n: what orders it among those that have none.
        rank: its logical time.
    """

    def change(sets: Mapping[str, Any], **more: Any) -> Change:
        return Change(op=op, seq=seq, n=n, rank=rank, sets=sets, **more)

    match body:
        case ProductAdded():
            product = {name: getattr(body, name) for name in _PRODUCT} | {"archived": False}
            return [
                ("product", agg_id, change(product, creates=True)),
                *(
                    ("variant", bytes.fromhex(variant.id), change(_variant(variant), creates=True))
                    for variant in body.variants
                ),
            ]
        case VariantAdded():
            return [("variant", agg_id, change(_variant(body.variant), creates=True))]
        case OperatorAdded():
            operator = {"name": body.name, "role": body.role, "archived": False}
            return [("operator", agg_id, change(operator, creates=True))]
        case CustomerAdded():
            return [("customer", agg_id, change({**BUYER, **(personal or {})}, creates=True))]
        case RecordEdited():
            edit = change(body.set, over=_over(body.over), closes=_closes(body.closes))
            return [(kind.partition(".")[0], agg_id, edit)]
        case CustomerEdited():
            sets = {name: BUYER.get(name) for name in body.over} if personal is None else personal
            edit = change(sets, over=_over(body.over), closes=_closes(body.closes))
            return [("customer", agg_id, edit)]
        case CustomerErased():
            return [("customer", agg_id, change(BUYER, erases=True))]
        case SettingSet():
            edit = change({"value": body.value}, over=_over(body.over), closes=_closes(body.closes))
            return [("setting", agg_id, edit)]
        case HatSet2() | HatUnset2():
            day = {name: getattr(body, name) for name in _HAT} if isinstance(body, HatSet2) else None
            closes = [("day", bytes.fromhex(op)) for op in body.decides]
            return [("hat", agg_id, change({"day": day}, over=_seen(body.over), closes=closes))]
        case _:
            return []


def _variant(variant: NewVariant) -> dict[str, Any]:
    return {name: getattr(variant, name) for name in _VARIANT} | {"archived": False}


def _over(over: Mapping[str, str | None]) -> dict[str, bytes | None]:
    return {name: None if op is None else bytes.fromhex(op) for name, op in over.items()}


def _seen(over: Mapping[str, str | None] | None) -> dict[str, bytes | None] | None:
    return None if over is None else _over(over)


def _closes(closes: Sequence[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(name, bytes.fromhex(op)) for name, op in closes]
