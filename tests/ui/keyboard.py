"""Pressing keys as a person does, and Bangla as an input method gives it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.shell import Shell

_KEYS: dict[str, Qt.Key] = {
    "Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "Down": Qt.Key.Key_Down, "Up": Qt.Key.Key_Up,
    "Tab": Qt.Key.Key_Tab, "Del": Qt.Key.Key_Delete, "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right,
    "Space": Qt.Key.Key_Space, **{f"F{n}": getattr(Qt.Key, f"Key_F{n}") for n in range(1, 13)},
}  # fmt: skip
_MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
_SLOWLY_MS = 60  # slower than a scanner


class Keyboard:
    """Counts every key that it presses. Between two of them what is under way comes back, as it does for a hand."""

    def __init__(self, shell: Shell, qtbot: QtBot) -> None:
        self.shell, self.qtbot = shell, qtbot
        self.pressed = 0
        self._now_ms = 0
        shell.scanner.now_ms = self._now

    def _now(self) -> int:
        return self._now_ms

    def press(self, *chords: str) -> None:
        """Named keys: `Enter`, `F9`, `Ctrl+Z`."""
        for chord in chords:
            *held, key = chord.split("+")
            modifiers = Qt.KeyboardModifier.NoModifier
            for name in held:
                modifiers |= _MODIFIERS[name]
            code: Qt.Key = _KEYS[key] if key in _KEYS else getattr(Qt.Key, f"Key_{key.upper()}")
            self.pressed += 1
            self._pause()  # before, since a key may take the widget away that it was pressed on
            QTest.keyClick(self._focus(), code, modifiers)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        """Letters, digits and signs of a Latin keyboard, one key each."""
        for char in text:
            self.pressed += 1
            self._pause()
            QTest.keyClicks(self._focus(), char)
        QApplication.processEvents()

    def scan(self, code: str) -> None:
        """A scanner: all at once, with Enter behind."""
        QTest.keyClicks(self._focus(), code)
        QTest.keyClick(self._focus(), Qt.Key.Key_Return)
        QApplication.processEvents()

    def bangla(self, text: str) -> None:
        """What an input method commits."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self._focus(), event)
        QApplication.processEvents()

    def _pause(self) -> None:
        self._now_ms += _SLOWLY_MS
        QApplication.processEvents()
        start = time.monotonic()
        while self.shell.tasks.pending() and time.monotonic() - start < _SLOWLY_MS / 1000:
            QTest.qWait(2)

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.shell
