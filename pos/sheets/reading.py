"""Opening a file: what kind it is, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.errors import EnvironmentFault, UserError
from pos.sheets.sheet import FILE_LIMIT, Sheet

if TYPE_CHECKING:
    from pathlib import Path

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# First bytes of files that are at times handed over in place of a sheet -> how the sentence names them.
_FOREIGN: Final = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"{\\rtf", "RTF"),
)
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head", b"<meta")


def read_sheet(path: Path) -> Sheet:
    """The sheet in a CSV or XLSX file; of a workbook the first visible sheet that holds something.

    Args:
        path: the file; comma, semicolon, tab or pipe apart and any usual encoding for a CSV.

    Raises:
        UserError: `sheet_missing`, `sheet_kind` (old Excel, ODS, Numbers, PDF, pictures …), `sheet_empty`,
            `sheet_too_big`, `sheet_damaged`, `sheet_locked` (a password), `sheet_bomb`, `sheet_has_dtd`,
            `encoding_unclear`, `quote_open`, `quote_broken`, `cell_too_long`, `sheet_too_long`.
        EnvironmentFault: `sheet_unreadable`: the disk or another program keeps the file.
    """
    start = _first_bytes(path)
    if start.startswith(_ZIP):
        from pos.sheets.workbook import read_workbook

        return read_workbook(path)
    if kind := _foreign_kind(path, start):
        raise UserError("sheet_kind", file=path.name, kind=kind)
    from pos.sheets.delimited import read_delimited

    return read_delimited(path)


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UserError("sheet_missing", file=path.name)
        size = path.stat().st_size
        if size == 0:
            raise UserError("sheet_empty", file=path.name)
        if size > FILE_LIMIT:
            raise UserError("sheet_too_big", file=path.name, limit_mb=FILE_LIMIT // 1024**2)
        with path.open("rb") as file:
            return file.read(2048)
    except ValueError:  # a NUL inside the name
        raise UserError("sheet_missing", file=path.name) from None
    except OSError as error:
        raise EnvironmentFault("sheet_unreadable", file=path.name) from error


def _foreign_kind(path: Path, start: bytes) -> str | None:
    if start.startswith(_OLE):
        # Old Excel and a workbook with a password look alike from outside; the name tells them apart.
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            raise UserError("sheet_locked", file=path.name)
        return "XLS" if path.suffix.lower() in {".xls", ".xlt", ".csv", ""} else path.suffix[1:].upper()
    for magic, kind in _FOREIGN:
        if start.startswith(magic):
            return kind
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    # Web shops and banks offer a table of a web page under the name .xls.
    return "HTML" if head.startswith(_MARKUP) else None
