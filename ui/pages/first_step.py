"""One step of the first run: a form of at most 640 pixels that asks one thing and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ui.widgets.arrange import column, row
from ui.widgets.field import Field
from ui.widgets.form import named, say_fault
from ui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from ui.presenters.first import First
    from ui.theme.look import Look

FORM: Final = 640
FIELD: Final = 44


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
        inner.setMaximumWidth(look.px(FORM))
        layout = row((inner, 1), margins=(40, 30, 40, 4), gap=0)
        layout.addStretch(0)
        self.setLayout(layout)
        self.fields: dict[str, Field] = {}
        self._jumped = ""

    def field(
        self, name: str, word: str, *, needed: bool = False, icon: str = "", example: str = ""
    ) -> QLayout:
        """A field of an answer, with its name over it."""
        made = Field(self.look, word, icon=icon, height=FIELD, placeholder=example)
        return self.labelled(name, word, made, needed=needed)

    def labelled(self, name: str, word: str, field: Field, *, needed: bool = False) -> QLayout:
        """The same around a field that is there."""
        field.edit.setText(str(getattr(self.first.answers, name)))
        field.edit.setProperty("answer", name)
        field.edit.textChanged.connect(self._typed)
        field.edit.editingFinished.connect(self._left)
        self.fields[name] = field
        return named(self.look, word, field, needed=needed)

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
            say_fault(self.look, field, self.first.faults.get(name))

    def jump(self, name: str) -> None:
        """Go to the first field that needs a hand, once for each time that it was found."""
        if name != self._jumped and name in self.fields:
            self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self._jumped = name

    def ready(self) -> bool:
        """Whether something has just come that the big button goes on with; True once for each."""
        return False

    def next_word(self) -> str:
        """The word on the big button."""
        return "first_next"

    def _typed(self, text: str) -> None:
        self._jumped = ""
        self.first.set(str(self.sender().property("answer")), text)

    def _left(self) -> None:
        self.first.check(str(self.sender().property("answer")))
