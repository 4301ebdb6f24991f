"""The five steps of the first run, each a form of at most 640 pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from pos.l10n.sentences import sentence
from ui.presenters.first import BACKUP, GOODS, IDENTITY, LANGUAGE, PRINTER
from ui.widgets.arrange import Item, column, row
from ui.widgets.button import Button, Segments
from ui.widgets.cards import RadioCards
from ui.widgets.choice import Choice
from ui.widgets.district import DistrictField
from ui.widgets.field import Field
from ui.widgets.progress import ProgressLine
from ui.widgets.text import Box, Icon, Paragraph, Text

if TYPE_CHECKING:
    from pos.errors import PosError
    from pos.sheets.rows import RowError
    from ui.presenters.first import First
    from ui.theme.look import Look

_FORM: Final = 640
_FIELD: Final = 44
_ROWS_SHOWN: Final = 3


class StepPage(QWidget):
    """One step: what it asks, and why."""

    head: ClassVar[str] = ""

    def __init__(self, look: Look, first: First) -> None:
        super().__init__()
        self.look, self.first = look, first
        self.form = column(gap=8)
        title = Text(look, look.word(f"first_{self.head}_head"), "h1", elide=True)
        sub = Paragraph(look, look.word(f"first_{self.head}_sub"), "sm", "text3")
        inner = QWidget()
        inner.setLayout(column(title, 6, sub, 14, self.form, "*", gap=0))
        inner.setMaximumWidth(look.px(_FORM))
        layout = row((inner, 1), margins=(40, 30, 40, 4), gap=0)
        layout.addStretch(0)
        self.setLayout(layout)
        self.fields: dict[str, Field] = {}
        self._jumped = ""

    def field(
        self, name: str, word: str, *, needed: bool = False, icon: str = "", example: str = ""
    ) -> QLayout:
        """A field of an answer, with its name over it."""
        made = Field(self.look, word, icon=icon, height=_FIELD, placeholder=example)
        return self.labelled(name, word, made, needed=needed)

    def labelled(self, name: str, word: str, field: Field, *, needed: bool = False) -> QLayout:
        """The same around a field that is there."""
        field.edit.setText(str(getattr(self.first.answers, name)))
        field.edit.setProperty("answer", name)
        field.edit.textChanged.connect(self._typed)
        field.edit.editingFinished.connect(self._left)
        self.fields[name] = field
        star: list[Item] = [Text(self.look, "*", "bodyb", "danger")] if needed else []
        return column(row(Text(self.look, word, "bodym"), *star, "*", gap=4), field, gap=6)

    def arrive(self) -> None:
        """The step is shown: its first field takes the focus."""
        for field in self.fields.values():
            if not field.text():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if self.fields:
            next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(self) -> None:
        """Show what the presenter holds."""
        for name, field in self.fields.items():
            value = str(getattr(self.first.answers, name))
            if field.text() != value:
                field.edit.setText(value)
            field.say(self.why(name))

    def why(self, name: str) -> str:
        """What is wrong with an answer; empty where all is well."""
        error = self.first.faults.get(name)
        return "" if error is None else short(self.look, error)

    def jump(self, name: str) -> None:
        """Go to the first field that needs a hand, once for each time that it was found."""
        if name != self._jumped and name in self.fields:
            self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self._jumped = name

    def next_word(self) -> str:
        """The word on the big button."""
        return "first_next"

    def _typed(self, text: str) -> None:
        self._jumped = ""
        self.first.set(str(self.sender().property("answer")), text)

    def _left(self) -> None:
        self.first.check(str(self.sender().property("answer")))


class LanguageStep(StepPage):
    """Language and digits."""

    head: ClassVar[str] = "language"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        self.lost = Box(look, "warnS", "warnL", 8)
        bring = Button(look, word("restore_now"), "primary", height=40)
        bring.clicked.connect(first.bring_back)
        self.lost.setLayout(
            row(
                Icon(look, "shield-check", 24, "warn"),
                (column(Text(look, word("first_lost"), "bodyb", "warn", elide=True),
                        Paragraph(look, word("first_lost_sub"), "sm", "text2"), gap=2), 1),
                bring, gap=12, margins=(16, 12, 12, 12),
            )
        )  # fmt: skip
        self.lang = RadioCards(
            look,
            [(code, word(f"lang_{code}"), word(f"lang_{code}_sub"), "language") for code in ("bn", "en")],
        )
        self.digits = RadioCards(
            look, [(code, word(f"digits_{code}"), word(f"digits_{code}_sub"), "") for code in ("bn", "latin")]
        )
        self.lang.chosen.connect(self._lang)
        self.digits.chosen.connect(self._digits)
        for part in (self.lost, self.lang, Text(look, word("first_digits_head"), "bodyb"), self.digits):
            self.form.addWidget(part)
        self.form.insertSpacing(2, 12)

    def draw(self) -> None:
        """Show the choice."""
        answers = self.first.answers
        self.lang.choose(answers.lang)
        self.digits.choose(answers.digits)
        self.lost.setVisible(self.first.lost is not None)

    def arrive(self) -> None:
        """The arrows choose at once."""
        self.lang.choose(self.first.answers.lang)
        self.lang.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lang(self, code: str) -> None:
        self.first.set("lang", code)

    def _digits(self, code: str) -> None:
        self.first.set("digits", code)


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
        place = DistrictField(look, word("district"), _FIELD)
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


class GoodsStep(StepPage):
    """Products from a file, with a look before they are taken; the samples; or later."""

    head: ClassVar[str] = "goods"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        icons = {"file": "file-import", "demo": "packages", "later": "pencil"}
        self.goods = RadioCards(
            look,
            [(code, word(f"goods_{code}"), word(f"goods_{code}_sub"), icon) for code, icon in icons.items()],
        )
        self.goods.chosen.connect(self._goods)
        self.form.addWidget(self.goods)
        self.pick = Button(look, word("set_choose_file"), icon="folder", height=40)
        self.pick.clicked.connect(self._pick)
        self.name = Text(look, "", "bodym", "text2", elide=True)
        self.counts = Text(look, "", "bodyb", elide=True)
        self.news = Text(look, "", "sm", "text2", elide=True)
        self.refused = Text(look, "", "smb", "warn", elide=True)
        self.rows = [Text(look, "", "sm", "text2", elide=True) for _ in range(_ROWS_SHOWN)]
        self.fault = Paragraph(look, "", "sm", "danger")
        self.going = ProgressLine(look)
        self.going.stopped.connect(first.stop)
        self.card = Box(look, "surface", "border", 8, layout=column(
            row(self.pick, (self.name, 1), gap=12), self.counts, self.news, self.refused, *self.rows, self.fault,
            gap=4, margins=(16, 14, 16, 14),
        ))  # fmt: skip
        self.form.addSpacing(8)
        self.form.addWidget(self.card)
        self.form.addWidget(self.going)

    def draw(self) -> None:
        """What was chosen, what is in it, how far it has come."""
        look, first = self.look, self.first
        answers, seen = first.answers, first.dry
        self.goods.choose(answers.goods)
        self.card.setVisible(answers.goods == "file")
        self.name.setText(Path(answers.file).name if answers.file else look.word("no_file_yet"))
        shown = seen if first.busy != "reading" else None
        self.counts.setText(
            look.word("file_reading") if first.busy == "reading"
            else look.word("file_holds", products=shown.products, skus=shown.skus) if shown else ""
        )  # fmt: skip
        new = max(0, shown.products - shown.updated) if shown else 0
        self.news.setText(look.word("file_new", new=new, updated=shown.updated) if shown else "")
        errors = shown.errors if shown else ()
        if shown:
            self.refused.setText(
                look.word("file_refused", refused=len(errors)) if errors else look.word("file_all_good"),
                "warn" if errors else "ok",
            )
        for line, error in zip(self.rows, [*errors[:_ROWS_SHOWN], *[None] * _ROWS_SHOWN], strict=False):
            line.setText(self._row(error) if error is not None else "")
            line.setVisible(error is not None)
        for part in (self.counts, self.news, self.refused):
            part.setVisible(bool(part.text()) and (shown is not None or part is self.counts))
        said = first.faults.get("file")
        self.fault.setText(look.sentence(said) if said is not None else "")
        self.fault.setVisible(said is not None)
        working = first.busy in {"reading", "importing"}
        self.going.setVisible(working)
        if working:
            self.going.show_count(look.word("goods_taking" if first.busy == "importing" else "file_reading"),
                                  *first.done_of)  # fmt: skip

    def next_word(self) -> str:
        """“Bring in” once there is something to bring."""
        answers, first = self.first.answers, self.first
        ready = answers.goods == "demo" or (answers.goods == "file" and first.dry is not None)
        return "goods_bring" if ready and first.taken is None else "first_next"

    def arrive(self) -> None:
        """The arrows choose."""
        self.goods.choose(self.first.answers.goods)
        self.goods.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, error: RowError) -> str:
        why = sentence(error.code, error.params, self.look.locale.lang)
        return self.look.word("file_row", row=error.row, why=why)

    def _goods(self, code: str) -> None:
        self.first.set("goods", code)

    def _pick(self) -> None:
        word = self.look.word
        file, _ = QFileDialog.getOpenFileName(self, word("set_choose_file"), "", "*.xlsx *.csv *.tsv *.txt")
        if file:
            self.first.choose_file(file)


class PrinterStep(StepPage):
    """How receipts reach paper, and a trial of it."""

    head: ClassVar[str] = "printer"

    def __init__(self, look: Look, first: First) -> None:
        super().__init__(look, first)
        word = look.word
        icons = {"none": "printer-off", "tcp": "printer", "os": "device-desktop"}
        self.kinds = RadioCards(
            look,
            [
                (code, word(f"set_printer_{code}"), word(f"set_printer_{code}_sub"), icon)
                for code, icon in icons.items()
            ],
        )
        self.kinds.chosen.connect(self._kind)
        self.form.addWidget(self.kinds)
        self.address = QWidget()
        address = self.field("printer_address", word("set_printer_address"), icon="printer",
                             example=word("set_printer_address_example"))  # fmt: skip
        address.setContentsMargins(0, 0, 0, 0)
        self.address.setLayout(address)
        self.names = QWidget()
        self.which = Choice(look, word("set_printer_choose"), [], _FIELD, "printer")
        self.which.currentIndexChanged.connect(self._name)
        self.looking = Text(look, "", "sm", "text3", elide=True)
        self.names.setLayout(
            column(Text(look, word("set_printer_choose"), "bodym"), self.which, self.looking, gap=6)
        )
        self.paper = Segments(
            look, [(code, word(f"set_paper_{code}"), "") for code in ("80", "58")], height=40
        )
        self.paper.chosen.connect(self._paper)
        self.roll = QWidget()
        self.roll.setLayout(column(Text(look, word("paper_roll"), "bodym"), row(self.paper, "*"), gap=6))
        self.trial = Button(look, word("set_test_print"), "outline", icon="printer", height=40)
        self.trial.clicked.connect(first.try_printer)
        self.said = Paragraph(look, "", "sm", "text2")
        for part in (self.address, self.names, self.roll):
            self.form.addWidget(part)
        self.form.addSpacing(4)
        self.form.addLayout(row(self.trial, (self.said, 1), gap=16))
        self.form.insertSpacing(1, 8)
        self._filled: list[str] | None = None

    def draw(self) -> None:
        """The fields that the kind asks for."""
        super().draw()
        look, first = self.look, self.first
        answers = first.answers
        self.kinds.choose(answers.printer)
        self.address.setVisible(answers.printer == "tcp")
        self.names.setVisible(answers.printer == "os")
        self.roll.setVisible(answers.printer != "none")
        self.trial.setVisible(answers.printer != "none")
        self.trial.setEnabled(not first.busy)
        self.paper.choose(answers.paper)
        if first.printers is not None and first.printers != self._filled:
            self._filled = first.printers
            self.which.blockSignals(True)
            self.which.clear()
            for name in first.printers:
                self.which.addItem(name, name)
            self.which.blockSignals(False)
        self.which.choose(answers.printer_name)
        self.looking.setText(
            look.word("printers_looking") if first.printers is None
            else "" if first.printers else look.word("printers_none")
        )  # fmt: skip
        self.looking.setVisible(bool(self.looking.text()))
        self.which.setVisible(bool(first.printers))
        fault = first.faults.get("printer")
        said = look.sentence(fault) if fault is not None else ""
        if not said and first.busy == "printing":
            said = look.word("test_printing")
        if not said and first.tried:
            said = look.word("test_sent")
        token = "danger" if fault is not None else "ok" if first.tried else "text2"
        self.said.setStyleSheet(f"color: {look.css(token)}; font-size: {look.font('sm').pixelSize()}px;")
        self.said.setText(said)

    def arrive(self) -> None:
        """The arrows choose."""
        self.kinds.choose(self.first.answers.printer)
        self.kinds.setFocus(Qt.FocusReason.OtherFocusReason)

    def _kind(self, code: str) -> None:
        self.first.set("printer", code)

    def _name(self, _at: int) -> None:
        self.first.set("printer_name", self.which.code())

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


STEP_PAGES: Final[dict[int, type[StepPage]]] = {
    LANGUAGE: LanguageStep, IDENTITY: IdentityStep, GOODS: GoodsStep, PRINTER: PrinterStep, BACKUP: BackupStep,
}  # fmt: skip


def short(look: Look, error: PosError) -> str:
    """What a field needs, in one line."""
    missing = error.params.get("missing")
    if error.code == "name_empty":
        return look.word("field_needed")
    if error.code == "phone_unclear" and isinstance(missing, int) and missing:
        return look.word("field_needed") if missing >= 11 else look.word("digits_missing", missing=missing)
    return look.sentence(error)


def halves(left: QLayout, right: QLayout) -> QLayout:
    """Two of a kind side by side, level at their heads."""
    made = row(gap=16)
    made.addLayout(left, 1)
    made.addLayout(right, 1)
    made.setAlignment(left, Qt.AlignmentFlag.AlignTop)
    made.setAlignment(right, Qt.AlignmentFlag.AlignTop)
    return made
