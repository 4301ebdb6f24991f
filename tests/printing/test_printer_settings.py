"""The settings of the printer: an address is taken in every way that people write it, and a slip is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.times import FixedClock
from pos.errors import UserError
from pos.printing.output import receipt_width
from pos.settings import SETTINGS, host_and_port
from pos.shop import open_shop
from tests.shopkeeping import IN_A_HAT, founded

if TYPE_CHECKING:
    import ipaddress
    from pathlib import Path


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("192.168.0.50:9100", "192.168.0.50", 9100),
        ("  192.168.0.50  ", "192.168.0.50", 9100),
        ("১৯২.১৬৮.০.৫০:৯১০০", "192.168.0.50", 9100),
        ("printer.local:9101", "printer.local", 9101),
        ("XP-80C", "XP-80C", 9100),
        ("[fe80::1]:9100", "fe80::1", 9100),
        ("[::1]", "::1", 9100),
    ],
)
def test_an_address_is_read_in_the_ways_it_is_written(typed: str, host: str, port: int) -> None:
    assert host_and_port(typed) == (host, port)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", ":9100", "192.168.0.500:9100", "192.168.0:9100", "192.168.0.50:0", "192.168.0.50:65536"),
        *(
            "192.168.0.50:",
            "192.168.0.50:98x",
            "192.168.0.50:9100:9100",
            "fe80::1",
            "[192.168.0.50]:9100",
            "[]",
        ),
        *(
            "http://192.168.0.50",
            "my printer:9100",
            "-printer",
            "printer-",
            "a..b",
            ".local",
            "a" * 64,
            "a." * 127,
        ),
        *("প্রিন্টার", "192.168.0.50\n:9100", "192.168.0.50;reboot", "192.168.0.-1", "¹.²", "[printer]:9100"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as raised:
        host_and_port(typed)
    assert raised.value.code == "printer_address_unclear"


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused_and_what_is_stored_reads_the_same_again(text: str) -> None:
    check = SETTINGS["printer.address"].check
    try:
        stored = str(check(text))
    except UserError:
        return
    assert check(stored) == stored
    if stored:
        host, port = host_and_port(stored)
        assert host_and_port(text) == (host, port)


@given(st.ip_addresses(), st.integers(1, 65_535))
def test_every_address_with_numbers_comes_back(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int
) -> None:
    written = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    assert SETTINGS["printer.address"].check(written) == written
    assert host_and_port(written) == (str(address), port)


def test_the_printer_of_a_device_is_kept_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    paths, clock = founded(tmp_path / "shop"), FixedClock(IN_A_HAT)
    with open_shop(paths, clock) as shop:
        put = shop.configuration.put
        assert [shop.configuration.get(f"printer.{key}") for key in ("kind", "name", "address")] == [
            "none",
            "",
            "",
        ]
        assert put("printer.kind", "TCP") == "tcp"
        assert put("printer.name", "রশিদের প্রিন্টার") == "রশিদের প্রিন্টার"
        assert put("printer.address", "১৯২.১৬৮.০.৫০") == "192.168.0.50:9100"
        for key, text, code in (
            ("printer.kind", "usb", "setting_choice"),
            ("printer.address", "192.168.0.999", "printer_address_unclear"),
        ):
            with pytest.raises(UserError) as raised:
                put(key, text)
            assert raised.value.code == code
    with open_shop(paths, clock) as shop:
        values = shop.configuration.all()
        assert (values["printer.kind"], values["printer.address"]) == ("tcp", "192.168.0.50:9100")
        assert shop.configuration.put("printer.address", " ") == ""
        assert receipt_width(values) == 80
        shop.configuration.put("paper.receipt", "58")
        assert receipt_width(shop.configuration.all()) == 58
