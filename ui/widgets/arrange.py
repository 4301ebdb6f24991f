"""Rows and columns without ceremony: widgets, layouts, gaps (numbers) and stretches ("*") in their order."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

Item = QWidget | QLayout | int | str | tuple["QWidget | QLayout", int]
_Layout = TypeVar("_Layout", bound=QBoxLayout)


def row(*items: Item, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """From left to right, centred on each other; `(widget, 1)` takes what is left."""
    return _filled(QHBoxLayout(), items, gap, margins, centred=True)


def column(*items: Item, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """From top to bottom."""
    return _filled(QVBoxLayout(), items, gap, margins, centred=False)


def _filled(
    layout: _Layout, items: tuple[Item, ...], gap: int, margins: tuple[int, int, int, int], *, centred: bool
) -> _Layout:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for item in items:
        stretch = 0
        if isinstance(item, tuple):
            item, stretch = item  # noqa: PLW2901 - unwrapped
        if isinstance(item, str):
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item, stretch)
        elif centred and not stretch and item.sizePolicy().verticalPolicy().name == "Fixed":
            layout.addWidget(item, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            layout.addWidget(item, stretch)
    return layout


def show_in(place: QScrollArea, widget: QWidget) -> None:
    """Put a widget into a scroll area; what was there goes later, since it may be what is just being clicked."""
    before = place.takeWidget()
    if before is not None:
        before.hide()
        before.deleteLater()
    place.setWidget(widget)
