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


def test_a_journal_of_another_copy_is_told_with_the_series_in_which_numbers_go_on(
    shop: Command, tmp_path: Path
) -> None:
    home, shop.home = shop.home, tmp_path / "other"
    shop.json("init", "--vendor", "অন্য দোকান", "--phone", "01833456789")
    shop.home, other = home, shop.home
    for name in ("ops.jsonl", "tip.json"):
        (shop.home / name).write_bytes((other / name).read_bytes())
    answer = shop("settings", "set", "shop.address", "স্টেশন রোড")
    assert "অন্য এক কপির" in answer.err
    code = shop.take(SARI)["number"].partition("-")[0]
    assert code in answer.err


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
    assert shop.json("backup", "--to", named)["file"] == f"{named}.hatkhata"
    assert shop.json("backup", "--to", f"{named}.hatkhata")["file"] == f"{named}.hatkhata", "the same again"


def test_a_backup_never_takes_the_place_of_what_is_no_backup_of_this_shop(
    shop: Command, command: Command, tmp_path: Path
) -> None:
    shop.take(SARI)
    for name in ("shop.db", "ops.jsonl", "tip.json", "device.json", "write.lock", "logs", "shop.db-wal"):
        assert shop.refuses("backup", "--to", shop.home / name) == "backup_place_taken", name
    accounts = tmp_path / "hisab.hatkhata"
    accounts.write_bytes(b"my accounts")
    assert shop.refuses("backup", "--to", accounts) == "backup_place_taken"
    assert shop.refuses("backup", "--to", accounts.with_suffix("")) == "backup_place_taken"
    assert accounts.read_bytes() == b"my accounts"
    mine = shop.json("backup", "--to", tmp_path / "mine")["file"]
    home, command.home = command.home, tmp_path / "other"
    command.json("init", "--vendor", "অন্য দোকান", "--phone", "01833456789")
    assert command.refuses("backup", "--to", mine) == "backup_place_taken"
    command.home = home
    assert shop.json("backup", "--to", mine)["orders"] == 1
    assert shop.json("backup", "--to", tmp_path / "shop.db")["file"].endswith("shop.db.hatkhata")
    assert shop.sound()


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


def lose(shop: Command) -> None:
    """The shop's file dies, and there is no backup."""
    for name in ("shop.db", "shop.db-wal", "shop.db-shm"):
        (shop.home / name).unlink(missing_ok=True)


def test_a_lost_shop_without_a_backup_comes_back_from_its_journal(shop: Command) -> None:
    shop.take(SARI)
    shop.take(SARI)
    before = shop.json("order", "list")["orders"]
    lose(shop)
    for words in (["stock"], ["doctor"], ["order", "list"], ["backup"]):
        assert shop.refuses(*words) == "shop_lost"
    assert "hatkhata restore --from-journal" in shop("stock").err
    seen = shop.json("restore", "--from-journal", "--preview")
    assert (seen["orders"], seen["total"], seen["shop"]) == (2, "16000.00", "রূপকথা ঘর")
    assert (seen["unread"], seen["restored"]) == (0, False)
    spoken = shop("restore", "--from-journal", "--preview").out
    assert "দ্বিতীয় খাতায় আছে ২টি অর্ডার" in spoken
    assert not (shop.home / "shop.db").exists()
    done = shop.json("restore", "--from-journal")
    assert (done["restored"], done["orders"], done["safety_backup"]) == (True, 2, None)
    assert shop.json("order", "list")["orders"] == before
    assert shop.take(SARI)["number"].startswith(done["device_code"] + "-26-")
    assert done["device_code"] != "A"
    assert shop.sound()


def test_a_damaged_shop_without_a_backup_is_shown_the_way_back_over_its_journal(shop: Command) -> None:
    shop.take(SARI)
    data = bytearray((shop.home / "shop.db").read_bytes())
    data[4096 : 4096 * 8] = bytes(4096 * 7)
    (shop.home / "shop.db").write_bytes(data)
    for name in ("shop.db-wal", "shop.db-shm"):
        (shop.home / name).unlink(missing_ok=True)
    found = shop.json("doctor", code=1)
    assert found["newest_backup"] is None
    assert "hatkhata restore --from-journal" in found["problems"][0]["message"]
    done = shop.json("restore", "--from-journal")
    assert (done["orders"], done["missing"]["orders"]) == (1, 0)
    assert shop.sound()
    (kept,) = (shop.home / "set-aside").glob("*shop.db")
    assert kept.read_bytes() == data


def test_a_lost_shop_is_shown_its_newest_backup_and_takes_it_by_its_bare_name(shop: Command) -> None:
    shop.take(SARI)
    name = Path(shop.json("backup")["file"]).name
    lose(shop)
    assert shop.json("stock", code=1)["params"]["backup"] == name
    assert f"hatkhata restore {name} --replay" in shop("stock").err
    assert shop.json("restore", name, "--replay")["orders"] == 1
    assert shop.sound()


