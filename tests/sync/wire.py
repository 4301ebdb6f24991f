"""The server's core at the other end of a message, and of a real port of this computer."""

from __future__ import annotations

import contextlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from pos.server.desk import Desk
from pos.server.engine import open_database
from pos.server.office import Office
from pos.sync.transport import Response, retry_after_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.domain.times import Clock
    from pos.server.desk import Answer

VENDOR = "রূপকথা ঘর"


class Wire:
    """A way to a server's core in this very process.

    Attributes:
        desk: the core.
        office: the organiser's side of it.
        asked: the paths that were asked for, in order.
        before: called before each message is delivered; what it raises is what the line did.
        after: changes an answer on its way back.
    """

    def __init__(self, clock: Clock) -> None:
        self.database = open_database("sqlite://")
        self.database.migrate()
        self.desk, self.office = Desk(self.database, clock), Office(self.database, clock)
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda _path: None
        self.after: Callable[[str, Response], Response] = lambda _path, response: response

    def post(self, path: str, body: bytes, token: str | None) -> Response:
        """Send one message."""
        self.asked.append(path)
        self.before(path)
        answer = self.answer(path, body, token, "zstd")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        encoding = headers.get("content-encoding", "identity")
        return self.after(path, Response(answer.status, answer.body, retry_after_of(headers), encoding))

    def answer(self, path: str, body: bytes, token: str | None, encoding: str) -> Answer:
        """What the core says."""
        match path:
            case "/sync/v1/exchange":
                return self.desk.exchange(token, body, encoding)
            case "/sync/v1/verify":
                return self.desk.verify(token, body, encoding)
            case "/devices/rekey":
                return self.desk.rekey(token, body, encoding)
            case _:
                return self.desk.pair(body, encoding)

    def code(self) -> str:
        """A pairing code of the vendor."""
        return self.office.pairing_code(VENDOR).code


@contextlib.contextmanager
def listening(answer: Callable[[BaseHTTPRequestHandler, bytes], None], port: int = 0) -> Iterator[str]:
    """A real port whose every request is answered so; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer(self, body)

        do_POST = do_GET = _serve  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Nothing is printed."""

    class Port(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exc_info()[1], ConnectionError):  # who asked was killed meanwhile
                super().handle_error(request, client_address)

    server = Port(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Answer one request."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextlib.contextmanager
def served(wire: Wire, port: int = 0) -> Iterator[str]:
    """The core behind a real port, any that is free unless one is named."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.path == "/healthz":
            say(handler, 200, b"{}", Content_Type="application/json")
            return
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ") or None
        given = wire.answer(handler.path, body, token, handler.headers.get("Content-Encoding", "identity"))
        say(handler, given.status, given.body, **{k.replace("-", "_"): v for k, v in given.headers.items()})

    with listening(answer, port) as address:
        yield address
