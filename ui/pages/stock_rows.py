"""How the Stock page is drawn: the list with its head, the tiles, the movements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QWidget

from ui.widgets.ink import LEFT, RIGHT, Ink, chip_width, two_lines
from ui.widgets.thumb import paint_thumb

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from pos.services.shelf import MovementView, ShelfRow
    from pos.services.views import ProductView
    from ui.theme.look import Look

ROW_HEIGHT = 56
MOVE_HEIGHT = 45
_STATES = {
    "ok": ("ok", "check"),
    "low": ("warn", "alert-triangle"),
    "out": ("danger", "circle-x"),
    "none": ("grey", ""),
}
_MOVES = {
    "opening": ("package", "grey"),
    "purchase": ("package", "ok"),
    "sale": ("shopping-cart", "info"),
    "return": ("truck-return", "ok"),
    "adjustment": ("adjustments", "warn"),
    "damage": ("trash", "danger"),
    "count": ("adjustments", "warn"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the list stand: (x, width) of each; a width of 0 means that there is no room for it."""

    product: tuple[float, float]
    category: tuple[float, float]
    bar: tuple[float, float]
    reserved: tuple[float, float]
    hand: tuple[float, float]
    price: tuple[float, float]
    state: tuple[float, float]


def columns(look: Look, width: float, *, marked: bool) -> Columns:
    """The columns of a list this wide; wide ones gain columns rather than longer names.

    The bar stands against the minimum, so it has a column only where a product is `marked` with one.
    """
    chips = [look.word(f"state_{name}") for name in (*_STATES, "archived")]
    state = max(chip_width(look, word, "check") for word in chips)
    hand, price, bar, gap = look.px(100), look.px(100), 96, 16
    right = width - 16 - state
    state_x = right
    price_x = right - 12 - price
    hand_x = price_x - 8 - hand
    least = 56 + look.px(150)
    x = hand_x - gap
    spread = width >= look.px(1000)
    reserved = look.px(110) if spread else 0
    reserved_x = x - reserved
    x = reserved_x - (gap if reserved else 0)
    has_bar = marked and x - bar - gap > 16 + least
    bar_x = x - bar if has_bar else x
    x = bar_x - (gap if has_bar else 0)
    category = look.px(130) if spread else 0
    category_x = x - category
    x = category_x - (gap if category else 0)
    return Columns(
        (16, x - 16),
        (category_x, category),
        (bar_x, bar if has_bar else 0),
        (reserved_x, reserved),
        (hand_x, hand),
        (price_x, price),
        (state_x, state),
    )


def state_of(row: ShelfRow) -> tuple[str, str, str]:
    """A product's state: the word's name, the tone and the icon of its chip."""
    if row.archived:
        return "state_archived", "grey", "archive"
    tone, icon = _STATES[row.state]
    return f"state_{row.state}", tone, icon


def kinds(look: Look, product: ProductView) -> str:
    """What kinds a product comes in: `৪ রং × ৫ মাপ`, `৫০০ গ্রাম, ১ কেজি`; empty where it is sold as it is."""
    colours = list(dict.fromkeys(v.colour for v in product.variants if v.colour))
    sizes = list(dict.fromkeys(v.size for v in product.variants if v.size))
    if colours and sizes:
        return look.word("colours_by_sizes", colours=look.count(len(colours)), sizes=look.count(len(sizes)))
    if sizes and len(sizes) < 3:
        return look.digits(", ".join(sizes))
    if colours or sizes:
        return look.word("n_colours" if colours else "n_sizes", n=look.count(len(colours or sizes)))
    return ""


def say_product(look: Look, row: ShelfRow | None) -> str:
    """What a screen reader reads of a row."""
    if row is None:
        return ""
    p = row.product
    state = look.word(state_of(row)[0])
    amount = look.quantity(p.on_hand_milli, p.unit)
    return f"{look.either(p.name_bn, p.name_en)}, {p.sku}, {amount}, {state}, {look.money(p.price_paisa)}"


