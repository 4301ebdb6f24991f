"""Values that two people wrote without knowing of each other: shown one by one, and decided by a person.

Deciding is an ordinary edit over the value that stands; it names the others, which give way for good. Nothing is
lost by it: every operation stays in the log.
"""

from __future__ import annotations

import json
import uuid
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pos.errors import ConflictError, UserError
from pos.store import acts as log
from pos.store import disputes, outbox
from pos.store.oplog import Act

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.store.types import AnyRow

Record = Literal["product", "variant", "customer", "operator", "setting", "hat"]
_SHOWN = 500


class SaidBy(msgspec.Struct, frozen=True):
    """One of the values, and who wrote it when.

    `op` is the operation that did; `here` that it was this device. Money is paisa, quantities are thousandths; a day
    of the hat calendar is its kind, opens, closes (minutes after midnight) and ordinal, None as the week has it.
    """

    op: uuid.UUID
    value: Any
    at_ms: int
    operator: str
    device: str
    here: bool


class Dispute(msgspec.Struct, frozen=True):
    """A field with several values; the first of them stands for now.

    `name_bn` and `name_en` are what the record is called: goods, a buyer, a colleague, a setting's key, a hat's date.
    """

    record: Record
    record_id: bytes
    field: str
    name_bn: str
    name_en: str
    values: tuple[SaidBy, ...]


class Conflicts:
    """Open conflicts of the shop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def count(self) -> int:
        """How many wait."""
        with self._desk.store.read() as connection:
            return disputes.count(connection)

    def list(self) -> list[Dispute]:
        """Those that wait, the oldest value first; some hundreds at most."""
        with self._desk.store.read() as connection:
            rows = disputes.all_open(connection, _SHOWN)
            found = _Named(connection, rows)
            groups = groupby(rows, key=lambda row: (row.agg, row.agg_id, row.field))
            return sorted(
                (found.dispute(list(group)) for _, group in groups),
                key=lambda d: (min(v.at_ms for v in d.values), d.record_id, d.field),
            )

    def decide(self, dispute: Dispute, keep: uuid.UUID) -> None:
        """Let the value that this operation wrote stand; all others give way.

        Args:
            dispute: as it was shown.
            keep: the operation of the value that is right.

        Raises:
            UserError: ``owner_only``.
            ConflictError: ``conflict_changed``: somebody was faster, and what is there now is another question.
        """
        if dispute.record == "operator" and self._desk.operator.role != "owner":
            raise UserError("owner_only")
        with self._desk.store.write() as unit:
            rows = disputes.of_field(unit.connection, dispute.record, dispute.record_id, dispute.field)
            values = _values(rows)
            if [op for op, _ in values] != [value.op for value in dispute.values] or keep not in dict(values):
                raise ConflictError("conflict_changed")
            kept, *others = values
            over = {dispute.field: kept[0].hex}
            act = _act(self._desk.by, dispute, dict(values)[keep], over, [op.hex for op, _ in others])
            unit.record(act)
            self._desk.rules_changed(unit)


def _values(rows: Sequence[AnyRow]) -> list[tuple[uuid.UUID, Any]]:
    """The value that stands, then the others."""
    if not rows:
        return []
    kept = (rows[0].kept_op, json.loads(rows[0].kept))
    return [kept, *((row.other_op, json.loads(row.other)) for row in rows)]


def _act(by: str, dispute: Dispute, value: Any, over: Mapping[str, str], others: list[str]) -> Act:
    body: dict[str, Any] = {"by": by, "over": dict(over)}
    record, one = dispute.record, dispute.record_id
    if record == "hat":
        body |= {"source": "vendor", "on": one.decode(), "decides": others}
        return Act("hat.unset" if value is None else "hat.set", record, one, body | (value or {}))
    body["closes"] = [[dispute.field, op] for op in others]
    match record:
        case "customer":
            return Act("customer.edited", record, one, body, {dispute.field: value})
        case "setting":
            return Act("setting.set", record, one, body | {"key": one.decode(), "value": value})
        case _:
            return Act(f"{record}.edited", record, one, body | {"set": {dispute.field: value}})


class _Named:
    """What the records and people of some rows are called."""

    def __init__(self, connection: Connection, rows: Sequence[AnyRow]) -> None:
        def ids(*aggs: str) -> set[uuid.UUID]:
            return {uuid.UUID(bytes=row.agg_id) for row in rows if row.agg in aggs}

        operations = {row.kept_op for row in rows} | {row.other_op for row in rows}
        self._authors = disputes.authors(connection, operations)
        self._operators = log.operator_names(connection)
        self._goods = outbox.goods_named(connection, ids("product", "variant"))
        self._buyers = outbox.people_named(connection, ids("customer"))
        self._mine = disputes.own_device(connection)

    def dispute(self, rows: Sequence[AnyRow]) -> Dispute:
        first = rows[0]
        bangla, english = self._called(first)
        values = tuple(self._said(op, value) for op, value in _values(rows))
        return Dispute(first.agg, bytes(first.agg_id), first.field, bangla, english, values)

    def _said(self, op: uuid.UUID, value: Any) -> SaidBy:
        author = self._authors.get(op)
        if author is None:
            return SaidBy(op, value, 0, "", "", here=False)
        operator = self._operators.get(author.by, "") if author.by is not None else ""
        return SaidBy(op, value, author.at_ms, operator, author.code, author.device == self._mine)

    def _called(self, row: AnyRow) -> tuple[str, str]:
        match row.agg:
            case "product" | "variant":
                goods = self._goods.get(uuid.UUID(bytes=row.agg_id))
                if goods is None:
                    return "", ""
                kind = [getattr(goods, name, "") for name in ("colour", "size")]
                return (
                    " ".join([goods.name_bn, *filter(None, kind)]),
                    " ".join([goods.name_en or goods.name_bn, *filter(None, kind)]),
                )
            case "customer":
                name = self._buyers.get(uuid.UUID(bytes=row.agg_id), "")
            case "operator":
                name = self._operators.get(uuid.UUID(bytes=row.agg_id), "")
            case _:
                name = bytes(row.agg_id).decode()
        return name, name
