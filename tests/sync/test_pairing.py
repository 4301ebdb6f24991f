"""Pairing: an empty folder, a shop that has not sold, one that has, and everything that stands in the way."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from pos.errors import EnvironmentFault, PosError
from pos.services.catalogue import NewProduct
from pos.store.link import read_link
from pos.store.verify import verify
from tests.shopkeeping import sale
from tests.sync.shops import Place
from tests.sync.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from pos.domain.times import FixedClock
    from pos.sync.transport import Response

    Places = Callable[[str], Place]


def stock_of(place: Place) -> dict[str, int]:
    """What is on hand, by SKU."""
    with place.open() as shop:
        return {row.sku: row.on_hand_milli for row in shop.stock.items()}


def sound(place: Place) -> bool:
    """Whether no rule is broken."""
    with place.open() as shop, shop.store.read() as connection:
        report = verify(connection)
    assert report.ok, report.problems
    return True


@pytest.fixture
def first(place: Places) -> Place:
    """The vendor's first laptop: a filled shop that has sold, founded the vendor and sent everything."""
    one = place("first")
    one.found()
    with one.open() as shop:
        shop.orders.take(sale("P001", "2"))
    assert one.pair().way == "founded"
    one.synced()
    return one


def test_a_shop_that_has_sold_founds_the_vendor_and_keeps_its_numbers(place: Places) -> None:
    one = place("one")
    one.found(code="K")
    with one.open() as shop:
        before = shop.orders.take(sale()).number
    paired = one.pair()
    assert (paired.way, paired.device_code, paired.vendor) == ("founded", "K", "রূপকথা ঘর")
    with one.open() as shop:
        last = one.sync(shop)[-1]
        assert (last.pending, last.held, last.more) == (0, 0, False)
        assert shop.orders.take(sale()).number == before.replace("1", "2")
    assert sound(one)


def test_an_empty_folder_takes_the_vendors_catalogue_and_a_code_of_its_own(
    first: Place, place: Places
) -> None:
    second = place("second")
    paired = second.pair()
    assert (paired.way, paired.device_code) == ("came", "B")
    assert stock_of(second) == stock_of(first)
    with second.open() as shop:
        assert [p.sku for p in shop.catalogue.all()] == ["P001", "P002", "P003", "P004"]
        assert shop.orders.take(sale("P001", "1")).number == "B-26-000001"
        second.sync(shop)
        assert {o.number for o in shop.orders.list()} == {"A-26-000001", "B-26-000001"}
    first.synced()
    assert stock_of(second) == stock_of(first)
    assert sound(first)
    assert sound(second)


def test_its_first_operation_says_that_it_joined(first: Place, place: Places) -> None:
    second = place("second")
    second.pair()
    with second.open() as shop, shop.store.read() as connection:
        row = connection.exec_driver_sql("SELECT kind, body FROM op WHERE n = 1").one()
    assert row.kind == "device.joined"
    assert json.loads(row.body)["code"] == "B"


def test_a_shop_that_has_not_sold_brings_along_what_the_vendor_lacks(first: Place, place: Places) -> None:
    second = place("second")
    second.found(filled=False)
    with second.open() as shop:
        shop.catalogue.add(NewProduct("মধু", 90_000, "kg", sku="P001", stock_milli=7_000))
        shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900", stock_milli=3_000))
        shop.catalogue.add(NewProduct("সরিষার তেল", 20_000, "litre", sku="P901", barcode="8901"))
    paired = second.pair()
    assert (paired.way, paired.device_code, paired.merged) == ("came", "B", 2)
    assert paired.safety is not None
    assert (second.paths.backups / paired.safety).exists()
    second.synced()
    first.synced()
    levels = stock_of(second)
    assert levels == stock_of(first)
    assert (levels["P900"], levels["P001"]) == (3_000, 48_000)
    with second.open() as shop:
        assert shop.catalogue.show("8901").sku == "P001"
        assert shop.catalogue.show("P901").barcode is None
        assert shop.catalogue.show("P001").price_paisa == 100_000
        assert shop.orders.take(sale("P900", "1")).number == "B-26-000001"
    assert sound(second)


def test_a_shop_that_has_sold_joins_where_its_code_is_free(first: Place, place: Places) -> None:
    second = place("second")
    second.found(code="Z", filled=False)
    with second.open() as shop:
        shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900", stock_milli=3_000))
        shop.orders.take(sale("P900", "1"))
    assert second.pair().way == "joined"
    second.synced()
    first.synced()
    with first.open() as shop:
        assert {o.number for o in shop.orders.list()} == {"A-26-000001", "Z-26-000001"}
    assert stock_of(first) == stock_of(second)
    assert sound(first)
    assert sound(second)


