"""A shop's tie to its server for as long as a window is open: it syncs behind it, and says how it stands."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos.domain.times import dhaka_day
from pos.errors import EnvironmentFault, UserError
from pos.protocol.codec import encode
from pos.protocol.messages import CodeReply, CodeRequest, DevicesReply, DevicesRequest
from pos.store import outbox
from pos.store import tables as t
from pos.store.link import read_link, waiting
from pos.sync.answers import message_in
from pos.sync.devices import Devices, DeviceView, keep_devices, kept_devices
from pos.sync.drain import exchange_lock
from pos.sync.keeper import Keeper, Standing
from pos.sync.leaving import Leavable
from pos.sync.machine import machine_mark
from pos.sync.round import Round
from pos.sync.schedule import Schedule
from pos.sync.storage import device_of, open_questions
from pos.sync.tokens import KeptTokens
from pos.sync.transport import HttpTransport, let_go
from pos.sync.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.log import EventLog
    from pos.paths import ShopPaths
    from pos.services.desk import Desk
    from pos.store.link import Link
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

DEVICES_PATH: Final = "/devices/list"
CODE_PATH: Final = "/devices/code"
_PATIENCE_S: Final = 2.0
_NO_FAULT: Final = frozenset({"syncing", "synced", "waiting", "revoked"})

T = TypeVar("T", bound=msgspec.Struct)


class About(msgspec.Struct, frozen=True):
    """Whom the shop is tied to.

    `fetching` says that history is still to come; `synced_at_ms` is when both sides last had everything; `shut_out`,
    that the vendor has taken this device out.
    """

    server: str
    vendor: str
    device_code: str
    synced_at_ms: int | None
    fetching: bool
    shut_out: bool = False


class Seen(msgspec.Struct, frozen=True):
    """How the tie stands, and since when it does not hold.

    Attributes:
        standing: as `pos.sync.keeper.Standing` has it.
        fault: the code of what goes wrong, also while it is tried again; empty where nothing does.
        since_ms: since when that has been so.
        next_ms: when it is tried again by itself; None while nothing waits.
    """

    standing: Standing
    fault: str = ""
    since_ms: int = 0
    next_ms: int | None = None


class JoinCode(msgspec.Struct, frozen=True):
    """With what one more laptop joins, and for how many seconds still."""

    server: str
    code: str
    seconds: int


@dataclass(slots=True)
class _Running:
    """What is at work while the tie holds."""

    keeper: Keeper
    transport: Transport
    way: Leavable


class Tie:
    """The tie of one open shop. Every call but `begin`, `now`, `look`, `seen` and `close` may wait for the server.

    Args:
        desk: the shop.
        paths: its files.
        log: for codes of what went wrong.
        connect: makes the way to a server.
        tokens: where the device's token is kept.
    """

    def __init__(
        self,
        desk: Desk,
        paths: ShopPaths,
        log: EventLog,
        *,
        connect: Callable[[str], Transport] = HttpTransport,
        tokens: Tokens | None = None,
    ) -> None:
        self._desk, self._paths, self._log = desk, paths, log
        self._connect = connect
        self._tokens = tokens if tokens is not None else KeptTokens(paths, log)
        self._running: _Running | None = None
        self._last_n = 0
        self._seen = Seen(Standing("waiting"))

    # ---- how it stands -------------------------------------------------------------------------------

    @property
    def seen(self) -> Seen:
        """How it stands now; from any thread."""
        return self._seen

    def about(self) -> About | None:
        """Whom the shop is tied to; None where it is alone."""
        with self._desk.store.read() as connection:
            link = read_link(connection)
            if link is None:
                return None
            code = connection.execute(select(t.installation.c.code)).scalar_one()
        fetching = link.stock_seq is not None
        return About(link.server, link.vendor, str(code), link.synced_at_ms, fetching, link.shut_out)

    # ---- behind the window ---------------------------------------------------------------------------

    def begin(self) -> bool:
        """Sync from now on, behind the window; False where the shop is paired with no server."""
        if self._running is not None:
            return True
        with self._desk.store.read() as connection:
            link = read_link(connection)
            if link is None:
                return False
            device = device_of(connection)
            self._last_n = outbox.last_position(connection)
            held, conflicts = open_questions(connection)
            left = waiting(connection, link.ack_n)
        self._seen = Seen(Standing("waiting", left, 0, held, conflicts))
        transport = self._connect(link.server)
        way = Leavable(transport, link.server)
        mark = machine_mark(self._paths)
        round_ = Round(self._desk.store, way, self._tokens, self._desk.clock, mark)
        keeper = Keeper(
            round_, Schedule(device), self._paths, self._desk.clock, self._log, self._told, self._opens_at
        )
        self._running = _Running(keeper, transport, way)
        keeper.start()
        return True

    def now(self) -> None:
        """Sync at once, whatever it waits for."""
        if self._running is not None:
            self._running.keeper.wake()

    def look(self) -> None:
        """Somebody has written to the shop: what is new goes to the server at once."""
        if self._running is None:
            return
        with self._desk.store.read() as connection:
            last = outbox.last_position(connection)
        if last != self._last_n:
            self._last_n = last
            self._running.keeper.wake()

    def close(self) -> None:
        """Sync no more; the shop may be closed then. A message under way is waited for, for a moment."""
        running, self._running = self._running, None
        if running is not None:
            patience = threading.Timer(_PATIENCE_S, running.way.leave)
            patience.start()
            running.keeper.close()
            patience.cancel()
            let_go(running.transport)

    def _told(self, standing: Standing) -> None:
        now_ms, before = self._desk.clock.now_ms(), self._seen
        fault, since = standing.state, now_ms
        if standing.state == "syncing":
            fault, since = before.fault, before.since_ms
        elif standing.state in _NO_FAULT:
            fault, since = "", 0
        elif standing.state == before.fault:
            since = before.since_ms
        next_ms = now_ms + round(standing.retry_in_s * 1000) if standing.retry_in_s > 0 else None
        self._seen = Seen(standing, fault, since, next_ms)

    def _opens_at(self) -> int | None:
        today = dhaka_day(self._desk.clock.now_ms())
        with self._desk.store.read() as connection:
            hat = self._desk.rules(connection).calendar.on(today)
        return hat.opens_at_ms if hat is not None and not hat.cancelled else None

    # ---- what the server is asked ----------------------------------------------------------------------

    def devices_told(self) -> Devices | None:
        """The vendor's devices as the server told them last, without asking it; None where it never did."""
        with self._desk.store.read() as connection:
            link = read_link(connection)
            return kept_devices(self._paths, link, device_of(connection)) if link is not None else None

    def devices(self) -> Devices:
        """The vendor's devices.

        Raises:
            UserError: ``not_paired``, ``login_needed``, ``device_shut_out``.
            EnvironmentFault: the server cannot be asked.
        """
        return self._listed(None)

    def revoke(self, device: UUID) -> Devices:
        """Shut a device out; all devices after that come back.

        What it sends from then on is kept aside at the server, and it gets nothing any more.

        Raises:
            UserError: ``owner_only``, ``revoke_itself`` and as `devices`.
            EnvironmentFault: as `devices`.
        """
        self._refuse_helper()
        with self._desk.store.read() as connection:
            if device == device_of(connection):
                raise UserError("revoke_itself")
        return self._listed(device)

    def join_code(self) -> JoinCode:
        """A code with which one more laptop joins.

        Raises:
            UserError: ``owner_only`` and as `devices`.
            EnvironmentFault: as `devices`.
        """
        self._refuse_helper()
        link, reply = self._asked(CODE_PATH, CodeRequest(), CodeReply)
        return JoinCode(link.server, reply.code, max(0, (reply.expires_ms - reply.server_ms) // 1000))

    def verify(self) -> Verified:
        """Hold everything against the server and mend what differs; what is pending is sent before.

        Raises:
            UserError: as `devices`.
            EnvironmentFault: likewise, and ``sync_busy``.
        """
        link, _ = self._paired()
        with exchange_lock(self._paths), _opened(self._connect, link.server) as transport:
            mark = machine_mark(self._paths)
            round_ = Round(self._desk.store, transport, self._tokens, self._desk.clock, mark)
            while round_.once().more:
                pass
            return verify(self._desk.store, transport, self._tokens)

    def _listed(self, shut_out: UUID | None) -> Devices:
        link, reply = self._asked(
            DEVICES_PATH, DevicesRequest(shut_out.hex if shut_out is not None else None), DevicesReply
        )
        with self._desk.store.read() as connection:
            mine = device_of(connection)
        try:
            found = [
                DeviceView(
                    id=UUID(hex=one.device),
                    code=one.device_code,
                    name=one.name,
                    app=one.app,
                    here=one.device == mine.hex,
                    seen_at_ms=one.seen_ms,
                    waiting=one.waiting,
                    revoked_at_ms=one.revoked_ms,
                )
                for one in reply.devices
            ]
        except ValueError:
            raise EnvironmentFault("server_answer_unclear", server=link.server) from None
        found.sort(key=lambda one: (one.revoked_at_ms is not None, not one.here, one.code))
        told = Devices(tuple(found), reply.server_ms, self._desk.clock.now_ms())
        keep_devices(self._paths, link, told)
        return told

    def _asked(self, path: str, question: msgspec.Struct, shape: type[T]) -> tuple[Link, T]:
        link, token = self._paired()
        with _opened(self._connect, link.server) as transport:
            return link, message_in(transport.post(path, encode(question), token), shape)

    def _paired(self) -> tuple[Link, str]:
        with self._desk.store.read() as connection:
            link = read_link(connection)
            if link is None:
                raise UserError("not_paired")
            token = self._tokens.get(device_of(connection))
        if token is None:
            raise UserError("login_needed")
        return link, token

    def _refuse_helper(self) -> None:
        if self._desk.operator.role != "owner":
            raise UserError("owner_only")


@contextmanager
def _opened(connect: Callable[[str], Transport], server: str) -> Iterator[Transport]:
    transport = connect(server)
    try:
        yield transport
    finally:
        let_go(transport)
