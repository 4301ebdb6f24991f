"""The square before a product: its picture, or a weave or an icon in a tint of its own."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

if TYPE_CHECKING:
    from pathlib import Path

    from ui.widgets.ink import Ink

# tint: light (drawing, ground), dark (drawing, ground)
_TINTS: Final = {
    "amber": (("#8A4B00", "#FFE9BF"), ("#F4C46C", "#3A2C12")),
    "green": (("#0A5F45", "#D6EDE2"), ("#74DCB3", "#153A2E")),
    "red": (("#A4312A", "#FBDEDB"), ("#FF9E94", "#40201D")),
    "brown": (("#6B4423", "#F0E1D3"), ("#E0BC9A", "#38291D")),
    "blue": (("#1B4F9C", "#DCE9FB"), ("#96BFFF", "#182B47")),
    "violet": (("#5A3EA8", "#E6DFF8"), ("#C6B6FF", "#2A2345")),
}
# A word in the English or Bangla name, the icon it means and its tint; the first that is found counts.
_NAMED: Final = (
    (("honey", "মধু", "oil", "তেল", "syrup", "সিরাপ"), "droplet", "amber"),
    (("ghee", "ঘি", "curd", "দই", "soup"), "bowl", "amber"),
    (("pickle", "আচার", "leaf", "পাতা", "neem", "নিম"), "leaf", "green"),
    (("gur", "molasses", "jaggery", "গুড়", "পাটালি"), "stack-2", "brown"),
    (("fish", "shrimp", "prawn", "মাছ", "শুঁটকি", "চিংড়ি", "ইলিশ"), "fish", "blue"),
    (("cake", "bread", "পিঠা", "কেক", "বড়ি"), "bread", "red"),
    (("naru", "laddu", "sweet", "নাড়ু", "মিষ্টি", "সন্দেশ", "খাজা"), "cookie", "brown"),
    (("mango", "fruit", "আম", "লিচু", "ফল", "কলা"), "apple", "red"),
    (("bag", "ব্যাগ", "থলে"), "shopping-bag", "green"),
    (("soap", "সাবান", "cream", "shampoo"), "bottle", "violet"),
    (("jewel", "necklace", "earring", "গয়না", "দুল", "চুড়ি", "মালা"), "diamond", "violet"),
    (("mat", "পাটি", "bed", "চাদর", "কাঁথা", "কম্বল"), "bed", "violet"),
    (("pot", "clay", "মাটির", "হাঁড়ি"), "bowl", "brown"),
    (("plant", "চারা", "গাছ"), "plant-2", "green"),
)
_CATEGORIES: Final = {
    "food": ("salad", "green"),
    "craft": ("palette", "violet"),
    "home": ("building-store", "blue"),
    "beauty": ("flower", "violet"),
}
_WEAVES: Final = ("jamdani", "stripe", "check", "kantha")


def paint_thumb(
    ink: Ink, rect: QRectF, sku: str, name_bn: str, name_en: str, category: str, picture: Path | None = None
) -> None:
    """Draw the square of a product; always the same one for the same product."""
    if picture is not None:
        photo = _photo(str(picture), _written(picture), round(rect.width() * ink.ratio), ink.ratio)
        if not photo.isNull():
            _clipped(ink, rect, photo)
            return
    if category == "clothing":
        kind = _WEAVES[zlib.crc32(sku.encode()) % len(_WEAVES)]
        hue = zlib.crc32(name_bn.encode()) % 360
        _clipped(ink, rect, _weave(kind, hue, round(rect.width()), ink.ratio, dark=ink.look.theme == "dark"))
        return
    icon, tint = _icon_of(name_bn, name_en.lower(), category)
    drawing, ground = _TINTS[tint][0 if ink.look.theme == "light" else 1]
    ink.box(rect, QColor(ground), None, 6)
    size = round(rect.width() * 0.56)
    ink.painter.drawPixmap(
        QPointF(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2),
        ink.look.pixmap(icon, size, drawing, ink.ratio, 1.6),
    )


@lru_cache(maxsize=4096)
def _icon_of(name_bn: str, name_en: str, category: str) -> tuple[str, str]:
    words = [*name_bn.split(), *name_en.split()]
    for names, icon, tint in _NAMED:
        if any(word.startswith(name) for word in words for name in names):
            return icon, tint
    return _CATEGORIES.get(category, ("package", "brown"))


def _clipped(ink: Ink, rect: QRectF, pixmap: QPixmap) -> None:
    path = QPainterPath()
    path.addRoundedRect(rect, 6, 6)
    ink.painter.save()
    ink.painter.setClipPath(path)
    ink.painter.drawPixmap(rect.toRect(), pixmap)
    ink.painter.restore()


def _written(picture: Path) -> int:
    """When the photo was taken into the shop: another one of the same name is another photo."""
    try:
        return picture.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=512)
def _photo(path: str, _written_ns: int, size: int, ratio: float) -> QPixmap:
    photo = QPixmap(path)
    if photo.isNull():
        return photo
    photo = photo.scaled(
        size, size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    photo.setDevicePixelRatio(ratio)
    return photo


@lru_cache(maxsize=512)
def _weave(kind: str, hue: int, size: int, ratio: float, *, dark: bool) -> QPixmap:
    """Cloth, as it is woven or stitched here: the buti of jamdani, stripes with a border, checks, kantha rounds."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(QColor.fromHsl(hue, 90 if dark else 120, 88 if dark else 110))
    thread = QColor.fromHsl((hue + 30) % 360, 150, 200, 200)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(thread)
    if kind == "jamdani":
        for row in range((size - 12) // 9):
            for x in range(4 + row % 2 * 5, size, 10):
                painter.save()
                painter.translate(x, 5 + row * 9)
                painter.rotate(45)
                painter.drawRect(QRectF(-1.7, -1.7, 3.4, 3.4))
                painter.restore()
        painter.fillRect(QRectF(0, size - 11, size, 2), thread)
        painter.fillRect(QRectF(0, size - 3, size, 3), thread)
    elif kind == "stripe":
        for x in range(0, size, 8):
            painter.fillRect(QRectF(x, 0, 3, size), thread)
        painter.fillRect(QRectF(0, size - 9, size, 9), QColor.fromHsl((hue + 180) % 360, 110, 120))
        painter.fillRect(QRectF(0, size - 7, size, 1.5), thread)
    elif kind == "check":
        thread.setAlpha(90)
        for at in range(0, size, 10):
            painter.fillRect(QRectF(at, 0, 4, size), thread)
            painter.fillRect(QRectF(0, at, size, 4), thread)
    else:
        painter.setPen(QPen(thread, 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for radius in range(5, size, 5):
            painter.drawEllipse(QPointF(size / 2, size / 2), radius, radius)
    painter.end()
    return made
