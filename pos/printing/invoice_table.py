"""The table of an invoice: how wide each column is, how high each row, and which rows go on which page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pos.printing.content import NOTHING, SEPARATOR, Content
from pos.printing.typesetting import Style, elide, width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.printing.invoice_measures import Table
    from pos.printing.page import Paper
    from pos.services.views import LineView

_COMPACT_ABOVE = 40
_NAME_LINES = 2
_SECOND_GAP = 2  # mm between what stands in the product's column and the next column


@dataclass(frozen=True, slots=True)
class Column:
    """A right-aligned column of figures: its edge, its width and the style that its figures dropped to."""

    right: float
    width: float
    style: Style


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything of a row stands, in millimetres from the paper's left edge."""

    serial: float
    product: float
    product_width: float
    quantity: Column  # its right edge is where the unit begins
    rate: Column
    discount: Column | None
    amount: Column


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the order, ready to be set."""

    serial: str
    names: list[str]
    second: str
    quantity: str
    unit: str
    rate: str
    discount: str
    amount: str
    height: float
    amount_paisa: int


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column of figures asks for."""

    texts: list[str]
    head: str
    style: Style
    allotted: float


class InvoiceTable:
    """The order's lines in columns between two edges."""

    def __init__(self, content: Content, measures: Table, left: float, right: float) -> None:
        self._content = content
        self._measures = measures
        self._left, self._right = left, right
        lines = content.order.lines
        self._compact = len(lines) > _COMPACT_ABOVE
        self._carried = list(accumulate(line.amount_paisa for line in lines))
        self._total = self._carried[-1] if lines else 0
        self.columns = self._columns(lines)
        self.rows = [self._row(index, line) for index, line in enumerate(lines, start=1)]

    # drawing

    def draw_head(self, paper: Paper, top: float) -> float:
        """The column heads between two rules; returns where the rows begin."""
        m, columns, words = self._measures, self.columns, self._content.words
        paper.line(self._left, top, self._right, top, m.rule)
        baseline = top + m.head_height * 0.64
        paper.text(columns.serial, baseline, words.serial, m.head)
        paper.text(columns.product, baseline, words.product, m.head)
        paper.text(columns.quantity.right, baseline, words.quantity, m.head, "centre")
        paper.text(columns.rate.right, baseline, words.rate, m.head, "right")
        if columns.discount:
            paper.text(columns.discount.right, baseline, words.discount, m.head, "right")
        paper.text(columns.amount.right, baseline, words.taka, m.head, "right")
        paper.line(self._left, top + m.head_height, self._right, top + m.head_height, 0.6)
        return top + m.head_height

    def draw_row(self, paper: Paper, top: float, row: TableRow, *, last: bool) -> float:
        """One row and the rule under it; returns where the next one begins."""
        m, columns = self._measures, self.columns
        baseline = top + (m.compact_baseline if self._compact else m.baseline)
        paper.text(columns.serial, baseline, row.serial, m.serial_style)
        for index, name in enumerate(row.names):
            paper.text(columns.product, baseline + index * m.second_step, name, m.name)
        paper.text(columns.product, baseline + len(row.names) * m.second_step, row.second, m.second)
        unit = columns.quantity.right
        paper.text(unit - m.unit_gap, baseline, row.quantity, columns.quantity.style, "right")
        paper.text(unit, baseline, row.unit, m.unit_style)
        paper.text(columns.rate.right, baseline, row.rate, columns.rate.style, "right")
        if columns.discount:
            paper.text(columns.discount.right, baseline, row.discount, columns.discount.style, "right")
        paper.text(columns.amount.right, baseline, row.amount, columns.amount.style, "right")
        bottom = top + row.height
        paper.line(self._left, bottom, self._right, bottom, m.rule if last else m.row_rule)
        return bottom

    def draw_carry(self, paper: Paper, top: float, label: str, rows_before: int) -> float:
        """The sum of the rows so far, where a page ends or begins; returns what is under it."""
        m, columns = self._measures, self.columns
        paper.text(columns.product, top + m.carry_baseline, label, m.carry_label)
        carried = self._content.figure(self._carried[rows_before - 1])
        style = Style(min(m.carry_amount.size, columns.amount.style.size), m.carry_amount.weight)
        paper.text(columns.amount.right, top + m.carry_baseline, carried, style, "right")
        paper.line(self._left, top + m.carry, self._right, top + m.carry, 0.6)
        return top + m.carry

    # rows

    def _row(self, index: int, line: LineView) -> TableRow:
        content, m = self._content, self._measures
        room = self.columns.product_width - _SECOND_GAP
        name, variant = content.name(line), content.variant(line)
        if self._compact:
            names, second, height = [_with_variant(name, variant, m.name, room)], "", m.compact_row
        else:
            names = wrap(name, m.name, room, _NAME_LINES)
            second = _with_code(variant, content.code(line), m.second, room)
            height = m.row + (len(names) - 1) * m.second_step
        return TableRow(
            serial=content.number(index),
            names=names,
            second=second,
            quantity=content.quantity(line),
            unit=content.unit(line),
            rate=content.figure(line.price_paisa),
            discount=content.figure(line.discount_paisa) if line.discount_paisa else NOTHING,
            amount=content.figure(line.amount_paisa),
            height=height,
            amount_paisa=line.amount_paisa,
        )

    # columns

    def _columns(self, lines: Sequence[LineView]) -> Columns:
        """Share the width: figures too wide for their column drop in size, then the product gives."""
        m, content, words = self._measures, self._content, self._content.words
        unit = max([m.unit, *(width(content.unit(line), m.unit_style) + 1 for line in lines)])
        quantities = [content.quantity(line) for line in lines]
        rates = [content.figure(line.price_paisa) for line in lines]
        discounts = [content.figure(line.discount_paisa) for line in lines if line.discount_paisa]
        amounts = [content.figure(paisa) for paisa in (*(line.amount_paisa for line in lines), self._total)]
        needs = {
            "quantity": _Need(quantities, "", m.figure, m.quantity - m.unit),
            "rate": _Need(rates, words.rate, m.figure, m.rate),
            "amount": _Need(amounts, words.taka, m.amount_style, m.amount),
        }
        if discounts:
            needs["discount"] = _Need(discounts, words.discount, m.figure, m.discount)
        fixed = m.serial + unit
        whole = self._right - self._left
        fitted: dict[str, tuple[float, Style]] = {}
        for least_size in m.dropped:
            fitted = {name: self._fit(need, least_size) for name, need in needs.items()}
            if whole - fixed - sum(wide for wide, _ in fitted.values()) >= m.product_least:
                break
        return self._placed(fitted, unit)

    def _fit(self, need: _Need, least_size: float) -> tuple[float, Style]:
        """The width of a column and the style of its figures, all of them alike."""
        m = self._measures
        head = width(need.head, m.head) + m.column_gap

        def asked(style: Style) -> float:
            figures = max((width(text, style) for text in need.texts), default=0.0)
            return max(figures + m.column_gap, head)

        if asked(need.style) <= need.allotted:
            return need.allotted, need.style
        dropped = need.style.at(least_size)
        return max(need.allotted, asked(dropped)), dropped

    def _placed(self, fitted: dict[str, tuple[float, Style]], unit: float) -> Columns:
        m = self._measures

        def column(name: str, right: float) -> Column:
            wide, style = fitted[name]
            return Column(right, wide, style)

        amount = column("amount", self._right)
        edge = self._right - amount.width
        discount = None
        if "discount" in fitted:
            discount = column("discount", edge)
            edge -= discount.width
        rate = column("rate", edge)
        quantity = column("quantity", edge - rate.width - unit)
        product = self._left + m.serial
        return Columns(
            serial=self._left,
            product=product,
            product_width=quantity.right - quantity.width - product,
            quantity=quantity,
            rate=rate,
            discount=discount,
            amount=amount,
        )


def _with_code(variant: str, code: str, style: Style, room: float) -> str:
    """Variant and code on one line; the code stays whole."""
    if not variant:
        return code
    tail = SEPARATOR + code if code else ""
    return elide(variant, style, room - width(tail, style)) + tail


def _with_variant(name: str, variant: str, style: Style, room: float) -> str:
    """Name and variant on one line; the variant stays whole while the name keeps half of the room."""
    tail = SEPARATOR + variant
    if variant and width(tail, style) <= room / 2:
        return elide(name, style, room - width(tail, style)) + tail
    return elide(name + tail if variant else name, style, room)
