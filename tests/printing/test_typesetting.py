"""What is printed of a text, and how it is fitted into its space."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.printing.faces import script_runs, shipped_face
from pos.printing.typesetting import Style, elide, printable, shrunk, width, wrap

STYLE = Style(11, 500)
BANGLA_LETTERS = "কখগঘচজটডতদনপবমযরলশষসহড়য়ক্ষজ্ঞািীুূৃেৈোৌ্ংঃঁৎ০১২৯"
anything = st.text(max_size=60)
texts = st.text(alphabet=BANGLA_LETTERS + "aZ09 ,.-–·()\u200c\u200d😀\n№", max_size=60)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("মধু 🍯 খাঁটি", "মধু খাঁটি"),
        ("👩‍🌾👍🏽চাল", "চাল"),
        ("№ ২১", "নং ২১"),
        ("ক\tখ\x07গ", "ক খ গ"),
        ("মিরপুর ১০,\r\nঢাকা", "মিরপুর ১০, ঢাকা"),
        ("গলি\n\n\nবাড়ি ৩\n", "গলি, বাড়ি ৩"),
        ("✓ হাতে ↔ আছে", "হাতে আছে"),
        ("a→b", "ab"),
        ("مرحبا কুর্তি 中文", "কুর্তি"),
        ("\u202eউল্টো\u202c", "উল্টো"),
        ("শূন্য\u200bপ্রস্থ", "শূন্যপ্রস্থ"),
        ("বিন্দু\u00a0দূর", "বিন্দু দূর"),
        ("soft\u00adhyphen", "softhyphen"),
        ("র\u200d\u09cdযাব", "র\u200d\u09cdযাব"),
        ("a\u200db", "ab"),
        ("\ud800চাল\udfff", "চাল"),
        ("\u0000\u0001", ""),
        ("<img src=file:///etc/passwd>", "<img src=file:///etc/passwd>"),
        ("ব\u09dc", "ব\u09a1\u09bc"),
    ],
)
def test_what_the_font_lacks_is_replaced_or_dropped(typed: str, printed: str) -> None:
    assert printable(typed) == printed


@given(anything)
def test_no_text_prints_an_empty_box(typed: str) -> None:
    text = printable(typed)
    glyphs = [glyph for cluster in shipped_face(400).shape(text) for glyph in cluster.glyphs]
    assert all(glyph.glyph_id for glyph in glyphs)
    assert printable(text) == text == unicodedata.normalize("NFC", text)


@given(texts)
def test_the_clusters_of_a_text_are_the_text(typed: str) -> None:
    text = printable(typed)
    assert "".join(run for _, run in script_runs(text)) == text
    assert "".join(cluster.text for cluster in shipped_face(500).shape(text)) == text


def test_a_tower_of_marks_does_not_become_one_endless_cluster() -> None:
    chain = "ক" + "্ক" * 2500
    assert max(len(cluster.text) for cluster in shipped_face(500).shape(printable(chain))) <= 14
    assert len(printable("ক" + "\u0981" * 5000)) <= 14


@given(texts, st.floats(8, 80))
@settings(max_examples=60)
def test_wrapped_lines_fit_and_lose_nothing(typed: str, limit: float) -> None:
    lines = wrap(typed, STYLE, limit)
    clusters = [cluster.text for cluster in shipped_face(STYLE.weight).shape(printable(typed))]
    indivisible = max((width(cluster, STYLE) for cluster in clusters), default=0.0)
    assert all(width(line, STYLE) <= max(limit, indivisible) + 0.05 for line in lines)
    assert "".join(lines).replace(" ", "") == printable(typed).replace(" ", "")


@given(texts, st.floats(8, 80))
@settings(max_examples=60)
def test_an_elided_text_fits_and_is_the_beginning_of_the_text(typed: str, limit: float) -> None:
    text, shown = printable(typed), elide(typed, STYLE, limit)
    assert width(shown, STYLE) <= limit + 0.05
    if shown != text:
        edges = [""]
        for cluster in shipped_face(STYLE.weight).shape(text):
            edges.append(edges[-1] + cluster.text)
        assert shown.endswith("…")
        assert shown[:-1] in {edge.rstrip(" ,·-–") for edge in edges}


def test_no_single_word_is_left_over_on_the_last_line() -> None:
    words = "হাতের কাজ করা ওড়না আর পায়জামাসহ সালোয়ার কামিজ"
    limit = width(words, STYLE) - 1
    first, last = wrap(words, STYLE, limit)
    assert min(width(first, STYLE), width(last, STYLE)) > 0.35 * limit
    assert f"{first} {last}" == words


def test_a_dash_ends_a_line_and_never_begins_one() -> None:
    name = "সালোয়ার কামিজ – লাল · বড়"
    for limit in range(14, 60):
        assert not any(line.startswith(("–", "·")) for line in wrap(name, STYLE, limit))


def test_the_last_line_that_is_allowed_is_elided() -> None:
    lines = wrap("এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ", STYLE, 20, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, STYLE) <= 20 for line in lines)


def test_a_word_wider_than_its_column_breaks_between_clusters() -> None:
    word = "ক্ষুদ্রঋণগ্রহীতাদেরকেন্দ্রীয়সমবায়সমিতি"
    lines = wrap(word, STYLE, 25)
    assert len(lines) > 1
    assert "".join(lines) == printable(word)
    assert not any(unicodedata.category(line[0]).startswith("M") for line in lines)


@pytest.mark.parametrize(
    "text", ["ক" * 5000, "x " * 2500, "ক্ষ" * 1600, "a\u0301" * 2500, "–" * 5000, " " * 5000]
)
def test_five_thousand_characters_are_set_in_two_lines(text: str) -> None:
    lines = wrap(text, STYLE, 80, 2)
    assert len(lines) <= 2
    assert all(width(line, STYLE) <= 80 for line in lines)


def test_what_is_never_cut_becomes_smaller_instead() -> None:
    style = shrunk("৳১০,০০,০০,০০০.০০", Style(45, 700), 60)
    assert width("৳১০,০০,০০,০০০.০০", style) == pytest.approx(60)
    assert shrunk("৳৫", Style(45, 700), 60) == Style(45, 700)
