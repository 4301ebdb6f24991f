"""One request: who asks, a place for the body, the body, and the answer on its way back.

What can be refused cheaply is refused first: no token, an unknown one, too long, too many at once. No body is waited
for before it is known whose it is, but for the small ones with which a laptop is paired.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import zstandard
from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from pos.errors import UserError
from pos.protocol import codec
from pos.server import devices
from pos.server.desk import STRANGER_BYTES, Answer, later, refusal
from pos.server.organisers import refused
from pos.server.places import Places

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    import msgspec

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.server.desk import Desk
    from pos.server.engine import Database
    from pos.server.limits import Limits
    from pos.server.metrics import Metrics
    from pos.server.office import Office
    from pos.server.organisers import Organisers

_THREADS = 24
_LOOKING_UP = 4  # threads that look unknown tokens up, or passwords, beside those that serve laptops
_BODIES, _OF_ONE = 256, 8  # open at a time: of those we know, and of one of them
_STRANGERS, _OF_AN_ADDRESS = 64, 8
_BODY_SECONDS = 300.0  # 2 MB over the slowest line there is
_STRANGER_SECONDS = 30.0
_SLOW_S = 2.0
_RETRY_S = 5
_NETWORK_BITS = 64  # of an IPv6 address; what is behind them, whoever has the line chooses
_GONE: Final = Answer(499, b"")  # whoever asked went away; nobody hears it


@dataclass(slots=True)
class Serving:
    """What the routes share.

    Attributes:
        behind_proxy: the last address in X-Forwarded-For is believed, since a proxy of ours has put it there.
        open: requests under way.
    """

    desk: Desk
    organisers: Organisers
    database: Database
    clock: Clock
    log: EventLog
    limits: Limits
    metrics: Metrics
    behind_proxy: bool = False
    stopping: bool = False
    open: int = 0
    bodies: Places = field(default_factory=lambda: Places(_BODIES, _OF_ONE))
    strangers: Places = field(default_factory=lambda: Places(_STRANGERS, _OF_AN_ADDRESS))
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_THREADS))
    lookups: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_LOOKING_UP))
    idle: asyncio.Event = field(default_factory=asyncio.Event)


async def of_device(
    serving: Serving, request: Request, route: str, serve: Callable[[str | None, bytes, str], Answer]
) -> Response:
    """A request of a device: its token first, then its body."""

    async def answer() -> Answer:
        shown = _shown(request, "bearer")
        token = devices.read_token(shown)
        if token is None:
            return _unknown(serving, request)
        if not serving.desk.knows(token):
            turned_away = await to_thread.run_sync(serving.desk.stranger, token, limiter=serving.lookups)
            if turned_away is not None:
                return _unknown(serving, request) if turned_away.status == 401 else turned_away

        async def given(body: bytes) -> Answer:
            return await to_thread.run_sync(serve, shown, body, _encoding(request), limiter=serving.threads)

        found = await _with_body(
            serving.bodies, token.digest, request, codec.LIMIT_BYTES, _BODY_SECONDS, given
        )
        return _unknown(serving, request) if found.status == 401 else found

    return await _timed(serving, request, route, answer)


async def of_stranger(serving: Serving, request: Request) -> Response:
    """A request of somebody who has no token yet: few of them, and small ones."""

    async def answer() -> Answer:
        address = _address(serving, request)
        wait = serving.limits.strangers.wait_s(address, serving.clock.now_ms())
        if wait:
            return later(429, "too_many_requests", wait)

        async def given(body: bytes) -> Answer:
            pair = serving.desk.pair
            return await to_thread.run_sync(pair, body, _encoding(request), limiter=serving.threads)

        return await _with_body(serving.strangers, address, request, STRANGER_BYTES, _STRANGER_SECONDS, given)

    return await _timed(serving, request, "pair", answer)


async def of_organiser(
    serving: Serving, request: Request, route: str, act: Callable[[Office, bytes], msgspec.Struct]
) -> Response:
    """A request of an organiser: name and password first, then the body, with which `act` is done."""

    async def answer() -> Answer:
        if not _sheltered(serving, request):
            return refused(UserError("tls_needed"))
        changes = request.method != "GET"
        sign_in = functools.partial(serving.organisers.sign_in, changes=changes)
        shown, address = _shown(request, "basic") or "", _address(serving, request)
        who = await to_thread.run_sync(sign_in, shown, address, limiter=serving.lookups)
        if isinstance(who, Answer):
            return who
        # A page of another's can make a browser that knows the password send a form, but not JSON.
        if request.method in ("POST", "PUT") and not _is_json(request):
            return refusal(400, "message_unclear")

        async def given(body: bytes) -> Answer:
            serve = serving.organisers.serve
            return await to_thread.run_sync(serve, who, lambda o: act(o, body), limiter=serving.threads)

        return await _with_body(serving.bodies, who.name, request, STRANGER_BYTES, _STRANGER_SECONDS, given)

    return await _timed(serving, request, route, answer)


# ---- what they have in common ----------------------------------------------------------------------------


async def _with_body(
    places: Places,
    who: Hashable,
    request: Request,
    limit: int,
    seconds: float,
    given: Callable[[bytes], Awaitable[Answer]],
) -> Answer:
    """What is answered to the body, or why there is no place for it or it is not read; it is as it came, packed."""
    status = places.refusal(who)
    if status is not None:
        return later(status, "server_busy" if status == 503 else "too_many_requests", _RETRY_S)
    places.take(who)
    try:
        body = await _body(request, limit, seconds)
        return body if isinstance(body, Answer) else await given(body)
    finally:
        places.give_back(who)


async def _body(request: Request, limit: int, seconds: float) -> bytes | Answer:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:19]) > limit:
        return refusal(413, "message_too_large", limit=limit)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    return refusal(413, "message_too_large", limit=limit)
    except TimeoutError:
        return refusal(400, "message_unclear")
    except ClientDisconnect:
        return _GONE
    return bytes(body)


async def _timed(
    serving: Serving, request: Request, route: str, answer: Callable[[], Awaitable[Answer]]
) -> Response:
    begun = time.monotonic()
    serving.metrics.begun()
    status = _GONE.status
    serving.open += 1
    serving.idle.clear()
    try:
        given = later(503, "server_busy", _RETRY_S) if serving.stopping else await answer()
        status = given.status
    finally:
        serving.open -= 1
        if not serving.open:
            serving.idle.set()
        seconds = time.monotonic() - begun
        serving.metrics.answered(route, status, seconds)
        if status not in (200, 401) or seconds > _SLOW_S:
            serving.log.event("answered", route=route, status=status, ms=round(seconds * 1000))
    body, own = given.body, dict(given.headers)
    if own.get("Content-Encoding") == "zstd" and not _takes_zstd(request):
        body = zstandard.ZstdDecompressor().decompress(body)
        del own["Content-Encoding"]
    headers = {
        **own,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    return Response(body, given.status, headers=headers)


def _takes_zstd(request: Request) -> bool:
    """Laptops do; whoever tries the server with common tools may not."""
    named = request.headers.get("accept-encoding", "zstd").lower()
    return any(part.partition(";")[0].strip() in ("zstd", "*") for part in named.split(","))


def _unknown(serving: Serving, request: Request) -> Answer:
    """No or an unknown token; whoever tries many is slowed down."""
    wait = serving.limits.strangers.wait_s(_address(serving, request), serving.clock.now_ms())
    return later(429, "too_many_requests", wait) if wait else refusal(401, "token_unknown")


def _shown(request: Request, scheme: str) -> str | None:
    named, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if named.lower() == scheme else None


def _is_json(request: Request) -> bool:
    named = request.headers.get("content-type", "").partition(";")[0]
    return named.strip().lower() == "application/json"


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "identity").strip().lower() or "identity"


def _address(serving: Serving, request: Request) -> str:
    """Where a request comes from, as tries are counted: of IPv6 the network, all of which one line may use."""
    shown = request.client.host if request.client is not None else ""
    if serving.behind_proxy:
        shown = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()[:64] or shown
    try:
        found = ipaddress.ip_address(shown)
    except ValueError:
        return shown
    if isinstance(found, ipaddress.IPv4Address):
        return shown
    within = ipaddress.IPv6Network((found.packed, _NETWORK_BITS), strict=False)
    return str(found.ipv4_mapped or within.network_address)


def _sheltered(serving: Serving, request: Request) -> bool:
    """Whether a password does not travel in the clear: TLS ends at the proxy in front, or it stays on this machine."""
    if serving.behind_proxy:
        return True
    try:
        return ipaddress.ip_address(request.client.host if request.client is not None else "").is_loopback
    except ValueError:
        return False
