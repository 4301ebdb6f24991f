"""The routes: HTTP around the desk, and nothing else. Bodies are taken raw and handed on as bytes.

What can be refused cheaply is refused first: no token, too long, too many at once. Nothing is unpacked before the
desk knows whose it is (trust.md §4).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec
import zstandard
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from pos.protocol import codec, messages
from pos.server import devices
from pos.server.desk import Answer, Desk, later, refusal
from pos.server.limits import Limits, usual_limits
from pos.server.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.server.engine import Database

_THREADS = 24
_OPEN_MOST = 256  # requests with a body at a time; the next ones are told to come again
_BODY_SECONDS = 300.0  # 2 MB over the slowest line there is
_STRANGER_BYTES = 1 << 16
_STOP_SECONDS = 20.0
_SLOW_S = 2.0
_PLAIN: Final = {"Content-Type": "text/plain; charset=utf-8"}


@dataclass(slots=True)
class Serving:
    """What the routes share.

    Attributes:
        behind_proxy: the last address in X-Forwarded-For is believed, since a proxy of ours has put it there.
    """

    desk: Desk
    database: Database
    clock: Clock
    log: EventLog
    limits: Limits
    metrics: Metrics
    behind_proxy: bool = False
    stopping: bool = False
    open: int = 0
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_THREADS))
    idle: asyncio.Event = field(default_factory=asyncio.Event)


def make_app(
    database: Database,
    clock: Clock,
    log: EventLog,
    *,
    limits: Limits | None = None,
    behind_proxy: bool = False,
) -> FastAPI:
    """The application.

    Args:
        database: migrated; it is closed when the application ends.
        clock: the server's time.
        log: where faults are noted, by type and place.
        limits: how much anyone may ask; the usual ones if left out.
        behind_proxy: see `Serving`.
    """
    metrics, allowed = Metrics(), limits or usual_limits()

    def crashed(error: BaseException) -> None:
        metrics.crashed()
        log.crash("server_crashed", error)

    desk = Desk(database, clock, crashed=crashed, limits=allowed, metrics=metrics)
    serving = Serving(desk, database, clock, log, allowed, metrics, behind_proxy)
    serving.idle.set()

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        log.event("server_started", dialect=database.dialect)
        yield
        serving.stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await serving.idle.wait()  # what is under way is answered first
        await to_thread.run_sync(database.close)
        log.event("server_stopped")

    app = FastAPI(
        title="Hatkhata", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.serving = serving
    _routes(app, serving)
    return app


def _routes(app: FastAPI, serving: Serving) -> None:
    desk = serving.desk

    @app.post("/sync/v1/exchange", **_said(messages.ExchangeRequest, messages.ExchangeReply))
    async def exchange(request: Request) -> Response:
        """Operations up, results and others' operations down."""
        return await _known(serving, request, "exchange", desk.exchange)

    @app.post("/sync/v1/verify", **_said(messages.VerifyRequest, messages.VerifyReply))
    async def verify(request: Request) -> Response:
        """Which operations differ, and those that are asked for."""
        return await _known(serving, request, "verify", desk.verify)

    @app.post("/devices/rekey", **_said(messages.RekeyRequest, messages.RekeyReply))
    async def rekey(request: Request) -> Response:
        """A new identity for a log that parted from the server's."""
        return await _known(serving, request, "rekey", desk.rekey)

    @app.post("/devices/list", **_said(messages.DevicesRequest, messages.DevicesReply))
    async def devices_list(request: Request) -> Response:
        """The vendor's devices; one of them may be shut out first."""
        return await _known(serving, request, "devices", desk.list_devices)

    @app.post("/devices/code", **_said(messages.CodeRequest, messages.CodeReply))
    async def devices_code(request: Request) -> Response:
        """A code with which one more laptop may join the vendor."""
        return await _known(serving, request, "code", desk.new_code)

    @app.post("/devices/pair", **_said(messages.PairRequest, messages.PairReply, known=False))
    async def pair(request: Request) -> Response:
        """A laptop with a code in hand becomes a device of its vendor."""
        return await _stranger(serving, request)

    @app.get("/healthz", response_class=Response, responses=_TEXT)
    async def healthz() -> Response:
        """The process lives."""
        return Response("ok\n", headers=_PLAIN)

    @app.get("/readyz", response_class=Response, responses=_TEXT | _NOT_READY)
    async def readyz() -> Response:
        """It can serve: the database answers, and nobody has told it to stop."""
        ready = not serving.stopping and await to_thread.run_sync(_answers, serving.database)
        return Response("ready\n" if ready else "not ready\n", 200 if ready else 503, headers=_PLAIN)

    @app.get("/metrics", response_class=Response, responses=_TEXT)
    async def metrics() -> Response:
        """Counts for Prometheus."""
        return Response(serving.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/openapi.json", include_in_schema=False)
    async def described() -> Response:
        """What the routes take and give."""
        return Response(msgspec.json.encode(description(app)), media_type="application/json")


def _answers(database: Database) -> bool:
    try:
        with database.read() as connection:
            connection.exec_driver_sql("SELECT 1 FROM counter")
    except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
        return False
    return True


# ---- one request -----------------------------------------------------------------------------------------


async def _known(
    serving: Serving, request: Request, route: str, serve: Callable[[str | None, bytes, str], Answer]
) -> Response:
    """A request of a device: its token first, then its body."""

    async def answer() -> Answer:
        token = _bearer(request)
        if devices.read_token(token) is None:
            return _unknown(serving, request)
        body = await _body(request, codec.LIMIT_BYTES)
        if isinstance(body, Answer):
            return body
        given = await to_thread.run_sync(serve, token, body, _encoding(request), limiter=serving.threads)
        return _unknown(serving, request) if given.status == 401 else given

    return await _timed(serving, request, route, answer)


async def _stranger(serving: Serving, request: Request) -> Response:
    """A request of somebody who has no token yet: few of them, and small ones."""

    async def answer() -> Answer:
        wait = serving.limits.strangers.wait_s(_address(serving, request), serving.clock.now_ms())
        if wait:
            return later(429, "too_many_requests", wait)
        body = await _body(request, _STRANGER_BYTES)
        if isinstance(body, Answer):
            return body
        return await to_thread.run_sync(serving.desk.pair, body, _encoding(request), limiter=serving.threads)

    return await _timed(serving, request, "pair", answer)


async def _timed(
    serving: Serving, request: Request, route: str, answer: Callable[[], Awaitable[Answer]]
) -> Response:
    begun = time.monotonic()
    serving.metrics.begun()
    status = 499  # whoever asked went away
    try:
        if serving.stopping or serving.open >= _OPEN_MOST:
            given = later(503, "server_busy", 5)
        else:
            serving.open += 1
            serving.idle.clear()
            try:
                given = await answer()
            finally:
                serving.open -= 1
                if not serving.open:
                    serving.idle.set()
        status = given.status
    finally:
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


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "identity").strip().lower() or "identity"


