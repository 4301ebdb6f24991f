"""The program as it is handed on: a folder that sells, prints and shows its window with no Python beside it."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from tests.e2e.central import Central, Laptop

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
ORDER = {
    "items": [{"sku": "P017", "qty": "1.5"}, {"sku": "P068-04", "qty": 1}],
    "customer": {"name": "শারমিন আক্তার", "phone": "01712345678", "address": "মিরপুর ১০, ঢাকা"},
    "rest": "cod",
}


@functools.cache
def made() -> Path:
    """The folder that `start.py build` makes; made anew only if a file that goes into it has changed."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    start: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.PYTHON = sys.executable
    start.freeze([])
    return Path(start.FROZEN)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with the program in it and nothing else, under a name as people give them."""
    folder = tmp_path / "রহিমার ল্যাপটপ"
    shutil.copytree(made(), folder / "hatkhata", symlinks=True)
    return folder


def command_of(folder: Path) -> str:
    return str(folder / "hatkhata" / ("hatkhata.exe" if os.name == "nt" else "hatkhata"))


def surroundings(folder: Path) -> dict[str, str]:
    """Next to no environment: no path to a Python, no display, no language."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return needed | {
        "HATKHATA_HOME": str(folder / "shop"),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
    }


def ran(folder: Path, *words: object, stdin: bytes = b"", before: tuple[str, ...] = ()) -> Any:
    """What the program answers to a command, as an object."""
    done = subprocess.run(
        [*before, command_of(folder), *map(str, words), "--json"],
        cwd=folder,
        env=surroundings(folder),
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, ""), done.stdout.decode()
    return json.loads(done.stdout)


def words_of(pdf: Path) -> str:
    """The text of a PDF's first page."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text: str = page.get_textpage().get_text_range()
    page.close()
    document.close()
    return text


def test_a_shop_from_its_first_minute_to_an_invoice(elsewhere: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", ran(elsewhere, "--version")["version"])
    ran(elsewhere, "init", "--vendor", "মায়ের দোয়া ফুড", "--phone", "01733456789")
    for name in ("catalogue.csv", "catalogue_variants.csv"):
        shutil.copy(DEMO / name, elsewhere)
    came = ran(elsewhere, "import", "catalogue.csv", "--variants", "catalogue_variants.csv")
    assert (came["products"], came["variants"], came["skus"]) == (120, 187, 273)
    taken = ran(elsewhere, "order", "take", "-", stdin=json.dumps(ORDER).encode())
    ran(elsewhere, "invoice", taken["number"], "--out", "invoice.pdf")
    said = words_of(elsewhere / "invoice.pdf")
    for name in ("মায়ের দোয়া ফুড", "সুন্দরবনের মধু", "জামদানি শাড়ি", "শারমিন আক্তার", taken["number"]):
        assert name in said, said
    ran(elsewhere, "export", "goods.xlsx")
    assert ran(elsewhere, "backup")["orders"] == 1
    assert ran(elsewhere, "doctor")["ok"]


@functools.cache
def tracer() -> tuple[str, ...]:
    """Writes down which files a program opens; nothing where there is none, or where nothing may be traced."""
    if shutil.which("strace") is None:
        return ()
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False, capture_output=True)
    return () if tried.returncode else ("strace", "-f", "-qq", "-e", "trace=openat,execve", "-o")


def test_the_window_of_the_demo_takes_an_order_with_no_file_of_the_source_or_of_a_python(
    elsewhere: Path,
) -> None:
    seen = elsewhere / "opened"
    demo = ran(elsewhere, "--demo", before=(*tracer(), str(seen)) if tracer() else ())
    # The command line would have named it demo-1; an order of the window bears the id of its draft.
    assert re.fullmatch(r"[0-9a-f]{32}", demo["order"]["request_id"])
    assert (demo["order"]["total"], demo["order"]["cod"]) == ("11630.00", "8630.00")
    invoice, *_others = map(Path, demo["papers"])
    assert "টাঙ্গাইল তাঁতের শাড়ি" in words_of(invoice)
    with Image.open(demo["picture"]) as picture:
        assert picture.size == (1366, 768)
        colours = picture.convert("RGB").getcolors(1 << 20)
        assert colours is not None
        assert len(colours) > 100, "something is drawn on it"
    if tracer():
        opened = set(re.findall(r'"(/[^"]+)"', seen.read_text(encoding="utf-8", errors="replace")))
        theirs = (f"{ROOT}/", f"{sys.prefix}/", f"{sys.base_prefix}/lib/python")
        assert any(path.endswith("/libQt6Widgets.so.6") for path in opened)
        assert not [path for path in opened if path.startswith(theirs)]


def test_it_is_paired_with_a_server_and_brings_another_laptop_its_orders(
    elsewhere: Path, tmp_path: Path
) -> None:
    central = Central(tmp_path / "central")
    central.start()
    try:
        ran(elsewhere, "init", "--vendor", "মায়ের দোয়া ফুড", "--phone", "01733456789")
        for name in ("catalogue.csv", "catalogue_variants.csv"):
            shutil.copy(DEMO / name, elsewhere)
        ran(elsewhere, "import", "catalogue.csv", "--variants", "catalogue_variants.csv")
        taken = ran(elsewhere, "order", "take", "-", stdin=json.dumps(ORDER).encode())
        code = central.command("pairing-code", "--vendor", "মায়ের দোয়া ফুড")["code"]
        ran(elsewhere, "pair", central.url, code)
        ran(elsewhere, "sync")
        assert ran(elsewhere, "sync", "verify")["agrees"]
        second = Laptop(tmp_path / "second")
        second.pair(central, "মায়ের দোয়া ফুড")
        second("sync")
        assert second("order", "show", taken["number"])["total"] == taken["total"]
    finally:
        central.stop()
