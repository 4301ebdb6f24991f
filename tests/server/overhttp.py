"""Asking a server over HTTP: an application in this process, or one that is a process of its own."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, cast

import httpx

from pos.domain.times import SystemClock
from pos.protocol import codec
from pos.protocol.messages import PairReply
from pos.server.desk import Answer
from tests.server.laptop import Laptop, pair_request, read

if TYPE_CHECKING:
    from email.message import Message

    from fastapi import FastAPI

    from pos.server.desk import Desk
    from tests.e2e.central import Central


class Client:
    """Asks an application, one request after the other."""

    def __init__(self, app: FastAPI, address: str = "5.5.5.5") -> None:
        self.app = app
        self._loop = asyncio.Runner()
        transport = httpx.ASGITransport(app, client=(address, 1))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://server")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request."""
        return self._loop.run(self._client.request(method, path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        """One more."""
        return self.request("POST", path, **more)

    def get(self, path: str) -> httpx.Response:
        """One that brings nothing."""
        return self.request("GET", path)

    def close(self) -> None:
        """Let go of the loop."""
        self._loop.run(self._client.aclose())
        self._loop.close()


class HttpDesk:
    """The doors of a server at an address: what a `Laptop` asks goes over a real socket."""

    def __init__(self, url: str) -> None:
        self._url = url

    def exchange(self, token: str | None, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /sync/v1/exchange`."""
        return self.post("/sync/v1/exchange", data, token, encoding)

    def pair(self, data: bytes, encoding: str = "zstd") -> Answer:
        """`POST /devices/pair`."""
        return self.post("/devices/pair", data, None, encoding)

    def post(self, path: str, data: bytes, token: str | None, encoding: str = "zstd") -> Answer:
        """One request; the answer as it came."""
        headers = {"Content-Encoding": encoding, "Accept-Encoding": "zstd"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self._url + path, data, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, answer.read(), _titled(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(), _titled(error.headers))


def _titled(headers: Message) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}


def paired(central: Central, vendor: str) -> Laptop:
    """A laptop of this vendor, paired just now over the socket; its shop is founded."""
    desk = HttpDesk(central.url)
    code = central.command("pairing-code", "--vendor", vendor)["code"]
    laptop = Laptop(
        cast("Desk", desk), SystemClock(), read(desk.pair(codec.encode(pair_request(code))), PairReply)
    )
    laptop.found()
    return laptop
