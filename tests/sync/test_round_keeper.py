"""The thread behind the window: at once where something was written, for ever where it fails, one at a time."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault
from pos.sync.drain import drain, exchange_lock
from pos.sync.keeper import Keeper, Standing
from pos.sync.schedule import Schedule
from pos.sync.tokens import KeptTokens
from tests.shopkeeping import sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pos.shop import Shop
    from pos.sync.round import Outcome, Round
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]

PATIENCE_S = 60.0
CLOSING_S = 15.0


class Heard:
    """What the badge is told, and a way to wait for it."""

    def __init__(self) -> None:
        self.said: list[Standing] = []
        self._changed = threading.Condition()

    def __call__(self, standing: Standing) -> None:
        with self._changed:
            self.said.append(standing)
            self._changed.notify_all()

    def until(self, *states: str) -> Standing:
        """Wait until the last that was said is one of these states."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: bool(self.said) and self.said[-1].state in states, PATIENCE_S
            ), self.said
            return self.said[-1]


@pytest.fixture
def one(place: Places) -> Place:
    """A paired shop with everything sent."""
    found = place("one")
    found.found()
    found.pair()
    found.synced()
    return found


@pytest.fixture
def shop(one: Place) -> Iterator[Shop]:
    """The same, opened."""
    with one.open() as opened:
        yield opened


def keeper(one: Place, shop: Shop, heard: Heard, opens_at: int | None = None, chance: float = 0.5) -> Keeper:
    """A keeper of the shop."""
    schedule = Schedule(uuid.UUID(int=(1 << 128) - 1), lambda: chance)
    return Keeper(one.round(shop), schedule, one.paths, one.clock, shop.log, heard, lambda: opens_at)


def test_what_is_written_goes_to_the_server_at_once(one: Place, shop: Shop) -> None:
    heard = Heard()
    kept = keeper(one, shop, heard)
    kept.start()
    try:
        heard.until("synced")
        shop.orders.take(sale())
        before = len(heard.said)
        kept.wake()
        heard.until("synced")
        while len(heard.said) <= before:
            heard.until("synced")
    finally:
        kept.close()
    with shop.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM op WHERE seq IS NULL").scalar_one() == 0


def test_a_failure_is_told_with_its_reason_and_tried_again(one: Place, shop: Shop, wire: Wire) -> None:
    heard = Heard()
    kept = keeper(one, shop, heard)
    shop.orders.take(sale())

    def down(_path: str) -> None:
        raise EnvironmentFault("server_unreachable", server="x")

    wire.before = down
    pauses = [kept.once() for _ in range(3)]
    assert pauses == [3.0, 5.0, 9.0]
    assert (heard.said[-1].state, heard.said[-1].retry_in_s) == ("server_unreachable", 9.0)
    wire.before = lambda _path: None
    assert kept.once() == 60.0
    assert heard.said[-1] == Standing("synced")


def test_a_fault_of_ours_does_not_end_the_sync(one: Place, shop: Shop, wire: Wire) -> None:
    heard = Heard()
    kept = keeper(one, shop, heard)

    def broken(_path: str) -> None:
        raise ZeroDivisionError

    wire.before = broken
    assert kept.once() == 3.0
    assert heard.said[-1].state == "bug"
    wire.before = lambda _path: None
    kept.once()
    assert heard.said[-1].state == "synced"


def test_the_sync_outlives_a_database_that_cannot_be_read_for_a_moment(one: Place, shop: Shop) -> None:
    heard, opening = Heard(), iter([OSError("the disk is away")])

    def opens_at() -> int | None:
        for error in opening:
            raise error
        return None

    schedule = Schedule(uuid.uuid4(), lambda: 0.0)
    kept = Keeper(one.round(shop), schedule, one.paths, one.clock, shop.log, heard, opens_at)
    kept.start()
    try:
        assert heard.until("bug").retry_in_s > 0
        kept.wake()
        heard.until("synced")
    finally:
        kept.close()


def test_the_sync_outlives_whoever_fails_to_hear_of_it(one: Place, shop: Shop) -> None:
    heard, deaf = Heard(), iter([RuntimeError("gone")])

    def told(standing: Standing) -> None:
        for error in deaf:
            raise error
        heard(standing)

    schedule = Schedule(uuid.uuid4(), lambda: 0.0)
    kept = Keeper(one.round(shop), schedule, one.paths, one.clock, shop.log, told, lambda: None)
    kept.start()
    try:
        heard.until("bug")
        kept.wake()
        heard.until("synced")
    finally:
        kept.close()
    assert "sync_crashed" in (one.paths.logs / "hatkhata.log").read_text(encoding="utf-8")


