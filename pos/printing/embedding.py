"""A face inside one PDF: a font of whole clusters, so that what is copied out is what was typed.

ReportLab's own shaped text carries no right map back to characters. Here every HarfBuzz cluster that a
document uses becomes one glyph of a small TrueType font, and the map of that font (ToUnicode) gives the
cluster's characters in the order they were typed.

Three hooks of ReportLab are leaned on, which is why its version is pinned: ``delayedFonts`` (called when the
document is written), ``fontMapping`` (counted for names) and ``idToObject['BasicFonts']`` (the fonts of every
page).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.printing.clusters import Cluster
    from pos.printing.faces import Face

_MAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange"""
_MAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_MAP_ROWS = 100  # the most that one block of a CMap may hold
_STEM = 80  # nobody uses it for an embedded font, yet a descriptor must name one
_SYMBOLIC = 4


class EmbeddedFace:
    """One face in one document. ReportLab calls `addObjects` each time that it writes the document."""

    def __init__(self, face: Face, document: Any) -> None:
        self._face = face
        self._codes: dict[Cluster, int] = {}
        self._written: dict[str, Any] = {}
        self.resource = f"H{len(document.fontMapping) + 1}"
        document.fontMapping[f"hatkhata:{self.resource}"] = f"/{self.resource}"
        document.delayedFonts.append(self)

    def encode(self, clusters: Sequence[Cluster]) -> str:
        """The clusters as a PDF hex string of two-byte codes."""
        codes = (self._codes.setdefault(cluster, len(self._codes) + 1) for cluster in clusters)
        return "<" + "".join(f"{code:04X}" for code in codes) + ">"

    def addObjects(self, document: Any) -> None:  # noqa: N802
        """Put the font's six objects into the document, or renew them when it is written again."""
        from reportlab.pdfbase import pdfdoc

        outlines = self._face.outlines
        data = outlines.font(list(self._codes))
        tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
        name = pdfdoc.PDFName(f"{tag}+{outlines.metrics.postscript_name}")
        self._put(document, "file", _stream(data, Length1=len(data)))
        self._put(document, "map", _stream(_to_unicode(self._codes)))
        self._put(document, "descriptor", self._descriptor(name))
        self._put(document, "descendant", self._descendant(name))
        self._put(document, "font", self._type0(name))
        document.idToObject["BasicFonts"].dict[self.resource] = self._reference("font")

    def _put(self, document: Any, part: str, value: Any) -> None:
        name = self._name(part)
        if name in self._written:
            document.idToObject[name] = value
        else:
            document.Reference(value, name)
        self._written[name] = value

    def _name(self, part: str) -> str:
        return f"hatkhata:{self.resource}:{part}"

    def _reference(self, part: str) -> Any:
        from reportlab.pdfbase import pdfdoc

        return pdfdoc.PDFObjectReference(self._name(part))

    def _descriptor(self, name: str) -> Any:
        from reportlab.pdfbase import pdfdoc

        metrics = self._face.outlines.metrics
        scale = 1000 / metrics.units_per_em
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": name,
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray([round(edge * scale) for edge in metrics.box]),
                "ItalicAngle": 0,
                "Ascent": round(metrics.ascent * scale),
                "Descent": round(metrics.descent * scale),
                "CapHeight": round(metrics.cap_height * scale),
                "StemV": _STEM,
                "FontFile2": self._reference("file"),
            }
        )

    def _descendant(self, name: str) -> Any:
        from reportlab.pdfbase import pdfdoc

        widths = pdfdoc.PDFArray([round(cluster.advance, 2) for cluster in self._codes])
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": name,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": self._reference("descriptor"),
                "W": pdfdoc.PDFArray([1, widths]),
                "DW": 0,
                "CIDToGIDMap": pdfdoc.PDFName("Identity"),
            }
        )

    def _type0(self, name: str) -> Any:
        from reportlab.pdfbase import pdfdoc

        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": name,
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([self._reference("descendant")]),
                "ToUnicode": self._reference("map"),
            }
        )


def _stream(content: bytes, **entries: int) -> Any:
    from reportlab.pdfbase import pdfdoc

    stream = pdfdoc.PDFStream()
    stream.content = content
    stream.filters = [pdfdoc.PDFZCompress]
    for key, value in entries.items():
        stream.dictionary[key] = value
    return stream


def _to_unicode(codes: dict[Cluster, int]) -> bytes:
    rows = [
        f"<{code:04X}> <{cluster.text.encode('utf-16-be').hex().upper()}>" for cluster, code in codes.items()
    ]
    blocks = [rows[start : start + _MAP_ROWS] for start in range(0, len(rows), _MAP_ROWS)]
    body = (f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return "\n".join([_MAP_HEAD, *body, _MAP_TAIL]).encode("ascii")
