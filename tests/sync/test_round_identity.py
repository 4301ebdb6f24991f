"""A shop that was copied, set back, or whose server was: new numbers, a new identity, and nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from pos.errors import EnvironmentFault
from pos.protocol.codec import decode
from pos.protocol.messages import ExchangeReply
from pos.services.catalogue import NewProduct
from pos.store.link import read_link
from pos.sync.rekey import renumber_if_copied
from tests.shopkeeping import sale, sale_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.shop import Shop
    from pos.sync.transport import Response
    from tests.sync.shops import Place
    from tests.sync.wire import Wire

    Places = Callable[[str], Place]


def asked(shop: Shop, sql: str) -> list[tuple[Any, ...]]:
    """Look into what is committed."""
    with shop.store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def numbers(shop: Shop) -> list[str]:
    """Every order's number, sorted."""
    return sorted(order.number for order in shop.orders.list())


def identity(shop: Shop) -> tuple[bytes, str]:
    """The shop's identity and the code of its numbers."""
    return asked(shop, "SELECT device_id, code FROM installation")[0]


def copied(place: Place, to: Place) -> None:
    """The closed shop's folder, as a person copies it."""
    shutil.copytree(place.paths.home, to.paths.home)


def database(wire: Wire) -> sqlite3.Connection:
    """The server's own database."""
    with wire.database.read() as connection:
        raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def set_back(wire: Wire, image: bytes) -> None:
    """The server's disk was lost: a backup is put in place, and a new epoch begins."""
    # SQLite keeps prepared statements over `deserialize`, unless the schema seems to be another one.
    beside = sqlite3.connect(":memory:")
    beside.deserialize(image)
    beside.execute(
        f"PRAGMA schema_version={database(wire).execute('PRAGMA schema_version').fetchone()[0] + 1}"
    )
    database(wire).deserialize(beside.serialize())
    beside.close()
    wire.office.new_epoch()


@pytest.fixture
def one(place: Places) -> Place:
    """A paired shop that has sold twice, everything sent."""
    found = place("one")
    found.found()
    with found.open() as shop:
        shop.orders.take(sale())
    found.pair()
    with found.open() as shop:
        shop.orders.take(sale())
        found.sync(shop)
    return found


def all_synced(*shops: tuple[Place, Shop]) -> None:
    """Every shop has everything of every other."""
    for _ in range(2):
        for place, shop in shops:
            place.sync(shop)


# ---- copied ------------------------------------------------------------------------------------------


def test_a_copied_folder_never_gives_a_number_of_the_original(one: Place, place: Places) -> None:
    copy = place("copy")
    copied(one, copy)
    with one.open() as original, copy.open() as other:
        mine = [original.orders.take(sale()).number for _ in range(3)]
        theirs = [other.orders.take(sale()).number for _ in range(3)]
        assert mine == ["A-26-000003", "A-26-000004", "A-26-000005"]
        assert not set(mine) & set(theirs)
        all_synced((one, original), (copy, other))
        assert numbers(original) == numbers(other)
        assert set(mine) | set(theirs) <= set(numbers(original))
        assert len(numbers(original)) == 8
        assert identity(original)[0] != identity(other)[0]
        assert original.orders.take(sale()).number == "A-26-000006"
        assert other.orders.take(sale()).number == "B-26-000001"


def test_a_copy_takes_new_numbers_once_and_not_at_every_start(one: Place, place: Places) -> None:
    copy = place("copy")
    copied(one, copy)
    with copy.open() as shop:
        code = identity(shop)[1]
    assert code.startswith("A")
    assert len(code) == 3
    with copy.open() as shop:
        assert identity(shop)[1] == code
        assert asked(shop, "SELECT count(*) FROM op WHERE kind = 'device.rekeyed'") == [(1,)]


def test_a_copy_of_a_copy_takes_numbers_of_its_own(one: Place, place: Places) -> None:
    second, third = place("second"), place("third")
    copied(one, second)
    with second.open() as shop:
        shop.orders.take(sale())
    copied(second, third)
    with second.open() as a, third.open() as b:
        a.orders.take(sale())
        b.orders.take(sale())
        assert identity(a)[1] != identity(b)[1]
        with one.open() as c:
            all_synced((one, c), (second, a), (third, b), (one, c))
            assert numbers(a) == numbers(b) == numbers(c)
            assert len(set(numbers(a))) == len(numbers(a)) == 5


def test_a_moved_folder_goes_on_alone_under_its_new_identity(one: Place, place: Places) -> None:
    moved = place("moved")
    one.paths.home.rename(moved.paths.home)
    with moved.open() as shop:
        shop.orders.take(sale())
        outcomes = moved.sync(shop)
        assert [o.code for o in outcomes if o.code] == ["B"]
        assert (outcomes[-1].pending, outcomes[-1].held) == (0, 0)
        with shop.store.read() as connection:
            assert read_link(connection) is not None
        assert shop.orders.take(sale()).number == "B-26-000001"
    with moved.open() as shop:
        assert [o.code for o in moved.sync(shop) if o.code] == []


