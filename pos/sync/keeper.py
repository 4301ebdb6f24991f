"""Keeps a shop and its server together in the background, as long as a window is open.

A round begins as soon as something was written, else when the server wants to hear of the device again. Whatever
fails is tried again for ever; the vendor sees why at the badge and goes on selling.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from pos.errors import BugError, PosError
from pos.sync.drain import drain, exchange_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.paths import ShopPaths
    from pos.sync.drain import Drained
    from pos.sync.round import Outcome, Round
    from pos.sync.schedule import Schedule

# What another program of the shop or a keyring that asks for its password may keep the thread, once it has to end.
_LINE_WAIT_S: Final = 1.0
_CLOSING_S: Final = 5.0


class Standing(msgspec.Struct, frozen=True):
    """How it stands, for the badge.

    Attributes:
        state: ``syncing``, ``synced``, ``waiting`` (there is something that the server has not), ``revoked``, or
            the code of what went wrong, such as ``no_internet``, ``server_unreachable``, ``login_needed``.
        pending: operations that the server has not answered.
        remaining: how many are still to come down.
        held: operations that the server keeps aside.
        conflicts: values that wait for somebody to decide.
        retry_in_s: when it is tried again by itself.
    """

    state: str
    pending: int = 0
    remaining: int = 0
    held: int = 0
    conflicts: int = 0
    retry_in_s: float = 0.0


class Keeper:
    """A thread that syncs.

    Args:
        round_: the shop's round.
        schedule: its waits.
        paths: the shop's files, for the lock.
        clock: the device's own.
        log: for codes of what went wrong.
        told: is handed every change of how it stands, on this thread.
        opens_at: when the hat of today opens, UTC milliseconds; None where there is none.
    """

    def __init__(
        self,
        round_: Round,
        schedule: Schedule,
        paths: ShopPaths,
        clock: Clock,
        log: EventLog,
        told: Callable[[Standing], None],
        opens_at: Callable[[], int | None],
    ) -> None:
        self._round, self._schedule, self._paths, self._clock = round_, schedule, paths, clock
        self._log, self._told, self._opens_at = log, told, opens_at
        self._due, self._closing = threading.Event(), threading.Event()
        self._written = False
        self._standing = Standing("waiting")
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was written here: it goes to the server at once."""
        self._written = True
        self._due.set()

    def close(self) -> None:
        """Stop; a message that is under way is waited for, since its answer may have been earned, but not for ever.

        A thread that still waits for the system then ends by itself, with the program at the latest, and tells nothing.
        """
        self._closing.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(_CLOSING_S)
            self._thread = None

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                pause = self.once()
            except Exception as error:  # noqa: BLE001 - who hears of it or the log failed: the sync outlives them
                pause = self._schedule.after_failure(self._crashed(error))
            self._due.wait(pause)
            self._due.clear()

    def once(self) -> float:
        """Sync until nothing is left, or until it fails; how long to wait until the next time, in seconds."""
        try:
            back = 0.0
            if not self._written:
                back = self._schedule.at_opening(self._clock.now_ms(), self._opens_at())
            if back > 0:
                return back
            self._written = False
            self._say(msgspec.structs.replace(self._standing, state="syncing", retry_in_s=0.0))
            with exchange_lock(self._paths, wait_s=_LINE_WAIT_S):
                done = drain(self._round, self._schedule, self._wait, patience=0, told=self._hear)
        except PosError as fault:
            return self._failed(fault)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the sync until the next start
            return self._failed(self._crashed(error))
        if done.mended:
            self._log.event("sync_mended", operations=done.mended)
        self._say(_standing_after(done))
        return self._schedule.pause(done.next_poll_s)

    def _crashed(self, error: Exception) -> BugError:
        with suppress(Exception):  # it may be the log that fails
            self._log.crash("sync_crashed", error)
        return BugError("bug", kind=type(error).__name__)

    def _failed(self, fault: PosError) -> float:
        pause = self._schedule.after_failure(fault)
        self._log.event("sync_failed", code=fault.code, tries=self._schedule.failures)
        self._say(msgspec.structs.replace(self._standing, state=fault.code, retry_in_s=pause))
        return pause

    def _wait(self, _seconds: float) -> bool:
        return self._closing.is_set()

    def _hear(self, outcome: Outcome) -> None:
        self._say(
            Standing("syncing", outcome.pending, outcome.remaining, outcome.held, outcome.conflicts, 0.0)
        )

    def _say(self, standing: Standing) -> None:
        if standing != self._standing and not self._closing.is_set():
            self._told(standing)
            self._standing = standing


def _standing_after(done: Drained) -> Standing:
    state = "revoked" if done.revoked else "waiting" if done.pending else "synced"
    return Standing(state, done.pending, 0, done.held, done.conflicts, 0.0)
