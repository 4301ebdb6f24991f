"""The benchmark: `python -m bench`.

    python -m bench                      everything; writes docs/bench.md and docs/bench.json
    python -m bench checkout papers      some of it, printed
    python -m bench --quick              a minute's look that every row can be measured

The folder it works in keeps the big shop for the next run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import (
    catalogue,
    checkout,
    command,
    drain,
    finding,
    frozen,
    history,
    machine,
    papers,
    serving,
    taking_in,
    window,
    wire,
)
from bench.page import page
from bench.table import Row, markdown

_ROOT = Path(__file__).parents[1]
_PARTS = {
    "checkout": checkout.rows,
    "history": history.rows,
    "find": finding.rows,
    "import": catalogue.rows,
    "papers": papers.rows,
    "command": command.rows,
    "window": window.rows,
    "wire": wire.rows,
    "taking_in": taking_in.rows,
    "serving": serving.rows,
    "drain": drain.rows,
    "frozen": frozen.rows,
}


def main() -> int:
    """Measure, print the table, write it down."""
    options = _options()
    options.dir.mkdir(parents=True, exist_ok=True)
    names = options.part or list(_PARTS)
    facts = machine.facts(options.dir)
    rows: list[Row] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(dir=options.dir) as folder:
            rows += _PARTS[name](Path(folder), quick=options.quick)
    print(markdown(rows))
    data = json.dumps(
        {"machine": facts, "quick": options.quick, "rows": [row.as_json() for row in rows]},
        ensure_ascii=False,
        indent=1,
    )
    if options.json:
        options.json.write_text(data + "\n", encoding="utf-8")
    if not options.quick and not options.part:
        (_ROOT / "docs" / "bench.json").write_text(data + "\n", encoding="utf-8")
        (_ROOT / "docs" / "bench.md").write_text(page(facts, rows), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "part", nargs="*", help=f"what to measure: {', '.join(_PARTS)}; all of it if left out"
    )
    parser.add_argument("--quick", action="store_true", help="few rounds and small shops")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument(
        "--dir", type=Path, default=_ROOT / "build" / "bench", help="where to work: a real disk, not memory"
    )
    options = parser.parse_args()
    if unknown := [name for name in options.part if name not in _PARTS]:
        parser.error(f"no such part: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
