"""The real program on a real X server, driven by the keyboard of `xdotool`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.shopkeeping import founded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="there is no X server to draw on (Debian: xvfb, xdotool)",
)
_PATIENCE_SECONDS = 60


def until(asked: Callable[[], str]) -> str:
    """What `asked` answers once it answers anything."""
    last = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < last:
        answer = asked()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not happen")


class Screen:
    """An X server of its own."""

    def __init__(self, folder: Path) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = f":{pipe.readline().strip()}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "DISPLAY": self.display,
            "HATKHATA_HOME": str(folder),
        }

    def do(self, *arguments: str) -> str:
        """One command of xdotool; what it says."""
        done = subprocess.run(
            ["xdotool", *arguments], capture_output=True, text=True, env=self.environ, check=False
        )
        return done.stdout.strip()

    def close(self) -> None:
        """Switch it off."""
        self._server.terminate()
        self._server.wait(30)


class Program:
    """The window, running."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.process = subprocess.Popen([sys.executable, "-m", "ui.app"], env=screen.environ)
        self.pressed = 0
        name = until(lambda: screen.do("search", "--onlyvisible", "--name", "হাটখাতা")).splitlines()[0]
        screen.do("windowfocus", "--sync", name)

    def type(self, text: str) -> None:
        """Letters, one after the other, as slowly as a hand."""
        self.pressed += len(text)
        self._screen.do("type", "--delay", "120", text)

    def press(self, *keys: str) -> None:
        """Keys by X's names."""
        for key in keys:
            self.pressed += 1
            self._screen.do("key", "--delay", "120", key)
            time.sleep(0.25)  # a person looks up before the next one

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen for a filled shop."""
    home = tmp_path / "shop"
    founded(home)
    screen = Screen(home)
    yield screen
    screen.close()


def listed(screen: Screen) -> list[dict[str, object]]:
    """What `order list` says."""
    command = [sys.executable, "-m", "ui.app", "order", "list", "--json"]
    answer = subprocess.run(command, capture_output=True, check=True, env=screen.environ)
    orders: list[dict[str, object]] = json.loads(answer.stdout)["orders"]
    return orders


def drafts(home: str) -> str:
    """The cart that is kept, empty if none is."""
    with sqlite3.connect(f"file:{home}/shop.db?mode=ro", uri=True) as connection:
        row = connection.execute("SELECT body FROM draft WHERE state = 'cart'").fetchone()
    connection.close()
    return str(row[0]) if row else ""


def test_three_items_in_fifteen_keys_and_the_cart_is_back_after_a_kill(screen: Screen) -> None:
    home = screen.environ["HATKHATA_HOME"]
    program = Program(screen)
    program.type("mo")
    program.press("Return")
    program.type("2*sa")
    program.press("Return")
    program.type("ba")
    program.press("Return", "Return", "F9", "F9")
    assert program.pressed <= 15
    order = until(lambda: json.dumps(listed(screen)[:1]) if listed(screen) else "")
    assert json.loads(order)[0]["due"] == "0.00"
    program.type("mo")
    program.press("Return")
    before = until(lambda: drafts(home))
    program.kill()
    program = Program(screen)
    assert until(lambda: drafts(home)) == before
    program.press("F9", "F9")
    until(lambda: "two" if len(listed(screen)) == 2 else "")
    program.kill()
