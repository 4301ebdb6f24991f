"""PINs of the operators at this counter.

A PIN guards the counter and never a key (trust.md §4): whoever can read the shop's folder can read the shop.
So it is kept in a small file of this device and travels nowhere. As an operation its hash would be in the log
of every device for ever, and ten thousand guesses, however slow each is, are made in an afternoon; in the
shop's file it would come back with a backup and lock out an owner who has set a new one since.

What is kept is scrypt of the PIN under a salt of its own. After five wrong ones there is a wait that doubles
with each further one; it outlives a restart, and a clock that was set back only begins it anew.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

import msgspec

from pos.errors import EnvironmentFault, UserError
from pos.settings import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

FREE_TRIES = 5
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 15 * 60_000
# 16 MB and some 50 ms for each try on a small laptop (RFC 7914; OWASP names these numbers as the least).
_COST = {"n": 1 << 14, "r": 8, "p": 1}


class _Pin(msgspec.Struct):
    salt: str
    hash: str
    wrong: int = 0  # tries since the last right one
    last_wrong_ms: int = 0


_decoder = msgspec.json.Decoder(dict[str, _Pin])


class Pins:
    """The file of PINs; operators are named by their id as hex."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, operator: str) -> bool:
        """Whether this operator is asked for a PIN here."""
        return operator in self._read()

    def owners(self) -> frozenset[str]:
        """Every operator who is asked for one."""
        return frozenset(self._read())

    def wait_ms(self, operator: str, now_ms: int) -> int:
        """How long until the next try may be made; 0 where it may be made now, or needs none."""
        kept = self._read().get(operator)
        return 0 if kept is None else _wait_ms(kept, now_ms)

    def put(self, operator: str, pin: str | None) -> None:
        """Give an operator this PIN in place of any other, or none.

        Raises:
            EnvironmentFault: ``file_not_written``.
        """
        pins = self._read()
        pins.pop(operator, None)
        if pin is not None:
            salt = secrets.token_bytes(16)
            pins[operator] = _Pin(salt.hex(), _slow_hash(pin, salt).hex())
        self._write(pins)

    def check(self, operator: str, pin: str | None, now_ms: int) -> None:
        """Let the right PIN pass, and whoever has none.

        Raises:
            UserError: ``pin_missing``; ``pin_wrong``; ``pin_wait`` with the seconds left.
        """
        pins = self._read()
        kept = pins.get(operator)
        if kept is None:
            return
        wait = _wait_ms(kept, now_ms)
        if wait:
            raise UserError("pin_wait", seconds=-(-wait // 1000))
        if pin is None:
            raise UserError("pin_missing")
        if hmac.compare_digest(_slow_hash(pin, bytes.fromhex(kept.salt)).hex(), kept.hash):
            if kept.wrong:
                kept.wrong = kept.last_wrong_ms = 0
                self._write(pins)
            return
        kept.wrong, kept.last_wrong_ms = kept.wrong + 1, now_ms
        self._write(pins)
        raise UserError("pin_wrong")

    def _read(self) -> dict[str, _Pin]:
        """A file that does not read counts as none: the counter stays open, selling goes on."""
        try:
            return _decoder.decode(self._path.read_bytes())
        except (OSError, msgspec.MsgspecError):
            return {}

    def _write(self, pins: dict[str, _Pin]) -> None:
        try:
            write_atomically(self._path, msgspec.json.encode(pins))
            if os.name == "posix":
                self._path.chmod(0o600)
        except OSError as error:
            raise EnvironmentFault("file_not_written", file=self._path.name) from error


def _slow_hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, maxmem=64 << 20, **_COST)


def _wait_ms(kept: _Pin, now_ms: int) -> int:
    """How long until the next try may be made."""
    over = kept.wrong - FREE_TRIES
    if over < 0:
        return 0
    whole = min(FIRST_WAIT_MS << min(over, 10), LONGEST_WAIT_MS)
    passed = now_ms - kept.last_wrong_ms
    return max(0, whole - passed) if passed >= 0 else whole
