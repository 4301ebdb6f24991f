"""Parts of an order that both the preview and its own page show: goods, sums, money, what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos.domain.times import dhaka_day
from pos.l10n.unit_names import method_name
from ui.widgets.ink import RIGHT, Ink
from ui.widgets.thumb import paint_thumb

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pos.services.order_book import EventView
    from pos.services.views import LineView, OrderView
    from ui.presenters.steps import Step
    from ui.presenters.thumbs import Thumbs
    from ui.theme.look import Look

METHOD_ICONS: Final = {
    "cash": "cash", "bkash": "device-mobile", "nagad": "wallet", "rocket": "device-mobile", "upay": "wallet",
    "card": "credit-card", "bank": "building-bank",
}  # fmt: skip
# what happened: tone and icon
_EVENTS: Final = {
    "taken": ("info", "bolt"),
    "paid": ("ok", "cash"),
    "noted": ("grey", "note"),
    "checked": ("ok", "phone"),
    "unchecked": ("grey", "arrow-back-up"),
    "packed": ("ok", "package"),
    "unpacked": ("grey", "arrow-back-up"),
    "cancelled": ("danger", "circle-x"),
}
_COMING_ICONS: Final[dict[Step, str]] = {"check": "phone", "pack": "package"}


class Block(QWidget):
    """Something painted that is as wide as it may be and as high as its rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        ink = Ink(self.look, QPainter(self))
        self.draw(ink, float(self.width()))
        ink.painter.end()

    def draw(self, ink: Ink, width: float) -> None:
        """Draw it in this width."""


class GoodsBlock(Block):
    """The lines of an order."""

    def __init__(self, look: Look, thumbs: Thumbs, *, codes: bool) -> None:
        """Goods.

        Args:
            look: how it looks.
            thumbs: the pictures before them.
            codes: with code and price in a column each, where there is room.
        """
        super().__init__(look)
        self._thumbs, self._codes = thumbs, codes
        self._lines: Sequence[LineView] = ()
        self._high = look.px(56)

    def show_lines(self, lines: Sequence[LineView]) -> None:
        """Show these."""
        self._lines = lines
        self.setFixedHeight(self._high * len(lines))
        self.setAccessibleName("; ".join(f"{self._name(x)}, {self._sum(x)}" for x in lines))
        self.update()

    def _name(self, line: LineView) -> str:
        return self.look.either(line.name_bn, line.name_en)

    def _times(self, line: LineView) -> str:
        unit = line.unit if line.unit != "pcs" else None
        return f"{self.look.quantity(line.qty_milli, unit)} × {self.look.money(line.price_paisa)}"

    def _sum(self, line: LineView) -> str:
        return self.look.money(line.amount_paisa)

    def draw(self, ink: Ink, width: float) -> None:
        """A line of goods in each row."""
        look = self.look
        amounts = max((look.width(self._sum(x), "bodyb") for x in self._lines), default=0)
        prices = max((look.width(self._times(x), "body") for x in self._lines), default=0)
        apart = self._codes and width - amounts - prices - 76 > look.px(170)
        for at, line in enumerate(self._lines):
            row = QRectF(0, at * self._high, width, self._high)
            if at:
                ink.rule(0, row.y(), width)
            thumb = QRectF(0, row.center().y() - 20, 40, 40)
            category, photo = self._thumbs.of(line.product_sku)
            paint_thumb(ink, thumb, line.product_sku, line.name_bn, line.name_en, category, photo)
            ink.text(row, self._sum(line), "bodyb", "text", RIGHT, elide=False)
            end = width - amounts - 12
            if apart:
                ink.text(
                    QRectF(0, row.y(), end - 12, row.height()),
                    self._times(line),
                    "body",
                    "text2",
                    RIGHT,
                    elide=False,
                )
                end -= prices + 24
            top = row.center().y() - (look.line("bodym") + look.line("sm") - 4) / 2
            ink.text(QRectF(52, top, end - 52, look.line("bodym")), self._name(line), "bodym")
            said = [line.sku] if self._codes else []
            said += [look.digits(part) for part in (line.colour, line.size) if part]
            if not apart:
                said.append(self._times(line))
            if line.discount_paisa:
                said.append(f"{look.word('discount')} {look.money(line.discount_paisa)}")
            cell = QRectF(52, top + look.line("bodym") - 2, end - 52, look.line("sm"))
            if line.oversold:
                said.insert(0, look.word("oversold_line"))
            ink.text(cell, " · ".join(said), "sm", "warn" if line.oversold else "text3")


@dataclass(frozen=True, slots=True)
class SumRow:
    """One sum: its name, the amount, a style for both and a colour for each; `ruled` has a line over it."""

    word: str
    value: str
    style: str = "body"
    token: str = "text2"
    value_token: str = "text"
    ruled: bool = False


