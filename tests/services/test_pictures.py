"""Pictures of products: any photo becomes one small square, and nothing that is no photo does harm."""

from __future__ import annotations

import struct
import uuid
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from pos.domain.ids import uuid7
from pos.errors import EnvironmentFault, UserError
from pos.paths import ShopPaths
from pos.services.pictures import Pictures

if TYPE_CHECKING:
    from pathlib import Path

PRODUCT = uuid7(1_700_000_000_000)


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    """The pictures of a shop that has none."""
    return Pictures(ShopPaths(tmp_path / "shop"))


def photo(folder: Path, name: str, size: tuple[int, int], mode: str = "RGB", **more: object) -> Path:
    """A plain photo."""
    path = folder / name
    Image.new(mode, size, 128 if mode in {"L", "P", "1"} else "#336699").save(path, **more)  # type: ignore[arg-type]
    return path


def _png_of(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9999)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "size", "mode", "side"),
    [
        ("a.jpg", (4000, 3000), "RGB", 480), ("b.png", (600, 2000), "RGBA", 480), ("c.png", (50, 90), "P", 50),
        ("d.gif", (500, 500), "P", 480), ("e.bmp", (480, 481), "RGB", 480), ("f.webp", (900, 700), "RGB", 480),
        ("g.jpg", (900, 900), "CMYK", 480), ("h.png", (700, 700), "LA", 480), ("i.png", (64, 64), "1", 64),
        ("j.png", (500, 1), "L", 1),
    ],
)  # fmt: skip
def test_a_photo_of_any_kind_becomes_a_square_jpeg(
    pictures: Pictures, tmp_path: Path, name: str, size: tuple[int, int], mode: str, side: int
) -> None:
    made = Image.new(mode, size)
    made.save(tmp_path / name)
    kept = pictures.keep(PRODUCT, tmp_path / name)
    assert kept == pictures.of(PRODUCT)
    assert kept.name == f"{PRODUCT.hex}.jpg"
    with Image.open(kept) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (side, side))


def test_the_middle_is_kept_upright_and_on_white(pictures: Pictures, tmp_path: Path) -> None:
    wide = Image.new("RGBA", (900, 300))  # transparent, with a red square in the middle
    wide.paste((255, 0, 0, 255), (400, 100, 500, 200))
    wide.save(tmp_path / "wide.png")
    with Image.open(pictures.keep(PRODUCT, tmp_path / "wide.png")) as image:
        assert image.size == (300, 300)
        middle, corner = image.getpixel((150, 150)), image.getpixel((5, 5))
    assert isinstance(middle, tuple)
    assert isinstance(corner, tuple)
    assert middle[0] > 200
    assert middle[1] < 60
    assert min(corner) > 240

    turned = Image.new("RGB", (300, 300), "white")
    turned.paste((0, 0, 255), (0, 0, 300, 100))  # blue on top as stored; the phone lay on its side
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PHONE-MAKER"
    turned.save(tmp_path / "turned.jpg", exif=exif)
    kept = pictures.keep(PRODUCT, tmp_path / "turned.jpg")
    with Image.open(kept) as image:
        right, left = image.getpixel((290, 150)), image.getpixel((10, 150))
    assert isinstance(right, tuple)
    assert isinstance(left, tuple)
    assert right[0] < 60
    assert left[0] > 200
    assert b"PHONE-MAKER" not in kept.read_bytes()


def test_a_new_picture_takes_the_place_of_the_old_and_removing_is_final(
    pictures: Pictures, tmp_path: Path
) -> None:
    assert pictures.of(PRODUCT) is None
    pictures.remove(PRODUCT)
    first = pictures.keep(PRODUCT, photo(tmp_path, "a.jpg", (100, 100)))
    second = pictures.keep(PRODUCT, photo(tmp_path, "b.jpg", (200, 200)))
    assert first == second
    assert [p.name for p in first.parent.iterdir()] == [first.name]
    with Image.open(second) as image:
        assert image.size == (200, 200)
    assert pictures.of(uuid.UUID(int=1)) is None
    pictures.remove(PRODUCT)
    assert pictures.of(PRODUCT) is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_unreadable"), (b"not a picture", "picture_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture_unreadable"), (b"\xff\xd8\xff\xe0 cut off", "picture_unreadable"),
        (b"%PDF-1.4", "picture_unreadable"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_unreadable"),
        (_png_of(8_000, 8_000), "picture_too_big"), (_png_of(60_000, 60_000), "picture_too_big"),
        (_png_of(11_000, 9_000), "picture_too_big"), (_png_of(300, 300), "picture_unreadable"),
        (bytes(41 << 20), "picture_too_big"),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_a_trap_is_refused_and_the_old_one_stays(
    pictures: Pictures, tmp_path: Path, content: bytes, code: str
) -> None:
    kept = pictures.keep(PRODUCT, photo(tmp_path, "a.jpg", (100, 100))).read_bytes()
    trap = tmp_path / "trap.jpg"
    trap.write_bytes(content)
    with pytest.raises(UserError) as raised:
        pictures.keep(PRODUCT, trap)
    assert (raised.value.code, raised.value.params) == (code, {"file": "trap.jpg"})
    place = pictures.of(PRODUCT)
    assert place is not None
    assert place.read_bytes() == kept
    assert [p.name for p in place.parent.iterdir()] == [place.name]


def test_a_file_that_is_not_there_or_is_a_folder_is_said_so(pictures: Pictures, tmp_path: Path) -> None:
    for source, code in ((tmp_path / "gone.jpg", "picture_missing"), (tmp_path, "picture_unreadable")):
        with pytest.raises(UserError) as raised:
            pictures.keep(PRODUCT, source)
        assert raised.value.code == code


def test_a_place_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("a file where the folder should be")
    with pytest.raises(EnvironmentFault):
        Pictures(ShopPaths(tmp_path / "shop")).keep(PRODUCT, photo(tmp_path, "a.jpg", (10, 10)))
