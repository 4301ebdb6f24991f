"""A line between a laptop and a server as real ports, which counts the pages that go over it; history goes slowly."""

from __future__ import annotations

import contextlib
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

import msgspec

from pos.protocol import codec
from pos.protocol.messages import ExchangeReply, ExchangeRequest
from pos.sync.round import EXCHANGE_PATH
from tests.sync.wire import listening, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler

_PASSED_ON: Final = ("Authorization", "Content-Type", "Content-Encoding", "Accept-Encoding")
_BACK: Final = ("Content-Type", "Content-Encoding", "Retry-After")
_PATIENCE_SECONDS = 60.0


class CountingLine:
    """Hands requests to a server and its answers back.

    Attributes:
        rows: how many operations at most a page has on this line.
        pages: how many pages with operations were sent down.
        again: how many of them had an operation that another one before had, too.
        brought: the operations that were sent down, by identity.
    """

    def __init__(self, server: str, *, rows: int, page_s: float) -> None:
        self.rows, self.pages, self.again = rows, 0, 0
        self.brought: set[str] = set()
        self._server, self._page_s = server, page_s

    def carry(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """One request and its answer."""
        exchanges = handler.path == EXCHANGE_PATH
        status, answer, headers = self._asked(handler, self._in_small_pages(body) if exchanges else body)
        if exchanges and status == 200:
            self._count(answer)
        with contextlib.suppress(OSError):  # who asked was killed meanwhile
            say(handler, status, answer, **headers)

    def _asked(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        given = {name: handler.headers[name] for name in _PASSED_ON if name in handler.headers}
        data = body if handler.command == "POST" else None
        asked = urllib.request.Request(f"{self._server}{handler.path}", data, given, method=handler.command)
        try:
            with urllib.request.urlopen(asked, timeout=_PATIENCE_SECONDS) as said:
                status, answer, back = said.status, said.read(), said.headers
        except urllib.error.HTTPError as refused:
            status, answer, back = refused.code, refused.read(), refused.headers
        return status, answer, {name.replace("-", "_"): back[name] for name in _BACK if name in back}

    def _in_small_pages(self, body: bytes) -> bytes:
        asked = codec.decode(body, ExchangeRequest)
        return codec.encode(msgspec.structs.replace(asked, max_rows=min(asked.max_rows, self.rows)))

    def _count(self, answer: bytes) -> None:
        reply = codec.decode(answer, ExchangeReply)
        came = {wire.i for changes in reply.changes.values() for wire in changes}
        if came:
            self.again += not self.brought.isdisjoint(came)
            self.brought |= came
            self.pages += 1
        if reply.changes.get("h"):
            time.sleep(self._page_s)


@contextlib.contextmanager
def counted(server: str, *, rows: int, page_s: float) -> Iterator[tuple[CountingLine, str]]:
    """A line to this server, and the address at which a laptop finds it."""
    line = CountingLine(server, rows=rows, page_s=page_s)
    with listening(line.carry) as address:
        yield line, address
