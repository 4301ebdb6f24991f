"""The bytes of a receipt for a thermal printer: always a picture, since its own fonts know no Bangla.

Commands are those of ESC/POS as Epson publishes them and as the cheap clones follow: initialise, raster bit
image (`GS v 0`), feed, cut, drawer. Nothing that a person typed reaches the printer as text, so no name can
carry a command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL.Image import Image

BAND_ROWS: Final = 128  # what small printers hold at once: 9 kB at 576 dots
_MOST_FEED: Final = 255  # dots of one `ESC J`

_INITIALISE: Final = b"\x1b@"
_RASTER: Final = b"\x1dv0\x00"  # at the head's own dots, neither doubled in width nor in height
_FEED: Final = b"\x1bJ"
_CUT: Final = b"\x1dVB\x00"  # moves the paper to the knife, then leaves one point uncut
# Pin 2 for 50 ms, then 500 ms of rest; pin 5 serves a second drawer, which a small shop has not.
_DRAWER: Final = b"\x1bp\x00\x19\xfa"


def receipt_bytes(
    strips: Iterable[Image], *, feed_dots: int = 0, cut: bool = True, drawer: bool = False
) -> bytes:
    """Every strip as raster bands, each fed and cut by itself.

    Args:
        strips: pictures of mode "1" as wide as the print head, as `receipt_bitmaps` makes them.
        feed_dots: paper moved after each strip, 8 dots a millimetre; for a roll that is torn off by hand.
        cut: whether to cut after each strip; a printer without a knife passes over it.
        drawer: whether to open the cash drawer before anything is printed.
    """
    parts = [_INITIALISE]
    if drawer:
        parts.append(_DRAWER)
    for strip in strips:
        parts += _bands(strip)
        parts += _feeds(feed_dots)
        if cut:
            parts.append(_CUT)
    return b"".join(parts)


def _bands(strip: Image) -> Iterator[bytes]:
    """`GS v 0` wants rows of whole bytes, the left dot in the highest bit, 1 for black."""
    row = (strip.width + 7) // 8
    bits = strip.tobytes("raw", "1;I")
    for top in range(0, strip.height, BAND_ROWS):
        rows = min(BAND_ROWS, strip.height - top)
        yield _RASTER + row.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield bits[top * row : (top + rows) * row]


def _feeds(dots: int) -> Iterator[bytes]:
    while dots > 0:
        yield _FEED + bytes([min(dots, _MOST_FEED)])
        dots -= _MOST_FEED
