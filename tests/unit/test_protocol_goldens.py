"""Messages as laptops and servers of earlier releases sent them: they are understood for ever.

THE FILES IN tests/data/protocol ARE NEVER CHANGED AND NEVER TAKEN AWAY. A laptop may come back after years and speak
as it did then. Where a test here fails, the program is wrong and not the file. What is new gets a file of its own
(`python -m tests.goldens`) and a line in `SUMS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from pos.protocol import codec, messages
from pos.protocol.kinds import KINDS, UPCASTS, needs_of, read_body, read_personal
from pos.protocol.messages import ExchangeRequest, from_wire, to_wire
from pos.protocol.operations import GENESIS, commit_to, from_line, hash_of, is_canonical, to_line
from tests import goldens

if TYPE_CHECKING:
    from pos.protocol.operations import Operation

MESSAGES = goldens.messages()

# What each file is known by. Lines are added here and none is ever changed.
SUMS = {
    "code_reply.json": "93859d3ef329f9a6",
    "code_reply.zst": "5fc58837a4c27027",
    "code_request.json": "44136fa355b3678a",
    "code_request.zst": "29dbb2d007338b43",
    "devices_reply.json": "9e3cf8eaba4e57fd",
    "devices_reply.zst": "84216c80f820692a",
    "devices_request.json": "b1f8771d5ab9af3b",
    "devices_request.zst": "55ed3f65f86a6400",
    "devices_request_least.json": "44136fa355b3678a",
    "devices_request_least.zst": "29dbb2d007338b43",
    "exchange_reply.json": "55d37fbe980fe44b",
    "exchange_reply.zst": "da74874ff3e822f0",
    "exchange_reply_elsewhere.json": "4a1ea33c7c673ec2",
    "exchange_reply_elsewhere.zst": "c9f8d16bbcfe7e41",
    "exchange_reply_fork.json": "6acf285039cfbc4f",
    "exchange_reply_fork.zst": "b7f178d50878fa07",
    "exchange_reply_least.json": "494e23592eb56baa",
    "exchange_reply_least.zst": "d0c44c596b7422b6",
    "exchange_reply_need.json": "b80849289458a00e",
    "exchange_reply_need.zst": "2a7277ed3a21d045",
    "exchange_reply_reset.json": "d164a1685aadb27f",
    "exchange_reply_reset.zst": "4879dbf58834a80b",
    "exchange_reply_reset_named.json": "f40f7b7a87265a2b",
    "exchange_reply_reset_named.zst": "2412f2a758c773a1",
    "exchange_reply_revoked.json": "fcc305c0845de41c",
    "exchange_reply_revoked.zst": "278796b825b8acc1",
    "exchange_request.json": "b123a3c9130eb8fa",
    "exchange_request.zst": "2c9d0bbb8d70b579",
    "exchange_request_hats.json": "566e0947d4639fdb",
    "exchange_request_hats.zst": "eabaa9cbbb5db663",
    "exchange_request_least.json": "109cdda4879901a3",
    "exchange_request_least.zst": "4094343ffcc137b3",
    "hat_body.json": "29d28e7fda403ce5",
    "hat_body.zst": "5bdfd60415309550",
    "hat_body_least.json": "3c51bf4ef4c73a5b",
    "hat_body_least.zst": "d3bfb0b4047d101c",
    "notice_body.json": "52acebc4ff25756b",
    "notice_body.zst": "aa49db47503bbcd0",
    "notice_body_least.json": "06df995bdb8962f2",
    "notice_body_least.zst": "916de2fdf6587409",
    "pair_reply.json": "93bedd860baa5d6f",
    "pair_reply.zst": "80e5ce207d1180b5",
    "pair_request.json": "098fd15cc6164fc8",
    "pair_request.zst": "aec757c368bb5c48",
    "pair_request_least.json": "550b627271eda766",
    "pair_request_least.zst": "2bdcfb90f80d80a4",
    "refusal.json": "cb28b16d93aba500",
    "refusal.zst": "fff43a82b360fe24",
    "refusal_least.json": "a27c3050557278aa",
    "refusal_least.zst": "2dfc67925e82dca6",
    "rekey_reply.json": "ac70733b2df830e3",
    "rekey_reply.zst": "7ce6a54126d1968e",
    "rekey_request.json": "5a5b49c890232daf",
    "rekey_request.zst": "2466fac37136128f",
    "verify_reply.json": "1d4950c8e55d0162",
    "verify_reply.zst": "882ad2ef34514255",
    "verify_reply_least.json": "44136fa355b3678a",
    "verify_reply_least.zst": "29dbb2d007338b43",
    "verify_request.json": "de77c1cd6ab684bd",
    "verify_request.zst": "51625bf2a976cd29",
    "verify_request_least.json": "ef374f5f74a99dd1",
    "verify_request_least.zst": "db5ef8a0094a3aaa",
}  # fmt: skip


def read(name: str) -> bytes:
    return (goldens.FOLDER / name).read_bytes()


def requests() -> list[ExchangeRequest]:
    """The golden requests that carry the log, in its order."""
    names = ("exchange_request", "exchange_request_hats")
    return [codec.decode(read(f"{name}.zst"), ExchangeRequest) for name in names]


@pytest.fixture(scope="module")
def operations() -> list[Operation]:
    """The log that the golden requests carry: one of every kind and version at least."""
    return [from_wire(one) for request in requests() for one in request.ops]


def test_no_golden_file_was_ever_changed_or_taken_away() -> None:
    there = {path.name: goldens.sum_of(path) for path in goldens.FOLDER.iterdir()}
    changed = sorted(name for name, digest in SUMS.items() if there.get(name) != digest)
    assert not changed, (
        f"{', '.join(changed)}: A GOLDEN MESSAGE IS NEVER CHANGED. Laptops that speak so are in use. "
        "Put the files back as they were and mend the program."
    )
    unlisted = sorted(there.keys() - SUMS.keys())
    assert not unlisted, f"new golden files need their line in SUMS: {', '.join(unlisted)}"


def test_every_message_there_is_has_a_golden_file() -> None:
    shapes = {
        one
        for one in vars(messages).values()
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__module__ == messages.__name__
    }
    parts = {messages.WireOp, messages.Digest, messages.OpResult, messages.GlobalRow, messages.DeviceEntry}
    assert {type(message) for message in MESSAGES.values()} == shapes - parts
    assert {f"{name}.{form}" for name in MESSAGES for form in ("json", "zst")} == SUMS.keys()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_golden_message_reads_as_it_was_meant_field_by_field(name: str) -> None:
    meant = MESSAGES[name]
    for form, encoding in (("json", "identity"), ("zst", "zstd")):
        found = codec.decode(read(f"{name}.{form}"), type(meant), encoding=encoding)
        for field in msgspec.structs.fields(meant):
            assert plain(getattr(found, field.name)) == plain(getattr(meant, field.name)), field.name


@pytest.mark.parametrize("name", MESSAGES)
def test_a_golden_message_is_written_again_as_it_was(name: str) -> None:
    meant = MESSAGES[name]
    text = read(f"{name}.json")
    assert goldens.text_of(codec.decode(text, type(meant), encoding="identity")) == text
    assert goldens.text_of(codec.decode(codec.encode(meant), type(meant))) == text


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_from_the_future_is_read_without_what_nobody_knows(name: str) -> None:
    meant = MESSAGES[name]
    values = msgspec.json.decode(read(f"{name}.json"), type=dict[str, msgspec.Raw])
    later = msgspec.json.encode({**values, "later": {"nested": [1, None, "ক"]}})
    assert goldens.text_of(codec.decode(later, type(meant), encoding="identity")) == read(f"{name}.json")


def test_the_golden_log_is_one_unbroken_chain_of_every_kind(operations: list[Operation]) -> None:
    tip = GENESIS
    for n, one in enumerate(operations, 1):
        assert (one.n, one.prev_hash) == (n, tip)
        assert hash_of(one) == one.hash
        assert is_canonical(one.body)
        assert (one.commitment is None) == (one.personal is None)
        if one.personal is not None:
            assert is_canonical(one.personal)
            assert commit_to(one.personal) == one.commitment
        tip = one.hash
    written = {(one.kind, one.v) for one in operations}
    assert {(name, version) for name, kind in KINDS.items() for version in kind.versions} == written


def test_every_golden_operation_is_read_up_to_the_newest_version(operations: list[Operation]) -> None:
    for one in operations:
        body = read_body(one.kind, one.v, one.body)
        assert isinstance(body, KINDS[one.kind].versions[KINDS[one.kind].newest])
        assert KINDS[one.kind].agg == one.agg
        needs = needs_of(one.kind, one.agg_id, body)
        assert all(len(each) == 16 for each in needs.variants | needs.aggregates)
        if one.personal is not None:
            assert read_personal(one.kind, one.v, one.personal)


def test_from_every_older_version_a_way_leads_to_the_next(operations: list[Operation]) -> None:
    older = {(name, v) for name, kind in KINDS.items() for v in kind.versions if v < kind.newest}
    assert set(UPCASTS) == older
    for kind in KINDS.values():
        assert sorted(kind.versions) == list(range(1, kind.newest + 1))
    for one in operations:
        if (one.kind, one.v) in older:
            values = UPCASTS[one.kind, one.v](msgspec.json.decode(one.body))
            msgspec.convert(values, KINDS[one.kind].versions[one.v + 1])


def test_an_operation_is_the_same_after_a_journey_and_after_the_second_journal(
    operations: list[Operation],
) -> None:
    assert operations == goldens.log()
    for one in operations:
        assert from_wire(to_wire(one)) == one
        assert from_line(to_line(one)) == one


def test_an_erased_buyers_operation_still_verifies_on_arrival() -> None:
    reply = codec.decode(read("exchange_reply.zst"), messages.ExchangeReply)
    (erased,) = (from_wire(one) for one in reply.changes["v"])
    assert erased.personal is None
    assert erased.commitment is not None
    assert hash_of(erased) == erased.hash


def plain(value: Any) -> Any:
    """Raw texts compare by what they hold, as do the structs around them."""
    if isinstance(value, msgspec.Raw):
        return bytes(value)
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value
