"""The Backup page: how safe the shop is, the copies there are, and the way back to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QScrollArea, QWidget

from pos.domain.times import dhaka_day
from pos.l10n.sentences import sentence
from ui import keys
from ui.pages.backup_restore import RestoreDialog
from ui.pages.page import PageView
from ui.widgets.arrange import column, row
from ui.widgets.bars import TitleBar
from ui.widgets.button import Button
from ui.widgets.ink import RIGHT, Ink
from ui.widgets.progress import ProgressLine
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.state_card import StateCard
from ui.widgets.text import Box, Card, Icon, Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pos.services.backups import BackupEntry, BackupStatus
    from pos.services.health import Health
    from ui.presenters.backup import Backup
    from ui.theme.look import Look

_ROW: Final = 56
_WIDE: Final = 1600
_FINDINGS: Final = 6
_MEGA: Final = 1_000_000


class BackupPage(PageView):
    """Last backup, last trial, copies now, and back to one of them."""

    name: ClassVar[str] = "backup"

    def __init__(self, look: Look, backup: Backup) -> None:
        super().__init__(look, backup)
        self._backup = backup
        word = look.word
        self.check = Button(look, word("doctor_run"), icon="stethoscope")
        self.check.clicked.connect(backup.examine)
        self.now = Button(look, word("backup_now"), "primary", icon="shield-check", key=keys.cap("main"))
        self.now.clicked.connect(backup.back_up)
        self.bar = TitleBar(look, word("page_backup"), self.check, self.now)
        self.bar.sub.setText(word("backup_sub"))
        self.state = StateCard(look)
        self.going = ProgressLine(look)
        self.going.stopped.connect(backup.stop)
        self.fault_text = Paragraph(look, "", "body", "danger")
        self.fault = Box(look, "dangerS", "dangerL", 8, layout=row(
            Icon(look, "alert-circle", 20, "danger"), (self.fault_text, 1), gap=12, margins=(16, 10, 16, 10)
        ))  # fmt: skip
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, _ROW, self._draw_entry), word("backups_list")
        )
        self.list.opened.connect(self._open)
        self.list.moved.connect(self._moved)
        self.nothing = Text(
            look, word("backups_none"), "body", "text2", align=Qt.AlignmentFlag.AlignCenter, elide=True
        )
        self.count = Text(look, "", "sm", "text3")
        self.restore = Button(look, word("restore_look"), icon="restore")
        self.restore.clicked.connect(self._open_chosen)
        foot = row(Text(look, word("restore_hint"), "sm", "text3", elide=True), self.restore, gap=12,
                   margins=(16, 8, 16, 10))  # fmt: skip
        foot.setStretch(0, 1)
        listed = Card(look, column(
            row(Text(look, word("backups_list"), "bodyb"), "*", self.count, margins=(16, 10, 16, 6)),
            (self.list, 1), (self.nothing, 1), foot, gap=0, margins=(1, 1, 1, 1),
        ))  # fmt: skip
        left = column(self.state, self.going, self.fault, (listed, 1), gap=12, margins=(16, 12, 0, 12))
        self.side = QScrollArea()
        self.side.setWidgetResizable(True)
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("clear", True)
        self.health = Card(look, self._health_card())
        self.aside = Card(look, self._aside_card())
        inner.setLayout(column(Card(look, self._place_card()), Card(look, self._proof_card()), self.health, self.aside,
                               "*", gap=12, margins=(0, 12, 16, 12)))  # fmt: skip
        self.side.setWidget(inner)
        self.column.addWidget(self.bar)
        body = row(gap=12)
        body.addLayout(left, 1)
        body.addWidget(self.side)
        self.column.addLayout(body, 1)

    # ---- cards to the right --------------------------------------------------------------------------

    def _place_card(self) -> QLayout:
        look, word = self.look, self.look.word
        here = Text(look, str(self._backup.place), "sm", "text3", elide=True)
        here.setToolTip(str(self._backup.place))
        self.folder = Text(look, "", "sm", "text3", elide=True)
        self.second_icon = Icon(look, "shield-check", 20, "text3")
        self.second = Text(look, "", "sm", "text3", elide=True)
        self.pick = Button(look, word("set_choose_folder"), height=32)
        self.pick.clicked.connect(self._pick)
        self.drop = Button(look, "", "ghost", icon="x", height=32, tip=word("no_second_place"))
        self.drop.clicked.connect(self._drop)
        return column(
            Text(look, word("backup_places"), "bodyb"),
            row(Icon(look, "device-laptop", 20, "text2"),
                (column(Text(look, word("backup_here"), "bodym"), here, gap=0), 1), gap=12),
            row(self.second_icon, (column(
                row((Text(look, word("backup_second"), "bodym", elide=True), 1), self.drop, self.pick, gap=4),
                self.folder, self.second, gap=2), 1), gap=12),
            gap=12, margins=(16, 12, 16, 14),
        )  # fmt: skip

    def _proof_card(self) -> QLayout:
        look, word = self.look, self.look.word
        self.proof = Icon(look, "circle-check", 20, "ptext")
        self.proved = Text(look, "", "bodym", elide=True)
        self.proved_file = Text(look, "", "sm", "text3", elide=True)
        self.prove = Button(look, word("backup_prove"), height=32)
        self.prove.clicked.connect(self._backup.prove)
        return column(
            Text(look, word("backup_trial"), "bodyb"),
            row(self.proof, (column(row((self.proved, 1), self.prove, gap=4), self.proved_file, gap=2), 1), gap=12),
            Paragraph(look, word("backup_trial_sub"), "sm", "text3"),
            gap=10, margins=(16, 12, 16, 14),
        )  # fmt: skip

    def _health_card(self) -> QLayout:
        look = self.look
        self.verdict_icon = Icon(look, "circle-check", 20, "ok")
        self.verdict = Text(look, "", "bodyb", elide=True)
        self.counts = Text(look, "", "sm", "text3", elide=True)
        self.findings = [Paragraph(look, "", "sm", "text2") for _ in range(_FINDINGS)]
        return column(
            Text(look, look.word("doctor_title"), "bodyb"),
            row(self.verdict_icon, (column(self.verdict, self.counts, gap=0), 1), gap=12),
            *self.findings, gap=8, margins=(16, 12, 16, 14),
        )  # fmt: skip

    def _aside_card(self) -> QLayout:
        look = self.look
        self.aside_text = Text(look, "", "bodym", elide=True)
        where = Text(look, str(self._backup.set_aside_place), "sm", "text3", elide=True)
        where.setToolTip(str(self._backup.set_aside_place))
        return column(
            Text(look, look.word("aside_title"), "bodyb"),
            row(Icon(look, "archive", 20, "text2"), (column(self.aside_text, where, gap=0), 1), gap=12),
            Paragraph(look, look.word("aside_sub"), "sm", "text3"), gap=10, margins=(16, 12, 16, 14),
        )  # fmt: skip

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, backup = self.look, self._backup
        self._draw_state()
        busy = backup.busy
        self.going.setVisible(bool(busy))
        if busy:
            from ui.presenters.backup import STOPPABLE

            self.going.show_work(look.word(f"backup_busy_{busy}"), stoppable=busy in STOPPABLE)
        for button in (self.check, self.now, self.prove, self.restore):
            button.setEnabled(not busy)
        error = next(iter(backup.faults.values()), None)
        self.fault.setVisible(error is not None)
        self.fault_text.setText(look.sentence(error) if error is not None else "")
        at = max(0, self.list.at())
        self.list.rows.fill(backup.entries)
        self.list.select(min(at, len(backup.entries) - 1))
        self.list.setVisible(bool(backup.entries))
        self.nothing.setVisible(not backup.entries)
        self.count.setText(look.word("backups_count", count=len(backup.entries)) if backup.entries else "")
        self._moved(self.list.at())
        self.folder.setText(backup.folder or look.word("backup_second_none"))
        self.folder.setToolTip(backup.folder)
        kept = bool(backup.folder)
        self.second_icon.change("shield-check" if kept else "folder", "ptext" if kept else "text3")
        self.drop.setVisible(bool(backup.folder))
        status = backup.status
        self._draw_second(status)
        tested = status.tested_at_ms if status is not None else None
        self.proved.setText(self._moment(tested) if tested is not None else look.word("never_yet"))
        self.proof.change(
            "clock" if tested is None else "circle-check", "text3" if tested is None else "ptext"
        )
        self.proved_file.setText(status.tested_file if status is not None else "")
        self.proved_file.setToolTip(self.proved_file.text())
        self.health.setVisible(backup.health is not None)
        if backup.health is not None:
            self._draw_health(backup.health)
        self.aside.setVisible(bool(backup.aside))
        if backup.aside:
            size = self._size(sum(item.size_bytes for item in backup.aside))
            self.aside_text.setText(look.word("aside_files", count=len(backup.aside), size=size))
        if backup.seen is not None and self.dialog() is None:
            self.open_dialog(RestoreDialog(look, self.window(), backup, backup.seen))

    def _draw_state(self) -> None:
        look, status = self.look, self._backup.status
        if status is None:
            return
        if status.last_at_ms is None:
            self.state.show_state("warn", "alert-triangle", look.word("backup_none_yet"), look.word("backup_none_sub"),
                                  look.word("backup_last"), look.word("never_yet"))  # fmt: skip
            return
        title = look.word("backup_late" if status.late else "backup_safe")
        if status.operations_since:
            name = "backup_since" if status.orders_since else "backup_since_little"
            sub = look.word(name, orders=status.orders_since, operations=status.operations_since)
        else:
            sub = look.word("backup_level")
        tone, icon = ("warn", "alert-triangle") if status.late else ("ok", "shield-check")
        value = f"{self._moment(status.last_at_ms)} · {self._size(status.size_bytes)}"
        self.state.show_state(tone, icon, title, sub, look.word("backup_last"), value)

    def _draw_second(self, status: BackupStatus | None) -> None:
        """Whether the newest is in the second place too; what to do if not stands in the tooltip."""
        look = self.look
        chosen = status is not None and status.second is not None and bool(self._backup.folder)
        self.second.setVisible(chosen)
        if status is None or not chosen:
            return
        there = bool(status.second)
        self.second.setText(
            look.word("second_place_level" if there else "second_place_behind"), "ok" if there else "warn"
        )
        fault = status.second_fault
        self.second.setToolTip(look.sentence(fault) if fault is not None and not there else "")

    def _draw_health(self, health: Health) -> None:
        look = self.look
        ok = health.report.ok
        self.verdict.setText(look.word("doctor_ok" if ok else "doctor_bad"), "ok" if ok else "danger")
        self.verdict_icon.change("circle-check" if ok else "alert-circle", "ok" if ok else "danger")
        self.counts.setText(look.word("doctor_counts", orders=health.orders, operations=health.operations))
        found = [*health.report.problems, *health.report.alerts]
        said = [
            sentence(f"found_{p.code}", {"count": p.count, "where": ", ".join(p.where),
                     "backup": health.newest_backup or ""}, look.locale)
            for p in found[:_FINDINGS]
        ]  # fmt: skip
        if health.synced_by:
            said.append(sentence("found_synced_folder", {"service": health.synced_by}, look.locale))
        for line, text in zip(self.findings, [*said, *[""] * _FINDINGS], strict=False):
            line.setText(text)
            line.setVisible(bool(text))

    def _moment(self, at_ms: int) -> str:
        look = self.look
        return f"{look.day(dhaka_day(at_ms), dhaka_day(self._backup.now_ms))} {look.time(at_ms)}"

    def _size(self, size_bytes: int) -> str:
        tenths = max(1, round(size_bytes * 10 / _MEGA))
        return self.look.word("megabytes", size=self.look.digits(f"{tenths // 10}.{tenths % 10}"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The right side as the pictures have it."""
        super().resizeEvent(event)
        self.side.setFixedWidth(480 if self.width() >= _WIDE else 420)

    # ---- rows ----------------------------------------------------------------------------------------

    def _say(self, entry: BackupEntry) -> str:
        if not entry.readable or entry.made_at_ms is None:
            return f"{entry.file.name}, {self.look.word('backup_unreadable')}"
        return f"{self._moment(entry.made_at_ms)}, {self._held(entry)}, {self._size(entry.size_bytes)}"

    def _held(self, entry: BackupEntry) -> str:
        return self.look.word("backup_holds", orders=entry.orders, total_paisa=entry.total_paisa)

    def _draw_entry(self, ink: Ink, rect: QRect, entry: BackupEntry, selected: bool) -> None:
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.list.hasFocus())
        good = entry.readable and entry.made_at_ms is not None
        ink.icon(area.x() + 16, area.center().y() - 10, "database" if good else "alert-triangle", 20,
                 "text2" if good else "danger")  # fmt: skip
        size = self._size(entry.size_bytes)
        ink.text(area.adjusted(0, 0, -16, 0), size, "sm", "text3", RIGHT)
        word, sub = look.line("body"), look.line("sm")
        top, room = area.y() + (area.height() - word - sub) / 2, area.width() - 80 - look.width(size, "sm")
        title = self._moment(entry.made_at_ms) if good and entry.made_at_ms is not None else entry.file.name
        ink.text(QRectF(area.x() + 48, top, room, word), title, "bodym")
        under = self._held(entry) if good else look.word("backup_unreadable")
        ink.text(QRectF(area.x() + 48, top + word, room, sub), under, "sm", "text3" if good else "danger")

    # ---- acting --------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The list takes the focus."""
        self._backup.refresh()
        self.draw()
        (self.list if self._backup.entries else self.now).setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self, action: str) -> bool:
        """F9 makes a backup."""
        if action == "main":
            self._backup.back_up()
            return True
        return False

    def _moved(self, at: int) -> None:
        entries = self._backup.entries
        readable = 0 <= at < len(entries) and entries[at].readable
        self.restore.setEnabled(readable and not self._backup.busy)

    def _open_chosen(self) -> None:
        self._open(self.list.at())

    def _open(self, at: int) -> None:
        if 0 <= at < len(self._backup.entries) and self._backup.entries[at].readable:
            self._backup.look_into(self._backup.entries[at].file)

    def _pick(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.look.word("set_choose_folder"), self._backup.folder
        )
        if folder:
            self._backup.set_folder(folder)

    def _drop(self) -> None:
        self._backup.set_folder("")
