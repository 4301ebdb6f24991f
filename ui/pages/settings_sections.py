"""Sections of the Settings page that hold more than fields: printers, hats, about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from pos import __version__
from pos.l10n.dates import hat_name, long_date, long_weekday
from ui.pages.printer_form import ROLLS, PrinterForm
from ui.pages.sell_dialogs import FormDialog
from ui.pages.settings_fields import Section, WeekDays
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.form import halves
from ui.widgets.ink import Ink, chip_width
from ui.widgets.rows import RowDelegate, Rows, RowsModel
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from pos.domain.hats import Hat
    from ui.presenters.settings import Settings
    from ui.theme.look import Look
    from ui.widgets.overlay import Dialog

_HATS_SHOWN: Final = 6
_MONDAY: Final = 5  # 1970-01-05 was one


class PrinterSection(Section):
    """Which printer takes the receipts, and a trial of it."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        address = self.field(
            "printer.address", word("set_printer_address"), icon="printer", example=word("set_printer_address_example")
        )  # fmt: skip
        roll = self.choice(
            "paper.receipt", word("paper_roll"), [(code, word(f"set_paper_{code}"), "") for code in ROLLS]
        )
        self.printer = PrinterForm(look, address, roll)
        self.printer.kind_chosen.connect(self._kind)
        self.printer.name_chosen.connect(self._named)
        self.printer.trial_asked.connect(settings.try_printer)
        self.card(word("first_printer_head"), self.printer, tick="printer.kind")
        self.body.addStretch(1)

    def draw(self) -> None:
        """The fields that the kind asks for."""
        super().draw()
        settings = self.settings
        self.printer.show_printer(
            str(settings.values.get("printer.kind", "none")), settings.printers, settings.text("printer.name")
        )
        self.printer.show_trial(settings.faults.get("printer"), busy=settings.busy, tried=settings.tried)

    def arrive(self) -> None:
        """The arrows choose the kind."""
        self.printer.arrive()

    def _kind(self, code: str) -> None:
        self.settings.put("printer.kind", code)
        if code == "os" and not self.settings.text("printer.name") and self.settings.printers:
            self.settings.put("printer.name", self.settings.printers[0])

    def _named(self, name: str) -> None:
        self.settings.put("printer.name", name)


class HatSection(Section):
    """The weekly rule, its hours, and the days that are otherwise."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        self.week = WeekDays(look, weekday_words(look), word("hat_days"))
        self.week.turned.connect(settings.turn_day)
        hours = halves(self.field("hat.opens", word("hat_opens"), icon="clock"),
                       self.field("hat.closes", word("hat_closes"), icon="clock"))  # fmt: skip
        self.card(word("hat_days"), self.week, hours,
                  self.field("hat.anchor", word("hat_anchor"), example=word("hat_anchor_example")),
                  tick="hat.weekdays")  # fmt: skip
        self.add = Button(look, word("set_hat_add"), "soft", icon="plus", height=32)
        self.add.clicked.connect(self._add)
        self.list = Rows(
            look, RowsModel(self._say), RowDelegate(look, 56, self._draw_hat), word("hats_coming")
        )
        self.list.opened.connect(self._turn)
        self.turn = Button(look, word("set_hat_cancel"), height=32)
        self.turn.clicked.connect(self._turn_chosen)
        self.list.moved.connect(self._moved)
        self.fault = Text(look, "", "sm", "danger", elide=True)
        self.card(word("hats_coming"), self.list, self.fault, row(self.turn, "*", self.add), tick="hats")
        self.list.setFixedHeight(look.px(56) * _HATS_SHOWN)
        self.body.addStretch(1)

    def draw(self) -> None:
        """The days, the hours, the coming hats."""
        super().draw()
        settings = self.settings
        self.week.show_days({day for day in str(settings.values.get("hat.weekdays", "")).split(",") if day})
        at = max(0, self.list.at())
        self.list.rows.fill(settings.hats)
        self.list.select(min(at, len(settings.hats) - 1))
        self._moved(self.list.at())
        error = settings.faults.get("hats") or settings.faults.get("hat.weekdays")
        self.fault.setText(self.look.sentence(error) if error is not None else "")
        self.fault.setVisible(error is not None)

    def arrive(self) -> None:
        """The days first."""
        self.week.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, hat: Hat) -> str:
        look = self.look
        state = look.word("hat_is_cancelled") if hat.cancelled else hat_name(hat.ordinal, look.locale)
        return f"{long_weekday(hat.on, look.locale)} {long_date(hat.on, look.locale)}, {self._hours(hat)}, {state}"

    def _hours(self, hat: Hat) -> str:
        """When it is held, or why it is not."""
        if hat.reason:
            return hat.reason
        return f"{self.look.hour(hat.opens_at_ms)} – {self.look.hour(hat.closes_at_ms)}"

    def _draw_hat(self, ink: Ink, rect: QRect, hat: Hat, selected: bool) -> None:
        look, area = self.look, QRectF(rect)
        ink.ground(area, selected=selected, focus=self.list.hasFocus())
        token = "text3" if hat.cancelled else "text"
        ink.icon(
            area.x() + 12, area.center().y() - 10, "calendar-event", 20, "text3" if hat.cancelled else "text2"
        )
        word, sub = look.line("body"), look.line("sm")
        top = area.y() + (area.height() - word - sub) / 2
        day = f"{long_weekday(hat.on, look.locale)} · {long_date(hat.on, look.locale)}"
        room = area.width() - 190
        ink.text(QRectF(area.x() + 44, top, room, word), day, "bodym", token)
        ink.text(QRectF(area.x() + 44, top + word, room, sub), self._hours(hat), "sm", "text3")
        name = hat_name(hat.ordinal, look.locale)
        chip, tone, icon = (
            (look.word("hat_is_cancelled"), "grey", "circle-x") if hat.cancelled else (name, "ok", "")
        )
        if chip:
            wide = chip_width(look, chip, icon)
            high = look.px(24)
            ink.chip(
                QRectF(area.right() - wide - 12, area.center().y() - high / 2, wide, high), chip, tone, icon
            )

    def _moved(self, at: int) -> None:
        hats = self.settings.hats
        self.turn.setEnabled(0 <= at < len(hats))
        if 0 <= at < len(hats):
            self.turn.relabel(self.look.word("hat_restore" if hats[at].cancelled else "set_hat_cancel"))

    def _turn_chosen(self) -> None:
        self._turn(self.list.at())

    def _turn(self, at: int) -> None:
        if 0 <= at < len(self.settings.hats):
            self.settings.turn_hat(self.settings.hats[at])

    def _add(self) -> None:
        open_dialog(self, HatDialog(self.look, self.window(), self.settings))


class HatDialog(FormDialog):
    """A hat on a day of one's own, or other hours."""

    def __init__(self, look: Look, over: QWidget, settings: Settings) -> None:
        super().__init__(look, over, look.word("hat_add_title"), look.word("save"))
        self._settings = settings
        self.day = self.field(look.word("hat_date"), settings.today.isoformat())
        self.opens = self.field(look.word("hat_opens"), settings.text("hat.opens"))
        self.closes = self.field(look.word("hat_closes"), settings.text("hat.closes"))
        self.day.edit.selectAll()
        self.first = self.day.edit

    def apply(self) -> str:
        """Keep it."""
        self._settings.add_hat(self.day.text(), self.opens.text(), self.closes.text())
        return ""


