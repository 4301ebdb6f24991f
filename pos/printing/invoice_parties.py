"""The parties of an invoice between masthead and table: who buys, when, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.printing.typesetting import Style, elide, width, wrap

if TYPE_CHECKING:
    from pos.printing.content import Content
    from pos.printing.invoice_measures import InvoiceMeasures
    from pos.printing.page import Paper

_NAME_LINES = 2
_ADDRESS_LINES = 3


class InvoiceParties:
    """Three columns: buyer, date and destination."""

    def __init__(self, content: Content, measures: InvoiceMeasures) -> None:
        self._content = content
        self._m = measures.parties
        whole = measures.right - measures.margin
        self._columns = [measures.margin + whole * share for share in self._m.columns]
        self._right = measures.right
        self._buyer = self._buyer_lines(self._columns[1] - self._columns[0] - measures.masthead.gap)

    @property
    def height(self) -> float:
        """Down to the table, in millimetres: the block grows with the buyer's lines, so that none costs another."""
        return max(self._m.height, self._buyer[-1][0] + self._m.clear)

    def draw(self, paper: Paper, top: float) -> None:
        """The columns from the masthead's rule down, one after the other."""
        m, content, words = self._m, self._content, self._content.words
        buyer_x, date_x, delivery_x = self._columns
        caption = top + m.caption_baseline
        paper.text(buyer_x, caption, words.buyer, m.caption)
        for y, line, style in self._buyer:
            paper.text(buyer_x, top + y, line, style)
        dates = [content.day, content.bangla_day, content.weekday_clock, content.hat]
        paper.text(date_x, caption, words.date, m.caption)
        self._draw_info(paper, date_x, top, dates, delivery_x - date_x)
        if content.destination:
            paper.text(delivery_x, caption, words.delivery, m.caption)
            self._draw_info(paper, delivery_x, top, content.destination, self._right - delivery_x)

    def _buyer_lines(self, room: float) -> list[tuple[float, str, Style]]:
        """Name, phones and address: baseline from the masthead's rule, text and style of each line."""
        m, content = self._m, self._content
        names, style, y = [content.buyer_name], m.name, m.first_baseline
        if width(names[0], style) > room:
            style = m.long_name
            names = wrap(names[0], style, room, _NAME_LINES)
            y -= m.long_name_rise * (len(names) - 1)
        lines = []
        for index, name in enumerate(names):
            y += m.long_name_step if index else 0
            lines.append((y, name, style))
        if content.buyer_phones:
            y += m.phone_step
            lines.append((y, content.buyer_phones, m.phone))
        step = m.address_step
        for line in filter(None, wrap(content.buyer_address, m.address, room, _ADDRESS_LINES)):
            y += step
            lines.append((y, line, m.address))
            step = m.address_leading
        return lines

    def _draw_info(self, paper: Paper, x: float, top: float, lines: list[str], room: float) -> None:
        m = self._m
        for index, line in enumerate(line for line in lines if line):
            style = Style(m.info.size, 500 if index == 0 else 400)
            y = top + m.first_baseline + index * m.info_leading
            paper.text(x, y, elide(line, style, room), style)
