"""The steps of the first run: language, identity, printer, backup; the goods have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ui.pages.first_goods import GoodsStep
from ui.pages.first_step import FIELD, StepPage
from ui.pages.printer_form import ROLLS, PrinterForm
from ui.presenters.first_answers import BACKUP, GOODS, IDENTITY, LANGUAGE, PRINTER
from ui.widgets.arrange import column, row
from ui.widgets.button import Button, Segments
from ui.widgets.cards import RadioCards
from ui.widgets.district import DistrictField
from ui.widgets.form import halves, named
from ui.widgets.text import Box, Icon, Paragraph, Text

if TYPE_CHECKING:
    from ui.presenters.first import First
    from ui.theme.look import Look


class LanguageStep(StepPage):
    """Language and digits."""

    head: ClassVar[str] = "language"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        self.lost = Box(look, "warnS", "warnL", 8)
        self.bring = Button(look, word("restore_now"), "primary", height=40)
        self.bring.clicked.connect(first.bring_back)
        self.lost.setLayout(
            row(
                Icon(look, "shield-check", 24, "warn"),
                (column(Text(look, word("first_lost"), "bodyb", "warn", elide=True),
                        Paragraph(look, word("first_lost_sub"), "sm", "text2"), gap=2), 1),
                self.bring, gap=12, margins=(16, 12, 12, 12),
            )
        )  # fmt: skip
        self.lang = RadioCards(
            look,
            [(code, word(f"lang_{code}"), word(f"lang_{code}_sub"), "language") for code in ("bn", "en")],
        )
        self.digits = RadioCards(
            look, [(code, word(f"digits_{code}"), word(f"digits_{code}_sub"), "") for code in ("bn", "latin")]
        )
        icons = {"new": "building-store", "join": "device-laptop"}
        self.begin = RadioCards(
            look,
            [(code, word(f"begin_{code}"), word(f"begin_{code}_sub"), icon) for code, icon in icons.items()],
        )
        self.lang.chosen.connect(self._lang)
        self.digits.chosen.connect(self._digits)
        self.begin.chosen.connect(self._begin)
        self.begin_head = Text(look, word("first_begin_head"), "bodyb")
        for part in (self.lost, self.lang, Text(look, word("first_digits_head"), "bodyb"), self.digits,
                     self.begin_head, self.begin):  # fmt: skip
            self.form.addWidget(part)
        self.form.insertSpacing(4, 12)
        self.form.insertSpacing(2, 12)

    def draw(self) -> None:
        """Show the choice."""
        answers = self.first.answers
        self.lang.choose(answers.lang)
        self.digits.choose(answers.digits)
        self.begin.choose(answers.begin)
        for part in (self.begin_head, self.begin):
            part.setVisible(self.first.shop is None)
        self.lost.setVisible(self.first.lost is not None)

    def arrive(self) -> None:
        """The arrows choose at once; where a shop is missing, Enter brings it back."""
        self.lang.choose(self.first.answers.lang)
        start = self.lang if self.first.lost is None else self.bring
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lang(self, code: str) -> None:
        self.first.set("lang", code)

    def _digits(self, code: str) -> None:
        self.first.set("digits", code)

    def _begin(self, code: str) -> None:
        self.first.set("begin", code)


class JoinStep(StepPage):
    """Where the shop of another laptop is found: the server's address, and a code."""

    head: ClassVar[str] = "join"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        self.form.addLayout(
            self.field(
                "server", word("pair_server"), needed=True, icon="server-2", example=word("pair_server_hint")
            )
        )
        self.form.addLayout(
            self.field("code", word("pair_code"), needed=True, icon="lock", example=word("pair_code_hint"))
        )
        self.form.addSpacing(8)
        self.form.addWidget(Box(look, "okS", "okL", 8, layout=row(
            Icon(look, "shield-check", 24, "ok"), (Paragraph(look, word("first_join_safe"), "sm", "text2"), 1),
            gap=12, margins=(16, 12, 16, 12),
        )))  # fmt: skip

    def next_word(self) -> str:
        """It pairs."""
        return "pair_button"


class IdentityStep(StepPage):
    """Name, phone, place, trade, and the market days."""

    head: ClassVar[str] = "identity"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        name = self.field("name", word("shop_name"), needed=True)
        phone = self.field(
            "phone", word("shop_mobile"), needed=True, icon="phone", example=word("phone_example")
        )
        place = DistrictField(look, word("district"), FIELD)
        district = self.labelled("district", word("district"), place)
        trade = self.field("trade", word("shop_trade"), example=word("shop_trade_example"))
        page = self.field("page", word("shop_page"), example=word("shop_page_example"))
        address = self.field("address", word("shop_address"))
        self.days = RadioCards(look, [
            ("hat", word("days_hat"), word("days_hat_sub"), "calendar-event"),
            ("daily", word("days_daily"), word("days_daily_sub"), "building-store"),
        ])  # fmt: skip
        self.days.chosen.connect(self._days)
        self.form.addLayout(name)
        self.form.addLayout(halves(phone, district))
        self.form.addLayout(trade)
        self.form.addLayout(halves(page, address))
        self.form.addSpacing(8)
        self.form.addWidget(Text(look, word("first_days_head"), "bodyb"))
        self.form.addWidget(self.days)

    def draw(self) -> None:
        """Fields and days."""
        super().draw()
        self.days.choose(self.first.answers.days)

    def _days(self, code: str) -> None:
        self.first.set("days", code)


