"""How far an order has come: on this computer, in a backup, on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from ui.pages.order_parts import Block

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pos.services.whereabouts import Whereabouts
    from ui.theme.look import Look
    from ui.widgets.ink import Ink

_SIGN = 16
_ARROW = 20


class WhereLine(Block):
    """Each station with its sign, one after another; what does not fit begins another line."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._stations: list[tuple[str, str, str]] = []  # icon, word, colour
        self.hide()

    def show_where(self, where: Whereabouts | None) -> None:
        """Show this; nothing until it is known."""
        self.setVisible(where is not None)
        if where is None:
            return
        word = self.look.word
        stations = [("circle-check", word("where_saved"), "ok")]
        if where.backed_up is not None:
            name, icon, token = (
                ("where_backed_up", "shield-check", "ok")
                if where.backed_up
                else ("where_not_backed_up", "clock", "text3")
            )
            stations.append((icon, word(name), token))
        match where.server:
            case "there":
                stations.append(("cloud-check", word("where_there"), "ok"))
            case "waiting":
                stations.append(("clock", word("where_waiting"), "text3"))
            case "held":
                stations.append(("alert-triangle", word("where_held"), "warn"))
            case _:
                pass
        if stations != self._stations:
            self._stations = stations
            said = " ▸ ".join(name for _, name, _ in stations)
            self.setAccessibleName(f"{word('where_name')}: {said}")
            self.setToolTip(said)
            self._fit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        QWidget.resizeEvent(self, event)
        self._fit()

    def _fit(self) -> None:
        rows = max((row for row, _, _ in self._places(float(self.width()))), default=0) + 1
        self.setFixedHeight(rows * (self.look.line("sm") + 4))

    def _places(self, width: float) -> list[tuple[int, float, float]]:
        """Line, left edge and width of each station; behind all but the last stands an arrow."""
        places: list[tuple[int, float, float]] = []
        row, x = 0, 0.0
        for at, (_, name, _) in enumerate(self._stations):
            wide = _SIGN + 6 + self.look.width(name, "cap") + 2.0
            arrow = _ARROW if at + 1 < len(self._stations) else 0
            if x and x + wide + arrow > width:
                row, x = row + 1, 0.0
            places.append((row, x, wide))
            x += wide + arrow
        return places

    def draw(self, ink: Ink, width: float) -> None:
        """The stations with arrows between them."""
        high = self.look.line("sm") + 4
        for at, ((icon, name, token), (row, x, wide)) in enumerate(
            zip(self._stations, self._places(width), strict=True)
        ):
            y = row * high
            ink.icon(x, y + (high - _SIGN) / 2, icon, _SIGN, token)
            ink.text(QRectF(x + _SIGN + 6, y, wide - _SIGN - 6, high), name, "cap", "text2")
            if at + 1 < len(self._stations):
                ink.icon(x + wide + 2, y + (high - _SIGN) / 2, "chevron-right", _SIGN, "text3")
