"""The cards to the right of the Sync page: what is to be decided, what is short, notices, devices, backup, printer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.sync_bar import moment, when
from ui.pages.sync_parts import ValueCard
from ui.pages.sync_words import ago, dispute_about, said_when, said_where, value_text
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.text import Box, Card, Chip, Icon, Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pos.services.notices import NoticeView
    from pos.services.oversold import Short
    from pos.sync.devices import DeviceView
    from ui.presenters.backup import Backup
    from ui.presenters.sync import Sync
    from ui.theme.look import Look

_SHORT_SHOWN: Final = 4
_ORDERS_SHOWN: Final = 4
_NOTICES_SHOWN: Final = 3
_MEGA: Final = 1_000_000
_QUIET_MS: Final = 10 * 60_000  # a device that was heard of within this is there


def emptied(layout: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class _Values(QWidget):
    """The values of one field side by side, or under each other where there is no room or there are many."""

    picked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.cards: list[ValueCard] = []
        self._shown: object = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def fill(self, shown: object, cards: list[ValueCard]) -> bool:
        """Show these, if they are others than before."""
        if shown == self._shown:
            return False
        self._shown = shown
        for card in self.cards:
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = cards
        for card in cards:
            self._layout.addWidget(card, 1)
            card.clicked.connect(self._pick)
        self._turn()
        return True

    def choose(self, op: object) -> None:
        """Pick without saying so."""
        for card in self.cards:
            card.turn(on=card.op == op)
            if card.op == op:
                self.setFocusProxy(card)

    def _pick(self) -> None:
        card = next(card for card in self.cards if card.isChecked())
        focus = any(one.hasFocus() for one in self.cards)
        self.choose(card.op)
        if focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picked.emit(card.op)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        room = (self.width() - 8) / 2
        beside = len(self.cards) == 2 and all(card.sizeHint().width() <= room for card in self.cards)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._layout.direction():
            self._layout.setDirection(way)


class ConflictCard(Card):
    """Values that two people wrote without knowing of each other, one question at a time."""

    def __init__(self, look: Look, sync: Sync) -> None:
        self.look, self._sync = look, sync
        word = look.word
        self.count = Chip(look, "", "danger", "alert-circle")
        self.about = Paragraph(look, "", "sm", "text2")
        self.values = _Values(look)
        self.values.picked.connect(sync.choose)
        self.wrong = Paragraph(look, "", "sm", "danger")
        self.next = Button(look, word("conflict_next"), "ghost", height=36)
        self.next.clicked.connect(sync.another)
        self.keep = Button(look, word("conflict_keep"), "primary", icon="check", height=36)
        self.keep.clicked.connect(sync.decide)
        super().__init__(look, column(
            row(Text(look, word("conflict_title"), "bodyb"), "*", self.count), self.about, self.values, self.wrong,
            row((Paragraph(look, word("conflict_safe"), "sm", "text2"), 1), self.next, self.keep, gap=8),
            gap=8, margins=(16, 10, 16, 12),
        ))  # fmt: skip

    def draw(self) -> None:
        """Show the question at hand."""
        look, sync = self.look, self._sync
        dispute = sync.dispute()
        self.setVisible(dispute is not None)
        if dispute is None:
            return
        self.count.change(look.word("n_pieces", count=len(sync.disputes)), "danger", "alert-circle")
        self.about.setText(dispute_about(look, dispute))
        if self.values._shown != dispute:  # noqa: SLF001
            cards = [
                ValueCard(
                    look,
                    one.op,
                    said_where(look, one),
                    value_text(look, dispute.field, one.value),
                    said_when(look, one, sync.now_ms),
                )
                for one in dispute.values
            ]
            self.values.fill(dispute, cards)
        self.values.choose(sync.chosen)
        self.next.setVisible(len(sync.disputes) > 1)
        error = sync.faults.get("decide")
        self.wrong.setText(look.sentence(error) if error is not None else "")
        self.wrong.setVisible(error is not None)


class ShortCard(Card):
    """Goods of which more was sold than there is."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.count = Chip(look, "", "danger", "alert-triangle")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self._shown: object = None
        super().__init__(look, column(
            row((Text(look, look.word("short_title"), "bodyb", elide=True), 1), self.count), self._rows,
            Paragraph(look, look.word("short_hint"), "sm", "text3"), gap=8, margins=(16, 10, 16, 12),
        ))  # fmt: skip

    def draw(self, short: list[Short]) -> None:
        """Show these; the most missing first."""
        self.setVisible(bool(short))
        shown = short[:_SHORT_SHOWN]
        if shown == self._shown:
            return
        self._shown = shown
        look = self.look
        self.count.change(look.word("n_pieces", count=len(short)), "danger", "alert-triangle")
        emptied(self._rows)
        for one in shown:
            name = look.either(one.name_bn, one.name_en)
            if one.kind:
                name = f"{name} · {look.digits(one.kind)}"
            unit = one.unit if one.unit not in ("pcs", "piece") else "pcs"
            lack = look.word("short_line", short=look.quantity(one.short_milli, unit))
            orders = ", ".join(one.orders[:_ORDERS_SHOWN])
            if len(one.orders) > _ORDERS_SHOWN:
                orders += " …"
            line = QWidget()
            said = look.word("short_orders", orders=orders) if orders else one.sku
            under = Text(look, said, "sm", "text3", elide=True)
            under.setToolTip(", ".join(one.orders))
            line.setLayout(column(
                row((Text(look, name, "bodym", elide=True), 1), Text(look, lack, "smb", "danger"), gap=8), under, gap=0
            ))  # fmt: skip
            self._rows.addWidget(line)


