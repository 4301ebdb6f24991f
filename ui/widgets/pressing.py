"""What takes keys and the pointer: a thing to press, and places side by side of which one is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Pressable(QAbstractButton):
    """Something to press: a click, Space and Enter do it; it is drawn anew under the pointer and in focus."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        """Something to press.

        Args:
            look: how it looks.
            name: its accessible name.
            parent: the widget it stands on.
        """
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses like Space, also that of the number pad."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in _ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def ring(self, ink: Ink, rect: QRectF, token: str = "focus", radius: float = 6) -> None:
        """The ring, as long as the focus is here."""
        if self.hasFocus():
            ink.box(rect, None, token, radius, 2)


class Places(QWidget):
    """Places drawn side by side; the arrows and a click move the one at hand.

    `_rects` says where they stand, `_go` what it means to go to one.
    """

    def __init__(self, look: Look, focus: Qt.FocusPolicy = Qt.FocusPolicy.StrongFocus) -> None:
        super().__init__()
        self._look = look
        self._at = 0
        self.setFocusPolicy(focus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _rects(self) -> Sequence[QRectF]:
        """Where each of them stands."""
        raise NotImplementedError

    def _go(self, at: int) -> None:
        """The place `at` is the one at hand; it may lie beyond either end."""
        raise NotImplementedError

    def _pressed(self, at: int) -> None:
        """A place was clicked."""
        self._go(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to what was clicked."""
        position = event.position()
        found = (at for at, rect in enumerate(self._rects()) if rect.contains(position))
        at = next(found, None)
        if at is not None:
            self._pressed(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._go(self._at + step)


class Chooser(Places):
    """One of several, of which the one at hand is the one chosen.

    Emits `chosen` with the code when the vendor chooses.
    """

    chosen = Signal(str)
    _items: Sequence[tuple[str, str, object]] = ()  # code, word, and what else is drawn of each

    def choice(self) -> str:
        """The code chosen; empty where there is nothing to choose."""
        return self._items[self._at][0] if self._items else ""

    def _name(self) -> None:
        self.setAccessibleName(self._items[self._at][1] if self._items else "")

    def _go(self, at: int) -> None:
        at = max(0, min(at, len(self._items) - 1))
        if self._items and at != self._at:
            self._at = at
            self._name()
            self.update()
            self.chosen.emit(self.choice())
