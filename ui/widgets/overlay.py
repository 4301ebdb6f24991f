"""What lies over the window: dialogs on a scrim, and the toast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.tokens import SCRIM
from ui.widgets.arrange import row
from ui.widgets.focus import tab_on
from ui.widgets.ink import Ink, keycap_width
from ui.widgets.text import Box, Icon, Text

if TYPE_CHECKING:
    from ui.notices import Toast
    from ui.theme.look import Look

TOAST_MS = 6000
_FOOT = 8


class Dialog(QWidget):
    """A panel over the window, for payment, irreversible acts and pickers. Esc leaves without change.

    Emits `closed` once it is gone; the focus goes back to where it was.
    """

    closed = Signal()

    def __init__(self, look: Look, over: QWidget, width: int, name: str) -> None:
        super().__init__(over)
        self._look, self._window = look, over
        self.first: QWidget | None = None  # what has the focus at first
        self._before = QApplication.focusWidget()
        self.panel = Box(look, "surface", "border", 12)
        self.panel.setFixedWidth(min(look.px(width), over.width() - 32))
        self.panel.setAccessibleName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addStretch(1)
        layout.addLayout(
            row("*", self.panel, "*", gap=0)
        )  # an aligned one would be asked how high at our width
        layout.addStretch(1)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def open(self) -> None:
        """Show it over everything, with the focus where the typing begins."""
        self.show()
        self.raise_()
        (self.first or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_dialog(self) -> None:
        """Take it away and give the focus back."""
        self._window.removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def act(self, action: str) -> None:
        """An action of the key table while the dialog is open; Esc leaves."""
        if action == "back":
            self.close_dialog()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside."""
        tab_on(self, forward=forward)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It covers the window whatever size that takes."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys stay here."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_dialog()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing under it is clicked."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The scrim."""
        colour, share = SCRIM[self._look.theme]
        scrim = QColor(colour)
        scrim.setAlphaF(share)
        painter = QPainter(self)
        painter.fillRect(self.rect(), scrim)
        painter.end()


class ToastBar(QWidget):
    """One short word on what was done, for six seconds; it stays under the pointer.

    Signals:
        stands: whether it has come or gone.
    """

    stands = Signal(bool)

    def __init__(self, look: Look, over: QWidget) -> None:
        super().__init__(over)
        self._look, self._window = look, over
        self._toast: Toast | None = None
        self._foot = _FOOT
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._over)
        self._text = Text(look, "", "bodym", "toastT", snug=True)
        self._word = Text(look, "", "bodyb", "toastA")
        self._cap = ""
        self._layout = row(
            Icon(look, "circle-check", 20, "toastA"),
            self._text,
            12,
            self._word,
            gap=8,
            margins=(16, 0, 14, 0),
        )
        self.setLayout(self._layout)
        self.setFixedHeight(look.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        over.installEventFilter(self)
        self.hide()

    def show_toast(self, toast: Toast) -> None:
        """Show this one, in the place of any other."""
        self._toast = toast
        self._cap = toast.key
        self._text.setText(toast.text)
        self._word.setText(toast.word)
        cap = keycap_width(self._look, toast.key) + 8 if toast.key else 0
        self._layout.setContentsMargins(16, 0, 14 + cap, 0)
        self.place()
        self.show()
        self.raise_()
        self.stands.emit(True)
        self._timer.start(TOAST_MS)
        self.setAccessibleName(toast.text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def place(self) -> None:
        """At the bottom of what it lies over."""
        over = self._window.rect()
        self.setFixedWidth(min(self._layout.sizeHint().width(), max(1, over.width() - 32)))
        self.move((over.width() - self.width()) // 2, over.height() - self.height() - self._foot)

    def rise(self, by: int) -> None:
        """Stand so much higher than at the foot, where something else lies there."""
        self._foot = _FOOT + by
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It stays at the foot of its ground, also of one that gets its size only now."""
        if event.type() == QEvent.Type.Resize and watched is self._window and self._toast is not None:
            self.place()
        return super().eventFilter(watched, event)

    def text(self) -> str:
        """What it says, empty while none shows."""
        return self._toast.text if self._toast is not None and self.isVisible() else ""

    def _over(self) -> None:
        if self.underMouse():
            self._timer.start(TOAST_MS // 3)
        else:
            self.go()

    def go(self) -> None:
        """Its time is over."""
        self._timer.stop()
        self.hide()
        self.stands.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click does what it offers."""
        event.accept()
        if self._toast is not None and self._toast.action is not None:
            self.go()
            self._toast.action()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The inverse surface, and the key."""
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "toast", None, 8)
        if self._cap:
            width = keycap_width(self._look, self._cap)
            high = self._look.px(20)
            ink.keycap(
                QRectF(self.width() - width - 14, (self.height() - high) / 2, width, high),
                self._cap,
                on="toastT",
            )
        ink.painter.end()
