"""One run over a catalogue file: how far it has come, and a way to stop it that undoes what it had written."""

from __future__ import annotations

from importlib.resources import as_file
from typing import TYPE_CHECKING

from pos.errors import UserError
from pos.paths import resource
from pos.shop import import_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Imported, Shop


class ImportRun:
    """Runs on a worker's thread; a page looks at its counts when it likes.

    Attributes:
        done: rows so far.
        total: rows in all; None while nobody knows.
    """

    def __init__(self) -> None:
        self.done = 0
        self.total: int | None = None
        self._stopping = False

    def stop(self) -> None:
        """Leave off; the run raises ``import_stopped`` at its next row."""
        self._stopping = True

    def over_file(
        self, shop: Shop, file: Path, variants: Path | None, *, dry_run: bool, partial: bool
    ) -> Imported:
        """Look a file through, or take it in; raises as `import_catalogue`, and ``import_stopped``."""
        return import_catalogue(
            shop, file, variants=variants, dry_run=dry_run, partial=partial, progress=self._count
        )

    def over_samples(self, shop: Shop) -> Imported:
        """Take in the goods that are shipped to try things out with."""
        with (
            as_file(resource("demo", "catalogue.csv")) as products,
            as_file(resource("demo", "catalogue_variants.csv")) as variants,
        ):
            return self.over_file(shop, products, variants, dry_run=False, partial=False)

    def _count(self, done: int, total: int | None) -> None:
        if self._stopping:
            raise UserError("import_stopped")
        self.done, self.total = done, total


def variants_beside(file: Path) -> Path | None:
    """The second file of a CSV catalogue, `NAME_variants.csv` with sizes and colours; None where none is there."""
    beside = file.with_name(f"{file.stem}_variants{file.suffix}")
    return beside if file.suffix.lower() == ".csv" and beside.is_file() else None
