"""One banner of the window: what happened, what is safe, one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.ink import Ink
from ui.widgets.text import Icon, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.notices import Banner
    from ui.theme.look import Look

_ICONS: Final = {"info": "info-circle", "warn": "alert-triangle", "danger": "alert-circle"}


class BannerBar(QWidget):
    """The banner over the pages; what does not last can be sent away."""

    def __init__(self, look: Look, banner: Banner, dismiss: Callable[[str], None]) -> None:
        super().__init__()
        self._look, self.banner, self._dismiss = look, banner, dismiss
        words = column(Text(look, banner.title, "bodyb", banner.tone, elide=True), gap=0)
        if banner.detail:
            words.addWidget(Text(look, banner.detail, "sm", "text2", elide=True))
        icon = Icon(look, _ICONS[banner.tone], 20, banner.tone)
        layout = row(icon, (words, 1), gap=12, margins=(24, 8, 16, 8))
        if banner.word and banner.action is not None:
            act = Button(look, banner.word, height=32)
            act.clicked.connect(banner.action)
            layout.addWidget(act)
        if not banner.lasting:
            away = Button(look, "", "ghost", icon="x", height=32, tip=look.word("leave"))
            away.clicked.connect(self._away)
            layout.addWidget(away)
        self.setLayout(layout)

    def _away(self) -> None:
        self._dismiss(self.banner.about)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of its tone."""
        ink = Ink(self._look, QPainter(self))
        ink.painter.fillRect(self.rect(), self._look.color(f"{self.banner.tone}S"))
        ink.painter.fillRect(
            QRectF(0, self.height() - 1, self.width(), 1), self._look.color(f"{self.banner.tone}L")
        )
        ink.painter.end()