class PrinterStep(StepPage):
    """How receipts reach paper, and a trial of it."""

    head: ClassVar[str] = "printer"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        address = self.field("printer_address", word("set_printer_address"), icon="printer",
                             example=word("set_printer_address_example"))  # fmt: skip
        self.paper = Segments(look, [(code, word(f"set_paper_{code}"), "") for code in ROLLS], height=40)
        self.paper.chosen.connect(self._paper)
        roll = named(look, word("paper_roll"), row(self.paper, "*"))
        self.printer = PrinterForm(look, address, roll, FIELD)
        self.printer.kind_chosen.connect(self._kind)
        self.printer.name_chosen.connect(self._name)
        self.printer.trial_asked.connect(first.try_printer)
        self.form.addWidget(self.printer)

    def draw(self) -> None:
        """The fields that the kind asks for."""
        super().draw()
        first, answers = self.first, self.first.answers
        self.paper.choose(answers.paper)
        self.printer.show_printer(answers.printer, first.printers, answers.printer_name)
        self.printer.show_trial(first.faults.get("printer"), busy=first.busy, tried=first.tried)

    def arrive(self) -> None:
        """The arrows choose."""
        self.printer.arrive()

    def jump(self, name: str) -> None:
        """A printer without an address: there."""
        at = "printer_address" if name == "printer" and self.first.answers.printer == "tcp" else name
        super().jump(at)

    def _kind(self, code: str) -> None:
        self.first.set("printer", code)

    def _name(self, name: str) -> None:
        self.first.set("printer_name", name)

    def _paper(self, code: str) -> None:
        self.first.set("paper", code)


class BackupStep(StepPage):
    """Where the copies go, and the end."""

    head: ClassVar[str] = "backup"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        here = row(
            Icon(look, "device-laptop", 24, "ptext"),
            (column(Text(look, word("backup_here"), "bodyb"),
                    Text(look, str(first.home / "backups"), "sm", "text3", elide=True), gap=0), 1),
            Text(look, word("backup_always"), "smb", "ok"), gap=12, margins=(16, 12, 16, 12),
        )  # fmt: skip
        self.folder = Text(look, "", "sm", "text3", elide=True)
        self.fault = Paragraph(look, "", "sm", "danger")
        self.pick = Button(look, word("set_choose_folder"), icon="folder", height=40)
        self.pick.clicked.connect(self._pick)
        self.drop = Button(look, word("no_second_place"), "ghost", height=40)
        self.drop.clicked.connect(self._drop)
        second = column(
            row(Icon(look, "shield-check", 24, "ptext"),
                (column(Text(look, word("backup_second"), "bodyb"), self.folder, gap=0), 1),
                self.drop, self.pick, gap=12),
            self.fault, gap=6, margins=(16, 12, 16, 12),
        )  # fmt: skip
        ready = row(
            Icon(look, "circle-check", 24, "ok"),
            (column(Text(look, word("first_ready"), "bodyb", "ok"),
                    Paragraph(look, word("first_ready_sub"), "sm", "text2"), gap=2), 1),
            gap=12, margins=(16, 12, 16, 12),
        )  # fmt: skip
        self.form.addWidget(Box(look, "surface", "border", 8, layout=here))
        self.form.addWidget(Box(look, "surface", "border", 8, layout=second))
        self.form.addSpacing(8)
        self.form.addWidget(Box(look, "okS", "okL", 8, layout=ready))

    def draw(self) -> None:
        """The second place."""
        look, folder = self.look, self.first.answers.folder
        self.folder.setText(folder or look.word("backup_second_none"))
        self.drop.setVisible(bool(folder))
        self.fault.setText(self._whole("folder"))
        self.fault.setVisible(bool(self._whole("folder")))

    def _whole(self, name: str) -> str:
        error = self.first.faults.get(name)
        return "" if error is None else self.look.sentence(error)

    def arrive(self) -> None:
        """Enter opens the shop: no button takes it."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.look.word("set_choose_folder"), self.first.answers.folder
        )
        if folder:
            self.first.set("folder", folder)

    def _drop(self) -> None:
        self.first.set("folder", "")


_PAGES: Final[dict[int, type[StepPage]]] = {
    LANGUAGE: LanguageStep, IDENTITY: IdentityStep, GOODS: GoodsStep, PRINTER: PrinterStep, BACKUP: BackupStep,
}  # fmt: skip


def page_of(look: Look, first: First) -> StepPage:
    """The page of the present step."""
    step = first.answers.step
    return (JoinStep if step == IDENTITY and first.answers.begin == "join" else _PAGES[step])(look, first)
