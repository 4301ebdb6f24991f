"""Units and their spellings."""

from __future__ import annotations

import pytest

from pos.domain.units import UNITS, canonical_unit, fractions_by_default
from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.unit_names import unit_name


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("kg", "kg"),
        ("KG", "kg"),
        (" Kg. ", "kg"),
        ("কেজি", "kg"),
        ("কে. জি.", "kg"),
        ("litre", "litre"),
        ("Liter", "litre"),
        ("ltr", "litre"),
        ("লিটার", "litre"),
        ("pcs", "pcs"),
        ("Pieces", "pcs"),
        ("টি", "pcs"),
        ("পিস", "pcs"),
        ("সেট", "set"),
        ("জোড়া", "pair"),
        ("জো\u09dcা", "pair"),
        ("ডজন", "dozen"),
        ("গজ", "yard"),
        ("yard", "yard"),
        ("মিটার", "metre"),
        ("হালি", "hali"),
        ("প্যাকেট", "packet"),
        ("বয়াম", "jar"),
        ("বোতল\u200b", "bottle"),
    ],
)
def test_a_unit_is_known_by_its_spellings(written: str, unit: str) -> None:
    assert canonical_unit(written) == unit


@pytest.mark.parametrize("written", ["", "kgg", "কেজিইই", "5", pytest.param("x" * 100_000, id="long")])
def test_an_unknown_unit_is_refused_with_the_known_ones(written: str) -> None:
    with pytest.raises(UserError) as caught:
        canonical_unit(written)
    assert caught.value.code == "unit_unknown"
    assert caught.value.params["known"] == list(UNITS)


def test_every_unit_reads_back_from_its_code_and_from_its_names() -> None:
    for unit in UNITS:
        assert canonical_unit(unit) == unit
        assert canonical_unit(unit_name(unit, BANGLA)) == unit
        assert canonical_unit(unit_name(unit, ENGLISH)) == unit


def test_only_what_is_weighed_or_measured_is_sold_in_parts() -> None:
    assert {unit for unit in UNITS if fractions_by_default(unit)} == {"kg", "litre", "metre"}