def test_a_shop_whose_numbers_are_anothers_is_refused_and_stays_as_it_was(
    first: Place, place: Places
) -> None:
    second = place("second")
    second.found(code="A")
    with second.open() as shop:
        shop.orders.take(sale())
    with pytest.raises(PosError) as caught:
        second.pair()
    assert (caught.value.code, caught.value.params) == ("device_code_taken", {"prefix": "A"})
    with second.open() as shop:
        assert shop.orders.take(sale()).number == "A-26-000002"
        with shop.store.read() as connection:
            assert read_link(connection) is None


def test_a_code_is_good_once_and_typed_as_it_comes(first: Place, place: Places, wire: Wire) -> None:
    code = wire.code()
    second = place("second")
    assert second.pair(f" {code[:4].lower()}-{code[4:]} ").device_code == "B"
    with pytest.raises(PosError, match="pairing_code_wrong"):
        place("third").pair(code)
    assert not place("third").paths.database.exists()


@pytest.mark.parametrize("typed", ["", "1234567", "ABCDEFGHJ", "ABCD EFG!", "কখগঘঙচছজ"])
def test_what_is_no_code_never_goes_to_the_server(typed: str, place: Places, wire: Wire) -> None:
    with pytest.raises(PosError, match="pairing_code_unclear"):
        place("one").pair(typed)
    assert wire.asked == []


def test_the_token_is_kept_for_this_user_alone_and_stands_nowhere_else(first: Place) -> None:
    file = first.paths.home / "tokens.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (token,) = json.loads(file.read_bytes()).values()
    secret = token.rpartition(".")[2]
    others = [p for p in first.paths.home.rglob("*") if p.is_file() and p != file]
    assert others
    assert not [p for p in others if secret.encode() in p.read_bytes()]


def test_cut_off_while_the_records_come_the_same_command_goes_on(
    first: Place, place: Places, wire: Wire
) -> None:
    code, second = wire.code(), place("second")

    def cut(path: str) -> None:
        if path == "/sync/v1/exchange":
            raise EnvironmentFault("server_unreachable", server="x")

    wire.before = cut
    with pytest.raises(EnvironmentFault, match="server_unreachable"):
        second.pair(code)
    assert not second.paths.database.exists()
    wire.before = lambda _path: None
    asked = len(wire.asked)
    assert second.pair(code).device_code == "B"
    assert "/devices/pair" not in wire.asked[asked:]
    assert stock_of(second) == stock_of(first)
    assert not (second.paths.home / ".pairing").exists()


def cut_off(one: Place, code: str) -> None:
    """Pair this place, and let the line break as soon as the vendor's records are asked for."""

    def cut(path: str) -> None:
        if path == "/sync/v1/exchange":
            raise EnvironmentFault("server_unreachable", server="x")

    one.wire.before = cut
    with pytest.raises(EnvironmentFault, match="server_unreachable"):
        one.pair(code)
    one.wire.before = lambda _path: None


def unsold(one: Place) -> None:
    """A shop with a product of its own that has sold nothing."""
    one.found(code="Q", filled=False)
    with one.open() as shop:
        shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900"))


def test_cut_off_while_a_shop_is_replaced_the_same_command_goes_on(
    first: Place, place: Places, wire: Wire
) -> None:
    code, second = wire.code(), place("second")
    unsold(second)
    cut_off(second, code)
    asked = len(wire.asked)
    done = second.pair(code)
    assert (done.way, done.device_code, done.merged) == ("came", "B", 1)
    assert "/devices/pair" not in wire.asked[asked:]
    second.synced()
    assert stock_of(second) == stock_of(first) | {"P900": 0}
    assert not (second.paths.home / ".pairing").exists()


def test_work_between_two_tries_stops_a_merge_and_is_kept(first: Place, place: Places, wire: Wire) -> None:
    code, second = wire.code(), place("second")
    unsold(second)
    cut_off(second, code)
    with second.open() as shop:
        shop.stock.move("P900", "3", "purchase")
        assert shop.orders.take(sale("P900", "1")).number == "Q-26-000001"
    with pytest.raises(PosError, match="pair_shop_changed"):
        second.pair(code)
    assert stock_of(second) == {"P900": 2_000}
    assert second.pair().way == "joined"


