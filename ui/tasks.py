"""The only door to background work: one thread writes, two read, and results come back on the window's thread."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QObject,
    QRunnable,
    Qt,
    QThreadPool,
    QTimer,
    Signal,
    Slot,
)

from pos.errors import BugError, PosError

if TYPE_CHECKING:
    from pos.log import EventLog

_COLLECT_MS = 500

Work = Callable[[], Any]
Done = Callable[[Any], None]
Failed = Callable[[PosError], None]


@dataclass(slots=True)
class _Result:
    then: Callable[[Any], None] | None
    value: Any
    wrote: bool = False


class _Job(QRunnable):
    def __init__(
        self, tasks: Tasks, work: Work, done: Done | None, failed: Failed | None, *, writes: bool
    ) -> None:
        super().__init__()
        self._tasks, self._work, self._done, self._failed = tasks, work, done, failed
        self._writes = writes

    def run(self) -> None:
        """On the pool's thread: work, and send the outcome back."""
        try:
            result = _Result(self._done, self._work())
        except PosError as error:
            result = _Result(self._failed or self._tasks.failed.emit, error)
        except Exception as error:  # noqa: BLE001 - a bug in background work must reach the vendor as a sentence
            result = _Result(self._tasks.crashed.emit, error)
        result.wrote = self._writes
        self._tasks.finished.emit(result)


class Tasks(QObject):
    """Background work.

    From here on Python's collector runs on this thread alone: it would else free widgets of a page that was made
    anew wherever it happens to run, and Qt does not survive that on another thread.

    Signals:
        failed: a PosError that nobody else took.
        crashed: any other exception, for the crash notice.
    """

    finished = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, log: EventLog | None = None) -> None:
        super().__init__()
        self._log = log
        self._writer = QThreadPool(self)
        self._writer.setMaxThreadCount(1)  # acts are carried out in the order in which they were asked for
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(2)
        self._waiting = self._writing = 0
        self._timers: dict[str, QTimer] = {}
        gc.disable()
        self._collector = QTimer(self)
        self._collector.setInterval(_COLLECT_MS)
        self._collector.timeout.connect(self._collect)
        self._collector.start()
        self.finished.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def write(self, work: Work, done: Done | None = None, failed: Failed | None = None) -> None:
        """Do something that writes; `done` gets the result, `failed` the error with its sentence."""
        self._waiting += 1
        self._writing += 1
        self._writer.start(_Job(self, work, done, failed, writes=True))

    def read(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Do something that only reads, and takes longer than a frame."""
        self._waiting += 1
        self._readers.start(_Job(self, work, done, failed, writes=False))

    def wait(self, work: Work) -> Any:
        """Do something behind and return what it gives, while the window goes on; what it raises is raised here.

        For what comes before the window is of use: nothing else of the vendor's runs meanwhile.
        """
        loop, outcome = QEventLoop(), list[tuple[Any, BaseException | None]]()

        def attempt() -> tuple[Any, BaseException | None]:
            try:
                return work(), None
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                return None, error

        def came(result: tuple[Any, BaseException | None]) -> None:
            outcome.append(result)
            loop.quit()

        self.read(attempt, came)
        loop.exec()
        if not outcome:  # the last window was closed, which ends every loop
            self.settle()
            QCoreApplication.sendPostedEvents(self)
        result, error = outcome[0]
        if error is not None:
            raise error
        return result

    def later(self, name: str, ms: int, work: Callable[[], None]) -> None:
        """Call `work` on this thread in `ms` milliseconds; asked again before, it begins to wait anew."""
        timer = self._timers.get(name)
        if timer is None:
            timer = self._timers[name] = QTimer(self)
            timer.setSingleShot(True)
        else:
            timer.timeout.disconnect()
        timer.timeout.connect(work)
        timer.start(ms)

    def busy(self) -> bool:
        """Whether any work has not come back yet."""
        return self._waiting > 0

    def pending(self) -> bool:
        """Whether anything is under way or waits for its moment."""
        return self.busy() or any(timer.isActive() for timer in self._timers.values())

    def saving(self) -> bool:
        """Whether an act of the vendor is still on its way to the disk."""
        return self._writing > 0

    def settle(self) -> None:
        """Wait for everything under way and hand the results over; before the shop is closed."""
        for timer in self._timers.values():
            if timer.isActive():
                timer.stop()
                timer.timeout.emit()
        self._writer.waitForDone()
        self._readers.waitForDone()

    def close(self) -> None:
        """The window is gone: nothing is done later any more, and Python collects as it always does."""
        for timer in self._timers.values():
            timer.stop()
        self._collector.stop()
        gc.enable()

    def _collect(self) -> None:
        for generation, (count, limit) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > limit:
                gc.collect(generation)
                return

    @Slot(object)
    def _arrive(self, result: _Result) -> None:
        self._waiting -= 1
        self._writing -= result.wrote
        if result.then is not None:
            result.then(result.value)


def as_pos_error(error: BaseException) -> PosError:
    """Any exception as an error with a sentence."""
    return error if isinstance(error, PosError) else BugError("bug", kind=type(error).__name__)
