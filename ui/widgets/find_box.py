"""The quiet box on the right of a bar that opens the search for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.widgets.ink import Ink, keycap_width
from ui.widgets.pressing import Pressable

if TYPE_CHECKING:
    from ui.theme.look import Look

_HIGH: Final = 36
_PAD: Final = 10
_ICON: Final = 18


class FindBox(Pressable):
    """Looks like a field that waits, and is pressed like a button."""

    def __init__(self, look: Look, word: str, long_word: str, key: str) -> None:
        """A box.

        Args:
            look: how it looks.
            word: what it says where it is narrow.
            long_word: what it says where there is room, and to a screen reader.
            key: the key that does the same.
        """
        super().__init__(look, long_word)
        self._words = {False: word, True: long_word}
        self._key, self._wide = key, False
        self.setToolTip(f"{long_word}  {key}")
        self.setFixedHeight(look.px(_HIGH))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def spread(self, *, wide: bool) -> None:
        """Whether there is room for the long word."""
        if wide != self._wide:
            self._wide = wide
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as icon, word and key need."""
        word = self._look.width(self._words[self._wide], "sm")
        wide = _PAD + _ICON + 8 + word + 20 + keycap_width(self._look, self._key) + 8
        return QSize(wide, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of the page in a card, grey words, and the key."""
        look, rect = self._look, QRectF(self.rect())
        ink = Ink(look, QPainter(self))
        ink.box(rect, "surface3" if self.isDown() or self.underMouse() else "surface2", "border", 6)
        self.ring(ink, rect, radius=5)
        ink.icon(_PAD, (rect.height() - _ICON) / 2, "search", _ICON, "text2")
        wide, high = keycap_width(look, self._key), look.px(20)
        cap = QRectF(rect.width() - wide - 8, (rect.height() - high) / 2, wide, high)
        x = _PAD + _ICON + 8
        words = QRectF(x, 0, cap.x() - x - 4, rect.height())
        ink.text(words, self._words[self._wide], "sm", "text3")
        ink.keycap(cap, self._key)
        ink.painter.end()
