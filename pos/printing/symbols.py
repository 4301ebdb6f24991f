"""What scanners read: QR and Code 128 as modules, to be drawn at any size."""

from __future__ import annotations

from pos.errors import BugError

# ISO/IEC 15417, table 1: widths of bar, space, bar, … of each value; the last four are starts A, B, C and stop.
_PATTERNS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 "
    "112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 "
    "311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()
_START_C = 105
_STOP = 106
_CHECK_MODULUS = 103


def code128_widths(digits: str) -> list[int]:
    """Widths in modules of bar, space, bar, … of a Code 128 in set C; the first and the last are bars.

    Args:
        digits: an even number of the digits 0-9.
    """
    if len(digits) % 2 or not (digits.isascii() and digits.isdigit()):
        raise BugError("barcode_digits", digits=digits)
    values = [_START_C, *(int(digits[at : at + 2]) for at in range(0, len(digits), 2))]
    check = (_START_C + sum(place * value for place, value in enumerate(values))) % _CHECK_MODULUS
    return [int(modules) for value in (*values, check, _STOP) for modules in _PATTERNS[value]]


def qr_rows(text: str) -> list[list[bool]]:
    """Rows of modules of a QR code at error level M without its quiet zone, True for dark.

    An order number fits version 1, which has 21 modules a side.
    """
    import segno

    code = segno.make_qr(text, error="m", boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]
