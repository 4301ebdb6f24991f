"""Files as vendors have them: written to disk, then read the way the import reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.sheets.catalogue import Catalogue, parse_catalogue
from pos.sheets.reading import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    WriteFile = Callable[[str, str | bytes], Path]
    Import = Callable[..., Catalogue]


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def take(write_file: WriteFile) -> Import:
    """Import a CSV given as text, with a second one for the variants."""

    def run(
        products: str | bytes,
        variants: str | None = None,
        mapping: dict[str, str] | None = None,
        bijoy: frozenset[str] = frozenset(),
    ) -> Catalogue:
        return parse_catalogue(
            read_sheet(write_file("list.csv", products)),
            read_sheet(write_file("variants.csv", variants)) if variants is not None else None,
            mapping=mapping,
            bijoy=bijoy,
        )

    return run
