"""Identities: UUIDv7 (RFC 9562 §5.7), 16 bytes, rising with time."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

IdSource = Callable[[int], uuid.UUID]


def uuid7(at_ms: int) -> uuid.UUID:
    """A new UUIDv7 for the instant `at_ms` (milliseconds since 1970, UTC)."""
    value = (at_ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
