"""Rows of a list that grows: it holds ids, and fetches a page of rows when one of them comes into view.

It is given to `RowsModel.fill` in the place of rows that are all here. A shop's 100,000 orders are 100,000 ids
and as many rows as there were pages looked at, the oldest of which are let go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE: Final = 25  # what the services read in one statement
_PAGES_KEPT: Final = 40


class Paged(Sequence[Any]):
    """The rows of these ids, each fetched with its page; None for one that is no longer there."""

    def __init__(self, ids: Sequence[bytes], fetch: Callable[[Sequence[bytes]], Mapping[bytes, Any]]) -> None:
        """Rows.

        Args:
            ids: of all rows, in their order.
            fetch: reads the rows of a page, by id.
        """
        self.ids = ids
        self._fetch = fetch
        self._pages: dict[int, list[Any]] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ids)

    def __getitem__(self, at: Any) -> Any:
        """One row, with its page read if it was not here."""
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self.ids)))]
        if at < 0:
            at += len(self.ids)
        number, place = divmod(at, PAGE)
        rows = self._pages.pop(number, None)
        if rows is None:
            ids = self.ids[number * PAGE : (number + 1) * PAGE]
            found = self._fetch(ids)
            rows = [found.get(one) for one in ids]
            while len(self._pages) >= _PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
        self._pages[number] = rows  # the last one used is the last to be let go
        return rows[place]

    def pages_held(self) -> int:
        """How many pages of rows are in memory."""
        return len(self._pages)
