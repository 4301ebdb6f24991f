"""The tie of an open shop: it begins, wakes and ends with the window, and a copied shop takes other numbers first."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault, UserError
from pos.paths import ShopPaths
from pos.shop import open_shop
from pos.sync.leaving import Leavable
from pos.sync.transport import Response
from tests.organiser import ADDRESS, Organiser
from tests.shopkeeping import clock, paths, sale, shop, template
from tests.sync.wire import VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop

__all__ = ["clock", "paths", "shop", "template"]


@pytest.fixture
def organiser(clock: FixedClock, shop: Shop) -> Organiser:
    made = Organiser(clock)
    made.pair(shop)
    return made


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        threading.Event().wait(0.005)


def test_a_shop_without_a_server_has_nothing_to_begin(paths: ShopPaths, clock: FixedClock) -> None:
    with open_shop(paths, clock) as alone:
        assert alone.sync.begin() is False
        assert alone.sync.about() is None
        alone.sync.now()
        alone.sync.look()
        with pytest.raises(UserError, match="not_paired"):
            alone.sync.devices()


def test_the_devices_that_were_told_last_are_those_of_this_link_only(
    shop: Shop, organiser: Organiser, paths: ShopPaths, tmp_path: Path
) -> None:
    assert shop.sync.devices_told() is None
    with organiser.another(shop, tmp_path / "second"):
        told = shop.sync.devices()
    organiser.down = "no_internet"
    assert shop.sync.devices_told() == told
    assert [one.here for one in told.devices] == [True, False]
    whole = paths.devices.read_bytes()
    changes = (
        (ADDRESS.encode(), b"https://other.example"),
        (VENDOR.encode(), "অন্য".encode()),
        (b'"here":true', b'"here":false'),
    )
    for other in (b"", whole[:-9], *(whole.replace(old, new) for old, new in changes)):
        assert other != whole
        paths.devices.write_bytes(other)
        assert shop.sync.devices_told() is None
    paths.devices.write_bytes(whole)
    assert shop.sync.devices_told() == told


def test_it_syncs_at_once_and_again_as_soon_as_something_is_written(shop: Shop, organiser: Organiser) -> None:
    assert shop.sync.begin()
    until(lambda: shop.sync.seen.standing.state == "synced")
    about = shop.sync.about()
    assert about is not None
    assert (about.server, about.device_code, about.fetching) == (ADDRESS, "A", False)
    asked = len(organiser.asked)
    shop.sync.look()
    assert len(organiser.asked) == asked, "nothing was written"
    shop.orders.take(sale())
    shop.sync.look()
    until(lambda: shop.waiting.look().waiting == 0)


def test_trouble_is_told_with_when_it_began_and_stands_while_it_is_tried_again(
    shop: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    organiser.down = "no_internet"
    began = clock.now_ms()
    shop.sync.begin()
    until(lambda: shop.sync.seen.fault == "no_internet")
    first = shop.sync.seen
    assert first.since_ms == began
    assert first.next_ms is not None
    assert first.next_ms > began
    clock.advance(ms=60_000)
    shop.sync.now()
    until(lambda: shop.sync.seen is not first and shop.sync.seen.standing.state == "no_internet")
    assert shop.sync.seen.since_ms == began
    organiser.down = ""
    shop.sync.now()
    until(lambda: shop.sync.seen.standing.state == "synced")
    assert shop.sync.seen.fault == ""


def test_a_closed_shop_syncs_no_more_and_one_opened_again_does(shop: Shop, organiser: Organiser) -> None:
    shop.sync.begin()
    until(lambda: shop.sync.seen.standing.state == "synced")
    shop.close()
    threads = [thread.name for thread in threading.enumerate()]
    assert "sync" not in threads
    shop.reopen()
    asked = len(organiser.asked)
    shop.sync.begin()
    until(lambda: len(organiser.asked) > asked)


def test_a_laptop_that_was_taken_out_knows_it_when_it_is_opened_again(
    shop: Shop, organiser: Organiser
) -> None:
    organiser.sync(shop)
    organiser.office.revoke(VENDOR, "A")
    organiser.sync(shop)
    shop.close()
    shop.reopen()
    about = shop.sync.about()
    assert about is not None
    assert about.shut_out


def test_a_copied_shop_takes_other_numbers_before_it_gives_one(
    tmp_path: Path, shop: Shop, organiser: Organiser, clock: FixedClock
) -> None:
    first = shop.orders.take(sale()).number
    organiser.sync(shop)
    shop.close()
    copied = ShopPaths(tmp_path / "copied")
    shutil.copytree(shop.paths.home, copied.home)
    shop.reopen()
    with open_shop(copied, clock) as copy:
        number = copy.orders.take(sale()).number
        assert number.split("-")[0] != first.split("-")[0]
    with open_shop(copied, clock) as copy:
        again = copy.orders.take(sale()).number
    assert again.rpartition("-")[0] == number.rpartition("-")[0], "once is enough"
    assert shop.orders.take(sale()).number.split("-")[0] == first.split("-")[0]


def test_a_way_that_is_left_answers_nobody_and_is_not_gone_again() -> None:
    arrived, let_go = threading.Event(), threading.Event()

    class Silent:
        def post(self, path: str, body: bytes, token: str | None) -> Response:
            del path, body, token
            arrived.set()
            let_go.wait(60)
            return Response(200, b"", None, "identity")

    way = Leavable(Silent(), ADDRESS)
    raised: list[str] = []

    def ask() -> None:
        try:
            way.post("/", b"", None)
        except EnvironmentFault as fault:
            raised.append(fault.code)

    asking = threading.Thread(target=ask)
    asking.start()
    assert arrived.wait(10)
    way.leave()
    asking.join(10)
    assert raised == ["server_slow"]
    with pytest.raises(EnvironmentFault, match="server_slow"):
        way.post("/", b"", None)
    let_go.set()


def test_what_the_way_raises_is_raised_where_it_is_waited_for() -> None:
    class Broken:
        def post(self, path: str, body: bytes, token: str | None) -> Response:
            raise EnvironmentFault("no_internet", server=path)

    with pytest.raises(EnvironmentFault, match="no_internet"):
        Leavable(Broken(), ADDRESS).post("/", b"", None)
