"""A QR on the screen, for a scanner or a camera: dark on light in every theme, with its quiet zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pos.printing.symbols import qr_rows
from ui.widgets.ink import Ink

if TYPE_CHECKING:
    from ui.theme.look import Look

_MODULE: Final = 5  # pixels at 100 % text: wide enough for a scanner at arm's length
_QUIET: Final = 4  # modules of nothing on each side
_CLOCK: Final = 48


class Qr(QWidget):
    """Shows a text as a QR; switched off a clock stands in its place, since even a pale QR is read."""

    def __init__(self, look: Look, text: str, name: str) -> None:
        """A QR.

        Args:
            look: how it looks.
            text: what a scanner reads.
            name: what it is, for whoever does not see it.
        """
        super().__init__()
        self._look = look
        self._rows = qr_rows(text)
        side = (len(self._rows) + 2 * _QUIET) * look.px(_MODULE)
        self.setFixedSize(side, side)
        self.setAccessibleName(name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the modules, each of them a whole number of the screen's own pixels."""
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "paper", "border", 8)
        if self.isEnabled():
            self._modules(ink.painter)
        else:
            corner = (self.width() - _CLOCK) / 2
            ink.icon(corner, corner, "clock", _CLOCK, "ink")
        ink.painter.end()

    def _modules(self, painter: QPainter) -> None:
        ratio, colour = self.devicePixelRatioF(), self._look.color("ink")
        count = len(self._rows)
        side = round(self.width() * ratio)
        module = side // (count + 2 * _QUIET)
        edge = (side - count * module) // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.scale(1 / ratio, 1 / ratio)
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(QRect(edge + x * module, edge + y * module, module, module), colour)
