"""Rounds until nothing is left to send or to fetch; one exchange at a time for each shop, whoever begins it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec
from filelock import FileLock, Timeout

from pos.errors import EnvironmentFault
from pos.store.file import os_fault
from pos.sync.schedule import MOST_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.paths import ShopPaths
    from pos.sync.round import Outcome, Round
    from pos.sync.schedule import Schedule

# A weak line: the same is tried again at once with less in it, or when the server wants it.
_PASSING: Final = frozenset({"server_slow", "server_busy", "server_failing"})
_LOCK_WAIT_S: Final = 30.0


class Drained(msgspec.Struct, frozen=True):
    """What the rounds did together, and what is left; fields as `pos.sync.round.Outcome` has them.

    `mended` operations were missing or damaged here and were fetched anew.
    """

    sent: int
    received: int
    pending: int
    held: int
    conflicts: int
    agree: bool | None
    revoked: bool
    rounds: int
    next_poll_s: int
    mended: int = 0


def drain(
    round_: Round,
    schedule: Schedule,
    wait: Callable[[float], bool],
    *,
    patience: int = 3,
    told: Callable[[Outcome], None] | None = None,
) -> Drained:
    """Go on until there is nothing more to do.

    Args:
        round_: the shop's round; the caller holds `exchange_lock`.
        schedule: how long to wait after a failure.
        wait: waits so many seconds; True if it was told to stop meanwhile.
        patience: failures in a row that a weak line or a busy server may have before it is given up for now.
        told: is handed each round's outcome.

    Raises:
        UserError: as `Round.once`.
        EnvironmentFault: likewise; what was done until then stands.
    """
    sent = received = rounds = failed = mended = 0
    while True:
        try:
            outcome = round_.once()
        except EnvironmentFault as fault:
            failed += 1
            if fault.code not in _PASSING or failed > patience:
                raise
            pause = schedule.after_failure(fault)
            if pause > MOST_S or wait(pause):
                raise
            continue
        failed, rounds = 0, rounds + 1
        sent, received = sent + outcome.sent, received + outcome.received
        if told is not None:
            told(outcome)
        schedule.after(outcome)  # it came through: waits begin anew from the shortest
        if wait(0):
            break
        if not outcome.more:
            found = round_.mend() if outcome.agree is False else None
            if found is None:
                break
            mended += found.mended
    return Drained(
        sent, received, outcome.pending, outcome.held, outcome.conflicts, outcome.agree, outcome.revoked,
        rounds, outcome.next_poll_s, mended,
    )  # fmt: skip


@contextmanager
def exchange_lock(paths: ShopPaths, *, wait_s: float = _LOCK_WAIT_S) -> Iterator[None]:
    """Hold the shop's line: an OS lock, which a killed process lets go of.

    Raises:
        EnvironmentFault: ``sync_busy``: another program of this shop is speaking to the server.
    """
    place = paths.home / "sync.lock"
    lock = FileLock(place, thread_local=False)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise EnvironmentFault("sync_busy") from None
    except OSError as error:
        raise os_fault(error, place) from error
    try:
        yield
    finally:
        lock.release()
