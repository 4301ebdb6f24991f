"""`hatkhata --demo` without a display: the main job from a catalogue file to papers, in a throw-away shop."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli import text
from pos.cli.context import NOW_VARIABLE
from pos.cli.demo_shop import NAME, SAMPLE_ORDER, demo_clock, found_demo, play_demo
from pos.cli.objects import order_object
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.sentences import phrase
from pos.paths import HOME_VARIABLE, ShopPaths

if TYPE_CHECKING:
    from pos.cli.context import Session
    from pos.domain.times import FixedClock
    from pos.services.views import OrderView
    from pos.shop import Shop


def run_demo(session: Session) -> None:
    """Make the demo shop, take a sample order in a hat, write its invoice and receipt, say where they are."""
    from pos.services.demo_history import PAST_HATS
    from pos.shop import open_shop

    home = Path(tempfile.mkdtemp(prefix="hatkhata-demo-"))
    paths = ShopPaths(home)
    clock = demo_clock(os.environ.get(NOW_VARIABLE))
    imported = found_demo(paths, clock.now_ms(), lang=session.lang)
    history = play_demo(paths, clock.now_ms())
    with open_shop(paths, clock) as shop:
        paths.papers.mkdir()
        picture = paths.papers / "window.png"
        order = _sell(session, shop, clock, picture)
        papers = _print(shop, order)
    locale = BANGLA if session.lang == "bn" else ENGLISH
    value = {
        "home": str(home),
        "products": imported.products,
        "variants": imported.variants,
        "skus": imported.skus,
        "history": history,
        "order": order_object(order),
        "papers": [str(p) for p in papers],
        "picture": str(picture) if picture.exists() else None,
    }

    def lines() -> Any:
        yield phrase("demo_ready", locale.lang, shop=NAME)
        yield text.imported_counts(imported, locale.lang)
        yield phrase("demo_history", locale.lang, hats=PAST_HATS, orders=history)
        yield phrase("demo_order", locale.lang)
        yield from text.order(order, locale)
        yield phrase("demo_papers", locale.lang)
        yield from (f"  {paper}" for paper in papers)
        if picture.exists():
            yield phrase("demo_picture", locale.lang)
            yield f"  {picture}"
        export = "set" if sys.platform == "win32" else "export"
        yield phrase("demo_go_on", locale.lang)
        yield f"  {export} {HOME_VARIABLE}={home}"

    session.answer(value, lines)


def _sell(session: Session, shop: Shop, clock: FixedClock, picture: Path) -> OrderView:
    """Take the sample order: in the window, of which a picture is kept, or without one."""
    from pos.services.demo_history import bkash_id
    from pos.services.order_request import read_order_request

    payment = {"method": "bkash", "amount": "3000", "trxid": bkash_id(clock.now_ms(), "7A2KQ4Z")}
    request = read_order_request(json.dumps({**SAMPLE_ORDER, "payments": [payment]}).encode())
    taken = session.window(shop, request, picture) if session.window is not None else None
    return shop.orders.take(request) if taken is None else taken


def _print(shop: Shop, order: OrderView) -> list[Path]:
    from pos.printing.invoice import invoice_pdf
    from pos.printing.output import paper_name, save_paper
    from pos.printing.raster import receipt_png
    from pos.printing.receipt import receipt_pdf

    locale, view = shop.configuration.locale(), shop.configuration.shop()
    receipt = receipt_pdf(order, view, width_mm=80, locale=locale)
    made = {
        "invoice.pdf": invoice_pdf(order, view, paper="A4", locale=locale),
        "receipt.pdf": receipt,
        "receipt.png": receipt_png(receipt, 80),
    }
    papers = []
    for name, data in made.items():
        paper, _, ending = name.partition(".")
        path = shop.paths.papers / paper_name(paper, order.number, ending)
        save_paper(path, data)
        papers.append(path)
    return papers
