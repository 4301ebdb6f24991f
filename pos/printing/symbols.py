"""What scanners read: QR and Code 128 as modules, to be drawn at any size."""

from __future__ import annotations

from pos.errors import BugError

# ISO/IEC 15417, table 1: six widths (bar, space, bar, space, bar, space) of each value from 0 on.
_PATTERNS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "2112322331112"
)
_STOP = "2331112"
_START_C = 105
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
    widths = "".join(_PATTERNS[value * 6 : value * 6 + 6] for value in (*values, check)) + _STOP
    return [int(modules) for modules in widths]


def qr_rows(text: str) -> list[list[bool]]:
    """Rows of modules of a QR code at error level M without its quiet zone, True for dark.

    An order number fits version 1, which has 21 modules a side.
    """
    import segno

    code = segno.make_qr(text, error="m", boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]