@pytest.mark.parametrize(
    ("met", "told"),
    [
        ("no_internet", "pairing_unanswered"),
        ("server_unreachable", "pairing_unanswered"),
        ("server_busy", "pairing_not_now"),
        ("network_login", "network_login"),
    ],
)
def test_whoever_waits_for_pairing_is_not_told_that_it_goes_on_by_itself(
    place: Places, wire: Wire, met: str, told: str
) -> None:
    one, code = place("one"), wire.code()

    def cut(path: str) -> None:
        raise EnvironmentFault(met, server="x")

    wire.before = cut
    with pytest.raises(EnvironmentFault) as fault:
        one.pair(code)
    assert fault.value.code == told
    wire.before = lambda _path: None
    assert one.pair(code).device_code == "A"


def test_another_code_begins_anew_after_it_was_cut_off(first: Place, place: Places, wire: Wire) -> None:
    second = place("second")

    def cut(path: str) -> None:
        if path == "/sync/v1/exchange":
            raise EnvironmentFault("server_unreachable", server="x")

    wire.before = cut
    with pytest.raises(EnvironmentFault):
        second.pair()
    wire.before = lambda _path: None
    assert second.pair().device_code == "C"


def test_the_first_laptop_of_a_vendor_may_be_an_empty_folder(place: Places) -> None:
    one = place("one")
    paired = one.pair()
    assert (paired.way, paired.device_code) == ("came", "A")
    with one.open() as shop:
        assert shop.configuration.get("shop.name") == "রূপকথা ঘর"
        shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900", stock_milli=3_000))
        assert shop.orders.take(sale("P900", "1")).number == "A-26-000001"
        one.sync(shop)
    two = place("two")
    two.pair()
    assert stock_of(two) == stock_of(one) == {"P900": 2_000}
    assert sound(one)


def test_a_laptop_whose_token_is_lost_is_paired_again_and_goes_on(first: Place) -> None:
    (first.paths.home / "tokens.json").unlink()
    with first.open() as shop:
        shop.orders.take(sale())
        with pytest.raises(PosError, match="login_needed"):
            first.sync(shop)
    assert first.pair().way == "renewed"
    with first.open() as shop:
        last = first.sync(shop)[-1]
        assert (last.pending, last.held) == (0, 0)
        assert shop.orders.take(sale()).number == "A-26-000003"
    assert sound(first)


def test_a_server_that_begins_anew_is_founded_again_from_what_is_here(
    first: Place, place: Places, now: FixedClock
) -> None:
    with first.open() as shop:
        shop.orders.take(sale())
    first.wire = Wire(now)
    assert first.pair().way == "founded"
    with first.open() as shop:
        first.sync(shop)
        last = first.sync(shop)[-1]
        assert (last.pending, last.held, last.agree) == (0, 0, True)
    second = Place(place("second").paths.home, now, first.wire)
    second.pair()
    second.synced()
    assert stock_of(second) == stock_of(first)
    assert sound(second)


def test_the_books_of_two_vendors_are_not_mixed(first: Place, wire: Wire) -> None:
    wire.office.pairing_code("অন্য দোকান")
    other = wire.office.pairing_code("অন্য দোকান").code
    with pytest.raises(PosError) as caught:
        first.pair(other)
    assert caught.value.code == "paired_elsewhere"
    with first.open() as shop:
        shop.orders.take(sale())
        assert first.sync(shop)[-1].pending == 0


def test_a_page_of_the_network_in_place_of_the_server_changes_nothing(place: Places, wire: Wire) -> None:
    def portal(_path: str, _response: Response) -> Response:
        return type(_response)(200, b"<html>login</html>", None, "identity")

    wire.after = portal
    with pytest.raises(EnvironmentFault, match="server_answer_unclear"):
        place("one").pair()
    assert not place("one").paths.database.exists()


def test_work_in_the_shop_meanwhile_stops_a_merge(first: Place, place: Places, wire: Wire) -> None:
    second = place("second")
    second.found(code="Q", filled=False)

    def meanwhile(path: str) -> None:
        if path == "/sync/v1/exchange":
            wire.before = lambda _path: None
            with second.open() as shop:
                shop.catalogue.add(NewProduct("নকশি কাঁথা", 250_000, "piece", sku="P900"))

    wire.before = meanwhile
    with pytest.raises(PosError, match="pair_shop_changed"):
        second.pair()
    with second.open() as shop:
        assert [p.sku for p in shop.catalogue.all()] == ["P900"]
    assert second.pair().merged == 1
