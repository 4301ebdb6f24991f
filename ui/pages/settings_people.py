"""Who works here: operators, their PINs on this computer, and who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from pos.domain.times import dhaka_day
from pos.errors import UserError
from ui import keys
from ui.pages.sell_dialogs import FormDialog
from ui.pages.settings_fields import Section
from ui.pages.settings_sections import open_dialog
from ui.widgets.arrange import column, row
from ui.widgets.bars import initial
from ui.widgets.button import Button, Pills, Segments
from ui.widgets.ink import CENTRE, RIGHT, Ink, chip_width
from ui.widgets.overlay import Dialog
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Icon, Paragraph, Text

if TYPE_CHECKING:
    from pos.services.acts import ActView
    from pos.services.operators import OperatorCard, Role
    from ui.presenters.settings import Settings
    from ui.theme.look import Look

_PEOPLE_SHOWN: Final = 4
_ACTS_SHOWN: Final = 7
_SETTING_WORDS: Final = {
    "shop.name": "shop_name", "shop.phone": "shop_mobile", "shop.trade": "shop_trade", "shop.page": "shop_page",
    "shop.address": "shop_address", "shop.district": "district", "shop.complaint_days": "complaint_days",
    "money.rounding": "set_rounding", "refund.days": "set_refund_days", "delivery.inside": "delivery_inside",
    "delivery.outside": "delivery_outside", "hat.weekdays": "hat_days", "hat.opens": "hat_opens",
    "hat.closes": "hat_closes", "hat.anchor": "hat_anchor",
}  # fmt: skip


class PeopleSection(Section):
    """The list of operators, and under it what they did."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        self.setMaximumWidth(look.px(860))
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, 56, self._draw_person), word("section_people")
        )
        self.list.moved.connect(self._moved)
        self.list.opened.connect(self._opened)
        self.add = Button(look, word("operator_add"), "soft", icon="plus", height=32)
        self.add.clicked.connect(self._add)
        self.edit = Button(look, word("operator_edit"), icon="pencil", height=32)
        self.edit.clicked.connect(self._edit)
        self.pin = Button(look, word("operator_pin"), icon="lock", height=32)
        self.pin.clicked.connect(self._pin)
        self.use = Button(look, word("operator_use"), "outline", icon="user", height=32)
        self.use.clicked.connect(self._use)
        self.remove = Button(look, word("operator_remove"), "danger", icon="trash", height=32)
        self.remove.clicked.connect(self._remove)
        self.card(word("section_people"), self.list,
                  row(self.use, self.edit, self.pin, self.remove, "*", self.add), tick="people")  # fmt: skip
        self.who = Pills(look, height=32)
        self.who.chosen.connect(self._who)
        self.acts = Rows(
            look, RowsModel(self._say_act), RowDelegate(look, 48, self._draw_act), word("who_did_what")
        )
        self.acts.setFixedHeight(look.px(48) * _ACTS_SHOWN)
        self.older = Button(look, word("acts_older"), "ghost", icon="chevron-down", height=32)
        self.older.clicked.connect(settings.older_acts)
        self.card(word("who_did_what"), self.who, self.acts, row("*", self.older, "*"))
        self.body.addStretch(1)

    def draw(self) -> None:
        """Everybody, and what was done."""
        super().draw()
        settings, look = self.settings, self.look
        at = max(0, self.list.at())
        self.list.rows.fill(settings.people)
        self.list.setFixedHeight(look.px(56) * max(1, min(_PEOPLE_SHOWN, len(settings.people))))
        self.list.select(min(at, len(settings.people) - 1))
        self._moved(self.list.at())
        pills: list[tuple[str, str, int | None]] = [("", look.word("acts_all"), None)]
        pills += [(person.id.hex, person.name, None) for person in settings.people]
        self.who.fill(pills, settings.acts_of.hex if settings.acts_of is not None else "")
        self.acts.rows.fill(settings.acts)
        self.older.setVisible(settings.has_older_acts)

    def arrive(self) -> None:
        """The list first."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- rows ----------------------------------------------------------------------------------------

    def _say(self, person: OperatorCard) -> str:
        word = self.look.word
        parts = [person.name, word(f"role_{person.role}")]
        parts += [word("has_pin")] if person.has_pin else []
        parts += [word("acting_now")] if person.acting else []
        return ", ".join(parts)

    def _draw_person(self, ink: Ink, rect: QRect, person: OperatorCard, selected: bool) -> None:
        draw_person(
            self.look, ink, QRectF(rect), person,
            selected=selected, focus=self.list.hasFocus(), acting=person.acting,
        )  # fmt: skip

    def _words_of(self, act: ActView) -> tuple[str, str]:
        look = self.look
        name = f"act_{act.kind.replace('.', '_')}"
        subject = act.number or act.subject
        if subject in _SETTING_WORDS:
            subject = look.word(_SETTING_WORDS[subject])
        return look.word_or(name, act.kind), subject

    def _when(self, act: ActView) -> str:
        look = self.look
        return f"{look.day(dhaka_day(act.at_ms), self.settings.today)} {look.time(act.at_ms)}"

    def _say_act(self, act: ActView) -> str:
        what, subject = self._words_of(act)
        return f"{act.operator}: {what} {subject}, {self._when(act)}"

    def _draw_act(self, ink: Ink, rect: QRect, act: ActView, selected: bool) -> None:
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.acts.hasFocus())
        what, subject = self._words_of(act)
        when = self._when(act)
        ink.text(area.adjusted(0, 0, -12, 0), when, "sm", "text3", RIGHT)
        right = area.right() - look.width(when, "sm") - 28
        wide = ink.text(QRectF(area.x() + 16, area.y(), area.width() * 0.42, area.height()), what, "bodym")
        x = area.x() + 16 + wide + 10
        name = min(area.width() * 0.28, look.width(act.operator, "sm") + 2.0)
        ink.text(QRectF(right - name, area.y(), name, area.height()), act.operator, "sm", "text2")
        ink.text(QRectF(x, area.y(), max(0.0, right - name - 12 - x), area.height()), subject, "sm", "text2")

    # ---- acting --------------------------------------------------------------------------------------

    def _person(self) -> OperatorCard | None:
        at = self.list.at()
        return self.settings.people[at] if 0 <= at < len(self.settings.people) else None

    def _moved(self, _at: int) -> None:
        person = self._person()
        owner = any(other.acting and other.role == "owner" for other in self.settings.people)
        self.use.setEnabled(person is not None and not person.acting)
        self.edit.setEnabled(person is not None and owner)
        self.pin.setEnabled(person is not None and (owner or person.acting))
        self.remove.setEnabled(person is not None and owner and not person.acting)
        self.add.setEnabled(owner)

    def _opened(self, _at: int) -> None:
        if self.edit.isEnabled():
            self._edit()

    def _add(self) -> None:
        open_dialog(self, PersonDialog(self.look, self.window(), self.settings, None))

    def _edit(self) -> None:
        open_dialog(self, PersonDialog(self.look, self.window(), self.settings, self._person()))

    def _pin(self) -> None:
        person = self._person()
        if person is not None:
            open_dialog(self, PinDialog(self.look, self.window(), self.settings, person, use=False))

    def _use(self) -> None:
        person = self._person()
        if person is None:
            return
        if person.has_pin:
            open_dialog(self, PinDialog(self.look, self.window(), self.settings, person, use=True))
        else:
            self.settings.use_person(person, "")

    def _remove(self) -> None:
        person = self._person()
        if person is not None:
            open_dialog(self, RemoveDialog(self.look, self.window(), self.settings, person))

    def _who(self, code: str) -> None:
        found = next((person.id for person in self.settings.people if person.id.hex == code), None)
        self.settings.show_acts_of(found)


class PersonDialog(FormDialog):
    """A name, a role, and for somebody new a PIN if one is wanted."""

    def __init__(self, look: Look, over: QWidget, settings: Settings, person: OperatorCard | None) -> None:
        title = look.word("operator_add") if person is None else person.name
        super().__init__(look, over, title, look.word("save"))
        self._settings, self._person = settings, person
        self.name = self.field(look.word("name"), person.name if person is not None else "")
        self.role = Segments(
            look, [(role, look.word(f"role_{role}"), "") for role in ("helper", "owner")], height=40
        )
        self.role.choose(person.role if person is not None else "helper")
        self.body.addLayout(column(Text(look, look.word("set_role"), "smb", "text2"), self.role, gap=4))
        self.pin = None
        if person is None:
            self.pin = self.field(look.word("operator_pin"), "")
            hide_pin(self.pin.edit)
            self.body.addWidget(Paragraph(look, look.word("operator_pin_hint"), "sm", "text3"))
        self.first = self.name.edit
        self.name.edit.selectAll()

    def apply(self) -> str:
        """Keep it."""
        role = cast("Role", self.role.choice())
        if self._person is None:
            self._settings.add_person(self.name.text(), role, self.pin.text() if self.pin is not None else "")
        else:
            self._settings.edit_person(self._person, self.name.text(), role)
        return ""


class PinDialog(FormDialog):
    """A PIN to be set, or to be shown that one knows it."""

    def __init__(
        self, look: Look, over: QWidget, settings: Settings, person: OperatorCard, *, use: bool
    ) -> None:
        word = look.word("operator_use" if use else "operator_pin_set")
        super().__init__(look, over, person.name, look.word("save") if not use else word)
        self._settings, self._person, self._use = settings, person, use
        self.pin = self.field(look.word("operator_pin"), "")
        hide_pin(self.pin.edit)
        if not use:
            self.body.addWidget(Paragraph(look, look.word("operator_pin_hint"), "sm", "text3"))
        self.first = self.pin.edit

    def apply(self) -> str:
        """Set it, or go on as this operator."""
        if self._use:
            self._settings.use_person(self._person, self.pin.text())
        else:
            self._settings.set_pin(self._person, self.pin.text())
        return ""


class RemoveDialog(Dialog):
    """Whether somebody is really to go."""

    def __init__(self, look: Look, over: QWidget, settings: Settings, person: OperatorCard) -> None:
        ask = look.word("operator_remove_ask", person=person.name)
        super().__init__(look, over, 480, ask)
        self._settings, self._person = settings, person
        self.remove = Button(
            look, look.word("operator_remove"), "destroy", icon="trash", key=keys.cap("main")
        )
        self.remove.clicked.connect(self._gone)
        leave = Button(look, look.word("leave"), key="Esc")
        leave.clicked.connect(self.close_dialog)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.fault.hide()
        words = column(
            Text(look, ask, "h2", elide=True), Paragraph(look, look.word("operator_remove_sub"), "sm", "text2"),
            self.fault,
        )  # fmt: skip
        self.panel.setLayout(
            column(
                row(Icon(look, "alert-triangle", 24, "dangerB"), (words, 1), gap=16), row("*", leave, self.remove),
                gap=16, margins=(24, 24, 24, 20),
            )
        )  # fmt: skip
        self.first = leave

    def act(self, action: str) -> None:
        """F9 lets him go."""
        if action == "main":
            self._gone()
        else:
            super().act(action)

    def _gone(self) -> None:
        try:
            self._settings.remove_person(self._person)
        except UserError as error:
            self.fault.setText(self._look.sentence(error))
            self.fault.show()
        else:
            self.close_dialog()


def draw_person(
    look: Look,
    ink: Ink,
    area: QRectF,
    person: OperatorCard,
    *,
    selected: bool,
    focus: bool = False,
    acting: bool = False,
) -> None:
    """Somebody in a list: name, role, whether a PIN is asked, and whether he is the one at work."""
    ink.ground(area, selected=selected, focus=focus)
    disc = QRectF(area.x() + 12, area.center().y() - 18, 36, 36)
    ink.box(disc, "surface" if selected else "okS", None, 18)
    ink.text(disc, initial(person.name), "bodyb", "ok", CENTRE, elide=False)
    right = area.right() - 12
    chips = [(look.word("acting_now"), "ok", "circle-check")] if acting else []
    chips += [(look.word("has_pin"), "grey", "lock")] if person.has_pin else []
    for text, tone, icon in chips:
        wide, high = chip_width(look, text, icon), look.px(24)
        right -= wide
        ink.chip(QRectF(right, area.center().y() - high / 2, wide, high), text, tone, icon)
        right -= 8
    word, sub = look.line("body"), look.line("sm")
    top, room = area.y() + (area.height() - word - sub) / 2, right - area.x() - 68
    ink.text(QRectF(area.x() + 60, top, room, word), person.name, "bodym")
    ink.text(QRectF(area.x() + 60, top + word, room, sub), look.word(f"role_{person.role}"), "sm", "text3")


def hide_pin(edit: QLineEdit) -> None:
    """What is typed here is nobody else's to read."""
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setMaxLength(12)
