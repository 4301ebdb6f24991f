"""`order` and `customer`: the main job."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

ORDER: dict[str, Any] = {
    "items": [
        {"sku": "P017", "qty": "১.৫"},
        {"sku": "P068-04", "qty": 1, "discount": "৫০০"},
        {"barcode": "2100000010004", "qty": "2", "price": "১৩৫"},
    ],
    "customer": {
        "name": "শারমিন আক্তার",
        "phone": "০১৭১২-৩৪৫৬৭৮",
        "phone2": "+880 1812-345678",
        "address": "বাসা ৩/এ\nরোড ৭",
        "district": "ঢাকা",
        "thana": "মিরপুর",
    },
    "discount": "১০%",
    "delivery": "১২০",
    "payments": [{"method": "bkash", "amount": "১,০০০", "trxid": "dko7a2kq4z"}],
    "rest": "cod",
    "note": "বিকালে ফোন দেবেন",
    "source": "comment",
    "request_id": "r-1",
}
KEYS = {
    *("number", "id", "request_id", "status", "hat", "taken_at", "operator", "customer", "lines", "subtotal"),
    *("discount", "delivery", "rounding", "total", "paid", "due", "cod", "change", "payments", "warnings"),
}


def on_hand(shop: Command, sku: str) -> str:
    return str(shop.json("stock", sku)["items"][0]["on_hand"])


def test_an_order_with_buyer_delivery_advance_and_cod_is_taken(shop: Command, tmp_path: Path) -> None:
    file = tmp_path / "অর্ডার ১.json"
    file.write_text(json.dumps(ORDER), encoding="utf-8")
    taken = shop.json("order", "take", file)
    assert set(taken) >= KEYS
    assert uuid.UUID(taken["id"]).version == 7
    taken_at = dt.datetime.fromisoformat(taken["taken_at"])
    assert taken_at.utcoffset() == dt.timedelta(hours=6)
    assert {name: taken[name] for name in KEYS - {"id", "lines", "customer", "payments"}} == {
        "number": "A-26-000001",
        "request_id": "r-1",
        "status": "confirmed",
        "hat": "2026-11-24",
        "taken_at": "2026-11-24T17:46:00+06:00",
        "operator": "রূপকথা ঘর",
        "subtotal": "7770.00",
        "discount": "777.00",
        "delivery": "120.00",
        "rounding": "0.00",
        "total": "7113.00",
        "paid": "1000.00",
        "due": "6113.00",
        "cod": "6113.00",
        "change": "0.00",
        "warnings": [],
    }
    assert taken["customer"] == {
        "name": "শারমিন আক্তার",
        "phone": "01712345678",
        "phone2": "01812345678",
        "address": "বাসা ৩/এ\nরোড ৭",
        "district": "ঢাকা",
        "thana": "মিরপুর",
    }
    assert taken["lines"][1] == {
        "sku": "P068-04",
        "name": taken["lines"][1]["name"],
        "qty": "1",
        "unit": "pcs",
        "price": "6500.00",
        "discount": "500.00",
        "amount": "6000.00",
    }
    assert taken["lines"][1]["name"].endswith(" – মেরুন")
    assert (taken["lines"][0]["qty"], taken["lines"][0]["amount"]) == ("1.5", "1500.00")
    assert taken["lines"][2]["price"] == "135.00"
    assert taken["payments"] == [
        {"method": "bkash", "amount": "1000.00", "trxid": "DKO7A2KQ4Z", "state": "claimed"}
    ]
    assert shop.json("order", "show", "A-26-000001") == taken
    assert shop.json("order", "show", "a-২৬-০০০০০১") == taken
    assert (on_hand(shop, "P017"), on_hand(shop, "P068-04"), on_hand(shop, "P001")) == ("23.5", "1", "78")
    assert shop.sound()


def test_the_same_request_again_gives_the_same_order_and_writes_nothing(shop: Command) -> None:
    first = shop.take(ORDER)
    before, stock = shop.json("doctor")["operations"], shop.json("stock")
    assert shop.take(ORDER) == first
    assert shop.take({"items": [{"sku": "P001", "qty": 1}], "request_id": "r-1"}) == first
    assert shop.json("doctor")["operations"] == before
    assert shop.json("stock") == stock
    assert shop.take(ORDER | {"request_id": "r-2", "payments": []})["number"] == "A-26-000002"


def test_amounts_may_be_json_numbers_with_the_digits_they_were_written_with(shop: Command) -> None:
    taken = shop.take(
        {"items": [{"sku": "P017", "qty": 0.1, "price": 33.35}], "rest": "due", "delivery": 0.3}
    )
    assert (taken["subtotal"], taken["delivery"], taken["rounding"], taken["total"]) == (
        "3.34",
        "0.30",
        "0.36",
        "4.00",
    )


def test_cash_gives_change_and_other_money_may_not_be_too_much(shop: Command) -> None:
    soap = {"items": [{"sku": "P001", "qty": 1}]}
    taken = shop.take(soap | {"payments": [{"method": "cash", "amount": "500"}]})
    assert (taken["total"], taken["paid"], taken["change"], taken["due"]) == (
        "140.00",
        "140.00",
        "360.00",
        "0.00",
    )
    paid = shop.take(
        soap | {"payments": [{"method": "bkash", "amount": "500", "trxid": "DKO7A2KQ4Z"}]}, code=1
    )
    assert paid["error"] == "overpaid"
    assert paid["params"]["over"] == "360.00"


def test_payments_are_shown_in_the_order_they_were_written(shop: Command) -> None:
    paid = [{"method": "cash", "amount": 100 + n} for n in range(12)]
    taken = shop.take({"items": [{"sku": "P068-01", "qty": 1}], "payments": paid, "rest": "due"})
    assert [p["amount"] for p in taken["payments"]] == [f"{100 + n}.00" for n in range(12)]
    assert shop.json("order", "show", taken["number"]) == taken


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"rest": None}, "rest_missing"),
        ({"items": []}, "order_empty"),
        ({"items": [{"qty": 1}]}, "item_code_missing"),
        ({"items": [{"sku": "P999", "qty": 1}]}, "sku_unknown"),
        ({"items": [{"barcode": "999", "qty": 1}]}, "sku_unknown"),
        ({"items": [{"sku": "P068-01", "qty": "1.5"}]}, "quantity_whole"),
        ({"items": [{"sku": "P017", "qty": "1,5"}]}, "number_ambiguous"),
        ({"items": [{"sku": "P017", "qty": 0}]}, "quantity_not_positive"),
        ({"items": [{"sku": "P017", "qty": -1}]}, "quantity_not_positive"),
        ({"items": [{"sku": "P017", "qty": "1e400"}]}, "quantity_unclear"),
        ({"items": [{"sku": "P017", "qty": 10**30}]}, "quantity_too_big"),
        ({"items": [{"sku": "P017", "qty": 1, "price": "1" + "0" * 20}]}, "money_too_big"),
        ({"items": [{"sku": "P017", "qty": 1, "price": "500%"}]}, "money_unclear"),
        ({"items": [{"sku": "P017", "qty": 1, "discount": "1001"}]}, "discount_above_line"),
        ({"items": [{"sku": "P017", "qty": 1, "discount": "101%"}]}, "percent_too_big"),
        ({"items": [{"sku": "P017", "qty": "1000000", "price": "999999999"}]}, "money_too_big"),
        ({"items": [{"sku": "P001", "qty": 1}] * 1001}, "order_too_long"),
        ({"discount": "99999"}, "discount_above_order"),
        ({"delivery": "-5"}, "money_unclear"),
        ({"customer": {"name": "x", "phone": "0171"}}, "phone_unclear"),
        ({"customer": {"name": "ক" * 201}}, "text_too_long"),
        ({"payments": [{"method": "cod", "amount": 5}]}, "cod_is_not_a_payment"),
        ({"payments": [{"method": "paypal", "amount": 5}]}, "method_unknown"),
        ({"payments": [{"method": "cash", "amount": 5, "trxid": "DKO7A2KQ4Z"}]}, "trxid_on_cash"),
        ({"payments": [{"method": "bkash", "amount": 5, "trxid": "short"}]}, "trxid_unclear"),
        ({"payments": [{"method": "bkash", "amount": 5, "trxid": "DKO7A2KQ4Z"}] * 2}, "trxid_twice"),
        ({"payments": [{"method": "cash", "amount": 0}]}, "payment_empty"),
        ({"rest": "later"}, "order_file_unclear"),
        ({"discont": "5"}, "order_file_unclear"),
        ({"items": [{"sku": 5, "qty": 1}]}, "order_file_unclear"),
        ({"items": [{"sku": "P017", "qty": True}]}, "order_file_unclear"),
        ({"items": {"sku": "P017"}}, "order_file_unclear"),
        ({"customer": "রহিমা"}, "order_file_unclear"),
        ({"note": "x" * 1001}, "text_too_long"),
        ({"request_id": "x" * 101}, "text_too_long"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_takes_no_number_and_no_stock(
    shop: Command, change: dict[str, Any], error: str
) -> None:
    plain = {"items": [{"sku": "P017", "qty": 1}], "rest": "due"}
    before = shop.json("stock")
    assert shop.take(plain | change, code=1)["error"] == error
    assert shop.json("stock") == before
    assert shop.take(plain)["number"] == "A-26-000001"


def test_a_parent_answers_with_the_choices(shop: Command) -> None:
    asked = {"items": [{"sku": "P068", "qty": 1}], "rest": "due"}
    refused = shop.take(asked, code=1)
    assert refused["error"] == "variant_required"
    assert refused["params"]["choices"][3] == {"sku": "P068-04", "size": "", "colour": "মেরুন", "free": "2"}
    spoken = shop("order", "take", "-", stdin=json.dumps(asked).encode())
    assert not spoken.out
    assert "  P068-04  মেরুন  বিক্রির জন্য ২" in spoken.err.splitlines()


def test_selling_more_than_is_there_is_taken_and_marked(shop: Command) -> None:
    taken = shop.take({"items": [{"sku": "P068-04", "qty": 5}], "rest": "due"})
    assert taken["warnings"] == ["oversold"]
    assert on_hand(shop, "P068-04") == "-3"
    found = shop.json("doctor")
    assert found["ok"]
    assert not found["problems"]
    assert found["alerts"][0]["code"] == "oversold"


def test_a_wallet_id_is_taken_once(shop: Command) -> None:
    shop.take(ORDER)
    again = shop.take(ORDER | {"request_id": "other"}, code=1)
    assert again["error"] == "trxid_used"
    assert again["params"]["number"] == "A-26-000001"
    shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})
    assert (
        shop.refuses(
            *("order", "pay", "A-26-000002", "--method", "bkash", "--amount", "10"),
            *("--trxid", "DKO7A2KQ4Z"),
        )
        == "trxid_used"
    )


def test_money_is_received_until_nothing_is_due(shop: Command) -> None:
    shop.take(ORDER)
    part = shop.json("order", "pay", "A-26-000001", "--method", "cash", "--amount", "৬,০০০/-")
    assert (part["paid"], part["due"], part["cod"]) == ("7000.00", "113.00", "113.00")
    assert part["payments"][1] == {"method": "cash", "amount": "6000.00", "trxid": None, "state": "verified"}
    whole = shop.json("order", "pay", "A-26-000001", "--method", "cash", "--amount", "200")
    assert (whole["due"], whole["cod"], whole["change"]) == ("0.00", "0.00", "87.00")
    assert shop.refuses("order", "pay", "A-26-000001", "--method", "cash", "--amount", "1") == (
        "order_paid_already"
    )
    assert shop.sound()


def test_a_cancelled_order_keeps_its_number_gives_goods_back_and_owes_money(shop: Command) -> None:
    shop.take(ORDER)
    stock = shop.json("stock")
    cancelled = shop.json("order", "cancel", "A-26-000001", "--why", "ক্রেতা নেবেন না")
    assert (cancelled["status"], cancelled["due"], cancelled["refund_owed"]) == (
        "cancelled",
        "0.00",
        "1000.00",
    )
    assert on_hand(shop, "P017") == "25"
    assert shop.json("stock") != stock
    assert shop.refuses("order", "cancel", "A-26-000001", "--why", "আবার") == "order_state"
    assert shop.refuses("order", "pay", "A-26-000001", "--method", "cash", "--amount", "1") == (
        "order_takes_no_money"
    )
    assert shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})["number"] == "A-26-000002"
    assert shop.sound()


def test_cancelling_wants_a_reason(shop: Command) -> None:
    shop.take(ORDER)
    assert shop.refuses("order", "cancel", "A-26-000001", "--why", " \u200b") == "reason_missing"
    assert shop.refuses("order", "cancel", "A-26-000001", code=2) == "usage"
    assert shop.json("order", "show", "A-26-000001")["status"] == "confirmed"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("1", "order_number_unclear"),
        ("A-26-000009", "order_unknown"),
        ("' OR 1=1 --", "order_number_unclear"),
    ],
)
def test_an_order_that_is_not_there_is_not_shown(shop: Command, number: str, error: str) -> None:
    assert shop.refuses("order", "show", number) == error
    assert shop.refuses("order", "cancel", number, "--why", "x") == error
    assert shop.refuses("order", "pay", number, "--method", "cash", "--amount", "1") == error
    assert shop.refuses("invoice", number) == error
    assert shop.refuses("receipt", number) == error


def test_orders_are_listed_newest_first_and_filtered(shop: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = {"items": [{"sku": "P001", "qty": 1}], "rest": "due"}
    shop.take(ORDER)
    monkeypatch.setenv("HATKHATA_NOW", "2026-11-25T10:00:00+06:00")
    shop.take(plain)
    shop.json("order", "cancel", "A-26-000002", "--why", "x")
    shop.take(plain)

    def listed(*words: str) -> list[str]:
        found = shop.json("order", "list", *words)
        assert found["count"] == len(found["orders"])
        assert all(set(order) >= KEYS - {"lines"} and "lines" not in order for order in found["orders"])
        return [order["number"][-1] for order in found["orders"]]

    assert listed() == ["3", "2", "1"]
    assert listed("--limit", "২") == ["3", "2"]
    assert listed("--hat", "২০২৬-১১-২৪") == ["1"]
    assert listed("--status", "cancelled") == ["2"]
    assert listed("--since", "২০২৬-১১-২৫") == ["3", "2"]
    assert listed("--since", "2026-11-25T04:00:01Z") == []
    assert shop.refuses("order", "list", "--status", "gone") == "status_unknown"
    assert shop.refuses("order", "list", "--since", "yesterday") == "date_unclear"
    assert shop.refuses("order", "list", "--limit", "0", code=2) == "usage"
    assert shop("order", "list", "--hat", "2020-01-01").lines == ["কোনো অর্ডার নেই"]


def test_people_read_an_order_as_one_would_say_it(shop: Command) -> None:
    spoken = shop("order", "take", "-", stdin=json.dumps(ORDER).encode())
    assert spoken.lines[0].startswith("A-26-000001 · নতুন · মঙ্গল ২৪ নভে ২০২৬ · ৫:৪৬ PM")
    for part in ("০১৭১২-৩৪৫৬৭৮", "১.৫ কেজি × ১,০০০ = ১,৫০০", "মোট ৳৭,১১৩", "কুরিয়ার তুলবে ৳৬,১১৩"):
        assert part in spoken.out
    assert "বিকাশ ৳১,০০০ · TrxID DKO7A2KQ4Z · ক্রেতা বলেছেন" in spoken.out
    assert "নোট: বিকালে ফোন দেবেন" in spoken.out
    shop("settings", "set", "lang", "en")
    shop("settings", "set", "digits", "latin")
    english = shop("order", "show", "A-26-000001").out
    assert "Total ৳7,113" in english
    assert "Courier collects ৳6,113" in english


def test_a_customer_is_found_by_phone_part_of_a_phone_name_and_place(shop: Command) -> None:
    shop.take(ORDER)
    shop.take(ORDER | {"request_id": "r-2", "payments": [], "rest": "due"})
    whole = shop.json("customer", "show", "০১৭১২ ৩৪৫৬৭৮")["customers"][0]
    assert whole == {
        "name": "শারমিন আক্তার",
        "phone": "01712345678",
        "phone2": "01812345678",
        "address": "বাসা ৩/এ\nরোড ৭",
        "district": "ঢাকা",
        "thana": "মিরপুর",
        "orders": 2,
        "delivered": 0,
        "returned": 0,
        "due": "7113.00",  # what the courier collects is not his to bring
    }
    for text in ("01712345678", "+8801712345678", "১৭১২", "শারমিন", "মিরপুর", "01812345678"):
        assert shop.json("customer", "find", text)["customers"] == [whole], text
    assert shop.json("customer", "find", "কেউ নেই")["customers"] == []
    assert shop.refuses("customer", "show", "01999999999") == "customer_unknown"
    assert shop.refuses("customer", "show", "abc") == "phone_unclear"
    assert "শারমিন আক্তার · ০১৭১২-৩৪৫৬৭৮" in shop("customer", "find", "শারমিন").out


def test_a_known_customer_need_not_be_written_again(shop: Command) -> None:
    shop.take(ORDER)
    again = shop.take(
        {"items": [{"sku": "P001", "qty": 1}], "rest": "cod", "customer": {"phone": "01712345678"}}
    )
    assert again["customer"]["name"] == "শারমিন আক্তার"
    assert again["customer"]["district"] == "ঢাকা"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "order_file_empty"),
        (b" \n\t ", "order_file_empty"),
        (b"\xef\xbb\xbf", "order_file_empty"),
        (b"{", "order_file_not_json"),
        (b"not json", "order_file_not_json"),
        (b"[]", "order_file_unclear"),
        (b"null", "order_file_unclear"),
        (b'"x"', "order_file_unclear"),
        (b"{}", "order_file_unclear"),
        (b'{"items": [{"sku": "P017", "qty": NaN}], "rest": "due"}', "order_file_not_json"),
        (b'{"items": [{"sku": "P017", "qty": Infinity}], "rest": "due"}', "order_file_not_json"),
        (b'{"items": [{"sku": "P017", "qty": 1e400}], "rest": "due"}', None),
        (b'{"items": [{"sku": "P017", "qty": 1' + b"0" * 5000 + b'}], "rest": "due"}', None),
        (b'{"items": [{"sku": "P017", "qty": 0.' + b"0" * 5000 + b'1}], "rest": "due"}', None),
        (b'{"items": [{"sku": "P017", "qty": 1}], "rest": "due", "note": "\\ud800"}', None),
        (b'{"items": [{"sku": "P017", "qty": 1}], "rest": "due", "note": "\xff\xfe"}', "order_file_not_json"),
        (b'{"items": [{"sku": "P017", "qty": 1}], "rest": "due"} {}', "order_file_not_json"),
        (b"[" * 100_000, None),
        (b'{"items":' * 50_000, None),
        (
            b'{"items": [{"sku": "P017", "qty": 1}], "rest": "due", "note": "' + b"x" * 3_000_000,
            "order_file_too_big",
        ),
        ('{"items": [{"sku": "P017", "qty": 1}], "rest": "due"}'.encode("utf-16"), "order_file_not_json"),
        (b"PK\x03\x04" + b"\x00" * 100, "order_file_not_json"),
    ],
)
def test_a_file_that_is_no_order_is_refused_with_a_sentence(
    shop: Command, data: bytes, error: str | None
) -> None:
    refused = shop.json("order", "take", "-", stdin=data, code=1)["error"]
    assert error is None or refused == error
    assert shop.json("order", "list")["count"] == 0


def test_a_key_written_twice_is_refused(shop: Command) -> None:
    """Which of the two was meant? A total that hangs on the answer is nobody's order."""
    data = b'{"items": [{"sku": "P017", "qty": 1, "qty": 5}], "rest": "due"}'
    assert shop.refuses("order", "take", "-", stdin=data) in {"order_file_unclear", "order_file_not_json"}


def test_a_byte_order_mark_and_a_nul_do_no_harm(shop: Command) -> None:
    data = b'\xef\xbb\xbf{"items": [{"sku": "P017", "qty": 1}], "rest": "due", "note": "a\\u0000b"}'
    assert shop.json("order", "take", "-", stdin=data)["note"] == "ab"


def test_an_order_file_that_is_not_there_or_is_a_folder_is_told(shop: Command, tmp_path: Path) -> None:
    assert shop.refuses("order", "take", tmp_path / "none.json") == "file_missing"
    assert shop.refuses("order", "take", tmp_path, code=3) == "file_unreadable"
    assert shop.refuses("order", "take", code=2) == "usage"
