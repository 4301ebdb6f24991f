"""A receipt as it will come out of the printer: the very PDF, on paper torn off at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from pos.printing.preview import page_picture, page_sizes
from ui.widgets.arrange import column, row
from ui.widgets.text import Box, Icon, Text

if TYPE_CHECKING:
    from ui.theme.look import Look

_TOOTH: Final = 8  # pixels from tear to tear
_DEPTH: Final = 4
_EDGE: Final = 0.05  # of the paper's width that the print head does not reach, on either side
_TOP: Final = 8
_BESIDES: Final = _TOP + _DEPTH + 8  # of its height that the picture does not take
_LEAST: Final = 0.75  # of the room's width: below that letters are too small, and the foot goes out of sight


class ReceiptView(QWidget):
    """Shows the first page of a receipt's PDF; as high as the paper is, at the width that it is given."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._pdf: bytes | None = None
        self._image: QImage | None = None
        self._pixels = b""  # the image only wraps them
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pdf(self, pdf: bytes | None) -> None:
        """Show this paper."""
        if pdf is not self._pdf:
            self._pdf = pdf
            self._render()

    def wide_for(self, high: int) -> int:
        """The width at which the whole paper is this high; 0 while there is none."""
        if self._pdf is None:
            return 0
        wide, long = page_sizes(self._pdf)[0]
        return int((high - _BESIDES) * wide / long / (1 - 2 * _EDGE))

    def sizeHint(self) -> QSize:
        """As high as the paper."""
        return QSize(280, self._high())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width asks for another picture: letters are never stretched."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._render()

    def _high(self) -> int:
        if self._image is None:
            return 120
        return round(self._image.height() / self._image.devicePixelRatio()) + _BESIDES

    def _render(self) -> None:
        ratio = self.devicePixelRatioF()
        width = round(self.width() * (1 - 2 * _EDGE) * ratio)
        if self._pdf is not None and width > 40:
            picture = page_picture(self._pdf, 0, width, grey=True)
            self._pixels = picture.pixels
            image = QImage(
                self._pixels, picture.width, picture.height, picture.stride, QImage.Format.Format_Grayscale8
            )
            image.setDevicePixelRatio(ratio)
            self._image = image
        self.setFixedHeight(self._high())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The paper, then what stands on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.color("border"))
        painter.setBrush(self._look.color("paper"))
        painter.drawPolygon(torn_paper(self.width(), self.height()))
        if self._image is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.drawImage(QPointF(round(self.width() * _EDGE), _TOP), self._image)
        painter.end()


def torn_paper(wide: float, high: float, top: float = 0.0) -> QPolygonF:
    """The outline of a piece of a roll: straight on three sides, torn at the foot."""
    wide, foot = wide - 1.0, top + high - 1.0
    points = [QPointF(0, top), QPointF(wide, top), QPointF(wide, foot - _DEPTH)]
    teeth = max(1, round(wide / _TOOTH))
    step = wide / teeth
    for at in range(teeth, 0, -1):
        points.append(QPointF((at - 0.5) * step, foot))
        points.append(QPointF((at - 1) * step, foot - _DEPTH))
    return QPolygonF(points)


class _Roll(QScrollArea):
    """Holds a paper as wide as lets it be seen whole, in the room that there is."""

    def __init__(self, receipt: ReceiptView) -> None:
        super().__init__()
        self._receipt = receipt
        paper = QWidget()
        paper.setProperty("clear", True)
        layout = column(receipt, "*")
        layout.setAlignment(receipt, Qt.AlignmentFlag.AlignHCenter)
        paper.setLayout(layout)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(paper)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height asks for another width."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give the paper its width."""
        room = self.viewport().size()
        wide = self._receipt.wide_for(room.height()) or room.width()
        self._receipt.setFixedWidth(max(round(room.width() * _LEAST), min(wide, room.width())))


class ReceiptDesk(Box):
    """The desk that the paper lies on; it never follows the paper's size, or they would chase each other."""

    def __init__(self, look: Look, sides: str = "") -> None:
        word = look.word("first_preview")
        self.receipt = ReceiptView(look, word)
        self._roll = _Roll(self.receipt)
        head = row(Icon(look, "eye", 16, "text2"), (Text(look, word, "sm", "text2", elide=True), 1))
        layout = column(head, (self._roll, 1), gap=14, margins=(24, 20, 24, 12))
        super().__init__(look, "surface3", "border" if sides else None, 0, sides, layout)

    def show_pdf(self, pdf: bytes | None) -> None:
        """Lay this paper there."""
        self.receipt.show_pdf(pdf)
        self._roll.fit()