def test_a_shop_that_is_alone_may_be_copied_as_it_likes(place: Places) -> None:
    alone, copy = place("alone"), place("copy")
    alone.found()
    copied(alone, copy)
    with copy.open() as shop:
        assert renumber_if_copied(shop.store, "elsewhere", set()) is None
        assert shop.orders.take(sale()).number == "A-26-000001"


# ---- set back ----------------------------------------------------------------------------------------


def test_a_shop_set_back_to_a_backup_gets_back_what_it_lost(one: Place, place: Places) -> None:
    from pos.store.restore import restore

    with one.open() as shop:
        backup = shop.backups.make(why="test").path
        lost = [shop.orders.take(sale_to()).number for _ in range(2)]
        one.sync(shop)
    restore(one.paths, one.clock, backup)
    with one.open() as shop:
        assert not set(lost) & set(numbers(shop))
        after = shop.orders.take(sale()).number
        one.sync(shop)
        assert set(lost) | {after} <= set(numbers(shop))
        assert len(numbers(shop)) == 5
        assert asked(shop, "SELECT count(*) FROM op WHERE state <> 1") == [(0,)]
    other = place("other")
    other.pair()
    with other.open() as there, one.open() as here:
        all_synced((other, there), (one, here))
        assert numbers(there) == numbers(here)
        assert there.stock.items() == here.stock.items()


def test_a_database_file_put_back_by_hand_is_seen_at_the_first_exchange(one: Place) -> None:
    old = one.paths.database.read_bytes()
    with one.open() as shop:
        lost = shop.orders.take(sale()).number
        one.sync(shop)
    one.paths.database.write_bytes(old)
    for name in ("shop.db-wal", "shop.db-shm", "ops.jsonl", "tip.json"):
        (one.paths.home / name).unlink(missing_ok=True)
    with one.open() as shop:
        outcomes = one.sync(shop)
        assert [o.code for o in outcomes if o.code] == ["B"]
        assert lost in numbers(shop)
        assert shop.orders.take(sale()).number == "B-26-000001"


def test_cut_off_between_the_servers_answer_and_the_commit_it_is_asked_again(one: Place, wire: Wire) -> None:
    old = one.paths.database.read_bytes()
    with one.open() as shop:
        shop.orders.take(sale())
        one.sync(shop)
    one.paths.database.write_bytes(old)
    for name in ("shop.db-wal", "shop.db-shm", "ops.jsonl", "tip.json"):
        (one.paths.home / name).unlink(missing_ok=True)

    def lost(path: str, response: Response) -> Response:
        if path == "/devices/rekey":
            wire.after = lambda _path, answer: answer
            raise EnvironmentFault("server_unreachable", server="x")
        return response

    wire.after = lost
    with one.open() as shop:
        before = identity(shop)
        with pytest.raises(EnvironmentFault):
            one.sync(shop)
        assert identity(shop) == before
        outcomes = one.sync(shop)
        assert [o.code for o in outcomes if o.code] == ["C"]
        assert (outcomes[-1].pending, outcomes[-1].held) == (0, 0)


def test_where_the_server_does_not_know_the_last_position_an_earlier_one_does(
    one: Place, place: Places, wire: Wire
) -> None:
    copy = place("copy")
    copied(one, copy)
    refused = [2]
    needed: list[int | None] = []

    def parts_earlier(path: str, response: Response) -> Response:
        if path == "/sync/v1/exchange":
            needed.append(decode(response.body, ExchangeReply).need)
        if path == "/devices/rekey" and refused[0]:
            refused[0] -= 1
            return type(response)(409, b'{"error": "log_parts_earlier"}', None, "identity")
        return response

    wire.after = parts_earlier
    with copy.open() as shop, one.open() as original:
        shop.orders.take(sale())
        outcomes = copy.sync(shop)
        assert len([o.code for o in outcomes if o.code]) == 1
        assert needed == [None] * len(outcomes)
        assert (outcomes[-1].pending, outcomes[-1].held) == (0, 0)
        one.sync(original)
        assert numbers(original) == numbers(shop)


def holed(shop: Shop, *places: int) -> None:
    """The shop's log has lost what stood at these positions."""
    with shop.store.write() as unit:
        for n in places:
            unit.connection.exec_driver_sql("DELETE FROM op WHERE n = ?", (n,))