class NoticesCard(Card):
    """What the organiser has to say."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._shown: object = None
        super().__init__(look, column(
            Text(look, look.word("notices_title"), "bodyb"), self._rows, gap=8, margins=(16, 10, 16, 12),
        ))  # fmt: skip

    def draw(self, notices: list[NoticeView]) -> None:
        """Show the first of them."""
        self.setVisible(bool(notices))
        shown = notices[:_NOTICES_SHOWN]
        if shown == self._shown:
            return
        self._shown = shown
        look = self.look
        emptied(self._rows)
        for one in shown:
            warning = one.kind == "warning"
            line = QWidget()
            title = Paragraph(look, look.either(one.title_bn, one.title_en), "bodym")
            text = Paragraph(look, look.either(one.text_bn, one.text_en), "sm", "text2")
            text.setVisible(bool(text.text()))
            icon = Icon(
                look, "alert-triangle" if warning else "speakerphone", 20, "warn" if warning else "info"
            )
            line.setLayout(row(column(2, icon, "*", gap=0), (column(title, text, gap=0), 1), gap=12))
            self._rows.addWidget(line)


class DeviceRow(QWidget):
    """One device, with what can be done about it."""

    revoked = Signal(object)

    def __init__(self, look: Look, device: DeviceView) -> None:
        super().__init__()
        self.look, self.device = look, device
        name = " · ".join(part for part in (look.word("device_named", code=device.code), device.name) if part)
        self._name = name
        self.chip = Chip(look, "", "grey")
        sign = row(Icon(look, "device-laptop", 20, "text2"), margins=(10, 10, 10, 10))
        square = Box(look, "surface3", None, 8, layout=sign)
        square.setFixedSize(40, 40)
        head = row((Text(look, name, "bodym", elide=True), 1), gap=8)
        if device.here:
            head = row(
                Text(look, name, "bodym", snug=True), Chip(look, look.word("this_device"), "info"), "*", gap=8
            )
        self._under = Text(look, "", "sm", "text3", elide=True)
        parts: list[Any] = [square, (column(head, self._under, gap=0), 1), self.chip]
        self.out: Button | None = None
        if not device.here and device.revoked_at_ms is None:
            self.out = Button(
                look, "", "ghost", icon="trash", height=32, tip=look.word("device_revoke_name", called=name)
            )
            self.out.clicked.connect(self._revoke)
            parts.append(self.out)
        self.setLayout(row(*parts, gap=12))

    def draw(self, now_ms: int, state: str, tone: str, icon: str) -> None:
        """Show how it stands, and when it was heard of."""
        heard = when(self.look, self.device.seen_at_ms, now_ms)
        sub = self.look.word("device_sub", app=self.look.digits(self.device.app) or "–", moment=heard)
        self.chip.change(state, tone, icon)
        self._under.setText(sub)
        self._under.setToolTip(sub)
        self.setAccessibleName(f"{self._name}, {state}, {sub}")

    def _revoke(self) -> None:
        self.revoked.emit(self.device)


class DevicesCard(Card):
    """The vendor's devices."""

    revoked = Signal(object)

    def __init__(self, look: Look, sync: Sync) -> None:
        self.look, self._sync = look, sync
        self.add = Button(look, look.word("device_add"), "soft", icon="plus", height=32)
        self.add.clicked.connect(sync.ask_code)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self.rows: list[DeviceRow] = []
        self._shown: tuple[DeviceView, ...] = ()
        self.nothing = Paragraph(look, "", "sm", "text3")
        self.wrong = Paragraph(look, "", "sm", "danger")
        super().__init__(look, column(
            row(Text(look, look.word("devices_title"), "bodyb"), "*", self.add), self._rows, self.nothing, self.wrong,
            gap=10, margins=(16, 10, 16, 14),
        ))  # fmt: skip

    def draw(self) -> None:
        """Show what the server told last."""
        look, sync = self.look, self._sync
        self.setVisible(sync.paired)
        self.add.setEnabled(not sync.busy)
        known = sync.devices
        self.nothing.setVisible(known is None)
        self.nothing.setText(look.word("devices_asked" if sync.busy == "devices" else "devices_unknown"))
        error = sync.faults.get("devices")
        self.wrong.setText(look.sentence(error) if error is not None and known is not None else "")
        self.wrong.setVisible(bool(self.wrong.text()))
        devices = known.devices if known is not None else ()
        if devices != self._shown:
            self._shown = devices
            emptied(self._rows)
            self.rows = [DeviceRow(look, device) for device in devices]
            for line in self.rows:
                line.revoked.connect(self.revoked)
                self._rows.addWidget(line)
        self.tick()

    def tick(self) -> None:
        """Time has passed: say anew how long ago each was heard of."""
        known = self._sync.devices
        if known is not None:
            now_ms = known.server_now(self._sync.now_ms)
            for line in self.rows:
                line.draw(now_ms, *self._state(line.device, now_ms))

    def _state(self, device: DeviceView, server_ms: int) -> tuple[str, str, str]:
        look = self.look
        if device.revoked_at_ms is not None:
            return look.word("device_out"), "grey", "x"
        if device.here and self._sync.shown.troubled:
            return look.word("device_offline"), "warn", "cloud-off"
        if device.here or server_ms - device.seen_at_ms < _QUIET_MS:
            return look.word("just_now"), "ok", "cloud-check"
        return ago(look, device.seen_at_ms, server_ms), "grey", "clock"


