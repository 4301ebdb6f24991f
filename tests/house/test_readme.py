"""What the README tells a vendor to type works as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_the_commands_of_the_readme_make_a_shop_and_its_first_invoice(
    root: Path, texts: dict[str, str], tmp_path: Path
) -> None:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", texts["README.md"], re.MULTILINE | re.DOTALL)
    (order,) = [block for kind, block in blocks if kind == "json"]
    (tmp_path / "order.json").write_text(order, encoding="utf-8")
    lines = [line for _, block in blocks for line in block.splitlines() if line.startswith("hatkhata ")]
    assert len(lines) == 5
    number = ""
    for line in lines:
        # The number in the README has the year in which it was written.
        words = [re.sub(r"^A-\d\d-\d{6}$", number, word) for word in shlex.split(line)[1:]]
        said = hatkhata(root, tmp_path, *words)
        if words[:2] == ["order", "take"]:
            number = said.split()[0]
    assert re.fullmatch(r"A-\d\d-000001", number)
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF-")


def hatkhata(root: Path, folder: Path, *words: str) -> str:
    """Runs one command in the folder, in a shop of its own, and returns what it says."""
    result = subprocess.run(
        [sys.executable, "-m", "ui.app", *words],
        cwd=folder,
        env={**os.environ, "HATKHATA_HOME": str(folder / "shop"), "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