def test_a_copy_whose_log_has_a_hole_where_it_parts_goes_on_all_the_same(one: Place, place: Places) -> None:
    copy = place("copy")
    copied(one, copy)
    with copy.open() as shop:
        ((ack_n,),) = asked(shop, "SELECT ack_n FROM link")
        number = shop.orders.take(sale()).number
        holed(shop, ack_n - 1, ack_n)
        outcomes = copy.sync(shop)
        assert [o.code for o in outcomes if o.code] == ["B"]
        assert (outcomes[-1].pending, outcomes[-1].held) == (0, 0)
    with one.open() as original:
        one.sync(original)
        assert number in numbers(original)


def test_a_log_that_lacks_what_the_server_needs_is_kept_and_does_not_ask_in_a_circle(
    one: Place, place: Places, wire: Wire
) -> None:
    copy = place("copy")
    copied(one, copy)
    refused = [1]

    def parts_earlier(path: str, response: Response) -> Response:
        if path == "/devices/rekey" and refused:
            refused.pop()
            return type(response)(409, b'{"error": "log_parts_earlier"}', None, "identity")
        return response

    wire.after = parts_earlier
    with copy.open() as shop:
        ((ack_n,),) = asked(shop, "SELECT ack_n FROM link")
        half = ack_n // 2
        holed(shop, half, half + 1)
        with pytest.raises(EnvironmentFault, match="server_answer_unclear"):
            copy.sync(shop)
        assert asked(shop, "SELECT ack_n FROM link") == [(half - 1,)]
        assert asked(shop, "SELECT count(*) FROM op WHERE n > ?".replace("?", str(ack_n)))[0][0] > 0


def test_an_identity_that_was_used_up_is_not_taken_from_an_old_answer(
    one: Place, place: Places, wire: Wire
) -> None:
    copy = place("copy")
    copied(one, copy)
    answers: list[Response] = []

    def keep(path: str, response: Response) -> Response:
        if path == "/devices/rekey":
            answers.append(response)
            return answers[0]
        return response

    wire.after = keep
    with copy.open() as shop:
        copy.sync(shop)
        used = identity(shop)
        copy.machine = "another machine"
        renumber_if_copied(shop.store, copy.machine, set())
        with pytest.raises(EnvironmentFault, match="server_answer_unclear"):
            copy.sync(shop)
        assert identity(shop)[0] == used[0]
        wire.after = lambda _path, response: response
        copy.sync(shop)
        assert identity(shop)[0] != used[0]


# ---- the server set back -----------------------------------------------------------------------------


def test_a_server_set_back_gets_everything_again_from_whoever_has_it(
    one: Place, place: Places, wire: Wire
) -> None:
    two = place("two")
    two.pair()
    with one.open() as first, two.open() as second:
        all_synced((one, first), (two, second))
        image = database(wire).serialize()
        first.orders.take(sale_to())
        second.orders.take(sale())
        second.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900", stock_milli=5_000))
        all_synced((one, first), (two, second))
        before, log = numbers(first), asked(first, "SELECT n, hash FROM op ORDER BY n")
        stock = first.stock.items()
        set_back(wire, image)
        two.sync(second)
        one.sync(first)
        all_synced((one, first), (two, second))
        assert numbers(first) == numbers(second) == before
        assert asked(first, "SELECT n, hash FROM op ORDER BY n") == log
        assert first.stock.items() == second.stock.items() == stock
        assert one.sync(first)[-1].agree is True
        assert two.sync(second)[-1].agree is True


def test_what_a_laptop_that_never_returns_had_sent_is_given_back_by_another(
    one: Place, place: Places, wire: Wire
) -> None:
    two = place("two")
    two.pair()
    with one.open() as first:
        one.sync(first)
        image = database(wire).serialize()
        with two.open() as second:
            gone = second.orders.take(sale()).number
            two.sync(second)
        one.sync(first)
        set_back(wire, image)
        one.sync(first)
        assert gone in numbers(first)
        assert one.sync(first)[-1].agree is True
    three = place("three")
    three.pair()
    with three.open() as third:
        three.sync(third)
        assert gone in numbers(third)


def test_what_was_held_is_told_again_by_a_server_set_back(one: Place, wire: Wire) -> None:
    with one.open() as shop:
        image = database(wire).serialize()
        shop.orders.take(sale())
        last = asked(shop, "SELECT max(n) FROM op")[0][0]
        with shop.store.write() as unit:
            unit.connection.exec_driver_sql("UPDATE op SET at_ms = at_ms + 1 WHERE n = ?", (last,))
        shop.stock.move("P001", "1", "purchase")
        assert one.sync(shop)[-1].held == 1
        kept = database(wire).serialize()
        for put_back in (kept, image):
            set_back(wire, put_back)
            last_outcome = one.sync(shop)[-1]
            assert (last_outcome.held, last_outcome.pending) == (1, 0)
