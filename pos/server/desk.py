"""The counter at which devices are served: bytes in, bytes and a status out; HTTP is only wrapped around it.

Statuses (contracts.md §8): 200 with a result per operation for everything that decodes, 400 for what does not,
401 for no or an unknown token, 413 for size, 409 where a shop cannot join as it is, 503 while the database is away.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from pos.protocol import codec, messages
from pos.server import devices, feed, fleet, held, roundtrip
from pos.server.engine import NOBODY, Database, disk_failed, environment_failed
from pos.server.metrics import Metrics
from pos.server.stream import raise_counter, received

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.server.limits import Limits

_JSON: Final = {"Content-Type": "application/json"}
_ZSTD: Final = {"Content-Type": "application/json", "Content-Encoding": "zstd"}
_KNOWN_TOKENS = 10_000
_RETRY_S = 5
_QUOTA_RETRY_S = 3600
STRANGER_BYTES: Final = 1 << 16  # from whoever has not shown a token yet

M = TypeVar("M", bound=msgspec.Struct)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A request ends here with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(status: int, error: str, **params: str | int | None) -> Answer:
    """An answer that is not 200: a code, and its values."""
    return Answer(status, msgspec.json.encode(messages.Refusal(error, params)), _JSON)


def later(status: int, error: str, seconds: int) -> Answer:
    """An answer that asks to come again after so many seconds."""
    again = {**_JSON, "Retry-After": str(seconds)}
    return Answer(status, msgspec.json.encode(messages.Refusal(error)), again)


def unpacked(data: bytes, encoding: str, shape: type[M], *, limit: int = codec.LIMIT_BYTES) -> M:
    """The message that was sent.

    Raises:
        RefusedError: it is longer than `limit` (bytes, when unpacked), or not of this shape.
    """
    try:
        return codec.decode(data, shape, encoding=encoding, limit=limit)
    except codec.TooLargeError:
        raise RefusedError(refusal(413, "message_too_large", limit=limit)) from None
    except codec.DecodeError:
        raise RefusedError(refusal(400, "message_unclear")) from None


def guarded(serve: Callable[[], T], crashed: Callable[[BaseException], None]) -> T | Answer:
    """What comes of it; where it fails, whoever asked is told to come again, and `crashed` why."""
    try:
        return serve()
    except RefusedError as refused:
        return refused.answer
    except Exception as error:  # noqa: BLE001 - whatever it is, a laptop is told to come again
        crashed(error)
        return later(503, disk_failed(error) or "server_busy", _RETRY_S)


def _key(token: devices.Token) -> tuple[uuid.UUID, uuid.UUID, bytes]:
    return token.vendor_id, token.device_id, token.digest


class Desk:
    """Serves devices.

    Args:
        database: migrated.
        clock: the server's time.
        random: random bytes, for tokens and identities.
        crashed: told of what should not have happened.
        limits: how much a vendor may ask; None for no limit.
        metrics: what is counted.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        random: Callable[[int], bytes] = os.urandom,
        crashed: Callable[[BaseException], None] = lambda _error: None,
        limits: Limits | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._crashed = crashed
        self._limits = limits
        self._metrics = metrics or Metrics()
        self._known: dict[tuple[uuid.UUID, uuid.UUID, bytes], None] = {}

    # ---- what devices ask -------------------------------------------------------------------------------

    def exchange(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /sync/v1/exchange`."""
        return self._guarded(lambda: self._exchange(self._who(token), data, encoding))

    def verify(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /sync/v1/verify`."""
        return self._guarded(lambda: self._verify(self._who(token), data, encoding))

    def rekey(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /devices/rekey`."""
        return self._guarded(lambda: self._rekey(self._who(token), data, encoding))

    def pair(self, data: bytes, encoding: str = "identity") -> Answer:
        """`POST /devices/pair`."""
        return self._guarded(lambda: self._pair(data, encoding))

    def list_devices(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /devices/list`."""
        return self._guarded(lambda: self._list_devices(self._who(token), data, encoding))

    def new_code(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /devices/code`."""
        return self._guarded(lambda: self._new_code(self._who(token), data, encoding))

    # ---- who and what -----------------------------------------------------------------------------------

    def knows(self, token: devices.Token) -> bool:
        """Whether this token opened something before; it asks nobody."""
        return _key(token) in self._known

    def stranger(self, token: devices.Token) -> Answer | None:
        """Look a token up: what whoever shows it is told where it opens nothing, else None."""
        return self._guarded(partial(self._looked_up, token))

    def _looked_up(self, token: devices.Token) -> None:
        with self._database.read(token.vendor_id) as connection:
            if devices.find(connection, token) is None:
                raise RefusedError(refusal(401, "token_unknown"))
        if len(self._known) >= _KNOWN_TOKENS:
            self._known.clear()
        self._known[_key(token)] = None

    def _guarded(self, serve: Callable[[], T]) -> T | Answer:
        return guarded(serve, self._crashed)

    def _who(self, text: str | None) -> devices.Token:
        """The token, looked up before anything that was sent is unpacked."""
        token = devices.read_token(text)
        if token is None:
            raise RefusedError(refusal(401, "token_unknown"))
        if not self.knows(token):
            self._looked_up(token)
        if self._limits is not None:
            wait = self._limits.requests.wait_s(token.vendor_id, self._clock.now_ms())
            if wait:
                raise RefusedError(later(429, "too_many_requests", wait))
        return token

    # ---- the doors --------------------------------------------------------------------------------------

    def _exchange(self, token: devices.Token, data: bytes, encoding: str) -> Answer:
        message = unpacked(data, encoding, messages.ExchangeRequest)
        if not messages.MIN_PROTO <= message.proto <= messages.PROTO:
            return refusal(426, "proto_unknown", lowest=messages.MIN_PROTO, highest=messages.PROTO)
        if roundtrip.too_many(message):
            return refusal(413, "message_too_large", limit=messages.MAX_OPERATIONS)
        try:
            asked = roundtrip.read(message, token.device_id)
        except roundtrip.UnreadableError:
            return refusal(400, "message_unclear")
        reply = self._exchanged(token, asked, self._clock.now_ms())
        told = sum(map(len, reply.changes.values()))
        self._metrics.exchanged([result.s for result in reply.results], told)
        return Answer(200, codec.encode(reply), _ZSTD)

    def _exchanged(self, token: devices.Token, asked: roundtrip.Asked, now_ms: int) -> messages.ExchangeReply:
        if not asked.ops and not asked.relay:
            reply = self._look(token, asked, now_ms)
            if reply is not None:
                return reply
        try:
            return self._take(token, asked, now_ms, careful=False)
        except RefusedError:
            raise
        except Exception as error:
            if environment_failed(error):
                raise
            self._crashed(error)
            return self._take(token, asked, now_ms, careful=True)

    def _look(
        self, token: devices.Token, asked: roundtrip.Asked, now_ms: int
    ) -> messages.ExchangeReply | None:
        with self._database.read(token.vendor_id) as connection:
            row = devices.find(connection, token)
            if row is None:
                raise RefusedError(refusal(401, "token_unknown"))
            if not roundtrip.needs_no_writing(asked, row, now_ms):
                return None
            return roundtrip.look(connection, row, asked, now_ms)

    def _take(
        self, token: devices.Token, asked: roundtrip.Asked, now_ms: int, *, careful: bool
    ) -> messages.ExchangeReply:
        with self._database.write(token.vendor_id) as connection:
            try:
                reply = roundtrip.take(
                    connection, token, asked, now_ms, careful=careful, quota_bytes=self._quota_bytes
                )
            except roundtrip.QuotaError:
                raise RefusedError(later(429, "quota_used_up", _QUOTA_RETRY_S)) from None
            if reply is None:
                raise RefusedError(refusal(401, "token_unknown"))
        return reply

    @property
    def _quota_bytes(self) -> int | None:
        return None if self._limits is None else self._limits.stored_bytes

    def _verify(self, token: devices.Token, data: bytes, encoding: str) -> Answer:
        request = unpacked(data, encoding, messages.VerifyRequest)
        with self._database.read(token.vendor_id) as connection:
            row = devices.find(connection, token)
            if row is None:
                return refusal(401, "token_unknown")
            if row.revoked_at_ms is not None:
                return refusal(403, "device_revoked")
            hashes = feed.hashes(connection, token.vendor_id, request.stream, request.upto)
            ops = feed.fetched(connection, token.vendor_id, request)
        own = feed.buckets(hashes)
        theirs = request.buckets
        wanted = set(request.list_buckets)
        reply = messages.VerifyReply(
            differ=[at for at in range(256) if theirs[at] != own[at]] if len(theirs) == 256 else [],
            listed={one.hex: digest.hex() for one, digest in hashes.items() if one.int & 0xFF in wanted},
            ops=ops,
        )
        return Answer(200, codec.encode(reply), _ZSTD)

    def _rekey(self, token: devices.Token, data: bytes, encoding: str) -> Answer:
        request = unpacked(data, encoding, messages.RekeyRequest)
        with self._database.write(token.vendor_id) as connection:
            order = raise_counter(connection, token.vendor_id, 0)
            row = devices.find(connection, token)
            if row is None or order is None:
                return refusal(401, "token_unknown")
            made = devices.rekey(
                connection, row, request, self._clock.now_ms(), self._random, restored=order.restored
            )
        if isinstance(made, devices.NotPaired):
            return refusal(409, made.error, **made.params)
        reply = messages.RekeyReply(made.device_id.hex, made.code, str(made.token))
        return Answer(200, codec.encode(reply), _ZSTD)

    def _list_devices(self, token: devices.Token, data: bytes, encoding: str) -> Answer:
        request = unpacked(data, encoding, messages.DevicesRequest)
        shut_out = fleet.asks_to_revoke(request, token.device_id)
        door = self._database.read if shut_out is None else self._database.write
        now_ms = self._clock.now_ms()
        with door(token.vendor_id) as connection:
            if shut_out is not None:
                raise_counter(connection, token.vendor_id, 0)
            self._admitted(connection, token)
            if shut_out is not None:
                fleet.revoke(connection, token.vendor_id, shut_out, now_ms)
            reply = fleet.listed(connection, token.vendor_id, now_ms)
        return Answer(200, codec.encode(reply), _ZSTD)

    def _new_code(self, token: devices.Token, data: bytes, encoding: str) -> Answer:
        unpacked(data, encoding, messages.CodeRequest)
        with self._database.write(token.vendor_id) as connection:
            self._admitted(connection, token)
            reply = fleet.new_code(connection, token.vendor_id, self._clock.now_ms(), self._random)
        return Answer(200, codec.encode(reply), _ZSTD)

    def _admitted(self, connection: Connection, token: devices.Token) -> None:
        row = devices.find(connection, token)
        if row is None:
            raise RefusedError(refusal(401, "token_unknown"))
        if row.revoked_at_ms is not None:
            raise RefusedError(refusal(403, "device_revoked"))

    def _pair(self, data: bytes, encoding: str) -> Answer:
        request = unpacked(data, encoding, messages.PairRequest, limit=STRANGER_BYTES)
        now_ms = self._clock.now_ms()
        with self._database.write(NOBODY) as connection:
            vendor_id = devices.use_code(connection, request.code, now_ms)
            reply = None if vendor_id is None else self._paired(connection, vendor_id, request, now_ms)
        match reply:
            case None:
                return refusal(403, "pairing_code_wrong")
            case devices.NotPaired():
                return refusal(409, reply.error, **reply.params)
            case _:
                return Answer(200, codec.encode(reply), _ZSTD)

    def _paired(
        self, connection: Connection, vendor_id: uuid.UUID, request: messages.PairRequest, now_ms: int
    ) -> messages.PairReply | devices.NotPaired | None:
        self._database.become(connection, vendor_id)
        order = raise_counter(connection, vendor_id, 0)
        if order is None:
            return None
        founds = not received(connection, vendor_id)
        made = devices.pair(
            connection, vendor_id, request, now_ms, self._random, founds=founds, restored=order.restored
        )
        if isinstance(made, devices.NotPaired):
            return made
        held.take_in(connection, order, devices.one(connection, vendor_id, made.device_id), now_ms)
        return messages.PairReply(
            vendor_id=vendor_id.hex,
            vendor=devices.vendor_name(connection, vendor_id),
            device=made.device_id.hex,
            device_code=made.code,
            token=str(made.token),
            epoch=order.epoch,
            founds=made.founds,
        )
