"""What stands in the place of goods that are not there yet: what this is, how to go on, and the buttons for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.widgets.arrange import column, row
from ui.widgets.text import Mark, Text

if TYPE_CHECKING:
    from ui.theme.look import Look
    from ui.widgets.button import Button


class EmptyState(QWidget):
    """An icon on its disc, a line, a hint, and buttons, in the middle of the room there is."""

    def __init__(self, look: Look, icon: str, *buttons: Button) -> None:
        super().__init__()
        middle = Qt.AlignmentFlag.AlignCenter
        self.line = Text(look, "", "h2", align=middle, elide=True)
        self.hint = Text(look, "", "sm", "text2", align=middle, elide=True)
        self.setLayout(
            column(
                "*", row("*", Mark(look, icon), "*"), self.line, self.hint, row("*", *buttons, "*"), "*",
                gap=12, margins=(16, 16, 16, 16),
            )
        )  # fmt: skip

    def say(self, line: str, hint: str) -> None:
        """Say this."""
        self.line.setText(line)
        self.hint.setText(hint)
