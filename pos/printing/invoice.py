"""The invoice on A4 and A5: one page or many, in Bangla or English, for every way an order can stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.l10n.words import amount_in_words
from pos.printing.content import SEPARATOR, Content, Row
from pos.printing.faces import shipped_face
from pos.printing.invoice_measures import A4, A5, InvoiceMeasures
from pos.printing.invoice_parties import InvoiceParties
from pos.printing.invoice_table import InvoiceTable
from pos.printing.page import Paper
from pos.printing.pagination import paginate
from pos.printing.typesetting import MM_PER_POINT, Style, baseline, elide, printable, shrunk, width, wrap

if TYPE_CHECKING:
    from pos.l10n import Locale
    from pos.services.views import OrderView, ShopView

InvoicePaper = Literal["A4", "A5"]

_MEASURES: dict[InvoicePaper, InvoiceMeasures] = {"A4": A4, "A5": A5}
_MONOGRAM_WIDTH = 0.76  # of the square
# Up to so many payments stand one by one; beyond, the sums take them together and the list is closed up.
_PAYMENTS_IN_FULL = 3
_PAYMENTS_LISTED = 8
_WHITE_EDGE = 3


def invoice_pdf(
    order: OrderView, shop: ShopView, *, paper: InvoicePaper, locale: Locale, copy: int = 1
) -> bytes:
    """The invoice of a confirmed order as a PDF.

    Args:
        order: as the services hand it out.
        shop: what stands at the head and the foot.
        paper: the size of the sheet.
        locale: language of the words and script of the digits.
        copy: 1 for the first print; a later one is marked as a copy under the number.
    """
    return _Invoice(Content(order, shop, locale), _MEASURES[paper], copy).draw()


@dataclass(frozen=True, slots=True)
class _SumsLayout:
    """Left and right of the block under the table, and how high it is down to the amount box."""

    words: list[str]
    payments: list[str]
    sums: list[Row]
    paid: list[Row]
    box_top: float


class _Invoice:
    def __init__(self, content: Content, measures: InvoiceMeasures, copy: int) -> None:
        self._content = content
        self._m = measures
        self._copy = copy
        words = content.words
        self._title = words.invoice
        number = content.order.number
        self._paper = Paper(
            (measures.width, measures.height),
            title=f"{self._title} {number}",
            author=content.shop.name,
            subject=SEPARATOR.join((self._title, number, content.day)),
        )
        self._parties = InvoiceParties(content, measures)
        self._table = InvoiceTable(content, measures.table, measures.margin, measures.right)
        self._marks = [words.cancelled] if content.is_cancelled else []
        self._copy_mark = words.copy.format(number=content.number(copy)) if copy > 1 else ""

    def draw(self) -> bytes:
        m, table = self._m, self._table
        sums = self._sums_layout()
        first_top = self._parties_bottom + m.table.head_height
        later_top = self._strip_bottom + m.strip.gap + m.table.head_height + m.table.carry
        tail = sums.box_top + m.box.height + m.foot.clear
        ends = paginate(
            [row.height for row in table.rows],
            room=lambda page: m.table.limit - (later_top if page else first_top),
            room_with_sums=lambda page: self._foot_rule - tail - (later_top if page else first_top),
        )
        start = 0
        for page, end in enumerate(ends):
            if page:
                self._paper.next_page()
            y = self._later_head(start) if page else self._first_head()
            for index in range(start, end):
                y = table.draw_row(self._paper, y, table.rows[index], last=index == end - 1)
            if end < len(table.rows):
                table.draw_carry(self._paper, y, self._content.words.carried_forward, end)
                self._draw_page_foot(page, len(ends))
            else:
                self._draw_sums(y, sums)
                self._draw_box(y + sums.box_top)
                self._draw_foot(page, len(ends))
            start = end
        return self._paper.finish()

    # heads

    @property
    def _masthead_bottom(self) -> float:
        head = self._m.masthead
        extra = self._number_baseline - head.address_baseline + (head.copy_step if self._copy_mark else 0)
        return self._m.margin + head.height + extra

    @property
    def _number_baseline(self) -> float:
        """From the top margin: on the address's baseline, or lower where the title has a second line."""
        head = self._m.masthead
        if not self._marks:
            return head.address_baseline
        return head.name_baseline + head.title_step * len(self._marks) + head.number_step

    @property
    def _parties_bottom(self) -> float:
        return self._masthead_bottom + self._parties.height

    @property
    def _strip_bottom(self) -> float:
        return self._m.margin + self._m.strip.height

    def _first_head(self) -> float:
        self._draw_masthead()
        self._parties.draw(self._paper, self._masthead_bottom)
        return self._table.draw_head(self._paper, self._parties_bottom)

    def _later_head(self, rows_before: int) -> float:
        self._draw_strip()
        y = self._table.draw_head(self._paper, self._strip_bottom + self._m.strip.gap)
        return self._table.draw_carry(self._paper, y, self._content.words.brought_forward, rows_before)

    def _draw_masthead(self) -> None:
        m, head, content, paper = self._m, self._m.masthead, self._content, self._paper
        top, x = m.margin, m.margin + head.logo + head.gap
        self._draw_monogram(top)
        number = content.order.number
        titles = [self._title, *self._marks]
        title_room = m.right - x - max(width(text, head.title) for text in titles) - head.gap
        number_room = m.right - x - width(number, head.number) - head.gap
        names, style = _shop_name(printable(content.shop.name), head.names, title_room)
        if len(names) == 1:
            paper.text(x, top + head.name_baseline, names[0], style)
            trade = elide(content.shop.trade, head.trade, title_room)
            paper.text(x, top + head.trade_baseline, trade, head.trade)
        else:
            for y, name in zip(head.two_name_baselines, names, strict=True):
                paper.text(x, top + y, name, style)
        # The phone is never cut, so the address gives way.
        shop_phone = content.shop_phone
        tail = SEPARATOR + shop_phone if shop_phone and content.shop_address else shop_phone
        address = elide(content.shop_address, head.address, number_room - width(tail, head.address))
        paper.text(x, top + head.address_baseline, address + tail, head.address)
        y = top + head.name_baseline
        for index, title in enumerate(titles):
            paper.text(m.right, y + index * head.title_step, title, head.title, "right")
        y = top + self._number_baseline
        paper.text(m.right, y, number, head.number, "right")
        if self._copy_mark:
            paper.text(m.right, y + head.copy_step, self._copy_mark, head.copy, "right")
        paper.line(m.margin, self._masthead_bottom, m.right, self._masthead_bottom, head.rule)

    def _draw_monogram(self, top: float) -> None:
        head, left = self._m.masthead, self._m.margin
        letter = _first_letter(printable(self._content.shop.name), head.letter)
        self._paper.rounded_bar(left, top, head.logo, head.logo_radius)
        if letter:
            style = shrunk(letter, head.letter, head.logo * _MONOGRAM_WIDTH)
            centre = left + head.logo / 2
            self._paper.text(centre, top + head.logo * 0.66, letter, style, "centre", white=True)

    def _draw_strip(self) -> None:
        m, strip, content, paper = self._m, self._m.strip, self._content, self._paper
        y = m.margin + strip.baseline
        marks = SEPARATOR.join((*self._marks, *filter(None, [self._copy_mark])))
        number_left = m.right - width(content.order.number, strip.number)
        marks_left = number_left - (width(marks, strip.buyer) + strip.gap if marks else 0)
        room = marks_left - m.margin - strip.gap
        shop = elide(content.shop.name, strip.shop, room * 0.6)
        wide = paper.text(m.margin, y, shop, strip.shop) + strip.gap * 0.8
        if content.order.customer:
            buyer = elide(content.buyer_name, strip.buyer, room - wide)
            paper.text(m.margin + wide, y, buyer, strip.buyer)
        paper.text(marks_left, y, marks, strip.buyer)
        paper.text(m.right, y, content.order.number, strip.number, "right")
        paper.line(m.margin, self._strip_bottom, m.right, self._strip_bottom, m.masthead.rule)

    # sums

    def _sums_layout(self) -> _SumsLayout:
        m, sums, content = self._m, self._m.sums, self._content
        room = sums.left - m.margin - sums.gap
        in_words = wrap(amount_in_words(content.order.total_paisa, content.lang), sums.words, room)
        payments = self._payment_lines(room)
        rows = content.sums()
        paid = content.payment_rows(advance=content.words.advance_received, signed=True)
        if len(content.order.payments) > _PAYMENTS_IN_FULL:
            paid = content.payments_together(advance=content.words.advance_received)
        right = sums.first_baseline + (len(rows) - 1) * sums.leading + sums.before_rule
        right += sums.total_step + sums.after_total
        if paid:
            right += sums.payment_step + (len(paid) - 1) * sums.leading
        left = sums.first_baseline + sums.caption_step + (len(in_words) - 1) * sums.words_leading
        if payments:
            left += sums.words_leading + sums.block_gap + sums.caption_step
            left += (len(payments) - 1) * sums.payment_leading
        return _SumsLayout(in_words, payments, rows, paid, max(left, right) + m.box.before)

    def _payment_lines(self, room: float) -> list[str]:
        """Method, amount, TrxID and time of each payment, on two lines or, where there are many, run on."""
        content, style = self._content, self._m.sums.payment
        lines: list[str] = []
        payments = content.order.payments
        for payment in payments[:_PAYMENTS_LISTED]:
            text, time = content.payment_text(payment), content.payment_time(payment)
            if len(payments) > _PAYMENTS_IN_FULL:
                lines += wrap(f"{text}{SEPARATOR}{time}", style, room)
            else:
                lines += [*wrap(text, style, room), time]
        if len(payments) > _PAYMENTS_LISTED:
            count = content.number(len(payments) - _PAYMENTS_LISTED)
            lines.append(content.words.more_payments.format(count=count))
        return lines

    def _draw_sums(self, top: float, layout: _SumsLayout) -> None:
        m, sums, content, paper = self._m, self._m.sums, self._content, self._paper
        y = top + sums.first_baseline
        paper.text(m.margin, y, content.words.in_words, sums.caption)
        y += sums.caption_step
        for line in layout.words:
            paper.text(m.margin, y, line, sums.words)
            y += sums.words_leading
        if layout.payments:
            y += sums.block_gap
            paper.text(m.margin, y, content.words.payment, sums.caption)
            y += sums.caption_step
            for line in layout.payments:
                paper.text(m.margin, y, line, sums.payment)
                y += sums.payment_leading
        y = top + sums.first_baseline
        for row in layout.sums:
            self._draw_sum(y, row)
            y += sums.leading
        y += sums.before_rule - sums.leading
        paper.line(sums.left, y, m.right, y, sums.rule)
        y += sums.total_step
        total = content.settled(content.order.total_paisa, taka=True)
        paper.text(sums.left, y, content.words.total, sums.total)
        paper.text(m.right, y, total, sums.total_amount, "right")
        y += sums.after_total
        paper.line(sums.left, y, m.right, y, sums.rule)
        y += sums.payment_step
        for row in layout.paid:
            self._draw_sum(y, row)
            y += sums.leading

    def _draw_sum(self, y: float, row: Row) -> None:
        sums, right = self._m.sums, self._m.right
        amount = Style(sums.row.size, 500)
        wide = self._m.right - sums.left - width(row.amount, amount) - 2
        self._paper.text(sums.left, y, elide(row.label, sums.row, wide), sums.row)
        self._paper.text(right, y, row.amount, amount, "right")

    # amount box

    def _draw_box(self, top: float) -> None:
        content, words = self._content, self._content.words
        outcome = content.outcome
        if outcome.kind == "cod":
            self._draw_owed(top, words.cod, [words.courier_collects, words.pay_on_delivery])
        elif outcome.kind == "due":
            self._draw_owed(top, words.due, [])
        elif outcome.kind == "refund":
            self._draw_owed(top, words.refund, [words.we_owe])
        else:
            self._draw_settled(top, words.cancelled if outcome.kind == "cancelled" else words.paid)

    def _draw_owed(self, top: float, panel: str, texts: list[str]) -> None:
        m, box, paper = self._m, self._m.box, self._paper
        wide = m.right - m.margin
        middle = top + box.height / 2
        paper.frame(m.margin, top, wide, box.height, box.frame * MM_PER_POINT)
        paper.bar(m.margin, top, box.panel, box.height)
        style = shrunk(panel, box.panel_text, box.panel - 2 * _WHITE_EDGE)
        panel_centre = m.margin + box.panel / 2
        paper.text(panel_centre, baseline(middle, style), panel, style, "centre", white=True)
        amount = self._content.settled(self._content.outcome.amount_paisa, taka=True)
        text_width = max((width(text, box.heading) for text in texts[:1]), default=0.0)
        text_width = max([text_width, *(width(text, box.hint) for text in texts[1:])])
        room = wide - box.panel - 2 * box.padding
        with_text = room - text_width - box.padding
        fitting = next((style for style in box.amounts if width(amount, style) <= with_text), None)
        if fitting is None:
            texts = []
            fitting = next((style for style in box.amounts if width(amount, style) <= room), box.amounts[-1])
            fitting = shrunk(amount, fitting, room)
        x = m.margin + box.panel + box.padding
        if len(texts) == 1:
            paper.text(x, baseline(middle, box.heading), texts[0], box.heading)
        elif texts:
            y = top + box.height * 0.46
            paper.text(x, y, texts[0], box.heading)
            paper.text(x, y + box.hint_step, texts[1], box.hint)
        paper.text(m.right - box.padding, baseline(middle, fitting), amount, fitting, "right")

    def _draw_settled(self, top: float, text: str) -> None:
        m, box, paper = self._m, self._m.box, self._paper
        paper.frame(m.margin, top, m.right - m.margin, box.height, box.thin_frame * MM_PER_POINT)
        amount = self._content.settled(self._content.outcome.amount_paisa, taka=True)
        y = baseline(top + box.height / 2, box.paid)
        paper.text(m.margin + box.padding, y, text, box.paid)
        paper.text(m.right - box.padding, y, amount, box.paid, "right")

    # foot

    @property
    def _foot_top(self) -> float:
        return self._m.height - self._m.margin - self._m.foot.qr

    @property
    def _foot_rule(self) -> float:
        return self._foot_top - self._m.foot.rule_gap

    def _draw_foot(self, page: int, pages: int) -> None:
        m, foot, content, paper = self._m, self._m.foot, self._content, self._paper
        thanks, complaints, address = (self._foot_top + y for y in foot.baselines)
        paper.line(m.margin, self._foot_rule, m.right, self._foot_rule, foot.rule)
        paper.qr(m.margin + foot.qr_left, self._foot_top, foot.qr, content.order.number)
        x = m.margin + foot.qr + foot.gap
        page_text = self._page_text(page, pages)
        page_left = m.right - width(page_text, foot.small) - foot.gap
        number_left = m.right - width(content.order.number, foot.page_number) - foot.gap
        paper.text(x, thanks, content.words.thanks, foot.thanks)
        room = (number_left if pages > 1 else m.right) - x
        complaint = shrunk(content.complaints, foot.small, room) if content.complaints else foot.small
        paper.text(x, complaints, content.complaints, complaint)
        paper.text(x, address, elide(content.shop.page, foot.small, page_left - x), foot.small)
        if pages > 1:
            paper.text(m.right, complaints, content.order.number, foot.page_number, "right")
        paper.text(m.right, address, page_text, foot.small, "right")

    def _draw_page_foot(self, page: int, pages: int) -> None:
        m, foot = self._m, self._m.foot
        y = m.height - m.margin
        self._paper.text(m.margin, y, self._content.order.number, foot.page_number)
        self._paper.text(m.right, y, self._page_text(page, pages), foot.small, "right")

    def _page_text(self, page: int, pages: int) -> str:
        number = self._content.number
        return self._content.words.page.format(number=number(page + 1), count=number(pages))


def _first_letter(name: str, style: Style) -> str:
    """The first syllable's picture (Bangla) or letter (Latin), for the shop without a logo."""
    clusters = shipped_face(style.weight).shape(name)
    return next((cluster.text for cluster in clusters if cluster.text[0].isalnum()), "")


def _shop_name(name: str, styles: tuple[Style, Style, Style], room: float) -> tuple[list[str], Style]:
    """The name on one line at the first size that holds it, else on two lines at the smallest."""
    for style in styles:
        if width(name, style) <= room:
            return [name], style
    return wrap(name, styles[-1], room, 2), styles[-1]
