"""`hatkhata pair` and `hatkhata sync`: two folders, a server that comes and goes, and what is said about it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from pos.domain.pairing_link import pairing_link
from pos.domain.times import FixedClock
from tests.keyless import no_keyring
from tests.sync.wire import Wire, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Command

__all__ = ["no_keyring"]

NOW = dt.datetime(2026, 11, 24, 17, 46)


@pytest.fixture
def wire() -> Wire:
    """An empty server's core."""
    return Wire(FixedClock(NOW))


@pytest.fixture
def server(wire: Wire) -> Iterator[str]:
    """The server behind a real port; its address."""
    with served(wire) as address:
        yield address


@pytest.fixture
def away() -> str:
    """An address of this computer at which nobody answers."""
    with served(Wire(FixedClock(NOW))) as address:
        return address


@pytest.fixture
def other(shop: Command, tmp_path: Path) -> Command:
    """The command on an empty folder."""
    return type(shop)(tmp_path / "other", shop._patch, shop._captured)


def order(sku: str = "P001") -> dict[str, Any]:
    """One piece, paid later."""
    return {"items": [{"sku": sku, "qty": 1}], "rest": "due"}


def test_a_shop_founds_its_vendor_and_an_empty_folder_joins_it(
    shop: Command, other: Command, wire: Wire, server: str
) -> None:
    first = shop.json("pair", server, wire.code())
    assert (first["vendor"], first["device_code"], first["server"]) == ("রূপকথা ঘর", "A", server)
    assert first["way"] == "founded"
    second = other.json("pair", server, wire.code())
    assert (second["device_code"], second["way"]) == ("B", "came")
    assert other.json("stock") == shop.json("stock")


def test_a_link_pairs_as_its_address_and_its_code_would(
    shop: Command, other: Command, wire: Wire, server: str
) -> None:
    link = pairing_link(server, wire.code())
    assert other.refuses("pair", link[:20]) == "pairing_link_unclear"
    assert other.refuses("pair", pairing_link("http://hat.example", "ABCD2345")) == "server_not_secure"
    assert other.refuses("pair", pairing_link(server, "ABCD")) == "pairing_code_unclear"
    assert other.refuses("pair", server, code=2) == "usage"
    first = shop.json("pair", link)
    assert (first["server"], first["way"]) == (server, "founded")


def test_two_laptops_sell_without_a_server_and_agree_when_it_is_back(
    shop: Command, other: Command, wire: Wire
) -> None:
    with served(wire) as address:
        shop.json("pair", address, wire.code())
        other.json("pair", address, wire.code())
        port = address.rpartition(":")[2]
    assert port
    numbers = [shop.take(order())["number"] for _ in range(3)] + [
        other.take(order())["number"] for _ in range(3)
    ]
    assert len(set(numbers)) == 6
    refused = shop.json("sync", code=3)
    assert refused["error"] == "server_unreachable"
    status = shop.json("sync", "status", code=3)
    assert (status["state"], status["pending"] > 0) == ("server_unreachable", True)


def test_sync_answers_what_it_did_and_then_that_nothing_is_left(
    shop: Command, other: Command, wire: Wire, server: str
) -> None:
    shop.json("pair", server, wire.code())
    other.json("pair", server, wire.code())
    for command in (shop, other):
        for _ in range(2):
            command.take(order())
    done = shop.json("sync")
    assert {"state", "sent", "received", "pending", "held", "conflicts"} <= set(done)
    assert (done["state"], done["sent"] >= 2, done["pending"], done["held"]) == ("synced", True, 0, 0)
    other.json("sync")
    shop.json("sync")
    assert shop.json("stock") == other.json("stock")
    numbers = [{o["number"] for o in c.json("order", "list")["orders"]} for c in (shop, other)]
    assert numbers[0] == numbers[1] == {"A-26-000001", "A-26-000002", "B-26-000001", "B-26-000002"}
    nothing = shop.json("sync")
    assert (nothing["sent"], nothing["received"]) == (0, 0)
    status = shop.json("sync", "status")
    assert (status["state"], status["pending"], status["server"]) == ("synced", 0, server)
    assert shop.sound()
    assert other.sound()


