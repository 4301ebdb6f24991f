"""`verify` sees what must not be: every rule of the shop is broken by hand once, behind the shop's back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pos.services.health import examine
from pos.store import journal
from pos.store.verify import Problem
from tests.shopkeeping import PHONE, busy_day, copy_file, founded, problems, sale, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.paths import ShopPaths
    from pos.shop import Shop

FIRST = "(SELECT id FROM orders WHERE series_no = 1)"
SPOILT = {
    "a total": ("UPDATE orders SET total_paisa = total_paisa + 100 WHERE series_no = 1", "order_total_wrong"),
    "a subtotal": ("UPDATE orders SET subtotal_paisa = subtotal_paisa + 1", "order_total_wrong"),
    "a line's amount": ("UPDATE order_line SET amount_paisa = amount_paisa + 1", "line_amount_wrong"),
    "a line's quantity": ("UPDATE order_line SET qty_milli = qty_milli + 1000", "sale_not_its_lines"),
    "what is due": ("UPDATE orders SET due_paisa = due_paisa + 1 WHERE series_no = 1", "order_due_wrong"),
    "what was paid": ("UPDATE orders SET paid_paisa = paid_paisa + 1 WHERE series_no = 1", "order_due_wrong"),
    "what the courier collects": (
        "UPDATE orders SET cod_paisa = cod_paisa - 1 WHERE series_no = 1", "order_due_wrong"
    ),
    "a payment": ("UPDATE payment SET amount_paisa = amount_paisa + 1", "order_due_wrong"),
    "a payment taken away": (f"DELETE FROM payment WHERE order_id = {FIRST}", "order_due_wrong"),
    "a refund never paid for": (
        ("INSERT INTO payment SELECT randomblob(16), order_id, 'refund', method, 99999999, NULL, state, at_ms,"
        f" operator_id, device_id FROM payment WHERE order_id = {FIRST}"), "refund_above_paid"
    ),
    "an owed refund": ("UPDATE owed_refund SET amount_paisa = 1", "owed_refund_missing"),
    "an owed refund taken away": ("DELETE FROM owed_refund", "owed_refund_missing"),
    "stock": ("UPDATE variant SET on_hand_milli = on_hand_milli + 1 WHERE sku = 'P003'", "stock_not_its_movements"),
    "a movement": ("UPDATE stock_move SET qty_milli = 7 WHERE kind = 'adjustment'", "stock_not_its_movements"),
    "a movement taken away": (
        f"DELETE FROM stock_move WHERE order_id = {FIRST}", "sale_not_its_lines"
    ),
    "goods that came back": ("DELETE FROM stock_move WHERE reversal", "cancelled_sale_not_returned"),
    "a sale of nothing": (
        ("INSERT INTO stock_move SELECT randomblob(16), variant_id, 'sale', 0, NULL, NULL, 0, '', 1, operator_id,"
        " device_id FROM stock_move LIMIT 1"), "movement_without_line"
    ),
    "a product without anything to sell": (
        "DELETE FROM variant WHERE sku = 'P004'", "sale_of_parent"
    ),
    "a number skipped": ("UPDATE series SET last_no = last_no + 1", "number_gap"),
    "an order taken away": ("DELETE FROM orders WHERE series_no = 2", "number_gap"),
    "an order's number": ("UPDATE orders SET number = 'A-26-000099' WHERE series_no = 1", "number_not_its_series"),
    "an operation taken away": ("DELETE FROM op WHERE n = 5", "log_gap"),
    "an operation's values": ("UPDATE op SET body = replace(body, 'P003', 'P009')", "chain_broken"),
    "an operation's hash": ("UPDATE op SET hash = zeroblob(32) WHERE n = 5", "chain_broken"),
    "an operation's time": ("UPDATE op SET at_ms = at_ms + 1 WHERE n = 5", "chain_broken"),
    "a commitment": (
        "UPDATE op SET commitment = zeroblob(32) WHERE n = (SELECT min(n) FROM op WHERE personal IS NOT NULL)",
        "personal_part_altered",
    ),
    "a buyer's words in the log": (
        "UPDATE op SET personal = replace(personal, '1712', '1713') WHERE personal IS NOT NULL",
        "personal_part_altered",
    ),
    "a name on a line": ("UPDATE order_line SET name_bn = 'পানি'", "order_unlike_its_operation"),
    "a time": ("UPDATE orders SET taken_at_ms = taken_at_ms + 1", "order_unlike_its_operation"),
    "a hat": ("UPDATE orders SET hat_on = '2026-11-17'", "order_unlike_its_operation"),
    "a wallet id": ("UPDATE payment SET trxid = '75AB12CE' WHERE method = 'nagad'", "order_unlike_its_operation"),
    "an address on an order": ("UPDATE order_buyer SET address = 'মিরপুর ১১'", "order_unlike_its_operation"),
    "a reason": ("UPDATE order_event SET why = 'ভুল' WHERE kind = 'cancelled'", "order_unlike_its_operation"),
    "a state": (
        "UPDATE orders SET status = 'packed' WHERE status = 'confirmed'", "order_unlike_its_operation"
    ),
    "what a movement was for": (
        "UPDATE stock_move SET kind = 'damage' WHERE kind = 'adjustment'", "stock_unlike_its_operations"
    ),
    "an operation's order of lines": (
        "UPDATE order_line SET variant_id = (SELECT id FROM variant WHERE sku = 'P004')", "sale_not_its_lines"
    ),
    "a link": ("UPDATE orders SET operator_id = randomblob(16)", "link_broken"),
}  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> ShopPaths:
    """A shop after a busy day, to be copied."""
    from pos.domain.times import FixedClock
    from pos.shop import open_shop
    from tests.shopkeeping import IN_A_HAT

    paths = founded(tmp_path_factory.mktemp("day") / "shop")
    with open_shop(paths, FixedClock(IN_A_HAT)) as shop:
        busy_day(shop)
    return paths


def at(day: ShopPaths, home: Path) -> ShopPaths:
    home.mkdir()
    paths = type(day)(home)
    for source, target in (
        (day.database, paths.database),
        (day.tip, paths.tip),
        (day.journal, paths.journal),
    ):
        copy_file(source, target)
    return paths


@pytest.mark.parametrize("what", SPOILT)
def test_something_altered_is_seen_and_named(what: str, day: ShopPaths, tmp_path: Path) -> None:
    sql, code = SPOILT[what]
    paths = at(day, tmp_path / "shop")
    assert problems(paths) == []
    spoil(paths.database, sql)
    assert code in problems(paths)


def test_a_busy_day_leaves_no_problem_and_no_alert(day: ShopPaths) -> None:
    health = examine(day)
    assert health.report.ok
    assert health.report.alerts == []
    assert set(health.report.checks) >= {"sqlite", "links", "M1", "M2", "S1", "N1", "A1", "A2", "D1"}
    assert all(health.report.checks.values())
    assert health.orders == 4
    assert health.operations == journal.read_tip(day).n  # type: ignore[union-attr]


def test_a_tip_beyond_the_database_is_seen_with_how_much_is_missing(shop: Shop) -> None:
    shop.orders.take(sale())
    shop.close()
    tip = json.loads(shop.paths.tip.read_bytes())
    shop.paths.tip.write_text(json.dumps(tip | {"n": tip["n"] + 3}))
    assert examine(shop.paths).report.problems == [Problem("database_older_than_journal", 3)]


def test_another_operation_at_the_tips_place_is_seen(shop: Shop) -> None:
    shop.close()
    tip = json.loads(shop.paths.tip.read_bytes())
    shop.paths.tip.write_text(json.dumps(tip | {"hash": "00" * 32}))
    assert problems(shop.paths) == ["database_not_the_journals"]


def test_a_series_below_what_was_given_is_seen(shop: Shop) -> None:
    shop.orders.take(sale())
    shop.close()
    tip = json.loads(shop.paths.tip.read_bytes())
    shop.paths.tip.write_text(json.dumps(tip | {"series": {"A-26": 9, "B-26": 1}}))
    assert examine(shop.paths).report.problems == [Problem("series_below_high_water", 2, ("A-26", "B-26"))]


def test_selling_below_zero_is_an_alert_and_never_a_problem(shop: Shop) -> None:
    assert shop.orders.take(sale("P004", "3")).warnings == ("oversold",)
    shop.close()
    report = examine(shop.paths).report
    assert report.ok
    assert report.alerts == [Problem("oversold", 1, ("P004",))]


def test_blanking_an_erased_buyer_is_no_problem(shop: Shop) -> None:
    busy_day(shop)
    shop.customers.erase(PHONE)
    shop.close()
    assert problems(shop.paths) == []
