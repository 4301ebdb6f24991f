"""Imports run downwards only, no room has a name that means nothing, and the pure rooms are pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SHAPELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
PURE = ("pos/domain/", "pos/l10n/", "pos/protocol/")
# The one door to the computer's clock; everything else is handed a Clock.
CLOCK_DOOR = ("pos/domain/times.py", "SystemClock")
READS_THE_CLOCK = {
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.sleep"),
}
TOUCHES_THE_WORLD = {
    "open",
    "input",
    "print",
    "os.environ",
    "os.getenv",
    "os.getcwd",
    "os.stat",
    "os.listdir",
}


def test_imports_run_downwards_only(root: Path) -> None:
    run = Path(sys.executable).with_name("lint-imports" + Path(sys.executable).suffix)
    result = subprocess.run([run, "--no-cache"], cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_module_has_a_name_that_could_hold_anything(texts: dict[str, str]) -> None:
    named = {
        path for path in texts if path.endswith(".py") and SHAPELESS & set(Path(path).with_suffix("").parts)
    }
    assert named == set()


def test_rules_words_and_wire_read_no_clock_and_touch_no_file(texts: dict[str, str]) -> None:
    found = [
        f"{path}:{line}: {name}"
        for path, text in texts.items()
        if path.startswith(PURE) and path.endswith(".py")
        for line, name in impure(text, without=CLOCK_DOOR[1] if path == CLOCK_DOOR[0] else "")
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "import datetime as dt\nat = dt.datetime.now(dt.UTC)",
        "from datetime import date\nday = date.today()",
        "import time\nat = time.time()",
        "text = open('a').read()",
        "import os\nhome = os.environ['HOME']",
    ],
)
def test_the_check_for_purity_sees_what_it_looks_for(code: str) -> None:
    assert len(impure(code)) == 1


def impure(text: str, *, without: str = "") -> list[tuple[int, str]]:
    """Line and name of everything in the module that reads the clock or touches the world."""
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not (isinstance(node, ast.ClassDef) and node.name == without)]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = ast.unparse(node)
            short = ".".join(name.split(".")[-2:])
            if short in READS_THE_CLOCK or name in TOUCHES_THE_WORLD:
                found.append((node.lineno, name))
    return found
