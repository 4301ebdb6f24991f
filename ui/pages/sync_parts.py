"""Parts of the Sync page: the line from the computer to the server, and a value to pick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.pages.sync_words import span
from ui.widgets.cards import PickCard, dot_at
from ui.widgets.ink import Ink

if TYPE_CHECKING:
    import uuid

    from ui.presenters.sync_state import Shown
    from ui.theme.look import Look

_DISC: Final = 40
_LEAST_LINE: Final = 16
_GAP: Final = 10


@dataclass(frozen=True, slots=True)
class Node:
    """One station on the way; `reached` says that what is behind it gets there."""

    name: str
    sub: str
    icon: str
    tone: str
    reached: bool


def nodes_of(look: Look, shown: Shown, now_ms: int) -> list[Node]:
    """Computer, internet, server, as they stand."""
    word, state = look.word, shown.state
    lasted = span(look, now_ms - shown.since_ms)
    offline, network = state == "offline", state == "network"
    line = not (offline or network)
    internet = (
        word("node_gone", span=lasted) if offline else word("node_login") if network else word("node_there")
    )
    match state:
        case "offline" | "network" | "waiting":
            server, tone = word("node_waits"), "grey" if state != "waiting" else "info"
        case "trouble":
            server, tone = word("node_waits"), "warn"
        case "away":
            server, tone = word("node_silent", span=lasted), "warn"
        case "login" | "revoked":
            server, tone = word("node_not_known"), "danger"
        case "old":
            server, tone = word("node_waits"), "danger"
        case "syncing" | "fetching":
            server, tone = word("node_busy"), "info"
        case _:
            server, tone = word("node_level"), "ok"
    there = state in ("syncing", "fetching", "waiting", "held", "synced")
    return [
        Node(word("node_here"), word("node_here_sub"), "device-laptop", "ok", reached=True),
        Node(word("node_internet"), internet, "wifi" if line else "wifi-off", "ok" if line else "warn", reached=line),
        Node(word("node_server"), server, "server-2", tone, reached=there),
    ]  # fmt: skip


class PathLine(QWidget):
    """The stations side by side with a line between them; where there is little room the lines give way."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._nodes: list[Node] = []
        self.setFixedHeight(look.px(72))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_nodes(self, nodes: list[Node]) -> None:
        """Show these."""
        if nodes != self._nodes:
            self._nodes = nodes
            self.setAccessibleName("; ".join(f"{node.name}: {node.sub}" for node in nodes))
            self.setToolTip("\n".join(f"{node.name}: {node.sub}" for node in nodes))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card, the stations and the lines."""
        look, rect = self._look, QRectF(self.rect())
        ink = Ink(look, QPainter(self))
        ink.box(rect, "surface", "border", 8)
        widths = [max(look.width(n.name, "bodyb"), look.width(n.sub, "sm")) + 2.0 for n in self._nodes]
        inner = rect.width() - 40
        fixed = len(self._nodes) * (_DISC + _GAP) + 2 * (len(self._nodes) - 1) * 16
        spare = inner - fixed - sum(widths)
        lines = max(_LEAST_LINE, spare / max(1, len(self._nodes) - 1))
        if spare < _LEAST_LINE * (len(self._nodes) - 1):  # the words share what is missing
            lack = (_LEAST_LINE * (len(self._nodes) - 1) - spare) / len(self._nodes)
            widths = [width - lack for width in widths]
        x, middle = 20.0, rect.center().y()
        high = look.line("body") + look.line("sm") - 2
        for at, (node, width) in enumerate(zip(self._nodes, widths, strict=True)):
            if at:
                token = "pline" if node.reached else "border"
                ink.painter.fillRect(QRectF(x + 16, middle - 1, lines, 2), look.color(token))
                x += lines + 32
            disc = QRectF(x, middle - _DISC / 2, _DISC, _DISC)
            ink.box(disc, f"{node.tone}S", None, _DISC / 2)
            ink.icon(disc.x() + 10, disc.y() + 10, node.icon, 20, node.tone)
            x += _DISC + _GAP
            top = middle - high / 2
            ink.text(QRectF(x, top, width, look.line("body")), node.name, "bodyb")
            ink.text(QRectF(x, top + look.line("body") - 2, width, look.line("sm")), node.sub, "sm", "text2")
            x += width
        ink.painter.end()


class ValueCard(PickCard):
    """One of several values: where it was written, what it says, who wrote it when."""

    def __init__(self, look: Look, op: uuid.UUID, where: str, value: str, who: str) -> None:
        height = look.line("sm") + look.line("h2") + look.line("sm") + 24
        super().__init__(look, f"{value}, {where}, {who}", f"{value}\n{where} · {who}", height)
        self.op, self._where, self._value, self._who = op, where, value, who

    def sizeHint(self) -> QSize:
        """As wide as its widest line."""
        look = self._look
        widest = max(
            look.width(self._where, "smb") + 26, look.width(self._value, "h2"), look.width(self._who, "sm")
        )
        return QSize(widest + 28, self.height())

    def minimumSizeHint(self) -> QSize:
        """It may be narrow; what is cut is in the tooltip."""
        return QSize(self._look.px(120), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, on = self._look, self.isChecked()
        ink = Ink(look, QPainter(self))
        top, room, line = 12.0, self.width() - 28.0, look.line("sm")
        self.ground(ink, dot_at(14, top + line / 2))
        ink.text(QRectF(40, top, room - 26, line), self._where, "smb", "ptext" if on else "text")
        ink.text(QRectF(14, top + line, room, look.line("h2")), self._value, "h2")
        ink.text(QRectF(14, top + line + look.line("h2"), room, line), self._who, "sm", "text2")
        ink.painter.end()
