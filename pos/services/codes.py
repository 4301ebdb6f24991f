"""Codes of products as they are stored: SKUs as the vendor writes them, barcodes as scanners send them."""

from __future__ import annotations

import re

from pos.domain.text import clean, clean_name, fold_digits
from pos.errors import UserError

_BARCODE = re.compile(r"[!-~]{1,48}")


def clean_sku(text: str) -> str:
    """A code in the vendor's own letters, in Latin digits, without spaces inside.

    Raises:
        UserError: ``sku_unclear`` and what `clean_name` raises.
    """
    sku = fold_digits(clean_name(text, field="sku", limit=64))
    if any(char.isspace() for char in sku):
        raise UserError("sku_unclear", text=text)
    return sku


def clean_barcode(text: str | None) -> str | None:
    """A barcode as scanners send it, in Latin digits; None for an empty one."""
    if text is None:
        return None
    barcode = fold_digits(clean(text, field="barcode")).replace(" ", "")
    if barcode and not _BARCODE.fullmatch(barcode):
        raise UserError("barcode_unclear", text=text)
    return barcode or None
