"""How far this device has checked the shop's data, kept in a small file beside it.

A backup holds every operation against its rows, which takes half a minute in a shop of 100,000 orders. Every
half hour of a hat that would be too much; so the place in the log up to which all was found sound is kept,
and a quick backup reads the log from there on. What was sound once may still rot on the disk: therefore
everything is read again once a day, and whenever a person asks.

The file is no proof against anybody: it only saves work. Without it, or with one that does not fit the shop,
everything is read.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from pos.settings import write_atomically
from pos.store.oplog import Tip

if TYPE_CHECKING:
    from pathlib import Path


class Checked(msgspec.Struct, frozen=True):
    """What is known. `n` and `hash` name an operation; instants are UTC milliseconds, None before the first."""

    n: int = 0
    hash: str = ""
    whole_at_ms: int | None = None
    proved_at_ms: int | None = None
    proved_file: str = ""

    @property
    def tip(self) -> Tip | None:
        """The operation up to which all was sound."""
        try:
            return Tip(self.n, bytes.fromhex(self.hash), 0) if self.n > 0 else None
        except ValueError:
            return None


_decoder = msgspec.json.Decoder(Checked)


def read_checked(path: Path) -> Checked:
    """What the file says; nothing where there is none or it does not read."""
    try:
        return _decoder.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return Checked()


def write_checked(path: Path, checked: Checked) -> None:
    """Keep it. Where that cannot be written, the next backup merely reads more."""
    with contextlib.suppress(OSError):
        write_atomically(path, msgspec.json.encode(checked))
