"""The right side of the Stock page: one product with its figures, its sizes and colours, and how it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pos.domain.times import dhaka_day
from ui import keys
from ui.pages.stock_rows import MOVE_HEIGHT, HeadFigure, draw_move, say_move
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.ink import RIGHT, Ink
from ui.widgets.matrix import Matrix
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Box, Text
from ui.widgets.thumb import paint_thumb

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import Clock
    from pos.services.shelf import MatrixView, MovementView
    from pos.services.views import ProductView
    from ui.presenters.stock import Detail, Stock
    from ui.theme.look import Look


class Thumb(QWidget):
    """A product's square."""

    def __init__(self, look: Look, size: int = 48) -> None:
        super().__init__()
        self._look = look
        self._product: ProductView | None = None
        self._picture: Path | None = None
        self.setFixedSize(size, size)

    def show_product(self, product: ProductView | None, picture: Path | None) -> None:
        """Another product."""
        self._product, self._picture = product, picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its picture, or what stands for it."""
        ink = Ink(self._look, QPainter(self))
        p, rect = self._product, QRectF(self.rect())
        if p is not None:
            paint_thumb(ink, rect, p.sku, p.name_bn, p.name_en, p.category, self._picture)
        elif self._picture is not None:
            paint_thumb(ink, rect, "", "", "", "", self._picture)
        else:
            ink.box(rect, "surface3", None, 6)
            size = 32
            ink.icon(rect.center().x() - size / 2, rect.center().y() - size / 2, "photo", size, "text3")
        ink.painter.end()


class Moves(Rows):
    """Movements, the newest first; in a dialog of their own the arrows go through them."""

    def __init__(self, look: Look, clock: Clock, *, walked: bool = False) -> None:
        model = RowsModel(self._say)
        super().__init__(look, model, RowDelegate(look, MOVE_HEIGHT, self._draw), look.word("stock_history"))
        self._look, self._clock, self._walked = look, clock, walked
        if not walked:
            self.setSelectionMode(Rows.SelectionMode.NoSelection)

    def _say(self, move: MovementView) -> str:
        return say_move(self._look, move, dhaka_day(self._clock.now_ms()), dhaka_day(move.at_ms))

    def _draw(self, ink: Ink, rect: QRect, move: MovementView, selected: bool) -> None:
        ink.ground(QRectF(rect), selected=selected, focus=self.hasFocus())
        if self._walked:
            rect = rect.adjusted(12, 0, -12, 0)
        draw_move(ink, rect, move, dhaka_day(self._clock.now_ms()), dhaka_day(move.at_ms))


class StockPane(Box):
    """The product at hand.

    Signals:
        came_in: goods came in.
        counting: count it.
        edited: change the product.
        archived: put it away, or take it back.
        all_moves: its whole history.
    """

    came_in = Signal()
    counting = Signal()
    edited = Signal()
    archived = Signal()
    all_moves = Signal()

    def __init__(self, look: Look, stock: Stock, clock: Clock) -> None:
        self._stock, self._shown = stock, b""
        self.thumb = Thumb(look)
        self.name = Text(look, "", "h2", elide=True)
        self.code = Text(look, "", "sm", "text2", elide=True)
        self.archive = Button(look, "", icon="archive", height=36, tip=look.word("archive_product"))
        self.back = Button(look, "", icon="arrow-back-up", height=36, tip=look.word("unarchive_product"))
        self.edit = Button(
            look, "", icon="pencil", height=36, tip=f"{look.word('edit_product')}  {keys.cap('edit')}"
        )
        names = (column("*", self.name, self.code, "*", gap=0), 1)
        head = Box(
            look, None, "border", 0, "b",
            row(self.thumb, names, self.archive, self.back, self.edit, gap=8, margins=(16, 0, 16, 0)),
        )  # fmt: skip
        head.setFixedHeight(look.px(72))
        self.figures = [HeadFigure(look) for _ in range(4)]
        rule = Box(look, "line", None, 0)
        rule.setFixedHeight(1)
        self.matrix = Matrix(look)
        self.matrix_title = Text(look, "", "bodyb")
        self.matrix_head = QWidget()
        hint = Text(look, look.word("matrix_hint"), "sm", "text3", align=RIGHT, elide=True)
        self.matrix_head.setLayout(row(self.matrix_title, (hint, 1), gap=12))
        self.see_all = Button(look, look.word("see_all"), "link", height=28)
        history = row(Text(look, look.word("stock_history"), "bodyb"), "*", self.see_all)
        self.moves = Moves(look, clock)
        self.moves.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.moves.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.no_moves = Text(look, look.word("no_history"), "sm", "text3", elide=True)
        body = QWidget()
        body.setProperty("clear", True)
        body.setLayout(
            column(
                row(*[(figure, 1) for figure in self.figures], gap=8), rule, self.matrix_head, self.matrix,
                4, history, self.no_moves, self.moves, "*", gap=8, margins=(16, 12, 16, 8),
            )
        )  # fmt: skip
        self.area = QScrollArea()
        self.area.setWidget(body)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.goods_in = Button(
            look, look.word("goods_in"), "primary", icon="plus", key=keys.cap("main"), height=44
        )
        self.count = Button(
            look, look.word("count_fix"), icon="adjustments", key=keys.cap("count"), height=44
        )
        foot = Box(
            look, None, "border", 0, "t",
            row((self.goods_in, 1), (self.count, 1), gap=8, margins=(16, 12, 16, 12)),
        )  # fmt: skip
        self.whole = QWidget()
        self.whole.setLayout(column(head, (self.area, 1), foot, gap=0))
        layout = column((self.whole, 1), gap=0, margins=(1, 0, 0, 0))
        super().__init__(look, "surface", "border", 0, "l", layout)
        self._look = look
        self.goods_in.clicked.connect(self.came_in)
        self.count.clicked.connect(self.counting)
        self.edit.clicked.connect(self.edited)
        self.archive.clicked.connect(self.archived)
        self.back.clicked.connect(self.archived)
        self.see_all.clicked.connect(self.all_moves)

    def draw(self) -> None:
        """Show what the presenter holds."""
        detail = self._stock.detail
        self.whole.setVisible(detail is not None)
        if detail is None:
            self._shown = b""
            return
        self._head(detail)
        if detail.row.id != self._shown:
            self._shown = detail.row.id
            self.matrix.begin_at()
            self.area.verticalScrollBar().setValue(0)
        self.matrix_head.setVisible(detail.matrix is not None)
        if detail.matrix is not None:
            self.matrix_title.setText(self._look.word(_title(detail.matrix)))
        self.matrix.show_matrix(detail.matrix)
        self.moves.rows.fill(detail.moves)
        self.moves.setFixedHeight(len(detail.moves) * self._look.px(MOVE_HEIGHT))
        self.moves.setVisible(bool(detail.moves))
        self.no_moves.setVisible(not detail.moves)
        self.see_all.setVisible(bool(detail.moves))

    def _head(self, detail: Detail) -> None:
        look, p = self._look, detail.row.product
        self.thumb.show_product(p, self._stock.picture(p))
        name = look.either(p.name_bn, p.name_en)
        self.name.setText(name)
        self.name.setToolTip(name)
        category = look.word_or(f"category_{p.category}", p.category) if p.category else ""
        barcode = look.word("barcode_is", barcode=p.barcode) if p.barcode else ""
        code = " · ".join(part for part in (p.sku, category, barcode) if part)
        short = " · ".join(part for part in (p.sku, p.barcode) if part)
        room = self.width() - 2 * look.px(36) - 48 - 64  # what buttons, picture and gaps leave
        self.code.setText(next((one for one in (code, short) if look.width(one, "sm") <= room), p.sku))
        self.setToolTip(code)
        away = detail.row.archived
        self.archive.setVisible(not away)
        self.back.setVisible(away)
        for button in (self.goods_in, self.count, self.edit):
            button.setEnabled(not away)
        self.matrix.setEnabled(not away)
        shown = (
            ("in_hand_word", p.on_hand_milli, "text"),
            ("reserved_word", p.reserved_milli, "text"),
            ("free_word", p.free_milli, "ptext" if p.free_milli > 0 else "danger"),
            ("sold_week", detail.sold_milli, "text"),
        )
        for figure, (word, milli, token) in zip(self.figures, shown, strict=True):
            figure.show_figure(look.word(word), look.quantity(milli, p.unit), token)


def _title(matrix: MatrixView) -> str:
    if not any(matrix.sizes):
        return "matrix_colours"
    return "matrix_title" if any(row.colour for row in matrix.rows) else "matrix_sizes"
