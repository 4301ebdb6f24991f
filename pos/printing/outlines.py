"""Outlines of clusters, put together from the font file and compiled to TrueType once for all documents."""

from __future__ import annotations

import io
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.printing.clusters import Cluster, Glyph

_REMEMBERED = 20_000  # some 200 bytes each; the whole catalogue of a large shop has fewer


class Outline(NamedTuple):
    """A compiled TrueType glyph, its left side bearing and what a font must announce about it."""

    data: bytes
    x_min: int
    points: int
    contours: int


class FontMetrics(NamedTuple):
    """What a PDF says about a font: PostScript name, and heights and box in font units."""

    postscript_name: str
    units_per_em: int
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class ClusterOutlines:
    """The outlines of one font file. Safe to share between threads."""

    def __init__(self, font_file: bytes) -> None:
        from fontTools.ttLib import TTFont

        self._source = TTFont(io.BytesIO(font_file), lazy=True)
        self._names = self._source.getGlyphOrder()
        self._glyphs = self._source.getGlyphSet()
        self._recorded: dict[int, Any] = {}
        self._outlines: dict[tuple[Glyph, ...], Outline] = {}
        self._lock = Lock()  # the font file is read piece by piece, and reading changes the object
        head, lines = self._source["head"], self._source["hhea"]
        self._created: int = head.created
        self.metrics = FontMetrics(
            postscript_name=self._source["name"].getDebugName(6),
            units_per_em=head.unitsPerEm,
            ascent=lines.ascent,
            descent=lines.descent,
            cap_height=self._source["OS/2"].sCapHeight,
            box=(head.xMin, head.yMin, head.xMax, head.yMax),
        )

    def font(self, clusters: Sequence[Cluster]) -> bytes:
        """A TrueType font whose glyph n is cluster n, counted from 1; glyph 0 is empty."""
        from fontTools.fontBuilder import FontBuilder
        from fontTools.ttLib import newTable
        from fontTools.ttLib.tables._g_l_y_f import Glyph as GlyphRecord

        outlines = [Outline(b"", 0, 0, 0), *(self.outline(cluster.glyphs) for cluster in clusters)]
        advances = [0, *(max(0, sum(glyph.advance for glyph in cluster.glyphs)) for cluster in clusters)]
        order = [".notdef", *(f"c{number}" for number in range(1, len(outlines)))]
        metrics = self.metrics
        builder = FontBuilder(metrics.units_per_em, isTTF=True)
        # The glyphs are compiled already; and no time goes in, so that one document is always the same bytes.
        builder.font.recalcBBoxes = builder.font.recalcTimestamp = False
        builder.setupGlyphOrder(order)
        builder.font["loca"] = newTable("loca")
        builder.font["glyf"] = table = newTable("glyf")
        table.glyphOrder = order
        table.glyphs = {
            name: GlyphRecord(outline.data) for name, outline in zip(order, outlines, strict=True)
        }
        bearings = (outline.x_min for outline in outlines)
        builder.setupHorizontalMetrics(dict(zip(order, zip(advances, bearings, strict=True), strict=True)))
        builder.setupHorizontalHeader(
            ascent=metrics.ascent, descent=metrics.descent, advanceWidthMax=max(advances)
        )
        box = dict(zip(("xMin", "yMin", "xMax", "yMax"), metrics.box, strict=True))
        builder.updateHead(created=self._created, modified=self._created, **box)
        builder.setupPost(keepGlyphNames=False)
        most = builder.font["maxp"]
        most.maxPoints = max(outline.points for outline in outlines)
        most.maxContours = max(outline.contours for outline in outlines)
        file = io.BytesIO()
        builder.font.save(file)
        return file.getvalue()

    def outline(self, glyphs: tuple[Glyph, ...]) -> Outline:
        """The glyphs of a cluster as one, each at its place."""
        with self._lock:
            outline = self._outlines.get(glyphs)
            if outline is None:
                if len(self._outlines) >= _REMEMBERED:
                    self._outlines.clear()
                outline = self._outlines[glyphs] = self._compile(glyphs)
            return outline

    def _compile(self, glyphs: tuple[Glyph, ...]) -> Outline:
        from fontTools.pens.transformPen import TransformPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        pen = TTGlyphPen(None)
        x = 0
        for glyph in glyphs:
            self._drawing(glyph.glyph_id).replay(TransformPen(pen, (1, 0, 0, 1, x + glyph.dx, glyph.dy)))
            x += glyph.advance
        record = pen.glyph()
        data: bytes = record.compile(None)
        if not data:
            return Outline(b"", 0, 0, 0)
        return Outline(data, record.xMin, len(record.coordinates), record.numberOfContours)

    def _drawing(self, glyph_id: int) -> Any:
        from fontTools.pens.recordingPen import DecomposingRecordingPen

        drawing = self._recorded.get(glyph_id)
        if drawing is None:
            drawing = self._recorded[glyph_id] = DecomposingRecordingPen(self._glyphs)
            self._glyphs[self._names[glyph_id]].draw(drawing)
        return drawing
