"""Everything that carries a shop's operations to its server and back, put together: for commands and the window."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

import msgspec
from sqlalchemy import func, select

from pos.errors import EnvironmentFault, UserError
from pos.store import tables as t
from pos.store.link import read_link, waiting
from pos.sync.drain import Drained, drain, exchange_lock
from pos.sync.machine import machine_mark
from pos.sync.round import Round
from pos.sync.schedule import Schedule
from pos.sync.storage import device_of, open_questions
from pos.sync.tokens import KeptTokens
from pos.sync.transport import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from pos.store.store import Store
    from pos.sync.round import Outcome
    from pos.sync.verify import Verified


class Status(msgspec.Struct, frozen=True):
    """How a shop stands to its server, as far as is known here.

    Attributes:
        state: ``not_paired``, ``waiting`` (there is something that the server has not), ``fetching`` (history is
            still to come), ``login_needed``, ``revoked``, ``synced``; or why the server could not be asked.
        sent: operations of this device that the server has answered.
        received: operations of other devices.
        pending: operations that wait for the server.
        held: operations that the server keeps aside.
        conflicts: values that wait for somebody to decide.
        server: its address.
        synced_at_ms: when both sides last had everything.
    """

    state: str
    sent: int = 0
    received: int = 0
    pending: int = 0
    held: int = 0
    conflicts: int = 0
    server: str | None = None
    synced_at_ms: int | None = None


class Courier:
    """Carries for one shop. Close it at the end.

    Attributes:
        round: the shop's round.
        schedule: its waits.
    """

    def __init__(self, store: Store, paths: ShopPaths, clock: Clock) -> None:
        """Take up the link of a paired shop.

        Raises:
            UserError: ``not_paired``.
        """
        with store.read() as connection:
            link = read_link(connection)
            if link is None:
                raise UserError("not_paired")
            device = device_of(connection)
        self._store, self._paths = store, paths
        self._transport, self._tokens = HttpTransport(link.server), KeptTokens(paths)
        self.schedule = Schedule(device)
        self.round = Round(store, self._transport, self._tokens, clock, machine_mark(paths))

    def sync(self, told: Callable[[Outcome], None] | None = None) -> Drained:
        """Send and fetch until nothing is left; a weak line is tried a few times.

        Raises:
            UserError: as `Round.once`.
            EnvironmentFault: likewise, and ``sync_busy``.
        """
        with exchange_lock(self._paths):
            return drain(self.round, self.schedule, _sleep, told=told)

    def verify(self) -> Verified:
        """Sync, then hold everything against the server and mend what differs.

        Raises:
            UserError: as `sync`.
            EnvironmentFault: likewise.
        """
        from pos.sync.verify import verify

        with exchange_lock(self._paths):
            drain(self.round, self.schedule, _sleep)
            return verify(self._store, self._transport, self._tokens)

    def reach(self) -> None:
        """Return if the server is there.

        Raises:
            EnvironmentFault: why not.
        """
        self._transport.reach()

    def close(self) -> None:
        """Let go of the line."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def status(store: Store, paths: ShopPaths) -> Status:
    """How the shop stands, without asking anybody."""
    with store.read() as connection:
        link = read_link(connection)
        if link is None:
            return Status("not_paired")
        device = device_of(connection)
        left = waiting(connection, link.ack_n)
        held, conflicts = open_questions(connection)
        received = connection.execute(select(func.count()).select_from(t.foreign_op)).scalar_one()
    known = KeptTokens(paths).get(device) is not None
    state = (
        "login_needed" if not known
        else "revoked" if link.shut_out
        else "waiting" if left or link.synced_at_ms is None
        else "fetching" if link.stock_seq is not None
        else "synced"
    )  # fmt: skip
    return Status(state, link.ack_n, int(received), left, held, conflicts, link.server, link.synced_at_ms)


def with_the_server(known: Status, courier: Courier) -> tuple[Status, EnvironmentFault | None]:
    """The same after a look whether the server is there, and what stands in the way."""
    try:
        courier.reach()
    except EnvironmentFault as fault:
        return msgspec.structs.replace(known, state=fault.code), fault
    return known, None
