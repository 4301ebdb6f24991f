"""The bar and tabs of the Stock page: tabs that scroll, and the button of its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QMenu

from ui.widgets.button import Button, Pills
from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.presenters.goods_files import GoodsFiles
    from ui.theme.look import Look


class Tabs(Pills):
    """Tabs of which the chosen one is always in view, however many there are."""

    def _rects(self) -> list[QRectF]:
        rects = super()._rects()
        room = self.width() - 28
        if not rects or rects[-1].right() <= self.width():
            return rects
        first = 0
        while rects[self._at].right() - rects[first].x() > room and first < self._at:
            first += 1
        off = rects[first].x()
        moved = [rect.translated(-off, 0) for rect in rects]
        # What does not fit whole is not begun: it stands outside, where it is not drawn.
        return [rect if rect.right() <= room else rect.translated(10_000, 0) for rect in moved]

    def _hidden_after(self) -> int:
        """The first tab to the right that there is no room for; -1 where all that follow are there."""
        return next((at for at, rect in enumerate(self._rects()) if rect.x() >= 10_000), -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tabs, and a sign that there are more."""
        super().paintEvent(event)
        if self._hidden_after() >= 0 or (self._rects() and self._rects()[0].x() < 0):
            ink = Ink(self._look, QPainter(self))
            icon = "chevron-right" if self._hidden_after() >= 0 else "chevron-left"
            ink.icon(self.width() - 24, (self.height() - 20) / 2, icon, 20, "text2")
            ink.painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the sign goes on to the next."""
        after = self._hidden_after()
        if event.position().x() > self.width() - 28 and (after >= 0 or self._rects()[0].x() < 0):
            self._go(max(after, 0))
        else:
            super().mousePressEvent(event)


class FilesButton(Button):
    """Drops the menu of what is brought in from files and written into them.

    Emits `chosen` when a catalogue file was chosen, or one is being looked through already.
    """

    chosen = Signal()

    def __init__(self, look: Look, files: GoodsFiles) -> None:
        super().__init__(look, look.word("in_out"), icon="file-import")
        self._files = files
        self.clicked.connect(self.drop)

    def _content_width(self) -> int:
        return super()._content_width() + 28

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the sign that a menu is under it."""
        super().paintEvent(event)
        ink = Ink(self._look, QPainter(self))
        ink.icon(self.width() - 36, (self.height() - 20) / 2, "chevron-down", 20, "text")
        ink.painter.end()

    def drop(self) -> None:
        """Show the menu."""
        word = self._look.word
        items: list[tuple[str, Callable[[], None]]] = [
            (word("import_file"), self.import_file), (word("export_xlsx"), self._export_xlsx),
            (word("export_csv"), self._export_csv), (word("save_sample"), self._sample),
        ]  # fmt: skip
        menu = QMenu(self)
        for text, call in items:
            menu.addAction(text).triggered.connect(call)
        drop_under(menu, self)

    def import_file(self) -> None:
        """Choose a catalogue file and look through it."""
        if not self._files.busy():
            word = self._look.word
            chosen, _ = QFileDialog.getOpenFileName(
                self, word("import_title"), "", f"{word('sheet_files')} (*.xlsx *.csv *.tsv *.txt)"
            )
            if not chosen:
                return
            self._files.look_through(Path(chosen))
        self.chosen.emit()

    def _export_xlsx(self) -> None:
        self._save("export_name", ".xlsx", self._files.export)

    def _export_csv(self) -> None:
        self._save("export_name", ".csv", self._files.export)

    def _sample(self) -> None:
        self._save("sample_name", ".xlsx", self._files.save_sample)

    def _save(self, name: str, ending: str, write: Callable[[Path], None]) -> None:
        word = self._look.word
        kinds = f"*{ending}" if name == "export_name" else "*.xlsx *.csv"
        chosen, _ = QFileDialog.getSaveFileName(
            self, word("in_out"), word(name) + ending, f"{word('sheet_files')} ({kinds})"
        )
        if chosen:
            path = Path(chosen)
            write(path if path.suffix else path.with_suffix(ending))


def drop_under(menu: QMenu, button: Button) -> None:
    """Show a menu under its button; it is gone once it is closed."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))
