"""The app's font as paper uses it: one object per font file, and text shaped into clusters.

HarfBuzz does the shaping, so that conjuncts, reph and vowel signs come out as on screen. Text is measured and
drawn from the same clusters; a cluster is the smallest piece that may be moved, broken off or elided.
"""

from __future__ import annotations

import unicodedata
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from pos.printing.clusters import Cluster, Glyph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pos.printing.outlines import ClusterOutlines

Weight = Literal[400, 500, 600, 700]
WEIGHTS: tuple[Weight, ...] = (400, 500, 600, 700)

_CACHED_TEXTS = 4096
# Longer texts are hostile or hopeless; shaping them afresh is cheaper than keeping them.
_CACHED_LENGTH = 200
_DANDAS = "\u0964\u0965"


class Face:
    """One weight of the font: what it covers and how it shapes. Safe to share between threads."""

    def __init__(self, font_file: bytes) -> None:
        import uharfbuzz as hb

        face = hb.Face(hb.Blob(font_file))
        self.font_file = font_file
        self.units_per_em: int = face.upem
        self.coverage: frozenset[int] = frozenset(face.unicodes)
        self._font = hb.Font(face)
        self._remember = lru_cache(maxsize=_CACHED_TEXTS)(self._shape)

    @cached_property
    def outlines(self) -> ClusterOutlines:
        """The outlines behind the clusters; only a document that is written asks for them."""
        from pos.printing.outlines import ClusterOutlines

        return ClusterOutlines(self.font_file)

    def shape(self, text: str) -> tuple[Cluster, ...]:
        """The clusters of one line of NFC text, left to right."""
        return self._remember(text) if len(text) <= _CACHED_LENGTH else self._shape(text)

    def _shape(self, text: str) -> tuple[Cluster, ...]:
        return tuple(cluster for script, run in script_runs(text) for cluster in self._shape_run(run, script))

    def _shape_run(self, run: str, script: str) -> Iterator[Cluster]:
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(run)
        buffer.direction = "ltr"
        buffer.script = script
        buffer.language = "bn" if script == "Beng" else "en"
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
        hb.shape(self._font, buffer, {})
        pieces: list[tuple[int, list[Glyph]]] = []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyph = Glyph(info.codepoint, position.x_advance, position.x_offset, position.y_offset)
            if pieces and pieces[-1][0] == info.cluster:
                pieces[-1][1].append(glyph)
            else:
                pieces.append((info.cluster, [glyph]))
        for index, (start, glyphs) in enumerate(pieces):
            end = pieces[index + 1][0] if index + 1 < len(pieces) else len(run)
            advance = sum(glyph.advance for glyph in glyphs) * 1000 / self.units_per_em
            yield Cluster(run[start:end], tuple(glyphs), advance)


@cache
def shipped_face(weight: Weight) -> Face:
    """The face of that weight that comes with the app, read once."""
    return Face((files("resources") / "fonts" / f"HatUI-{weight}.ttf").read_bytes())


def script_runs(text: str) -> list[tuple[str, str]]:
    """Cut text where its script changes: ``Tk.ক্ষমা`` must shape its halves apart.

    Digits, signs and spaces go with what stands before them; marks and joiners stay with their letter.

    Returns:
        (ISO 15924 script, text) in order; joined, the texts are the input.
    """
    runs: list[tuple[str | None, str]] = []
    start = 0
    current: str | None = None
    for index, character in enumerate(text):
        script = _script(character)
        if script is None or script == current:
            continue
        if current is not None:
            runs.append((current, text[start:index]))
            start = index
        current = script
    if start < len(text):
        runs.append((current, text[start:]))
    return [(script or "Zyyy", run) for script, run in runs]


def _script(character: str) -> str | None:
    if "\u0980" <= character <= "\u09ff" or character in _DANDAS:
        return "Beng"
    if character.isalpha() and unicodedata.category(character) != "Lm":
        return "Latn"
    return None
