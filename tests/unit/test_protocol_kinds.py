"""Bodies are what their version says and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pos.protocol.kinds import KINDS, read_body, read_personal
from tests import goldens

LOG = goldens.log()


def test_an_unknown_kind_or_version_is_told_apart_from_a_wrong_body() -> None:
    for kind, version in (("moon.landed", 1), ("hat.set", 99), ("hat.set", 0), ("", 1)):
        with pytest.raises(LookupError):
            read_body(kind, version, b"{}")
    for body in (b"", b"{}", b"[]", b"null", b'{"by":"x"}', b'{"by":1}'):
        with pytest.raises(ValueError):
            read_body("customer.added", 1, body)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("order.confirmed", {"hat": "2026-02-30"}),
        ("order.confirmed", {"taken_on": "2026-13-01"}),
        ("order.confirmed", {"total": -1}),
        ("order.confirmed", {"total": 10**11 + 1}),
        ("order.confirmed", {"total": 1.0}),
        ("order.confirmed", {"total": True}),
        ("order.confirmed", {"lines": []}),
        ("order.confirmed", {"number": ""}),
        ("order.confirmed", {"series": ["A", 26, 0]}),
        ("order.confirmed", {"taken_at": 1 << 50}),
        ("order.confirmed", {"name": "শারমিন"}),
        ("order.cancelled", {"refund": {"amount": 100, "due_on": "tomorrow"}}),
        ("order.cancelled", {"refund": {"amount": 0, "due_on": "2026-12-01"}}),
        ("stock.moved", {"moves": []}),
        ("hat.set", {"on": "2026-11-31"}),
        ("hat.set", {"source": "organiser"}),
        ("setting.set", {"value": 1 << 60}),
        ("setting.set", {"value": [1]}),
        ("setting.set", {"over": {"value": "x"}}),
        ("product.edited", {"set": {"on_hand_milli": 5}}),
        ("product.edited", {"set": {"id": "0" * 32}}),
        ("product.edited", {"set": {"price": "12"}}),
        ("product.edited", {"set": {"archived": 1}}),
        ("product.edited", {"set": {"name_bn": ""}}),
        ("variant.edited", {"set": {"plain": True}}),
        ("operator.edited", {"set": {"role": "god"}}),
        ("customer.erased", {"orders": ["x"]}),
        ("customer.added", {"phone": "+8801712345678"}),
    ],
)
def test_a_body_that_its_version_does_not_say_is_refused(kind: str, change: dict[str, Any]) -> None:
    one = next(each for each in LOG if each.kind == kind)
    values = json.loads(one.body)
    read_body(kind, 1, json.dumps(values).encode())
    with pytest.raises(ValueError):
        read_body(kind, 1, json.dumps(values | change).encode())


def test_a_word_of_a_later_version_is_none_of_the_earlier_ones() -> None:
    for kind in ("hat.set", "hat.unset"):
        decided = next(one for one in LOG if one.kind == kind and one.v == 2)
        read_body(kind, 2, decided.body)
        with pytest.raises(ValueError):
            read_body(kind, 1, decided.body)
        for wrong in ("null", '"x"', '["x"]', "[null]", "{}"):
            with pytest.raises(ValueError):
                read_body(
                    kind, 2, json.dumps(json.loads(decided.body) | {"decides": json.loads(wrong)}).encode()
                )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("order.checked", '{"salt":"%s"}'),
        ("customer.added", '{"salt":"%s","name":"ক"}'),
        ("customer.edited", '{"salt":"%s","note":"ক"}'),
        ("customer.edited", '{"salt":"%s","name":null}'),
        ("order.cancelled", '{"salt":"%s","why":"ক","by":1}'),
        ("order.cancelled", '{"why":"ক"}'),
        ("order.noted", "[]"),
        ("order.noted", ""),
    ],
)
def test_a_personal_part_that_its_version_does_not_say_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError):
        read_personal(kind, 1, text.replace("%s", "0" * 32).encode())


def test_the_streams_hold_the_records_here_and_what_happened_to_them_there() -> None:
    history = {"stock_move", "reservation", "order", "payment"}
    assert {name: kind.stream for name, kind in KINDS.items()} == {
        name: "h" if kind.agg in history else "v" for name, kind in KINDS.items()
    }
    assert all(name.partition(".")[0] in (kind.agg, "shop", "stock") for name, kind in KINDS.items())
