"""An earlier release's shop on its way to this one: step by step behind the window, and safe to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos.errors import BugError, PosError, UserError
from pos.log import EventLog
from pos.services.upgrading import upgrade_shop
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from ui.presenters.needs import Work


class _LeftError(UserError):
    """Nobody waits any more: the work ends before its next step, and the shop is as it was."""


class Upgrading(Watched):
    """How far it is.

    Attributes:
        step: the name of what is being done, empty before the first.
        done: how many steps are behind it, of `steps`.
        fault: what went wrong; the shop is as it was.
        leaving: the window was closed, and the step at hand ends first.
        left: it has ended so.
        finished: the shop can be opened.
    """

    def __init__(self, paths: ShopPaths, clock: Clock, work: Work) -> None:
        super().__init__()
        self._paths, self._clock, self._work = paths, clock, work
        self.step, self.done, self.steps = "", 0, 0
        self.fault: PosError | None = None
        self.leaving = self.left = self.finished = self._running = False

    def start(self) -> None:
        """Begin, or begin anew after a fault was mended."""
        if not self._running:
            self._running, self.fault = True, None
            self._work.write(self._upgrade, self._finished, self.failed)
            self.changed()

    def leave(self) -> None:
        """Stop as soon as nothing half is left behind."""
        self.leaving = True
        self.left = not self._running
        self.changed()

    def _upgrade(self) -> None:
        upgrade_shop(self._paths, self._clock, self._begun)

    def _begun(self, step: str, done: int, steps: int) -> None:
        """Called by the worker's thread; the window looks now and then."""
        if self.leaving:
            raise _LeftError("upgrade_left")
        self.step, self.done, self.steps = step, done, steps

    def _finished(self, _nothing: object) -> None:
        self._running, self.finished = False, True
        self.changed()

    def failed(self, error: PosError) -> None:
        """It did not work, or nobody waits any more."""
        self._running = False
        self.left = isinstance(error, _LeftError)
        self.fault = None if self.left else error
        self.changed()

    def crashed(self, error: BaseException) -> None:
        """A bug: it goes into the log, and it can be tried again."""
        log = EventLog(self._paths.logs)
        log.crash("upgrade", error)
        log.close()
        self.failed(BugError("bug", kind=type(error).__name__))
