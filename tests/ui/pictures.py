"""The guide's pictures, of the running program: `python -m tests.ui.pictures [FOLDER]`.

The first run stands in an empty folder, everything after it in the demo shop.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from pos.cli.demo_shop import demo_clock, found_demo, play_demo
from pos.domain.times import FixedClock
from pos.paths import ShopPaths
from pos.services.founding import found_shop
from pos.services.product_change import ProductChange
from pos.shop import open_shop
from tests.organiser import Organiser
from ui.app import make_application, make_shell
from ui.pages.finder import FinderDialog
from ui.pages.first import FirstRun
from ui.pages.payment import PaymentDialog
from ui.presenters.first import First
from ui.presenters.sync_state import AFTER_MS
from ui.printers import QtSpooler
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPixmap

    from pos.domain.times import Clock
    from ui.shell import Shell

FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "pictures"
_NOW = "2026-11-24T17:46:00+06:00"
_SIZE = (1366, 768)
_DEVICE = {"ui.theme": "light", "printer.kind": "os", "printer.name": "XP-80"}
_SHOP = {
    "name": "রূপকথা ঘর",
    "phone": "০১৭৩৩-৪৫৬৭৮৯",
    "district": "নরসিংদী",
    "trade": "দেশি শাড়ি · খাঁটি খাবার · হস্তশিল্প",
}


def _pump(tasks: Tasks) -> None:
    """Until everything that is due has been read and drawn."""
    quiet = 0
    while quiet < 25:  # what waits a moment before it begins has begun by then
        QApplication.processEvents()
        time.sleep(0.02)
        quiet = 0 if tasks.busy() else quiet + 1


def _first_run(home: Path, clock: Clock) -> QPixmap:
    tasks = Tasks()
    first = First(ShopPaths(home), clock, tasks, QtSpooler())
    first.start()
    wizard = FirstRun(first)
    wizard.resize(*_SIZE)
    wizard.show()
    first.next()
    for name, said in _SHOP.items():
        first.set(name, said)
    _pump(tasks)
    picture = wizard.grab()
    wizard.close()
    tasks.close()
    return picture


def _regular(shell: Shell) -> str:
    """The phone of the buyer who comes most often."""
    orders = shell.shop.orders.list(limit=500)
    phones = Counter(order.customer.phone for order in orders if order.customer is not None)
    return shell.look.phone(phones.most_common(1)[0][0])


def _cart(shell: Shell) -> None:
    sell = shell.presenters.sell
    for words, times in (("জামদানি", 1), ("মধু", 2), ("কুশন", 1)):
        sell.type(words)
        sell.enter()
        if sell.picking is not None:
            sell.enter()
        if sell.asking is not None:
            sell.enter()
        for _ in range(times - 1):
            sell.more(1)
    sell.set_buyer(phone=_regular(shell))
    sell.set_discount("১৪০")
    sell.set_pay(amount="১৫০০", trxid="DKO7A2KQ4Z")
    sell.type("শাড়ি")


def _sell(shell: Shell) -> None:
    shell.go("sell")
    _cart(shell)


def _variants(shell: Shell) -> None:
    shell.presenters.sell.type("পাঞ্জাবি")
    shell.presenters.sell.enter()


def _buyer(shell: Shell) -> None:
    shell.presenters.sell.back()
    shell.act("customer")


def _payment(shell: Shell) -> None:
    shell.act("back")
    shell.presenters.sell.set_pay(kind="full")
    shell.act("main")
    dialog = shell.pages["sell"].dialog()
    assert isinstance(dialog, PaymentDialog)
    dialog.amount.edit.insert("১০০০০")


def _shortcuts(shell: Shell) -> None:
    shell.act("back")
    shell.presenters.sell.set_pay(kind="cod")
    shell.act("help")


def _finder(shell: Shell) -> None:
    shell.act("back")
    shell.act("find_anything")
    dialog = shell.pages["sell"].dialog()
    assert isinstance(dialog, FinderDialog)
    dialog.line.edit.insert("আম")


def _orders(shell: Shell) -> None:
    shell.act("back")
    shell.go("orders")


def _order(shell: Shell) -> None:
    shell.open_order(shell.shop.orders.list(limit=1)[0].number)


def _stock(shell: Shell) -> None:
    shell.go("stock")
    (hit, *_) = shell.shop.catalogue.find("কুর্তি")
    shell.presenters.stock.bring(hit.product.id.bytes)


def _settings(shell: Shell) -> None:
    shell.go("settings")


def _backup(shell: Shell) -> None:
    shell.go("backup")


def _sync(shell: Shell) -> None:
    """A second laptop has another price, and the line is gone since this one sold last."""
    shop, home = shell.shop, shell.shop.paths.home.parent
    clock = shop.desk.clock
    assert isinstance(clock, FixedClock)
    organiser = Organiser(clock)
    organiser.pair(shop)
    organiser.sync(shop)
    shell.presenters.sync.stopped()
    paths = ShopPaths(home / "second")
    found_shop(paths, clock, vendor="দ্বিতীয়", phone="01733456789")
    (goods, *_) = shop.catalogue.find("মধু")
    with open_shop(paths, clock) as second:
        organiser.pair(second)
        for one, price in ((shop, 65_000), (second, 62_000)):
            one.catalogue.edit(goods.product.sku, ProductChange(price_paisa=price))
        for one in (shop, second, shop):
            organiser.sync(one)
    organiser.down = "no_internet"
    for order in shop.orders.list(limit=6):
        if order.due_paisa:
            shop.orders.pay(order.number, "cash", "100")
        elif order.status == "confirmed":
            shop.steps.check(order.number)
    shop.stock.move(goods.product.sku, "1", "damage")
    shell.presenters.sync.now()
    shell.go("sync")
    _pump(shell.tasks)
    while shop.sync.seen.fault != organiser.down:
        _pump(shell.tasks)
    clock.advance(ms=AFTER_MS)
    shell._tick()


def _dark(shell: Shell) -> None:
    shell.shop.configuration.put("ui.theme", "dark")
    shell.relook()
    shell.go("sell")
    shell.presenters.sell.type("শাড়ি")


SCENES: dict[str, Callable[[Shell], None]] = {
    "sell": _sell,
    "variants": _variants,
    "buyer": _buyer,
    "payment": _payment,
    "shortcuts": _shortcuts,
    "find": _finder,
    "orders": _orders,
    "order": _order,
    "stock": _stock,
    "settings": _settings,
    "backup": _backup,
    "sync": _sync,
    "dark": _dark,
}


def main(folder: Path = FOLDER) -> None:
    """Draw every scene into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    make_application()
    clock = demo_clock(_NOW)
    with tempfile.TemporaryDirectory(prefix="hatkhata-demo-") as home:
        _first_run(Path(home) / "first", clock).save(str(folder / "first.png"))
        paths = ShopPaths(Path(home) / "shop")
        found_demo(paths, clock.now_ms(), lang="bn")
        play_demo(paths, clock.now_ms())
        with open_shop(paths, clock) as shop:
            for key, value in _DEVICE.items():
                shop.configuration.put(key, value)
            shop.backups.make()
            shell = make_shell(shop)
            shell.resize(*_SIZE)
            shell.show()
            shell.start()
            _pump(shell.tasks)
            for name, scene in SCENES.items():
                scene(shell)
                _pump(shell.tasks)
                shell.grab().save(str(folder / f"{name}.png"))
            shell.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
    sys.stdout.flush()
    os._exit(0)
