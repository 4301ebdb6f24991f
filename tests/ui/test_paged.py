"""Rows that are fetched as they come into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.paged import PAGE, Paged
from ui.widgets.rows import RowsModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.modeltest import ModelTester


class Book:
    """Remembers what was asked for; odd ids are no longer there."""

    def __init__(self) -> None:
        self.asked: list[Sequence[bytes]] = []

    def fetch(self, ids: Sequence[bytes]) -> dict[bytes, str]:
        self.asked.append(ids)
        return {one: one.hex() for one in ids if one[-1] % 2 == 0}


def ids(count: int) -> list[bytes]:
    return [at.to_bytes(4, "big") for at in range(count)]


@given(st.integers(1, 400), st.data())
def test_every_row_is_the_one_of_its_id_in_whatever_order_they_are_asked(
    count: int, data: st.DataObject
) -> None:
    paged = Paged(ids(count), Book().fetch)
    assert len(paged) == count
    for at in data.draw(st.lists(st.integers(-count, count - 1), max_size=30)):
        one = paged.ids[at]
        assert paged[at] == (one.hex() if one[-1] % 2 == 0 else None)


def test_a_page_is_read_once_and_only_when_one_of_its_rows_is_looked_at() -> None:
    book = Book()
    paged = Paged(ids(1000), book.fetch)
    for at in range(500, 510):
        assert paged[at] in {paged.ids[at].hex(), None}
    assert book.asked == [ids(1000)[500 : 500 + PAGE]]


def test_of_a_hundred_thousand_rows_only_the_last_pages_are_kept() -> None:
    paged = Paged(ids(100_000), Book().fetch)
    for at in range(0, 100_000, PAGE):
        paged[at]
    assert paged.pages_held() <= 40


def test_a_slice_is_a_list_and_there_is_no_row_behind_the_last() -> None:
    paged = Paged(ids(3), Book().fetch)
    assert paged[0:3] == ["00000000", None, "00000002"]
    with pytest.raises(IndexError):
        paged[3]


def test_a_model_filled_with_them_is_a_good_model(qtmodeltester: ModelTester) -> None:
    model = RowsModel(str)
    model.fill(Paged(ids(100), Book().fetch))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.fill(Paged(ids(30), Book().fetch))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
