"""The dialog of a catalogue file: how far it has come, what it would bring, which rows want mending, and taking it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from pos.l10n.sentences import sentence
from ui import keys
from ui.pages.stock_rows import HeadFigure
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.ink import Ink
from ui.widgets.overlay import Dialog
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Paragraph, Text, breakable

if TYPE_CHECKING:
    from pos.sheets.rows import RowError
    from ui.presenters.goods_files import GoodsFiles
    from ui.theme.look import Look
    from ui.widgets.rows import Index

_POLL_MS = 120
_ROW = 52
_MARGIN = 24
_AROUND = 36  # the icon before a row's number, and the air behind its sentence
_MEASURED = 40  # of the longest sentences
_ENDLESS = 1000  # pixels that no sentence fills
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter)


class Bar(QWidget):
    """How far work has come; without an end that is known, a part of it wanders with the rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._done, self._all = 0, 0
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, done: int, total: int | None) -> None:
        """So many of so many."""
        self._done, self._all = done, total or 0
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._look, QPainter(self))
        rect = QRectF(self.rect())
        ink.box(rect, "surface3", None, 4)
        if self._all:
            ink.box(
                QRectF(0, 0, max(8.0, rect.width() * min(1.0, self._done / self._all)), 8), "bar1", None, 4
            )
        else:
            width = rect.width() / 5
            x = (self._done // 50 * 24) % max(1, int(rect.width() - width))
            ink.box(QRectF(x, 0, width, 8), "bar1", None, 4)
        ink.painter.end()


class _ErrorRows(RowDelegate):
    """Rows as high as the longest of their sentences needs."""

    high = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All of one height."""
        return QSize(200, max(self.high, super().sizeHint(option, index).height()))


class FilesDialog(Dialog):
    """Looks at what the presenter holds; leaving it does not stop the work."""

    def __init__(self, look: Look, over: QWidget, files: GoodsFiles) -> None:
        super().__init__(look, over, 720, look.word("import_title"))
        self._files = files
        self.file = Text(look, "", "sm", "text2", elide=True)
        self.bar = Bar(look)
        self.done = Text(look, "", "bodym", elide=True)
        self.safe = Text(look, look.word("import_safe"), "sm", "text3", elide=True)
        self.figures = [HeadFigure(look) for _ in range(4)]
        self.counts = QWidget()
        self.counts.setLayout(row(*[(figure, 1) for figure in self.figures], gap=12))
        self.said = Paragraph(look, "", "body", "text2")
        self._rows = _ErrorRows(look, _ROW, self._draw)
        self.list = Rows(look, RowsModel(self._say), self._rows, look.word("import_errors"))
        self.stop = Button(look, look.word("stop"), "danger", icon="x")
        self.stop.clicked.connect(files.stop)
        self.again = Button(look, look.word("look_again"), icon="refresh")
        self.again.clicked.connect(files.again)
        self.take = Button(look, look.word("take_in"), "primary", icon="check", key=keys.cap("main"))
        self.take.clicked.connect(files.take)
        self.leave = Button(look, look.word("leave"), "ghost", key="Esc")
        self.leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(
            column(
                column(Text(look, look.word("import_title"), "h1"), self.file, gap=0),
                column(self.bar, self.done, self.safe, gap=6),
                self.counts,
                self.said,
                self.list,
                row("*", self.leave, self.stop, self.again, self.take),
                gap=12,
                margins=(_MARGIN, 20, _MARGIN, 20),
            )
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._poll)
        files.watch(self.draw)
        self.draw()

    def draw(self) -> None:
        """Show what the presenter holds."""
        files, look, result = self._files, self._look, self._files.result
        busy = files.busy()
        name = files.file.name if files.file is not None else ""
        if files.variants is not None:
            name = f"{name} · {look.word('with_variants_file', file=files.variants.name)}"
        self.file.setText(name)
        for widget in (self.bar, self.done, self.safe, self.stop):
            widget.setVisible(busy)
        shown = result is not None and not busy
        self.counts.setVisible(shown)
        problems = files.problems() if shown else []
        self.list.setVisible(bool(problems))
        self._rows.high = self._tallest(problems)
        self.list.rows.fill(problems)
        self.list.scheduleDelayedItemsLayout()
        high, room = max(look.px(_ROW), self._rows.high), self._window.height() - look.px(380)
        self.list.setFixedHeight(max(high, min(high * min(6, len(problems)), room)))
        if result is not None:
            counts = (
                ("import_new", result.products - result.updated, "ptext"), ("import_updated", result.updated, "text"),
                ("import_variants", result.variants, "text"),
                ("import_errors", len(result.errors), "danger" if result.errors else "text"),
            )  # fmt: skip
            for figure, (word, n, token) in zip(self.figures, counts, strict=True):
                figure.show_figure(look.word(word), look.count(n), token)
        self.said.setText(self._said())
        self.said.setVisible(bool(self.said.text()))
        ready = files.state in {"ready", "stopped", "failed"} and result is not None
        products = result.products if result is not None else 0
        self.take.setVisible(ready and products > 0)
        self.take.relabel(look.word("take_in_n", products=look.count(products)))
        self.again.setVisible(not busy and files.state != "done" and (bool(problems) or bool(files.fault)))
        self.leave.relabel(look.word("import_ready" if files.state == "done" else "leave"))
        if busy:
            self._poll()
            self._timer.start()
        else:
            self._timer.stop()
        self.first = self.stop if busy else self.leave if self.take.isHidden() else self.take
        self.first.setFocus()

    def _said(self) -> str:
        files, look, result = self._files, self._look, self._files.result
        if files.busy():
            return ""
        if files.fault:
            return files.fault
        if result is None:
            return ""
        lines = []
        if files.state == "ready":
            lines.append(look.word("import_some_bad" if result.errors else "import_fine"))
            if result.ignored_columns:
                lines.append(look.word("columns_ignored", columns=", ".join(result.ignored_columns)))
        elif files.state == "done":
            new = result.products - result.updated
            lines.append(
                look.word("import_done", products=look.count(new), updated=look.count(result.updated))
            )
            if result.safety is not None:
                lines.append(look.word("safety_copy"))
        return "\n".join(lines)

    def act(self, action: str) -> None:
        """F9 takes it in; Esc leaves, and the work goes on."""
        if action == "main":
            if self.take.isVisible():
                self._files.take()
        else:
            super().act(action)

    def close_dialog(self) -> None:
        """Leave."""
        self._timer.stop()
        self._files.unwatch(self.draw)
        self._files.forget()
        super().close_dialog()

    def _poll(self) -> None:
        files, look = self._files, self._look
        word = look.word("import_taking" if files.state == "taking" else "import_reading")
        n, total = look.count(files.run.done), files.run.total
        far = (
            look.word("n_of_all_done", n=n, total=look.count(total))
            if total
            else look.word("n_rows_done", n=n)
        )
        self.done.setText(f"{word} {far}" if files.run.done else word)
        self.bar.show_share(files.run.done, total)

    def _words(self, error: RowError) -> tuple[str, str]:
        kind = "row_number_variants" if error.sheet == "variants" else "row_number"
        return (
            self._look.word(kind, row=self._look.count(error.row)),
            sentence(error.code, dict(error.params), self._look.locale),
        )

    def _tallest(self, problems: list[RowError]) -> int:
        """How high a row is in which every sentence stands whole."""
        words = sorted({self._words(error) for error in problems}, key=lambda both: len(both[1]))[-_MEASURED:]
        wide = self.panel.width() - 2 * _MARGIN - self.list.verticalScrollBar().sizeHint().width()
        metrics, tallest = self._look.metrics("sm"), 0.0
        for number, said in words:
            room = QRectF(0, 0, wide - self._number_width(number) - _AROUND, _ENDLESS)
            tallest = max(tallest, metrics.boundingRect(room, _WRAPPED, breakable(said)).height())
        return math.ceil(tallest) + 12

    def _number_width(self, number: str) -> int:
        return max(self._look.px(88), self._look.width(number, "smb") + 12)

    def _say(self, error: RowError) -> str:
        return ": ".join(self._words(error))

    def _draw(self, ink: Ink, rect: QRect, error: RowError, selected: bool) -> None:
        look, area = self._look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.list.hasFocus())
        number, said = self._words(error)
        width = self._number_width(number)
        ink.icon(area.x() + 4, area.center().y() - 8, "alert-circle", 16, "danger")
        ink.text(QRectF(area.x() + 28, area.y(), width, area.height()), number, "smb", "danger")
        place = QRectF(area.x() + 28 + width, area.y() + 4, area.width() - width - _AROUND, area.height() - 8)
        ink.painter.setFont(look.font("sm"))
        ink.painter.setPen(look.color("text"))
        ink.painter.drawText(place, _WRAPPED, breakable(said))
