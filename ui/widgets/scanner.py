"""Tells a scanner from a hand: keys less than 50 ms apart, four and more of them, ended by Enter or Tab."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable

GAP_MS = 50
LEAST = 4


class Scanner(QObject):
    """Watches the keys of a window. What a scanner typed into a field is taken out of it again.

    A quick hand is not a scanner: where nobody takes the code, the keys go on to where they were typed.

    Attributes:
        now_ms: the time of keys that carry none.
    """

    def __init__(self, window: QWidget, take: Callable[[str], bool]) -> None:
        """A watch over a window.

        Args:
            window: whose keys.
            take: is given a code as it came (a Bangla keyboard turns its digits into Bangla ones); whether it
                did something with it.
        """
        super().__init__(window)
        self._window, self._take = window, take
        self.now_ms: Callable[[], int] = _monotonic_ms
        self._code = ""
        self._last_ms = 0
        self._edit: QLineEdit | None = None
        self._before = ""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self._follow(None, QApplication.focusWidget())

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        """Only where keys go: a filter in Python over all events of a window costs more than they do."""
        if not isValid(self._window):  # it is on its way out, and the focus with it
            return
        (old or self._window).removeEventFilter(self)
        (new or self._window).installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Gather fast keys; True where the ending key of a scan is used up."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(watched, QWidget):
            return False
        focus = QApplication.focusWidget()
        if watched is not (focus or self._window) or watched.window() is not self._window:
            return False
        assert isinstance(event, QKeyEvent)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            return self._end(event)
        text = event.text()
        if len(text) != 1 or not text.isprintable() or text.isspace():
            self._code = ""
            return False
        if not self._code or self._at_ms(event) - self._last_ms > GAP_MS:
            self._code = ""
            self._edit = focus if isinstance(focus, QLineEdit) else None
            self._before = self._edit.text() if self._edit is not None else ""
        self._code += text
        self._last_ms = self._at_ms(event)
        return False

    def _end(self, event: QKeyEvent) -> bool:
        code, self._code = self._code, ""
        if len(code) < LEAST or self._at_ms(event) - self._last_ms > GAP_MS:
            return False
        if not self._take(code):
            return False
        if self._edit is not None:
            self._edit.setText(self._before)
            self._edit.textEdited.emit(self._before)
        return True

    def _at_ms(self, event: QKeyEvent) -> int:
        """When the key was pressed, even if the window was busy; an event without a time was made by a program."""
        return event.timestamp() or self.now_ms()


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000
