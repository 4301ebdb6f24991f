"""Messages of protocol 1 with fixed values, and the files that hold what they looked like on the line.

    python -m tests.goldens      writes the files that are not there yet, and says their lines in the test

A file that is there is never written again: laptops of that day speak so for years. A message that grows gets a
further file beside the old one, under a name of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pos.protocol import codec
from pos.protocol.messages import (
    CodeReply,
    CodeRequest,
    DeviceEntry,
    DevicesReply,
    DevicesRequest,
    Digest,
    ExchangeReply,
    ExchangeRequest,
    GlobalRow,
    HatBody,
    NoticeBody,
    OpResult,
    PairReply,
    PairRequest,
    Refusal,
    RekeyReply,
    RekeyRequest,
    VerifyReply,
    VerifyRequest,
    to_wire,
)
from pos.protocol.operations import GENESIS, canonical, hash_of, next_hlc, sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos.protocol.operations import Operation

FOLDER = Path(__file__).parent / "data" / "protocol" / "1"

_AT_MS = int(dt.datetime(2026, 11, 24, 11, 46, tzinfo=dt.UTC).timestamp() * 1000)
_EPOCH = "5f0e6a4e3c1d4b7f9a2b8c7d6e5f4a3b"
_STRING = 'শাড়ি "লাল" \\ /\u200d\u00e9😀'


def some_id(number: int) -> str:
    """An identity that says which it is."""
    return f"019392a07e8070008000{number:012x}"


VENDOR, DEVICE, OTHER_DEVICE = some_id(1), some_id(2), some_id(3)
OWNER, PRODUCT, CUSTOMER, ORDER, RESERVATION, PAYMENT = (some_id(n) for n in range(10, 16))
VARIANTS = (some_id(20), some_id(21))


def _variant(number: int, colour: str) -> dict[str, Any]:
    return {
        "id": VARIANTS[number], "sku": f"P002-0{number + 1}", "size": "১২ হাত", "colour": colour, "barcode": None,
        "price": 460_000 if number else None, "plain": False, "position": number,
    }  # fmt: skip


def _line(number: int) -> dict[str, Any]:
    return {
        "move": some_id(30 + number), "variant": VARIANTS[number], "sku": f"P002-0{number + 1}", "product": "P002",
        "name_bn": _STRING, "name_en": "Jamdani", "size": "১২ হাত", "colour": "লাল", "unit": "piece", "qty": 1000,
        "price": 450_050, "discount": 50, "amount": 450_000, "oversold": bool(number),
    }  # fmt: skip


def _payment(number: int) -> dict[str, Any]:
    return {
        "id": some_id(40 + number), "method": "bkash", "amount": 10_000, "trxid": "CKO7A2KQ4Z", "state": "claimed",
    }  # fmt: skip


_BUYER = {
    "name": "শারমিন আক্তার", "phone": "+8801712345678", "phone2": None, "address": "মিরপুর ১০\nঢাকা",
    "district": "ঢাকা", "thana": "মিরপুর",
}  # fmt: skip
_SEEN = {"*": some_id(50)}
_STEP = {"by": OWNER, "number": "A-26-000001"}

# (kind, aggregate, its identity, body, personal part), in the order of the log.
ACTS: list[tuple[str, str, str, Mapping[str, Any], Mapping[str, Any] | None]] = [
    ("shop.founded", "device", DEVICE, {"vendor": VENDOR, "code": "A", "demo": False}, None),
    ("device.joined", "device", OTHER_DEVICE, {"vendor": VENDOR, "code": "B"}, None),
    ("device.rekeyed", "device", DEVICE, {"code": "A7K", "reason": "restored"}, None),
    (
        "device.rekeyed", "device", some_id(4),
        {"code": "C", "reason": "fork", "device": some_id(4), "after": 2}, None,
    ),
    ("operator.added", "operator", OWNER, {"name": "রূপা", "role": "owner"}, None),
    ("operator.added", "operator", some_id(16), {"name": "মিতু", "role": "helper", "by": OWNER}, None),
    (
        "operator.edited", "operator", some_id(16),
        {"by": OWNER, "set": {"name": "মিতা", "role": "owner", "archived": True}, "over": {"name": some_id(50)}},
        None,
    ),
    (
        "product.added", "product", PRODUCT,
        {
            "by": OWNER, "sku": "P002", "name_bn": _STRING, "name_en": "Jamdani", "category": "শাড়ি",
            "unit": "piece", "fractions": False, "price": 450_050, "cost": None, "minimum": 2000,
            "barcode": "8901", "variants": [_variant(0, "লাল"), _variant(1, "নীল")],
        },
        None,
    ),
    (
        "product.edited", "product", PRODUCT,
        {
            "by": OWNER,
            "set": {"price": 440_000, "cost": None, "archived": False, "barcode": None, "name_bn": "শাড়ি"},
            "over": {"price": some_id(50), "cost": None},
            "closes": [["price", some_id(51)]],
        },
        None,
    ),
    (
        "variant.added", "variant", some_id(22),
        {"by": OWNER, "product": PRODUCT, "variant": {**_variant(1, "সবুজ"), "id": some_id(22)}}, None,
    ),
    (
        "variant.edited", "variant", VARIANTS[0],
        {"by": OWNER, "set": {"price": None, "size": "", "colour": "লাল"}, "over": {"price": some_id(50)}}, None,
    ),
    ("customer.added", "customer", CUSTOMER, {"by": OWNER}, _BUYER),
    (
        "customer.edited", "customer", CUSTOMER,
        {"by": OWNER, "over": {"address": some_id(50)}, "closes": [["address", some_id(51)]]},
        {"address": "ধানমন্ডি"},
    ),
    ("customer.erased", "customer", CUSTOMER, {"by": OWNER, "orders": [ORDER]}, None),
    (
        "hat.set", "hat", b"2026-11-27".hex(),
        {
            "by": OWNER, "source": "vendor", "on": "2026-11-27", "kind": "cancelled", "opens": None,
            "closes": None, "ordinal": None,
        },
        None,
    ),
    (
        "hat.set", "hat", b"2026-11-28".hex(),
        {
            "by": OWNER, "source": "vendor", "on": "2026-11-28", "kind": "added", "opens": 600,
            "closes": 1320, "ordinal": 262, "over": {"kind": some_id(50)},
        },
        None,
    ),
    ("hat.unset", "hat", b"2026-11-27".hex(), {"by": OWNER, "source": "vendor", "on": "2026-11-27"}, None),
    (
        "setting.set", "setting", b"shop.address".hex(),
        {"by": OWNER, "key": "shop.address", "value": "স্টেশন রোড", "over": {"value": None}}, None,
    ),
    (
        "stock.moved", "stock_move", some_id(32),
        {
            "by": OWNER,
            "moves": [
                {"id": some_id(32), "variant": VARIANTS[0], "kind": "opening", "qty": 5000, "note": ""},
                {"id": some_id(33), "variant": VARIANTS[1], "kind": "damage", "qty": -333, "note": "ভিজে গেছে"},
            ],
        },
        None,
    ),
    (
        "reservation.made", "reservation", RESERVATION,
        {"by": OWNER, "variant": VARIANTS[0], "qty": 1000, "expires_at": _AT_MS + 60_000}, None,
    ),
    ("reservation.released", "reservation", RESERVATION, {"by": OWNER}, None),
    (
        "order.confirmed", "order", ORDER,
        {
            "by": OWNER, "number": "A-26-000001", "series": ["A", 26, 1], "request": "cart-1",
            "hat": "2026-11-24", "ordinal": 261, "after_hat": False, "taken_at": _AT_MS,
            "taken_on": "2026-11-24", "customer": CUSTOMER, "buyer": True, "rest": "cod", "source": "comment",
            "subtotal": 900_000, "discount": 10_000, "delivery": 13_000, "rounding": 0, "total": 903_000,
            "paid": 10_000, "change": 0, "due": 893_000, "cod": 893_000, "lines": [_line(0), _line(1)],
            "payments": [_payment(0)], "warnings": ["oversold"],
        },
        {**_BUYER, "note": "সন্ধ্যায় ফোন"},
    ),
    ("order.noted", "order", ORDER, {**_STEP, "over": {"note": some_id(50)}}, {"note": "কাল পাঠাব"}),
    ("order.checked", "order", ORDER, _STEP, None),
    ("order.unchecked", "order", ORDER, _STEP, None),
    ("order.packed", "order", ORDER, _STEP, None),
    ("order.unpacked", "order", ORDER, _STEP, None),
    (
        "payment.received", "payment", some_id(41),
        {
            "by": OWNER, "order": ORDER, "payment": _payment(1), "paid": 20_000, "change": 0, "due": 883_000,
            "cod": 883_000,
        },
        None,
    ),
    (
        "order.cancelled", "order", ORDER,
        {
            **_STEP,
            "moves": [{"id": some_id(34), "variant": VARIANTS[0], "qty": 1000, "line": 1}],
            "refund": {"amount": 20_000, "due_on": "2026-12-01"},
        },
        {"why": "ক্রেতা নেবেন না"},
    ),
]  # fmt: skip

_DAY = {"by": OWNER, "source": "vendor", "on": "2026-11-28"}

# The same for versions that came later, in a request of their own behind the first.
LATER_ACTS: list[tuple[str, str, str, Mapping[str, Any], Mapping[str, Any] | None, int]] = [
    (
        "hat.set", "hat", b"2026-11-28".hex(),
        {
            **_DAY, "kind": "added", "opens": 660, "closes": 1440, "ordinal": None, "over": {"day": some_id(50)},
            "decides": [some_id(51)],
        },
        None, 2,
    ),
    (
        "hat.set", "hat", b"2026-11-28".hex(),
        {
            **_DAY, "kind": "cancelled", "opens": None, "closes": None, "ordinal": None, "over": {"day": None},
        },
        None, 2,
    ),
    (
        "hat.unset", "hat", b"2026-11-28".hex(),
        {**_DAY, "over": {"day": some_id(52)}, "decides": [some_id(53)]}, None, 2,
    ),
]  # fmt: skip


def log() -> list[Operation]:
    """A log with an operation of every kind and version, sealed into its chain."""
    made: list[Operation] = []
    hlc = 0
    acts = [(*act, 1) for act in ACTS] + LATER_ACTS
    for n, (kind, agg, agg_id, body, personal, v) in enumerate(acts, 1):
        hlc = next_hlc(hlc, _AT_MS + n)
        made.append(
            sealed(
                n=n,
                op_id=uuid.UUID(hex=some_id(1000 + n)),
                kind=kind,
                agg=agg,
                agg_id=bytes.fromhex(agg_id),
                body=body,
                personal=personal,
                salt=lambda n=n: bytes([n] * 16),  # type: ignore[misc]
                at_ms=_AT_MS + n,
                hlc=hlc,
                prev_hash=made[-1].hash if made else GENESIS,
                v=v,
            )
        )
    return made


def messages() -> dict[str, msgspec.Struct]:
    """Every message of the protocol, by the name of its file: with all its fields, and with as few as it may have."""
    whole, later = log()[: len(ACTS)], log()[len(ACTS) :]
    here, there = uuid.UUID(hex=DEVICE), uuid.UUID(hex=OTHER_DEVICE)
    digests = {"v": Digest(17, 2**64 - 1), "h": Digest(9, 12)}
    erased = msgspec.structs.replace(whole[11], personal=None)
    hat = HatBody("added", 600, 1320, 262, "বৃষ্টির পরে")
    notice = NoticeBody(
        "হাট আধা ঘণ্টা পরে",
        _STRING,
        "Half an hour later",
        "Rain",
        "warning",
        "2026-11-27",
        _AT_MS,
        _AT_MS + 60_000,
    )
    return {
        "pair_request": PairRequest(
            "7KQ2 M9XA", "1.0.0", 3, "a" * 64, name=_STRING, device=DEVICE, device_code="A", operations=29, sold=True
        ),
        "pair_request_least": PairRequest("7kq2m9xa", "1.0.0", 3, "a" * 64),
        "pair_reply": PairReply(VENDOR, "রূপকথা ঘর", DEVICE, "A", "t" * 43, _EPOCH, founds=True),
        "exchange_request": ExchangeRequest(
            1, "1.0.0", 3, _EPOCH, 1, GENESIS.hex(), {"v": 0, "h": 0, "g": 0}, _AT_MS,
            ops=[to_wire(one) for one in whole],
            relay=[to_wire(one, device=there) for one in whole[:2]],
            max_rows=500, stock=True, digest=digests, waiting=12_000,
        ),
        "exchange_request_hats": ExchangeRequest(
            1, "1.0.0", 3, _EPOCH, later[0].n, whole[-1].hash.hex(), {"v": 41, "h": 41, "g": 7}, _AT_MS,
            ops=[to_wire(one) for one in later],
        ),
        "exchange_request_least": ExchangeRequest(1, "1.0.0", 3, None, 1, GENESIS.hex(), {}, _AT_MS),
        "exchange_reply": ExchangeReply(
            _EPOCH, _AT_MS + 5, 29, upto=41,
            results=[
                OpResult(whole[0].op_id.hex, 1, "ok", 40, whole[0].hlc),
                OpResult(whole[1].op_id.hex, 2, "conflict", 41, whole[1].hlc),
                OpResult(whole[2].op_id.hex, 3, "held", why="stands_on_unknown"),
            ],
            since={"v": 3, "h": 4, "g": 5},
            changes={
                "v": [to_wire(erased, device=there, seq=7, rank=erased.hlc)],
                "h": [to_wire(whole[21], device=here, seq=8, rank=whole[21].hlc)],
            },
            hats=[
                GlobalRow(6, "hat", "2026-11-27", msgspec.Raw(canonical(hat))),
                GlobalRow(7, "notice", some_id(60), msgspec.Raw(canonical(notice)), gone=True),
            ],
            cursors={"v": 7, "h": 8, "g": 7}, more=True, remaining=1234,
            stock={VARIANTS[0]: 4000, VARIANTS[1]: -333}, agree=False, relay_from={OTHER_DEVICE: 3},
            next_poll_s=120, min_proto=1,
        ),
        "exchange_reply_least": ExchangeReply(_EPOCH, _AT_MS, 0),
        "exchange_reply_reset": ExchangeReply(_EPOCH, _AT_MS, 12, reset=True),
        "exchange_reply_reset_named": ExchangeReply(_EPOCH, _AT_MS, 12, reset=True, named=_EPOCH[::-1]),
        "exchange_reply_elsewhere": ExchangeReply(
            _EPOCH, _AT_MS, 12, results=[OpResult(some_id(60), 12, "ok", 40, 70_000, d=OTHER_DEVICE)]
        ),
        "exchange_reply_need": ExchangeReply(_EPOCH, _AT_MS, 12, need=13),
        "exchange_reply_fork": ExchangeReply(_EPOCH, _AT_MS, 12, fork=9),
        "exchange_reply_revoked": ExchangeReply(_EPOCH, _AT_MS, 12, revoked=True),
        "rekey_request": RekeyRequest(12, whole[11].hash.hex(), "b" * 64),
        "rekey_reply": RekeyReply(some_id(4), "C", "u" * 43),
        "verify_request": VerifyRequest("v", 41, [Digest(n, n * 7) for n in range(256)], [3, 255], [DEVICE]),
        "verify_request_least": VerifyRequest("h", 41),
        "verify_reply": VerifyReply([3, 255], {DEVICE: "c" * 64}, [to_wire(whole[0], device=here, seq=1, rank=2)]),
        "verify_reply_least": VerifyReply(),
        "devices_request": DevicesRequest(OTHER_DEVICE),
        "devices_request_least": DevicesRequest(),
        "devices_reply": DevicesReply(
            [
                DeviceEntry(DEVICE, "A", "দোকান", "1.0.0", _AT_MS, _AT_MS + 1, 12_000, _AT_MS + 2),
                DeviceEntry(OTHER_DEVICE, "B", "", "1.0.0", _AT_MS, _AT_MS),
            ],
            _AT_MS + 3,
        ),
        "code_request": CodeRequest(),
        "code_reply": CodeReply("7KQ2M9XA", _AT_MS + 600_000, _AT_MS),
        "hat_body": hat,
        "hat_body_least": HatBody("cancelled"),
        "notice_body": notice,
        "notice_body_least": NoticeBody("হাট", ""),
        "refusal": Refusal("pairing_code_unknown", {"left": 3, "code": "7KQ2", "until": None}),
        "refusal_least": Refusal("token_unknown"),
    }  # fmt: skip


def text_of(message: msgspec.Struct) -> bytes:
    """A message as a golden file has it: JSON with sorted keys; bodies stay the very text that was hashed."""
    return canonical(message)


def sum_of(path: Path) -> str:
    """By which a golden file is known: the first 16 digits of its sha256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def main() -> int:
    """Write what is missing."""
    assert all(hash_of(one) == one.hash for one in log())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, message in messages().items():
        for path, content in (
            (FOLDER / f"{name}.json", text_of(message)),
            (FOLDER / f"{name}.zst", codec.encode(message)),
        ):
            if not path.exists():
                path.write_bytes(content)
                sys.stdout.write(f'    "{path.name}": "{sum_of(path)}",\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
