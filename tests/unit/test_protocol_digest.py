"""Digests: sums that two sides compare to know that they have the same."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pos.protocol.messages import Digest, added, digest_of

hashes = st.lists(st.integers(0, 1 << 32).map(lambda n: hashlib.sha256(b"%d" % n).digest()), max_size=12)


@given(hashes, st.randoms(use_true_random=False))
def test_a_digest_does_not_ask_for_an_order(given_: list[bytes], draw: Any) -> None:
    shuffled = list(given_)
    draw.shuffle(shuffled)
    assert digest_of(shuffled) == digest_of(given_)


@given(hashes, hashes)
def test_a_digest_grows_with_what_comes(first: list[bytes], more: list[bytes]) -> None:
    assert added(digest_of(first), more) == digest_of(first + more)
    assert added(digest_of(first), []) == digest_of(first)


@given(hashes.filter(bool))
def test_one_operation_less_or_another_is_another_digest(given_: list[bytes]) -> None:
    whole = digest_of(given_)
    assert digest_of(given_[1:]) != whole
    altered = bytes([given_[0][0] ^ 1]) + given_[0][1:]
    assert digest_of([altered, *given_[1:]]) != whole


def test_a_sum_stays_within_64_bits() -> None:
    most = b"\xff" * 32
    assert digest_of([]) == Digest(0, 0)
    assert digest_of([most, most]) == Digest(2, (1 << 64) - 2)
    assert added(Digest(1, (1 << 64) - 1), [(1).to_bytes(8) + bytes(24)]) == Digest(2, 0)
