"""What a reader must know of the machine, and nothing that tells which one it was."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from bench.checkout import RawFile
from bench.table import timed

if TYPE_CHECKING:
    from collections.abc import Mapping

_CPUINFO = Path("/proc/cpuinfo")


def facts(place: Path) -> Mapping[str, object]:
    """Processor, cores, versions, and what an fsync costs in `place` right now (ms)."""
    raw = RawFile(place / "fsync.raw")
    taken = [timed(raw.append) for _ in range(60)]
    raw.close()
    (place / "fsync.raw").unlink()
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "fsync_p50_ms": round(statistics.median(taken), 3),
    }


def _cpu() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
