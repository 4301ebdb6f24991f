"""How the rows of the Sell page are drawn: results, variants, the question, favourites, cart lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.ink import CENTRE, RIGHT, Ink, chip_width, keycap_width, two_lines
from ui.widgets.text import whole
from ui.widgets.thumb import paint_thumb

if TYPE_CHECKING:
    from pathlib import Path

    from pos.services.views import ProductView, VariantView
    from ui.presenters.cart import Line
    from ui.theme.look import Look

ROW_HEIGHT = 56
_FEW = 1000  # thousandths: the last one of a variant
_WIDE = 900  # a row that has room for variants
_NAME = 300  # of which the name keeps so much


class ResultRow(msgspec.Struct, frozen=True):
    """A product that was found; `asked` is what was searched for, to be underlined."""

    product: ProductView
    asked: str
    picture: Path | None


class VariantRow(msgspec.Struct, frozen=True):
    """One of its variants, to be chosen."""

    product: ProductView
    variant: VariantView


class QuestionRow(msgspec.Struct, frozen=True):
    """There is not enough: shall it be taken anyway? What there is and what is asked for are in thousandths."""

    line: Line
    there_milli: int
    asked_milli: int


class CartRow(msgspec.Struct, frozen=True):
    """A line of the cart with what it comes to; `fault` is what is wrong with it."""

    line: Line
    amount_paisa: int
    price_paisa: int
    oversold: bool
    fault: str


def stock_chip(look: Look, free_milli: int, unit: str, minimum_milli: int | None) -> tuple[str, str, str]:
    """Word, tone and icon of what is left to sell."""
    if free_milli <= 0:
        return look.word("out_of_stock"), "danger", "circle-x"
    few = minimum_milli if minimum_milli is not None else 3000
    quantity = look.quantity(free_milli, unit)
    if free_milli <= few:
        return look.word("only_left", quantity=quantity), "warn", "alert-triangle"
    return look.word("in_hand", quantity=quantity), "grey", ""


def say_row(look: Look, row: object) -> str:
    """What a screen reader reads of a row."""
    if isinstance(row, ResultRow):
        p = row.product
        chip = stock_chip(look, p.free_milli, p.unit, p.minimum_milli)[0]
        return f"{look.either(p.name_bn, p.name_en)}, {p.sku}, {chip}, {look.money(p.price_paisa)}"
    if isinstance(row, VariantRow):
        chip = stock_chip(look, row.variant.free_milli, row.product.unit, None)[0]
        return f"{variant_name(look, row.variant)}, {chip}, {look.money(row.variant.price_paisa)}"
    if isinstance(row, QuestionRow):
        name = look.either(row.line.name_bn, row.line.name_en)
        return f"{name}: {not_enough(look, row)}. {look.word('take_anyway')}, {look.word('comes_later')}"
    if isinstance(row, CartRow):
        name = look.either(row.line.name_bn, row.line.name_en)
        return f"{name}, {look.quantity(row.line.qty_milli, row.line.unit)}, {look.money(row.amount_paisa)}"
    return ""


def not_enough(look: Look, row: QuestionRow) -> str:
    """`২৪ কেজি আছে, চাইছেন ১,০০০ কেজি`."""
    unit = row.line.unit
    there, asked = look.quantity(row.there_milli, unit), look.quantity(row.asked_milli, unit)
    return look.word("there_and_asked" if row.there_milli else "none_and_asked", there=there, asked=asked)


def variant_name(look: Look, variant: VariantView) -> str:
    """`নীল · ৪২`."""
    return " · ".join(part for part in (variant.colour, look.digits(variant.size)) if part) or variant.sku


def draw_result(ink: Ink, rect: QRect, row: object, selected: bool) -> None:
    """A row of the list under the search."""
    look = ink.look
    area = QRectF(rect)
    if isinstance(row, QuestionRow):
        ink.painter.fillRect(area, look.color("warnS"))
        ink.painter.fillRect(QRectF(area.x(), area.y(), 3, area.height()), look.color("warnI"))
    else:
        ink.ground(area, selected=selected, rule=not selected)
    inner = area.adjusted(12, 0, -12, 0)
    if isinstance(row, ResultRow):
        _result(ink, inner, row, selected=selected)
    elif isinstance(row, VariantRow):
        _variant(ink, inner, row, selected=selected)
    elif isinstance(row, QuestionRow):
        _question(ink, inner, row)


def _right_side(ink: Ink, inner: QRectF, price: int, chip: tuple[str, str, str], *, selected: bool) -> float:
    """Price, chip and the Enter cap; where the text has to end."""
    look = ink.look
    cap = "Enter"
    cap_width = keycap_width(look, cap)
    right = inner.right()
    if selected:
        high = look.px(20)
        ink.keycap(QRectF(right - cap_width, inner.center().y() - high / 2, cap_width, high), cap)
    right -= cap_width + 12
    text = look.money(price)
    width = max(look.px(80), look.width(text, "bodyb"))
    ink.text(
        QRectF(right - width, inner.y(), width, inner.height()), text, "bodyb", "text", RIGHT, elide=False
    )
    right -= width + 12
    wide, high = chip_width(look, chip[0], chip[2]), look.px(24)
    ink.chip(QRectF(right - wide, inner.center().y() - high / 2, wide, high), *chip)
    return right - wide - 12


def _result(ink: Ink, inner: QRectF, row: ResultRow, *, selected: bool) -> None:
    look, p = ink.look, row.product
    side = min(40.0, inner.height() - 8)
    thumb = QRectF(inner.x(), inner.center().y() - side / 2, side, side)
    paint_thumb(ink, thumb, p.sku, p.name_bn, p.name_en, p.category, row.picture)
    end = _right_side(
        ink, inner, p.price_paisa, stock_chip(look, p.free_milli, p.unit, p.minimum_milli), selected=selected
    )
    x = thumb.right() + 12
    if inner.width() >= look.px(_WIDE):
        end = _pills(
            ink,
            p,
            QRectF(x + look.px(_NAME), inner.y(), end - x - look.px(_NAME), inner.height()),
            selected=selected,
        )
    top, under = two_lines(look, inner)
    name = QRectF(x, top, end - x, look.line("bodym"))
    _with_match(ink, name, look.either(p.name_bn, p.name_en), row.asked)
    colours = list(dict.fromkeys(v.colour for v in p.variants if v.colour))
    sizes = list(dict.fromkeys(look.digits(v.size) for v in p.variants if v.size))
    more = " · ".join(part for part in (", ".join(colours), ", ".join(sizes)) if part)
    text = f"{p.sku}  ·  {more}" if more else p.sku
    ink.text(QRectF(x, under, end - x, look.line("sm")), text, "sm", "text3")


def variant_pills(look: Look, product: ProductView, room: float) -> list[tuple[str, str, str]]:
    """The colours of a product, or its sizes: name, how many are left and the colour that says so, as fit.

    What does not fit is counted by the last one.
    """
    left: dict[str, int] = {}
    for variant in product.variants:
        name = variant.colour or look.digits(variant.size)
        left[name] = left.get(name, 0) + variant.free_milli
    pills = [
        (name, look.quantity(max(0, free)), "danger" if free <= 0 else "warn" if free <= _FEW else "text2")
        for name, free in left.items()
        if name
    ]
    shown: list[tuple[str, str, str]] = []
    for at, pill in enumerate(pills):
        rest = ("+", look.count(len(pills) - at), "text2")
        last = at == len(pills) - 1
        if room < _pill_width(look, pill) + (0 if last else 8 + _pill_width(look, rest)):
            return [*shown, rest] if shown else []
        shown.append(pill)
        room -= _pill_width(look, pill) + 8
    return shown


def _pill_width(look: Look, pill: tuple[str, str, str]) -> float:
    return look.width(pill[0], "sm") + 6 + look.width(pill[1], "smb") + 22


def _pills(ink: Ink, product: ProductView, area: QRectF, *, selected: bool) -> float:
    """Draw them against the right edge; where the text before them has to end."""
    look, high = ink.look, ink.look.px(28)
    pills = variant_pills(look, product, area.width())
    x = area.right() - sum(_pill_width(look, pill) + 8 for pill in pills)
    start, marked = x, not selected
    for pill in pills:
        rect = QRectF(x, area.center().y() - high / 2, _pill_width(look, pill), high)
        mark = not marked and pill[2] != "danger"
        marked = marked or mark
        ink.box(rect, "surface", "focus" if mark else "border", high / 2, 2 if mark else 1)
        used = ink.text(rect.adjusted(11, 0, 0, 0), pill[0], "sm", "text2", elide=False)
        ink.text(rect.adjusted(11 + used + 6, 0, 0, 0), pill[1], "smb", pill[2], elide=False)
        x += rect.width() + 8
    return start - 4 if pills else area.right()


def _with_match(ink: Ink, rect: QRectF, name: str, asked: str) -> None:
    """The name with what was searched for underlined, where it stands in it as typed."""
    look = ink.look
    words = [word for word in asked.split() if word]
    lower = name.casefold()
    at = next(((lower.find(w.casefold()), len(w)) for w in words if w.casefold() in lower), None)
    if at is None or len(lower) != len(name) or look.width(name, "bodym") > rect.width():
        ink.text(rect, name, "bodym")
        return
    start, end = whole(name, at[0], at[0] + at[1])
    x = rect.x()
    for part, style, token in (
        (name[:start], "bodym", "text"),
        (name[start:end], "bodyb", "ptext"),
        (name[end:], "bodym", "text"),
    ):
        width = look.advance(part, style)
        ink.text(QRectF(x, rect.y(), width + 2, rect.height()), part, style, token, elide=False)
        if token == "ptext":
            ink.painter.fillRect(QRectF(x, rect.bottom() - 3, width, 1.5), look.color("ptext"))
        x += width


def _variant(ink: Ink, inner: QRectF, row: VariantRow, *, selected: bool) -> None:
    look, v = ink.look, row.variant
    end = _right_side(
        ink, inner, v.price_paisa, stock_chip(look, v.free_milli, row.product.unit, None), selected=selected
    )
    x = inner.x() + 52
    top, under = two_lines(look, inner)
    ink.text(QRectF(x, top, end - x, look.line("bodym")), variant_name(look, v), "bodym")
    ink.text(QRectF(x, under, end - x, look.line("sm")), v.sku, "sm", "text3")


def _question(ink: Ink, inner: QRectF, row: QuestionRow) -> None:
    look = ink.look
    ink.icon(inner.x() + 10, inner.center().y() - 10, "alert-triangle", 20, "warn")
    cap = "Enter"
    wide = keycap_width(look, cap)
    high = look.px(20)
    ink.keycap(QRectF(inner.right() - wide, inner.center().y() - high / 2, wide, high), cap)
    anyway = look.word("take_anyway")
    width = look.width(anyway, "bodyb")
    end = inner.right() - wide - 12
    ink.text(
        QRectF(end - width, inner.y(), width, inner.height()), anyway, "bodyb", "warn", RIGHT, elide=False
    )
    x = inner.x() + 52
    top, under = two_lines(look, inner)
    room = end - width - 12 - x
    name = look.either(row.line.name_bn, row.line.name_en)
    ink.text(QRectF(x, top, room, look.line("bodym")), name, "bodym")
    ink.text(QRectF(x, under, room, look.line("sm")), not_enough(look, row), "sm", "warn")


STEP = 28  # the buttons of a cart line


def step_rects(look: Look, rect: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    """Where less, the quantity and more stand in a cart line."""
    side = float(STEP)
    amount = look.px(78)
    y = rect.center().y() - side / 2
    more = QRectF(rect.right() - 16 - amount - side, y, side, side)
    count = QRectF(more.x() - look.px(36), rect.y(), look.px(36), rect.height())
    return QRectF(count.x() - side, y, side, side), count, more


def draw_cart_line(ink: Ink, rect: QRect, row: CartRow, *, selected: bool, focus: bool) -> None:
    """A line of the cart; `focus` says that the list has the focus."""
    look, line = ink.look, row.line
    area = QRectF(rect)
    ink.ground(area, selected=selected, focus=focus)
    less, count, more = step_rects(look, area)
    for side, icon in ((less, "minus"), (more, "plus")):
        ink.box(side, "surface", "control2", 6)
        ink.icon(side.center().x() - 8, side.center().y() - 8, icon, 16, "text")
    ink.text(count, look.quantity(line.qty_milli), "bodyb", "text", CENTRE, elide=False)
    amount = QRectF(more.right() + 4, area.y(), area.right() - 16 - more.right() - 4, area.height())
    ink.text(amount, look.money(row.amount_paisa), "bodyb", "text", RIGHT, elide=False)
    x = area.x() + 16
    top, under = two_lines(look, area)
    room = less.x() - 8 - x
    ink.text(QRectF(x, top, room, look.line("bodym")), look.either(line.name_bn, line.name_en), "bodym")
    parts = [line.colour, look.digits(line.size), look.money(row.price_paisa)]
    if line.discount:
        parts.append(f"{look.word('discount')} {look.digits(line.discount)}")
    text, token = " · ".join(part for part in parts if part), "text3"
    if row.fault:
        text, token = row.fault, "danger"
    elif row.oversold:
        text, token = f"{text} · {look.word('comes_later')}", "warn"
    ink.text(QRectF(x, under, room, look.line("sm")), text, "sm", token)


class Tile(QWidget):
    """A favourite: picture, name, price and what is left; a click puts it into the cart and takes no focus."""

    clicked = Signal(int)

    def __init__(self, look: Look, at: int) -> None:
        super().__init__()
        self._look, self._at = look, at
        self._product: ProductView | None = None
        self._in_cart = 0
        self._picture: Path | None = None
        self._drawn: tuple[object, QPixmap] | None = None  # moved about with every search, and seldom another
        self.setFixedHeight(look.px(72))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_product(self, product: ProductView | None, in_cart: int, picture: Path | None) -> None:
        """What it is for, and how much of it (thousandths) is in the cart."""
        if (product, in_cart, picture) == (self._product, self._in_cart, self._picture):
            self.setVisible(product is not None)
            return
        self._product, self._in_cart, self._picture = product, in_cart, picture
        if product is not None:
            name = self._look.either(product.name_bn, product.name_en)
            self.setAccessibleName(f"{name}, {self._look.money(product.price_paisa)}")
            self.setToolTip(f"{name}  Alt {self._look.digits(self._at + 1)}" if self._at < 9 else name)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setVisible(product is not None)
        self._drawn = None
        self.update()

    def sizeHint(self) -> QSize:
        """Tiles share the width."""
        return QSize(160, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Into the cart."""
        event.accept()
        self.clicked.emit(self._at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it, or show again what was drawn."""
        if self._product is None:
            return
        asked = (self.size(), self.devicePixelRatioF(), self.underMouse())
        if self._drawn is None or self._drawn[0] != asked:
            self._drawn = (asked, self._draw(self._product))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn[1])
        painter.end()

    def _draw(self, p: ProductView) -> QPixmap:
        look = self._look
        drawn = QPixmap(self.size() * self.devicePixelRatioF())
        drawn.setDevicePixelRatio(self.devicePixelRatioF())
        drawn.fill(look.color("bg"))
        ink = Ink(look, QPainter(drawn))
        rect = QRectF(self.rect())
        ink.box(rect, "surface2" if self.underMouse() else "surface", "border", 8)
        thumb = QRectF(12, (rect.height() - 48) / 2, 48, 48)
        paint_thumb(ink, thumb, p.sku, p.name_bn, p.name_en, p.category, self._picture)
        x, room = thumb.right() + 10, rect.right() - 12 - thumb.right() - 10
        top, under = two_lines(look, rect)
        name = look.either(p.name_bn, p.name_en)
        ink.text(QRectF(x, top - 2, room, look.line("bodym")), name, "bodym")
        line = QRectF(x, under, room, look.line("bodym"))
        used = ink.text(line, look.money(p.price_paisa), "bodyb", "ptext", elide=False)
        low = p.minimum_milli is not None and p.free_milli <= p.minimum_milli
        left = look.word("out_of_stock") if p.free_milli <= 0 else look.quantity(p.free_milli, p.unit)
        rest = QRectF(x + used + 8, line.y(), room - used - 8, line.height())
        ink.text(rest, left, "sm", "warn" if low or p.free_milli <= 0 else "text3", RIGHT)
        if self._in_cart:
            text = look.quantity(self._in_cart)
            wide = max(look.px(20), look.width(text, "minib") + 10)
            badge = QRectF(thumb.right() - 10, 2, wide, look.px(20))
            ink.box(badge, "primary", None, badge.height() / 2)
            ink.text(badge, text, "minib", "onprimary", CENTRE, elide=False)
        ink.painter.end()
        return drawn
