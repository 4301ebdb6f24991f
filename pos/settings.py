"""Every setting there is: its key, scope, form and default. `docs/cli.md` lists the same, and a test compares.

Settings of the shop live in the database and will sync; settings of the device live in a file beside it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.errors import EnvironmentFault, UserError

if TYPE_CHECKING:
    from pathlib import Path

Scope = Literal["shop", "device"]
Value = str | int
Check = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Setting:
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
    Setting("hat.weekdays", "shop", "tue,fri", _weekdays),
    Setting("hat.opens", "shop", "09:00", _words),
    Setting("hat.closes", "shop", "21:00", _words),
    Setting("hat.anchor", "shop", "", _words),
    Setting("lang", "device", "bn", _choice("lang", "bn", "en")),
    Setting("digits", "device", "bn", _choice("digits", "bn", "latin")),
    Setting("paper.invoice", "device", "A4", _choice("paper.invoice", "A4", "A5")),
    Setting("paper.receipt", "device", "80", _choice("paper.receipt", "58", "80")),
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
