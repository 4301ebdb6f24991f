"""Amounts and numbers in fields: free while they are typed, and as people write them once they are left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from pos.domain.money import parse_money
from pos.domain.text import fold_digits
from pos.errors import UserError
from pos.l10n.numbers import TAKA
from ui.widgets.field import Field

if TYPE_CHECKING:
    from ui.theme.look import Look

_PLAIN: Final = re.compile(r"\d{1,12}|[0-9]{1,12}\.[0-9]{2}")
_OURS: Final = str.maketrans("", "", f"{TAKA},")


def grouped(look: Look, text: str) -> str:
    """An amount as it stands in a field that nobody types in: `১,৫০০`; what does not read stays as it is."""
    try:
        return look.money(parse_money(text)).removeprefix(TAKA) if text.strip() else text
    except UserError:
        return text


def show_typed(field: Field, typed: str, shown: str) -> None:
    """What was typed as long as it is being typed, else how it is shown."""
    text = field.text()
    if text != shown and not (field.edit.hasFocus() and text == typed):
        field.edit.setText(shown)


class AmountField(Field):
    """An amount that stands with its sign and in groups while it is typed; any other way to write it is left alone.

    Signals:
        written: what was typed, without the sign and the groups that the field has put there itself.
    """

    written = Signal(str)

    def __init__(self, look: Look, name: str, height: int) -> None:
        super().__init__(look, name, sign=name, height=height, style="num", right=True)
        self._shown = ""  # as the field itself has written it
        self.edit.textEdited.connect(self._edited)

    def show_amount(self, typed: str) -> None:
        """Show this, with the cursor behind the same digit as before."""
        look = self._look
        self._shown = ""
        shown = look.digits(fold_digits(typed))
        if _PLAIN.fullmatch(typed):
            shown = self._shown = _with_sign(look, typed) or shown
        if shown == self.edit.text():
            return
        behind = len(self.edit.text()[self.edit.cursorPosition() :].translate(_OURS))
        self.edit.setText(shown)
        at = len(shown)
        while behind and at:
            at -= 1
            behind -= shown[at] not in f"{TAKA},"
        at -= shown[:at].endswith(",")  # else the next backspace would only take the comma out, in vain
        self.edit.setCursorPosition(at)

    def _edited(self, text: str) -> None:
        digits = text.translate(_OURS)
        ours = bool(self._shown) and _one_off(text, self._shown)
        self.written.emit(digits if ours and (digits.isdecimal() or not digits) else text)


def _with_sign(look: Look, typed: str) -> str:
    try:
        return look.money(parse_money(typed))
    except UserError:  # more than any amount
        return ""


def _one_off(text: str, before: str) -> bool:
    """Whether one digit was put in, taken out or changed: then the signs in it are still the field's own."""
    same = 0
    while same < min(len(text), len(before)) and text[same] == before[same]:
        same += 1
    rest, rest_before = text[same:], before[same:]
    return "," not in rest[:1] and (
        rest[1:] == rest_before or rest == rest_before[1:] or rest[1:] == rest_before[1:]
    )
