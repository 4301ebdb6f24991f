"""A buyer's name, phone, address and words stay where they can be erased, and are gone once they are erased."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from pos.errors import UserError
from pos.services.order_request import CustomerRequest
from pos.shop import open_shop
from tests.shopkeeping import paid, problems, sale

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.paths import ShopPaths
    from pos.shop import Shop

PHONE, SECOND = "01798765432", "01687654321"
CANARIES = (
    "98765432", "87654321", "ক্যানারি", "Canary Begum", "কুয়াশা লেন", "Kuasha Lane", "মৌলভীবাজার", "কমলগঞ্জ",
    "ফোন নয় শুধু বার্তা", "বাড়ি বদলেছেন", "শাশুড়ি পার্সেল ধরবেন",
)  # fmt: skip


def canaries_in(data: bytes) -> list[str]:
    """Which of them are in these bytes, as UTF-8 or as JSON writes it."""
    return [c for c in CANARIES if c.encode() in data or json.dumps(c).strip('"').encode() in data]


def sell_to_the_canary(shop: Shop) -> list[str]:
    buyer = CustomerRequest(
        name="ক্যানারি বেগম",
        phone=f"{PHONE} / {SECOND}",
        address="১ কুয়াশা লেন",
        district="মৌলভীবাজার",
        thana="কমলগঞ্জ",
    )
    changed = CustomerRequest(name="Canary Begum", phone=PHONE, address="9 Kuasha Lane")
    orders = shop.orders
    numbers = [
        orders.take(sale(customer=buyer, note="ফোন নয় শুধু বার্তা", payments=paid("100"))).number,
        orders.take(sale(customer=changed, rest="cod")).number,
    ]
    orders.pay(numbers[0], "bkash", "50", "CKO7A2KQ4Z")
    shop.steps.note(numbers[0], "ফোন নয় শুধু বার্তা, শাশুড়ি পার্সেল ধরবেন")
    orders.cancel(numbers[1], "বাড়ি বদলেছেন")
    with pytest.raises(UserError):
        orders.take(sale("X999", customer=buyer))
    with pytest.raises(UserError):
        shop.customers.show("0179876543")
    assert shop.customers.find("Canary")
    return numbers


def lines(paths: ShopPaths) -> list[dict[str, object]]:
    return [json.loads(line) for line in paths.journal.read_bytes().splitlines()]


def test_nothing_of_a_buyer_is_in_a_body_a_log_a_tip_or_a_setting(shop: Shop) -> None:
    sell_to_the_canary(shop)
    shop.backups.make()
    shop.close()
    for line in lines(shop.paths):
        personal = line.pop("personal")
        assert not canaries_in(json.dumps(line, ensure_ascii=False).encode()), line["kind"]
        assert personal is None or line["kind"] in {
            "customer.added", "customer.edited", "order.confirmed", "order.cancelled", "order.noted",
        }  # fmt: skip
    for path in shop.paths.home.rglob("*"):
        if path.is_file() and path.name not in {"shop.db", "ops.jsonl"} and path.suffix != ".hatkhata":
            assert not canaries_in(path.read_bytes()), path.name
            assert not canaries_in(path.name.encode())
    assert canaries_in(shop.paths.journal.read_bytes()) == list(CANARIES), "each was really there to be found"


def test_after_erasing_not_a_byte_is_left_in_the_shop_and_every_hash_still_verifies(
    shop: Shop, tmp_path: Path
) -> None:
    numbers = sell_to_the_canary(shop)
    before = [shop.orders.show(n) for n in numbers]
    assert shop.customers.erase(PHONE) == 2
    home = shop.paths.home
    for name in ("shop.db", "shop.db-wal", "ops.jsonl", "tip.json"):
        assert not canaries_in((home / name).read_bytes()), f"{name}, the shop being open"
    for old, new in zip(before, [shop.orders.show(n) for n in numbers], strict=True):
        assert new.customer is None
        assert new.note == ""
        assert (new.number, new.lines, new.payments, new.total_paisa, new.status) == (
            old.number, old.lines, old.payments, old.total_paisa, old.status,
        )  # fmt: skip
    shop.close()
    for path in (p for p in home.rglob("*") if p.is_file()):
        assert not canaries_in(path.read_bytes()), path.name
    connection = sqlite3.connect(shop.paths.database)
    connection.execute("VACUUM INTO ?", (str(tmp_path / "vacuumed.db"),))
    connection.close()
    assert not canaries_in((tmp_path / "vacuumed.db").read_bytes())
    assert problems(shop.paths) == []


def test_the_erased_buyer_is_found_no_more_and_may_come_back_as_a_new_one(
    shop: Shop, clock: FixedClock
) -> None:
    sell_to_the_canary(shop)
    shop.customers.erase(PHONE)
    for asked in (PHONE, SECOND, "Canary", "কুয়াশা"):
        assert shop.customers.find(asked) == []
    with pytest.raises(UserError) as error:
        shop.customers.erase(PHONE)
    assert error.value.code == "customer_unknown"
    order = shop.orders.take(sale(customer=CustomerRequest(name="নতুন", phone=PHONE)))
    assert order.customer is not None
    assert (order.customer.name, order.customer.address) == ("নতুন", "")
    shop.close()
    with open_shop(shop.paths, clock) as again:
        assert [c.orders for c in again.customers.find(PHONE)] == [1]
    assert problems(shop.paths) == []


def test_others_stay_when_one_is_erased(shop: Shop) -> None:
    sell_to_the_canary(shop)
    other = shop.orders.take(sale(customer=CustomerRequest(name="অন্যজন", phone="01911223344"), note="থাকবে"))
    shop.customers.erase(PHONE)
    assert shop.orders.show(other.number) == other
    assert [c.name for c in shop.customers.find("01911223344")] == ["অন্যজন"]


def test_what_is_said_in_an_error_never_repeats_a_phone(shop: Shop) -> None:
    with pytest.raises(UserError) as error:
        shop.orders.take(sale(customer=CustomerRequest(name="ক্যানারি", phone="0179876543299")))
    assert not canaries_in(repr(error.value).encode())
