"""How the tie to the server is shown: one state out of all that is known, each with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec
import pytest

from pos.l10n.sentences import PHRASES, SENTENCES
from pos.services.waiting import Standing as Kept
from pos.sync.keeper import Standing
from pos.sync.tie import About, Seen
from ui.pages.sync_bar import bar_words
from ui.pages.sync_parts import nodes_of
from ui.pages.sync_words import ago, card_words, span, value_text
from ui.presenters.sync_state import AFTER_MS, ICONS, TONES, State, shown

if TYPE_CHECKING:
    from ui.theme.look import Look

NOW = 1_795_521_360_000
LEVEL = About("https://hat.example", "রূপকথা ঘর", "A", NOW - 60_000, fetching=False)
OUT = msgspec.structs.replace(LEVEL, shut_out=True)
NOTHING = Kept((), 0, 0)
SOME = Kept((b"1", b"2"), 2, 0)


def seen(state: str, fault: str = "", ago_ms: int = AFTER_MS, remaining: int = 0) -> Seen:
    return Seen(Standing(state, 0, remaining), fault, NOW - ago_ms, NOW + 28_000 if fault else None)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("no_internet", "offline"),
        ("server_unreachable", "away"),
        ("server_slow", "away"),
        ("server_busy", "away"),
        ("server_failing", "away"),
        ("network_login", "network"),
        ("login_needed", "login"),
        ("device_shut_out", "revoked"),
        ("app_too_old", "old"),
        ("server_untrusted", "trouble"),
        ("proxy_unclear", "trouble"),
        ("quota_used_up", "trouble"),
        ("server_answer_unclear", "trouble"),
        ("server_answer_altered", "trouble"),
    ],
)
def test_each_fault_is_told_apart(fault: str, state: str) -> None:
    found = shown(LEVEL, seen(fault, fault), SOME, NOW)
    assert found.state == state
    assert found.troubled
    assert found.waiting == 2


def test_what_lasts_less_than_ten_seconds_is_not_worth_a_word() -> None:
    assert shown(LEVEL, seen("no_internet", "no_internet", 5_000), NOTHING, NOW).state == "synced"
    assert shown(LEVEL, seen("no_internet", "no_internet", 5_000), SOME, NOW).state == "waiting"
    assert shown(LEVEL, seen("login_needed", "login_needed", 0), SOME, NOW).state == "login"


def test_while_it_is_tried_again_the_trouble_still_stands() -> None:
    assert shown(LEVEL, seen("syncing", "no_internet", 60_000), SOME, NOW).state == "offline"


def test_another_program_of_the_shop_at_the_line_is_no_trouble() -> None:
    assert shown(LEVEL, seen("sync_busy", "sync_busy", 60_000), SOME, NOW).state == "waiting"


@pytest.mark.parametrize(
    ("about", "standing", "kept", "state"),
    [
        (None, seen("waiting"), SOME, "alone"),
        (LEVEL, seen("synced"), NOTHING, "synced"),
        (LEVEL, seen("syncing"), NOTHING, "synced"),
        (LEVEL, seen("syncing"), SOME, "syncing"),
        (LEVEL, seen("syncing", remaining=40), NOTHING, "syncing"),
        (LEVEL, seen("waiting"), SOME, "waiting"),
        (msgspec.structs.replace(LEVEL, synced_at_ms=None), seen("waiting"), NOTHING, "waiting"),
        (msgspec.structs.replace(LEVEL, fetching=True), seen("syncing", remaining=9), NOTHING, "fetching"),
        (LEVEL, seen("synced"), Kept((b"1",), 0, 1), "held"),
        (LEVEL, seen("revoked"), NOTHING, "revoked"),
        (OUT, seen("waiting"), NOTHING, "revoked"),
        (OUT, seen("syncing"), SOME, "revoked"),
        (OUT, seen("no_internet", "no_internet"), SOME, "revoked"),
        (OUT, seen("login_needed", "login_needed"), SOME, "login"),
    ],
)
def test_each_state_has_its_moment(about: About | None, standing: Seen, kept: Kept, state: str) -> None:
    assert shown(about, standing, kept, NOW).state == state


def test_who_asks_sees_that_it_is_done() -> None:
    assert shown(LEVEL, seen("synced"), NOTHING, NOW, asked=True).state == "syncing"


def test_every_state_has_its_words_colour_and_sign() -> None:
    states = get_args(State)
    assert set(TONES) == set(ICONS) == set(states)
    for state in states:
        assert f"ui_card_{state}" in PHRASES
        if state != "trouble":
            assert f"ui_card_{state}_sub" in PHRASES
        if state != "alone":
            assert f"ui_bar_{state}" in PHRASES


def test_the_card_says_what_is_safe_and_when_it_is_tried_again(look: Look) -> None:
    offline = shown(LEVEL, seen("no_internet", "no_internet", 41 * 60_000), SOME, NOW)
    title, sub = card_words(look, offline, NOW)
    assert title == "ইন্টারনেট নেই – নিশ্চিন্তে কাজ চালিয়ে যান"
    assert sub == "২টি পরিবর্তন জমা আছে। নেট এলে নিজে থেকেই চলে যাবে। আবার চেষ্টা ২৮ সেকেন্ড পরে।"
    assert [node.sub for node in nodes_of(look, offline, NOW)] == [
        "সব নিরাপদে লেখা আছে",
        "৪১ মিনিট ধরে নেই",
        "অপেক্ষায়",
    ]
    word, detail = bar_words(look, offline, NOW)
    assert word == "ইন্টারনেট নেই – কাজ চলবে"
    assert detail.startswith("২টি পরিবর্তন অপেক্ষায় · শেষ সিঙ্ক")


def test_trouble_without_a_text_of_its_own_is_said_by_its_sentence(look: Look) -> None:
    for code in (
        "server_untrusted",
        "proxy_unclear",
        "quota_used_up",
        "server_answer_unclear",
        "server_answer_altered",
    ):
        assert code in SENTENCES
        _, sub = card_words(look, shown(LEVEL, seen(code, code), SOME, NOW), NOW)
        assert "…" not in sub


def test_all_synced_is_said_in_few_words(look: Look) -> None:
    level = shown(LEVEL, seen("synced"), NOTHING, NOW)
    assert bar_words(look, level, NOW)[0] == "সব সিঙ্ক হয়েছে"
    assert [node.reached for node in nodes_of(look, level, NOW)] == [True, True, True]


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "১ সেকেন্ড"),
        (59_000, "৫৯ সেকেন্ড"),
        (61_000, "১ মিনিট"),
        (7_200_000, "২ ঘণ্টা"),
        (180_000_000, "২ দিন"),
    ],
)
def test_spans_are_said_in_their_largest_unit(look: Look, ms: int, said: str) -> None:
    assert span(look, ms) == said


def test_what_was_just_now_needs_no_figure(look: Look) -> None:
    assert ago(look, NOW - 30_000, NOW) == "এইমাত্র"
    assert ago(look, NOW - 43 * 60_000, NOW) == "৪৩ মিনিট আগে"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("price", 65_000, "৳৬৫০"),
        ("cost", None, "(খালি)"),
        ("name_en", "", "(খালি)"),
        ("minimum", 2_500, "২.৫"),
        ("archived", True, "হ্যাঁ"),
        ("phone", "+8801712345678", "০১৭১২-৩৪৫৬৭৮"),
        ("role", "helper", "সহকারী"),
        ("name_bn", "মধু", "মধু"),
        ("value", 7, "৭"),
    ],
)
def test_a_disputed_value_reads_as_people_write_it(look: Look, field: str, value: object, said: str) -> None:
    assert value_text(look, field, value) == said
