"""What one command costs from a cold process, against an interpreter that starts and does nothing."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
from pathlib import Path

from bench.shops import empty_shop
from bench.table import Row, against, timed

_ROOT = Path(__file__).parents[1]


def rows(place: Path, *, quick: bool) -> list[Row]:
    """`hatkhata find modhu --json`, with everything compiled before."""
    home = place / "command"
    empty_shop(home).close()
    for folder in ("pos", "ui", "resources"):
        compileall.compile_dir(_ROOT / folder, quiet=2)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ["HATKHATA_HOME"] = str(home)

    def run(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, cwd=_ROOT, env=environ
        )  # fmt: skip

    ours, floors = [], []
    command = ("-m", "ui.app", "find", "modhu", "--json")
    run(*command)
    for _ in range(3 if quick else 20):
        ours.append(timed(run, *command))
        floors.append(timed(run, "-c", "pass"))
    return [against("find modhu --json", "ms", ours, "python -c pass", floors, note="a whole process")]
