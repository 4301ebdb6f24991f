"""`doctor`, `backup`, `restore`, `invoice` and `receipt`."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.cli.conftest import Command

SARI: dict[str, Any] = {
    "items": [{"sku": "P068-04", "qty": 1}, {"sku": "P017", "qty": "1.5"}],
    "customer": {"name": "শারমিন আক্তার", "phone": "01712345678", "address": "মিরপুর ১০"},
    "rest": "cod",
}


def text_of(pdf: Path) -> str:
    """Every word of the paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_doctor_reports_counts_and_checks(shop: Command) -> None:
    shop.take(SARI)
    found = shop.json("doctor")
    assert set(found) >= {"ok", "problems", "checks", "sqlite", "orders", "operations"}
    assert (found["ok"], found["problems"], found["orders"]) == (True, [], 1)
    assert found["operations"] > 120
    assert found["checks"]
    spoken = shop("doctor")
    assert spoken.code == 0
    assert spoken.lines[0] == "দোকানের খাতা ঠিক আছে।"


def test_doctor_sees_a_changed_total_and_says_so_with_exit_1(shop: Command) -> None:
    shop.take(SARI)
    connection = sqlite3.connect(shop.home / "shop.db")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE orders SET total_paisa = total_paisa + 100")
    connection.commit()
    connection.close()
    answer = shop("doctor", "--json")
    assert answer.code == 1
    assert not answer.value["ok"]
    wrong = {p["code"]: p for p in answer.value["problems"]}
    assert "A-26-000001" in wrong["order_total_wrong"]["message"]
    assert shop("doctor").lines[0] == "দোকানের খাতায় সমস্যা আছে:"
    assert shop.refuses("backup", code=3) == "backup_not_sound"


