"""The small window before the window: an earlier release's shop is brought to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.progress import ProgressLine
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from ui.presenters.upgrading import Upgrading
    from ui.theme.look import Look

_LOOK_MS: Final = 200
_WIDTH: Final = 560


class UpgradeWindow(QWidget):
    """Says what is done and that nothing is lost. Closing it ends the work before its next step, with the shop as
    it was; it goes by itself once the shop can be opened.
    """

    def __init__(self, look: Look, upgrading: Upgrading) -> None:
        super().__init__()
        self._look, self._upgrading = look, upgrading
        word = look.word
        self.setWindowTitle("হাটখাতা")
        self.setFixedWidth(look.px(_WIDTH))
        self.title = Text(look, word("upgrade_title"), "h1", elide=True)
        self.said = Paragraph(look, word("upgrade_sub"), "body", "text2")
        self.going = ProgressLine(look)
        self.going.stop.hide()
        self.fault = Paragraph(look, "", "bodym", "danger")
        self.again = Button(look, word("reopen_again"), "primary", icon="refresh", key=keys.cap("main"))
        self.again.setShortcut(keys.action("main").keys[0])
        self.again.clicked.connect(upgrading.start)
        self.away = Button(look, word("reopen_close"))
        self.away.clicked.connect(self.close)
        self.buttons = QWidget()
        self.buttons.setLayout(row("*", self.away, self.again))
        self.setLayout(column(
            self.title, self.said, self.fault, self.going, self.buttons, gap=16, margins=(32, 28, 32, 32)
        ))  # fmt: skip
        self._second = QTimer(self)
        self._second.setInterval(_LOOK_MS)
        self._second.timeout.connect(self._draw_step)
        self._second.start()
        upgrading.watch(self.draw)
        self.draw()

    def draw(self) -> None:
        """Show how it stands, or go."""
        upgrading, word = self._upgrading, self._look.word
        if upgrading.finished or upgrading.left:
            self.close()
            return
        failed = upgrading.fault is not None
        self.title.setText(word("upgrade_failed_title" if failed else "upgrade_title"))
        self.said.setText(word("upgrade_leaving" if upgrading.leaving else "upgrade_sub"))
        self.said.setVisible(not failed)
        self.fault.setText(self._look.sentence(upgrading.fault) if upgrading.fault is not None else "")
        self.fault.setVisible(failed)
        self.going.setVisible(not failed)
        self.buttons.setVisible(failed)
        self._draw_step()
        self.adjustSize()
        if failed:
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing half is left behind: the step at hand ends first."""
        upgrading = self._upgrading
        if not (upgrading.finished or upgrading.left):
            upgrading.leave()
            if not upgrading.left:
                event.ignore()
                return
        self._second.stop()
        upgrading.unwatch(self.draw)
        super().closeEvent(event)

    def _draw_step(self) -> None:
        upgrading = self._upgrading
        step = self._look.word(f"upgrade_{upgrading.step}") if upgrading.step else self.title.text()
        self.going.show_count(step, upgrading.done, upgrading.steps)
