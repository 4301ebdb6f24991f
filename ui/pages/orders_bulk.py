"""The bar that floats over the list while orders are ticked: how many, their next step, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import keys
from ui.widgets.arrange import row
from ui.widgets.ink import LEFT, Ink, keycap_width
from ui.widgets.pressing import Pressable
from ui.widgets.text import Text

if TYPE_CHECKING:
    from ui.presenters.orders import Orders
    from ui.theme.look import Look

HEIGHT = 48


class _Word(Pressable):
    """A word on the bar with its key."""

    def __init__(self, look: Look, word: str, key: str, token: str = "toastT") -> None:
        super().__init__(look, word)
        self._key, self._token = key, token
        self.setText(word)
        self.setFixedHeight(look.px(36))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def relabel(self, word: str) -> None:
        """Another word."""
        self.setText(word)
        self.setAccessibleName(word)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as word and key need."""
        word = self._look.width(self.text(), "bodym")
        return QSize(word + keycap_width(self._look, self._key) + 24, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Word and key, on the bar's own ground."""
        look, rect = self._look, QRectF(self.rect())
        ink = Ink(look, QPainter(self))
        if self.underMouse() or self.isDown():
            ground = look.color("toastT")
            ground.setAlphaF(0.12)
            ink.box(rect, ground, None, 6)
        self.ring(ink, rect, "toastA")
        used = look.width(self.text(), "bodym")
        ink.text(
            rect.adjusted(8, 0, 0, 0), self.text(), "bodym", self._token, LEFT, elide=False
        )  # never cut: the bar is as wide as it needs to be
        wide, high = keycap_width(look, self._key), look.px(20)
        ink.keycap(QRectF(used + 16, rect.center().y() - high / 2, wide, high), self._key)
        ink.painter.end()


class BulkBar(QWidget):
    """What can be done with all ticked orders at once.

    Signals:
        stepped: their next step.
        left: no tick any more.
    """

    stepped = Signal()
    left = Signal()

    def __init__(self, look: Look, over: QWidget) -> None:
        super().__init__(over)
        self._look, self._over = look, over
        self.count = Text(look, "", "bodyb", "toastT")
        self.step = _Word(look, "", keys.cap("main"))
        self.step.clicked.connect(self.stepped)
        self.mixed = Text(look, "", "body", "toastT")
        leave = _Word(look, look.word("leave"), keys.cap("back"), "toastA")
        leave.clicked.connect(self.left)
        self._layout = row(self.count, 9, self.step, self.mixed, leave, gap=8, margins=(16, 0, 8, 0))
        self.setLayout(self._layout)
        self.setFixedHeight(look.px(HEIGHT))
        self.hide()

    def draw(self, orders: Orders) -> None:
        """Show what is ticked, or nothing."""
        look, step = self._look, orders.step_of_ticked()
        self.count.setText(look.word("n_ticked", orders=len(orders.ticked)))
        self.step.setVisible(step is not None)
        self.mixed.setText(look.word(orders.why_no_step()))
        self.mixed.setVisible(step is None)
        if step is not None:
            self.step.relabel(look.word(f"step_{step}"))
        self.setVisible(bool(orders.ticked))
        self.place()

    def place(self) -> None:
        """At the foot of the list, in its middle."""
        self._layout.activate()
        self.setFixedWidth(min(self._layout.sizeHint().width(), self._over.width() - 16))
        self.move((self._over.width() - self.width()) // 2, self._over.height() - self.height() - 16)
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The inverse surface, and a line behind the count."""
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "toast", None, 8)
        line = self._look.color("toastT")
        line.setAlphaF(0.4)
        x = self.count.geometry().right() + 8.0
        ink.painter.fillRect(QRectF(x, 10, 1, self.height() - 20), line)
        ink.painter.end()
