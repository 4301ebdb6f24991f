"""Identities: UUIDv7 (RFC 9562 §5.7), 16 bytes, rising with time."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

IdSource = Callable[[int], uuid.UUID]


def uuid7(at_ms: int) -> uuid.UUID:
    """A new UUIDv7 for the instant `at_ms` (milliseconds since 1970, UTC)."""
    return uuid.UUID(int=_value(at_ms))


def uuid7_hex(at_ms: int) -> str:
    """The same as 32 hexadecimal digits, as operations carry it."""
    return f"{_value(at_ms):032x}"


def _value(at_ms: int) -> int:
    value = (at_ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return value & ~(0x3 << 62) | 0x2 << 62