def _address(serving: Serving, request: Request) -> str:
    if serving.behind_proxy:
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return request.client.host if request.client is not None else ""


async def _body(request: Request, limit: int) -> bytes | Answer:
    """The body as it came, packed as it is, or why it is not read."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:19]) > limit:
        return refusal(413, "message_too_large", limit=limit)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    return refusal(413, "message_too_large", limit=limit)
    except TimeoutError:
        return refusal(400, "message_unclear")
    return bytes(body)


# ---- what is said of the routes --------------------------------------------------------------------------

_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "As plain text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
_NOT_READY: Final[dict[int | str, dict[str, Any]]] = {
    503: {"description": "Not ready.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
_SHAPES: Final = (
    *(messages.ExchangeRequest, messages.ExchangeReply, messages.VerifyRequest, messages.VerifyReply),
    *(messages.RekeyRequest, messages.RekeyReply, messages.PairRequest, messages.PairReply, messages.Refusal),
)
_REFUSED: Final = {
    400: "The bytes do not decode.",
    401: "No token, or an unknown one.",
    403: "Not with this code, or not for a device that was shut out.",
    409: "Not as this shop stands.",
    413: "Larger than any message may be.",
    426: "A protocol that this server does not speak.",
    429: "Too much; come again after so many seconds.",
    503: "Not now; come again after so many seconds.",
}


def _said(asked: type, given: type, *, known: bool = True) -> dict[str, Any]:
    """How a route is described."""
    ref = "#/components/schemas/{}"
    responses: dict[int | str, dict[str, Any]] = {
        status: {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": ref.format("Refusal")}}},
        }
        for status, words in _REFUSED.items()
    }
    responses[200] = {
        "description": "Done.",
        "content": {"application/json": {"schema": {"$ref": ref.format(given.__name__)}}},
    }
    extra: dict[str, Any] = {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": ref.format(asked.__name__)}}},
        }
    }
    if known:
        extra["security"] = [{"device": []}]
    return {"response_class": Response, "responses": responses, "openapi_extra": extra}


def description(app: FastAPI) -> dict[str, Any]:
    """The routes in the form of OpenAPI."""
    found = get_openapi(title=app.title, version=app.version, routes=app.routes)
    _, components = msgspec.json.schema_components(
        _SHAPES, schema_hook=_any_json, ref_template="#/components/schemas/{name}"
    )
    found.setdefault("components", {})["schemas"] = components
    found["components"]["securitySchemes"] = {"device": {"type": "http", "scheme": "bearer"}}
    return found


def _any_json(_shape: type) -> dict[str, Any]:
    return {}