@pytest.mark.parametrize("data", [b"", b"x" * 100, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_shop_file_that_is_no_shop_is_told_by_every_command(shop: Command, data: bytes) -> None:
    for name in ("shop.db-wal", "shop.db-shm"):
        (shop.home / name).unlink(missing_ok=True)
    (shop.home / "shop.db").write_bytes(data)
    for words in (["stock"], ["find", "x"], ["order", "list"], ["backup"], ["settings", "get"]):
        assert shop.refuses(*words, code=3) in {"database_damaged", "database_foreign"}
    answer = shop("doctor", "--json")
    assert answer.code in (1, 3)
    assert (shop.home / "shop.db").read_bytes() == data


def test_a_backup_is_made_and_proved(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    made = shop.json("backup")
    assert set(made) == {"file", "orders", "operations", "sha256"}
    assert made["orders"] == 1
    assert hashlib.sha256(Path(made["file"]).read_bytes()).hexdigest() == made["sha256"]
    folder = tmp_path / "পেন ড্রাইভ"
    folder.mkdir()
    assert Path(shop.json("backup", "--to", folder)["file"]).parent == folder
    named = tmp_path / "my backup"
    assert shop.json("backup", "--to", named)["file"] == str(named)


def test_a_backup_that_cannot_be_written_is_told(shop: Command, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    answer = shop("backup", "--to", in_the_way / "x", "--json")
    assert answer.code == 3
    assert answer.value["error"] in {"disk_error", "file_not_written", "folder_read_only", "file_missing"}


def test_restore_says_first_what_would_be_missing_and_then_does_it(shop: Command) -> None:
    shop.take(SARI)
    file = shop.json("backup")["file"]
    shop.take(SARI)
    seen = shop.json("restore", file, "--preview")
    assert set(seen) >= {"file", "orders", "operations", "sha256"}
    assert (seen["restored"], seen["orders"], seen["shop"]) == (False, 1, "রূপকথা ঘর")
    assert seen["missing"]["orders"] == 1
    assert seen["missing"]["total"] == "8000.00"
    assert seen["missing"]["numbers"] == ["A-26-000002"]
    assert shop.json("order", "list")["count"] == 2
    done = shop.json("restore", file)
    assert (done["restored"], done["orders"]) == (True, 1)
    assert done["device_code"] != "A"
    assert Path(done["safety_backup"]).exists()
    assert shop.json("order", "list")["count"] == 1
    assert shop.take(SARI)["number"].startswith(done["device_code"] + "-26-")
    assert shop.sound()


def test_a_restore_can_bring_the_rest_back_from_the_second_journal(shop: Command) -> None:
    shop.take(SARI)
    file = shop.json("backup")["file"]
    shop.take(SARI)
    done = shop.json("restore", file, "--replay")
    assert (done["orders"], done["replayed"] > 0) == (2, True)
    assert shop.json("order", "list")["count"] == 2
    assert shop.sound()


def test_people_are_told_what_a_restore_means(shop: Command) -> None:
    shop.take(SARI)
    file = shop.json("backup")["file"]
    shop.take(SARI)
    seen = shop("restore", file, "--preview").out
    assert "ফিরিয়ে আনলে এগুলো থাকবে না: ১টি অর্ডার" in seen
    assert "A-26-000002" in seen
    assert "--replay" in seen
    assert "ফিরিয়ে আনা হয়েছে: ১টি অর্ডার" in shop("restore", file, "--yes").out


def test_a_damaged_backup_is_refused_and_the_shop_is_as_it_was(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    whole = Path(shop.json("backup")["file"]).read_bytes()
    middle = len(whole) // 2
    for name, data in {
        "half": whole[:middle],
        "empty": b"",
        "zeros": bytes(len(whole)),
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "text": "এটা ব্যাকআপ নয়".encode(),
        "pdf": b"%PDF-1.7\n" + whole[9:],
        "raw database": (shop.home / "shop.db").read_bytes(),
    }.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert shop.refuses("restore", file, "--preview", code=1) in {"backup_damaged", "backup_missing"}, (
            name
        )
        assert shop.refuses("restore", file, code=1) in {"backup_damaged", "backup_missing"}, name
    assert shop.refuses("restore", tmp_path / "none") == "backup_missing"
    assert shop.json("order", "list")["count"] == 1
    assert shop.sound()


def test_another_shops_backup_wants_its_name_typed(shop: Command, tmp_path: Path) -> None:
    file = shop.json("backup")["file"]
    shop.home = tmp_path / "other"
    shop.json("init", "--vendor", "অন্য দোকান", "--phone", "01833456789", "--prefix", "B")
    refused = shop.json("restore", file, code=1)
    assert refused["error"] == "backup_other_shop"
    assert refused["params"]["shop"] == "রূপকথা ঘর"
    assert shop.refuses("restore", file, "--shop", "ভুল নাম") == "backup_other_shop"
    assert shop.json("restore", file, "--shop", "রূপকথা ঘর")["restored"]
    assert len(shop.json("stock")["items"]) == 273


def test_a_backup_founds_the_shop_anew_in_an_empty_folder(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    file = shop.json("backup", "--to", tmp_path / "kept.hatkhata")["file"]
    shop.home = tmp_path / "new laptop"
    assert shop.json("restore", file)["restored"]
    assert shop.json("order", "list")["count"] == 1
    assert shop.sound()


def test_an_invoice_is_a_pdf_that_holds_the_bangla_names(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    out = tmp_path / "ইনভয়েস ১.pdf"
    made = shop.json("invoice", "A-26-000001", "--out", out)
    assert made == {"number": "A-26-000001", "file": str(out), "state": "written"}
    assert out.read_bytes().startswith(b"%PDF-1.7")
    text = text_of(out)
    for part in ("A-26-000001", "রূপকথা ঘর", "শারমিন আক্তার", "মেরুন", "মিরপুর ১০"):
        assert part in text
    small = tmp_path / "a5.pdf"
    assert shop("invoice", "a-২৬-০০০০০১", "--out", small, "--paper", "a৫").lines == [str(small)]
    page = pypdfium2.PdfDocument(small)
    assert [round(side / 72 * 25.4) for side in page[0].get_size()] == [148, 210]
    page.close()


def test_a_receipt_is_a_pdf_or_the_dots_of_the_printer(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    out = tmp_path / "r.png"
    assert shop.json("receipt", "A-26-000001", "--width", "৫৮", "--out", out)["file"] == str(out)
    with Image.open(out) as picture:
        assert (picture.mode, picture.width) == ("1", 384)
    shop.json("receipt", "A-26-000001", "--out", out)
    with Image.open(out) as picture:
        assert picture.width == 576
    pdf = tmp_path / "r.pdf"
    shop.json("receipt", "A-26-000001", "--width", "80", "--out", pdf)
    assert "মেরুন" in text_of(pdf)


def test_without_a_place_papers_go_into_the_shops_own_folder(shop: Command) -> None:
    shop.take(SARI)
    for words in (["invoice"], ["receipt"], ["invoice", "--copy", "২"]):
        file = Path(shop.json(*words, "A-26-000001")["file"])
        assert file.parent == shop.home / "papers"
        assert file.exists()


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        (("invoice", "A-26-000001", "--out", "x.txt"), "paper_ending", 1),
        (("invoice", "A-26-000001", "--out", "x.png"), "paper_ending", 1),
        (("receipt", "A-26-000001", "--out", "x"), "paper_ending", 1),
        (("invoice", "A-26-000001", "--paper", "A3"), "usage", 2),
        (("receipt", "A-26-000001", "--width", "৭২"), "usage", 2),
        (("invoice", "A-26-000001", "--copy", "0"), "usage", 2),
        (("invoice",), "usage", 2),
    ],
)
def test_a_paper_that_cannot_be_is_refused(
    shop: Command, words: tuple[str, ...], error: str, code: int
) -> None:
    shop.take(SARI)
    assert shop.refuses(*words, code=code) == error


def test_a_paper_that_cannot_be_written_leaves_the_order_and_exits_3(shop: Command, tmp_path: Path) -> None:
    shop.take(SARI)
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    for paper in ("invoice", "receipt"):
        assert shop.refuses(paper, "A-26-000001", "--out", in_the_way / "x.pdf", code=3) == "file_not_written"
    long = tmp_path / ("ক" * 300 + ".pdf")
    assert shop.refuses("invoice", "A-26-000001", "--out", long, code=3) == "file_not_written"
    assert shop.sound()
