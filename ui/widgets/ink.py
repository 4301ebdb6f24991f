"""Painting with a look: text that is never cut inside a conjunct, icons, chips, key caps, edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintDevice

    from ui.theme.look import Look

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter

_SMOOTH: Final = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
_ONE_LINE: Final = (Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip).value

# tone of a chip or banner: text, ground, edge
TONES: Final = ("ok", "warn", "danger", "info", "violet", "grey")


class Ink:
    """A painter that knows the look."""

    def __init__(self, look: Look, painter: QPainter) -> None:
        self.look = look
        self.painter = painter
        painter.setRenderHints(_SMOOTH)

    @property
    def ratio(self) -> float:
        """Device pixels to one of ours."""
        device: QPaintDevice = self.painter.device()
        return device.devicePixelRatioF()

    def text(
        self,
        rect: QRectF,
        text: str,
        style: str = "body",
        token: str = "text",
        align: Qt.AlignmentFlag = LEFT,
        *,
        elide: bool = True,
    ) -> float:
        """Write one line inside `rect`, ended by … where it is too long; how wide it came out."""
        width = self.look.advance(text, style)
        if elide and width > rect.width():
            text = self.look.metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            width = self.look.advance(text, style)
        self.painter.setFont(self.look.font(style))
        self.painter.setPen(self.look.color(token))
        self.painter.drawText(rect, align.value | _ONE_LINE, text)
        return width

    def icon(self, x: float, y: float, name: str, size: int = 20, token: str = "text2") -> None:
        """Draw an icon with its corner at (x, y)."""
        self.painter.drawPixmap(QPointF(x, y), self.look.pixmap(name, size, token, self.ratio))

    def box(
        self,
        rect: QRectF,
        fill: str | QColor | None,
        edge: str | None = None,
        radius: float = 6,
        width: float = 1,
    ) -> None:
        """A rounded box with its edge inside `rect`."""
        inset = width / 2 if edge else 0
        rect = rect.adjusted(inset, inset, -inset, -inset)
        self.painter.setPen(QPen(self.look.color(edge), width) if edge else Qt.PenStyle.NoPen)
        if fill is None:
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            self.painter.setBrush(fill if isinstance(fill, QColor) else self.look.color(fill))
        self.painter.drawRoundedRect(rect, radius, radius)

    def rule(self, x: float, y: float, width: float, token: str = "line") -> None:
        """A hairline."""
        self.painter.fillRect(QRectF(x, y, width, 1), self.look.color(token))

    def ground(self, area: QRectF, *, selected: bool, focus: bool = False, rule: bool = True) -> None:
        """What a row of a list stands on; `focus` says that its list has the focus."""
        self.painter.fillRect(area, self.look.color("sel" if selected else "surface"))
        if selected:
            self.painter.fillRect(QRectF(area.x(), area.y(), 3, area.height()), self.look.color("selBar"))
        if selected and focus:
            self.box(area.adjusted(5, 2, -2, -3), None, "focus", 6, 2)
        if rule:
            self.rule(area.x(), area.bottom() - 1, area.width())

    def chip(self, rect: QRectF, text: str, tone: str, icon: str = "") -> None:
        """A state: colour, icon and word; `rect` is as wide as `chip_width` says."""
        self.box(rect, f"{tone}S", None, rect.height() / 2)
        x = rect.x() + 8
        if icon == "live":
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(self.look.color("live"))
            self.painter.drawEllipse(QPointF(x + 6, rect.center().y()), 4, 4)
            x += 18
        elif icon:
            self.icon(x - 2, rect.center().y() - 8, icon, 16, tone)
            x += 18
        self.text(QRectF(x, rect.y(), rect.right() - x - 6, rect.height()), text, "smb", tone, elide=False)

    def keycap(self, rect: QRectF, text: str, *, on: str = "") -> None:
        """A key as it is printed on the keyboard; `on` names the colour of text on a filled button."""
        if on:
            ground, edge = self.look.color(on), self.look.color(on)
            ground.setAlphaF(0.16)
            edge.setAlphaF(0.40)
            self.painter.setPen(QPen(edge, 1))
            self.painter.setBrush(ground)
            self.painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        else:
            self.box(rect, "surface2", "border", 4)
            self.rule(rect.x() + 3, rect.bottom() - 1.5, rect.width() - 6, "border")
        self.text(rect, text, "mini", on or "text2", CENTRE, elide=False)


def two_lines(look: Look, area: QRectF) -> tuple[float, float]:
    """Where a row's name and the small line under it begin, so that both stand in the middle of `area`."""
    high = look.line("bodym") + look.line("sm") - 4
    top = area.y() + (area.height() - high) / 2
    return top, top + look.line("bodym") - 2


def chip_width(look: Look, text: str, icon: str = "") -> int:
    """How wide a chip has to be."""
    return look.width(text, "smb") + (18 if icon else 0) + 16


def keycap_width(look: Look, text: str) -> int:
    """How wide a key cap has to be."""
    return max(look.px(20), look.width(text, "mini") + 10)
