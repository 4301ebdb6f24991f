"""Every setting there is: its key, scope, form and default. `docs/cli.md` lists the same, and a test compares.

Settings of the shop live in the database and will sync; settings of the device live in a file beside it.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from pos.errors import EnvironmentFault, UserError

if TYPE_CHECKING:
    from pathlib import Path

Scope = Literal["shop", "device"]
Value = str | int
Check = Callable[[str], Value]


class Setting(msgspec.Struct, frozen=True):
    """One setting. `check` turns what was typed into the value, or raises UserError."""

    key: str
    scope: Scope
    default: Value
    check: Check


def _choice(key: str, *allowed: str) -> Check:
    def check(text: str) -> Value:
        wanted = text.strip().lower()
        for item in allowed:
            if item.lower() == wanted:
                return item
        raise UserError("setting_choice", key=key, text=text, allowed=list(allowed))

    return check


def _number(key: str, low: int, high: int) -> Check:
    def check(text: str) -> Value:
        text = text.strip()
        # int() reads Bangla digits too, which is wanted; underscores are not.
        if re.fullmatch(r"\d{1,6}", text) and low <= int(text) <= high:
            return int(text)
        raise UserError("setting_number", key=key, text=text, low=low, high=high)

    return check


def _words(text: str) -> Value:
    return text  # cleaned at the border by the service, which knows the rule of text


def _weekdays(text: str) -> Value:
    names = [part.strip().lower()[:3] for part in text.split(",") if part.strip()]
    if any(name not in WEEKDAYS for name in names):
        raise UserError("setting_choice", key="hat.weekdays", text=text, allowed=list(WEEKDAYS))
    return ",".join(sorted(set(names), key=WEEKDAYS.index))


PRINTER_PORT = 9100  # where network printers take raw bytes, unless they are told otherwise
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")


def host_and_port(text: str) -> tuple[str, int]:
    """Where a network printer listens, from `192.168.0.50:9100`, a name, or `[fe80::1]:9100`.

    Without a port it is 9100. Digits may be Bangla ones.

    Raises:
        UserError: ``printer_address_unclear``.
    """
    folded = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text.strip())
    matched = re.fullmatch(r"(?:\[([^\]]+)\]|([^:\[\]]+))(?::([0-9]{1,5}))?", folded)
    if matched is not None:
        host = matched[1] or matched[2]
        port = int(matched[3] or PRINTER_PORT)
        if 1 <= port <= 65_535 and _is_host(host, bracketed=matched[1] is not None):
            return host, port
    raise UserError("printer_address_unclear", text=text)


def _is_host(host: str, *, bracketed: bool) -> bool:
    """Four numbers that are no address are no name either: such a one is a slip of the finger."""
    try:
        return (ipaddress.ip_address(host).version == 6) is bracketed
    except ValueError:
        named = len(host) <= 253 and _HOST_NAME.fullmatch(host) is not None
        return named and not bracketed and not re.fullmatch(r"[0-9.]+", host)


def _printer_address(text: str) -> Value:
    if not text.strip():
        return ""
    host, port = host_and_port(text)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ALL = (
    Setting("shop.name", "shop", "", _words),
    Setting("shop.phone", "shop", "", _words),
    Setting("shop.trade", "shop", "", _words),
    Setting("shop.address", "shop", "", _words),
    Setting("shop.district", "shop", "", _words),
    Setting("shop.page", "shop", "", _words),
    Setting("shop.complaint_days", "shop", 3, _number("shop.complaint_days", 0, 365)),
    Setting("money.rounding", "shop", "taka", _choice("money.rounding", "taka", "none")),
    Setting("refund.days", "shop", 10, _number("refund.days", 0, 365)),
    Setting("delivery.inside", "shop", "80", _words),
    Setting("delivery.outside", "shop", "130", _words),
    Setting("hat.weekdays", "shop", "tue,fri", _weekdays),
    Setting("hat.opens", "shop", "09:00", _words),
    Setting("hat.closes", "shop", "21:00", _words),
    Setting("hat.anchor", "shop", "", _words),
    Setting("lang", "device", "bn", _choice("lang", "bn", "en")),
    Setting("digits", "device", "bn", _choice("digits", "bn", "latin")),
    Setting("paper.invoice", "device", "A4", _choice("paper.invoice", "A4", "A5")),
    Setting("paper.receipt", "device", "80", _choice("paper.receipt", "58", "80")),
    Setting("ui.theme", "device", "system", _choice("ui.theme", "system", "light", "dark")),
    Setting("ui.text", "device", "100", _choice("ui.text", "100", "115", "130")),
    Setting("sell.favourites", "device", "", _words),
    Setting("printer.kind", "device", "none", _choice("printer.kind", "none", "os", "tcp")),
    Setting("printer.name", "device", "", _words),
    Setting("printer.address", "device", "", _printer_address),
    Setting("backup.folder", "device", "", _words),
    Setting("notices.seen", "device", "", _words),
)
SETTINGS: Mapping[str, Setting] = {item.key: item for item in _ALL}


def setting(key: str) -> Setting:
    """The setting of this key.

    Raises:
        UserError: ``setting_unknown`` with all keys.
    """
    try:
        return SETTINGS[key]
    except KeyError:
        raise UserError("setting_unknown", key=key, known=list(SETTINGS)) from None


class DeviceSettings:
    """The settings of this device: a small JSON file, replaced whole so that a power cut leaves old or new."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, Value]:
        """Every device setting with its value. A file that does not read counts as none: selling goes on."""
        values = {item.key: item.default for item in _ALL if item.scope == "device"}
        try:
            stored = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return values
        if isinstance(stored, dict):
            for key, value in stored.items():
                if key in values and isinstance(value, type(values[key])):
                    values[key] = value
        return values

    def put(self, key: str, value: Value) -> None:
        """Store one value."""
        values = self.all() | {key: value}
        try:
            write_atomically(self._path, json.dumps(values, ensure_ascii=False, indent=1).encode())
        except OSError as error:
            raise EnvironmentFault("file_not_written", file=self._path.name) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename over, fsync the folder: after a power cut there is the old file or the new.

    Raises:
        OSError: nothing was replaced.
    """
    import secrets  # with hashing behind it, which nobody needs who only reads

    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("xb") as file:  # with the rights that any new file of this user gets
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
