"""The operating system's printers, through Qt: what the core knows as `Spooler`.

A page goes out as a picture rendered from the very PDF that was shown, at the printer's own dots. Qt's print
support is imported at the first use, since the first page of the window does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.errors import EnvironmentFault
from pos.printing.preview import page_picture, page_sizes
from pos.printing.raster import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPainter
    from PySide6.QtPrintSupport import QPrinter

_POINTS_PER_INCH: Final = 72
_MOST_DPI: Final = 600  # finer dots only make the job larger
_HEAD_DPI: Final = 203  # of nearly every thermal head
# Paper narrower than this is a roll: what is longer than one of the driver's sheets goes on with the next.
_ROLL_POINTS: Final = 90 / 25.4 * _POINTS_PER_INCH
_SLACK: Final = 1.01  # a hair over the sheet's end is no reason for another one
# A thermal head burns a dot or does not; left to the driver, grey edges would become a pattern of specks.
_BLACK_OR_WHITE: Final = bytes(255 if shade >= THRESHOLD else 0 for shade in range(256))


class QtSpooler:
    """Prints through the system. Needs a QGuiApplication; both calls may be made off the screen's thread."""

    def printers(self) -> list[str]:
        """Names of the printers set up on this computer, the usual one first."""
        from PySide6.QtPrintSupport import QPrinterInfo

        usual = QPrinterInfo.defaultPrinterName()
        return sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != usual, name.casefold()))

    def print_pdf(self, pdf: bytes, printer: str, title: str) -> None:
        """Hand every page of a PDF to the printer of that name.

        Raises:
            EnvironmentFault: ``printer_missing``, ``printer_took_nothing``.
        """
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        info = QPrinterInfo.printerInfo(printer)
        # Qt would write a PDF file in place of a printer that it does not find.
        if info.isNull():
            raise EnvironmentFault("printer_missing", printer=printer)
        device = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        device.setResolution(_resolution(device.supportedResolutions(), roll=_is_roll(page_sizes(pdf)[0])))
        device.setDocName(title)
        if not print_pages(pdf, device):
            raise EnvironmentFault("printer_took_nothing", printer=printer)


def print_pages(pdf: bytes, device: QPrinter) -> bool:
    """Paint every page on the device at its resolution; False if the device failed on the way.

    Each sheet takes the size of its page. A page larger than the sheet that the printer then gives is made
    smaller; on a roll it goes on with the next sheet at its own size.
    """
    from PySide6.QtGui import QPainter
    from PySide6.QtPrintSupport import QPrinter

    device.setFullPage(True)
    device.setColorMode(QPrinter.ColorMode.GrayScale)  # black from the black cartridge, not mixed of colours
    painter = QPainter()
    for number, size in enumerate(page_sizes(pdf)):
        _take_size(device, size)
        if not (device.newPage() if painter.isActive() else painter.begin(device)):
            return False
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # else letters go through JPEG
        if not _paint_page(pdf, number, size, device, painter):
            return False
    failed = {QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted}
    return painter.end() and device.printerState() not in failed


def _take_size(device: QPrinter, size: tuple[float, float]) -> None:
    """Ask for the page's own size, which a driver may refuse: then it keeps the one it has."""
    from PySide6.QtCore import QMarginsF, QSizeF
    from PySide6.QtGui import QPageLayout, QPageSize

    wide, high = size
    upright = wide <= high
    # Forms that drivers know by name (A4, A5) are found though the page is a hair smaller than exact.
    form = QPageSize(
        QSizeF(wide, high) if upright else QSizeF(high, wide),
        QPageSize.Unit.Point,
        "",
        QPageSize.SizeMatchPolicy.FuzzyMatch,
    )
    orientation = QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape
    device.setPageLayout(QPageLayout(form, orientation, QMarginsF(), QPageLayout.Unit.Point))
    device.setFullPage(True)


def _paint_page(
    pdf: bytes, number: int, size: tuple[float, float], device: QPrinter, painter: QPainter
) -> bool:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage

    sheet = device.paperRect(device.Unit.DevicePixel)
    wide, high = (points * device.resolution() / _POINTS_PER_INCH for points in size)
    shrink = min(1.0, sheet.width() / wide)
    if not _is_roll(size):
        shrink = min(shrink, sheet.height() / high)
    wanted = max(1, round(wide * shrink))
    picture = page_picture(pdf, number, wanted, grey=True)
    burnt = _is_roll(size) and device.resolution() <= _HEAD_DPI
    pixels = picture.pixels.translate(_BLACK_OR_WHITE) if burnt else picture.pixels
    # These bytes must outlive the image that is wrapped about them: both live to the end of this call.
    image = QImage(pixels, picture.width, picture.height, picture.stride, QImage.Format.Format_Grayscale8)
    dots = wanted / picture.width  # of the device to a pixel: 1, save where the picture was too large
    for index, (top, rows) in enumerate(_sheets(picture.height, sheet.height() / dots)):
        if index and not device.newPage():
            return False
        target = QRectF(0, 0, wanted, rows * dots)
        painter.drawImage(target, image, QRectF(0, top, picture.width, rows))
    return True


def _sheets(rows: int, rows_per_sheet: float) -> Iterator[tuple[int, int]]:
    """First row and number of rows of each sheet."""
    if rows <= rows_per_sheet * _SLACK:
        yield 0, rows
        return
    step = max(1, int(rows_per_sheet))
    for top in range(0, rows, step):
        yield top, min(step, rows - top)


def _is_roll(size: tuple[float, float]) -> bool:
    return size[0] < _ROLL_POINTS


def _resolution(supported: list[int], *, roll: bool) -> int:
    """The finest that is of use; where the system names none, what such printers have."""
    useful = [dpi for dpi in supported if dpi <= _MOST_DPI]
    # Qt on Linux names 72 for every printer, whatever it can do.
    if max(useful, default=0) > _POINTS_PER_INCH:
        return max(useful)
    return _HEAD_DPI if roll else _MOST_DPI
