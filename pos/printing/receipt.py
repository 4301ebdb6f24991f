"""The receipt for 58 and 80 mm paper: one strip as long as it needs, in several parts only beyond 4.8 m.

The page is as wide as the print head (48 or 72 mm). Bars and rules lie on the head's grid of dots, so that
the raster made from this PDF has no ragged edge.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from pos.printing.codes import digits_alias
from pos.printing.content import SEPARATOR, Content, Row
from pos.printing.page import DOT_MM, Align, Paper, snapped
from pos.printing.pagination import paginate
from pos.printing.receipt_measures import RECEIPT_MEASURES, ReceiptMeasures
from pos.printing.typesetting import (
    MM_PER_POINT,
    Style,
    baseline,
    elide,
    printable,
    shrunk,
    width,
    wrap,
    wrap_parts,
    wrap_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.l10n import Locale
    from pos.services.views import LineView, OrderView, ShopView

ReceiptWidth = Literal[58, 80]

_LONGEST_MM = 4_800  # a PDF page ends at 5.08 m
_GAP = 2  # mm between a text and the amount on its line
_SHORT_ALIAS = 10
_NAME_LINES = 2
_NAME_SHARES = (1, 0.84, 0.7)  # of the shop name's size
_NAME_LEADING = 1.3  # of the size: below-marks of one line and above-marks of the next seldom meet


def receipt_pdf(
    order: OrderView, shop: ShopView, *, width_mm: ReceiptWidth, locale: Locale, copy: int = 1
) -> bytes:
    """The receipt of a confirmed order as a PDF whose page is the print head's width.

    Args:
        order: as the services hand it out.
        shop: what stands at the head and the foot.
        width_mm: the paper's width, 58 or 80.
        locale: language of the words and script of the digits.
        copy: 1 for the first print; a later one is marked as a copy under the number.
    """
    return _Receipt(Content(order, shop, locale), RECEIPT_MEASURES[width_mm], copy).draw()


class _Block:
    """A piece of the strip, drawn where it comes to lie; `y` runs down while it is put together."""

    def __init__(self, first: float = 0.0) -> None:
        self.y = first
        self._marks: list[Callable[[Paper, float], object]] = []

    def text(self, x: float, text: str, style: Style, align: Align = "left", *, white: bool = False) -> None:
        """One line with its baseline at the present y."""
        y = self.y
        self._marks.append(lambda paper, top: paper.text(x, top + y, text, style, align, white=white))

    def shape(self, draw: Callable[[Paper, float], object]) -> None:
        """Whatever else, given the absolute place of the present y on the dot grid."""
        y = self.y
        self._marks.append(lambda paper, top: draw(paper, snapped(top + y)))

    def draw(self, paper: Paper, top: float) -> float:
        """Draw and return where the block ends."""
        for mark in self._marks:
            mark(paper, top)
        return top + self.y


def _height(blocks: list[_Block]) -> float:
    return sum(block.y for block in blocks)


class _Receipt:
    def __init__(self, content: Content, measures: ReceiptMeasures, copy: int) -> None:
        self._content = content
        self._m = measures
        self._left = measures.margin
        self._right = measures.image - measures.margin
        self._centre = measures.image / 2
        self._room = self._right - self._left
        words = content.words
        self._cancelled = words.cancelled if content.is_cancelled else ""
        self._copy = words.copy.format(number=content.number(copy)) if copy > 1 else ""

    def draw(self) -> bytes:
        content, m = self._content, self._m
        lines = [self._line(line) for line in content.order.lines]
        tail = [self._rule_after_lines(), self._sums(), self._field(), self._foot()]
        parts = self._parts(lines, tail)
        paper: Paper | None = None
        for blocks in parts:
            high = math.ceil(_height(blocks) / DOT_MM - 1e-6) * DOT_MM
            if paper is None:
                paper = self._paper((m.image, high))
            else:
                paper.next_page((m.image, high))
            top = 0.0
            for block in blocks:
                top = block.draw(paper, top)
        assert paper is not None
        return paper.finish()

    def _paper(self, size: tuple[float, float]) -> Paper:
        content = self._content
        title = f"{content.words.receipt} {content.order.number}"
        subject = f"{title}{SEPARATOR}{content.day}"
        return Paper(size, title=title, author=content.shop.name, subject=subject)

    def _parts(self, lines: list[_Block], tail: list[_Block]) -> list[list[_Block]]:
        """The blocks of each part of the strip; nearly always there is one."""
        whole = [*self._first_head(part=""), *lines, *tail]
        if _height(whole) <= _LONGEST_MM:
            return [whole]
        content, words = self._content, self._content.words
        carry, end = self._carry("", 0), self._gap(self._m.tail)
        room = _LONGEST_MM - _height([*self._first_head(words.part), carry, carry, end])
        sums = _height(tail)
        ends = paginate([line.y for line in lines], lambda _part: room, lambda _part: room - sums)
        carried = list(accumulate(line.amount_paisa for line in content.order.lines))
        parts, start = [], 0
        for index, stop in enumerate(ends):
            part = words.part.format(number=content.number(index + 1), count=content.number(len(ends)))
            blocks = self._later_head(part) if index else self._first_head(part)
            if index:
                blocks.append(self._carry(words.brought_from_part, carried[start - 1]))
            blocks += lines[start:stop]
            if index + 1 < len(ends):
                blocks += [self._carry(words.carried_to_part, carried[stop - 1]), end]
            else:
                blocks += tail
            parts.append(blocks)
            start = stop
        return parts

    # blocks

    def _first_head(self, part: str) -> list[_Block]:
        m, content = self._m, self._content
        head = _Block(m.first_baseline)
        names, style = self._shop_name()
        for index, name in enumerate(names):
            head.y += _NAME_LEADING * style.size * MM_PER_POINT if index else 0
            head.text(self._centre, name, style, "centre")
        step = m.name_step
        for line in filter(None, wrap_words(content.shop.trade, m.trade, self._room, _NAME_LINES)):
            head.y += step
            head.text(self._centre, line, m.trade, "centre")
            step = m.small_step
        contact = SEPARATOR.join(filter(None, [content.shop_phone, printable(content.shop.district)]))
        for line in filter(None, wrap_parts(contact, m.contact, self._room, _NAME_LINES)):
            head.y += step
            head.text(self._centre, line, m.contact, "centre")
        head.y += m.before_rule
        return [head, self._rule(), self._about(content.words.receipt, part), self._rule()]

    def _shop_name(self) -> tuple[list[str], Style]:
        """The name on one line, the smaller the longer it is; else on two, at the largest size that holds it.

        A size that would break a word is too large; only at the smallest a word breaks or the end is elided.
        """
        name = printable(self._content.shop.name)
        styles = [self._m.name.at(self._m.name.size * share) for share in _NAME_SHARES]
        for allowed in range(1, _NAME_LINES + 1):
            for style in styles:
                names = wrap(name, style, self._room, allowed)
                if " ".join(names) == name:
                    return names, style
        return wrap(name, styles[-1], self._room, _NAME_LINES), styles[-1]

    def _later_head(self, part: str) -> list[_Block]:
        shop = elide(self._content.shop.name, self._m.title, self._room * 0.5)
        return [self._about(shop, part, brief=True), self._rule()]

    def _about(self, title: str, part: str, *, brief: bool = False) -> _Block:
        """Title and number, standing, dates and buyer."""
        m, content = self._m, self._content
        block = _Block(m.after_rule)
        self._pair(block, (title, m.title), (content.order.number, m.number), m.title_step)
        marks = SEPARATOR.join(filter(None, [self._copy, part]))
        if self._cancelled or marks:
            block.y += m.title_step
            self._pair(block, (self._cancelled, m.title), (marks, m.title), m.title_step)
        if not brief:
            block.y += m.title_step
            self._pair(block, (content.short_day, m.date), (content.clock, m.date), m.date_step)
            block.y += m.date_step
            self._pair(block, (content.bangla_day, m.date), (content.hat, m.date), m.date_step)
            self._buyer(block)
        block.y += m.before_rule
        return block

    def _buyer(self, block: _Block) -> None:
        m, content = self._m, self._content
        if content.order.customer is None:
            return
        block.y += m.buyer_gap
        name, phones = content.buyer_name, content.buyer_phones
        if not m.stacked and width(name, m.buyer) + _GAP + width(phones, m.buyer) <= self._room:
            self._pair(block, (name, m.buyer), (phones, m.buyer), m.buyer_step)
            return
        lines = [*wrap(name, m.buyer, self._room, _NAME_LINES), *wrap_parts(phones, m.buyer, self._room)]
        for index, line in enumerate(filter(None, lines)):
            block.y += m.buyer_step if index else 0
            block.text(self._left, line, m.buyer)

    def _line(self, line: LineView) -> _Block:
        m, content = self._m, self._content
        block = _Block(m.after_rule)
        for name in self._item_lines(content.name(line), content.variant(line)):
            block.text(self._left, name, m.item)
            block.y += m.item_step
        detail = f"{content.quantity(line)} {content.unit(line)} × {content.figure(line.price_paisa)}"
        if line.discount_paisa:
            detail += f" − {content.words.discount} {content.figure(line.discount_paisa)}"
        amount = content.figure(line.amount_paisa)
        self._pair(block, (detail, m.detail), (amount, m.amount), m.item_step)
        block.y += m.line_step - m.after_rule
        return block

    def _item_lines(self, name: str, variant: str) -> list[str]:
        """Name and variant on at most two lines; the variant stays whole while it fits one of them."""
        style = self._m.item
        tail = f" – {variant}" if variant else ""
        lines = wrap(name + tail, style, self._room, _NAME_LINES)
        room = 2 * self._room - width(tail, style)
        while tail and not lines[-1].endswith(variant) and room > self._room:
            room -= 2
            lines = wrap(elide(name, style, room) + tail, style, self._room, _NAME_LINES)
        return lines

    def _sums(self) -> _Block:
        m, content = self._m, self._content
        block = _Block(m.first_sum)
        for row in content.sums():
            self._row(block, row)
            block.y += m.sum_step
        block.y += m.before_total
        total = content.settled(content.order.total_paisa, taka=True)
        self._pair(block, (content.words.total, m.total), (total, m.total_amount), m.after_total)
        rows = content.payment_rows(
            advance=content.words.advance, signed=content.outcome.kind in {"cod", "due", "refund"}
        )
        for index, row in enumerate(rows):
            block.y += m.sum_step if index else m.after_total
            self._row(block, row)
            if row.note:
                for line in wrap(row.note, m.note, self._room):
                    block.y += m.note_step
                    block.text(self._left, line, m.note)
        block.y += m.before_field if rows else m.after_total
        return block

    def _row(self, block: _Block, row: Row) -> None:
        m = self._m
        self._pair(block, (row.label, m.detail), (row.amount, m.amount), m.sum_step)

    def _field(self) -> _Block:
        content, words = self._content, self._content.words
        outcome = content.outcome
        if outcome.kind == "cod":
            return self._owed_field(words.cod, words.courier_collects)
        if outcome.kind == "due":
            return self._owed_field(words.due, "")
        if outcome.kind == "refund":
            return self._owed_field(words.refund, words.we_owe)
        return self._settled_field(words.cancelled if outcome.kind == "cancelled" else words.paid)

    def _owed_field(self, heading: str, text: str) -> _Block:
        m, content = self._m, self._content
        paisa = content.outcome.amount_paisa
        amount = content.settled(paisa, taka=True)
        style = next(style for least, style in reversed(m.field_amounts) if paisa >= least)
        text_width = max(width(heading, m.field_heading), width(text, m.field_text))
        inner = self._room - 2 * 3  # white on black keeps 3 mm from the field's edge
        if m.stacked or width(amount, style) + text_width + 3 > inner:
            return self._stacked_field(SEPARATOR.join(filter(None, [heading, text])), amount, style)
        block = self._black(m.field)
        lines = [(heading, m.field_heading, 6.1 if text else baseline(m.field / 2, m.field_heading))]
        if text:
            lines.append((text, m.field_text, 11.2))
        for line, line_style, y in lines:
            block.y = y
            block.text(self._left + 3, line, line_style, white=True)
        block.y = baseline(m.field / 2, style)
        block.text(self._right - 3, amount, style, "right", white=True)
        block.y = m.field + m.after_field
        return block

    def _stacked_field(self, heading: str, amount: str, style: Style) -> _Block:
        m = self._m
        inner = self._room - 2 * 3
        block = self._black(m.stacked_field)
        block.y = 5.6
        heading_style = shrunk(heading, Style(10.5, 700), inner)
        block.text(self._centre, heading, heading_style, "centre", white=True)
        block.y = 15 - (26 - style.size) * 0.06
        block.text(self._centre, amount, shrunk(amount, style, inner), "centre", white=True)
        block.y = m.stacked_field + m.after_field
        return block

    def _settled_field(self, text: str) -> _Block:
        m, content = self._m, self._content
        high, stroke = 10.5, 3 * DOT_MM
        block = _Block()
        block.shape(lambda paper, top: paper.frame(self._left, top, self._room, high, stroke))
        said = f"{text} {content.settled(content.outcome.amount_paisa, taka=True)}"
        style = shrunk(said, m.paid, self._room - 4)
        block.y = baseline(high / 2, style)
        block.text(self._centre, said, style, "centre")
        block.y = high + m.after_field
        return block

    def _black(self, high: float) -> _Block:
        block = _Block()
        block.shape(lambda paper, top: paper.bar(self._left, top, self._room, high))
        return block

    def _foot(self) -> _Block:
        m, content = self._m, self._content
        block = _Block()
        number = content.order.number
        alias = digits_alias(number)
        dots = m.module_dots if len(alias) == _SHORT_ALIAS else m.module_dots - 1
        block.shape(lambda paper, top: paper.code128(self._centre, top, m.barcode, alias, dots * DOT_MM))
        block.y += m.barcode + m.after_barcode
        block.text(self._centre, number, m.code, "centre")
        block.y += m.before_thanks
        if content.shop.complaint_days > 0:
            days = content.number(content.shop.complaint_days)
            for line in wrap(content.words.complaints.format(days=days), m.trade, self._room):
                block.text(self._centre, line, m.trade, "centre")
                block.y += m.small_step
            block.y += 0.4
        block.text(
            self._centre, content.words.thanks, shrunk(content.words.thanks, m.thanks, self._room), "centre"
        )
        block.y += m.tail
        return block

    def _rule(self) -> _Block:
        block = _Block()
        block.shape(lambda paper, top: paper.dashes(self._left, top, self._room))
        return block

    def _rule_after_lines(self) -> _Block:
        block = _Block(self._m.lines_end)
        block.shape(lambda paper, top: paper.dashes(self._left, top, self._room))
        return block

    def _gap(self, high: float) -> _Block:
        return _Block(high)

    def _carry(self, label: str, paisa: int) -> _Block:
        m = self._m
        block = _Block(m.after_rule)
        self._pair(block, (label, m.item), (self._content.figure(paisa), m.amount), m.item_step)
        block.y += m.line_step - m.after_rule
        return block

    def _pair(self, block: _Block, left: tuple[str, Style], right: tuple[str, Style], step: float) -> None:
        """A text and what stands at the right of its line, or under it where the two would meet."""
        (label, label_style), (value, value_style) = left, right
        if label and value and width(label, label_style) + _GAP + width(value, value_style) > self._room:
            for index, line in enumerate(wrap(label, label_style, self._room)):
                block.y += step if index else 0
                block.text(self._left, line, label_style)
            block.y += step
        else:
            block.text(self._left, label, label_style)
        block.text(self._right, value, shrunk(value, value_style, self._room), "right")
