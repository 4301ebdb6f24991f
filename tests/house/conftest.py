"""The project's own files, as the house tests read them."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "bench", "docs", "pos", "resources", "tests", "ui")
TEXT = {
    "",
    ".css",
    ".csv",
    ".html",
    ".json",
    ".jsonl",
    ".mako",
    ".md",
    ".py",
    ".sh",
    ".spec",
    ".svg",
    ".toml",
    ".txt",
    ".yml",
}


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file that belongs to the project, by its path from the checkout; works without git."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(found)
        if path.suffix in TEXT and "__pycache__" not in path.parts and path.name != ".DS_Store"
    }


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def start() -> ModuleType:
    """start.py as a module of its own, so that a test may point it elsewhere."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
