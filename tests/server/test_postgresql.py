"""What only a real PostgreSQL can show: many at once, connections that die, and a database that goes away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pos.protocol import codec
from pos.server import requests
from pos.server.engine import open_database
from tests.server.conftest import Central
from tests.server.laptop import Laptop, read, seqs, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server import postgres


@pytest.fixture
def real(postgres_server: postgres.Server) -> Iterator[Central]:
    url = postgres_server.migrated()
    database = open_database(url)
    central = Central(database, url)
    yield central
    database.close()


def test_many_who_send_and_fetch_at_once_see_every_operation_once(real: Central) -> None:
    shop = real.shop()
    _, [variant] = shop.product()
    shop.push()
    pushers = [real.second(shop) for _ in range(6)]
    pullers = [real.laptop(), real.laptop()]
    for laptop in pushers:
        for _ in range(30):
            laptop.order(variant)
    done = threading.Event()

    def push(laptop: Laptop) -> None:
        for begin in range(0, len(laptop.log), 4):
            reply = laptop.exchange(laptop.log[begin : begin + 4])
            assert set(statuses(reply)) == {"ok"}

    def pull(laptop: Laptop) -> list[int]:
        places = []
        while True:
            last = done.is_set()
            for wire in laptop.pull(max_rows=17):
                places += seqs([wire]) if wire.k == "order.confirmed" else []
            if last:
                return places

    with ThreadPoolExecutor(8) as pool:
        pulling = [pool.submit(pull, laptop) for laptop in pullers]
        for pushing in [pool.submit(push, laptop) for laptop in pushers]:
            pushing.result()
        done.set()
        seen = [each.result() for each in pulling]
    sold = [seq for (seq,) in real.rows("operation", "seq", "kind = 'order.confirmed' ORDER BY seq")]
    assert len(sold) == 180
    for places in seen:
        assert places == sold
    assert real.rows("stock", "on_hand") == [(-180_000,)]
    assert not real.crashes


def test_two_who_use_one_code_at_once_do_not_both_get_in(real: Central) -> None:
    from pos.protocol.messages import PairRequest

    code = real.office.pairing_code("রূপকথা ঘর").code
    body = codec.encode(PairRequest(code, "1", 3, "m"))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: real.desk.pair(body, "zstd").status, range(6)))
    assert sorted(answers) == [200] + [403] * 5


def test_as_many_as_are_served_at_once_keep_their_connections(real: Central) -> None:
    at_once = requests._THREADS + requests._LOOKING_UP
    together = threading.Barrier(at_once)

    def whose(_: int) -> int:
        with real.database.write() as connection:
            together.wait(60)
            return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    with ThreadPoolExecutor(at_once) as pool:
        first = set(pool.map(whose, range(at_once)))
        again = set(pool.map(whose, range(at_once)))
    assert len(first) == at_once
    assert again == first


def test_a_connection_that_died_is_told_as_busy_and_the_next_request_is_served(
    real: Central, postgres_server: postgres.Server
) -> None:
    shop = real.shop()
    desk = real.desk
    message = codec.encode(shop.request(shop.log))
    assert desk.exchange(shop.token, message).status == 200
    shop.setting("shop.name", "ক")
    message = codec.encode(shop.request(shop.log))
    postgres_server.cut_off(real.url)
    answers = [desk.exchange(shop.token, message).status for _ in range(3)]
    assert set(answers) <= {200, 503}
    assert answers[-1] == 200
    assert len(real.rows("operation", "op_id")) == 3


def test_a_connection_that_dies_in_the_middle_leaves_nothing_by_halves(
    real: Central, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.server import roundtrip

    shop = real.shop()
    move, cut = roundtrip._move, threading.Event()

    def killed(*given: object) -> None:
        if not cut.is_set():
            cut.set()
            postgres_server.cut_off(real.url)
        move(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(roundtrip, "_move", killed)
    message = codec.encode(shop.request(shop.log))
    answer = shop.desk.exchange(shop.token, message)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert real.rows("operation", "op_id") == []
    real.crashes.clear()
    from pos.protocol.messages import ExchangeReply

    assert statuses(read(shop.desk.exchange(shop.token, message), ExchangeReply)) == ["ok", "ok"]


def test_a_database_that_is_away_is_told_as_busy(real: Central) -> None:
    shop = real.shop()
    gone = open_database("postgresql://nobody@127.0.0.1:1/nowhere")
    away = Central(gone, "")
    answer = away.desk.exchange(shop.token, codec.encode(shop.request(shop.log)))
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    gone.close()
