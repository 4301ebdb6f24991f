"""What sync needs of a shop's database, and what it asks of it everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import func, select

from pos.store import tables as t
from pos.store.outbox import HELD
from pos.store.prepared import Prepared

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

    from sqlalchemy import Connection

    from pos.store.store import WriteUnit

_DEVICE: Final = Prepared(select(t.installation.c.device_id))
_HELD: Final = Prepared(select(func.count().label("held")).where(t.op.c.state == HELD))
_CONFLICTS: Final = Prepared(select(func.count().label("open")).select_from(t.conflict))


class Storage(Protocol):
    """The shop's database, as `pos.store.store.Store` has it."""

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view."""
        ...

    def write(self) -> AbstractContextManager[WriteUnit]:
        """One writing transaction."""
        ...

    def forget(self) -> None:
        """What was erased leaves the files beside the database as well."""
        ...


def device_of(connection: Connection) -> UUID:
    """The identity under which this shop's log goes on."""
    found: UUID = _DEVICE.scalar(connection)
    return found


def open_questions(connection: Connection) -> tuple[int, int]:
    """How many operations of this device are held, and how many values wait for somebody to decide."""
    return int(_HELD.scalar(connection)), int(_CONFLICTS.scalar(connection))