def test_a_journal_with_entries_that_do_not_read_says_how_far_it_goes_and_is_taken_only_when_asked(
    shop: Command,
) -> None:
    for _ in range(3):
        shop.take(SARI)
    lose(shop)
    journal = shop.home / "ops.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2].replace(b"order.confirmed", b"order.confirmes")
    journal.write_bytes(b"".join(lines))
    refused = shop.json("restore", "--from-journal", code=1)
    assert refused["error"] == "journal_broken"
    assert refused["params"] == {"read": len(lines) - 2, "missing": 2}
    journal.write_bytes(b"".join(lines[:-2]))
    assert shop.json("restore", "--from-journal", code=1)["params"]["missing"] == 2, "the tip tells"
    assert shop.json("restore", "--from-journal", "--preview")["unread"] == 2
    assert "২টি" in shop("restore", "--from-journal", "--preview").out
    assert shop.refuses("stock") == "shop_lost"
    assert shop.json("restore", "--from-journal", "--partial")["orders"] == 1
    assert shop.sound()


@pytest.mark.parametrize("journal", [None, b"", b"garbage\n", b"{}\n{}\n"])
def test_a_journal_that_does_not_read_at_all_is_refused(shop: Command, journal: bytes | None) -> None:
    before = (shop.home / "shop.db").read_bytes()
    (shop.home / "ops.jsonl").unlink()
    if journal is not None:
        (shop.home / "ops.jsonl").write_bytes(journal)
    code = "journal_missing" if journal is None else "journal_unreadable"
    for words in (["--preview"], [], ["--partial"]):
        assert shop.refuses("restore", "--from-journal", *words) == code
    assert (shop.home / "shop.db").read_bytes() == before


def test_a_sound_shop_made_again_from_its_journal_is_kept_as_a_backup(shop: Command) -> None:
    shop.take(SARI)
    done = shop.json("restore", "--from-journal")
    assert (done["orders"], Path(done["safety_backup"]).exists()) == (1, True)
    assert shop.sound()


def test_restore_wants_a_file_or_the_journal_and_not_both(shop: Command) -> None:
    assert shop.refuses("restore", code=2) == "usage"
    assert shop.refuses("restore", "x.hatkhata", "--from-journal", code=2) == "usage"
    assert shop.refuses("restore", "x.hatkhata", "--partial", code=2) == "usage"


def test_a_preview_of_another_shops_backup_says_whose_it_is_and_that_all_would_go(
    shop: Command, tmp_path: Path
) -> None:
    file = shop.json("backup", "--to", tmp_path / "theirs")["file"]
    assert shop.json("restore", file, "--preview")["same_vendor"]
    shop.home = tmp_path / "other"
    shop.json("init", "--vendor", "অন্য দোকান", "--phone", "01833456789", "--prefix", "B")
    seen = shop.json("restore", file, "--preview")
    assert not seen["same_vendor"]
    assert seen["missing"]["operations"] == 4
    spoken = shop("restore", file, "--preview").out
    assert "এই ব্যাকআপ অন্য দোকানের" in spoken
    assert "ব্যাকআপে সবই আছে" not in spoken


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
    assert shop.json("receipt", "A-26-000001", "--width", "80", "--out", pdf)["files"] == [str(pdf)]
    assert "মেরুন" in text_of(pdf)


def test_a_receipt_in_parts_is_one_picture_a_part(
    shop: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.take(SARI)
    out, parts = tmp_path / "r.png", [tmp_path / "r-1.png", tmp_path / "r-2.png"]
    monkeypatch.setattr("pos.printing.receipt._LONGEST_MM", 120)
    shop.take(SARI | {"items": [{"sku": "P017", "qty": n} for n in range(1, 13)]})
    answer = shop.json("receipt", "A-26-000002", "--width", "58", "--out", out)
    assert not out.exists()
    assert answer["file"] == str(parts[0])
    assert answer["files"][:2] == [str(part) for part in parts]
    pdf = tmp_path / "r.pdf"
    answer_pdf = shop.json("receipt", "A-26-000002", "--width", "58", "--out", pdf)
    assert answer_pdf["files"] == [str(pdf)]
    document = pypdfium2.PdfDocument(pdf)
    heights = [round(page.get_height() / 72 * 203.2) for page in document]
    document.close()
    assert len(heights) == len(answer["files"])
    for height, file in zip(heights, answer["files"], strict=True):
        with Image.open(file) as picture:
            assert picture.size == (384, height)
    assert shop("receipt", "A-26-000002", "--width", "58", "--out", out).lines == answer["files"]


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
