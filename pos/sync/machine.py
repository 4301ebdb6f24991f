"""A mark of the computer and the place where a shop lies: another mark means that the shop was copied or moved.

Two copies of one shop would give the same numbers to different orders. The mark is hashed with a salt of our own,
so that it says nothing about the computer and fits no other program's mark.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pos.paths import ShopPaths

_SALT: Final = b"hatkhata: the computer of a shop, 1\n"
_MACHINE_IDS: Final = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


COPIED: Final = (
    "copied:"  # before the mark that is kept: numbers are new, the identity is still the original's
)


def machine_known(kept: str, machine: str) -> bool:
    """Whether a shop that was last known to be at `kept` has taken new numbers, or needs none."""
    return kept in (machine, COPIED + machine)


def machine_mark(paths: ShopPaths) -> str:
    """32 hex digits for this computer and this folder on it."""
    parts = [_system_id(), str(paths.home.resolve())]
    return hashlib.sha256(_SALT + "\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _system_id() -> str:
    """What the system calls itself, the same after every start; its name where it has no such mark."""
    if sys.platform == "win32":
        import winreg

        with suppress(OSError), winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0,
            winreg.KEY_READ | winreg.KEY_WOW64_64KEY,
        ) as key:  # fmt: skip
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for file in _MACHINE_IDS:
        with suppress(OSError):
            found = file.read_text(encoding="ascii", errors="replace").strip()
            if found:
                return found
    return platform.node()
