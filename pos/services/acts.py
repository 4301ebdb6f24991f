"""Who did what, read from the log: kinds, times, numbers and codes, and nothing of a buyer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import msgspec

from pos.store import acts as log

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.store.types import AnyRow

_MOST_NAMED = 3


class ActView(msgspec.Struct, frozen=True):
    """One act.

    `kind` is the operation's, such as ``order.confirmed``; `subject` a SKU or up to three, a setting's key,
    a hat's date or an operator's name; `number` the order's. Each is empty where it does not apply.
    """

    n: int
    kind: str
    at_ms: int
    operator: str
    subject: str = ""
    number: str = ""


class ActsPage(msgspec.Struct, frozen=True):
    """Some acts; `before` fetches the next page, and is None where there is nothing older.

    A page of one operator may hold fewer than were asked for, or none, and still have a `before`: one call looks
    at so much of the log and no more.
    """

    acts: tuple[ActView, ...]
    before: int | None


def read_acts(
    connection: Connection, operator_id: uuid.UUID | None, *, limit: int, before: int | None
) -> ActsPage:
    """Acts older than `before`, the latest first."""
    rows, older = log.acts_before(connection, operator_id, before=before, limit=limit)
    bodies = [_body.decode(row.body) for row in rows]
    named = _Names(connection, rows, bodies)
    acts = tuple(
        ActView(
            n=row.n,
            kind=row.kind,
            at_ms=row.at_ms,
            operator=named.operators.get(body.by, "") if body.by is not None else "",
            subject=named.subject(row, body),
            number=named.number(body),
        )
        for row, body in zip(rows, bodies, strict=True)
    )
    return ActsPage(acts, older)


class _Move(msgspec.Struct):
    variant: uuid.UUID


class _Body(msgspec.Struct):
    """What of any operation's body is named here."""

    by: uuid.UUID | None = None
    number: str = ""
    order: uuid.UUID | None = None
    moves: tuple[_Move, ...] = ()
    key: str = ""
    on: str = ""

    @property
    def moved(self) -> tuple[_Move, ...]:
        """Movements entered by hand; those of a cancelled order are the order's."""
        return () if self.number else self.moves


_body = msgspec.json.Decoder(_Body)


class _Names:
    """What the ids of a page are called, each kind asked for once."""

    def __init__(self, connection: Connection, rows: list[AnyRow], bodies: list[_Body]) -> None:
        self.operators = log.operator_names(connection)
        self._numbers = log.order_numbers(connection, {b.order for b in bodies if b.order is not None})
        moved = {move.variant for b in bodies for move in b.moved}
        own = {uuid.UUID(bytes=row.agg_id) for row in rows if row.agg in ("product", "variant")}
        self._skus = log.skus(connection, moved | own)

    def number(self, body: _Body) -> str:
        return body.number if body.order is None else self._numbers.get(body.order, "")

    def subject(self, row: AnyRow, body: _Body) -> str:
        match row.agg:
            case "stock_move":
                found = dict.fromkeys(self._skus.get(move.variant, "") for move in body.moved)
                return ", ".join(list(found)[:_MOST_NAMED])
            case "product" | "variant":
                return self._skus.get(uuid.UUID(bytes=row.agg_id), "")
            case "operator":
                return self.operators.get(uuid.UUID(bytes=row.agg_id), "")
            case _:
                return body.key or body.on
