"""One look: a theme, a text size and a language, as every widget asks for it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib.resources import as_file
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer

from pos.domain.times import dhaka_time
from pos.l10n import Locale, locale_of, numbers
from pos.l10n.dates import clock_time, near_date, spoken_hour
from pos.l10n.sentences import PHRASES, phrase, sentence
from pos.l10n.unit_names import unit_name
from pos.paths import resource
from ui.theme.tokens import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.theme.told import Told

ThemeName = Literal["light", "dark"]
FAMILY: Final = "Hat UI"
_ADVANCES_KEPT: Final = 20_000
WEIGHTS: Final = (400, 500, 600, 700)

# style: (pixels, weight, line height) - design/ui.md §5
TYPE: Final[dict[str, tuple[int, int, int]]] = {
    "numxl": (34, 700, 44),
    "numl": (28, 700, 40),
    "h1": (22, 700, 32),
    "num": (22, 600, 32),
    "h2": (18, 600, 28),
    "body": (15, 400, 24),
    "bodym": (15, 500, 24),
    "bodyb": (15, 600, 24),
    "sm": (13, 400, 20),
    "cap": (13, 500, 20),
    "smb": (13, 600, 20),
    "mini": (12, 500, 16),
    "minib": (12, 700, 16),
}


def load_fonts() -> None:
    """Make the app's own faces known to Qt; needs the application."""
    for weight in WEIGHTS:
        with as_file(resource("fonts", f"HatUI-{weight}.ttf")) as file:
            QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))


def look_of(device: Mapping[str, object]) -> Look:
    """The look that a device's settings ask for; needs the application."""
    theme = device["ui.theme"]
    if theme == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme = "dark" if dark else "light"
    return Look("dark" if theme == "dark" else "light", locale_of(device), int(str(device["ui.text"])))


class Look:
    """Colours, fonts, icons and words. Sizes are in pixels at 100 % text and grow with it.

    Args:
        theme: light or dark.
        locale: the language of words and the script of digits.
        text_percent: 100, 115 or 130.
    """

    def __init__(self, theme: ThemeName, locale: Locale, text_percent: int = 100) -> None:
        self.theme = theme
        self.locale = locale
        self.text_percent = text_percent
        self.tokens = LIGHT if theme == "light" else DARK
        self._icons: dict[tuple[str, int, str, float, float], QPixmap] = {}
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        self._advances: dict[tuple[str, str], float] = {}

    # ---- colours and sizes ---------------------------------------------------------------------------

    def css(self, token: str) -> str:
        """A token's colour as style sheets write it."""
        return self.tokens[token]

    def color(self, token: str) -> QColor:
        """A token's colour."""
        return QColor(self.tokens[token])

    def px(self, size: float) -> int:
        """A height or width that holds text, grown with the text."""
        return round(size * self.text_percent / 100)

    # ---- type ----------------------------------------------------------------------------------------

    def font(self, style: str) -> QFont:
        """The font of a style."""
        font = self._fonts.get(style)
        if font is None:
            size, weight, _ = TYPE[style]
            font = QFont(FAMILY)
            font.setPixelSize(self.px(size))
            font.setWeight(QFont.Weight(weight))
            self._fonts[style] = font
        return font

    def metrics(self, style: str) -> QFontMetricsF:
        """How wide text of a style runs."""
        metrics = self._metrics.get(style)
        if metrics is None:
            metrics = self._metrics[style] = QFontMetricsF(self.font(style))
        return metrics

    def line(self, style: str) -> int:
        """The line height of a style: Bangla marks rise to 1.0 em and fall to 0.41 em."""
        return self.px(TYPE[style][2])

    def advance(self, text: str, style: str) -> float:
        """How far a text runs; shaping it anew for every painting would cost more than the painting."""
        key = (text, style)
        found = self._advances.get(key)
        if found is None:
            if len(self._advances) > _ADVANCES_KEPT:
                self._advances.clear()
            found = self._advances[key] = self.metrics(style).horizontalAdvance(text)
        return found

    def width(self, text: str, style: str) -> int:
        """Whole pixels that a text needs."""
        return int(self.advance(text, style) + 0.999)

    # ---- icons ---------------------------------------------------------------------------------------

    def pixmap(self, name: str, size: int, token: str, ratio: float = 1.0, stroke: float = 0.0) -> QPixmap:
        """An icon in a token's colour, sharp at the screen's ratio."""
        stroke = stroke or (2.0 if size <= 16 else 1.75)
        key = (name, size, token, ratio, stroke)
        found = self._icons.get(key)
        if found is None:
            drawing = _svg(name).replace("currentColor", self.tokens.get(token, token))
            drawing = drawing.replace('stroke-width="2"', f'stroke-width="{stroke}"')
            found = QPixmap(round(size * ratio), round(size * ratio))
            found.fill(Qt.GlobalColor.transparent)
            found.setDevicePixelRatio(ratio)
            painter = QPainter(found)
            QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
            painter.end()
            self._icons[key] = found
        return found

    def icon(self, name: str, token: str, size: int = 20) -> QIcon:
        """The same for menus and standard widgets."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, size, token, ratio))
        return icon

    # ---- words and figures ---------------------------------------------------------------------------

    def word(self, name: str, **params: object) -> str:
        """A word or line of the screen, in the language."""
        return phrase(f"ui_{name}", self.locale, **params)

    def word_or(self, name: str, other: str) -> str:
        """A word of the screen, or what the vendor herself calls it."""
        return self.word(name) if f"ui_{name}" in PHRASES else other

    def sentence(self, error: Told) -> str:
        """What an error says to the vendor."""
        return sentence(error.code, error.params, self.locale)

    def either(self, bangla: str, english: str) -> str:
        """A name in the language of the screen, or in the other where it has none."""
        return (english or bangla) if self.locale.lang == "en" else (bangla or english)

    def digits(self, text: str | int) -> str:
        """A number as typed, in the script of the setting."""
        return numbers.digits(str(text), self.locale)

    def count(self, n: int) -> str:
        """A whole number in groups."""
        return numbers.digits(numbers.group(n), self.locale)

    def money(self, paisa: int) -> str:
        """An amount with the taka sign."""
        return numbers.money(paisa, self.locale, taka=True)

    def quantity(self, milli: int, unit: str | None = None) -> str:
        """A quantity, with its unit if one is given: `৩টি`, `১.৫ কেজি`."""
        text = numbers.quantity(milli, self.locale)
        if unit is None:
            return text
        name = unit_name(unit, self.locale)
        return f"{text}{name}" if name == "টি" else f"{text} {name}"

    def phone(self, e164: str | None) -> str:
        """A phone number as people write it; empty where there is none."""
        return "" if e164 is None else numbers.phone(e164, self.locale)

    def time(self, at_ms: int) -> str:
        """`৫:৪৬ PM`."""
        return clock_time(dhaka_time(at_ms), self.locale)

    def hour(self, at_ms: int) -> str:
        """A time in a sentence: `সকাল ৯টা`, `রাত ৯টা`, `9 AM`."""
        return spoken_hour(dhaka_time(at_ms), self.locale)

    def short_day(self, on: dt.date) -> str:
        """`মঙ্গল ২৪ নভে`."""
        return near_date(on, on - dt.timedelta(2), self.locale)

    def day(self, on: dt.date, today: dt.date) -> str:
        """`আজ`, `গতকাল`, `আগামীকাল`, else `মঙ্গল ২৪ নভে`."""
        return near_date(on, today, self.locale)


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
