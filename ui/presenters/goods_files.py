"""Catalogue files: looked through first, taken in only then, and written out; never on the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pos.errors import EnvironmentFault, UserError
from pos.paths import resource
from pos.shop import Imported, export_catalogue
from ui.presenters.import_run import ImportRun, variants_beside
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from pathlib import Path

    from pos.errors import PosError
    from pos.sheets.rows import RowError
    from pos.shop import Shop
    from ui.presenters.needs import Notify, Speech, Work

State = Literal["idle", "reading", "ready", "taking", "done", "failed", "stopped"]


class GoodsFiles(Watched):
    """One file at a time. The counts of `run` move while work runs; a page looks at them now and then.

    Attributes:
        state: how far it has come.
        result: what the file holds, or what was taken.
        fault: the sentence of what stopped it, empty where nothing did.
    """

    def __init__(self, shop: Shop, work: Work, notices: Notify, look: Speech) -> None:
        super().__init__()
        self._shop, self._work, self._notices = shop, work, notices
        self.look = look
        self.state: State = "idle"
        self.file: Path | None = None
        self.variants: Path | None = None
        self.result: Imported | None = None
        self.fault = ""
        self.run = ImportRun()

    def busy(self) -> bool:
        """Whether work runs."""
        return self.state in {"reading", "taking"}

    def look_through(self, file: Path) -> None:
        """Find out what a CSV or XLSX file would bring; nothing is written. A second CSV with the sizes and
        colours (`NAME_variants.csv`) is taken along where it stands beside the first.
        """
        if self.busy():
            return
        self.file, self.result = file, None
        self.variants = variants_beside(file)
        self._run("reading", dry_run=True, partial=False)

    def take(self) -> None:
        """Take in what was looked through: all of it, or all but the rows with errors."""
        if self.state in {"ready", "failed", "stopped"} and self.result is not None:
            self._run("taking", dry_run=False, partial=bool(self.result.errors))

    def again(self) -> None:
        """The file was mended: look through it once more."""
        if self.file is not None:
            self.look_through(self.file)

    def stop(self) -> None:
        """Leave off; nothing of it stays."""
        self.run.stop()

    def forget(self) -> None:
        """The dialog was left: work that runs goes on, anything else is over."""
        if not self.busy():
            self.state = "idle"

    def problems(self) -> list[RowError]:
        """Rows that cannot be taken."""
        return list(self.result.errors) if self.result is not None else []

    def _run(self, state: State, *, dry_run: bool, partial: bool) -> None:
        file = self.file
        assert file is not None
        self.state, self.fault, self.run = state, "", ImportRun()
        run = self.run

        def work() -> Imported:
            return run.over_file(self._shop, file, self.variants, dry_run=dry_run, partial=partial)

        # Beside the one that writes: reading a long file must not stand before a sale.
        self._work.read(work, self._looked if dry_run else self._taken, self._failed)
        self.changed()

    def _looked(self, result: Imported) -> None:
        self.result, self.state = result, "ready"
        self.changed()

    def _taken(self, result: Imported) -> None:
        self.result, self.state = result, "done"
        self._notices.toast(
            self.look.word("import_done", products=result.products - result.updated, updated=result.updated)
        )
        self.changed()

    def _failed(self, error: PosError) -> None:
        self.state = "stopped" if error.code == "import_stopped" else "failed"
        self.fault = self.look.sentence(error)
        self.changed()

    # ---- out -----------------------------------------------------------------------------------------

    def export(self, file: Path) -> None:
        """Write all products to a CSV or XLSX file.

        What stops it is said by the window: ``export_kind``, ``file_not_written``.
        """
        shop = self._shop

        def work() -> tuple[Path, ...]:
            return export_catalogue(shop.catalogue.all(), file)

        self._work.read(work, self._exported)

    def save_sample(self, file: Path) -> None:
        """Write a sheet that shows how a catalogue is laid out; its ending says which kind."""
        self._work.read(lambda: _write_sample(file), self._exported)

    def _exported(self, files: tuple[Path, ...]) -> None:
        names = ", ".join(one.name for one in files)
        self._notices.toast(self.look.word("file_saved", what=names))


def _write_sample(file: Path) -> tuple[Path, ...]:
    ending = file.suffix.lower()
    if ending not in {".csv", ".xlsx"}:
        raise UserError("export_kind", file=file.name)
    made = {file: f"products{ending}"}
    if ending == ".csv":
        made[file.with_name(f"{file.stem}_variants.csv")] = "products_variants.csv"
    try:
        for target, name in made.items():
            target.write_bytes(resource("samples", name).read_bytes())
    except OSError as error:
        raise EnvironmentFault("file_not_written", file=file.name) from error
    return tuple(made)