def test_at_a_hats_opening_an_idle_laptop_waits_for_its_moment_and_a_sale_does_not(
    one: Place, shop: Shop, wire: Wire
) -> None:
    opens = one.clock.now_ms() - 1000
    kept = keeper(one, shop, Heard(), opens)
    wire.asked.clear()
    assert 110 < kept.once() < 120
    assert wire.asked == []
    shop.orders.take(sale())
    kept.wake()
    kept.once()
    assert wire.asked
    one.clock.advance(ms=120_000)
    wire.asked.clear()
    kept.once()
    assert wire.asked


def test_a_device_that_was_taken_out_and_what_is_held_are_told(one: Place, shop: Shop, wire: Wire) -> None:
    with wire.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET revoked_at_ms = 1")
    shop.orders.take(sale())
    heard = Heard()
    keeper(one, shop, heard).once()
    assert (heard.said[-1].state, heard.said[-1].held) == ("revoked", 1)


def test_two_programs_of_one_shop_never_speak_at_the_same_time(one: Place, shop: Shop) -> None:
    heard = Heard()
    with (
        exchange_lock(one.paths),
        pytest.raises(EnvironmentFault, match="sync_busy"),
        exchange_lock(one.paths, wait_s=0),
    ):
        pytest.fail("both hold it")
    keeper(one, shop, heard).once()
    assert heard.said[-1].state == "synced"


def closed(kept: Keeper) -> bool:
    """Whether closing comes to an end while what keeps its thread goes on."""
    closing = threading.Thread(target=kept.close, daemon=True)
    closing.start()
    closing.join(CLOSING_S)
    return not closing.is_alive()


def test_closing_does_not_wait_for_another_program_at_the_line(one: Place, shop: Shop) -> None:
    heard = Heard()
    kept = keeper(one, shop, heard)
    with exchange_lock(one.paths):
        kept.start()
        heard.until("syncing", "sync_busy")
        assert closed(kept)


def test_closing_does_not_wait_for_a_keyring_that_asks_for_its_password(
    one: Place, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, given = threading.Event(), threading.Event()

    def get(_tokens: KeptTokens, _device: uuid.UUID) -> str | None:
        asked.set()
        given.wait(PATIENCE_S)
        return None

    monkeypatch.setattr(KeptTokens, "get", get)
    heard = Heard()
    kept = keeper(one, shop, heard)
    kept.start()
    (thread,) = [one for one in threading.enumerate() if one.name == "sync"]
    try:
        assert asked.wait(PATIENCE_S)
        assert closed(kept)
    finally:
        given.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert heard.said[-1].state == "syncing", "whoever closed it hears no more"


def waits() -> tuple[list[float], Callable[[float], bool]]:
    """A wait that only counts."""
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    return waited, wait


def test_a_weak_line_is_tried_a_few_times_by_a_command(one: Place, shop: Shop, wire: Wire) -> None:
    shop.orders.take(sale())
    left = [2]

    def weak(_path: str) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise EnvironmentFault("server_slow", server="x")

    wire.before = weak
    waited, wait = waits()
    told: list[Outcome] = []
    done = drain(one.round(shop), Schedule(uuid.uuid4(), lambda: 0.0), wait, told=told.append)
    assert (done.pending, done.sent, done.rounds, len(told)) == (0, 1, len(told), done.rounds)
    assert waited[:2] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("code", "tries"),
    [("server_unreachable", 1), ("no_internet", 1), ("server_slow", 4), ("server_failing", 4)],
)
def test_a_command_gives_up_for_now_where_nobody_answers(
    one: Place, shop: Shop, wire: Wire, code: str, tries: int
) -> None:
    def down(_path: str) -> None:
        raise EnvironmentFault(code, server="x", status=500)  # said as the line said it

    wire.before = down
    wire.asked.clear()
    _, wait = waits()
    with pytest.raises(EnvironmentFault, match=code):
        drain(one.round(shop), Schedule(uuid.uuid4()), wait)
    assert len(wire.asked) == tries


def test_who_is_told_to_stop_stops_after_the_round(one: Place, shop: Shop) -> None:
    for _ in range(120):
        shop.stock.move("P001", "1", "purchase")
    round_: Round = one.round(shop)
    done = drain(round_, Schedule(uuid.uuid4()), lambda _seconds: True)
    assert (done.rounds, done.pending) == (1, 70)
