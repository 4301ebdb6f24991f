"""Every action and its keys: shortcuts, the F1 sheet, tooltips and key caps are all made from this one table.

Hot paths use function keys and Enter only, since Qt matches Ctrl+letter by character and a Bangla layout may
give another one. What is left free on purpose stands in `RESERVED` (design/ui.md §8).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Page = Literal["sell", "orders", "order", "stock", "sync", "settings", "backup", "first"]
Group = Literal["page", "cart", "list", "everywhere"]
WORK_PAGES: Final[tuple[Page, ...]] = ("sell", "orders", "order", "stock", "sync", "settings", "backup")
_BOOKS: Final[tuple[Page, ...]] = ("sell", "orders", "order", "stock")  # where something can be taken back


class Action(msgspec.Struct, frozen=True):
    """Something that keys do.

    Attributes:
        name: its code; `key_<name>` is its word.
        keys: in Qt's portable spelling; the first is the one that is shown.
        pages: where it works.
        group: its heading on the F1 sheet.
        own: True where the focused widget itself takes the key, so that no shortcut is made.
        else_on: pages where it does something else than on the others, called `key_<name>_<page>`.
        dialogs_of: pages where only the dialogs over them use it, so that it is not named there.
    """

    name: str
    keys: tuple[str, ...]
    pages: tuple[Page, ...]
    group: Group
    own: bool = False
    else_on: tuple[Page, ...] = ()
    dialogs_of: tuple[Page, ...] = ()

    def word(self, page: Page) -> str:
        """The name of the word for what it does on a page."""
        return f"key_{self.name}_{page}" if page in self.else_on else f"key_{self.name}"


_DIGITS = "০১২৩৪৫৬৭৮৯"


def _numbered(modifier: str, digit: int) -> tuple[str, ...]:
    return (f"{modifier}+{digit}", f"{modifier}+{_DIGITS[digit]}")


ACTIONS: Final[tuple[Action, ...]] = (
    Action("search", ("F2", "Ctrl+F"), ("sell", "orders", "stock"), "page", else_on=("orders",)),
    Action("add", ("Return", "Enter"), ("sell",), "page", own=True),
    Action("times", ("*",), ("sell",), "page", own=True),
    Action("customer", ("F3",), ("sell",), "page"),
    Action("edit", ("F4",), ("sell", "order", "stock"), "page", else_on=("order", "stock")),
    Action("hold", ("F6",), ("sell",), "page"),
    Action("held", ("F7",), ("sell",), "page"),
    Action("discount", ("F8",), ("sell",), "page"),
    Action(
        "main",
        ("F9", "Ctrl+Return", "Ctrl+Enter"),
        WORK_PAGES,
        "page",
        else_on=("orders", "order", "stock", "sync", "backup"),
        dialogs_of=("settings",),
    ),
    Action("main_print", ("Shift+F9",), ("sell",), "page"),
    *(Action(f"favourite_{n}", _numbered("Alt", n), ("sell",), "page") for n in range(1, 10)),
    Action("take_payment", ("F7",), ("order",), "page"),
    Action("count", ("F8",), ("stock",), "page"),
    Action("new", ("Ctrl+N",), ("sell", "orders", "stock"), "page", else_on=("stock",)),
    Action(
        "print", ("Ctrl+P",), ("sell", "orders", "order"), "page", else_on=("orders",), dialogs_of=("sell",)
    ),
    Action("print_invoice", ("Ctrl+Shift+P",), ("orders", "order"), "page"),
    Action("save_pdf", ("Ctrl+S",), ("order",), "page"),
    Action("cancel_order", ("Del",), ("order",), "page"),
    Action("next", ("Return", "Enter"), ("first",), "page", own=True),
    Action("step_back", ("Alt+Left",), ("first",), "page"),
    Action("into_cart", ("Ctrl+Down",), ("sell",), "cart"),
    Action("back_to_search", ("Ctrl+Up",), ("sell",), "cart"),
    Action("more", ("+",), ("sell",), "cart", own=True),
    Action("less", ("-",), ("sell",), "cart", own=True),
    Action("remove", ("Del",), ("sell",), "cart", own=True),
    Action("undo", ("Ctrl+Z",), _BOOKS, "cart"),
    Action("redo", ("Ctrl+Y", "Ctrl+Shift+Z"), _BOOKS, "cart"),
    Action("up_down", ("Up", "Down"), WORK_PAGES, "list", own=True),
    Action("tick", ("Space",), ("orders",), "list", own=True),
    Action(
        "open",
        ("Return", "Enter"),
        ("orders", "stock", "backup"),
        "list",
        own=True,
        else_on=("stock", "backup"),
    ),
    Action("back", ("Esc",), WORK_PAGES, "list", dialogs_of=("sync", "backup")),
    Action("page_sell", _numbered("Ctrl", 1), WORK_PAGES, "everywhere"),
    Action("page_orders", _numbered("Ctrl", 2), WORK_PAGES, "everywhere"),
    Action("page_stock", _numbered("Ctrl", 3), WORK_PAGES, "everywhere"),
    Action("page_sync", _numbered("Ctrl", 6), WORK_PAGES, "everywhere"),
    Action("page_backup", _numbered("Ctrl", 7), WORK_PAGES, "everywhere"),
    Action("page_settings", ("Ctrl+,",), WORK_PAGES, "everywhere"),
    Action("sync_now", ("F5",), WORK_PAGES, "everywhere"),
    Action("find_anything", ("Ctrl+K",), WORK_PAGES, "everywhere"),
    Action("full_screen", ("F11",), WORK_PAGES, "everywhere"),
    Action("help", ("F1",), (*WORK_PAGES, "first"), "everywhere"),
)

# Taken by Avro, Bijoy, the input switches and the system.
RESERVED: Final[frozenset[str]] = frozenset(
    {
        "F12", "F10", "Ctrl+Alt+B", "Ctrl+Alt+V", "Ctrl+Space", "Meta+Space", "Alt+F4", "Alt+Space", "Alt+Tab",
        "Ctrl+Esc", "Ctrl+Alt+Del", *(f"Ctrl+Alt+F{n}" for n in range(1, 13)),
    }
)  # fmt: skip

# As they stand on the keyboard, where Qt's spelling is another.
_CAPS: Final = {
    "Return": "Enter",
    "Del": "Delete",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "-": "−",
}


def action(name: str) -> Action:
    """The action of this name."""
    return next(item for item in ACTIONS if item.name == name)


def cap(name: str) -> str:
    """The key of an action as a key cap says it: `F9`, `Ctrl K`."""
    return " ".join(caps(action(name).keys[0]))


def caps(key: str) -> list[str]:
    """One chord as the keys one presses: `Ctrl+Down` is Ctrl and ↓."""
    if key == "+":
        return ["+"]
    return [_CAPS.get(part, part) for part in key.split("+")]


def on_page(page: Page) -> list[Action]:
    """The actions that a page has."""
    return [item for item in ACTIONS if page in item.pages]


def named_on(page: Page) -> list[Action]:
    """The same without those that only its dialogs use: what the F1 sheet and the search for anything name."""
    return [item for item in on_page(page) if page not in item.dialogs_of]
