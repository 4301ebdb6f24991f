"""The demo shop, for the command and the window: a throw-away shop in the middle of a hat, with a past."""

from __future__ import annotations

import datetime as dt
from importlib.resources import as_file
from typing import TYPE_CHECKING, Any

from pos.cli.context import wanted_time
from pos.domain.hats import HatCalendar, HatRule
from pos.domain.times import FixedClock, SystemClock, dhaka_day
from pos.paths import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos.paths import ShopPaths
    from pos.shop import Imported

NAME = "রূপকথা ঘর"
_PHONE = "01733-456789"
_SETTINGS = {
    "shop.trade": "দেশি শাড়ি · খাঁটি খাবার · হস্তশিল্প",
    "shop.address": "১২/বি স্টেশন রোড, নরসিংদী ১৬০০",
    "shop.district": "নরসিংদী",
    "shop.page": "fb.com/rupkothaghor",
}
_ANCHOR = (dt.date(2026, 11, 24), 261)
SAMPLE_ORDER: Mapping[str, Any] = {
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
# What the sample order takes, in thousandths: the history leaves that much.
_KEPT = {"P068-04": 1_000, "P067-02": 1_000, "P077-05": 2_000, "P017": 1_500, "P013": 2_000, "P118-02": 1_000}


def demo_clock(wanted: str | None) -> FixedClock:
    """A clock inside a hat: the one that was asked for, or 5:46 PM of the hat of today or last before it.

    Raises:
        UserError: ``date_unclear``.
    """
    if wanted:
        return FixedClock(wanted_time(wanted))
    calendar = HatCalendar(HatRule())
    day = dhaka_day(SystemClock().now_ms())
    while calendar.on(day) is None:
        day -= dt.timedelta(1)
    return FixedClock(dt.datetime.combine(day, dt.time(17, 46)))


def found_demo(paths: ShopPaths, now_ms: int, *, lang: str) -> Imported:
    """Found the demo shop with its catalogue; it has sold nothing yet, and is closed.

    Args:
        paths: an empty folder, or none yet.
        now_ms: the demo's now, UTC milliseconds; it is founded some weeks before that.
        lang: language of the device.
    """
    from pos.services.founding import found_shop
    from pos.shop import import_catalogue, open_shop

    clock = _clock_of_founding(now_ms)
    found_shop(paths, clock, vendor=NAME, phone=_PHONE, lang=lang, demo=True)
    with (
        open_shop(paths, clock) as shop,
        as_file(resource("demo", "catalogue.csv")) as products,
        as_file(resource("demo", "catalogue_variants.csv")) as variants,
    ):
        for key, value in _SETTINGS.items():
            shop.configuration.put(key, value)
        day, ordinal = _ANCHOR
        shop.configuration.put("hat.anchor", f"{day.isoformat()}={ordinal}")
        return import_catalogue(shop, products, variants=variants)


def play_demo(paths: ShopPaths, now_ms: int) -> int:
    """Give the founded demo shop its past; how many orders that is.

    It opens the shop for itself, with a clock of its own: a window that shows the shop may stay open.
    """
    from pos.services.demo_history import fill
    from pos.shop import open_shop

    clock = _clock_of_founding(now_ms)
    with open_shop(paths, clock) as shop:
        return fill(shop, clock, until_ms=now_ms, keep=_KEPT)


def _clock_of_founding(now_ms: int) -> FixedClock:
    from pos.services.demo_history import founding_of

    clock = FixedClock(dt.datetime.fromtimestamp(0, dt.UTC))
    clock.advance(ms=founding_of(now_ms))
    return clock
