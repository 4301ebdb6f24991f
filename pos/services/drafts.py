"""Carts that are no order yet: the one at hand, which survives a crash, and those that are held.

The body of a draft is JSON in the screen's own form; nothing here reads it, but for a buyer who wants to be
forgotten. Only what a held cart promises is a fact of the shop: its reservations (contracts.md §1).
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from pos.domain.text import clean
from pos.errors import UserError
from pos.services import stock
from pos.store import drafts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pos.services.desk import Desk
    from pos.store.store import WriteUnit
    from pos.store.types import AnyRow

DraftState = Literal["cart", "held"]
_LABEL_LIMIT = 200


class DraftView(msgspec.Struct, frozen=True):
    """A cart as it was left. `body` is the JSON that was given to be kept."""

    id: uuid.UUID
    state: DraftState
    label: str
    body: str
    updated_at_ms: int
    operator: str


class Drafts:
    """The carts of this device."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def save(self, body: str, *, draft_id: uuid.UUID, label: str = "") -> bool:
        """Keep the cart at hand as it is now; it is on the disk when this returns.

        Of two carts the one that is saved is at hand; the other goes among the held ones, with nothing
        promised. A cart that has been held or taken meanwhile is not brought back by a save that came late.

        Args:
            body: the cart as JSON, of which only the screen knows the form.
            draft_id: the cart's identity, which becomes the order's.
            label: what a person would call it.

        Returns:
            Whether it was kept.
        """
        label = _label(label)
        with self._desk.store.write() as unit:
            known = drafts.one(unit.connection, draft_id)
            late = known is None and drafts.is_taken(unit.connection, draft_id)
            if late or (known is not None and known.state == "held"):
                return False
            self._put(unit, draft_id, "cart", label, body, ())
        return True

    def current(self) -> DraftView | None:
        """The cart at hand, as it was saved last: after a crash, the one that was being filled."""
        with self._desk.store.read() as connection:
            rows = drafts.in_state(connection, "cart")
        return _view(rows[0]) if rows else None

    def clear(self, draft_id: uuid.UUID) -> None:
        """The cart at hand is empty. A held one, or one that is not there, is left as it is."""
        with self._desk.store.write() as unit:
            row = drafts.one(unit.connection, draft_id)
            if row is not None and row.state == "cart":
                drafts.remove(unit.connection, draft_id)

    def hold(
        self, draft_id: uuid.UUID, label: str, body: str, items: Sequence[tuple[str, str]], until_ms: int
    ) -> DraftView:
        """Put a cart aside for its buyer and promise the goods in it; on hand they stay.

        Args:
            draft_id: the cart's identity.
            label: what a person would call it.
            body: the cart as JSON.
            items: code and quantity as typed, of each line.
            until_ms: when the promise ends by itself, UTC milliseconds; the cart stays.

        Raises:
            UserError: ``draft_taken``; ``sku_unknown``, ``variant_required``, ``quantity_…`` with the line;
                ``reservation_over``. Nothing was changed.
        """
        label = _label(label)
        with self._desk.store.write() as unit:
            before = drafts.one(unit.connection, draft_id)
            if before is None and drafts.is_taken(unit.connection, draft_id):
                raise UserError("draft_taken")
            if before is not None:
                stock.release(self._desk, unit, _reservations(before))
            made = stock.reserve(self._desk, unit, items, until_ms)
            return self._put(unit, draft_id, "held", label, body, made)

    def held(self) -> list[DraftView]:
        """The held carts, the one that was touched last first."""
        with self._desk.store.read() as connection:
            return [_view(row) for row in drafts.in_state(connection, "held")]

    def recall(self, draft_id: uuid.UUID) -> DraftView:
        """Take a held cart to hand: what it promised is free again, and a cart that was at hand is held instead.

        Raises:
            UserError: ``draft_unknown``: it was taken, recalled or dropped meanwhile.
        """
        with self._desk.store.write() as unit:
            row = drafts.one(unit.connection, draft_id)
            if row is None:
                raise UserError("draft_unknown")
            stock.release(self._desk, unit, _reservations(row))
            return self._put(unit, draft_id, "cart", row.label, row.body, ())

    def drop(self, draft_id: uuid.UUID) -> None:
        """Throw a cart away with what it promised; one that is not there may be named."""
        with self._desk.store.write() as unit:
            end(self._desk, unit, draft_id)

    def _put(
        self,
        unit: WriteUnit,
        draft_id: uuid.UUID,
        state: DraftState,
        label: str,
        body: str,
        reservations: Sequence[uuid.UUID],
    ) -> DraftView:
        json.loads(body)  # what does not read now would not read after a crash
        drafts.put(
            unit.connection,
            draft_id,
            state=state,
            label=label,
            body=body,
            reservations=reservations,
            at_ms=unit.at_ms,
            operator_id=self._desk.operator.id,
        )
        return DraftView(draft_id, state, label, body, unit.at_ms, self._desk.operator.name)


def end(desk: Desk, unit: WriteUnit, draft_id: uuid.UUID) -> None:
    """Inside the caller's transaction: this draft is no more, and what it promised is free again."""
    row = drafts.one(unit.connection, draft_id)
    if row is not None:
        stock.release(desk, unit, _reservations(row))
        drafts.remove(unit.connection, draft_id)


def forget(desk: Desk, unit: WriteUnit, phones: Iterable[str]) -> None:
    """Inside the caller's transaction: end every draft in which one of these phones (E.164) is written."""
    for row in drafts.naming(unit.connection, phones):
        end(desk, unit, row.id)


def _label(text: str) -> str:
    return clean(text, field="label", limit=_LABEL_LIMIT)


def _reservations(row: AnyRow) -> list[uuid.UUID]:
    return [uuid.UUID(hex=one) for one in json.loads(row.reservations)]


def _view(row: AnyRow) -> DraftView:
    return DraftView(
        id=row.id,
        state=cast("DraftState", row.state),
        label=row.label,
        body=row.body,
        updated_at_ms=row.updated_at_ms,
        operator=row.operator_name,
    )
