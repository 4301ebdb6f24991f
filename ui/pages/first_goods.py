"""The step of the first run that brings the goods."""

from __future__ import annotations

from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from pos.l10n.sentences import sentence
from ui.pages.first_step import StepPage
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.cards import RadioCards
from ui.widgets.progress import ProgressLine
from ui.widgets.text import Box, Paragraph, Text

if TYPE_CHECKING:
    from pos.sheets.rows import RowError
    from pos.shop import Imported
    from ui.presenters.first import First
    from ui.theme.look import Look

_ROWS_SHOWN: Final = 3


class GoodsStep(StepPage):
    """Products from a file, with a look before they are taken; the samples; or later."""

    head: ClassVar[str] = "goods"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        icons = {"file": "file-import", "demo": "packages", "later": "pencil"}
        self.goods = RadioCards(
            look,
            [(code, word(f"goods_{code}"), word(f"goods_{code}_sub"), icon) for code, icon in icons.items()],
        )
        self.goods.chosen.connect(self._goods)
        self.form.addWidget(self.goods)
        self.pick = Button(look, word("set_choose_file"), icon="folder", height=40)
        self.pick.clicked.connect(self._pick)
        self.name = Text(look, "", "bodym", "text2", elide=True)
        self.counts = Text(look, "", "bodyb", elide=True)
        self.news = Text(look, "", "sm", "text2", elide=True)
        self.refused = Text(look, "", "smb", "warn", elide=True)
        self.rows = [Paragraph(look, "", "sm", "text2") for _ in range(_ROWS_SHOWN)]
        self._shown = first.dry
        self.fault = Paragraph(look, "", "sm", "danger")
        self.going = ProgressLine(look)
        self.going.stopped.connect(first.stop)
        self.card = Box(look, "surface", "border", 8, layout=column(
            row(self.pick, (self.name, 1), gap=12), self.counts, self.news, self.refused, *self.rows, self.fault,
            gap=4, margins=(16, 14, 16, 14),
        ))  # fmt: skip
        self.form.addSpacing(8)
        self.form.addWidget(self.card)
        self.form.addWidget(self.going)

    def draw(self) -> None:
        """What was chosen, what is in it, how far it has come."""
        look, first = self.look, self.first
        answers = first.answers
        self.goods.choose(answers.goods)
        self.card.setVisible(answers.goods == "file")
        self.name.setText(Path(answers.file).name if answers.file else look.word("no_file_yet"))
        self._draw_found(first.dry if first.busy != "reading" else None)
        said = first.faults.get("file")
        self.fault.setText(look.sentence(said) if said is not None else "")
        self.fault.setVisible(said is not None)
        working = first.busy in {"reading", "importing"}
        self.going.setVisible(working)
        if working:
            title = look.word("goods_taking" if first.busy == "importing" else "file_reading")
            self.going.show_count(title, first.run.done, first.run.total)

    def _draw_found(self, found: Imported | None) -> None:
        look, errors = self.look, () if found is None else found.errors
        rows: dict[tuple[str, int], RowError] = {}
        for error in errors:
            rows.setdefault((error.sheet, error.row), error)
        if found is not None:
            self.counts.setText(look.word("file_holds", products=found.products, skus=found.skus))
            new = max(0, found.products - found.updated)
            self.news.setText(look.word("file_new", new=new, updated=found.updated))
            self.refused.setText(
                look.word("file_refused", refused=len(rows)) if rows else look.word("file_all_good"),
                "warn" if rows else "ok",
            )
        for part in (self.counts, self.news, self.refused):
            part.setVisible(found is not None)
        shown = [self._row(error) for error in islice(rows.values(), _ROWS_SHOWN)]
        for line, said in zip_longest(self.rows, shown, fillvalue=""):
            assert isinstance(line, Paragraph)
            line.setText(said)
            line.setVisible(bool(said))

    def ready(self) -> bool:
        """A file was looked through and holds something."""
        found, before = self.first.dry, self._shown
        self._shown = found
        return found is not None and found is not before and self.first.brings()

    def next_word(self) -> str:
        """“Bring in” once there is something to bring."""
        return "goods_bring" if self.first.brings() else "first_next"

    def arrive(self) -> None:
        """The arrows choose."""
        self.goods.choose(self.first.answers.goods)
        self.goods.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, error: RowError) -> str:
        look = self.look
        kind = "row_number_variants" if error.sheet == "variants" else "row_number"
        why = sentence(error.code, error.params, look.locale)
        return f"{look.word(kind, row=look.count(error.row))}: {why}"

    def _goods(self, code: str) -> None:
        self.first.set("goods", code)

    def _pick(self) -> None:
        word = self.look.word
        file, _ = QFileDialog.getOpenFileName(self, word("set_choose_file"), "", "*.xlsx *.csv *.tsv *.txt")
        if file:
            self.first.choose_file(file)
