"""Before going back to a backup: what it holds, what would be missing, and what can be brought back with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pos.domain.times import dhaka_day
from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.choice import Tick
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.progress import ProgressLine
from ui.widgets.text import Box, Icon, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from pos.errors import PosError
    from pos.services.restoring import RestorePreview
    from ui.presenters.backup import Backup
    from ui.theme.look import Look


class RestoreDialog(Dialog):
    """Shows it, and asks; Esc leaves everything as it is."""

    def __init__(self, look: Look, over: QWidget, backup: Backup, seen: RestorePreview) -> None:
        super().__init__(look, over, 560, look.word("restore_title"))
        self._backup, self._seen = backup, seen
        word = look.word
        moment = (
            f"{look.day(dhaka_day(seen.made_at_ms), dhaka_day(backup.now_ms))} {look.time(seen.made_at_ms)}"
        )
        held = Box(look, "surface2", "border", 8, layout=column(
            Text(look, word("restore_of", shop=seen.shop, moment=moment), "bodyb", elide=True),
            Text(look, word("backup_holds", orders=seen.orders, total_paisa=seen.total_paisa), "body", "text2",
                 elide=True), gap=2, margins=(16, 10, 16, 12),
        ))  # fmt: skip
        parts: list[QWidget] = [held]
        if seen.missing_operations:
            name = "restore_missing" if seen.missing_orders else "restore_missing_little"
            lost = word(name, orders=seen.missing_orders, total_paisa=seen.missing_paisa,
                        operations=seen.missing_operations)  # fmt: skip
            lines = column(Paragraph(look, lost, "bodym", "warn"), gap=2)
            if seen.missing_numbers:
                lines.addWidget(Paragraph(look, ", ".join(seen.missing_numbers), "sm", "text2"))
            parts.append(self._note("warn", "alert-triangle", lines))
        else:
            parts.append(self._note("ok", "circle-check", column(
                Paragraph(look, word("restore_nothing_missing"), "bodym", "ok"))))  # fmt: skip
        self.replay = Tick(look, word("restore_replay", operations=seen.replayable))
        self.replay.setChecked(bool(seen.replayable))
        if not seen.replayable:  # what has no parent yet would be shown as a window of its own
            self.replay.hide()
        parts.append(self.replay)
        self.name: Field | None = None
        if not seen.same_vendor:
            self.name = Field(look, word("restore_other_name"))
            parts.append(self._note("danger", "alert-circle", column(
                Paragraph(look, word("restore_other", shop=seen.shop), "bodym", "danger"))))  # fmt: skip
            parts.append(self.name)
        parts.append(Paragraph(look, word("restore_safe"), "sm", "text3"))
        self.go = Button(look, word("restore_now"), "destroy", icon="restore")
        self.go.clicked.connect(self._restore)
        leave = Button(look, word("leave"), key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.panel.setLayout(column(
            Text(look, word("restore_title"), "h1", elide=True), *parts, 4, row("*", leave, self.go),
            gap=12, margins=(24, 20, 24, 20),
        ))  # fmt: skip
        self.first = self.name if self.name is not None else leave

    def _note(self, tone: str, icon: str, lines: object) -> QWidget:
        look = self._look
        return Box(look, f"{tone}S", f"{tone}L", 8, layout=row(
            Icon(look, icon, 20, tone), (lines, 1), gap=12, margins=(16, 10, 16, 10)  # type: ignore[arg-type]
        ))  # fmt: skip

    def act(self, action: str) -> None:
        """F9 does nothing here: going back is never one key away."""
        if action == "back":
            self.close_dialog()

    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self._backup.put_away()
        super().close_dialog()

    def _restore(self) -> None:
        name = self.name.text().strip() if self.name is not None else None
        if self.name is not None and name != self._seen.shop:
            self.name.say(self._look.word("restore_other_name"))
            self.name.setFocus()
            return
        replay = self.replay.isChecked()
        super().close_dialog()
        self._backup.restore(replay=replay, shop_name=name)


class Curtain(Dialog):
    """Lies over everything while the shop is closed; no key and no click goes through it.

    Attributes:
        in_trouble: the shop did not open again; it says so and waits for what is chosen.
    """

    def __init__(self, look: Look, over: QWidget, words: str = "restore") -> None:
        """The curtain; `words` is what is being done: ``restore``, ``pairing``."""
        title = look.word(f"{words}_under_way")
        super().__init__(look, over, 480, title)
        self.in_trouble = False
        self._again: Callable[[], None] | None = None
        going = ProgressLine(look)
        going.show_work(title, stoppable=False)
        self._work = Box(look, None, None, layout=column(
            going, Paragraph(look, look.word(f"{words}_under_way_sub"), "sm", "text2"), gap=12,
        ))  # fmt: skip
        self.fault = Paragraph(look, "", "bodym", "danger")
        self.again = Button(look, look.word("reopen_again"), "primary", icon="refresh", key=keys.cap("main"))
        self.again.clicked.connect(self._try_again)
        self.away = Button(look, look.word("reopen_close"))
        self._trouble = Box(look, None, None, layout=column(
            Text(look, look.word("reopen_title"), "h1", elide=True), self.fault,
            Paragraph(look, look.word("reopen_safe"), "sm", "text2"), 4, row("*", self.away, self.again), gap=12,
        ))  # fmt: skip
        self._trouble.hide()
        self.panel.setLayout(column(self._work, self._trouble, gap=0, margins=(24, 24, 24, 24)))
        self.setFocus()

    def show_work(self) -> None:
        """It is under way."""
        self.in_trouble = False
        self._trouble.hide()
        self._work.show()
        self.setFocus()

    def show_trouble(self, error: PosError, again: Callable[[], None], leave: Callable[[], Any]) -> None:
        """The shop did not open: say why, what is safe, and offer to try again or to leave."""
        if self._again is None:
            self.away.clicked.connect(leave)
        self.in_trouble, self._again = True, again
        self.fault.setText(self._look.sentence(error))
        self._work.hide()
        self._trouble.show()
        self.again.setFocus()

    def act(self, action: str) -> None:
        """Nothing is done meanwhile."""
        if action == "main" and self.in_trouble:
            self._try_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys end here."""
        event.accept()

    def take_away(self) -> None:
        """The shop is open again."""
        self.close_dialog()

    def _try_again(self) -> None:
        if self._again is not None:
            self._again()
