"""The paper that shows whether a thermal printer is set up right: its width, its blackness and its Bangla."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.domain.times import dhaka_time
from pos.l10n.dates import clock_time, short_date
from pos.l10n.numbers import digits
from pos.l10n.sentences import phrase
from pos.printing.page import DOT_MM, Align, Paper, snapped
from pos.printing.receipt_measures import RECEIPT_MEASURES
from pos.printing.typesetting import MM_PER_POINT, Style, printable, shrunk, wrap_parts

if TYPE_CHECKING:
    from pos.l10n import Locale
    from pos.printing.receipt import ReceiptWidth
    from pos.services.views import ShopView

# Conjuncts, a joined vowel on either side, a reph and a ya-phala: what falls apart first where Bangla is not shaped.
_CONJUNCTS: Final = "ক্ষ জ্ঞ ঞ্চ ঙ্ক হ্ম ষ্ণ ক্ষ্ম ন্ত্র স্ত্রী দ্ধ র্ত ন্দ্ব শ্রী ব্যাংক রূপ শুভ হৃদয়"
_FIGURES: Final = "০১২৩৪৫৬৭৮৯ · 0123456789 · ৳১,২৩,৪৫৬"
_LEADING: Final = 1.55
_TICK: Final = 2 * DOT_MM  # the thinnest stroke that a thermal head prints surely
_RULER: Final = 4.5  # mm


def trial_pdf(shop: ShopView, *, at_ms: int, width_mm: ReceiptWidth, locale: Locale) -> bytes:
    """A short strip: shop, time, a ruler from edge to edge, a black bar and a line of Bangla conjuncts.

    Args:
        shop: whose name stands at the head.
        at_ms: the present instant, UTC milliseconds.
        width_mm: of the roll, 58 or 80.
        locale: language of the words and script of the digits.
    """
    # The strip's length is known once it was laid out, so it is drawn twice; the first time on a sheet to spare.
    high = _Trial(shop, at_ms, width_mm, locale, 297).y
    return _Trial(shop, at_ms, width_mm, locale, snapped(high + DOT_MM)).paper.finish()


class _Trial:
    def __init__(
        self, shop: ShopView, at_ms: int, width_mm: ReceiptWidth, locale: Locale, high: float
    ) -> None:
        self._m = m = RECEIPT_MEASURES[width_mm]
        self._room = m.image - 2 * m.margin
        title = phrase("trial_title", locale.lang)
        self.paper = Paper((m.image, high), title=title, author=shop.name)
        self.y = m.margin
        at = dhaka_time(at_ms)
        name = printable(shop.name)
        self._lines(name, shrunk(name, m.name, self._room) if len(name) < 40 else m.title, "centre", 2)
        self._lines(title, m.title, "centre")
        self._lines(f"{short_date(at.date(), locale)} · {clock_time(at, locale)}", m.date, "centre")
        self._ruler(locale)
        sizes = {"mm": width_mm, "dots": round(m.image / DOT_MM)}
        shown = {name: digits(str(size), locale) for name, size in sizes.items()}
        self._lines(phrase("trial_width", locale.lang, **shown), m.contact, "centre")
        self._lines(phrase("trial_edges", locale.lang), m.trade)
        self._bar()
        self._lines(_CONJUNCTS, m.total)
        self._lines(_FIGURES, m.item)
        self._lines(phrase("trial_letters", locale.lang), m.trade)
        self.y += m.tail

    def _lines(self, text: str, style: Style, align: Align = "left", most: int = 9) -> None:
        x = self._m.image / 2 if align == "centre" else self._m.margin
        for line in wrap_parts(text, style, self._room, most):
            self.y += _LEADING * style.size * MM_PER_POINT
            self.paper.text(x, self.y, line, style, align)
        self.y += 0.45 * style.size * MM_PER_POINT  # marks under the last line

    def _ruler(self, locale: Locale) -> None:
        """Millimetres from the head's first dot to its last; long ticks and figures at the tens."""
        m, top = self._m, snapped(self.y + 2)
        boxes = [(0.0, top, _TICK, _RULER), (m.image - _TICK, top, _TICK, _RULER)]
        for mm in range(1, round(m.image)):
            high = _RULER if mm % 10 == 0 else _RULER * 0.7 if mm % 5 == 0 else _RULER * 0.4
            boxes.append((float(mm), top, _TICK, snapped(high)))
        boxes.append((0.0, top, m.image, _TICK))
        self.paper.bars(boxes)
        self.y = top + _RULER + 1.3 * m.note.size * MM_PER_POINT
        for mm in range(10, round(m.image) - 3, 10):  # whole figures only
            self.paper.text(mm + _TICK / 2, self.y, digits(str(mm), locale), m.note, "centre")
        self.y += 0.4 * m.note.size * MM_PER_POINT

    def _bar(self) -> None:
        """Solid black: a worn head or weak paper shows as white stripes."""
        top = snapped(self.y + 2)
        self.paper.bar(self._m.margin, top, self._room, 5)
        self.y = top + 5
