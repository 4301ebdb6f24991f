"""What needs the shop closed: done behind a curtain, and the shop is opened anew whatever comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication

from pos.errors import PosError
from ui.tasks import as_pos_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QTimer

    from pos.shop import Shop
    from ui.pages.backup_restore import Curtain
    from ui.pages.page import PageView
    from ui.shell.gate import Gate
    from ui.tasks import Tasks


class Window(Protocol):
    """The window that stands meanwhile."""

    def page(self) -> PageView:
        """The page that is shown."""

    def relook(self) -> None:
        """Draw everything anew."""

    def refresh(self) -> None:
        """Read anew what is shown."""

    def reopened(self) -> None:
        """The shop may be another one."""

    def close(self) -> bool:
        """Leave."""


class Closed:
    """The shop while it is closed: nothing ticks, and nothing of it is drawn, until it is open again."""

    def __init__(self, shop: Shop, tasks: Tasks, window: Window, clock: QTimer, gate: Gate) -> None:
        """Open, for now.

        Args:
            shop: what is closed and opened.
            tasks: background work; what is under way is finished before the shop closes.
            window: what is drawn anew.
            clock: stands still while the shop is closed.
            gate: whoever is there says so again, since other people may work in what was put back.
        """
        self._shop, self._tasks, self._window = shop, tasks, window
        self._clock, self._gate = clock, gate
        self._curtain: Curtain | None = None

    @property
    def at_work(self) -> bool:
        """Whether the window must stand for a moment: the shop is being put back, or opened."""
        return self._curtain is not None and not self._curtain.in_trouble

    def do(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[PosError], None],
        *,
        words: str = "restore",
    ) -> None:
        """Do what needs the shop closed; one of the others is called once it is open again.

        Args:
            work: done in the background.
            done: is given what `work` gave.
            failed: is given why it did not; a bug in it is ``bug``.
            words: what it is called meanwhile.
        """
        from ui.pages.backup_restore import Curtain

        self._clock.stop()
        page = self._window.page()
        curtain = self._curtain = Curtain(page.look, page.window(), words)
        page.open_dialog(curtain)
        while self._tasks.busy():
            self._tasks.settle()
            QCoreApplication.sendPostedEvents(self._tasks)
        self._shop.close()

        def came(result: Any) -> None:
            self._open_anew(curtain, lambda: done(result))

        def went_wrong(error: PosError) -> None:
            self._open_anew(curtain, lambda: failed(error))

        self._tasks.write(lambda: self._as_told(work), came, went_wrong)

    def _as_told(self, work: Callable[[], Any]) -> Any:
        """What `work` gives; a bug in it is an error with a sentence as well, since the shop must open again."""
        try:
            return work()
        except PosError:
            raise
        except Exception as error:
            self._shop.log.crash("while_closed", error)
            self._shop.log.close()
            raise as_pos_error(error) from error

    def _open_anew(self, curtain: Curtain, then: Callable[[], None]) -> None:
        """Open the shop; where that fails the curtain says so, and offers to try again or to leave."""

        def opened(_nothing: object) -> None:
            self._curtain = None
            curtain.take_away()
            self._window.relook()
            self._window.refresh()
            self._window.reopened()
            self._clock.start()
            then()
            self._gate.ask()

        def shut(error: PosError) -> None:
            curtain.show_trouble(error, lambda: self._open_anew(curtain, then), self._window.close)

        curtain.show_work()
        self._tasks.write(lambda: self._as_told(self._shop.reopen), opened, shut)
