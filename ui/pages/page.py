"""What every page is to the shell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ui.notices import Toast
    from ui.presenters.needs import Watched
    from ui.theme.look import Look
    from ui.widgets.overlay import Dialog, ToastBar


class PageView(QWidget):
    """One page: a bar on top, its body under it.

    Attributes:
        name: its code in the key table and on the rail.
    """

    name: ClassVar[str] = ""

    def __init__(self, look: Look, presenter: Watched) -> None:
        super().__init__()
        self.look = look
        self._watched = presenter
        self._dialog: Dialog | None = None
        self.column = QVBoxLayout(self)
        self.column.setSpacing(0)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.toast_ground: QWidget = self
        self.toast_room: QWidget | None = None  # under a list, so that the toast hides no row
        self._toast: ToastBar | None = None
        presenter.watch(self.draw)

    def draw(self) -> None:
        """Show what the presenter holds now."""

    def act(self, action: str) -> bool:
        """Carry out an action of the key table; False if the page has none of that name."""
        del action
        return False

    def arrive(self) -> None:
        """The page is shown: it draws and takes the focus where work begins."""
        self.draw()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def scan(self, code: str) -> bool:
        """A code came from a scanner; False if the page does nothing with it."""
        del code
        return False

    def tick(self) -> None:
        """A second has passed."""

    def leave(self) -> None:
        """The page is thrown away, with the dialog over it: nothing calls it any more."""
        if self._dialog is not None:
            self._dialog.close_dialog()
        self._watched.unwatch(self.draw)

    # ---- over the page -------------------------------------------------------------------------------

    def make_toast_room(self) -> QWidget:
        """What stands at the foot of a list while a toast lies there."""
        room = self.toast_room = QWidget()
        room.setFixedHeight(self.look.px(48))
        room.hide()
        return room

    def dialog(self) -> Dialog | None:
        """The dialog that is open, if one is."""
        return self._dialog

    def open_dialog(self, dialog: Dialog) -> None:
        """Show a dialog; there is never more than one."""
        self._dialog = dialog
        dialog.closed.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self._dialog = None

    def show_toast(self, toast: Toast) -> None:
        """Say a short word at the foot of the page."""
        if self._toast is None:
            from ui.widgets.overlay import ToastBar

            self._toast = ToastBar(self.look, self.toast_ground)
            if self.toast_room is not None:
                self._toast.stands.connect(self.toast_room.setVisible)
        self._toast.show_toast(toast)

    def toast_text(self) -> str:
        """The toast that shows, empty if none does."""
        return self._toast.text() if self._toast is not None else ""


class Pages(Mapping[str, PageView]):
    """The pages by name, each made when it is first asked for: the window opens without the others."""

    def __init__(self, make: dict[str, Callable[[], PageView]], stack: QStackedWidget) -> None:
        self._make, self._stack = make, stack
        self._made: dict[str, PageView] = {}

    def __getitem__(self, name: str) -> PageView:
        page = self._made.get(name)
        if page is None:
            page = self._made[name] = self._make[name]()
            self._stack.addWidget(page)
        return page

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)

    def leave(self) -> None:
        """All are thrown away."""
        for page in self._made.values():
            page.leave()
