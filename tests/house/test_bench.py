"""The benchmark runs, and every row of it is a figure. How fast anything is belongs in docs/bench.md."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = (
    "checkout",
    "checkout in a rush",
    "raw fsync",
    "checkout with 300 orders",
    "order show with 300 orders",
    "order list --limit 50 with 300 orders",
    "stock, all SKUs with 300 orders",
    "backup with 300 orders",
    "every check of doctor with 300 orders",
    "find among 1,000 products",
    "import of 240 products with their variants",
    "import, rows of both files",
    "invoice, A4 PDF of 6 lines",
    "receipt, 80 mm PDF",
    "receipt, from PDF to the printer's dots",
    "find modhu --json",
    "until the shop behind it is open",
    "the Sell page, filled and typed into, with 240 products and 300 orders",
    "a key in the search until its results are painted",
    "the longest that any key held the window up",
    "memory of the window",
    "500 orders to the line and back",
    "500 orders, each body held against its kind",
    "500 orders on the line",
    "300 orders of another laptop taken in",
    "all rows of 300 orders made again from the operations",
    "20 orders taken by the server, SQLite",
    "20 orders taken by the server, PostgreSQL",
    "operations of 200 orders, those not there yet put in, PostgreSQL",
    "20 orders on the line",
    "20 laptops × 20 orders drained, SQLite",
    "what a laptop waits for, 32 at once, SQLite",
    "20 laptops × 20 orders drained, PostgreSQL",
    "what a laptop waits for, 32 at once, PostgreSQL",
)


def test_a_quick_run_measures_every_row(root: Path, tmp_path: Path) -> None:
    written = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--dir", str(tmp_path / "work"), "--json", str(written)],
        check=False,
        capture_output=True,
        cwd=root,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(written.read_bytes())
    assert {row["name"] for row in result["rows"]} == set(_ROWS)
    for row in result["rows"]:
        figures = [row[name] for name in ("ours_p50", "ours_p95", "floor_p50", "floor_p95", "ratio")]
        assert all(is_a_figure(value) for value in figures if value is not None), row
        assert row["name"] in done.stdout.decode()
    assert is_a_figure(result["machine"]["fsync_p50_ms"])


def test_the_page_was_written_by_a_whole_run(root: Path) -> None:
    result = json.loads((root / "docs" / "bench.json").read_bytes())
    page = (root / "docs" / "bench.md").read_text(encoding="utf-8")
    assert not result["quick"]
    assert all(row["name"] in page for row in result["rows"])


def is_a_figure(value: Any) -> bool:
    return math.isfinite(value) and value > 0
