"""The link that pairs a laptop says what was put into it, however it was copied or scanned."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.domain.pairing_link import pairing_link, read_pairing_link
from pos.errors import UserError
from pos.server.devices import ALPHABET, CODE_LENGTH
from pos.sync.pairing import tidy_code
from pos.sync.transport import server_address

codes = st.text(alphabet=ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
labels = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join) | st.just("xn--45b8a.example")
ports = st.just("") | st.integers(1, 65535).map(lambda port: f":{port}")
addresses = st.builds(lambda host, port: f"https://{host}{port}", hosts, ports) | st.builds(
    lambda host, port: f"http://{host}{port}", st.sampled_from(["localhost", "127.0.0.1", "[::1]"]), ports
)


@given(addresses, codes)
def test_a_link_reads_back_as_the_address_and_the_code_it_was_made_of(server: str, code: str) -> None:
    assert read_pairing_link(pairing_link(server, code)) == (server, code)


@given(addresses, codes)
def test_a_scanner_under_caps_lock_and_a_chat_s_invisible_marks_change_nothing(
    server: str, code: str
) -> None:
    link = pairing_link(server, code)
    for came in (link.swapcase(), link.upper(), f"\u200e {link}\u200b\r\n", f"\ufeff{link}"):
        read = read_pairing_link(came)
        assert read is not None
        assert (server_address(read.server), tidy_code(read.code)) == (server, code)


@given(addresses, codes, st.data())
def test_a_link_that_is_broken_off_is_never_taken_for_another_code(
    server: str, code: str, data: st.DataObject
) -> None:
    link = pairing_link(server, code)
    cut = link[: data.draw(st.integers(len("hatkhata:"), len(link) - 1))]
    try:
        read = read_pairing_link(cut)
    except UserError as error:
        assert error.code == "pairing_link_unclear"
        assert error.params["text"] == cut[:60]
    else:
        assert read is not None
        assert read.code == code
        assert server.startswith(read.server)


@given(st.text() | addresses | codes)
def test_what_does_not_begin_like_our_link_is_left_to_the_field_it_stands_in(text: str) -> None:
    if not text.strip().casefold().startswith("hatkhata"):
        assert read_pairing_link(text) is None


@given(addresses.filter(lambda server: "[" not in server), codes)
def test_a_link_is_one_word_to_every_shell(server: str, code: str) -> None:
    link = pairing_link(server, code)
    assert shlex.quote(link) == link
    assert not set(link) & set("&?|<>^;'\"$`%!*")


@pytest.mark.parametrize(
    "text",
    [
        "hatkhata:",
        "hatkhata://pair",
        "hatkhata://pair//https://hat.example",
        "hatkhata://pair/ABCD2345",
        "hatkhata://pair/ABCD2345/",
        "hatkhata://order/A-26-000001/",
        "hatkhata://pair/ABCD2345/https://hat.example and more",
    ],
)
def test_a_link_of_ours_that_pairs_nothing_is_refused_and_named(text: str) -> None:
    with pytest.raises(UserError, match="pairing_link_unclear") as refused:
        read_pairing_link(text)
    assert refused.value.params["text"] == text[:60]
