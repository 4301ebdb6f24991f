"""Drafts of this device: read and written past the log, since nothing of them is a fact yet (contracts.md §1).

A confirmed order's draft is deleted by the order's applier, so that a replay cannot bring a taken cart back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos.domain.ids import uuid7
from pos.domain.text import fold_digits
from pos.store import tables as t

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Sequence

    from pos.store.types import AnyRow

_d = t.draft.c
_WITH_OPERATOR = select(t.draft, t.operator.c.name.label("operator_name")).join(
    t.operator, t.operator.c.id == _d.operator_id
)


def one(connection: Connection, draft_id: uuid.UUID) -> AnyRow | None:
    """One draft's row."""
    return connection.execute(_WITH_OPERATOR.where(_d.id == draft_id)).first()


def in_state(connection: Connection, state: str) -> Sequence[AnyRow]:
    """The drafts in this state, the one that was touched last first."""
    statement = _WITH_OPERATOR.where(_d.state == state).order_by(_d.updated_at_ms.desc(), _d.id.desc())
    return connection.execute(statement).all()


def is_taken(connection: Connection, draft_id: uuid.UUID) -> bool:
    """Whether this draft has become an order."""
    return connection.execute(select(t.orders.c.id).where(t.orders.c.id == draft_id)).first() is not None


def put(
    connection: Connection,
    draft_id: uuid.UUID,
    *,
    state: str,
    label: str,
    body: str,
    reservations: Sequence[uuid.UUID],
    at_ms: int,
    operator_id: uuid.UUID,
) -> None:
    """Write a draft whole; where it becomes the cart, whatever was the cart goes among the held ones."""
    if state == "cart":
        connection.execute(update(t.draft).where(_d.state == "cart", _d.id != draft_id).values(state="held"))
    values = {
        "state": state,
        "label": label,
        "body": body,
        "reservations": json.dumps([one.hex for one in reservations]),
        "updated_at_ms": at_ms,
        "operator_id": operator_id,
    }
    statement = upsert(t.draft).values(id=draft_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def remove(connection: Connection, draft_id: uuid.UUID) -> None:
    """Delete a draft; one that is not there may be named."""
    connection.execute(delete(t.draft).where(_d.id == draft_id))


def renew(connection: Connection, at_ms: int) -> None:
    """Give every draft of a restored shop another identity.

    One may have become an order after the backup was made, and the order's identity is known to others.
    """
    for draft_id in connection.execute(select(_d.id)).scalars().all():
        connection.execute(update(t.draft).where(_d.id == draft_id).values(id=uuid7(at_ms)))


def naming(connection: Connection, phones: Iterable[str]) -> list[AnyRow]:
    """The drafts in which one of these phones (E.164) is written, however it was typed."""
    wanted = [phone.removeprefix("+880") for phone in phones]
    rows = connection.execute(_WITH_OPERATOR).all()
    return [row for row in rows if any(w in text for text in _digits(row) for w in wanted)]


def _digits(row: AnyRow) -> Iterator[str]:
    """The digits of every text in a draft."""
    for text in (row.label, *_texts(json.loads(row.body))):
        yield "".join(char for char in fold_digits(text) if char.isdigit())


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for inner in value:
                yield from _texts(inner)
        case dict():
            for inner in value.values():
                yield from _texts(inner)
