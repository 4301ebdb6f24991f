"""What this device has written and the server has not: each operation as a line that says what was done."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from pos.store import acts as log
from pos.store import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.store.types import AnyRow

_ID_BYTES = 8


class Goods(msgspec.Struct, frozen=True):
    """What a line is about; `more` further ones are not named."""

    name_bn: str
    name_en: str
    unit: str = "pcs"
    kind: str = ""  # colour and size
    more: int = 0


class WaitingLine(msgspec.Struct, frozen=True):
    """One operation.

    `kind` is the operation's, such as ``order.confirmed``; `number` the order's; `who` the buyer or the operator
    it is about, `place` the buyer's district; `detail` a setting's key, a hat's date, a device's code, a movement's
    kind or the names of edited fields; `held` that the server keeps it aside, `why` its reason.
    """

    n: int
    kind: str
    at_ms: int
    operator: str
    number: str = ""
    who: str = ""
    place: str = ""
    goods: Goods | None = None
    amount_paisa: int | None = None
    qty_milli: int | None = None
    method: str = ""
    detail: str = ""
    held: bool = False
    why: str = ""


class Standing(msgspec.Struct, frozen=True):
    """What there is to list: identities for `lines`, what is held first, then what waits, newest first."""

    ids: tuple[bytes, ...]
    waiting: int
    held: int


class Waiting:
    """The operations of this device that are not on the server."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def look(self) -> Standing:
        """What waits; nothing does where the shop is paired with no server."""
        with self._desk.store.read() as connection:
            found = outbox.places(connection)
        if found is None:
            return Standing((), 0, 0)
        # What was held and is sent again stands among what waits.
        held = [n for n in found.held if n <= found.acked]
        positions = (*held, *range(found.last, found.acked, -1))
        ids = tuple(n.to_bytes(_ID_BYTES, "big") for n in positions)
        return Standing(ids, found.waiting, len(held))

    def lines(self, ids: Sequence[bytes]) -> dict[bytes, WaitingLine]:
        """These lines by identity."""
        with self._desk.store.read() as connection:
            rows = outbox.operations_at(connection, [int.from_bytes(one, "big") for one in ids])
            lines = list(_lines(connection, rows))
        return {line.n.to_bytes(_ID_BYTES, "big"): line for line in lines}


class _Moved(msgspec.Struct):
    variant: uuid.UUID
    qty: int
    kind: str = ""


class _Paid(msgspec.Struct):
    method: str
    amount: int


class _Body(msgspec.Struct):
    """What of any operation's body a line says."""

    by: uuid.UUID | None = None
    number: str = ""
    order: uuid.UUID | None = None
    total: int | None = None
    price: int | None = None
    qty: int | None = None
    moves: tuple[_Moved, ...] = ()
    payment: _Paid | None = None
    variant: Any = None
    name: str = ""
    name_bn: str = ""
    name_en: str = ""
    unit: str = "pcs"
    key: str = ""
    on: str = ""
    code: str = ""
    set: dict[str, Any] = {}
    over: dict[str, Any] | None = None

    @property
    def promised(self) -> uuid.UUID | None:
        """The variant of a reservation."""
        return uuid.UUID(hex=self.variant) if isinstance(self.variant, str) else None


_body = msgspec.json.Decoder(_Body)


def _lines(connection: Connection, rows: Sequence[AnyRow]) -> Iterator[WaitingLine]:
    bodies = [_body.decode(row.body) for row in rows]
    operators = log.operator_names(connection)
    numbers = log.order_numbers(connection, {b.order for b in bodies if b.order is not None})
    about = {uuid.UUID(bytes=row.agg_id) for row in rows if row.agg in ("product", "variant")}
    about |= {move.variant for b in bodies for move in b.moves}
    about |= {b.promised for b in bodies if b.promised is not None}
    goods = outbox.goods_named(connection, about)
    buyers = outbox.people_named(
        connection, {uuid.UUID(bytes=row.agg_id) for row in rows if row.agg == "customer"}
    )
    for row, body in zip(rows, bodies, strict=True):
        words: dict[str, Any] = json.loads(row.personal) if row.personal else {}
        who = str(words.get("name") or "")
        if row.agg == "customer":
            who = who or buyers.get(uuid.UUID(bytes=row.agg_id), "")
        elif row.agg == "operator":
            who = body.name or operators.get(uuid.UUID(bytes=row.agg_id), "")
        yield WaitingLine(
            n=row.n,
            kind=row.kind,
            at_ms=row.at_ms,
            operator=operators.get(body.by, "") if body.by is not None else "",
            number=body.number or (numbers.get(body.order, "") if body.order is not None else ""),
            who=who,
            place=str(words.get("district") or ""),
            goods=_goods(row, body, goods),
            amount_paisa=_amount(body),
            qty_milli=body.moves[0].qty if row.agg == "stock_move" and body.moves else body.qty,
            method=body.payment.method if body.payment is not None else "",
            detail=_detail(row, body),
            held=row.state == outbox.HELD,
            why=row.why or "",
        )


def _amount(body: _Body) -> int | None:
    if body.payment is not None:
        return body.payment.amount
    return body.total if body.total is not None else body.price


def _goods(row: AnyRow, body: _Body, named: dict[uuid.UUID, AnyRow]) -> Goods | None:
    more = 0
    match row.agg:
        case "stock_move" if body.moves:
            one, more = body.moves[0].variant, len(body.moves) - 1
        case "product" | "variant":
            one = uuid.UUID(bytes=row.agg_id)
        case "reservation" if body.promised is not None:
            one = body.promised
        case _:
            return None
    known = named.get(one)
    if known is None:
        return Goods(body.name_bn, body.name_en, body.unit) if body.name_bn else None
    kind = " · ".join(word for word in (getattr(known, "colour", ""), getattr(known, "size", "")) if word)
    return Goods(known.name_bn, known.name_en, known.unit, kind, more)


def _detail(row: AnyRow, body: _Body) -> str:
    if row.agg == "stock_move" and body.moves:
        return body.moves[0].kind
    fields = body.set or body.over or {}
    return body.key or body.on or body.code or ",".join(sorted(fields))
