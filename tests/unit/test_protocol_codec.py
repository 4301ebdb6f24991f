"""Messages to bytes and back: what is no message is said to be none, and costs no memory to find out."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import msgspec
import pytest
import zstandard

from pos.protocol import codec
from pos.protocol.codec import DecodeError, TooLargeError, decode, encode
from pos.protocol.messages import ExchangeRequest, PairRequest, Refusal, VerifyReply, VerifyRequest
from tests import goldens

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20
REQUEST = goldens.messages()["exchange_request"]
SMALL = Refusal("token_unknown")


def refused(data: bytes, encoding: str = "zstd", *, limit: int = codec.LIMIT_BYTES) -> type[DecodeError]:
    """How a request of these bytes is refused."""
    with pytest.raises(DecodeError) as caught:
        decode(data, ExchangeRequest, encoding=encoding, limit=limit)
    return caught.type


def streamed(chunk: bytes, times: int, *, level: int = 3) -> bytes:
    """A zstd frame that does not say its length."""
    packer = zstandard.ZstdCompressor(level=level).compressobj()
    return b"".join(packer.compress(chunk) for _ in range(times)) + packer.flush()


def claiming(frame: bytes, size: int) -> bytes:
    """A frame that does not say its length, made to claim this one."""
    assert frame[4] & 0b1110_0000 == 0, "no length, no single segment"
    return frame[:4] + bytes([frame[4] | 0b1000_0000, frame[5]]) + struct.pack("<I", size) + frame[6:]


def most_memory(act: Callable[[], object]) -> int:
    """The most bytes that this held at once, beyond what was there before."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", goldens.messages())
def test_what_is_encoded_is_decoded_the_same(name: str) -> None:
    message = goldens.messages()[name]
    raw = msgspec.json.encode(message)
    for data, encoding in ((encode(message), "zstd"), (gzip.compress(raw), "gzip"), (raw, "identity")):
        found = decode(data, type(message), encoding=encoding)
        assert msgspec.json.encode(found) == raw


def test_a_body_cut_off_anywhere_is_no_shorter_body() -> None:
    whole = encode(REQUEST)
    assert {refused(whole[:length]) for length in range(len(whole))} == {DecodeError}
    packed = gzip.compress(msgspec.json.encode(REQUEST))
    assert {refused(packed[:length], "gzip") for length in range(len(packed))} == {DecodeError}
    raw = msgspec.json.encode(REQUEST)
    assert {refused(raw[:length], "identity") for length in range(0, len(raw), 7)} == {DecodeError}


def test_a_bit_that_flipped_on_the_way_never_makes_another_message() -> None:
    whole, raw = encode(REQUEST), msgspec.json.encode(REQUEST)
    passed = 0
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = decode(bytes(flipped), ExchangeRequest)
        except DecodeError:
            continue
        assert msgspec.json.encode(found) == raw
        passed += 1
    assert passed < len(whole) // 10, "few bits of a frame mean nothing"


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"{", b"null", b"[]", b"\xff" * 64, b"<html><body>Log in to HotelWiFi</body></html>"]
)
def test_what_is_no_message_is_said_to_be_none(data: bytes, encoding: str) -> None:
    assert refused(data, encoding) is DecodeError


def test_an_unknown_encoding_is_no_message() -> None:
    assert refused(encode(REQUEST), "br") is DecodeError
    assert refused(encode(REQUEST), "") is DecodeError
    assert refused(encode(REQUEST), "zstd, gzip") is DecodeError


def test_a_frame_stands_alone() -> None:
    whole = encode(REQUEST)
    packed = gzip.compress(msgspec.json.encode(REQUEST))
    skipped = b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"skip"
    for data in (whole + whole, whole + b"\0", whole + skipped, skipped + whole, skipped):
        assert refused(data) is DecodeError
    assert refused(packed + packed, "gzip") is DecodeError
    assert refused(packed + b"\0", "gzip") is DecodeError
    assert refused(zlib.compress(msgspec.json.encode(REQUEST)), "gzip") is DecodeError


def test_a_frame_says_its_length_and_keeps_to_it() -> None:
    raw = msgspec.json.encode(REQUEST)
    silent = streamed(raw, 1)
    assert refused(silent) is DecodeError
    assert decode(claiming(silent, len(raw)), ExchangeRequest).epoch == REQUEST.epoch  # type: ignore[attr-defined]
    for size in (0, 1, len(raw) - 1, len(raw) + 1, codec.LIMIT_BYTES):
        assert refused(claiming(silent, size)) is DecodeError
    assert refused(claiming(silent, codec.LIMIT_BYTES + 1)) is TooLargeError


def test_a_message_is_as_large_as_the_limit_and_not_larger() -> None:
    raw = msgspec.json.encode(REQUEST)
    for data, encoding in ((encode(REQUEST), "zstd"), (gzip.compress(raw), "gzip"), (raw, "identity")):
        decode(data, ExchangeRequest, encoding=encoding, limit=len(raw))
        assert refused(data, encoding, limit=len(raw) - 1) is TooLargeError


