"""How receipts reach paper, and a trial of it: the same for the first run and for the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.cards import RadioCards
from ui.widgets.choice import Choice
from ui.widgets.form import named
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from pos.errors import PosError
    from ui.theme.look import Look

_ICONS: Final = {"none": "printer-off", "tcp": "printer", "os": "device-desktop"}
ROLLS: Final = ("80", "58")


class PrinterForm(QWidget):
    """The kind of printer, then what that kind asks for.

    Signals:
        kind_chosen: `none`, `tcp` or `os`.
        name_chosen: one of the computer's printers.
        trial_asked: a paper to look at.
    """

    kind_chosen = Signal(str)
    name_chosen = Signal(str)
    trial_asked = Signal()

    def __init__(self, look: Look, address: QLayout, roll: QLayout, height: int = 40) -> None:
        """A form.

        Args:
            look: how it looks.
            address: the field of a network printer's address.
            roll: the choice of the paper's width.
            height: of the fields.
        """
        super().__init__()
        self._look = look
        word = look.word
        self.kinds = RadioCards(look, [
            (code, word(f"set_printer_{code}"), word(f"set_printer_{code}_sub"), icon) for code, icon in _ICONS.items()
        ])  # fmt: skip
        self.kinds.chosen.connect(self.kind_chosen)
        self.which = Choice(look, word("set_printer_choose"), [], height, "printer")
        self.which.activated.connect(self._named)
        self.looking = Text(look, "", "sm", "text3", elide=True)
        self.address = _part(address)
        self.names = _part(named(look, word("set_printer_choose"), column(self.which, self.looking, gap=4)))
        self.roll = _part(roll)
        self.trial = Button(look, word("set_test_print"), "outline", icon="printer", height=40)
        self.trial.clicked.connect(self.trial_asked)
        self.said = Paragraph(look, "", "sm", "text2")
        last = row(self.trial, (self.said, 1), gap=16)
        self.setLayout(column(self.kinds, self.address, self.names, self.roll, last, gap=12))
        self.setFocusProxy(self.kinds)
        self._filled: list[str] | None = None

    def show_printer(self, kind: str, names: list[str] | None, name: str) -> None:
        """What is chosen; `names` of the computer's printers are None while they are looked for."""
        look = self._look
        self.kinds.choose(kind)
        self.address.setVisible(kind == "tcp")
        self.names.setVisible(kind == "os")
        for part in (self.roll, self.trial):
            part.setVisible(kind != "none")
        known = names or []
        shown = known if not name or name in known else [name, *known]  # one that is unplugged stays chosen
        if shown != self._filled:
            self._filled = shown
            self.which.clear()
            for one in shown:
                self.which.addItem(one, one)
        self.which.choose(name)
        self.which.setVisible(bool(shown))
        self.looking.setText(
            look.word("printers_looking") if names is None else "" if names else look.word("printers_none")
        )
        self.looking.setVisible(bool(self.looking.text()))

    def show_trial(self, fault: PosError | None, *, busy: str, tried: bool) -> None:
        """How the trial stands; `busy` is what the presenter is at."""
        look = self._look
        said = look.word("test_printing") if busy == "printing" else look.word("test_sent") if tried else ""
        token = "ok" if tried else "text2"
        if fault is not None:
            said, token = look.sentence(fault), "danger"
        self.trial.setEnabled(not busy)
        self.said.setStyleSheet(f"color: {look.css(token)}; font-size: {look.font('sm').pixelSize()}px;")
        self.said.setText(said)

    def arrive(self) -> None:
        """The arrows choose the kind."""
        self.kinds.setFocus(Qt.FocusReason.OtherFocusReason)

    def _named(self, _at: int) -> None:
        self.name_chosen.emit(self.which.code())


def _part(layout: QLayout) -> QWidget:
    """Something that is shown or hidden whole."""
    part = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    part.setLayout(layout)
    return part
