"""Names of units, methods and states."""

from __future__ import annotations

from pos.domain.text import nfc
from pos.domain.units import UNITS
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.unit_names import method_name, status_name, unit_name


def test_units_are_named_as_on_the_invoice() -> None:
    names = [unit_name(unit, BANGLA) for unit in ("pcs", "kg", "litre", "set", "pair", "dozen")]
    assert names == [nfc(name) for name in ("টি", "কেজি", "লিটার", "সেট", "জোড়া", "ডজন")]
    assert unit_name("kg", ENGLISH) == "kg"


def test_every_unit_has_a_name_in_bangla() -> None:
    assert all(unit_name(unit, BANGLA) != unit for unit in UNITS)


def test_cash_is_never_called_by_the_name_of_a_brand() -> None:
    assert method_name("cash", "bn") == "ক্যাশ"
    assert method_name("nagad", "bn") == "নগদ"
    assert method_name("bkash", "en") == "bKash"
    assert method_name("cod", "bn") == "COD"


def test_states_are_named_as_on_screen() -> None:
    assert status_name("confirmed", "bn") == "নতুন"
    assert status_name("delivered", "bn") == "পৌঁছেছে"
    assert status_name("handed_over", "en") == "Shipped"


def test_what_a_newer_version_added_is_shown_by_its_code() -> None:
    assert unit_name("barrel", BANGLA) == "barrel"
    assert method_name("tap", "bn") == "tap"
    assert status_name("lost", "en") == "lost"
