"""Quantities: what is written reads back, and nothing else passes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos.domain.quantity import QTY_LIMIT_MILLI, parse_quantity, parse_signed_quantity, plain_quantity
from pos.errors import UserError
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.numbers import quantity, to_bangla


@given(st.integers(1, QTY_LIMIT_MILLI), st.sampled_from(["{}", "{} টি", "{}টা", "x{}", "{} pcs", "×{}"]))
def test_a_quantity_reads_back_however_it_is_dressed(milli: int, dress: str) -> None:
    written = plain_quantity(milli)
    for number in (written, to_bangla(written), quantity(milli, BANGLA), quantity(milli, ENGLISH)):
        assert parse_quantity(dress.format(number), fractions=True) == milli


@given(st.integers(-QTY_LIMIT_MILLI, QTY_LIMIT_MILLI).filter(bool))
def test_a_signed_quantity_reads_back(milli: int) -> None:
    assert parse_signed_quantity(plain_quantity(milli), fractions=True) == milli
    assert parse_signed_quantity(quantity(milli, BANGLA), fractions=True) == milli


@given(st.text(max_size=30) | st.text("0123456789০৫.,- /x×½²টাদেড়হাফ", max_size=10), st.booleans())
def test_any_text_gives_a_positive_quantity_or_a_refusal(text: str, fractions: bool) -> None:
    try:
        milli = parse_quantity(text, fractions=fractions)
    except UserError as refused:
        code = refused.code
    else:
        code = "quantity_read"
        assert 0 < milli <= QTY_LIMIT_MILLI
        assert fractions or milli % 1000 == 0
    assert code.startswith(("quantity_", "number_ambiguous"))