def draw_product(
    ink: Ink,
    rect: QRect,
    row: ShelfRow | None,
    picture: Path | None,
    *,
    selected: bool,
    focus: bool,
    marked: bool,
) -> None:
    """One product of the list; `focus` says that the list has the focus, `marked` that products have minimums."""
    look = ink.look
    area = QRectF(rect)
    ink.ground(area, selected=selected, focus=focus)
    if row is None:
        return
    p, at = row.product, columns(look, area.width(), marked=marked)
    top, under = two_lines(look, area)

    def line(place: tuple[float, float], y: float, style: str) -> QRectF:
        return QRectF(area.x() + place[0], y, place[1], look.line(style))

    side = min(40.0, area.height() - 8)
    thumb = QRectF(area.x() + at.product[0], area.center().y() - side / 2, side, side)
    paint_thumb(ink, thumb, p.sku, p.name_bn, p.name_en, p.category, picture)
    name = (at.product[0] + 52, at.product[1] - 52)
    ink.text(line(name, top, "bodym"), look.either(p.name_bn, p.name_en), "bodym")
    more = kinds(look, p)
    ink.text(line(name, under, "sm"), f"{p.sku}  ·  {more}" if more else p.sku, "sm", "text3")
    word, tone, icon = state_of(row)
    if at.category[1]:
        category = look.word_or(f"category_{p.category}", p.category) if p.category else "–"
        ink.text(line(at.category, area.center().y() - look.line("sm") / 2, "sm"), category, "sm", "text2")
    if at.bar[1] and p.minimum_milli:
        place = QRectF(area.x() + at.bar[0], area.center().y() - 4, at.bar[1], 8)
        draw_bar(ink, place, p.free_milli, p.minimum_milli, tone)
    if at.reserved[1]:
        held = look.quantity(p.reserved_milli, p.unit) if p.reserved_milli else "–"
        ink.text(line(at.reserved, area.center().y() - look.line("sm") / 2, "sm"), held, "sm", "text2", RIGHT)
    bad = tone if tone in {"warn", "danger"} else "text"
    figure(ink, line(at.hand, top, "bodyb"), look.quantity(p.on_hand_milli, p.unit), bad)
    ink.text(line(at.hand, under, "sm"), under_amount(look, row), "sm", "text3", RIGHT)
    figure(ink, line(at.price, top, "bodyb"), look.money(p.price_paisa))
    bought = "" if p.cost_paisa is None else look.money(p.cost_paisa)
    cost = look.word("cost_is", amount=bought) if bought else ""
    if look.width(cost, "sm") > at.price[1]:  # the word gives way, never the amount
        cost = bought
    ink.text(line(at.price, under, "sm"), cost, "sm", "text3", RIGHT, elide=False)
    text, chip = look.word(word), look.px(24)
    place = QRectF(area.x() + at.state[0], area.center().y() - chip / 2, chip_width(look, text, icon), chip)
    ink.chip(place, text, tone, icon)


def under_amount(look: Look, row: ShelfRow) -> str:
    """The line under what is in hand: the minimum; what orders hold, where that alone makes it low."""
    p = row.product
    least = p.minimum_milli or 0
    if p.on_hand_milli > least >= p.free_milli:
        return look.word("reserved_is", quantity=look.quantity(p.reserved_milli))
    return "" if p.minimum_milli is None else look.word("minimum_is", quantity=look.quantity(least))


def figure(ink: Ink, rect: QRectF, text: str, token: str = "text") -> None:
    """A figure in its column; a long one is written smaller, never cut and never over its neighbour."""
    style = next((one for one in ("bodyb", "smb") if ink.look.width(text, one) <= rect.width()), "minib")
    ink.text(rect, text, style, token, RIGHT, elide=False)


