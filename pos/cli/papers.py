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
    value = {"number": order.number, "file": str(target), "state": "written"}
    session.answer(value, lambda: [str(target)])


@click.command()
@click.argument("number")
@click.option("--width", type=DigitChoice(["58", "80"]), help="Width of the roll in mm.")
@click.option("--out", type=_OUT, help="The .pdf or .png to write; in the shop's folder if left out.")
@click.option("--copy", type=click.IntRange(1, 99), default=1, help="2 and more mark the paper as a copy.")
@click.pass_obj
def receipt(session: Session, number: str, width: str | None, out: Path | None, copy: int) -> None:
    """Write the receipt of an order as a PDF or a picture.

    The picture (.png) is black and white, dot by dot what a receipt printer gets. A receipt of several
    parts is a picture a part: F-1.png, F-2.png.
    """
    from pos.printing.output import paper_name, save_paper
    from pos.printing.raster import receipt_pngs
    from pos.printing.receipt import receipt_pdf

    order = session.shop.orders.show(number)
    mm: Literal[58, 80] = 58 if (width or session.shop.configuration.get("paper.receipt")) == "58" else 80
    target = _target(session, out, paper_name("receipt", order.number, "pdf"), {".pdf", ".png"})
    data = receipt_pdf(
        order, session.shop.configuration.shop(), width_mm=mm, locale=session.locale, copy=copy
    )
    papers = {target: data}
    if target.suffix.lower() == ".png":
        pictures = receipt_pngs(data, mm)
        papers = dict(zip(_part_names(target, len(pictures)), pictures, strict=True))
    for path, content in papers.items():
        save_paper(path, content)
    files = [str(path) for path in papers]
    value = {"number": order.number, "file": files[0], "files": files, "state": "written"}
    session.answer(value, lambda: files)


def _part_names(target: Path, count: int) -> list[Path]:
    """One name for a receipt of one part; `-1`, `-2` before the ending for several."""
    if count == 1:
        return [target]
    return [target.with_name(f"{target.stem}-{part}{target.suffix}") for part in range(1, count + 1)]


def _target(session: Session, out: Path | None, name: str, endings: set[str]) -> Path:
    if out is None:
        session.paths.papers.mkdir(parents=True, exist_ok=True)
        return session.paths.papers / name
    if out.suffix.lower() not in endings:
        raise UserError("paper_ending", file=out.name, endings=sorted(endings))
    return out
