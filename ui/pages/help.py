"""The F1 sheet: every key of the page that is shown, made from the one table, and searchable."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from ui import keys
from ui.widgets.arrange import column, row
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.overlay import Dialog
from ui.widgets.text import Box, Icon, KeyCap, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QVBoxLayout

    from ui.theme.look import Look

_ICONS: Final = {
    "sell": "shopping-cart", "orders": "clipboard-list", "order": "clipboard-list", "stock": "packages",
    "sync": "refresh", "settings": "settings", "backup": "shield-check", "first": "building-store",
    "cart": "basket", "list": "list", "everywhere": "keyboard",
}  # fmt: skip
_COLUMN = 296
_GAP = 32
# Those that differ by a number alone stand on one line: the first of each, and the word for all.
_RUNS: Final = {"favourite_1": "key_favourite", "page_sell": "key_change_page"}
_ROW_HEIGHT = 31


class HelpDialog(Dialog):
    """The keys of a page at a glance."""

    def __init__(self, look: Look, over: QWidget, page: keys.Page) -> None:
        blocks = _blocks(page)
        width = len(blocks) * (_COLUMN + _GAP) + 16
        super().__init__(look, over, width, look.word("shortcuts"))
        self._page: keys.Page = page
        self._high = _row_height(look, over, blocks)
        self._rows: list[tuple[str, QWidget]] = []
        self._heads: list[tuple[list[QWidget], list[QWidget]]] = []
        self.finder = Field(
            look, look.word("find_shortcut"), placeholder=look.word("find_shortcut"), icon="search", height=36
        )
        self.finder.setFixedWidth(look.px(220))
        self.finder.edit.textEdited.connect(self._filter)
        away = Button(look, "", "ghost", icon="x", height=36, tip=f"{look.word('leave')}  Esc")
        away.clicked.connect(self.close_dialog)
        self.panel.setLayout(
            column(
                row((Text(look, look.word("shortcuts"), "h1", elide=True), 1), self.finder, away, gap=12),
                row(*[(self._column(block), 1) for block in blocks], gap=_GAP),
                gap=12,
                margins=(24, 20, 24, 20),
            )
        )
        self.first = self.finder.edit

    def _column(self, block: Sequence[tuple[str, list[keys.Action]]]) -> QWidget:
        side = QWidget()
        layout = column(gap=0)
        for at, (heading, actions) in enumerate(block):
            if at:
                layout.addSpacing(12)
            self._group(layout, heading, actions)
            if heading == "everywhere":
                layout.addSpacing(16)
                layout.addWidget(self._left_free())
        layout.addStretch(1)
        side.setLayout(layout)
        return side

    def _group(self, layout: QVBoxLayout, heading: str, actions: list[keys.Action]) -> None:
        look = self._look
        rule = Box(look, "line", None, 0)
        rule.setFixedHeight(1)
        word = look.word(f"page_{heading}" if heading == self._page else f"keys_{heading}")
        head = QWidget()
        head.setLayout(row(Icon(look, _ICONS[heading], 20, "ptext"), Text(look, word, "bodyb", "ptext"), "*"))
        head.setFixedHeight(look.px(32))
        lines = [self._line(action) for action in actions]
        layout.addWidget(head)
        layout.addWidget(rule)
        layout.addSpacing(4)
        for line in lines:
            layout.addWidget(line)
        self._heads.append(([head, rule], lines))

    def _left_free(self) -> QWidget:
        look = self._look
        return Box(
            look, "infoS", "infoL", 8,
            layout=row(
                column(2, Icon(look, "info-circle", 18, "info"), "*", gap=0),
                (Paragraph(look, look.word("keys_left_free"), "sm", "info"), 1), gap=10, margins=(12, 8, 12, 8),
            ),
        )  # fmt: skip

    def _line(self, action: keys.Action) -> QWidget:
        look = self._look
        word = look.word(_RUNS.get(action.name) or action.word(self._page))
        said = self._said(action)
        parts: list[QWidget] = []
        for at, caps in enumerate(said):
            if at and action.name == "main":
                parts.append(Text(look, look.word("key_or"), "sm", "text3"))
            parts += [KeyCap(look, cap) for cap in caps]
        line = QWidget()
        line.setLayout(row((Text(look, word, "body", elide=True), 1), *parts, gap=4))
        line.setFixedHeight(self._high)
        line.setAccessibleName(f"{word}: {' / '.join(' '.join(caps) for caps in said)}")
        self._rows.append((f"{word} {' '.join(action.keys)} {line.accessibleName()}".casefold(), line))
        return line

    def _said(self, action: keys.Action) -> list[list[str]]:
        """The key caps of an action: those of each chord that does it."""
        if action.name in _RUNS:
            digits = [keys.caps(one.keys[0])[-1] for one in _run(action)]
            return [[keys.caps(action.keys[0])[0], f"{digits[0]}–{digits[-1]}"]]
        if action.name == "times":
            return [[self._look.digits("3"), *keys.caps(action.keys[0])]]
        if action.name == "up_down":
            return [keys.caps(key) for key in action.keys]
        if action.name == "main":
            return [keys.caps(key) for key in action.keys[:2]]
        return [keys.caps(action.keys[0])]

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for words, line in self._rows:
            line.setVisible(wanted in words)
        for head, lines in self._heads:
            for widget in head:
                widget.setVisible(any(not line.isHidden() for line in lines))


def _row_height(look: Look, over: QWidget, blocks: list[list[tuple[str, list[keys.Action]]]]) -> int:
    """As high as the design has it, or as the window leaves room for."""
    high = look.px(_ROW_HEIGHT)
    for block in blocks:
        heads = look.px(32) + 5
        room = over.height() - 2 * (16 + 20) - look.px(36) - 12 - len(block) * heads - 12 * (len(block) - 1)
        high = min(high, room // sum(len(actions) for _, actions in block))
    return max(high, look.line("body"))


def _run(first: keys.Action) -> list[keys.Action]:
    """The actions that stand on one line with the first of them: one chord, rising digits."""
    modifier = keys.caps(first.keys[0])[0]
    start = keys.ACTIONS.index(first)
    run = [first]
    for item in keys.ACTIONS[start + 1 :]:
        digit = int(keys.caps(run[-1].keys[0])[-1]) + 1
        if item.keys[0] != f"{modifier}+{digit}":
            break
        run.append(item)
    return run


def _blocks(page: keys.Page) -> list[list[tuple[str, list[keys.Action]]]]:
    """The columns: what the page does; cart and list; what goes everywhere. Each has headings and their keys."""
    together = set(chain.from_iterable((one.name for one in _run(keys.action(name))[1:]) for name in _RUNS))
    named = [item for item in keys.named_on(page) if item.name not in together]
    own = [item for item in named if item.group == "page"]
    cart = [item for item in named if item.group == "cart"]
    lists = [item for item in named if item.group == "list"]
    everywhere = [item for item in named if item.group == "everywhere"]
    if page != "sell":  # there is no cart: what is taken back there is the page's own
        own, cart = [*own, *cart], []
    columns: list[list[tuple[str, list[keys.Action]]]] = [
        [(page, own)],
        [("cart", cart), ("list", lists)],
        [("everywhere", everywhere)],
    ]
    filled = [[(heading, items) for heading, items in one if items] for one in columns]
    return [one for one in filled if one]
