"""The guide's pictures, of the running program in the demo shop: `python -m tests.ui.pictures [FOLDER]`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from pos.cli.demo_shop import demo_clock, found_demo, play_demo
from pos.paths import ShopPaths
from pos.shop import open_shop
from ui.app import make_application, make_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.shell import Shell

FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "pictures"
_NOW = "2026-11-24T17:46:00+06:00"
_SIZE = (1366, 768)


def _pump(shell: Shell) -> None:
    """Until everything that is due has been read and drawn."""
    quiet = 0
    while quiet < 25:  # what waits a moment before it begins has begun by then
        QApplication.processEvents()
        time.sleep(0.02)
        quiet = 0 if shell.tasks.busy() else quiet + 1


def _cart(shell: Shell) -> None:
    sell = shell.sell
    for words, times in (("জামদানি", 1), ("মধু", 2), ("কুশন", 1)):
        sell.type(words)
        sell.enter()
        if sell.picking is not None:
            sell.enter()
        if sell.asking is not None:
            sell.enter()
        for _ in range(times - 1):
            sell.more(1)
    sell.set_buyer(phone="01712345678")
    sell.set_pay(amount="1500", trxid="DKO7A2KQ4Z")
    sell.type("শাড়ি")


def _sell(shell: Shell) -> None:
    shell.go("sell")
    _cart(shell)


def _variants(shell: Shell) -> None:
    shell.sell.type("পাঞ্জাবি")
    shell.sell.enter()


def _buyer(shell: Shell) -> None:
    shell.sell.back()
    shell.act("customer")


def _payment(shell: Shell) -> None:
    shell.act("back")
    shell.sell.set_pay(kind="full")
    shell.act("main")


def _shortcuts(shell: Shell) -> None:
    shell.act("back")
    shell.sell.set_pay(kind="cod")
    shell.act("help")


def _finder(shell: Shell) -> None:
    shell.act("back")
    shell.act("find_anything")


def _orders(shell: Shell) -> None:
    shell.act("back")
    shell.go("orders")


def _order(shell: Shell) -> None:
    shell.open_order(shell.shop.orders.list(limit=1)[0].number)


def _stock(shell: Shell) -> None:
    shell.go("stock")


def _settings(shell: Shell) -> None:
    shell.go("settings")


def _backup(shell: Shell) -> None:
    shell.go("backup")


def _dark(shell: Shell) -> None:
    shell.shop.configuration.put("ui.theme", "dark")
    shell.relook()
    shell.go("sell")


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
    "dark": _dark,
}


def main(folder: Path = FOLDER) -> None:
    """Draw every scene into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    make_application()
    clock = demo_clock(_NOW)
    with tempfile.TemporaryDirectory() as home:
        paths = ShopPaths(Path(home) / "shop")
        found_demo(paths, clock.now_ms(), lang="bn")
        play_demo(paths, clock.now_ms())
        with open_shop(paths, clock) as shop:
            shop.configuration.put("ui.theme", "light")
            shop.backups.make()
            shell = make_shell(shop)
            shell.resize(*_SIZE)
            shell.show()
            shell.start()
            _pump(shell)
            for name, scene in SCENES.items():
                scene(shell)
                _pump(shell)
                shell.grab().save(str(folder / f"{name}.png"))
            shell.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
    sys.stdout.flush()
    os._exit(0)
