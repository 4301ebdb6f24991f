"""A process that works in a shop until it is done or killed; what it prints was confirmed to the vendor.

Run as a script: `seller.py HOME ACT [COUNT]`. Each confirmed act is one line of JSON on standard output; an
error that has a code is one line too, and the process then ends with 3. Anything else is a traceback.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pos.domain.times import SystemClock
from pos.errors import PosError
from pos.paths import ShopPaths
from pos.services.health import examine
from pos.services.order_request import ItemRequest, OrderRequest
from pos.shop import Shop, open_shop
from pos.store.restore import restore


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def sell(paths: ShopPaths, count: int) -> None:
    with open_shop(paths, SystemClock()) as shop:
        say(ready=True)
        for _ in range(count):
            order = shop.orders.take(OrderRequest([ItemRequest("1", sku="P003")], rest="due"))
            say(number=order.number, total=order.total_paisa)


def sell_and_hold(paths: ShopPaths, count: int) -> None:
    """Sell, let the second journal have it all, then stay open until killed."""
    with open_shop(paths, SystemClock()) as shop:
        say(ready=True)
        for _ in range(count):
            order = shop.orders.take(OrderRequest([ItemRequest("1", sku="P003")], rest="due"))
            say(number=order.number, total=order.total_paisa)
        shop.store.settle()
        say(settled=True)
        sys.stdin.read()


def leave_room(limit: int) -> None:
    """From now on the system lets no file of this process grow beyond `limit` bytes."""
    import resource  # there is none on Windows, where these tests are skipped

    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def sell_in_little_room(paths: ShopPaths, limit: int) -> None:
    """Sell until a file cannot grow."""
    with open_shop(paths, SystemClock()) as shop:
        leave_room(limit)
        say(ready=True)
        while True:
            order = shop.orders.take(OrderRequest([ItemRequest("1", sku="P003")], rest="due"))
            say(number=order.number, total=order.total_paisa)


def look(paths: ShopPaths, count: int) -> None:
    """Read whole lists while others sell: every view must add up in itself."""
    with open_shop(paths, SystemClock()) as shop:
        say(ready=True)
        seen = 0
        while seen < count:
            orders = shop.orders.list()
            assert len({o.number for o in orders}) == len(orders)
            assert all(o.lines and o.payments == () for o in orders)
            assert len(orders) >= seen, "an order that was seen is gone"
            seen = len(orders)
        say(seen=seen)


def back_up(shop: Shop, count: int) -> None:
    for _ in range(count):
        say(file=str(shop.backups.make().path))


def main(home: str, act: str, *rest: str) -> None:
    paths, count = ShopPaths(Path(home)), int(rest[0]) if rest else 10**9
    match act:
        case "sell":
            sell(paths, count)
        case "sell-and-hold":
            sell_and_hold(paths, count)
        case "sell-in-little-room":
            sell_in_little_room(paths, count)
        case "look":
            look(paths, count)
        case "back-up":
            with open_shop(paths, SystemClock()) as shop:
                say(ready=True)
                back_up(shop, count)
        case "back-up-in-little-room":
            with open_shop(paths, SystemClock()) as shop:
                leave_room(count)
                shop.backups.make(Path(rest[1]))
        case "restore":
            say(ready=True)
            for _ in range(count):
                say(code=restore(paths, SystemClock(), Path(rest[1])).device_code)
        case "doctor":
            say(problems=[p.code for p in examine(paths).report.problems])
        case "list":
            with open_shop(paths, SystemClock()) as shop:
                say(orders=[o.number for o in shop.orders.list()])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except PosError as error:
        say(error=error.code)
        sys.exit(3)
