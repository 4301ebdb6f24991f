"""How the rows of the list of orders are drawn, and the head over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos.domain.times import dhaka_day
from pos.l10n.goods import short_goods
from pos.l10n.unit_names import status_name
from ui.widgets.ink import RIGHT, Ink, chip_width, two_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container

    from pos.services.order_book import OrderRow
    from ui.theme.look import Look

ROW_HEIGHT: Final = 56
HEAD_HEIGHT: Final = 36
_PAD = 16
TICK_WIDTH: Final = 49  # of the column with the boxes: a click in it ticks
_BOX = 18
_GAP = 16
_WIDE = 1000  # of the list: the address has a column of its own
# stage: tone and icon of its chip
_STAGES: Final = {
    "confirmed": ("info", "bolt"),
    "checked": ("warn", "package"),
    "packed": ("ok", "package"),
    "handed_over": ("violet", "truck-delivery"),
    "delivered": ("ok", "circle-check"),
    "cancelled": ("grey", "circle-x"),
    "returned": ("danger", "truck-return"),
    "partly_returned": ("danger", "truck-return"),
}


def stage_chip(look: Look, stage: str) -> tuple[str, str, str]:
    """Word, tone and icon of an order's state."""
    tone, icon = _STAGES.get(stage, ("grey", "info-circle"))
    return status_name(stage, look.locale.lang), tone, icon


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a list stand: (x, width) each, a width of 0 for one that is left out."""

    number: tuple[float, float]
    buyer: tuple[float, float]
    goods: tuple[float, float]
    place: tuple[float, float]
    money: tuple[float, float]
    state: tuple[float, float]


class OrderLines:
    """Draws orders as rows.

    Attributes:
        today: the present day, since only other days are named.
        one_hat: all rows are of one hat, so that its day goes without saying.
        ticked: the orders whose box is ticked.
        every: whether all in the list are.
    """

    def __init__(self, look: Look, today: dt.date) -> None:
        self.look, self.today, self.one_hat = look, today, True
        self.ticked: Container[bytes] = ()
        self.every: bool | None = False  # None: some of them
        chips = [stage_chip(look, stage) for stage in _STAGES]
        self._state = max(chip_width(look, word, icon) for word, _, icon in chips)
        self._number = max(
            look.width("A7K-26-000147", "bodym"), look.width(f"{look.day(today, today)} ০০:০০ PM", "sm")
        )
        self._money = max(
            look.width(look.money(123_456_700), "bodyb"),
            look.width(look.word("paid_whole"), "sm"),
            look.width(look.word("cod_sum", cod_paisa=12_345_600), "smb"),
        )
        self._buyer = look.width(look.digits("01712-345678"), "sm")

    def columns(self, width: float) -> Columns:
        """The columns of a list of this width."""
        end = width - _PAD
        state = (end - self._state, self._state)
        money = (state[0] - _GAP - self._money, self._money)
        number = (TICK_WIDTH, self._number)
        left = number[0] + number[1] + _GAP
        free = money[0] - _GAP - left
        buyer = max(self._buyer, free * 0.38) if free >= self._buyer * 2 else free
        goods = free - buyer - _GAP
        if goods < self._buyer * 0.8:
            return Columns(number, (left, free), (0, 0), (0, 0), money, state)
        at = left + buyer + _GAP
        if width < _WIDE:
            return Columns(number, (left, buyer), (at, goods), (0, 0), money, state)
        buyer = free * 0.26
        at = left + buyer + _GAP
        goods = (free - buyer - 2 * _GAP) * 0.58
        place = free - buyer - goods - 2 * _GAP
        return Columns(number, (left, buyer), (at, goods), (at + goods + _GAP, place), money, state)

    def head(self, ink: Ink, rect: QRectF) -> None:
        """The names of the columns."""
        look, c = self.look, self.columns(rect.width())
        self.box(ink, rect, on=self.every)
        goods = "orders_head_goods" if c.place[1] else "orders_head_goods_place"
        for (x, width), word, align in (
            (c.number, "orders_head_order", None),
            (c.buyer, "orders_head_customer", None),
            (c.goods, goods, None),
            (c.place, "orders_head_place", None),
            (c.money, "orders_head_money", RIGHT),
            (c.state, "orders_head_state", None),
        ):
            if width:
                cell = QRectF(rect.x() + x, rect.y(), width, rect.height())
                if align is None:
                    ink.text(cell, look.word(word), "cap", "text2")
                else:
                    ink.text(cell, look.word(word), "cap", "text2", align)

    def box(self, ink: Ink, rect: QRectF, *, on: bool | None) -> None:
        """The box of a row: ticked, empty, or with a stroke where only some rows under it are ticked."""
        box = QRectF(rect.x() + 18, rect.center().y() - _BOX / 2, _BOX, _BOX)
        filled = on is None or on
        ink.box(box, "primary" if filled else "surface", "primary" if filled else "control", 4, 1.5)
        if filled:
            ink.icon(box.x() + 2, box.y() + 2, "minus" if on is None else "check", 14, "onprimary")

    def draw(self, ink: Ink, rect: QRect, row: OrderRow | None, *, selected: bool, focus: bool) -> None:
        """One order; `focus` says that the list has the focus."""
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected, focus=focus)
        if row is None:
            return
        self.box(ink, area, on=row.id in self.ticked)
        c = self.columns(area.width())
        top, under = two_lines(look, area)

        def line(column: tuple[float, float], y: float, style: str) -> QRectF:
            return QRectF(area.x() + column[0], y, column[1], look.line(style))

        ink.text(line(c.number, top, "bodym"), row.number, "bodym")
        ink.text(line(c.number, under, "sm"), self.when(row), "sm", "text3")
        buyer, phone = row.buyer or look.phone(row.phone), look.phone(row.phone) if row.buyer else ""
        name = buyer or look.word("walk_in")
        ink.text(
            line(c.buyer, top, "bodym"), name, "bodym" if buyer else "body", "text" if buyer else "text2"
        )
        ink.text(line(c.buyer, under, "sm"), phone, "sm", "text3")
        goods, place = short_goods(row.goods, row.more_lines, look.locale), row.place
        if not place and not row.phone:
            place = look.word("over_the_counter")
        late = look.word("comes_later") if row.oversold and row.status == "confirmed" else ""
        alone = QRectF(area.x() + c.goods[0], area.y(), c.goods[1], area.height())
        if c.place[1]:
            ink.text(line(c.goods, top, "body") if late else alone, goods, "body")
            ink.text(line(c.goods, under, "sm"), late, "sm", "warn")
            ink.text(QRectF(area.x() + c.place[0], area.y(), c.place[1], area.height()), place, "sm", "text2")
        elif c.goods[1]:
            ink.text(line(c.goods, top, "body") if late or place else alone, goods, "body")
            cell = line(c.goods, under, "sm")
            if late:
                cell.setLeft(cell.x() + ink.text(cell, f"{late} · ", "sm", "warn"))
            ink.text(cell, place, "sm", "text3")
        cancelled = row.status == "cancelled"
        total = look.money(row.total_paisa)
        token = "text3" if cancelled else "text"
        ink.text(line(c.money, top, "bodyb"), total, "bodyb", token, RIGHT, elide=False)
        word, style, tone = self.paid(row)
        ink.text(line(c.money, under, style), word, style, tone, RIGHT, elide=False)
        word, tone, icon = stage_chip(look, row.stage)
        wide, tall = chip_width(look, word, icon), look.px(24)
        ink.chip(QRectF(area.x() + c.state[0], area.center().y() - tall / 2, wide, tall), word, tone, icon)

    def when(self, row: OrderRow) -> str:
        """The time, with its day where that is not told by the list itself."""
        look, day = self.look, dhaka_day(row.taken_at_ms)
        time = look.time(row.taken_at_ms)
        if day == self.today or (self.one_hat and day == row.hat):
            return time
        return look.day(day, self.today) if not self.one_hat else f"{look.short_day(day)}"

    def paid(self, row: OrderRow) -> tuple[str, str, str]:
        """How the money stands: word, style, colour."""
        if row.status in {"cancelled", "returned"}:
            return "", "sm", "text3"
        if row.cod_paisa:
            return self.look.word("cod_sum", cod_paisa=row.cod_paisa), "smb", "warn"
        if row.due_paisa:
            return self.look.word("due_sum", due_paisa=row.due_paisa), "smb", "danger"
        return self.look.word("paid_whole"), "sm", "ok"

    def say(self, row: OrderRow | None) -> str:
        """What a screen reader reads of a row."""
        if row is None:
            return ""
        look = self.look
        parts = (
            row.number, row.buyer or look.phone(row.phone), short_goods(row.goods, row.more_lines, look.locale),
            row.place, look.money(row.total_paisa), self.paid(row)[0], stage_chip(look, row.stage)[0],
            look.word("ticked") if row.id in self.ticked else "",
        )  # fmt: skip
        return ", ".join(part for part in parts if part)


class OrdersHead(QWidget):
    """The names of the columns over the list.

    Signals:
        ticked: its box was clicked.
    """

    ticked = Signal()

    def __init__(self, lines: OrderLines, over: QWidget) -> None:
        """The head.

        Args:
            lines: what draws the rows.
            over: the part of the list that rows are drawn in, without its scroll bar.
        """
        super().__init__()
        self._lines, self._over = lines, over
        self.setFixedHeight(lines.look.px(HEAD_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(lines.look.word("tick_all"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the box ticks all."""
        if event.position().x() < TICK_WIDTH:
            self.ticked.emit()
        else:
            super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self._lines.look, QPainter(self))
        rect = QRectF(self.rect())
        path = rect.adjusted(0, 0, 0, 8)
        ink.painter.setClipRect(rect)
        ink.box(path, "surface2", None, 7)
        ink.rule(0, rect.bottom() - 1, rect.width(), "border")
        rect.setWidth(self._over.width())
        self._lines.head(ink, rect)
        ink.painter.end()
