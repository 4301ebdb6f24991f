"""Forms: a name over what it names, two side by side, and what a field needs in so few words that they fit under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ui.widgets.arrange import Item, column, row
from ui.widgets.text import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout, QWidget

    from pos.errors import PosError
    from ui.theme.look import Look
    from ui.widgets.field import Field


def named(
    look: Look, word: str, made: QWidget | QLayout, mark: QWidget | None = None, *, needed: bool = False
) -> QLayout:
    """Something with its name over it.

    Args:
        look: how it looks.
        word: the name.
        made: what it names.
        mark: stands at the far end of the name's line.
        needed: a star behind the name.
    """
    head: list[Item] = [Text(look, word, "bodym", snug=True)]
    if needed:
        head.append(Text(look, "*", "bodyb", "danger"))
    head.append("*")
    if mark is not None:
        head.append(mark)
    return column(row(*head, gap=4), made, gap=4)


def halves(left: QLayout, right: QLayout) -> QLayout:
    """Two of a kind side by side, level at their heads."""
    made = row(gap=16)
    for half in (left, right):
        made.addLayout(half, 1)
        made.setAlignment(half, Qt.AlignmentFlag.AlignTop)
    return made


def say_fault(look: Look, field: Field, error: PosError | None) -> None:
    """Say under a field what it needs; the whole sentence is its tooltip."""
    empty = not field.text().strip()
    field.say("" if error is None else look.word("field_needed") if empty else _short(look, error))
    field.setToolTip("" if error is None else look.sentence(error))


def _short(look: Look, error: PosError) -> str:
    missing = error.params.get("missing")
    match error.code:
        case "name_empty":  # nothing in it that can be seen
            return look.word("field_needed")
        case "phone_unclear" if isinstance(missing, int):
            return look.word("digits_missing", missing=missing)
        case "phone_unclear":
            return look.word("digits_eleven")
        case "text_too_long":
            return look.word("letters_at_most", limit=error.params["limit"])
        case _:
            return look.sentence(error)
