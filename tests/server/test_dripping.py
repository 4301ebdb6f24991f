"""Bodies that come drop by drop, and those who go away in the middle: nobody else waits for them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pos.protocol import codec
from tests.e2e.central import Central as Served
from tests.server.laptop import statuses
from tests.server.overhttp import paired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from tests.server.conftest import Central
    from tests.server.laptop import Laptop
    from tests.server.overhttp import Client

PAIR = "/devices/pair"
INVENTED = f"hk1.{'1' * 32}.{'2' * 32}.{'A' * 43}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server as a process of its own."""
    if sys.platform == "win32":
        pytest.skip("the server's process is ended by a signal")
    home = tmp_path_factory.mktemp("dripping") / "server"
    home.mkdir()
    made = Served(home)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shops(served: Served) -> tuple[Laptop, Laptop]:
    """Two vendors' laptops, paired before anybody drips."""
    return paired(served, "রূপকথা ঘর"), paired(served, "অন্য ঘর")


@contextlib.contextmanager
def dripping(
    served: Served, path: str, count: int, token: str | None = None
) -> Iterator[list[socket.socket]]:
    """So many requests at once whose bodies have begun and do not end."""
    words = "" if token is None else f"Authorization: Bearer {token}\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: server\r\n{words}Content-Length: 60000\r\n\r\n{{"
    with contextlib.ExitStack() as opened:
        lines = []
        for _ in range(count):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=30))
            line.sendall(head.encode())
            lines.append(line)
        yield lines


def status(line: socket.socket) -> int:
    """The status of what was answered."""
    return int(line.recv(4096).split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("path", "token"), [("/sync/v1/exchange", INVENTED), ("/devices/list", INVENTED), (PAIR, None)]
)
def test_strangers_whose_bodies_do_not_end_keep_no_paired_laptop_out(
    served: Served, shops: tuple[Laptop, Laptop], path: str, token: str | None
) -> None:
    with dripping(served, path, 300, token):
        for _ in range(3):
            assert statuses(shops[0].push()) == ["ok", "ok"]


def test_whoever_shows_an_invented_token_is_answered_before_the_body_is_there(served: Served) -> None:
    with dripping(served, "/sync/v1/exchange", 40, INVENTED) as lines:
        assert {status(line) for line in lines} <= {401, 429}


def test_one_laptop_whose_bodies_do_not_end_keeps_no_other_out(
    served: Served, shops: tuple[Laptop, Laptop]
) -> None:
    shop, wild = shops
    with dripping(served, "/sync/v1/exchange", 300, wild.token):
        assert statuses(shop.push()) == ["ok", "ok"]


def test_whoever_goes_away_in_the_middle_of_a_body_is_no_fault_of_the_servers(
    served: Served, shops: tuple[Laptop, Laptop]
) -> None:
    with dripping(served, "/sync/v1/exchange", 3, shops[0].token) as lines:
        for line in lines:
            line.shutdown(socket.SHUT_RDWR)
    assert statuses(shops[0].push()) == ["ok", "ok"]
    served.stop()
    said = [json.loads(line) for line in (served.home / "logs" / "hatkhata.log").read_text().splitlines()]
    assert [line["status"] for line in said if line["event"] == "answered"].count(499) >= 3
    assert not [line for line in said if line["event"] == "server_crashed"]
    assert "Traceback" not in (served.home.parent / f"{served.home.name}.log").read_text()
    served.start()


# ---- the same without a process, where addresses can be as many as one likes -----------------------------


async def answered(app: FastAPI, path: str, address: str, receive: Any, token: str = "") -> int:
    """The status of a request from this address behind a proxy; its body comes from `receive`."""
    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "client": ("127.0.0.1", 1),
        "headers": [
            (b"x-forwarded-for", address.encode()),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-encoding", b"zstd"),
        ],
    }  # fmt: skip
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    found: int = said[0]["status"]
    return found


async def drop_by_drop() -> dict[str, Any]:
    """A body that does not end."""
    await asyncio.Event().wait()
    raise AssertionError


async def hung_up() -> dict[str, Any]:
    """Nobody is there any more."""
    return {"type": "http.disconnect"}


def test_strangers_have_places_of_their_own_and_no_address_has_all_of_them(
    central: Central, opened: Callable[..., Client]
) -> None:
    shop = central.shop()
    message = codec.encode(shop.request(shop.log))
    app = opened(behind_proxy=True).app

    async def whole() -> dict[str, Any]:
        return {"type": "http.request", "body": message, "more_body": False}

    async def storm() -> None:
        async def dripping(address: str) -> list[int]:
            """What ten from this address are told, of those who are told anything."""
            asked = [asyncio.create_task(answered(app, PAIR, address, drop_by_drop)) for _ in range(10)]
            for _ in range(100):
                await asyncio.sleep(0)
            waiting.extend(each for each in asked if not each.done())
            return [each.result() for each in asked if each.done()]

        waiting: list[asyncio.Task[int]] = []
        told = [await dripping(f"1.1.1.{n}") for n in range(10)]
        assert told == [[429] * 2] * 8 + [[503] * 10] * 2
        assert await answered(app, "/sync/v1/exchange", "2.2.2.2", whole, shop.token) == 200
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert await answered(app, PAIR, "1.1.1.1", whole) == 400

    asyncio.run(storm())


@pytest.mark.parametrize("path", ["/sync/v1/exchange", PAIR])
def test_whoever_hangs_up_in_a_body_is_counted_as_gone_and_raises_nothing(
    central: Central, opened: Callable[..., Client], path: str
) -> None:
    shop, client = central.shop(), opened()
    assert asyncio.run(answered(client.app, path, "2.2.2.2", hung_up, shop.token)) == 499
    assert 'status="499"} 1' in client.get("/metrics").text
    assert client.app.state.serving.open == 0
