"""Stock by colour and size: a grid that the arrows walk through, and a number typed over one changes the count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from ui.widgets.ink import CENTRE, LEFT, Ink

if TYPE_CHECKING:
    from pos.services.shelf import CellView, MatrixView
    from ui.theme.look import Look

# The dot before a colour's name; what is not here gets none, since the name says it anyway.
_COLOURS: Final = {
    "#F4EFE3": "সাদা white অফহোয়াইট off-white ক্রিম cream ঘিয়ে",
    "#1D1F24": "কালো black",
    "#2F5DA8": "নীল blue",
    "#6FB1DE": "আকাশি আসমানি sky",
    "#7A2231": "মেরুন maroon খয়েরি",
    "#C62F35": "লাল red",
    "#2E7D4F": "সবুজ green",
    "#6B7A33": "জলপাই olive",
    "#E3B51E": "হলুদ yellow",
    "#D97A1F": "কমলা orange",
    "#D7629A": "গোলাপি pink",
    "#7D4AA0": "বেগুনি purple violet",
    "#8A5A34": "বাদামি brown",
    "#8B9199": "ছাই ধূসর grey gray অ্যাশ ash",
    "#C9A24B": "সোনালি gold golden",
    "#C4C9CF": "রুপালি রূপালি silver",
    "#1F8A8A": "ফিরোজা টিয়া teal turquoise",
    "#2B2F6B": "নেভি navy",
}
_HEX: Final = {word: colour for colour, words in _COLOURS.items() for word in words.split()}
_TONES: Final = {"out": "danger", "low": "warn"}
_CELL, _GAP, _LABEL = 46, 4, 92


def colour_dot(name: str) -> str | None:
    """The colour `#RRGGBB` that a word means; None where it is not known."""
    return next((_HEX[word] for word in name.casefold().split() if word in _HEX), None)


class Matrix(QWidget):
    """The grid. Arrows move, Enter or a digit begins to type, Enter again counts, Esc leaves.

    Signals:
        counted: a SKU and the number typed for it.
        left: the vendor goes back from the grid.
    """

    counted = Signal(str, str)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._view: MatrixView | None = None
        self._at = (0, 0)
        self._fault = ""
        self._first = 0  # the first size that is shown, where not all fit
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit = QLineEdit(self)
        self.edit.setProperty("bare", True)
        self.edit.setFrame(False)
        self.edit.setFont(look.font("bodyb"))
        self.edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.edit.setStyleSheet(
            f"color: {look.css('text')}; background: {look.css('surface')};"
            f" font-size: {look.font('bodyb').pixelSize()}px;"
        )
        self.edit.setMaxLength(16)
        self.edit.setAccessibleName(look.word("count_fix"))
        self.edit.installEventFilter(self)
        self.edit.hide()

    def show_matrix(self, view: MatrixView | None) -> None:
        """Show this one; the place stays where it was, if there is still such a place."""
        self._view = view
        if view is not None:
            row, column = self._at
            self._at = (min(row, len(view.rows) - 1), min(column, len(view.sizes) - 1))
            if self.cell() is None:
                self._at = next(
                    (r, c) for r, one in enumerate(view.rows) for c, cell in enumerate(one.cells) if cell
                )
            self._keep_in_view()
            self._say()
        self.setVisible(view is not None)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def begin_at(self) -> None:
        """Another product: begin in its first place."""
        self.stop()
        self._at, self._first = (0, 0), 0

    def cell(self) -> CellView | None:
        """What stands at the place."""
        if self._view is None:
            return None
        row, column = self._at
        return self._view.rows[row].cells[column]

    def typing(self) -> bool:
        """Whether a number is being typed."""
        return self.edit.isVisible()

    def say(self, fault: str) -> None:
        """Show what is wrong with the number, or nothing."""
        if fault != self._fault:
            self._fault = fault
            self.edit.setAccessibleDescription(fault)
            self.setFixedHeight(self.sizeHint().height())
            self.update()

    def stop(self) -> None:
        """Leave the number as it was."""
        self.say("")
        if self.typing():
            self.edit.hide()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self, text: str = "") -> None:
        """Type a new number over the one at the place."""
        cell = self.cell()
        if cell is None:
            return
        rect = self._cell_rect(*self._at).adjusted(3, 3, -3, -3)
        self.edit.setGeometry(rect.toRect())
        self.edit.setText(text or self._look.quantity(cell.on_hand_milli).replace(",", ""))
        self.edit.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            self.edit.end(False)
        else:
            self.edit.selectAll()
        self.update()

    def _commit(self) -> None:
        cell, text = self.cell(), self.edit.text()
        self.stop()
        if cell is not None and text.strip():
            self.counted.emit(cell.sku, text)

    # ---- places --------------------------------------------------------------------------------------

    def _label_width(self) -> float:
        assert self._view is not None
        names = [self._look.width(one.colour, "sm") for one in self._view.rows]
        names.append(self._look.width(self._head(), "sm"))
        dots = 22 if any(colour_dot(one.colour) for one in self._view.rows) else 0
        return min(max(names) + dots + 12.0, self.width() * 0.4)

    def _cell_width(self) -> float:
        assert self._view is not None
        look = self._look
        widest = max(
            [look.width(look.quantity(one), "bodyb") for row in self._view.rows for one in _shown(row.cells)]
            + [look.width(size, "cap") for size in self._view.sizes]
            + [look.width(look.quantity(row.on_hand_milli), "bodyb") for row in self._view.rows]
            + [look.width(look.word("total"), "cap")]
        )
        return float(max(look.px(_CELL), widest + 12))

    def _fitting(self) -> int:
        """How many sizes there is room for, the total's column apart."""
        assert self._view is not None
        step = self._cell_width() + _GAP
        room = self.width() - self._label_width() - step
        return max(1, min(len(self._view.sizes), int(room // step)))

    def _cell_rect(self, row: int, column: int) -> QRectF:
        look, width = self._look, self._cell_width()
        spread = self._spread()
        x = self._label_width() + (column - self._first) * (width + spread)
        return QRectF(x, look.px(28) + row * look.px(40), width, look.px(36))

    def _spread(self) -> float:
        """The gap between columns: they are spread over the width as long as they do not drift apart."""
        count = self._fitting() + 1
        free = self.width() - self._label_width() - count * self._cell_width()
        return min(max(float(_GAP), free / max(1, count - 1)), 12.0)

    def _keep_in_view(self) -> None:
        fitting, column = self._fitting(), self._at[1]
        self._first = max(min(self._first, column), column - fitting + 1, 0)

    def _head(self) -> str:
        assert self._view is not None
        look = self._look
        if not any(self._view.sizes):
            return look.word("colour")
        return look.word("colour_size") if any(row.colour for row in self._view.rows) else look.word("size")

    def sizeHint(self) -> QSize:
        """A head and a row for each colour."""
        rows = len(self._view.rows) if self._view is not None else 0
        fault = self._look.line("sm") * 2 if self._fault else 0
        return QSize(320, self._look.px(28) + rows * self._look.px(40) + fault)

    # ---- drawing -------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        if self._view is None:
            return
        look, view = self._look, self._view
        ink = Ink(look, QPainter(self))
        label, width, gap = self._label_width(), self._cell_width(), self._spread()
        shown = range(self._first, min(self._first + self._fitting(), len(view.sizes)))
        total_x = label + len(shown) * (width + gap)
        ink.text(QRectF(0, 0, label - 6, look.px(24)), self._head(), "sm", "text2")
        for column in shown:
            x = self._cell_rect(0, column).x()
            name = look.digits(view.sizes[column]) or look.word("in_hand_word")
            ink.text(QRectF(x, 0, width, look.px(24)), name, "cap", "text2", CENTRE)
        if len(view.sizes) > 1:
            ink.text(QRectF(total_x, 0, width, look.px(24)), look.word("total"), "smb", "text2", CENTRE)
        for at, row in enumerate(view.rows):
            y = self._cell_rect(at, self._first).y()
            self._label(ink, QRectF(0, y, label - 6, look.px(36)), row.colour)
            for column in shown:
                cell = row.cells[column]
                if cell is not None:
                    self._draw_cell(ink, self._cell_rect(at, column), cell, at_hand=(at, column) == self._at)
            if len(view.sizes) > 1:
                total = QRectF(total_x, y, width, look.px(36))
                ink.text(total, look.quantity(row.on_hand_milli), "bodyb", "text2", CENTRE, elide=False)
        if self._fault:
            high = look.line("sm") * 2
            place = QRectF(0, self.height() - high, self.width(), high)
            ink.painter.setFont(look.font("sm"))
            ink.painter.setPen(look.color("danger"))
            ink.painter.drawText(place, int(Qt.TextFlag.TextWordWrap), self._fault)
        if self._first > 0:
            ink.icon(label - 16, look.px(4), "chevron-left", 16, "text2")
        if shown and shown[-1] < len(view.sizes) - 1:
            ink.icon(total_x - gap / 2 - 8, look.px(4), "chevron-right", 16, "text2")
        ink.painter.end()

    def _label(self, ink: Ink, rect: QRectF, name: str) -> None:
        dot = colour_dot(name)
        if dot is not None:
            ink.painter.setPen(QPen(self._look.color("control"), 1))
            ink.painter.setBrush(QColor(dot))
            ink.painter.drawEllipse(QPointF(rect.x() + 8, rect.center().y()), 7.5, 7.5)
            rect = rect.adjusted(22, 0, 0, 0)
        ink.text(rect, name, "sm", "text", LEFT)

    def _draw_cell(self, ink: Ink, rect: QRectF, cell: CellView, *, at_hand: bool) -> None:
        tone = _TONES.get(cell.state)
        ink.box(rect, f"{tone}S" if tone else "surface", f"{tone}L" if tone else "border", 6)
        if at_hand:
            focus = self.hasFocus() or self.edit.hasFocus()
            ink.box(rect, None, "focus" if focus else "control", 6, 2 if focus else 1)
        if at_hand and self.typing():
            return
        text = self._look.quantity(cell.on_hand_milli)
        ink.text(rect, text, "bodym", tone or "text", CENTRE, elide=False)

    # ---- keys and clicks -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move; Enter and digits type."""
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Home: (0, -999), Qt.Key.Key_End: (0, 999),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if self._view is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self._go(*steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.begin()
        elif event.text().isdecimal():
            self.begin(event.text())
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _go(self, down: int, right: int) -> None:
        """The next place in a direction that holds something; none there, and it stays."""
        view = self._view
        assert view is not None
        row, column = self._at
        if abs(right) > 1:
            places = [at for at, cell in enumerate(view.rows[row].cells) if cell]
            self._at = (row, places[0] if right < 0 else places[-1])
        else:
            row, column = row + down, column + right
            while 0 <= row < len(view.rows) and 0 <= column < len(view.sizes):
                if view.rows[row].cells[column] is not None:
                    self._at = (row, column)
                    break
                row, column = row + down, column + right
        self._keep_in_view()
        self._say()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes there; a second one types."""
        view = self._view
        if view is None:
            return
        self.stop()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        for row, one in enumerate(view.rows):
            for column in range(self._first, min(self._first + self._fitting(), len(view.sizes))):
                if one.cells[column] is not None and self._cell_rect(row, column).contains(event.position()):
                    again = (row, column) == self._at and event.type() == QEvent.Type.MouseButtonDblClick
                    self._at = (row, column)
                    self._say()
                    self.update()
                    if again:
                        self.begin()
                    return

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type a number."""
        self.mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter counts; Esc leaves the number as it was, and so does going elsewhere."""
        if watched is self.edit and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self.stop()
                return True
            if event.key() in {
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
            }:  # else the grid would take it for its own
                self._commit()
                return True
        if watched is self.edit and event.type() == QEvent.Type.FocusOut and self.typing():
            self.edit.hide()
            self.say("")
            self.update()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The place stays in view."""
        super().resizeEvent(event)
        if self._view is not None:
            self._keep_in_view()

    def _say(self) -> None:
        """What a screen reader reads of the place."""
        cell, view = self.cell(), self._view
        if cell is None or view is None:
            return
        row, column = self._at
        name = " · ".join(part for part in (view.rows[row].colour, view.sizes[column]) if part)
        self.setAccessibleName(f"{name}: {self._look.quantity(cell.on_hand_milli)}")


def _shown(cells: tuple[CellView | None, ...]) -> list[int]:
    return [cell.on_hand_milli for cell in cells if cell is not None]
