"""What shaping makes of text: clusters, the smallest pieces that may be moved, broken off or elided."""

from __future__ import annotations

from typing import NamedTuple


class Glyph(NamedTuple):
    """One outline of a cluster: its glyph, advance and offset, in font units."""

    glyph_id: int
    advance: int
    dx: int
    dy: int


class Cluster(NamedTuple):
    """Characters that shape into one indivisible picture, with its advance in thousandths of the size."""

    text: str
    glyphs: tuple[Glyph, ...]
    advance: float
