"""The Sync page: whether all is on the server, what waits for it, what is to be decided, whose devices there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QApplication, QWidget

from ui import keys
from ui.pages.orders_preview import scrolling
from ui.pages.page import PageView
from ui.pages.sync_bar import moment, when
from ui.pages.sync_cards import BesideCard, ConflictCard, DevicesCard, NoticesCard, ShortCard
from ui.pages.sync_dialogs import JoinDialog, RevokeDialog
from ui.pages.sync_parts import PathLine, nodes_of
from ui.pages.sync_words import card_words, line_icon, line_words
from ui.widgets.arrange import column, row
from ui.widgets.bars import TitleBar
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.form import named, say_fault
from ui.widgets.ink import RIGHT, Ink, chip_width, two_lines
from ui.widgets.paged import Paged
from ui.widgets.progress import ProgressLine
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.state_card import StateCard
from ui.widgets.text import Box, Card, Chip, Icon, Mark, Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pos.services.waiting import WaitingLine
    from pos.shop import Shop
    from ui.presenters.backup import Backup
    from ui.presenters.sync import Sync
    from ui.theme.look import Look

_ROW: Final = 52
_WIDE: Final = 1600
_FORM_MOST: Final = 640
_PAIR_AGAIN: Final = frozenset({"login", "revoked"})


class SyncPage(PageView):
    """How the shop and its server stand."""

    name: ClassVar[str] = "sync"

    def __init__(self, look: Look, sync: Sync, backup: Backup, shop: Shop) -> None:
        super().__init__(look, sync)
        self._sync, self._backup, self._shop = sync, backup, shop
        self._ids: tuple[bytes, ...] = ()
        self._focus_due = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        backup.watch(self.draw)
        word = look.word
        self.check = Button(look, word("sync_check"), icon="stethoscope")
        self.check.clicked.connect(sync.verify)
        self.now = Button(look, word("sync_now"), "primary", icon="refresh", key=keys.cap("sync_now"))
        self.now.clicked.connect(sync.now)
        self.bar = TitleBar(look, word("sync_title"), self.check, self.now)
        self.bar.sub.setText(word("sync_sub"))
        self.state = StateCard(look)
        self.going = ProgressLine(look)
        self.going.stop.hide()
        self.path = PathLine(look)
        self.said_text = Paragraph(look, "", "body", "ok")
        self.said_icon = Icon(look, "circle-check", 20, "ok")
        self.said = Box(look, "okS", "okL", 8, layout=row(
            self.said_icon, (self.said_text, 1), gap=12, margins=(16, 10, 16, 10)
        ))  # fmt: skip
        self.form = self._form()
        self.count = Chip(look, "", "warn")
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, _ROW, self._draw_line), word("waiting_title")
        )
        self.nothing = QWidget()
        self.nothing.setProperty("clear", True)
        empty = Text(
            look, word("waiting_none"), "body", "text2", align=Qt.AlignmentFlag.AlignCenter, elide=True
        )
        self.nothing.setLayout(column("*", row("*", Mark(look, "cloud-check"), "*"), empty, "*", gap=12))
        self.listed = Card(look, column(
            row(Text(look, word("waiting_title"), "bodyb"), "*", self.count, margins=(16, 10, 16, 6)),
            (self.list, 1), (self.nothing, 1), gap=0, margins=(1, 1, 1, 8),
        ))  # fmt: skip
        self.form_room = scrolling(column(self.form, "*"))
        left = column(self.state, self.going, self.said, self.path, (self.form_room, 1), (self.listed, 1),
                      gap=12, margins=(16, 12, 0, 12))  # fmt: skip
        self.conflict = ConflictCard(look, sync)
        self.short = ShortCard(look)
        self.notices = NoticesCard(look)
        self.devices = DevicesCard(look, sync)
        self.devices.revoked.connect(self._ask_revoke)
        self.beside = BesideCard(look, sync, backup)
        self.beside.trial.clicked.connect(sync.try_printer)
        self.side = scrolling(column(self.conflict, self.short, self.notices, self.devices, self.beside, "*",
                                     gap=12, margins=(0, 12, 16, 12)))  # fmt: skip
        self.column.addWidget(self.bar)
        body = row(gap=12)
        body.addLayout(left, 1)
        body.addWidget(self.side)
        self.column.addLayout(body, 1)

    def _form(self) -> Card:
        look, word = self.look, self.look.word
        self.form_title = Text(look, word("pair_title"), "bodyb", elide=True)
        self.server = Field(look, word("pair_server"), placeholder=word("pair_server_hint"), icon="server-2")
        self.server.edit.textEdited.connect(self._typed_server)
        self.server.edit.editingFinished.connect(self._left_server)
        self.server.edit.returnPressed.connect(self._to_code)
        self.code = Field(look, word("pair_code"), placeholder=word("pair_code_hint"), icon="lock")
        self.code.edit.textEdited.connect(self._typed_code)
        self.code.edit.editingFinished.connect(self._left_code)
        self.code.edit.returnPressed.connect(self._pair)
        self.pair = Button(look, word("pair_button"), "primary", icon="check", key=keys.cap("main"))
        self.pair.clicked.connect(self._pair)
        self.pair_fault = Paragraph(look, "", "sm", "danger")
        inner = QWidget()
        inner.setProperty("clear", True)
        inner.setMaximumWidth(look.px(_FORM_MOST))
        inner.setLayout(column(
            self.form_title, Paragraph(look, word("pair_sub"), "sm", "text2"), 4,
            named(look, word("pair_server"), self.server), named(look, word("pair_code"), self.code),
            self.pair_fault, 4, row("*", self.pair), gap=8,
        ))  # fmt: skip
        return Card(look, column(inner, margins=(16, 12, 16, 14)))

    # ---- drawing -------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what the presenter holds."""
        look, sync = self.look, self._sync
        shown = sync.shown
        paired = sync.paired
        self.check.setVisible(paired)
        self.now.setVisible(paired)
        self.check.setEnabled(not sync.busy)
        self._draw_card()
        self._draw_going()
        self._draw_said()
        form = not paired or shown.state in _PAIR_AGAIN
        focus = QApplication.focusWidget()
        here = focus is not None and self.form.isAncestorOf(focus)
        self._focus_due = self._focus_due or (here and not form)
        self.form.setVisible(form and sync.known)
        self.form_room.setVisible(form)
        self._draw_form()
        self.path.setVisible(not form)
        self.listed.setVisible(not form)
        if not form:
            self._draw_waiting()
        self.conflict.draw()
        self.short.draw(sync.short)
        self.notices.draw(sync.notices)
        self.devices.draw()
        self.beside.draw(*sync.printer())
        if self._focus_due and sync.known and (here or self.hasFocus()):
            self._take_focus()
        if sync.join is not None and self.dialog() is None and self.isVisible():
            self.open_dialog(JoinDialog(look, self.window(), sync, sync.join))

    def _draw_card(self) -> None:
        look, sync = self.look, self._sync
        shown = sync.shown
        title, sub = card_words(look, shown, sync.now_ms)
        word = value = ""
        if sync.paired:
            word = look.word("last_sync")
            at_ms = shown.synced_at_ms
            value = moment(look, at_ms, sync.now_ms) if at_ms is not None else look.word("never_yet")
        self.state.show_state(shown.tone, shown.icon, title, sub, word, value)
        if sync.paired:
            self.path.show_nodes(nodes_of(look, shown, sync.now_ms))

    def _draw_going(self) -> None:
        """How far what is under way has come."""
        look, sync = self.look, self._sync
        done, total = sync.progress
        if sync.busy == "verify":
            self.going.show_work(look.word("verify_going"), stoppable=False)
        elif total:
            self.going.show_count(look.word("bar_syncing"), done, total)
        self.going.setVisible(sync.busy == "verify" or bool(total))

    def _draw_said(self) -> None:
        """What holding it against the server has found, or what went wrong."""
        look, sync = self.look, self._sync
        error = next((sync.faults[name] for name in ("verify", "trial", "read") if name in sync.faults), None)
        tone, text = "danger", look.sentence(error) if error is not None else ""
        if error is None and sync.verified is not None:
            agrees = sync.verified.agrees
            tone = "ok" if agrees else "danger"
            text = look.word("verify_agrees" if agrees else "verify_differs")
            if sync.verified.mended:
                text = f"{text} · {look.word('verify_mended_n', mended=sync.verified.mended)}"
        self.said.setVisible(bool(text))
        if text:
            self.said.recolour(f"{tone}S", f"{tone}L")
            self.said_icon.change("circle-check" if tone == "ok" else "alert-circle", tone)
            self.said_text.setText(text)
            self.said_text.setStyleSheet(
                f"color: {look.css(tone)}; font-size: {look.font('body').pixelSize()}px;"
            )

    def _draw_form(self) -> None:
        look, sync = self.look, self._sync
        self.form_title.setText(look.word("pair_again_title" if sync.paired else "pair_title"))
        for field, text in ((self.server, sync.server), (self.code, sync.code)):
            if field.edit.text() != text:
                field.edit.setText(text)
        say_fault(look, self.server, sync.faults.get("server"))
        say_fault(look, self.code, sync.faults.get("code"))
        error = sync.faults.get("pair")
        self.pair_fault.setText(look.sentence(error) if error is not None else "")
        self.pair_fault.setVisible(error is not None)
        self.pair.setEnabled(not sync.busy)

    def _draw_waiting(self) -> None:
        look, kept = self.look, self._sync.kept
        if kept.ids != self._ids:
            self._ids = kept.ids
            at = max(0, self.list.at())
            self.list.rows.fill(Paged(kept.ids, self._shop.waiting.lines))
            self.list.select(min(at, len(kept.ids) - 1))
        self.list.setVisible(bool(kept.ids))
        self.nothing.setVisible(not kept.ids)
        self.count.setVisible(bool(kept.ids))
        self.count.change(look.word("n_pieces", count=len(kept.ids)), "warn")

    def tick(self) -> None:
        """What counts seconds goes on."""
        self._draw_card()
        self.devices.tick()
        dialog = self.dialog()
        if isinstance(dialog, JoinDialog):
            dialog.tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The right side as the pictures have it."""
        super().resizeEvent(event)
        self.side.setFixedWidth(480 if self.width() >= _WIDE else 436)

    # ---- rows ----------------------------------------------------------------------------------------

    def _say(self, line: WaitingLine | None) -> str:
        if line is None:
            return ""
        held = self.look.word("held_chip") if line.held else ""
        said = (*line_words(self.look, line), when(self.look, line.at_ms, self._sync.now_ms), held)
        return ", ".join(part for part in said if part)

    def _draw_line(self, ink: Ink, rect: QRect, line: WaitingLine | None, selected: bool) -> None:
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected and self.list.hasFocus(), focus=self.list.hasFocus())
        if line is None:
            return
        title, under = line_words(look, line)
        ink.icon(area.x() + 16, area.center().y() - 10, line_icon(line), 20, "text2")
        right = area.right() - 16
        if line.held:
            word = look.word("held_chip")
            width = chip_width(look, word, "alert-triangle")
            high = look.px(24)
            chip = QRectF(right - width, area.center().y() - high / 2, width, high)
            ink.chip(chip, word, "warn", "alert-triangle")
            right -= width + 12
        time = when(look, line.at_ms, self._sync.now_ms)
        wide = look.width(time, "sm") + 2
        ink.text(QRectF(right - wide, area.y(), wide, area.height()), time, "sm", "text3", RIGHT, elide=False)
        name_y, under_y = two_lines(look, area)
        room = right - wide - 12 - area.x() - 48
        ink.text(QRectF(area.x() + 48, name_y, room, look.line("bodym")), title, "bodym")
        ink.text(QRectF(area.x() + 48, under_y, room, look.line("sm")), under, "sm", "text3")

    # ---- acting --------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The form takes the focus, or what is to be decided, or what waits."""
        sync = self._sync
        sync.refresh()
        sync.ask_devices()
        self._backup.refresh()
        self.draw()
        self._take_focus()

    def _take_focus(self) -> None:
        """As soon as it is known how it stands."""
        sync = self._sync
        self._focus_due = not sync.known
        if self._focus_due:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.form.isHidden():
            self.server.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif sync.dispute() is not None:
            self.conflict.values.setFocus(Qt.FocusReason.OtherFocusReason)
        elif sync.kept.ids:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.now.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self, action: str) -> bool:
        """F9 pairs, or lets the picked value stand."""
        if action != "main":
            return False
        if not self.form.isHidden():
            self._pair()
        else:
            self._sync.decide()
        return True

    def leave(self) -> None:
        """Nothing calls it any more."""
        super().leave()
        self._backup.unwatch(self.draw)

    def _ask_revoke(self, device: object) -> None:
        self.open_dialog(RevokeDialog(self.look, self.window(), self._sync, device))  # type: ignore[arg-type]

    def _typed_server(self, text: str) -> None:
        self._sync.type("server", text)

    def _typed_code(self, text: str) -> None:
        self._sync.type("code", text)

    def _left_server(self) -> None:
        self._sync.left("server")

    def _left_code(self) -> None:
        self._sync.left("code")

    def _to_code(self) -> None:
        """Enter goes on; a scanner that ends a link with it has said all there is to say."""
        if self._sync.spread("server"):
            self._pair()
        else:
            self.code.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _pair(self) -> None:
        wrong = self._sync.pair()
        if wrong:
            (self.server if wrong == "server" else self.code).edit.setFocus(Qt.FocusReason.OtherFocusReason)
