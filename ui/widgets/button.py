"""Buttons in every state: icon, word and the key that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.ink import CENTRE, Ink, keycap_width
from ui.widgets.pressing import Chooser, Pressable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.look import Look

Kind = Literal["primary", "secondary", "soft", "ghost", "link", "danger", "destroy", "outline"]

# kind: (ground, edge, text, ground under the pointer)
_KINDS: Final[dict[Kind, tuple[str | None, str | None, str, str]]] = {
    "primary": ("primary", None, "onprimary", "primaryH"),
    "secondary": ("surface", "control2", "text", "surface2"),
    "soft": ("psoft", None, "ptext", "pline"),
    "ghost": (None, None, "text2", "surface3"),
    "link": (None, None, "ptext", "surface3"),
    "danger": ("surface", "dangerL", "danger", "dangerS"),
    "destroy": ("dangerB", None, "ondanger", "danger"),
    "outline": ("surface", "pline", "ptext", "psoft"),
}


class Button(Pressable):
    """A button of the look; clicks, Enter and Space press it."""

    def __init__(
        self,
        look: Look,
        text: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        key: str = "",
        height: int = 40,
        spread: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """A button.

        Args:
            look: how it looks.
            text: its word; empty only with an `icon` everybody knows and a `tip` that names it.
            kind: what it is for.
            icon: drawn before the word.
            key: the key that does the same, drawn as a cap.
            height: 28, 32, 40 or 56 pixels at 100 % text.
            spread: word to the left, key to the right, as the big button has it.
            tip: tooltip and accessible name where there is no word.
            parent: the widget it stands on.
        """
        super().__init__(look, text or tip, parent)
        self._kind, self._icon, self._key, self._spread = kind, icon, key, spread
        self._height = look.px(height)
        self._style = "h2" if height >= 52 else "bodym" if height >= 40 else "smb"
        self._busy = False
        self.setText(text)
        if tip:
            self.setToolTip(f"{tip}  {key}" if key else tip)
        self.setFixedHeight(self._height)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def relabel(self, text: str, icon: str = "") -> None:
        """Another word, and another icon if one is given."""
        if icon and icon != self._icon:
            self._icon = icon
            self.update()
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as icon, word and key need."""
        if not self.text() and not self._key:
            return QSize(self._height, self._height)
        return QSize(self._content_width() + 2 * self._pad(), self._height)

    def minimumSizeHint(self) -> QSize:
        """Words on buttons are never cut."""
        return self.sizeHint()

    def _pad(self) -> int:
        if self._kind == "link":
            return 4
        return 16 if self._height >= 40 else 10

    def _icon_size(self) -> int:
        return 16 if self._height < 32 else 22 if self._height >= 52 else 20

    def _content_width(self) -> int:
        parts = []
        if self._icon:
            parts.append(self._icon_size())
        if self.text():
            parts.append(self._look.width(self.text(), self._style))
        if self._key:
            parts.append(keycap_width(self._look, self._key) + 4)
        return sum(parts) + 8 * (len(parts) - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button as it stands: still, under the pointer, pressed, in focus, off."""
        look = self._look
        ink = Ink(look, QPainter(self))
        ground, edge, token, hover = _KINDS[self._kind]
        if not self.isEnabled():
            ground, edge, token = ("surface3" if ground else None), ("border" if edge else None), "text3"
        elif self.isDown() or (self.underMouse() and self.isEnabled()):
            ground = hover
        rect = QRectF(self.rect())
        fill: QColor | None = look.color(ground) if ground else None
        if fill is not None and self.isDown():
            fill = fill.darker(108)
        ink.box(rect, fill, edge, 6)
        if self._kind in {"primary", "destroy"}:
            self.ring(ink, rect.adjusted(2, 2, -2, -2), "surface", 5)
        else:
            self.ring(ink, rect, radius=5)
        self._content(ink, token)
        ink.painter.end()

    def _content(self, ink: Ink, token: str) -> None:
        look, height = self._look, self.height()
        spread = self._spread and bool(self._key)
        x = float(self._pad()) if spread else (self.width() - self._content_width()) / 2
        if self._icon:
            size = self._icon_size()
            ink.icon(x, (height - size) / 2, self._icon, size, token)
            x += size + 8
        if self.text():
            width = look.width(self.text(), self._style)
            ink.text(QRectF(x, 0, width, height), self.text(), self._style, token, elide=False)
            x += width + 12
        if self._key:
            width = keycap_width(look, self._key)
            if spread:
                x = self.width() - width - 12
            cap = QRectF(x, (height - look.px(20)) / 2, width, look.px(20))
            ink.keycap(cap, self._key, on=token if self._kind in {"primary", "destroy"} else "")


class Segments(Chooser):
    """One of a few, side by side."""

    def __init__(self, look: Look, items: list[tuple[str, str, str]], *, height: int = 36) -> None:
        """Segments.

        Args:
            look: how it looks.
            items: (code, word, icon or "") of each.
            height: in pixels at 100 % text.
        """
        super().__init__(look)
        self._items: Sequence[tuple[str, str, str]] = items
        self.setFixedHeight(look.px(height))
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._name()

    def choose(self, code: str) -> None:
        """Choose without saying so."""
        at = next(at for at, item in enumerate(self._items) if item[0] == code)
        if at != self._at:
            self._at = at
            self._name()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as all its words."""
        widths = [self._look.width(word, "bodym") + (24 if icon else 0) + 20 for _, word, icon in self._items]
        return QSize(max(widths) * len(widths) + 6, self.height())

    def minimumSizeHint(self) -> QSize:
        """The words side by side, each as wide as it is."""
        widths = [self._look.width(word, "bodym") + (22 if icon else 0) + 12 for _, word, icon in self._items]
        return QSize(sum(widths) + 8, self.height())

    def _rects(self) -> list[QRectF]:
        widths = [self._look.width(word, "bodym") + (22 if icon else 0) + 12 for _, word, icon in self._items]
        free = (self.width() - 6 - sum(widths)) / len(widths)
        x, rects = 3.0, []
        for width in widths:
            rects.append(QRectF(x, 3, width + free, self.height() - 6))
            x += width + free
        return rects

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track and the choice."""
        ink = Ink(self._look, QPainter(self))
        ink.box(QRectF(self.rect()), "surface3", None, 7)
        for at, (rect, (_, word, icon)) in enumerate(zip(self._rects(), self._items, strict=True)):
            token = "text2"
            if at == self._at:
                ink.box(
                    rect, "surface", "focus" if self.hasFocus() else "pline", 5, 2 if self.hasFocus() else 1
                )
                token = "ptext"
            width = self._look.width(word, "bodym") + (24 if icon else 0)
            x = rect.x() + (rect.width() - width) / 2
            if icon:
                ink.icon(x, rect.center().y() - 9, icon, 18, token)
                x += 24
            ink.text(QRectF(x, rect.y(), rect.right() - x, rect.height()), word, "bodym", token, elide=False)
        ink.painter.end()


class Pills(Chooser):
    """One of many, as pills or as tabs with counts; what does not fit is reached by arrows."""

    def __init__(self, look: Look, *, tabs: bool = False, height: int = 36) -> None:
        super().__init__(look, Qt.FocusPolicy.TabFocus)
        self._tabs = tabs
        self._items: Sequence[tuple[str, str, int | None]] = []
        self.setFixedHeight(look.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, items: list[tuple[str, str, int | None]], chosen: str = "") -> None:
        """Show these: (code, word, count or None)."""
        before = chosen or (self._items[self._at][0] if self._items else "")
        at = next((at for at, item in enumerate(items) if item[0] == before), 0)
        if (items, at) != (self._items, self._at):
            self._items, self._at = items, at
            self._name()
            self.update()

    def _rects(self) -> list[QRectF]:
        x, rects = 0.0, []
        for _, word, count in self._items:
            width = self._look.width(word, "bodyb") + (8 if self._tabs else 28)
            if count is not None:
                width += max(24, self._look.width(self._look.count(count), "smb") + 14) + 6
            rects.append(QRectF(x, 0, width, self.height()))
            x += width + (16 if self._tabs else 8)
        return rects

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all that fit."""
        look = self._look
        ink = Ink(look, QPainter(self))
        for at, (rect, (_, word, count)) in enumerate(zip(self._rects(), self._items, strict=True)):
            if rect.right() > self.width() + 1:
                break
            on = at == self._at
            style = "bodyb" if on else "bodym"
            if self._tabs:
                x = rect.x() + 4
                if on:
                    ink.painter.fillRect(
                        QRectF(rect.x(), rect.bottom() - 2, rect.width(), 2), look.color("primary")
                    )
                if on and self.hasFocus():
                    ink.box(rect.adjusted(0, 2, 0, -4), None, "focus", 6, 2)
            else:
                focus = on and self.hasFocus()
                edge = "focus" if focus else "pline" if on else "border"
                ink.box(rect, "psoft" if on else "surface", edge, rect.height() / 2, 2 if focus else 1)
                x = rect.x() + 14
            token = "ptext" if on else "text2"
            width = ink.text(
                QRectF(x, rect.y(), rect.width(), rect.height()), word, style, token, elide=False
            )
            if count is not None:
                self._count(ink, QRectF(x + width + 6, rect.y(), 0, rect.height()), count, on=on)
        ink.painter.end()

    def _count(self, ink: Ink, rect: QRectF, count: int, *, on: bool) -> None:
        text = self._look.count(count)
        width = max(24.0, self._look.width(text, "smb") + 14)
        high = self._look.px(20)
        pill = QRectF(rect.x(), rect.center().y() - high / 2, width, high)
        ink.box(pill, "primary" if on else "greyS", None, high / 2)
        ink.text(pill, text, "smb", "onprimary" if on else "grey", CENTRE, elide=False)
