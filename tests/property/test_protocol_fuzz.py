"""Golden messages, damaged in every way: each is refused by name or read, and nothing else ever happens."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos.protocol import codec
from pos.protocol.kinds import (
    KINDS,
    hold_personal,
    needs_of,
    read_body,
    read_personal,
    stock_moved_by,
    variants_made,
)
from pos.protocol.messages import ExchangeReply, ExchangeRequest, VerifyReply, WireOp, from_wire
from pos.protocol.operations import canonical, from_line, hash_of, is_canonical, to_line
from tests import goldens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MESSAGES = goldens.messages()
LOG = goldens.log()

names = st.sampled_from(sorted(MESSAGES))
large = st.sampled_from(["exchange_request", "exchange_reply", "verify_reply"])
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1 << 53, 1 << 63, -(1 << 63) - 1, 1 << 200, 1.0, 0.5, 1e300]),
    st.sampled_from(["", "\0", "0" * 32, "Z" * 32, "٣" * 32, "{" + "0" * 32 + "}", "ক", "2026-02-30", "0" * 5000]),
    st.sampled_from([[], {}, [[]], {"a": None}, [1, "x"]]),
    st.text(max_size=8),
    st.integers(),
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, data: bytes) -> bytes:
    """These bytes with pieces changed, left out, put in twice or cut off."""
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(found)))
        stop = draw(st.integers(start, min(len(found), start + 40)))
        match draw(st.sampled_from(["change", "drop", "double", "insert", "cut"])):
            case "change" if start < len(found):
                found[start] = draw(st.integers(0, 255))
            case "drop":
                del found[start:stop]
            case "double":
                found[start:start] = found[start:stop]
            case "insert":
                found[start:start] = draw(st.binary(max_size=8))
            case _:
                del found[start:]
    return bytes(found)


@st.composite
def warped(draw: st.DrawFn, text: bytes) -> bytes:
    """JSON whose shape is kept, but for a value here and there."""
    found = json.loads(text)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(found))
        if not places:
            break
        where, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["put", "put", "drop", "twice"])):
            case "drop":
                del where[key]
            case "twice" if isinstance(where, list):
                where.insert(key, where[key])
            case _:
                where[key] = copy.deepcopy(draw(junk))
    return json.dumps(found, ensure_ascii=draw(st.booleans())).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a tree that holds something: (container, key)."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def read_or_refuse(data: bytes, shape: type[msgspec.Struct], encoding: str) -> msgspec.Struct | None:
    """The message, or None where it was refused as it has to be."""
    try:
        return codec.decode(data, shape, encoding=encoding)
    except codec.DecodeError:
        return None


def operations_of(message: msgspec.Struct | None) -> list[WireOp]:
    match message:
        case ExchangeRequest():
            return [*message.ops, *message.relay]
        case ExchangeReply():
            return [one for changes in message.changes.values() for one in changes]
        case VerifyReply():
            return message.ops
        case _:
            return []


def look_into(wire: WireOp) -> None:
    """All that the server does with an operation before it touches its database; refusals are ValueErrors."""
    try:
        operation = from_wire(wire)
    except ValueError:
        return
    hash_of(operation)
    is_canonical(operation.body)
    assert from_line(to_line(operation)) == operation
    _reads(operation.kind, operation.v, operation.agg_id, operation.body)
    if operation.personal is not None:
        _or_none(lambda: read_personal(operation.kind, operation.v, operation.personal or b""))


def _reads(kind: str, version: int, agg_id: bytes, text: bytes) -> None:
    body = _or_none(lambda: read_body(kind, version, text))
    if body is not None:
        needs = needs_of(kind, agg_id, body)
        assert all(isinstance(each, bytes) for each in needs.variants | needs.aggregates)
        assert all(-(1 << 63) <= milli < 1 << 63 for _, milli in stock_moved_by(body))
        assert all(len(each) == 16 for each in variants_made(body))


def _or_none(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except (LookupError, ValueError):
        return None


@given(names.flatmap(lambda name: st.tuples(st.just(name), mangled(codec.encode(MESSAGES[name])))))
def test_a_damaged_frame_is_refused_or_says_what_it_said(given_: tuple[str, bytes]) -> None:
    name, data = given_
    found = read_or_refuse(data, type(MESSAGES[name]), "zstd")
    assert found is None or msgspec.json.encode(found) == msgspec.json.encode(MESSAGES[name])


@given(names.flatmap(lambda name: st.tuples(st.just(name), mangled(msgspec.json.encode(MESSAGES[name])))))
def test_damaged_json_is_refused_or_read(given_: tuple[str, bytes]) -> None:
    name, data = given_
    for wire in operations_of(read_or_refuse(data, type(MESSAGES[name]), "identity")):
        look_into(wire)


@given(large.flatmap(lambda name: st.tuples(st.just(name), warped(msgspec.json.encode(MESSAGES[name])))))
def test_json_with_a_wrong_value_is_refused_or_read(given_: tuple[str, bytes]) -> None:
    name, data = given_
    for wire in operations_of(read_or_refuse(data, type(MESSAGES[name]), "identity")):
        look_into(wire)


@given(st.binary(max_size=300), names, st.sampled_from(["zstd", "gzip", "identity"]))
@example(b"\x28\xb5\x2f\xfd", "refusal", "zstd")
def test_garbage_is_refused(data: bytes, name: str, encoding: str) -> None:
    found = read_or_refuse(data, type(MESSAGES[name]), encoding)
    assert found is None or encoding == "identity"


@given(
    st.sampled_from(LOG).flatmap(lambda one: st.tuples(st.just(one), warped(one.body) | mangled(one.body)))
)
def test_a_damaged_body_is_refused_or_read_and_never_more_than_its_version_says(
    given_: tuple[Any, bytes],
) -> None:
    one, text = given_
    _reads(one.kind, one.v, one.agg_id, text)
    body = _or_none(lambda: read_body(one.kind, one.v, text))
    if body is not None and is_canonical(text):
        # Whoever reads the text without our shapes finds nothing in it that these do not know.
        assert json.loads(text).keys() <= {field.encode_name for field in msgspec.structs.fields(body)}


@given(
    st.sampled_from([(one, one.personal) for one in LOG if one.personal is not None]).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), warped(pair[1]) | mangled(pair[1]))
    )
)
def test_a_damaged_personal_part_is_refused_or_read(given_: tuple[Any, bytes]) -> None:
    one, text = given_
    values = _or_none(lambda: read_personal(one.kind, one.v, text))
    assert values is None or all(value is None or isinstance(value, str) for value in values.values())


def respelt(text: bytes) -> st.SearchStrategy[bytes]:
    """The same value in other ways to write it, and in its own."""
    value = json.loads(text)
    return st.builds(
        lambda sort, ascii_only, gap: json.dumps(
            value, sort_keys=sort, ensure_ascii=ascii_only, separators=(f",{gap}", f":{gap}")
        ).encode(),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", " ", "\n"]),
    )


@given(
    st.sampled_from(LOG).flatmap(
        lambda one: st.tuples(st.just(one), respelt(one.body) | warped(one.body) | mangled(one.body))
    )
)
def test_a_body_that_must_be_spelt_the_one_way_is(given_: tuple[Any, bytes]) -> None:
    one, text = given_
    body = _or_none(lambda: read_body(one.kind, one.v, text))
    spelt = _or_none(lambda: read_body(one.kind, one.v, text, spelt=True))
    assert spelt == (body if is_canonical(text) else None)


@given(
    st.sampled_from([(one, one.personal) for one in LOG if one.personal is not None]).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), respelt(pair[1]) | warped(pair[1]) | mangled(pair[1]))
    )
)
def test_a_personal_part_is_held_to_its_kind_and_to_the_one_spelling(given_: tuple[Any, bytes]) -> None:
    one, text = given_
    read = _or_none(lambda: read_personal(one.kind, one.v, text))
    if read is not None and is_canonical(text):
        hold_personal(one.kind, one.v, text)
        return
    with pytest.raises(ValueError):
        hold_personal(one.kind, one.v, text)


@pytest.mark.parametrize(
    "wrong", ["A" * 32, " " * 32, "0" * 30 + "  ", "০" * 32, "g" * 32, "0" * 31, "0" * 33]
)
@pytest.mark.parametrize("kind", ["order.confirmed", "payment.received"])
def test_every_identity_is_32_hex_digits_wherever_it_stands(kind: str, wrong: str) -> None:
    one = next(each for each in LOG if each.kind == kind)
    places = set(re.findall(rb'"([a-z]+)":"([0-9a-f]{32})"', one.body))
    assert len(places) > 2
    for name, identity in places:
        text = one.body.replace(b'"%s":"%s"' % (name, identity), b'"%s":"%s"' % (name, wrong.encode()))
        with pytest.raises(ValueError):
            read_body(one.kind, one.v, text)


def test_every_body_that_was_written_is_spelt_the_one_way() -> None:
    assert {one.kind for one in LOG} == set(KINDS)
    for one in LOG:
        assert read_body(one.kind, one.v, one.body, spelt=True) == read_body(one.kind, one.v, one.body)
        if one.personal is not None:
            hold_personal(one.kind, one.v, one.personal)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_there_is_one_spelling_of_a_value(value: Any) -> None:
    text = canonical(value)
    assert is_canonical(text)
    assert json.loads(text) == value
    assert not is_canonical(text + b" ")
    assert not is_canonical(b" " + text)
    spaced = json.dumps(value, ensure_ascii=False).encode()
    assert is_canonical(spaced) == (spaced == text)


def test_a_key_that_comes_twice_is_not_the_one_spelling() -> None:
    assert is_canonical(b'{"a":1,"b":2}')
    for text in (
        b'{"a":1,"a":1}',
        b'{"b":2,"a":1}',
        b'{"a":1,}',
        b'{"a":"\\u0041"}',
        b'{"a":NaN}',
        b"[" * 10_000,
    ):
        assert not is_canonical(text)
