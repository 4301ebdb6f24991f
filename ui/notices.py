"""How anything reaches the vendor: toasts that pass, banners that stay until what they say is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

Tone = Literal["info", "warn", "danger"]


class Toast(msgspec.Struct, frozen=True):
    """A short word on what was done; `action` takes it back or leads there."""

    text: str
    word: str = ""
    key: str = ""
    action: Callable[[], None] | None = None


class Banner(msgspec.Struct, frozen=True):
    """What happened and what is safe, with at most one button that mends it.

    Attributes:
        about: what it concerns; a newer banner about the same takes its place.
        tone: how bad it is.
        title: what happened.
        detail: what is safe and what to do.
        word: the button's word, empty without one.
        action: what the button does.
        lasting: it cannot be waved away, since it says how things stand.
    """

    about: str
    tone: Tone
    title: str
    detail: str = ""
    word: str = ""
    action: Callable[[], None] | None = None
    lasting: bool = False


class Notices(QObject):
    """What is to be shown; the shell shows it."""

    toasted = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._banners: dict[str, Banner] = {}

    def toast(
        self, text: str, word: str = "", key: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Say that something was done; never for errors."""
        self.toasted.emit(Toast(text, word, key, action))

    def banner(self, banner: Banner) -> None:
        """Say how things stand until `clear`."""
        if self._banners.get(banner.about) != banner:
            self._banners[banner.about] = banner
            self.changed.emit()

    def trouble(
        self,
        about: str,
        title: str,
        detail: str = "",
        word: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """Something went wrong: it stays until `clear`, with one button that mends it."""
        self.banner(Banner(about, "danger", title, detail, word, action))

    def clear(self, about: str) -> None:
        """That is over."""
        if self._banners.pop(about, None) is not None:
            self.changed.emit()

    def banners(self) -> list[Banner]:
        """Those that stand, the worst first."""
        order = {"danger": 0, "warn": 1, "info": 2}
        return sorted(self._banners.values(), key=lambda banner: order[banner.tone])