class AboutSection(Section):
    """Version, where all lies, and the file for whoever helps."""

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, settings)
        word = look.word
        place = Text(look, str(settings.home), "body", "text2", elide=True)
        place.setToolTip(str(settings.home))
        self.card(word("about_version", version=__version__), column(
            Text(look, word("about_place"), "sm", "text3"), place, gap=2
        ))  # fmt: skip
        self.make = Button(look, word("support_look"), "outline", icon="lifebuoy")
        self.make.clicked.connect(settings.make_report)
        self.save = Button(look, word("support_make"), "primary", icon="download")
        self.save.clicked.connect(settings.save_report)
        self.texts = QPlainTextEdit()
        self.texts.setReadOnly(True)
        self.texts.setAccessibleName(word("support_title"))
        self.texts.setFont(look.font("sm"))
        self.texts.setMinimumHeight(look.px(220))
        self.said = Text(look, "", "sm", "ok", elide=True)
        self.card(word("support_title"), Paragraph(look, word("support_sub"), "body", "text2"), self.texts,
                  row(self.make, self.save, (self.said, 1), gap=12))  # fmt: skip
        self.body.addStretch(1)
        self._report: object = None

    def draw(self) -> None:
        """What the file will hold, before it is kept."""
        super().draw()
        look, settings = self.look, self.settings
        report, error = settings.report, settings.faults.get("report")
        if report is not None and report is not self._report:
            self._report = report
            self.texts.setPlainText("\n\n".join(f"— {name} —\n{text}" for name, text in report.texts.items()))
        self.texts.setVisible(report is not None)
        self.make.setVisible(report is None)
        self.save.setVisible(report is not None)
        self.make.setEnabled(not settings.busy)
        self.save.setEnabled(not settings.busy)
        if error is not None:
            self.said.setText(look.sentence(error), "danger")
        elif settings.busy == "report":
            self.said.setText(look.word("support_making"), "text2")
        elif settings.report_file is not None:
            self.said.setText(look.word("support_made", file=settings.report_file.name), "ok")
            self.said.setToolTip(str(settings.report_file))
        else:
            self.said.setText("", "ok")

    def arrive(self) -> None:
        """The button first."""
        (self.make if self.make.isVisible() else self.save).setFocus(Qt.FocusReason.OtherFocusReason)


def weekday_words(look: Look) -> dict[str, str]:
    """The days of the week by the names that settings have for them."""
    import datetime as dt

    from pos.l10n.dates import weekday
    from pos.settings import WEEKDAYS

    first = dt.date(1970, 1, _MONDAY)
    return {name: weekday(first + dt.timedelta(at), look.locale) for at, name in enumerate(WEEKDAYS)}


def open_dialog(section: QWidget, dialog: Dialog) -> None:
    """Show a dialog on the page that the section lies on."""
    from ui.pages.page import PageView

    page = section.parentWidget()
    while page is not None and not isinstance(page, PageView):
        page = page.parentWidget()
    assert isinstance(page, PageView)
    page.open_dialog(dialog)
