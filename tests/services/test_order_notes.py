"""An order's note is changed after it was taken: one act each, personal, replayed, witnessed, erasable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pos.errors import ConflictError, UserError
from tests.services.test_order_steps import kinds
from tests.shopkeeping import PHONE, dump, problems, remade, sale, sale_to, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.shop import Shop


def test_a_note_is_written_changed_and_taken_away_and_the_story_says_so(shop: Shop) -> None:
    number = shop.orders.take(sale_to(note="সন্ধ্যায় ফোন")).number
    assert shop.steps.note(number, "  সাদা কাগজে\nমুড়ে দিতে হবে ").note == "সাদা কাগজে\nমুড়ে দিতে হবে"
    assert shop.orders.show(number).note == "সাদা কাগজে\nমুড়ে দিতে হবে"
    assert shop.steps.note(number, "").note == ""
    assert kinds(shop, number) == ["taken", "noted", "noted"]


def test_a_sale_over_the_counter_gets_a_note_and_still_has_no_buyer(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    order = shop.steps.note(number, "ব্যাগ রেখে গেছেন")
    assert (order.note, order.customer) == ("ব্যাগ রেখে গেছেন", None)


def test_the_same_note_again_writes_nothing(shop: Shop) -> None:
    number = shop.orders.take(sale_to(note="সন্ধ্যায় ফোন")).number
    before = dump(shop.paths.database)
    assert shop.steps.note(number, " সন্ধ্যায় ফোন\n").note == "সন্ধ্যায় ফোন"
    assert dump(shop.paths.database) == before


def test_a_note_that_changed_under_the_writers_eyes_is_not_overwritten(shop: Shop) -> None:
    number = shop.orders.take(sale_to(note="সন্ধ্যায় ফোন")).number
    shop.steps.note(number, "সকালে ফোন", seen="সন্ধ্যায় ফোন")
    with pytest.raises(ConflictError, match="order_note_changed"):
        shop.steps.note(number, "ফোন নয়", seen="সন্ধ্যায় ফোন")
    assert shop.orders.show(number).note == "সকালে ফোন"


def test_a_cancelled_order_may_still_be_noted_and_a_packed_one(shop: Shop) -> None:
    cancelled, packed = (shop.orders.take(sale()).number for _ in range(2))
    shop.orders.cancel(cancelled, "ক্রেতা নেবেন না")
    shop.steps.pack(packed)
    assert shop.steps.note(cancelled, "পরের হাটে আসবেন").status == "cancelled"
    assert shop.steps.note(packed, "নীল ব্যাগে").status == "packed"


def test_a_book_as_a_note_and_an_order_that_is_not_there_are_refused(shop: Shop) -> None:
    number = shop.orders.take(sale()).number
    before = dump(shop.paths.database)
    with pytest.raises(UserError, match="text_too_long"):
        shop.steps.note(number, "ক" * 1001)
    with pytest.raises(UserError, match="order_unknown"):
        shop.steps.note("A-26-999", "কই")
    assert dump(shop.paths.database) == before


def test_notes_are_made_again_from_the_journal_row_by_row(shop: Shop, tmp_path: Path) -> None:
    numbers = [shop.orders.take(one).number for one in (sale_to(note="এক"), sale_to(), sale(), sale())]
    for number in numbers[:3]:
        shop.steps.note(number, "দুই")
    shop.steps.note(numbers[0], "তিন")
    shop.steps.note(numbers[2], "")
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []


def test_an_erased_buyers_notes_are_gone_and_one_written_later_stands(shop: Shop, tmp_path: Path) -> None:
    number = shop.orders.take(sale_to(note="এক")).number
    shop.steps.note(number, "তাঁর মা ধরবেন")
    shop.customers.erase(PHONE)
    assert shop.orders.show(number).note == ""
    assert "তাঁর মা" not in shop.paths.journal.read_text(encoding="utf-8")
    shop.steps.note(number, "মাল ফেরত এসেছে")
    assert remade(shop, tmp_path) == dump(shop.paths.database)
    assert problems(shop.paths) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE order_buyer SET note = 'অন্য কথা' WHERE note <> ''",
        "UPDATE order_buyer SET note = ''",
        "UPDATE order_buyer SET name = 'আরেকজন'",
        "DELETE FROM order_buyer",
        "DELETE FROM order_event WHERE kind = 'noted'",
    ],
)
@pytest.mark.parametrize("buyer", [True, False])
def test_a_note_that_was_altered_behind_the_shops_back_is_seen(shop: Shop, sql: str, *, buyer: bool) -> None:
    number = shop.orders.take(sale_to(note="এক") if buyer else sale()).number
    shop.steps.note(number, "দুই")
    shop.close()
    spoil(shop.paths.database, sql)
    assert problems(shop.paths) == ["order_unlike_its_operation"]
