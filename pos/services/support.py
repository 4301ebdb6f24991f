"""The file for whoever helps when something broke: what the machine and the shop's data look like, and no one's name.

It holds the log (events, codes and places, trust.md P1), versions, settings that are nobody's, counts, and what
the checks say. Not in it: names, phones, addresses, words, products, prices, folders of the machine. It lies in
the shop's folder until the vendor sends it herself; nothing uploads by itself, and it can be read before.
"""

from __future__ import annotations

import contextlib
import json
import locale
import platform
import re
import shutil
import sqlite3
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path  # noqa: TC003 - msgspec resolves the fields' types
from typing import TYPE_CHECKING, Any

import msgspec

from pos import __version__
from pos.domain.text import fold_digits
from pos.domain.times import dhaka_time, iso
from pos.errors import PosError
from pos.services.checked import read_checked
from pos.services.health import examine
from pos.settings import SETTINGS, DeviceSettings, sync_folder
from pos.store.backup import SUFFIX
from pos.store.file import SCHEMA, os_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos.domain.times import Clock
    from pos.paths import ShopPaths

_LIBRARIES = (
    "SQLAlchemy",
    "msgspec",
    "reportlab",
    "uharfbuzz",
    "pypdfium2",
    "pillow",
    "PySide6-Essentials",
)
_LOG_BYTES = 1_500_000
_KEPT_FILES = 5
# Belt and braces: no phone is written into a log; should one ever be, it does not leave the machine. An id of
# digits may look like one and is blanked as well.
_PHONE = re.compile(r"(?<!\d)(?:\+?88)?0?1[3-9](?:[ -]?\d){8}(?!\d)")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9-]")
# Settings whose values are one of a few words; of the others only that they are set.
_OPEN = (
    "money.rounding", "hat.weekdays", "hat.opens", "hat.closes", "lang", "digits", "paper.invoice", "paper.receipt",
    "ui.theme", "ui.text", "printer.kind",
)  # fmt: skip


class SupportReport(msgspec.Struct, frozen=True):
    """What the file will hold, by the name inside it: to be shown whole before it is saved."""

    code: str
    at_ms: int
    texts: dict[str, str]


def support_report(
    paths: ShopPaths,
    clock: Clock,
    code: str,
    *,
    facts: Mapping[str, str | int] | None = None,
    whole: bool = False,
) -> SupportReport:
    """Gather what helps. Whatever cannot be asked is left out: this is made when things are broken.

    Args:
        paths: the shop's files; there need not be a shop.
        clock: for the time on it.
        code: the short code that the vendor was shown.
        facts: what the caller knows besides, such as sizes of screens; no words of a person.
        whole: check everything as `doctor` does, which takes long in a big shop; else a quick look.
    """
    about = {
        "code": code,
        "at": iso(clock.now_ms()),
        "versions": _versions(),
        "machine": _machine(paths),
        "settings": _settings(paths),
        "counts": _counts(paths),
        "files": _files(paths),
        "checked": msgspec.to_builtins(msgspec.structs.replace(read_checked(paths.checked), proved_file="")),
        "doctor": _doctor(paths, whole=whole),
        "facts": dict(facts or {}),
    }
    texts = {"about.json": json.dumps(about, ensure_ascii=False, indent=1)}
    texts |= {f"logs/{file.name}": _tail(file) for file in _logs(paths)}
    return SupportReport(code, clock.now_ms(), {name: _without_phones(text) for name, text in texts.items()})


def save_support(paths: ShopPaths, report: SupportReport, *, folder: Path | None = None) -> Path:
    """Write it as one ZIP; into the shop's own folder only the newest few are kept.

    Raises:
        EnvironmentFault: ``disk_full`` and the like.
    """
    into = folder or paths.support
    stamp = dhaka_time(report.at_ms).strftime("%Y%m%d-%H%M%S")
    code = _NOT_IN_A_NAME.sub("", report.code)[:20] or "help"
    path = into / f"hatkhata-{code}-{stamp}.zip"
    beside = path.with_suffix(".part")
    try:
        into.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as package:
                for name, text in report.texts.items():
                    package.writestr(name, text.encode("utf-8", "replace"))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(into)
    except OSError as error:
        raise os_fault(error, path) from error
    if folder is None:
        _thin_out(into)
    return path


