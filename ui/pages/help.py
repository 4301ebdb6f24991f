"""The F1 sheet: every key, made from the one table, and searchable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.text import Box, Icon, KeyCap, Paragraph, Text

if TYPE_CHECKING:
    from ui.theme.look import Look

_COLUMNS: tuple[tuple[keys.Group, ...], ...] = (("sell",), ("cart", "list"), ("everywhere",))
_ICONS = {"sell": "shopping-cart", "cart": "basket", "list": "list", "everywhere": "keyboard"}


class HelpDialog(Dialog):
    """All keys at a glance."""

    def __init__(self, look: Look, over: QWidget) -> None:
        super().__init__(look, over, 1000, look.word("shortcuts"))
        self.finder = Field(
            look, look.word("find_shortcut"), placeholder=look.word("find_shortcut"), icon="search", height=36
        )
        self.finder.setFixedWidth(look.px(220))
        self.finder.edit.textEdited.connect(self._filter)
        away = Button(look, "", "ghost", icon="x", tip=look.word("leave"))
        away.clicked.connect(self.close_dialog)
        self._rows: list[tuple[str, QWidget]] = []
        columns = row(*[(self._column(groups), 1) for groups in _COLUMNS], gap=32)
        self.panel.setLayout(
            column(
                row(Text(look, look.word("shortcuts"), "h1"), "*", self.finder, away),
                columns,
                gap=12,
                margins=(24, 20, 24, 24),
            )
        )
        self.first = self.finder.edit

    def _column(self, groups: tuple[keys.Group, ...]) -> QWidget:
        look = self._look
        side = QWidget()
        layout = column(gap=2)
        for group in groups:
            rule = Box(look, "line", None, 0)
            rule.setFixedHeight(1)
            layout.addLayout(
                row(
                    Icon(look, _ICONS[group], 20, "ptext"),
                    Text(look, look.word(f"keys_{group}"), "bodyb", "ptext"),
                    "*",
                )
            )
            layout.addWidget(rule)
            for action in keys.ACTIONS:
                if action.group == group and (
                    not action.name.startswith("favourite_") or action.name.endswith("_1")
                ):
                    layout.addWidget(self._line(action))
            layout.addSpacing(8)
        if "everywhere" in groups:
            note = Box(look, "infoS", "infoL", 8, layout=column(
                Paragraph(look, look.word("keys_left_free"), "sm", "info"), margins=(12, 8, 12, 8)
            ))  # fmt: skip
            layout.addWidget(note)
        layout.addStretch(1)
        side.setLayout(layout)
        return side

    def _line(self, action: keys.Action) -> QWidget:
        look = self._look
        name = "favourite" if action.name.startswith("favourite_") else action.name
        word = look.word(f"key_{name}")
        shown = action.keys if name == "up_down" else action.keys[:1]
        caps = [KeyCap(look, cap) for key in shown for cap in keys.caps(key)]
        if name == "favourite":
            caps = [KeyCap(look, "Alt"), KeyCap(look, look.digits("1–9"))]
        line = QWidget()
        line.setLayout(row((Text(look, word, "body", elide=True), 1), *caps, gap=4))
        line.setFixedHeight(look.px(30))
        line.setAccessibleName(f"{word}: {' '.join(action.keys[:1])}")
        self._rows.append((f"{word} {' '.join(action.keys)}".casefold(), line))
        return line

    def _filter(self, text: str) -> None:
        for words, line in self._rows:
            line.setVisible(text.strip().casefold() in words)
