"""`init`, `settings` and `hat`."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def test_a_shop_is_founded_in_a_folder_that_is_not_there_yet(command: Command) -> None:
    made = command.json("init", "--vendor", "রূপকথা ঘর", "--phone", "০১৭৩৩-৪৫৬৭৮৯")
    assert made == {"vendor": "রূপকথা ঘর", "device_code": "A", "home": str(command.home)}
    assert command.json("settings", "get", "shop.phone") == {"settings": {"shop.phone": "01733456789"}}
    assert command.sound()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps such rights in lists of its own")
def test_a_new_shops_folder_is_its_owners_alone(command: Command) -> None:
    command("init", "--vendor", "রূপকথা ঘর", "--phone", "01733456789")
    assert stat.S_IMODE(command.home.stat().st_mode) == 0o700


def test_an_existing_empty_folder_is_fine_and_a_prefix_is_raised(command: Command) -> None:
    command.home.mkdir()
    made = command.json("init", "--vendor", "x", "--phone", "01733456789", "--prefix", "bk", "--lang", "en")
    assert made["device_code"] == "BK"
    assert command.json("settings", "get", "lang")["settings"] == {"lang": "en"}
    assert command.json("settings", "get", "digits")["settings"] == {"digits": "latin"}


def test_a_second_shop_is_not_put_over_the_first(shop: Command) -> None:
    assert shop.refuses("init", "--vendor", "y", "--phone", "01733456789") == "shop_exists"
    assert len(shop.json("stock")["items"]) == 273


def test_a_lost_shop_beside_its_journal_never_becomes_an_empty_one(shop: Command) -> None:
    for name in ("shop.db", "shop.db-wal", "shop.db-shm"):
        (shop.home / name).unlink(missing_ok=True)
    assert shop.refuses("stock") == "shop_lost"
    assert shop.refuses("init", "--vendor", "y", "--phone", "01733456789") == "shop_lost"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--vendor", " \u200b ", "--phone", "01733456789"), "name_empty"),
        (("--vendor", "x" * 201, "--phone", "01733456789"), "text_too_long"),
        (("--vendor", "x", "--phone", "0173345678"), "phone_unclear"),
        (("--vendor", "x", "--phone", "01733456789", "--prefix", "ABC"), "device_code_unclear"),
        (("--vendor", "x", "--phone", "01733456789", "--prefix", "১"), "device_code_unclear"),
    ],
)
def test_what_a_shop_cannot_be_founded_with_is_refused_and_leaves_nothing(
    command: Command, words: tuple[str, ...], error: str
) -> None:
    assert command.refuses("init", *words) == error
    assert command.refuses("stock") == "shop_missing"


def test_every_command_without_a_shop_says_how_to_found_one(command: Command) -> None:
    answer = command("find", "মধু")
    assert answer.code == 1
    assert not answer.out
    assert "hatkhata init" in answer.err


def test_settings_are_shown_whole_singly_and_after_a_change(shop: Command) -> None:
    everything = shop.json("settings", "get")["settings"]
    assert everything["shop.name"] == "রূপকথা ঘর"
    assert everything["shop.phone"] == "01733456789"
    assert everything["refund.days"] == 10
    assert shop.json("settings", "set", "refund.days", "১২") == {"settings": {"refund.days": 12}}
    assert shop.json("settings", "get", "refund.days") == {"settings": {"refund.days": 12}}
    assert shop("settings", "set", "paper.invoice", "a5").lines == ["paper.invoice = A5"]
    assert shop.json("settings", "set", "shop.phone", "+880 1812-345678")["settings"] == {
        "shop.phone": "01812345678"
    }
    assert shop.json("settings", "set", "hat.opens", "৯:৩০")["settings"] == {"hat.opens": "09:30"}
    assert shop.json("settings", "set", "hat.weekdays", "Friday, sat")["settings"] == {
        "hat.weekdays": "fri,sat"
    }
    assert shop.json("settings", "set", "hat.anchor", "২০২৬-১১-২৪=২৬১")["settings"] == {
        "hat.anchor": "2026-11-24=261"
    }
    assert shop.sound()


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("shop.nmae", "x", "setting_unknown"),
        ("lang", "fr", "setting_choice"),
        ("refund.days", "-1", "setting_number"),
        ("refund.days", "1_0", "setting_number"),
        ("refund.days", "9" * 5000, "text_too_long"),
        ("shop.name", "\u2800", "name_empty"),
        ("shop.phone", "12", "phone_unclear"),
        ("hat.opens", "25:00", "clock_time_unclear"),
        ("hat.weekdays", "tue,holiday", "setting_choice"),
        ("hat.anchor", "tomorrow=1", "date_unclear"),
        ("hat.anchor", "2026-11-24", "hat_anchor_unclear"),
        ("hat.anchor", "2026-11-24=²", "hat_anchor_unclear"),
        ("money.rounding", "", "setting_choice"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_the_old_value_stays(
    shop: Command, key: str, value: str, error: str
) -> None:
    before = shop.json("settings", "get")
    assert shop.refuses("settings", "set", key, value) == error
    assert shop.json("settings", "get") == before


def test_a_hat_cannot_end_before_it_begins_by_settings_either(shop: Command) -> None:
    shop("settings", "set", "hat.closes", "08:00")
    assert shop("hat", "list").code in (0, 1)
    assert shop("order", "list").code == 0


def test_the_calendar_is_listed_with_times_and_states(shop: Command) -> None:
    shop("settings", "set", "hat.anchor", "2026-11-24=261")
    hats = shop.json("hat", "list")["hats"]
    today = next(hat for hat in hats if hat["date"] == "2026-11-24")
    assert today == {
        "date": "2026-11-24",
        "opens_at": "2026-11-24T09:00:00+06:00",
        "closes_at": "2026-11-24T21:00:00+06:00",
        "ordinal": 261,
        "state": "live",
    }
    assert {hat["state"] for hat in hats} == {"over", "live", "upcoming"}


def test_a_hat_is_added_moved_and_cancelled_with_bangla_digits(shop: Command) -> None:
    added = shop.json("hat", "add", "২০২৬-১১-২৫", "--opens", "১০:০০", "--ordinal", "২৬২")["hats"]
    assert added == [
        {
            "date": "2026-11-25",
            "opens_at": "2026-11-25T10:00:00+06:00",
            "closes_at": "2026-11-25T21:00:00+06:00",
            "ordinal": 262,
            "state": "upcoming",
        }
    ]
    assert shop.json("hat", "cancel", "২০২৬-১১-২৫")["hats"][0]["state"] == "cancelled"
    assert shop.refuses("hat", "cancel", "2026-11-25") == "hat_cancelled_already"
    assert shop.refuses("hat", "cancel", "2026-11-26") == "hat_not_there"
    assert shop.refuses("hat", "add", "2026-11-24") == "hat_there_already"
    assert shop.refuses("hat", "add", "2026-02-30") == "date_unclear"
    assert (
        shop.refuses("hat", "add", "2026-11-26", "--opens", "21:00", "--closes", "9:00")
        == "hat_hours_unclear"
    )
    assert shop.refuses("hat", "add", "2026-11-26", "--ordinal", "0", code=2) == "usage"
    assert shop.sound()


def test_an_order_outside_any_hat_has_none(shop: Command) -> None:
    shop("hat", "cancel", "2026-11-24")
    order = shop.take({"items": [{"sku": "P001", "qty": 1}], "rest": "due"})
    assert order["hat"] is None


def test_a_device_file_that_does_not_read_stops_nothing(shop: Command) -> None:
    for broken in (b"", b"{", b"[1]", b'{"lang": 5}', json.dumps({"lang": "xx"}).encode(), b"\xff\xfe"):
        (shop.home / "device.json").write_bytes(broken)
        assert shop.json("find", "মধু")["results"]
