"""The window: how soon it stands and can be sold from, how soon results follow a key, and what memory it takes.

Held against a bare PySide6 window with one field, in a process of its own, in turn with ours. Both are drawn
off-screen, with every module compiled before.
"""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.shops import full_shop
from bench.table import Row, against, stated

_ROOT = Path(__file__).parents[1]
_FRAME_MS = 1000 / 60
_MEMORY_MB = 150


def rows(place: Path, *, quick: bool) -> list[Row]:
    """Opening, typing, memory, with a big shop behind."""
    orders, products = (300, 240) if quick else (100_000, 20_000)
    home = full_shop(place if quick else place.parent, orders, products=products)
    for folder in ("pos", "ui", "resources", "bench"):
        compileall.compile_dir(_ROOT / folder, quiet=2)
    _open(str(home))
    ours, stands, floors, memory = [], [], [], []
    for _ in range(2 if quick else 12):
        said = _open(str(home))
        ours.append(said["ready_ms"])
        stands.append(said["stands_ms"])
        memory.append(said["memory_mb"])
        floors.append(_open("bare")["ready_ms"])
    keys = _open(str(home), "keys")
    named = f"with {products:,} products and {orders:,} orders"
    held = stated("memory of the window", "MB", memory, note=named)
    typed = stated("a key in the search until its results are painted", "ms", keys["keys_ms"], note=named)
    return [
        against(
            f"the Sell page, filled and typed into, {named}",
            "ms",
            stands,
            "a bare PySide6 window",
            floors,
            at_most=2.5,
        ),
        against("until the shop behind it is open", "ms", ours, "a bare PySide6 window", floors),
        replace(typed, demand="p95 ≤ a frame", met=typed.ours_p95 <= _FRAME_MS),
        stated("the longest that any key held the window up", "ms", [keys["longest_ms"]]),
        replace(held, demand=f"≤ {_MEMORY_MB} MB", met=held.ours_p50 <= _MEMORY_MB),
    ]


def _open(*arguments: str) -> dict[str, Any]:
    """Run one window; what it said, and milliseconds from the start of its process until it was ready."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said: dict[str, Any] = {}
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.opening", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT, env=environ, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            now_ms = (time.perf_counter() - start) * 1000
            said |= {f"{name}_ms" if value is True else name: now_ms if value is True else value
                     for name, value in told.items()}  # fmt: skip
    if process.returncode != 0:
        raise RuntimeError(f"the window ended with {process.returncode}")
    return said
