"""Who is at the counter: asked before anything else is done, where anybody has a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.presenters.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from pos.shop import Shop
    from ui.pages.who import WhoDialog
    from ui.tasks import Tasks
    from ui.theme.look import Look


class Gate:
    """Lies over the window until somebody has said who he is; nothing under it is used meanwhile.

    Attributes:
        dialog: the question, while it stands.
    """

    def __init__(
        self, over: QMainWindow, shop: Shop, tasks: Tasks, look: Look, passed: Callable[[], None]
    ) -> None:
        """No question yet.

        Args:
            over: the window.
            shop: who works in it.
            tasks: background work.
            look: how it looks.
            passed: called once somebody has said who he is.
        """
        self._over, self._shop, self._tasks = over, shop, tasks
        self._look, self._passed = look, passed
        self.dialog: WhoDialog | None = None

    def ask(self) -> None:
        """Where anybody has a PIN, whoever opens the shop says who he is before anything else is done."""
        who = Who(self._shop, self._tasks, self._look)
        if who.asked():
            self._open(who)

    def relook(self, look: Look) -> None:
        """The window was drawn anew: so is the question, if it stands."""
        self._look = look
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close_dialog()
            self._open(dialog.who)

    def _open(self, who: Who) -> None:
        from ui.pages.who import WhoDialog

        who.look, who.on_known = self._look, self._known
        self._shut(True)
        self.dialog = WhoDialog(self._look, self._over, who, self._shop.desk.shop_name())
        self.dialog.open()

    def _shut(self, shut: bool) -> None:
        whole = self._over.centralWidget()
        assert whole is not None
        whole.setEnabled(not shut)

    def _known(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self._shut(False)
            dialog.close_dialog()
            self._passed()
