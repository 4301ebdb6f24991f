"""Methods and wallet ids as people type them."""

from __future__ import annotations

import datetime as dt

import pytest

from pos.domain.payments import METHODS, bkash_day, parse_method, parse_trxid, state_of
from pos.errors import UserError


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_read_in_any_letters(method: str) -> None:
    assert parse_method(f" {method.upper()} ") == method


@pytest.mark.parametrize(
    ("text", "code"), [("COD", "cod_is_not_a_payment"), ("gold", "method_unknown"), ("", "method_unknown")]
)
def test_what_is_no_way_to_pay_is_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        parse_method(text)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("method", "text", "trxid"),
    [
        ("bkash", "cko7a2kq4z", "CKO7A2KQ4Z"), ("bkash", " CKO7 A2KQ 4Z\u200b", "CKO7A2KQ4Z"),
        ("nagad", "75ab12cd", "75AB12CD"), ("rocket", "৬৬০০০১২৮৪৫", "6600012845"), ("upay", "01ABC99", "01ABC99"),
        ("card", "Visa 4111 ref 9", "Visa 4111 ref 9"), ("bank", "NPSB/77", "NPSB/77"), ("cash", "", None),
        ("bkash", None, None), ("nagad", "  ", None),
    ],
)  # fmt: skip
def test_an_id_is_kept_in_its_providers_form(method: str, text: str | None, trxid: str | None) -> None:
    assert parse_trxid(method, text) == trxid


@pytest.mark.parametrize(
    ("method", "text", "code"),
    [
        ("bkash", "CKO7A2KQ4", "trxid_unclear"), ("bkash", "CKO7A2KQ4ZZ", "trxid_unclear"),
        ("nagad", "75AB12C!", "trxid_unclear"), ("rocket", "66000128AB", "trxid_unclear"),
        ("upay", "A1", "trxid_unclear"), ("cash", "X1", "trxid_on_cash"), ("card", "x" * 41, "text_too_long"),
    ],
)  # fmt: skip
def test_an_id_of_another_form_is_refused(method: str, text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        parse_trxid(method, text)
    assert error.value.code == code


def test_cash_is_in_the_hand_and_a_wallet_only_says_so() -> None:
    assert {method: state_of(method) for method in METHODS} == dict.fromkeys(METHODS, "claimed") | {
        "cash": "verified"
    }


@pytest.mark.parametrize(
    ("trxid", "day"),
    [
        ("BA1XXXXXXX", dt.date(2024, 1, 1)), ("BLVXXXXXXX", dt.date(2024, 12, 31)),
        ("CKO7A2KQ4Z", dt.date(2025, 11, 24)), ("DBUXXXXXXX", None), ("AA1XXXXXXX", None), ("BM1XXXXXXX", None),
        ("BA0XXXXXXX", None), ("1234567890", None),
    ],
)  # fmt: skip
def test_the_day_in_a_bkash_id_is_read_where_there_is_one(trxid: str, day: dt.date | None) -> None:
    assert bkash_day(trxid) == day


@pytest.mark.parametrize(
    ("typed", "method"),
    [("বিকাশ", "bkash"), (" ক্যাশ ", "cash"), ("নগদ", "nagad"), ("bKash", "bkash"), ("উপায়", "upay")],
)
def test_a_method_may_be_named_as_the_screen_names_it(typed: str, method: str) -> None:
    assert parse_method(typed) == method