def draw_bar(ink: Ink, rect: QRectF, free_milli: int, minimum_milli: int, tone: str) -> None:
    """How much there is, against four times the minimum, with a mark at the minimum."""
    ink.box(rect, "surface3", None, rect.height() / 2)
    share, mark = min(1.0, max(0.0, free_milli / (minimum_milli * 4))), 0.25
    if share > 0:
        fill = QRectF(rect.x(), rect.y(), max(rect.height(), rect.width() * share), rect.height())
        ink.box(fill, "bar1" if tone == "ok" else "warnI", None, rect.height() / 2)
    # Light inside the filled part, where a dark mark would not be seen.
    inside = share > mark
    over = 0 if inside else 1
    place = QRectF(rect.x() + rect.width() * mark, rect.y() - over, 1.5, rect.height() + 2 * over)
    ink.painter.fillRect(place, ink.look.color("surface" if inside else "text2"))


class ListHead(QWidget):
    """The head of the list."""

    def __init__(self, look: Look, rows: QAbstractScrollArea) -> None:
        super().__init__()
        self._look, self._rows = look, rows
        self.marked = True  # whether any product has a minimum
        self.setFixedHeight(look.px(36))
        rows.viewport().installEventFilter(self)

    def mark(self, *, marked: bool) -> None:
        """Whether any product has a minimum, which the bars stand against."""
        if marked != self.marked:
            self.marked = marked
            self.update()
            self._rows.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Its columns stand over those of the rows, also beside a scroll bar."""
        if event.type() == QEvent.Type.Resize:
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Name the columns."""
        look = self._look
        ink = Ink(look, QPainter(self))
        at = columns(look, self._rows.viewport().width(), marked=self.marked)
        heads = (
            (at.product, "product_word", LEFT), (at.category, "category", LEFT), (at.bar, "quantity", LEFT),
            (at.reserved, "reserved_word", RIGHT), (at.hand, "in_hand_word", RIGHT), (at.price, "price", RIGHT),
            (at.state, "state_word", LEFT),
        )  # fmt: skip
        for (x, width), word, side in heads:
            if width:
                ink.text(QRectF(x, 0, width, self.height()), look.word(word), "cap", "text2", side)
        ink.rule(0, self.height() - 1, self.width(), "border")
        ink.painter.end()


class Tiles(QWidget):
    """Figures of the whole shelf, side by side: (icon, tone, word, value) of each."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._items: list[tuple[str, str, str, str]] = []
        self.setFixedHeight(look.px(64))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, items: list[tuple[str, str, str, str]], tip: str = "") -> None:
        """Show these; `tip` is said when the pointer rests."""
        self._items = items
        self.setToolTip(tip)
        self.setAccessibleName(", ".join(f"{word} {value}" for _, _, word, value in items))
        self.update()

    def sizeHint(self) -> QSize:
        """The width is given."""
        return QSize(600, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them; icons give way first, then the size of the figures."""
        if not self._items:
            return
        look = self._look
        ink = Ink(look, QPainter(self))
        for style, side in (("num", look.px(40)), ("num", 0), ("h2", 0), ("bodyb", 0)):
            needs = [
                max(look.width(word, "cap"), look.width(value, style)) + (side + 12 if side else 0) + 24
                for _, _, word, value in self._items
            ]
            if sum(needs) + 12 * (len(needs) - 1) <= self.width():
                break
        even = (self.width() - 12 * (len(needs) - 1)) / len(needs)
        widths = (
            [even] * len(needs)
            if max(needs) <= even
            else _shared(needs, self.width() - 12 * (len(needs) - 1))
        )
        x = 0.0
        for (icon, tone, word, value), width in zip(self._items, widths, strict=True):
            rect = QRectF(x, 0, width, self.height())
            ink.box(rect, "surface", "border", 8)
            inner = x + 12
            if side:
                square = QRectF(inner, (self.height() - side) / 2, side, side)
                ink.box(square, f"{tone}S", None, 8)
                ink.icon(square.center().x() - 11, square.center().y() - 11, icon, 22, tone)
                inner += side + 12
            high = look.line("cap") + look.line(style) - 4
            top = (self.height() - high) / 2
            room = rect.right() - 8 - inner
            ink.text(QRectF(inner, top, room, look.line("cap")), word, "cap", "text2")
            ink.text(
                QRectF(inner, top + look.line("cap") - 4, room, look.line(style)), value, style, elide=False
            )
            x += width + 12
        ink.painter.end()


