"""Rows of the benchmark: what was measured, against what, and how it is written down."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `floor` says what it is held against; the ratio is that of the two medians.

    Rows without a floor state a figure and no more. `met` is None where nothing is demanded.
    """

    name: str
    unit: str
    ours_p50: float
    ours_p95: float
    floor: str = ""
    floor_p50: float | None = None
    floor_p95: float | None = None
    ratio: float | None = None
    demand: str = ""
    met: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The row with the names it has in the JSON file."""
        return asdict(self)


def stated(name: str, unit: str, ours: Sequence[float], *, note: str = "") -> Row:
    """A figure on its own."""
    return Row(name, unit, _half(ours), _high(ours), note=note)


def against(
    name: str,
    unit: str,
    ours: Sequence[float],
    floor: str,
    floors: Sequence[float],
    *,
    at_most: float | None = None,
    note: str = "",
) -> Row:
    """A figure held against a floor measured in the same loop; `at_most` is the demanded ratio."""
    ratio = _half(ours) / _half(floors)
    return Row(
        name,
        unit,
        _half(ours),
        _high(ours),
        floor,
        _half(floors),
        _high(floors),
        ratio,
        "" if at_most is None else f"≤ {at_most:g} ×",
        None if at_most is None else ratio <= at_most,
        note,
    )


def timed(act: Callable[..., object], *values: object) -> float:
    """Milliseconds that one call takes."""
    start = time.perf_counter()
    act(*values)
    return (time.perf_counter() - start) * 1000


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a table."""
    lines = [
        "| what | ours p50 | ours p95 | held against | its p50 | ratio | demand | met |",
        "|---|---:|---:|---|---:|---:|---|---|",
    ]
    for row in rows:
        cells = (
            row.name + (f" ({row.note})" if row.note else ""),
            f"{_figure(row.ours_p50)} {row.unit}",
            f"{_figure(row.ours_p95)} {row.unit}",
            row.floor or "–",
            "–" if row.floor_p50 is None else f"{_figure(row.floor_p50)} {row.unit}",
            "–" if row.ratio is None else f"**{row.ratio:.2f} ×**",
            row.demand or "–",
            {None: "–", True: "yes", False: "**no**"}[row.met],
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _half(values: Sequence[float]) -> float:
    return statistics.median(values)


def _high(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]


def _figure(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.{2 - max(-1, math.floor(math.log10(value)))}f}" if value >= 0.001 else f"{value:.5f}"
