"""One side at an older release: kinds of operation that came later are unknown to it (sync.md §1.7)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast

from pos.protocol import kinds
from pos.store import apply

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = frozenset({"order.noted", "reservation.made", "reservation.released", "hat.set"})

_TABLES = tuple(
    cast("dict[Any, Any]", table)
    for table in (kinds.KINDS, kinds._decoders, kinds._personal_decoders, apply._APPLIERS, apply.MAKING)
)
_WHOLE = tuple(dict(table) for table in _TABLES)
_OLDER = tuple(
    {key: value for key, value in table.items() if (key[0] if isinstance(key, tuple) else key) not in LATER}
    for table in _TABLES
)


@contextlib.contextmanager
def release(*, older: bool) -> Iterator[None]:
    """Whatever runs in this block is of the newest release, or of the one before those kinds.

    A laptop's block has the server's inside it, which may be of another release.
    """
    before = tuple(dict(table) for table in _TABLES)
    try:
        _set(_OLDER if older else _WHOLE)
        yield
    finally:
        _set(before)


def _set(contents: tuple[dict[Any, Any], ...]) -> None:
    for table, content in zip(_TABLES, contents, strict=True):
        if len(table) != len(content):
            table.clear()
            table.update(content)