def _shared(needs: list[int], width: float) -> list[float]:
    free = max(0.0, width - sum(needs)) / len(needs)
    return [need + free for need in needs]


def draw_move(ink: Ink, rect: QRect, move: MovementView, today: dt.date, day: dt.date) -> None:
    """One movement: what it was, how much, and what was there after it."""
    look = ink.look
    area = QRectF(rect)
    icon, tone = _MOVES.get(move.kind, ("dots", "grey"))
    if move.reversal:
        icon, tone = "arrow-back-up", "ok"
    circle = QRectF(area.x(), area.center().y() - 14, 28, 28)
    ink.box(circle, f"{tone}S", None, 14)
    ink.icon(circle.center().x() - 8, circle.center().y() - 8, icon, 16, tone)
    after = f"→ {look.quantity(move.balance_milli)}"
    after_width = max(look.px(52), look.width(after, "sm") + 4)
    ink.text(
        QRectF(area.right() - after_width, area.y(), after_width, area.height()), after, "sm", "text3", RIGHT,
        elide=False,
    )  # fmt: skip
    amount = ("+" if move.qty_milli > 0 else "") + look.quantity(move.qty_milli)
    width = look.width(amount, "bodyb") + 8
    x = area.right() - after_width - 8 - width
    ink.text(
        QRectF(x, area.y(), width, area.height()), amount, "bodyb", "ok" if move.qty_milli > 0 else "text",
        RIGHT, elide=False,
    )  # fmt: skip
    high = look.line("sm") * 2
    top = area.y() + (area.height() - high) / 2
    room = x - 8 - (circle.right() + 10)
    first, second = move_words(look, move, today, day)
    ink.text(QRectF(circle.right() + 10, top, room, look.line("sm")), first, "cap")
    ink.text(QRectF(circle.right() + 10, top + look.line("sm"), room, look.line("sm")), second, "sm", "text3")


def move_words(look: Look, move: MovementView, today: dt.date, day: dt.date) -> tuple[str, str]:
    """The two lines of a movement: `অর্ডার A-26-000147 · নীল ৪২`, `আজ ৫:০২ PM · নাসরিন`."""
    name = "move_sale_back" if move.reversal else f"move_{move.kind}"
    what = look.word(name, number=move.order) if move.order else look.word(name, number="")
    kind = look.digits(" ".join(part for part in (move.colour, move.size) if part))
    when = f"{look.day(day, today)} {look.time(move.at_ms)}"
    first = " · ".join(part for part in (what, kind) if part)
    return first, " · ".join(part for part in (when, move.note or move.operator) if part)


def say_move(look: Look, move: MovementView, today: dt.date, day: dt.date) -> str:
    """What a screen reader reads of a movement."""
    first, second = move_words(look, move, today, day)
    return f"{first}, {look.quantity(move.qty_milli)}, {second}"


class HeadFigure(QWidget):
    """A figure over its word, as the head of the pane has four of."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._word, self._value, self._token = look, "", "", "text"
        self.setFixedHeight(look.line("sm") + look.line("h2"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_figure(self, word: str, value: str, token: str = "text") -> None:
        """Another figure."""
        self._word, self._value, self._token = word, value, token
        self.setAccessibleName(f"{word} {value}")
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the word, and for the figure written small."""
        width = max(self._look.width(self._word, "sm"), self._look.width(self._value, "smb"))
        return QSize(width, self.height())

    def sizeHint(self) -> QSize:
        """The same."""
        return self.minimumSizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it; a long figure is written smaller, never cut."""
        look = self._look
        ink = Ink(look, QPainter(self))
        ink.text(QRectF(0, 0, self.width(), look.line("sm")), self._word, "sm", "text2")
        style = next(
            (one for one in ("h2", "bodyb", "smb") if look.width(self._value, one) <= self.width()), "smb"
        )
        rect = QRectF(0, look.line("sm"), self.width(), look.line("h2"))
        ink.text(rect, self._value, style, self._token, elide=False)
        ink.painter.end()