def sum_rows(look: Look, order: OrderView, *, whole: bool) -> list[SumRow]:
    """The sums of an order down to its total; `whole` with how it is paid under it."""
    word, rows = look.word, []
    small = "sm" if whole else "body"
    if order.total_paisa != order.subtotal_paisa:
        rows.append(SumRow(word("subtotal"), look.money(order.subtotal_paisa), small))
    if order.discount_paisa:
        off = look.money(-order.discount_paisa)
        rows.append(SumRow(word("discount"), off, small, value_token="ok"))
    if order.delivery_paisa:
        rows.append(SumRow(word("delivery"), look.money(order.delivery_paisa), small))
    if order.rounding_paisa:
        rows.append(SumRow(word("sum_rounding"), look.money(order.rounding_paisa), small))
    style = "bodyb" if whole else "h2"
    rows.append(SumRow(word("total"), look.money(order.total_paisa), style, "text", ruled=bool(rows)))
    if whole:
        if order.paid_paisa:
            rows.append(SumRow(word("paid"), look.money(order.paid_paisa), small, value_token="ok"))
        rows += open_rows(look, order)
    return rows


def open_rows(look: Look, order: OrderView) -> list[SumRow]:
    """What is still to come, from the courier and from the buyer, or to be given back."""
    word = look.word
    if order.refund_owed_paisa:
        return [
            SumRow(word("refund_row"), look.money(order.refund_owed_paisa), "smb", "danger", "danger"),
        ]
    rows = []
    if order.cod_paisa:
        rows.append(SumRow(word("courier_collects"), look.money(order.cod_paisa), "smb", "warn", "warn"))
    if order.due_paisa > order.cod_paisa:
        owed = order.due_paisa - order.cod_paisa
        rows.append(SumRow(word("owed_to_me"), look.money(owed), "smb", "danger", "danger"))
    return rows


class SumsBlock(Block):
    """Sums under each other."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._rows: list[SumRow] = []

    def show_rows(self, rows: list[SumRow]) -> None:
        """Show these."""
        self._rows = rows
        self.setFixedHeight(sum(self._high(row) for row in rows))
        self.setAccessibleName("; ".join(f"{row.word}: {row.value}" for row in rows))
        self.update()

    def _high(self, row: SumRow) -> int:
        return self.look.line(row.style) + (12 if row.ruled else 4)

    def draw(self, ink: Ink, width: float) -> None:
        """A sum in each row."""
        y = 0.0
        for row in self._rows:
            high = self._high(row)
            if row.ruled:
                ink.rule(0, y + 3, width, "border")
            area = QRectF(0, y + (8 if row.ruled else 2), width, self.look.line(row.style))
            ink.text(area, row.value, row.style, row.value_token, RIGHT, elide=False)
            room = width - self.look.width(row.value, row.style) - 8
            ink.text(QRectF(0, area.y(), room, area.height()), row.word, row.style, row.token)
            y += high


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with a picture in a tone, a title, a line under it and an amount; `coming` has not happened yet."""

    tone: str
    icon: str
    title: str
    under: str = ""
    amount: str = ""
    coming: bool = False


class EntriesBlock(Block):
    """Entries under each other; as a `line` they hang together, as what happened in its order."""

    def __init__(self, look: Look, *, line: bool) -> None:
        super().__init__(look)
        self._line = line
        self._entries: list[Entry] = []
        self._high = look.px(52)

    def show_entries(self, entries: list[Entry]) -> None:
        """Show these."""
        self._entries = entries
        self.setFixedHeight(self._high * len(entries))
        said = (", ".join(part for part in (e.title, e.under, e.amount) if part) for e in entries)
        self.setAccessibleName("; ".join(said))
        self.update()

    def draw(self, ink: Ink, width: float) -> None:
        """An entry in each row."""
        look = self.look
        side = 28.0 if self._line else 36.0
        for at, entry in enumerate(self._entries):
            y = at * self._high
            mark = QRectF(0, y + (2 if self._line else (self._high - side) / 2), side, side)
            if self._line and at + 1 < len(self._entries):
                ink.painter.fillRect(
                    QRectF(side / 2 - 0.5, mark.bottom() + 3, 1, self._high - side - 6), look.color("border")
                )
            if entry.coming:
                ink.box(mark, "surface", "control", side / 2)
            else:
                ink.box(mark, f"{entry.tone}S", None, side / 2 if self._line else 8)
            size = 16 if self._line else 20
            token = "text3" if entry.coming else entry.tone
            ink.icon(mark.center().x() - size / 2, mark.center().y() - size / 2, entry.icon, size, token)
            x = side + 12
            end = width
            if entry.amount:
                area = QRectF(x, y, width - x, self._high)
                ink.text(area, entry.amount, "bodyb", entry.tone, RIGHT, elide=False)
                end -= look.width(entry.amount, "bodyb") + 12
            high = look.line("bodym") + look.line("sm") - 4
            top = y + (0 if self._line else (self._high - high) / 2)
            if not entry.under:
                top = y + (4 if self._line else (self._high - look.line("bodym")) / 2)
            title = QRectF(x, top, end - x, look.line("bodym"))
            ink.text(title, entry.title, "bodym", "text2" if entry.coming else "text")
            under = QRectF(x, top + look.line("bodym") - 2, end - x, look.line("sm"))
            ink.text(under, entry.under, "sm", "text3")


