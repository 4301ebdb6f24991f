"""Looks over what is shown for text that is clipped, lies on other text, or leaves the window."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from ui.widgets.button import Button, Segments
from ui.widgets.overlay import Dialog, ToastBar
from ui.widgets.text import Chip, KeyCap, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDY = (Text, Button, Chip, KeyCap, Segments, QLabel, QLineEdit, QAbstractButton)


def faults(window: QWidget, dialog: Dialog | None = None) -> list[str]:
    """What is wrong with the page as it stands, or with a dialog over it, in words; empty if nothing is."""
    for _ in range(2):
        QApplication.sendPostedEvents()  # what was said in the last instant takes its place, as before painting
    within = window if dialog is None else dialog.panel
    shown = [
        w for w in within.findChildren(QWidget) if w.isVisible() and (dialog is not None or not _over(w))
    ]
    found = [fault for widget in shown for fault in _of(widget, window)]
    words = [widget for widget in shown if isinstance(widget, _WORDY) and _says(widget)]
    for one, other in combinations(words, 2):
        if one.parent() is other.parent() or not (one.isAncestorOf(other) or other.isAncestorOf(one)):
            both = _place(one, window) & _place(other, window)
            if both.width() > 1 and both.height() > 1 and not _scrolled(one) and not _scrolled(other):
                found.append(f"{_says(one)!r} lies on {_says(other)!r}")
    return found


def _of(widget: QWidget, window: QWidget) -> Iterator[str]:
    if isinstance(widget, Text) and not widget._elide and widget.is_cut():
        yield f"{widget.text()!r} is clipped: {widget.width()} of {widget.sizeHint().width()}"
    if isinstance(widget, Text) and widget.text() and widget.height() < widget.sizeHint().height():
        yield f"{widget.text()!r} is too low"
    if isinstance(widget, (Button, Chip, KeyCap)) and widget.width() < widget.sizeHint().width():
        yield f"{_says(widget)!r} is too narrow: {widget.width()} of {widget.sizeHint().width()}"
    if isinstance(widget, Segments) and widget.width() < widget.minimumSizeHint().width():
        yield f"{_says(widget)!r} is too narrow"
    if (
        isinstance(widget, QLabel)
        and widget.wordWrap()
        and widget.heightForWidth(widget.width()) > widget.height() + 1
    ):
        yield f"{widget.text()!r} runs out below"
    if isinstance(widget, _WORDY) and _says(widget) and not _scrolled(widget):
        place = _place(widget, window)
        if not window.rect().contains(place):
            yield f"{_says(widget)!r} leaves the window: {place.getRect()}"
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()):
            yield f"{_says(widget)!r} leaves its place"


def _says(widget: QWidget) -> str:
    if isinstance(widget, KeyCap):
        return widget._text
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else widget.accessibleName()


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _over(widget: QWidget) -> bool:
    """Whether it lies over the page on purpose."""
    parent: QWidget | None = widget
    while parent is not None:
        if isinstance(parent, (Dialog, ToastBar)):
            return True
        parent = parent.parentWidget()
    return False


def _scrolled(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False
