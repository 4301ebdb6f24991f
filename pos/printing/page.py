"""The sheet that papers are drawn on: millimetres from the top left corner, black ink, one font.

Nothing here reads markup or fetches anything: text is set letter by letter, and shapes are plain rectangles
and lines. Drawing order is reading order, for whoever copies text out of the PDF or has it read aloud.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, Literal

from pos.printing.embedding import EmbeddedFace
from pos.printing.faces import shipped_face
from pos.printing.symbols import code128_widths, qr_rows
from pos.printing.typesetting import Style, printable, width

if TYPE_CHECKING:
    from pos.printing.faces import Weight

Align = Literal["left", "right", "centre"]

POINTS_PER_MM = 72 / 25.4
DOT_MM = 0.125  # one dot of a thermal head: 8 a millimetre
_LANGUAGE = "bn-BD"
_MAKER = "Hatkhata"


def snapped(mm: float) -> float:
    """The nearest place on the dot grid of a thermal head."""
    return round(mm / DOT_MM) * DOT_MM


class Paper:
    """One PDF while it is being drawn."""

    def __init__(self, size_mm: tuple[float, float], *, title: str, author: str, subject: str = "") -> None:
        self._file = io.BytesIO()
        self.width, self.height = size_mm
        self._canvas = _canvas(self._file, _page_points(size_mm))
        self._canvas.setTitle(printable(title))
        self._canvas.setAuthor(printable(author))
        self._canvas.setSubject(printable(subject))
        self._canvas.setCreator(_MAKER)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._faces: dict[Weight, EmbeddedFace] = {}

    def next_page(self, size_mm: tuple[float, float] | None = None) -> None:
        """Close this page and begin another, of the same size if none is given."""
        self._canvas.showPage()
        if size_mm is not None:
            self.width, self.height = size_mm
            self._canvas.setPageSize(_page_points(size_mm))

    def finish(self) -> bytes:
        """The PDF. May be called again; the bytes are the same."""
        data: bytes = self._canvas.getpdfdata()
        return data

    def text(
        self, x: float, y: float, text: str, style: Style, align: Align = "left", *, white: bool = False
    ) -> float:
        """Set one line with its baseline at `y`.

        Returns:
            The width of the line in millimetres.
        """
        text = printable(text)
        if not text:
            return 0.0
        wide = width(text, style)
        left = x - {"left": 0.0, "centre": wide / 2, "right": wide}[align]
        face = self._faces.get(style.weight)
        if face is None:
            face = self._faces[style.weight] = EmbeddedFace(shipped_face(style.weight), self._canvas._doc)  # noqa: SLF001
        codes = face.encode(shipped_face(style.weight).shape(text))
        self._canvas.setFillGray(1 if white else 0)
        # ActualText hands a reader the line whole, whatever he makes of the clusters.
        self._canvas.addLiteral(
            f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex().upper()}>>> BDC "
            f"BT /{face.resource} {_number(style.size)} Tf "
            f"1 0 0 1 {_number(left * POINTS_PER_MM)} {_number(self._up(y))} Tm {codes} Tj ET EMC"
        )
        return wide

    def line(self, x1: float, y1: float, x2: float, y2: float, points: float) -> None:
        """A straight rule of that many points, its middle on the two ends."""
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(points)
        self._canvas.line(x1 * POINTS_PER_MM, self._up(y1), x2 * POINTS_PER_MM, self._up(y2))

    def bars(self, boxes: list[tuple[float, float, float, float]], *, white: bool = False) -> None:
        """Fill rectangles (left, top, width, height) as one shape, so that no seam shows where two touch."""
        path = self._canvas.beginPath()
        for left, top, wide, high in boxes:
            path.rect(left * POINTS_PER_MM, self._up(top + high), wide * POINTS_PER_MM, high * POINTS_PER_MM)
        self._canvas.setFillGray(1 if white else 0)
        self._canvas.drawPath(path, stroke=0, fill=1, fillMode=1)

    def bar(self, left: float, top: float, wide: float, high: float) -> None:
        """Fill one rectangle."""
        self.bars([(left, top, wide, high)])

    def rounded_bar(self, left: float, top: float, side: float, radius: float) -> None:
        """Fill a square with round corners."""
        box = (left * POINTS_PER_MM, self._up(top + side), side * POINTS_PER_MM, side * POINTS_PER_MM)
        self._canvas.setFillGray(0)
        self._canvas.roundRect(*box, radius * POINTS_PER_MM, stroke=0, fill=1)

    def frame(self, left: float, top: float, wide: float, high: float, stroke_mm: float) -> None:
        """Draw the outline of a rectangle, the stroke lying inside it."""
        inner = high - 2 * stroke_mm
        self.bars(
            [
                (left, top, wide, stroke_mm),
                (left, top + stroke_mm, stroke_mm, inner),
                (left + wide - stroke_mm, top + stroke_mm, stroke_mm, inner),
                (left, top + high - stroke_mm, wide, stroke_mm),
            ]
        )

    def dashes(self, left: float, top: float, wide: float) -> None:
        """Draw a thermal rule: dashes of 4 dots on and 3 off, 2 dots high."""
        on, step, high = 4 * DOT_MM, 7 * DOT_MM, 2 * DOT_MM
        count = math.floor((wide + step - on) / step)
        self.bars([(snapped(left) + index * step, snapped(top), on, high) for index in range(count)])

    def qr(self, left: float, top: float, side: float, text: str) -> None:
        """Draw a QR code; its quiet zone of four modules is the white the caller leaves around it."""
        rows = qr_rows(text)
        module = side / len(rows)
        self.bars(
            [
                (left + start * module, top + row * module, (end - start) * module, module)
                for row, modules in enumerate(rows)
                for start, end in _dark_runs(modules)
            ]
        )

    def code128(self, centre: float, top: float, high: float, digits: str, module: float) -> None:
        """Draw a Code 128 about `centre`; its first bar is put on the dot grid."""
        widths = code128_widths(digits)
        x = snapped(centre - sum(widths) * module / 2)
        boxes = []
        for index, modules in enumerate(widths):
            if index % 2 == 0:
                boxes.append((x, top, modules * module, high))
            x += modules * module
        self.bars(boxes)

    def _up(self, y: float) -> float:
        return (self.height - y) * POINTS_PER_MM


def _dark_runs(modules: list[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, dark in enumerate(modules):
        if not dark:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _page_points(size_mm: tuple[float, float]) -> tuple[float, float]:
    # A hair less than exact: PDFium counts a page of 204.0945 pt (72 mm) as 577 columns, not 576.
    wide, high = (math.floor(mm * POINTS_PER_MM * 100 - 0.5) / 100 for mm in size_mm)
    return wide, high


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _canvas(file: io.BytesIO, size: tuple[float, float]) -> Any:
    from reportlab.pdfgen.canvas import Canvas

    class BareCanvas(Canvas):  # type: ignore[misc]
        """A canvas that does not open every page with Helvetica, which it would not embed."""

        def _make_preamble(self) -> None:
            self._preamble = "1 0 0 1 0 0 cm"

    return BareCanvas(file, pagesize=size, lang=_LANGUAGE, pdfVersion=(1, 7), invariant=1, pageCompression=1)