class BesideCard(Card):
    """The last backup and the printer, with a button each."""

    def __init__(self, look: Look, sync: Sync, backup: Backup) -> None:
        self.look, self._sync, self._backup = look, sync, backup
        word = look.word
        self.backup_icon = Icon(look, "shield-check", 20, "ptext")
        self.backed_up = Text(look, "", "bodym", elide=True)
        self.backup_where = Text(look, "", "sm", "text3", elide=True)
        self.take = Button(look, word("backup_now"), height=32)
        self.take.clicked.connect(backup.back_up)
        self.printer_icon = Icon(look, "printer", 20, "text2")
        self.printer = Text(look, "", "bodym", elide=True)
        self.printer_how = Text(look, "", "sm", "text3", elide=True)
        self.trial = Button(look, word("set_test_print"), height=32)
        super().__init__(look, column(
            Text(look, word("sync_backup_title"), "bodyb"),
            row(self.backup_icon, (column(self.backed_up, self.backup_where, gap=0), 1), self.take, gap=12),
            row(self.printer_icon, (column(self.printer, self.printer_how, gap=0), 1), self.trial, gap=12),
            gap=12, margins=(16, 10, 16, 14),
        ))  # fmt: skip
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def draw(self, printer: str, kind: str) -> None:
        """Show both; `kind` is how the printer is reached, ``none`` without one."""
        look, backup, word = self.look, self._backup, self.look.word
        status = backup.status
        made = status is not None and status.last_at_ms is not None
        self.take.setEnabled(not backup.busy)
        late = status is not None and (status.late or not made)
        self.backup_icon.change("alert-triangle" if late else "shield-check", "warn" if late else "ptext")
        if status is not None and status.last_at_ms is not None:
            size = max(1, round(status.size_bytes * 10 / _MEGA))
            mega = word("megabytes", size=look.digits(f"{size // 10}.{size % 10}"))
            self.backed_up.setText(f"{moment(look, status.last_at_ms, self._sync.now_ms)} · {mega}")
        else:
            self.backed_up.setText(word("backup_none_yet"))
        self.backup_where.setText(backup.folder or word("backup_here"))
        self.backup_where.setToolTip(backup.folder)
        there = kind != "none" and bool(printer)
        self.printer_icon.change("printer" if there else "printer-off", "text2" if there else "text3")
        self.printer.setText(printer if there else word("no_printer"))
        self.printer_how.setText(word(f"printer_ready_{kind}") if there else word("printer_set_up"))
        self.trial.setVisible(there)
