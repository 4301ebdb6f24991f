"""The paper beside an order: receipt or invoice as it will be printed, and the ways to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import keys
from ui.pages.orders_preview import scrolling
from ui.widgets.arrange import column, row
from ui.widgets.button import Button, Segments
from ui.widgets.receipt_view import torn_paper
from ui.widgets.text import Box, Icon, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.printing.preview import Picture
    from ui.presenters.order import Order
    from ui.presenters.printing import Kind
    from ui.theme.look import Look

_MARGIN = 0.05  # of a receipt's width: the roll is a little wider than what the head prints


class Papers(QWidget):
    """The pages of a paper under each other, each as wide as this is.

    Signals:
        widened: how many pixels of the device a page is wide now.
    """

    widened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._roll = True
        self._pictures: Sequence[Picture] = ()
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(look.word("paper_preview"))

    def wanted_px(self) -> int:
        """How many pixels of the device a page should have."""
        return round(self.width() * (1 - 2 * self._margin()) * self.devicePixelRatioF())

    def _margin(self) -> float:
        return _MARGIN if self._roll else 0.0

    def show_pictures(self, pictures: Sequence[Picture], *, roll: bool) -> None:
        """Show these pages, of a roll or of sheets."""
        turned = roll != self._roll
        self._roll, self._pictures = roll, pictures  # the images only wrap the pictures' bytes
        form = QImage.Format.Format_Grayscale8 if roll else QImage.Format.Format_RGBX8888
        self._images = [QImage(p.pixels, p.width, p.height, p.stride, form) for p in pictures]
        self.setFixedHeight(sum(self._high(image) + 12 for image in self._images) or 40)
        if turned:
            self.widened.emit(self.wanted_px())
        self.update()

    def _high(self, image: QImage) -> int:
        wide = self.width() * (1 - 2 * self._margin())
        return round(image.height() * wide / max(1, image.width())) + (20 if self._roll else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width asks for other pictures: letters are never stretched for long."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(sum(self._high(image) + 12 for image in self._images) or 40)
            self.widened.emit(self.wanted_px())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paper first, then what stands on it."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        y, wide = 0.0, float(self.width())
        for image in self._images:
            high = self._high(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setPen(self._look.color("border"))
            painter.setBrush(self._look.color("paper"))
            if self._roll:
                painter.drawPolygon(torn_paper(wide, high, y))
            else:
                painter.drawRect(QRectF(0, y, wide - 1, high - 1))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            side = wide * self._margin()
            rest = high - (20 if self._roll else 0)
            painter.drawImage(QRectF(side, y + (8 if self._roll else 0), wide - 2 * side, rest), image)
            y += high + 12
        painter.end()


class PaperPane(Box):
    """Preview and buttons.

    Signals:
        saved: as a PDF, at a place that the vendor names.
        printed: now.
    """

    saved = Signal()
    printed = Signal()

    def __init__(self, look: Look, order: Order) -> None:
        super().__init__(look, "surface", "border", 0, "l")
        self._order = order
        self._drawn = -1
        self.kind = Segments(
            look,
            [
                ("receipt", look.word("paper_receipt"), "receipt"),
                ("invoice", look.word("paper_invoice"), "file-invoice"),
            ],
        )  # fmt: skip
        self.kind.chosen.connect(order.choose_paper)
        self.papers = Papers(look)
        self.papers.widened.connect(order.preview)
        self.area = scrolling(column(self.papers, "*", gap=0, margins=(22, 12, 22, 0)))
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(look.word("paper_preview"))
        desk = Box(look, "surface3", "border", 8, layout=column((self.area, 1), gap=0, margins=(2, 2, 2, 2)))
        self.where_icon = Icon(look, "printer", 18, "text3")
        self.where = Text(look, "", "sm", "text2", elide=True)
        self.save = Button(look, look.word("save_pdf"), icon="download", tip=keys.cap("save_pdf"))
        self.save.clicked.connect(self.saved)
        self.print = Button(look, look.word("print_now"), "primary", icon="printer", key=keys.cap("print"))
        self.print.clicked.connect(self.printed)
        self.setLayout(
            column(
                self.kind, (desk, 1), row(self.where_icon, (self.where, 1), gap=6),
                row(self.save, (self.print, 1)), gap=10, margins=(13, 12, 12, 12),
            )
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        """The page says how wide it is."""
        return QSize(self._look.px(360), 400)

    def draw(self) -> None:
        """Show the paper that is chosen, and where it would go."""
        look, order = self._look, self._order
        kind: Kind = order.paper
        self.kind.choose(kind)
        if self._drawn != order.drawn:
            self._drawn = order.drawn
            self.papers.show_pictures(order.pictures, roll=kind == "receipt")
        printing = order.printing
        printer, form = printing.printer(kind), printing.form(kind)
        size = look.word("paper_mm", mm=look.digits(form)) if kind == "receipt" else form
        self.where.setText(f"{printer or look.word('goes_to_pdf')} · {size}")
        self.where_icon.change("printer" if printer else "printer-off", "text3")
        out = printing.under_way(order.number, kind)
        self.print.relabel(look.word("printing_now" if out else "print_now"))
        self.print.setEnabled(not out)
