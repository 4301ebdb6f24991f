"""Over the Sync page: a code for one more laptop, and the question before one is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from pos.domain.pairing_link import pairing_link
from ui import keys
from ui.pages.sync_words import span
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.overlay import Dialog
from ui.widgets.qr import Qr
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from pos.sync.devices import DeviceView
    from pos.sync.tie import JoinCode
    from ui.presenters.sync import Sync
    from ui.theme.look import Look

_HALF = 4


class JoinDialog(Dialog):
    """Shows where to go and with which code, to be read and to be scanned, for as long as the code holds."""

    def __init__(self, look: Look, over: QWidget, sync: Sync, join: JoinCode) -> None:
        super().__init__(look, over, 600, look.word("join_title"))
        self._sync = sync
        self._link = pairing_link(join.server, join.code)
        word = look.word
        self.qr = Qr(look, self._link, word("join_qr"))
        code = Text(look, f"{join.code[:_HALF]} {join.code[_HALF:]}", "numxl", "ptext", elide=True)
        self.left = Paragraph(look, "", "sm", "text2")
        where = Paragraph(look, join.server, "bodyb")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = Button(look, word("join_copy"), icon="copy", height=32)
        self.copy.clicked.connect(self._copy)
        written = column(
            Text(look, word("pair_server"), "sm", "text3", elide=True), where, 8,
            Text(look, word("pair_code"), "sm", "text3", elide=True), code, self.left, "*", 6,
            row(self.copy, "*"), gap=2,
        )  # fmt: skip
        done = Button(look, word("done"), "primary", icon="check", key=keys.cap("main"))
        done.clicked.connect(self.close_dialog)
        shown = row(gap=20)
        shown.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        shown.addLayout(written, 1)
        self.panel.setLayout(column(
            Text(look, word("join_title"), "h1", elide=True), Paragraph(look, word("join_how"), "body", "text2"),
            4, shown, 4, row("*", done), gap=12, margins=(24, 20, 24, 20),
        ))  # fmt: skip
        self.first = done
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        left = self._sync.join_until_ms - self._sync.now_ms
        word = self._look.word
        self.left.setText(word("join_left", span=span(self._look, left)) if left > 0 else word("join_over"))
        self.qr.setEnabled(left > 0)
        self.copy.setEnabled(left > 0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._link)
        self.copy.relabel(self._look.word("join_copied"), "check")

    def act(self, action: str) -> None:
        """F9 and Esc put it away."""
        if action in ("main", "back"):
            self.close_dialog()

    def close_dialog(self) -> None:
        """It holds until its time is over, shown or not."""
        self._sync.put_code_away()
        super().close_dialog()


class RevokeDialog(Dialog):
    """Asks before a device is taken out; Esc leaves everything as it is."""

    def __init__(self, look: Look, over: QWidget, sync: Sync, device: DeviceView) -> None:
        super().__init__(look, over, 480, look.word("revoke_title"))
        self._sync, self._device = sync, device
        word = look.word
        name = " · ".join(part for part in (word("device_named", code=device.code), device.name) if part)
        self.go = Button(look, word("device_revoke"), "destroy", icon="trash")
        self.go.clicked.connect(self._revoke)
        leave = Button(look, word("leave"), key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(column(
            Text(look, word("revoke_title"), "h1", elide=True), Text(look, name, "bodyb", elide=True),
            Paragraph(look, word("revoke_what", called=word("device_named", code=device.code)), "body", "text2"),
            Paragraph(look, word("revoke_back"), "sm", "text3"), 4, row("*", leave, self.go),
            gap=12, margins=(24, 20, 24, 20),
        ))  # fmt: skip
        self.first = leave

    def _revoke(self) -> None:
        self.close_dialog()
        self._sync.revoke(self._device.id)
