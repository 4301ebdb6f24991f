"""What is written reads back equal, runs nothing in a spreadsheet, and never leaves half a file."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pos.domain.text import clean_name, fold_digits
from pos.errors import EnvironmentFault, UserError
from pos.sheets.catalogue import parse_catalogue
from pos.sheets.reading import read_sheet
from pos.sheets.rows import ProductRow, VariantRow
from pos.sheets.writing import write_catalogue

RISKY = [
    "=1+1", "=cmd|' /C calc'!A0", "+8801711123456", "-3", "@রহিমা", "'=1+1", "''-", "'quoted", "#N/A", "TRUE",
    "_x000D_", "_x005F_x0041_", "1E5", "2-4", "01711123456", 'a "b", c; d', "a<b&c", "NaN", "=", "sep=;", "\u2212৩",
]  # fmt: skip


def catalogue_of(names: list[str]) -> tuple[list[ProductRow], list[VariantRow]]:
    products = [
        ProductRow(
            row=number, sku=f"P{number}", name_bn=name, name_en=name, category=name, price_paisa=100 + number
        )
        for number, name in enumerate(names, 2)
    ]
    variants = [
        VariantRow(
            row=number,
            product_sku=p.sku,
            variant_sku=f"={p.sku}",
            size="",
            colour=p.name_bn,
            product_row=p.row,
        )
        for number, p in enumerate(products, 2)
    ]
    return products, variants


def read_back(path: Path) -> tuple[list[ProductRow], list[VariantRow]]:
    beside = path.with_name(f"{path.stem}_variants.csv")
    variants = read_sheet(beside) if path.suffix == ".csv" and beside.exists() else None
    catalogue = parse_catalogue(read_sheet(path), variants)
    assert catalogue.errors == []
    assert catalogue.ignored_columns == ()
    return catalogue.products, catalogue.variants


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_names_that_a_spreadsheet_would_run_come_back_equal(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    products, variants = catalogue_of(RISKY)
    written = write_catalogue(path, products, variants)
    assert (written.products, written.variants) == (len(products), len(variants))
    assert read_back(path) == (products, variants)


def test_no_cell_of_a_csv_starts_like_a_formula(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "a.csv", *catalogue_of(RISKY))
    for name in ("a.csv", "a_variants.csv"):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n")
        for row in csv.reader(data.decode("utf-8-sig").splitlines()):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_no_cell_of_a_workbook_is_a_formula_and_numbers_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    products, variants = catalogue_of(RISKY)
    write_catalogue(
        path, [replace(p, stock_milli=1500, unit="kg", fractions=True) for p in products], variants
    )
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type in {"s", "n", "inlineStr"}
    stock = [cell.value for cell in book["products"]["K"]]
    assert stock[:2] == ["stock", 1.5]
    assert book["variants"].max_row == len(variants) + 1


def _is_name(text: str) -> bool:
    try:
        clean_name(text, field="name")
    except UserError:
        return False
    return True


_NAME = (
    st.one_of(st.sampled_from(RISKY), st.text(max_size=30), st.text("=+-@'\t\r\"_x0041;, ", max_size=6))
    .filter(_is_name)
    .map(lambda text: clean_name(text, field="name"))
)


_OPTION = _NAME.filter(lambda text: not set(text) & {";", "|"} and len(text) <= 30)
_CODE = st.text("ABCঅআ0123-=+@'_x", min_size=1, max_size=8)
_PRODUCT = st.builds(
    ProductRow,
    row=st.just(0),
    sku=_CODE,
    name_bn=_NAME,
    name_en=st.one_of(st.just(""), _NAME),
    category=st.one_of(st.just(""), _NAME),
    unit=st.sampled_from(["pcs", "kg", "set", "dozen"]),
    cost_paisa=st.none() | st.integers(0, 10**11),
    price_paisa=st.integers(1, 10**11),
    barcode=st.none() | st.text("ABC=+-@'7", min_size=1, max_size=6),
    stock_milli=st.none() | st.integers(0, 10**9),
    minimum_milli=st.none() | st.integers(0, 10**9),
    fractions=st.just(value=True),
)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    drawn=st.lists(
        st.tuples(_PRODUCT, st.lists(_OPTION, max_size=3, unique_by=str.casefold)),
        min_size=1,
        max_size=4,
        unique_by=(
            lambda pair: fold_digits(pair[0].sku or "").casefold(),
            lambda pair: pair[0].barcode or id(pair),
        ),
    )
)
def test_a_round_trip_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, ending: str, drawn: list[tuple[ProductRow, list[str]]]
) -> None:
    products: list[ProductRow] = []
    variants: list[VariantRow] = []
    for number, (drawn_product, colours) in enumerate(drawn, 2):
        product = replace(drawn_product, row=number, colours=tuple(colours))
        if len(colours) != 1 and colours:
            product = replace(product, stock_milli=None)
        products.append(product)
        for count, colour in enumerate(colours, 1):
            variants.append(
                VariantRow(
                    row=len(variants) + 2,
                    product_sku=product.sku,
                    variant_sku=f"{number}/{count}",
                    colour=colour,
                    stock_milli=product.stock_milli,
                    price_paisa=product.price_paisa,
                    product_row=number,
                )
            )
    path = tmp_path_factory.mktemp("trip") / f"a.{ending}"
    write_catalogue(path, iter(products), iter(variants))
    assert read_back(path) == (products, variants)


def test_a_csv_without_variants_has_no_second_file_and_keeps_no_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    products, variants = catalogue_of(["চাল"])
    assert write_catalogue(path, products).files == (path,)
    assert not (tmp_path / "a_variants.csv").exists()
    write_catalogue(path, products, variants)
    assert write_catalogue(path, products).files == (path, tmp_path / "a_variants.csv")
    assert read_back(path) == (products, [])


def test_only_csv_and_xlsx_are_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="export_kind"):
        write_catalogue(tmp_path / "a.pdf", [])


@pytest.mark.parametrize("name", ["none/a.csv", "none/a.xlsx", "a\x00.csv", "x" * 300 + ".xlsx"])
def test_a_place_that_cannot_be_written_is_a_fault_of_the_machine(tmp_path: Path, name: str) -> None:
    with pytest.raises(EnvironmentFault, match="file_not_written"):
        write_catalogue(tmp_path / name, catalogue_of(["চাল"])[0])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_a_fault_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(EnvironmentFault, match="file_not_written"):
        write_catalogue(tmp_path / "a.csv", catalogue_of(["চাল"])[0])
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_stop_half_way_leaves_the_old_file_and_no_litter(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    products, variants = catalogue_of(["চাল"])
    write_catalogue(path, products, variants)
    before = {found.name: found.read_bytes() for found in tmp_path.iterdir()}

    def stop(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_catalogue(path, products * 600, variants, progress=stop)
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a thing of Unix")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"old")
    # A limit on the size of files refuses the write just as a full disk does, for this child alone.
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from pos.errors import EnvironmentFault\nfrom pos.sheets.rows import ProductRow\n"
        "from pos.sheets.writing import write_catalogue\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "rows = (ProductRow(row=i, sku=str(i), name_bn=hex(i * 7919), price_paisa=100) for i in range(20000))\n"
        "try:\n    write_catalogue(Path(sys.argv[1]), rows)\n"
        "except EnvironmentFault as error:\n    print(error.code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, path],
        capture_output=True, encoding="utf-8", check=False, cwd=Path(__file__).resolve().parents[2], timeout=60,
    )  # fmt: skip
    assert run.stdout.strip() == "file_not_written", run.stderr
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"
