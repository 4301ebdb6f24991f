"""The bars: what stands for a name, and the hat bar while the next hat is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.shopkeeping import paid, sale
from ui.pages.sell import SellPage
from ui.widgets.bars import initial

if TYPE_CHECKING:
    from pos.domain.times import FixedClock
    from pos.shop import Shop
    from ui.shell import Shell


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("শারমিন আক্তার", "শা"), ("রূপকথা ঘর", "রূ"), ("প্রণব আহমেদ", "প্র"), ("ক্ষিতীশ", "ক্ষি"), ("স্ত্রী", "স্ত্রী"),
        ("অনু", "অ"), ("ক্", "ক"), (" Nasrin", "N"), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_shown_by_its_first_letter_with_what_is_joined_to_it(name: str, letter: str) -> None:
    assert initial(name) == letter


def test_after_the_hat_the_bar_shows_its_totals_until_the_next_one_begins(
    shell: Shell, shop: Shop, clock: FixedClock
) -> None:
    def figures() -> list[tuple[str, str]]:
        shell.presenters.sell.refresh()
        page = shell.pages["sell"]
        assert isinstance(page, SellPage)
        return [(word.text(), value.text()) for word, value in page.hat.figures]

    shop.orders.take(sale("P001", payments=paid("300", "nagad")))
    assert figures() == [
        ("অর্ডার", "১"), ("বিক্রি", "৳১,০০০"), ("অগ্রিম পেয়েছি", "৳৩০০"), ("প্যাক বাকি", "১"),
    ]  # fmt: skip
    clock.advance(ms=30 * 3_600_000)  # the night after
    assert figures() == [
        ("গত হাটে অর্ডার", "১"), ("গত হাটে বিক্রি", "৳১,০০০"), ("গত হাটে অগ্রিম", "৳৩০০"), ("প্যাক বাকি", "১"),
    ]  # fmt: skip
    clock.advance(ms=40 * 3_600_000)  # Friday
    assert [value for _, value in figures()] == ["০", "৳০", "৳০", "০"]
