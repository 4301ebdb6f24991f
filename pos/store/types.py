"""Column types: STRICT tables know only TEXT, INTEGER, REAL and BLOB, so these say what is meant by them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Integer, LargeBinary, Row, Text
from sqlalchemy.types import TypeDecorator

from pos.store.plain import to_day, to_uuid

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row whose columns are named by its query."""

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Id(TypeDecorator[uuid.UUID]):
    """A UUID as 16 bytes; bytes are taken as they are."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: uuid.UUID | bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """To bytes."""
        return _to_bytes(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> uuid.UUID | None:  # noqa: ARG002
        """To UUID."""
        return to_uuid(value)

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002
        """A plain function: the sale path binds a dozen of these."""
        return _to_bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        """A plain function, as above."""
        return to_uuid


def _to_bytes(value: uuid.UUID | bytes | None) -> bytes | None:
    return value.bytes if isinstance(value, uuid.UUID) else value


class Day(TypeDecorator[dt.date]):
    """A Dhaka date as ISO text, so that it sorts and reads in any tool."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To ISO text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.date | None:  # noqa: ARG002
        """To date."""
        return to_day(value)


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:  # noqa: ARG002
        """To bool."""
        return None if value is None else bool(value)
