"""`hatkhata --demo` without a display: the main job from a catalogue file to papers, in a throw-away shop."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import tempfile
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.cli import text
from pos.cli.context import NOW_VARIABLE, Session, wanted_time
from pos.cli.objects import order_object
from pos.domain.hats import HatCalendar, HatRule
from pos.domain.times import FixedClock, SystemClock, dhaka_day, dhaka_time
from pos.l10n import BANGLA, ENGLISH
from pos.l10n.sentences import phrase
from pos.paths import HOME_VARIABLE, ShopPaths, resource

if TYPE_CHECKING:
    from pos.services.views import OrderView
    from pos.shop import Imported, Shop

_SHOP = {
    "shop.trade": "দেশি শাড়ি · খাঁটি খাবার · হস্তশিল্প",
    "shop.address": "১২/বি স্টেশন রোড, নরসিংদী ১৬০০",
    "shop.district": "নরসিংদী",
    "shop.page": "fb.com/rupkothaghor",
}
_FIRST_HAT = (dt.date(2026, 11, 24), 261)
_ORDER: dict[str, Any] = {
    "items": [
        {"sku": "P068-04", "qty": "1"},
        {"sku": "P067-02", "qty": "1"},
        {"sku": "P077-05", "qty": "2"},
        {"sku": "P017", "qty": "1.5"},
        {"sku": "P013", "qty": "2"},
        {"sku": "P118-02", "qty": "1", "discount": "40"},
    ],
    "customer": {
        "name": "শারমিন আক্তার",
        "phone": "01712-345678",
        "address": "বাসা ৩/এ, রোড ৭, ব্লক সি, মিরপুর ১০, ঢাকা ১২১৬",
        "district": "ঢাকা",
        "thana": "মিরপুর",
    },
    "discount": "260",
    "delivery": "130",
    "rest": "cod",
    "source": "comment",
    "request_id": "demo-1",
}


def run_demo(session: Session) -> None:
    """Make the demo shop, take a sample order in a hat, write its invoice and receipt, say where they are."""
    from pos.services.founding import found_shop
    from pos.shop import open_shop

    home = Path(tempfile.mkdtemp(prefix="hatkhata-demo-"))
    paths = ShopPaths(home)
    clock = demo_clock(os.environ.get(NOW_VARIABLE))
    found_shop(paths, clock, vendor="রূপকথা ঘর", phone="01733-456789", lang=session.lang, demo=True)
    with open_shop(paths, clock) as shop:
        imported = _stock_up(shop)
        order = _sell(shop, clock)
        papers = _print(shop, order)
    locale = BANGLA if session.lang == "bn" else ENGLISH
    value = {
        "home": str(home),
        "products": imported.products,
        "variants": imported.variants,
        "skus": imported.skus,
        "order": order_object(order),
        "papers": [str(p) for p in papers],
    }

    def lines() -> Any:
        yield phrase("demo_ready", locale.lang, shop="রূপকথা ঘর")
        yield text.imported_counts(imported, locale.lang)
        yield phrase("demo_order", locale.lang)
        yield from text.order(order, locale)
        yield phrase("demo_papers", locale.lang)
        yield from (f"  {paper}" for paper in papers)
        export = "set" if sys.platform == "win32" else "export"
        yield phrase("demo_go_on", locale.lang)
        yield f"  {export} {HOME_VARIABLE}={home}"

    session.answer(value, lines)


def demo_clock(wanted: str | None) -> FixedClock:
    """A clock inside a hat: the one that was asked for, or 5:46 PM of the hat of today or last before it."""
    if wanted:
        return FixedClock(wanted_time(wanted))
    calendar = HatCalendar(HatRule())
    day = dhaka_day(SystemClock().now_ms())
    while calendar.on(day) is None:
        day -= dt.timedelta(1)
    return FixedClock(dt.datetime.combine(day, dt.time(17, 46)))


def _stock_up(shop: Shop) -> Imported:
    from pos.shop import import_catalogue

    for key, value in _SHOP.items():
        shop.configuration.put(key, value)
    day, ordinal = _FIRST_HAT
    shop.configuration.put("hat.anchor", f"{day.isoformat()}={ordinal}")
    with (
        as_file(resource("demo", "catalogue.csv")) as products,
        as_file(resource("demo", "catalogue_variants.csv")) as variants,
    ):
        return import_catalogue(shop, products, variants=variants)


def _sell(shop: Shop, clock: FixedClock) -> OrderView:
    from pos.services.order_request import read_order_request

    payment = {"method": "bkash", "amount": "3000", "trxid": demo_trxid(clock)}
    request = read_order_request(json.dumps(_ORDER | {"payments": [payment]}).encode())
    return shop.orders.take(request)


def demo_trxid(clock: FixedClock) -> str:
    """An id whose first letters are of the clock's day, as bKash's are."""
    day = dhaka_time(clock.now_ms())
    letters = "123456789ABCDEFGHIJKLMNOPQRSTUV"
    return f"{chr(ord('B') + day.year - 2024)}{chr(ord('A') + day.month - 1)}{letters[day.day - 1]}7A2KQ4Z"


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
    shop.paths.papers.mkdir()
    papers = []
    for name, data in made.items():
        paper, _, ending = name.partition(".")
        path = shop.paths.papers / paper_name(paper, order.number, ending)
        save_paper(path, data)
        papers.append(path)
    return papers