@pytest.mark.parametrize(
    ("bomb", "encoding"),
    [
        (zstandard.ZstdCompressor().compress(bytes(64 * MEGABYTE)), "zstd"),
        (claiming(streamed(bytes(MEGABYTE), 64), 300), "zstd"),
        (claiming(streamed(bytes(MEGABYTE), 64), codec.LIMIT_BYTES), "zstd"),
        (gzip.compress(bytes(64 * MEGABYTE)), "gzip"),
        (gzip.compress(gzip.compress(bytes(64 * MEGABYTE))), "gzip"),
    ],
    ids=["said", "denied", "at the limit", "gzip", "gzip twice"],
)
def test_a_bomb_does_not_unpack(bomb: bytes, encoding: str) -> None:
    assert len(bomb) < 100_000
    assert most_memory(lambda: refused(bomb, encoding)) < 2 * codec.LIMIT_BYTES + MEGABYTE


def test_a_frame_may_not_ask_for_a_window_larger_than_the_limit() -> None:
    frame = claiming(streamed(b"{}", 1), 2)
    for exponent in range(32):
        wide = frame[:5] + bytes([exponent << 3]) + frame[6:]
        if 1 << (10 + exponent) > codec.LIMIT_BYTES:
            assert refused(wide) is DecodeError
        else:
            assert decode(wide, VerifyReply) == VerifyReply()


def test_what_is_large_as_it_comes_is_not_looked_into() -> None:
    data = bytes(codec.LIMIT_BYTES + 1)
    assert most_memory(lambda: refused(data, "identity")) < MEGABYTE
    assert {refused(data, encoding) for encoding in ("zstd", "gzip", "identity")} == {TooLargeError}


@pytest.mark.parametrize("depth", [1_000, 100_000, 1_000_000])
@pytest.mark.parametrize("place", [b'{"later":%b}', b'{"ops":%b}', b'{"ops":[{"b":%b}]}', b"%b"])
@pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}"), (b"[", b"")])
def test_nesting_without_end_is_damage(depth: int, place: bytes, pair: tuple[bytes, bytes]) -> None:
    inside = b"1" if pair[0] != b"[" else b""
    assert refused(place % (pair[0] * depth + inside + pair[1] * depth), "identity") is DecodeError


@pytest.mark.parametrize(
    "text",
    [
        b'{"error":NaN}',
        b'{"error":"x","params":{"a":NaN}}',
        b'{"error":"x","params":{"a":Infinity}}',
        b'{"error":"x","params":{"a":1.5}}',
        b'{"error":"x","params":{"a":1e400}}',
        b'{"error":"x","params":{"a":' + b"9" * 100_000 + b"}}",
        b'{"error":"x","params":{"a":9223372036854775808}}',
        b'{"error":"x","params":{"a":-9223372036854775809}}',
        b'{"error":"\\ud800"}',
        b'{"error":"\\udc00\\ud800"}',
        b'{"error":"\\ud800x"}',
        b'{"error":"\xed\xa0\x80"}',
        b'{"error":"\xc0\x80"}',
        b'{"error":"x","later":"\xff"}',
        b'{"error":"x","\xff":1}',
        b'\xef\xbb\xbf{"error":"x"}',
        b'{"error":"a\nb"}',
        b'{"error":"x"}{"error":"y"}',
        b'{"error":"x"} //',
        b"{'error':'x'}",
        '{"error":"x"}'.encode("utf-16"),
        b'{"error":null}',
        b'{"params":{}}',
    ],
)
def test_loose_json_is_no_message(text: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(text, Refusal, encoding="identity")


def test_what_is_passed_on_unread_is_text_all_the_same() -> None:
    good = msgspec.json.encode(REQUEST)
    body = bytes(goldens.messages()["exchange_request"].ops[0].b)  # type: ignore[attr-defined]
    bad = good.replace(body, body[:-2] + b'\xff"}', 1)
    assert bad != good
    assert refused(bad, "identity") is DecodeError


def test_of_a_key_that_comes_twice_the_last_counts_on_every_side() -> None:
    found = decode(b'{"error":"x","error":"y","params":{"a":1,"a":2}}', Refusal, encoding="identity")
    assert (found.error, found.params) == ("y", {"a": 2})


def test_whole_numbers_are_those_that_a_database_takes() -> None:
    for number in (-(1 << 63), (1 << 63) - 1):
        text = b'{"stream":"v","upto":%d}' % number
        assert decode(text, VerifyRequest, encoding="identity").upto == number
    for number in (-(1 << 63) - 1, 1 << 63, 1 << 64, 1 << 200):
        with pytest.raises(DecodeError):
            decode(b'{"stream":"v","upto":%d}' % number, VerifyRequest, encoding="identity")


def test_another_message_is_not_taken_for_this_one() -> None:
    with pytest.raises(DecodeError):
        decode(encode(SMALL), PairRequest)


def test_a_hundred_thousand_operations_are_too_many_for_one_message() -> None:
    one = goldens.messages()["exchange_request"].ops[0]  # type: ignore[attr-defined]
    many = msgspec.structs.replace(REQUEST, ops=[one] * 100_000)
    with pytest.raises(TooLargeError):
        decode(encode(many), ExchangeRequest)
