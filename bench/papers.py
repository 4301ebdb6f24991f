"""Papers against bare ReportLab that draws the same strings in the same places, unshaped.

The floor registers the shipped font as a plain `TTFont`, sets each string with `drawString` and embeds the
letters it used. Bangla comes out wrong that way: vowel signs stand on the wrong side and conjuncts fall apart.
It draws no rules, no code and no box.
"""

from __future__ import annotations

import io
from importlib.resources import as_file
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.shops import empty_shop
from bench.table import Row, against, stated, timed
from pos.l10n import BANGLA
from pos.paths import resource
from pos.printing.invoice import invoice_pdf
from pos.printing.page import POINTS_PER_MM, Paper
from pos.printing.raster import receipt_png
from pos.printing.receipt import receipt_pdf
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pos.printing.typesetting import Style

_BARE = "the same strings by bare ReportLab"
_FONT = "Bench"

Strings = list[tuple[float, float, str, float]]


def rows(place: Path, *, quick: bool) -> list[Row]:
    """Invoice and receipt of an order of six lines, drawn again and again in one process."""
    rounds = 5 if quick else 60
    with empty_shop(place / "papers") as shop:
        order, view = shop.orders.take(_six_lines()), shop.configuration.shop()

    def invoice() -> bytes:
        return invoice_pdf(order, view, paper="A4", locale=BANGLA)

    def receipt() -> bytes:
        return receipt_pdf(order, view, width_mm=80, locale=BANGLA)

    return [
        _against_bare("invoice, A4 PDF of 6 lines", invoice, rounds),
        _against_bare("receipt, 80 mm PDF", receipt, rounds),
        stated(
            "receipt, from PDF to the printer's dots", "ms", list(_again(rounds, receipt_png, receipt(), 80))
        ),
    ]


def _against_bare(name: str, make: Callable[[], bytes], rounds: int) -> Row:
    strings, size = _strings_of(make)
    _register()
    _bare(strings, size)
    ours, floors = [], []
    for _ in range(rounds):
        ours.append(timed(make))
        floors.append(timed(_bare, strings, size))
    return against(name, "ms", ours, _BARE, floors)


def _again(rounds: int, act: Callable[..., object], *values: object) -> Iterator[float]:
    act(*values)
    return (timed(act, *values) for _ in range(rounds))


def _strings_of(make: Callable[[], bytes]) -> tuple[Strings, tuple[float, float]]:
    """What a paper sets, noted while it is made: place in points, text and size."""
    strings: Strings = []
    size = [0.0, 0.0]
    real = Paper.text

    def noted(paper: Paper, x: float, y: float, text: str, style: Style, *rest: Any, **more: Any) -> float:
        size[:] = [paper.width * POINTS_PER_MM, paper.height * POINTS_PER_MM]
        strings.append((x * POINTS_PER_MM, size[1] - y * POINTS_PER_MM, text, style.size))
        return real(paper, x, y, text, style, *rest, **more)

    with patch.object(Paper, "text", noted):
        make()
    return strings, (size[0], size[1])


def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with as_file(resource("fonts", "HatUI-400.ttf")) as path:
        pdfmetrics.registerFont(TTFont(_FONT, str(path)))


def _bare(strings: Strings, size: tuple[float, float]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(io.BytesIO(), pagesize=size, initialFontName=_FONT, pageCompression=1)
    for x, y, text, points in strings:
        canvas.setFont(_FONT, points)
        canvas.drawString(x, y, text)
    data: bytes = canvas.getpdfdata()
    return data


def _six_lines() -> OrderRequest:
    return OrderRequest(
        items=[
            ItemRequest(qty=qty, sku=sku)
            for sku, qty in (
                ("P068-04", "1"), ("P067-02", "1"), ("P077-05", "2"), ("P017", "1.5"), ("P013", "2"), ("P118-02", "1"),
            )
        ],
        customer=CustomerRequest(
            name="শারমিন আক্তার",
            phone="01712-345678",
            address="বাসা ৩/এ, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬",
            district="ঢাকা",
            thana="মিরপুর",
        ),
        discount="260",
        delivery="130",
        payments=[PaymentRequest(method="bkash", amount="3000", trxid="CKO7A2KQ4Z")],
        rest="cod",
    )  # fmt: skip
