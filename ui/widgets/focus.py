"""Where Tab leads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def tab_on(inside: QWidget, *, forward: bool) -> None:
    """Move the focus to the next or the previous widget that takes it by Tab; behind the last one comes the first.

    The order is that of the tree, which is that of the layouts. Qt's own is the order in which widgets were made.
    """
    widgets = [
        w
        for w in inside.findChildren(QWidget)
        if w.isVisible()
        and w.isEnabled()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.focusProxy() is None
    ]
    if widgets:
        now = QApplication.focusWidget()
        at = widgets.index(now) if now in widgets else -1
        widgets[(at + (1 if forward else -1)) % len(widgets)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