def test_verify_shows_the_same_tables_on_both_and_the_oversold_alert(
    shop: Command, other: Command, wire: Wire, server: str
) -> None:
    shop.json("pair", server, wire.code())
    other.json("pair", server, wire.code())
    on_hand = float(shop.json("stock", "P001")["items"][0]["on_hand"])
    for command in (shop, other):
        command.take({"items": [{"sku": "P001", "qty": str(on_hand)}], "rest": "due"})
    for command in (shop, other, shop):
        command.json("sync")
    found = [command.json("sync", "verify") for command in (shop, other)]
    assert all(one["agrees"] for one in found)
    assert found[0]["tables"] == found[1]["tables"]
    for one in found:
        assert [(a["code"], a["where"]) for a in one["alerts"]] == [("oversold", ["P001"])]
        assert one["alerts"][0]["message"]


def test_a_shop_that_is_alone_says_so(shop: Command) -> None:
    assert shop.refuses("sync") == "not_paired"
    assert shop.refuses("sync", "verify") == "not_paired"
    assert shop.json("sync", "status")["state"] == "not_paired"


def test_pairing_says_what_is_wrong_and_changes_nothing(
    shop: Command, other: Command, wire: Wire, server: str, away: str
) -> None:
    assert other.refuses("pair", server, "ABCDEFGH") == "pairing_code_wrong"
    assert other.refuses("pair", server, "1") == "pairing_code_unclear"
    assert other.refuses("pair", "http://hat.example", "ABCDEFGH") == "server_not_secure"
    assert other.refuses("pair", "not an address", "ABCDEFGH") == "server_address_unclear"
    assert other.refuses("pair", away, wire.code(), code=3) == "pairing_unanswered"
    assert other.refuses("stock") == "shop_missing"
    assert shop.json("pair", server, wire.code())["way"] == "founded"
    shop.take(order())


def test_who_pairs_with_nothing_is_told_what_to_give(shop: Command) -> None:
    assert shop.json("pair", code=2)["params"]["missing"] == "LINK|URL"
    assert shop.json("pair", "https://hat.example", code=2)["params"]["missing"] == "CODE"
    assert "LINK|URL [CODE]" in shop("pair").err


def test_it_says_it_to_people_in_their_language(
    shop: Command, other: Command, wire: Wire, server: str
) -> None:
    assert "সার্ভারে শুরু হলো" in shop("pair", server, wire.code()).out
    shop.take(order())
    lines = shop("sync").lines
    assert lines[0] == "সার্ভারে সব আছে।"
    assert "পাঠানো ১" in lines[1]
    assert "সব মেলে" in shop("sync", "verify").out
    assert "বিক্রি করা যাবে" in other("pair", server, wire.code()).out
    other("settings", "set", "lang", "en")
    assert other("sync").lines[0] == "The server has everything."


def test_a_laptop_that_was_taken_out_hears_it(shop: Command, wire: Wire, server: str) -> None:
    shop.json("pair", server, wire.code())
    with wire.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET revoked_at_ms = 1")
    shop.take(order())
    done = shop.json("sync")
    assert (done["state"], done["pending"], done["held"] > 0) == ("revoked", 0, True)
    assert shop.json("sync", "status")["state"] == "revoked"


def test_the_token_stands_in_no_log_and_no_answer(shop: Command, wire: Wire, server: str) -> None:
    said = shop("pair", server, wire.code(), "--json").out + shop("sync").out
    token = (shop.home / "tokens.json").read_text(encoding="ascii").split('"')[3]
    assert token.startswith("hk1.")
    assert token not in said
    for file in (shop.home / "logs").rglob("*"):
        assert token not in file.read_text(encoding="utf-8")
