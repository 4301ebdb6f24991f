"""How much room the program takes that runs without a Python."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import start
from bench.table import Row, stated

if TYPE_CHECKING:
    from collections.abc import Sequence


def rows(_place: Path, *, quick: bool) -> Sequence[Row]:
    """The folder that `start.py build` makes; not in a quick run, since making it takes a minute."""
    if quick:
        return []
    start.PYTHON = Path(sys.executable)
    start.freeze([])
    return [stated("frozen program, on disk", "MB", [start.frozen_megabytes()])]