def support_file(
    paths: ShopPaths, clock: Clock, code: str, *, facts: Mapping[str, str | int] | None = None
) -> Path:
    """Gather with a quick look and save at once: what the crash hook does.

    Raises:
        EnvironmentFault: ``disk_full`` and the like.
    """
    return save_support(paths, support_report(paths, clock, code, facts=facts))


def _versions() -> dict[str, str]:
    found = {
        "hatkhata": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "schema": str(SCHEMA),
    }
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _machine(paths: ShopPaths) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "encoding": sys.getfilesystemencoding(),
        "locale": ".".join(part or "" for part in locale.getlocale()),
        "frozen": bool(getattr(sys, "frozen", False)),
        "synced": paths.synced_by() is not None,
    }
    with contextlib.suppress(OSError):
        usage = shutil.disk_usage(paths.home)
        facts |= {"disk_bytes": usage.total, "disk_free_bytes": usage.free}
    return facts


def _settings(paths: ShopPaths) -> dict[str, str | int]:
    """Those whose value is one of a few words or a number; of the others only whether they are set."""
    values: dict[str, Any] = {key: item.default for key, item in SETTINGS.items()}
    values |= DeviceSettings(paths.settings).all()
    for key, value in _asked(paths, "SELECT key, value FROM setting"):
        with contextlib.suppress(ValueError, TypeError):
            values[str(key)] = json.loads(value)
    shown: dict[str, str | int] = {}
    for key, value in values.items():
        if key in SETTINGS:
            shown[key] = value if key in _OPEN or isinstance(value, int) else "set" if value else ""
    return shown


def _counts(paths: ShopPaths) -> dict[str, int]:
    tables = ("op", "orders", "product", "variant", "customer", "stock_move", "operator")
    asked = {table: _asked(paths, f"SELECT count(*) FROM {table}") for table in tables}
    return {table: int(rows[0][0]) for table, rows in asked.items() if rows}


def _files(paths: ShopPaths) -> dict[str, int]:
    """Sizes in bytes; of the backups how many there are."""
    found = {}
    for file in (paths.database, paths.database.with_name("shop.db-wal"), paths.journal, paths.tip):
        with contextlib.suppress(OSError):
            found[file.name] = file.stat().st_size
    return found | {"backups": sum(1 for _ in paths.backups.glob(f"*{SUFFIX}"))}


def _doctor(paths: ShopPaths, *, whole: bool) -> dict[str, Any]:
    """What the checks say, without the places: a damaged row may hold anything where a number should be."""
    try:
        health = examine(paths, whole=whole)
    except PosError as error:
        return {"error": error.code}
    except Exception as error:  # noqa: BLE001 - the rest of the file still helps
        return {"error": type(error).__name__}
    return {
        "whole": whole,
        "checks": health.report.checks,
        "problems": {p.code: p.count for p in health.report.problems},
        "alerts": {p.code: p.count for p in health.report.alerts},
        "orders": health.orders,
        "operations": health.operations,
        "backup": health.newest_backup is not None,
    }


def _asked(paths: ShopPaths, sql: str) -> list[tuple[Any, ...]]:
    """What the shop's file answers; nothing where it does not."""
    try:
        connection = sqlite3.connect(f"{paths.database.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    except (sqlite3.Error, ValueError):
        return []


def _logs(paths: ShopPaths) -> list[Path]:
    return sorted(paths.logs.glob("hatkhata.log*")) if paths.logs.is_dir() else []


def _tail(file: Path) -> str:
    """The end of a log, from the beginning of a line on."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - _LOG_BYTES))
            data = opened.read()
    except OSError:
        return ""
    return (data.partition(b"\n")[2] if size > _LOG_BYTES else data).decode("utf-8", "replace")


def _without_phones(text: str) -> str:
    """Blank what looks like a phone, in either digits; positions stay as they are."""
    folded = fold_digits(text)
    if len(folded) != len(text):
        return _PHONE.sub("[…]", folded)
    for match in reversed(list(_PHONE.finditer(folded))):
        text = text[: match.start()] + "[…]" + text[match.end() :]
    return text


def _thin_out(folder: Path) -> None:
    made = sorted(folder.glob("hatkhata-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in made[_KEPT_FILES:]:
        with contextlib.suppress(OSError):
            old.unlink()
