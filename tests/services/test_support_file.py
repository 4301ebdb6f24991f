"""The support file helps whoever mends, and holds nothing of a buyer, of the vendor, or of her machine's owner."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import EnvironmentFault, UserError
from pos.paths import ShopPaths
from pos.services import support
from pos.services.support import save_support, support_file, support_report
from tests.services.test_privacy import CANARIES, PHONE, SECOND, sell_to_the_canary
from tests.shopkeeping import spoil

if TYPE_CHECKING:
    from pathlib import Path

    from pos.domain.times import FixedClock
    from pos.shop import Shop

OWN = (
    "রূপকথা", "1733456789", "01733", "স্টেশন রোড", "fb.com/canary", "Canary Printer", "মধু", "জামদানি", "Canary Helper",
    "739164", "Secret Supplier",
)  # fmt: skip


def inside(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def about(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(inside(path)["about.json"])
    return found


def test_no_canary_comes_out_whoever_and_whatever_it_is_of(shop: Shop, clock: FixedClock) -> None:
    sell_to_the_canary(shop)
    shop.configuration.put("shop.address", "স্টেশন রোড")
    shop.configuration.put("shop.page", "fb.com/canary")
    shop.stock.move("P003", "2", "purchase", "Secret Supplier")
    shop.operators.add("Canary Helper", pin="739164")
    shop.backups.make()
    for phone in (PHONE, SECOND, f"+88{PHONE}", "০১৭৯৮-৭৬৫৪৩২"):
        shop.log.event("somebody_was_careless", text=f"call {phone} now")
    with pytest.raises(UserError) as error:
        shop.customers.show("01798")
    shop.log.crash("page_failed", error.value)
    report = support_report(shop.paths, clock, "A1B2C3", whole=True, facts={"note": f"call {PHONE}"})
    path = save_support(shop.paths, report)
    texts = inside(path)
    assert texts == report.texts, "what is shown before is what is saved"
    everything = "".join(texts.values()) + path.name
    for canary in (*CANARIES, *OWN, str(shop.paths.home), shop.paths.home.parent.name):
        assert canary not in everything, canary
        assert json.dumps(canary).strip('"') not in everything, canary
    assert everything.count("[…]") == 5
    assert "somebody_was_careless" in everything


def test_it_says_what_helps(shop: Shop, clock: FixedClock) -> None:
    sell_to_the_canary(shop)
    shop.log.event("something_happened", count=3)
    path = support_file(shop.paths, clock, "A1B2C3", facts={"screen": "1366x768@1.25", "qt": "6.11"})
    assert path.parent == shop.paths.support
    assert path.name == "hatkhata-A1B2C3-20261124-174600.zip"
    found = json.loads(inside(path)["about.json"])
    assert (found["code"], found["at"]) == ("A1B2C3", "2026-11-24T17:46:00+06:00")
    assert {"python", "sqlite", "schema", "SQLAlchemy"} <= set(found["versions"])
    assert found["machine"]["disk_free_bytes"] > 0
    assert found["counts"]["orders"] == 2
    assert found["settings"]["hat.weekdays"] == "tue,fri"
    assert found["settings"]["refund.days"] == 10
    assert found["settings"]["shop.phone"] == "set"
    assert found["settings"]["shop.page"] == ""
    assert found["doctor"]["problems"] == {}
    assert found["doctor"]["whole"] is False
    assert found["facts"] == {"screen": "1366x768@1.25", "qt": "6.11"}
    assert '"something_happened"' in inside(path)["logs/hatkhata.log"]


def test_what_the_checks_find_is_counted_without_its_place(shop: Shop, clock: FixedClock) -> None:
    shop.operators.add("Canary Helper")
    shop.close()
    spoil(shop.paths.database, "UPDATE operator SET role = 'owner'")
    report = support_report(shop.paths, clock, "X", whole=True)
    found = json.loads(report.texts["about.json"])
    assert found["doctor"]["problems"] == {"record_unlike_its_operations": 1}
    assert "Canary" not in "".join(report.texts.values())


@pytest.mark.parametrize("damage", ["gone", "empty", "rubbish", "torn", "no folder"])
def test_it_is_made_of_a_shop_that_does_not_open_any_more(
    paths: ShopPaths, clock: FixedClock, damage: str, tmp_path: Path
) -> None:
    data = paths.database.read_bytes()
    match damage:
        case "gone":
            paths.database.unlink()
        case "empty":
            paths.database.write_bytes(b"")
        case "rubbish":
            paths.database.write_bytes(b"rubbish" * 9999)
        case "torn":
            paths.database.write_bytes(data[:8192] + bytes(len(data) - 8192))
        case _:
            paths = ShopPaths(tmp_path / "nobody" / "was here")
    found = about(support_file(paths, clock, "X"))
    doctor = found["doctor"]
    assert isinstance(doctor, dict)
    assert doctor.get("error") or doctor["problems"]


def test_a_code_is_no_way_out_of_the_folder_and_only_the_newest_files_stay(
    shop: Shop, clock: FixedClock
) -> None:
    made = []
    for code in ("../../etc", "", "ক খ", *"ABCDE"):
        clock.advance(ms=1000)
        made.append(support_file(shop.paths, clock, code))
    assert [path.parent for path in made] == [shop.paths.support] * len(made)
    assert made[0].name == "hatkhata-etc-20261124-174601.zip"
    assert {path.name for path in shop.paths.support.iterdir()} == {path.name for path in made[-5:]}


def test_it_goes_where_the_vendor_says_or_tells_why_not(
    shop: Shop, clock: FixedClock, tmp_path: Path
) -> None:
    report = support_report(shop.paths, clock, "X")
    assert save_support(shop.paths, report, folder=tmp_path / "stick").parent == tmp_path / "stick"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFault):
        save_support(shop.paths, report, folder=tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_of_a_long_log_the_end_is_taken_from_the_beginning_of_a_line(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200):
        shop.log.event("tick", number=number)
    monkeypatch.setattr(support, "_LOG_BYTES", 2_000)
    lines = support_report(shop.paths, clock, "X").texts["logs/hatkhata.log"].splitlines()
    assert json.loads(lines[-1])["number"] == 199
    assert json.loads(lines[0])["event"] == "tick"
    assert 10 < len(lines) < 60


_PHONES = st.tuples(
    st.sampled_from(["", "+88", "88"]),
    st.sampled_from("3456789"),
    st.text("0123456789", min_size=8, max_size=8),
    st.sampled_from(["", "-", " "]),
    st.booleans(),
)


@given(before=st.text(max_size=20), parts=_PHONES, after=st.text(max_size=20))
def test_no_phone_passes_however_it_is_written(
    before: str, parts: tuple[str, str, str, str, bool], after: str
) -> None:
    country, network, rest, gap, bangla = parts
    phone = f"{country}01{network}{rest[:2]}{gap}{rest[2:]}"
    if bangla:
        phone = phone.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    text = support._without_phones(f"{before} {phone} {after}")
    assert phone not in text.replace(before, "").replace(after, "") or phone in before + after
