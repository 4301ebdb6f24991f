"""Steps of an order that need no courier: checked by phone, packed, and both taken back; and its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.domain import orders as states
from pos.domain.numbering import parse_number
from pos.domain.text import clean
from pos.errors import ConflictError, UserError
from pos.services.order_views import order_view, order_views
from pos.store import order_pages, sales
from pos.store.oplog import Act

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pos.services.desk import Desk
    from pos.services.views import OrderView
    from pos.store.store import WriteUnit
    from pos.store.types import AnyRow

NOTE_LIMIT = 1000


class OrderSteps:
    """Moves orders on. Each act takes one number or the many that were ticked: all of them go, or none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check(self, *numbers: str) -> list[OrderView]:
        """The vendor has confirmed these by phone: they are to be packed. Asked again, nothing is written.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
            ConflictError: ``order_state``: one of them is not new any more.
        """
        return self._mark(numbers, "order.checked", checked=True)

    def uncheck(self, *numbers: str) -> list[OrderView]:
        """Take back `check`; what was not checked stays as it is.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
            ConflictError: ``order_state``: one of them has moved on.
        """
        return self._mark(numbers, "order.unchecked", checked=False)

    def pack(self, *numbers: str) -> list[OrderView]:
        """These are packed; an order may be packed before it was checked.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
            ConflictError: ``order_state``.
        """
        return self._move(numbers, "order.packed", "confirmed", "packed")

    def unpack(self, *numbers: str) -> list[OrderView]:
        """Take back `pack`: the orders are as they were before, checked or not.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``.
            ConflictError: ``order_state``: one of them is not packed, or has left.
        """
        return self._move(numbers, "order.unpacked", "packed", "confirmed")

    def note(self, number: str, text: str, *, seen: str | None = None) -> OrderView:
        """Change the vendor's note on an order, in whatever state it is; the note it has already writes nothing.

        Args:
            number: which order.
            text: the whole new note; an empty one takes it away.
            seen: the note that the writer had before the eyes; None to write over whatever there is.

        Raises:
            UserError: ``order_unknown``, ``order_number_unclear``, ``text_too_long``, ``text_broken``.
            ConflictError: ``order_note_changed``: there is another note than the one that was seen.
        """
        text = clean(text, field="note", limit=NOTE_LIMIT, multiline=True)
        with self._desk.store.write() as unit:
            row = _rows(unit.connection, (number,))[0]
            there = order_view(unit.connection, row)
            if text == there.note:
                return there
            if seen is not None and seen != there.note:
                raise ConflictError("order_note_changed", number=row.number)
            writer = order_pages.note_writer(unit.connection, row.id)
            body = {"by": self._desk.by, "number": row.number, "over": {"note": writer.hex}}
            unit.record(Act("order.noted", "order", row.id.bytes, body, {"note": text}))
            return order_view(unit.connection, row)

    def _mark(self, numbers: tuple[str, ...], kind: str, *, checked: bool) -> list[OrderView]:
        with self._desk.store.write() as unit:
            rows = _rows(unit.connection, numbers)
            for row in rows:
                states.refuse_unless(row.number, row.status, "confirmed")
            known = order_pages.checked_among(unit.connection, [row.id for row in rows])
            return self._record(unit, rows, kind, [row for row in rows if (row.id in known) != checked])

    def _move(self, numbers: tuple[str, ...], kind: str, status: str, new: str) -> list[OrderView]:
        with self._desk.store.write() as unit:
            rows = _rows(unit.connection, numbers)
            for row in rows:
                states.refuse_unless(row.number, row.status, status)
                states.require(row.number, row.status, new)
            return self._record(unit, rows, kind, rows)

    def _record(
        self, unit: WriteUnit, rows: list[AnyRow], kind: str, changed: list[AnyRow]
    ) -> list[OrderView]:
        unit.record_all(
            [Act(kind, "order", r.id.bytes, {"by": self._desk.by, "number": r.number}) for r in changed]
        )
        after = [sales.order_row(unit.connection, row.id) for row in rows]
        return order_views(unit.connection, [row for row in after if row is not None])


def _rows(connection: Connection, numbers: tuple[str, ...]) -> list[AnyRow]:
    """The orders of these numbers, each once."""
    found = []
    for number in dict.fromkeys(str(parse_number(typed)) for typed in numbers):
        row = sales.order_row_by_number(connection, number)
        if row is None:
            raise UserError("order_unknown", number=number)
        found.append(row)
    return found
