"""The routes: HTTP around the two counters, of devices and of organisers, and nothing else.

How a request is taken is in `pos.server.requests`; bodies are taken raw and handed on as bytes. Nothing is unpacked
before it is known whose it is (trust.md §4).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import msgspec
from anyio import to_thread
from fastapi import FastAPI, Request, Response

from pos.protocol import messages
from pos.server import organising
from pos.server.desk import Desk, unpacked
from pos.server.engine import disk_failed
from pos.server.limits import Limits, usual_limits
from pos.server.metrics import Metrics
from pos.server.openapi import NOT_READY, TEXT, description, said
from pos.server.organisers import Organisers
from pos.server.requests import Serving, of_device, of_organiser, of_stranger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.server.engine import Database
    from pos.server.office import Office

_STOP_SECONDS = 20.0
_PLAIN: Final = {"Content-Type": "text/plain; charset=utf-8"}


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
        behind_proxy: see `pos.server.requests.Serving`.
    """
    metrics, allowed = Metrics(), limits or usual_limits()

    def crashed(error: BaseException) -> None:
        metrics.crashed()
        log.crash("server_crashed", error, why=disk_failed(error))

    desk = Desk(database, clock, crashed=crashed, limits=allowed, metrics=metrics)
    organisers = Organisers(database, clock, crashed, allowed)
    serving = Serving(desk, organisers, database, clock, log, allowed, metrics, behind_proxy)
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
    _device_routes(app, serving)
    _organiser_routes(app, serving)
    _routes_for_keepers(app, serving)
    return app


def _device_routes(app: FastAPI, serving: Serving) -> None:
    desk = serving.desk

    @app.post("/sync/v1/exchange", **said(messages.ExchangeRequest, messages.ExchangeReply, known="device"))
    async def exchange(request: Request) -> Response:
        """Operations up, results and others' operations down."""
        return await of_device(serving, request, "exchange", desk.exchange)

    @app.post("/sync/v1/verify", **said(messages.VerifyRequest, messages.VerifyReply, known="device"))
    async def verify(request: Request) -> Response:
        """Which operations differ, and those that are asked for."""
        return await of_device(serving, request, "verify", desk.verify)

    @app.post("/devices/rekey", **said(messages.RekeyRequest, messages.RekeyReply, known="device"))
    async def rekey(request: Request) -> Response:
        """A new identity for a log that parted from the server's."""
        return await of_device(serving, request, "rekey", desk.rekey)

    @app.post("/devices/list", **said(messages.DevicesRequest, messages.DevicesReply, known="device"))
    async def devices_list(request: Request) -> Response:
        """The vendor's devices; one of them may be shut out first."""
        return await of_device(serving, request, "devices", desk.list_devices)

    @app.post("/devices/code", **said(messages.CodeRequest, messages.CodeReply, known="device"))
    async def devices_code(request: Request) -> Response:
        """A code with which one more laptop may join the vendor."""
        return await of_device(serving, request, "code", desk.new_code)

    @app.post("/devices/pair", **said(messages.PairRequest, messages.PairReply))
    async def pair(request: Request) -> Response:
        """A laptop with a code in hand becomes a device of its vendor."""
        return await of_stranger(serving, request)


def _organiser_routes(app: FastAPI, serving: Serving) -> None:
    one_hat, one_notice = "/organiser/v1/hats/{date}", "/organiser/v1/notices/{notice}"

    @app.get("/organiser/v1/hats", **said(None, organising.HatList, known="organiser"))
    async def hats(request: Request) -> Response:
        """The days that are not as the weekly rule has them."""
        return await of_organiser(serving, request, "hats", lambda office, _: organising.hats(office))

    @app.put(one_hat, **said(organising.HatChange, organising.HatEntry, known="organiser"))
    async def set_hat(request: Request, date: str) -> Response:
        """Hold a hat on a day, give it other hours, or cancel it, for every vendor."""

        def act(office: Office, body: bytes) -> organising.HatEntry:
            return organising.set_hat(office, date, unpacked(body, "identity", organising.HatChange))

        return await of_organiser(serving, request, "hat_set", act)

    @app.delete(one_hat, **said(None, organising.HatCleared, known="organiser"))
    async def clear_hat(request: Request, date: str) -> Response:
        """Let a day be as the weekly rule has it again."""

        def act(office: Office, _: bytes) -> organising.HatCleared:
            return organising.clear_hat(office, date)

        return await of_organiser(serving, request, "hat_clear", act)

    @app.get("/organiser/v1/notices", **said(None, organising.NoticeList, known="organiser"))
    async def notices(request: Request) -> Response:
        """Every notice, newest first, withdrawn ones too."""
        return await of_organiser(serving, request, "notices", lambda office, _: organising.notices(office))

    spoken = said(organising.NoticeText, organising.NoticeEntry, known="organiser")

    @app.post("/organiser/v1/notices", **spoken)
    async def write_notice(request: Request) -> Response:
        """Tell every vendor something."""

        def act(office: Office, body: bytes) -> organising.NoticeEntry:
            return organising.write_notice(office, unpacked(body, "identity", organising.NoticeText))

        return await of_organiser(serving, request, "notice_write", act)

    @app.delete(one_notice, **said(None, organising.NoticeWithdrawn, known="organiser"))
    async def withdraw_notice(request: Request, notice: str) -> Response:
        """Take a notice back."""

        def act(office: Office, _: bytes) -> organising.NoticeWithdrawn:
            return organising.withdraw_notice(office, notice)

        return await of_organiser(serving, request, "notice_withdraw", act)


def _routes_for_keepers(app: FastAPI, serving: Serving) -> None:
    @app.get("/healthz", response_class=Response, responses=TEXT)
    async def healthz() -> Response:
        """The process lives."""
        return Response("ok\n", headers=_PLAIN)

    @app.get("/readyz", response_class=Response, responses=TEXT | NOT_READY)
    async def readyz() -> Response:
        """It can serve: the database answers, and nobody has told it to stop."""
        ready = not serving.stopping and await to_thread.run_sync(_answers, serving.database)
        return Response("ready\n" if ready else "not ready\n", 200 if ready else 503, headers=_PLAIN)

    @app.get("/metrics", response_class=Response, responses=TEXT)
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