def moment(look: Look, at_ms: int, today: dt.date) -> str:
    """`৫:৪৬ PM`; with its day where that is not today."""
    day = dhaka_day(at_ms)
    time = look.time(at_ms)
    return time if day == today else f"{look.day(day, today)} {time}"


def story_entries(
    look: Look, order: OrderView, story: Sequence[EventView], coming: Step | None, today: dt.date
) -> list[Entry]:
    """What happened, and what comes next."""
    entries = []
    for event in story:
        tone, icon = _EVENTS.get(event.kind, ("grey", "info-circle"))
        said = [moment(look, event.at_ms, today)]
        if event.kind == "paid":
            icon = METHOD_ICONS.get(event.method, icon)
            word = "event_advance" if _is_advance(order, event.at_ms) else "event_paid"
            title = look.word(word, sum_paisa=event.amount_paisa)
            said.append(" ".join(x for x in (method_name(event.method, look.locale.lang), event.trxid) if x))
        else:
            title = look.word_or(f"event_{event.kind}", event.kind)
            said.append(event.operator)
        if event.why:
            said.insert(0, f"“{event.why}”")
        entries.append(Entry(tone, icon, title, " · ".join(said)))
    if coming is not None:
        entries.append(
            Entry(
                "grey", _COMING_ICONS[coming], look.word(f"coming_{coming}"), look.word("coming"), coming=True
            )
        )
    return entries


def _is_advance(order: OrderView, at_ms: int) -> bool:
    """Whether what came in then came with the order, and was a part of its total."""
    came = sum(p.amount_paisa for p in order.payments if p.at_ms == order.taken_at_ms)
    return at_ms == order.taken_at_ms and came < order.total_paisa


def money_entries(look: Look, order: OrderView, today: dt.date) -> list[Entry]:
    """What came in and how, and what is still to come."""
    entries = []
    for payment in order.payments:
        said = [f"TrxID {payment.trxid}"] if payment.trxid else []
        said.append(moment(look, payment.at_ms, today))
        name = method_name(payment.method, look.locale.lang)
        if _is_advance(order, payment.at_ms):
            name = look.word("advance_by", method=name)
        icon = METHOD_ICONS.get(payment.method, "cash")
        entries.append(Entry("ok", icon, name, " · ".join(said), look.money(payment.amount_paisa)))
    if order.change_paisa:
        entries.append(
            Entry("grey", "arrow-back-up", look.word("change_row"), "", look.money(-order.change_paisa))
        )
    if order.refund_owed_paisa:
        owed = look.money(order.refund_owed_paisa)
        entries.append(Entry("danger", "receipt-refund", look.word("refund_row"), "", owed))
        return entries
    if order.cod_paisa:
        entries.append(Entry("warn", "truck-delivery", look.word("cod_row"), "", look.money(order.cod_paisa)))
    if order.due_paisa > order.cod_paisa:
        owed = look.money(order.due_paisa - order.cod_paisa)
        entries.append(Entry("danger", "notebook", look.word("due_row"), "", owed))
    if not entries:
        entries.append(Entry("grey", "cash", look.word("paid_nothing")))
    return entries


def head_line(look: Look, order: OrderView, today: dt.date, hat: str) -> str:
    """When and how an order came in: `আজ ৫:৪৬ PM · ২৬১তম হাট · ফেসবুক গ্রুপ · লিখেছেন নাসরিন`."""
    day = dhaka_day(order.taken_at_ms)
    parts = [f"{look.day(day, today)} {look.time(order.taken_at_ms)}", hat]
    if order.after_hat:
        parts.append(look.word("after_hat"))
    if order.source:
        parts.append(look.word_or(f"source_{order.source}", order.source))
    parts.append(look.word("taken_by", operator=order.operator))
    return " · ".join(part for part in parts if part)


def address_of(order: OrderView) -> str:
    """Where it goes, on one line."""
    buyer = order.customer
    if buyer is None:
        return ""
    lines = [part.strip() for part in buyer.address.splitlines() if part.strip()]
    # What the address says itself is not said again.
    lines += [part for part in (buyer.thana, buyer.district) if part and part not in buyer.address]
    return ", ".join(dict.fromkeys(lines))
