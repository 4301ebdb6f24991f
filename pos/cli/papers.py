"""Commands that make papers: invoice and receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pos.cli.usage import DigitChoice
from pos.errors import UserError

if TYPE_CHECKING:
    from pos.cli.context import Session

_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("number")
@click.option("--out", type=_OUT, help="The PDF to write; in the shop's folder of papers if left out.")
@click.option("--paper", type=DigitChoice(["A4", "A5"], case_sensitive=False), help="Size of the paper.")
@click.option("--copy", type=click.IntRange(1, 99), default=1, help="2 and more mark the paper as a copy.")
@click.pass_obj
def invoice(session: Session, number: str, out: Path | None, paper: str | None, copy: int) -> None:
    """Write the invoice of an order as a PDF."""
    from pos.printing.invoice import invoice_pdf
    from pos.printing.output import paper_name, save_paper

    order = session.shop.orders.show(number)
    size: Literal["A4", "A5"] = (
        "A5" if (paper or session.shop.configuration.get("paper.invoice")) == "A5" else "A4"
    )
    target = _target(session, out, paper_name("invoice", order.number, "pdf"), {".pdf"})
    data = invoice_pdf(order, session.shop.configuration.shop(), paper=size, locale=session.locale, copy=copy)
    save_paper(target, data)
    _answer(session, order.number, target)


@click.command()
@click.argument("number")
@click.option("--width", type=DigitChoice(["58", "80"]), help="Width of the roll in mm.")
@click.option("--out", type=_OUT, help="The .pdf or .png to write; in the shop's folder if left out.")
@click.option("--copy", type=click.IntRange(1, 99), default=1, help="2 and more mark the paper as a copy.")
@click.pass_obj
def receipt(session: Session, number: str, width: str | None, out: Path | None, copy: int) -> None:
    """Write the receipt of an order as a PDF or a picture.

    The picture (.png) is black and white, dot by dot what a receipt printer gets.
    """
    from pos.printing.output import paper_name, save_paper
    from pos.printing.raster import receipt_png
    from pos.printing.receipt import receipt_pdf

    order = session.shop.orders.show(number)
    mm: Literal[58, 80] = 58 if (width or session.shop.configuration.get("paper.receipt")) == "58" else 80
    target = _target(session, out, paper_name("receipt", order.number, "pdf"), {".pdf", ".png"})
    data = receipt_pdf(
        order, session.shop.configuration.shop(), width_mm=mm, locale=session.locale, copy=copy
    )
    save_paper(target, receipt_png(data, mm) if target.suffix.lower() == ".png" else data)
    _answer(session, order.number, target)


def _target(session: Session, out: Path | None, name: str, endings: set[str]) -> Path:
    if out is None:
        session.paths.papers.mkdir(parents=True, exist_ok=True)
        return session.paths.papers / name
    if out.suffix.lower() not in endings:
        raise UserError("paper_ending", file=out.name, endings=sorted(endings))
    return out


def _answer(session: Session, number: str, target: Path) -> None:
    value = {"number": number, "file": str(target), "state": "written"}
    session.answer(value, lambda: [str(target)])
