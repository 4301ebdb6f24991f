"""Pictures of products: one small square JPEG each, made from whatever photo the vendor has.

They are kept beside the shop's database and are no part of it: a picture that is lost is taken again.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from pos.errors import UserError
from pos.settings import sync_folder
from pos.store.file import os_fault

if TYPE_CHECKING:
    import uuid

    from PIL.Image import Image

    from pos.paths import ShopPaths

SIDE_PX = 480
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_FILE_LIMIT_BYTES = 40 << 20
_PIXEL_LIMIT = 60_000_000  # above what phones take; unpacked it stays below 250 MB
# What Pillow raises on bytes that are no picture, or not a whole one.
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, struct.error, zlib.error)


class Pictures:
    """The pictures of a shop's products."""

    def __init__(self, paths: ShopPaths) -> None:
        self._folder = paths.pictures

    def keep(self, product_id: uuid.UUID, source: Path) -> Path:
        """Store the middle square of a photo as the product's picture, in place of the one before.

        Where a photo was taken and by what is not kept with it.

        Args:
            product_id: the product's.
            source: a JPEG, PNG, WebP, GIF or BMP file of at most 40 MB and 60 megapixels.

        Returns:
            The stored file: JPEG, at most 480 × 480 pixels.

        Raises:
            UserError: ``picture_missing``, ``picture_unreadable``, ``picture_too_big``.
            EnvironmentFault: ``disk_full`` and the like; the picture before stays.
        """
        made = _encoded(_read(source), source.name)
        target = self._place(product_id)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix=".making-", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(made)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(beside, target)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            sync_folder(self._folder)
        except OSError as error:
            raise os_fault(error, target) from error
        return target

    def of(self, product_id: uuid.UUID) -> Path | None:
        """The product's picture, if it has one."""
        place = self._place(product_id)
        return place if place.is_file() else None

    def remove(self, product_id: uuid.UUID) -> None:
        """Take the picture away; a product without one stays so.

        Raises:
            EnvironmentFault: the folder may not be written to.
        """
        place = self._place(product_id)
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            raise os_fault(error, place) from error

    def _place(self, product_id: uuid.UUID) -> Path:
        return self._folder / f"{product_id.hex}.jpg"


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            found = file.read(_FILE_LIMIT_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError("picture_missing", file=source.name) from None
    except IsADirectoryError:
        raise UserError("picture_unreadable", file=source.name) from None
    except OSError as error:
        raise os_fault(error, source) from error
    if len(found) > _FILE_LIMIT_BYTES:
        raise UserError("picture_too_big", file=source.name)
    return found


def _encoded(photo: bytes, name: str) -> bytes:
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own limit of size is looser than ours
            with PIL.Image.open(io.BytesIO(photo), formats=_FORMATS) as image:
                if image.width * image.height > _PIXEL_LIMIT:  # before a single pixel is unpacked
                    raise UserError("picture_too_big", file=name)
                return _jpeg(image)
    except PIL.Image.DecompressionBombError:
        raise UserError("picture_too_big", file=name) from None
    except _DAMAGE as error:
        raise UserError("picture_unreadable", file=name) from error


def _jpeg(image: Image) -> bytes:
    import PIL.Image
    from PIL import ImageOps

    side = min(image.width, image.height, SIDE_PX)
    image.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))  # a JPEG is unpacked at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    seen = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    square = ImageOps.fit(seen, (side, side), PIL.Image.Resampling.LANCZOS)
    if square.mode == "RGBA":
        paper = PIL.Image.new("RGB", square.size, "white")
        paper.paste(square, mask=square.getchannel("A"))
        square = paper
    out = io.BytesIO()
    square.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
