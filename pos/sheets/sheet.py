"""A sheet as it was found in a file: rows of text, and what Excel did to single cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILE_LIMIT: Final = 100 * 1024 * 1024
"""Bytes of the largest file that is opened; 200,000 products take about 20 MB."""
ROW_LIMIT: Final = 1_048_576
"""Rows of the longest sheet: what Excel itself holds."""
COLUMN_LIMIT: Final = 256
"""Columns that are looked at; what stands further right is never part of a catalogue."""
CELL_LIMIT: Final = 32_767
"""Characters of the longest cell: what Excel itself holds."""


class Mark(StrEnum):
    """What is odd about a cell although it has a text."""

    FORMULA = "formula"
    """The text is the value that was saved with a formula; the formula itself is never run."""
    FORMULA_UNSAVED = "formula_unsaved"
    """A formula without a saved value."""
    DATE = "date"
    """Excel keeps a date here; `2-4` typed as a size becomes one."""
    DIGITS_LOST = "digits_lost"
    """A number of more digits than Excel can keep."""
    FAULT = "fault"
    """`#N/A`, `#REF!` and their family."""


NO_MARKS: Final[Mapping[int, Mark]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty.

    Attributes:
        number: the row's number as Excel shows it; the first row of the sheet is 1.
        cells: text of the cells from the first column on.
        marks: what is odd, by the index of the cell.
    """

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, Mark] = field(default_factory=lambda: NO_MARKS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that can be read from its start as often as needed; rows are read one by one, not kept.

    Attributes:
        path: the file.
        kind: `csv` or `xlsx`.
        title: name of the sheet inside a workbook, or the file's name.
        encoding: of a CSV file, as Python names it; `utf-8` for a workbook.
        delimiter: of a CSV file; empty for a workbook.
        total: about how many rows there are, for a progress bar; None where nobody knows.
        variants: the sheet named `variants` of the same workbook.
    """

    path: Path
    kind: Literal["csv", "xlsx"]
    title: str
    encoding: str
    delimiter: str
    total: int | None
    open_rows: Callable[[], Iterator[SheetRow]]
    variants: Sheet | None = None

    def rows(self) -> Iterator[SheetRow]:
        """Every row that holds something, from the top.

        Raises:
            UserError: the file is damaged at some place, or a row is beyond what a sheet may hold.
            EnvironmentFault: the file can no longer be read.
        """
        return self.open_rows()
