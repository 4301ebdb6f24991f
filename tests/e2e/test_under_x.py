"""The real program on a real X server, driven by the keyboard of `xdotool`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="there is no X server to draw on (Debian: xvfb, xdotool)",
)
_PATIENCE_SECONDS = 60
_QUICK_HAND_MS = "70"  # from letter to letter; what comes faster than 50 is taken for a scanner
_SHOP = "Rupkotha Ghor"


def until(asked: Callable[[], str]) -> str:
    """What `asked` answers once it answers anything."""
    last = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < last:
        answer = asked()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError("it did not happen")


class Screen:
    """An X server of its own, and a keyboard at it."""

    def __init__(self, home: Path) -> None:
        read, write = os.pipe()
        # Without -noreset the server begins anew whenever its last client leaves, which may be `xdotool`, and
        # drops whoever connects meanwhile, which may be the program.
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            display = f":{pipe.readline().strip()}"
        self.home = home
        self.environ = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "DISPLAY": display,
            "HATKHATA_HOME": str(home),
        }
        self.pressed = 0

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], capture_output=True, text=True, env=self.environ, check=False
        )
        return done.stdout.strip()

    def face(self, title: str) -> None:
        """Wait for the window with this in its title; from now on the keys are its."""
        window = until(lambda: self._do("search", "--onlyvisible", "--name", title)).splitlines()[0]
        self._do("windowfocus", "--sync", window)
        self.pressed = 0

    def type(self, text: str) -> None:
        """Letters, one after the other, as quickly as a hand can."""
        self.pressed += len(text)
        self._do("type", "--delay", _QUICK_HAND_MS, text)

    def press(self, *keys: str) -> None:
        """Keys by X's names."""
        self.pressed += len(keys)
        self._do("key", "--delay", _QUICK_HAND_MS, *keys)

    def close(self) -> None:
        """Switch it off."""
        self._server.terminate()
        self._server.wait(30)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen, and a home in which nothing is yet."""
    screen = Screen(tmp_path / "shop")
    yield screen
    screen.close()


@contextmanager
def program(screen: Screen, end: signal.Signals = signal.SIGKILL) -> Iterator[None]:
    """The window runs; at the end its power is cut, or it is asked to go."""
    process = subprocess.Popen([sys.executable, "-m", "ui.app"], env=screen.environ)
    try:
        yield
        assert process.poll() is None
    finally:
        process.send_signal(end)
        code = process.wait(30)
    assert code == (0 if end == signal.SIGTERM else -end)


class Printer:
    """A receipt printer on the network: takes what comes, one connection a paper."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.papers: list[int] = []  # of each, how many bytes came
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            paper = 0
            with connection:
                while data := connection.recv(65_536):
                    paper += len(data)
            self.papers.append(paper)

    def close(self) -> None:
        """Pull its plug."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._listener.join(30)


def said(screen: Screen, *command: str) -> dict[str, Any]:
    """What the command line says."""
    line = [sys.executable, "-m", "ui.app", *command, "--json"]
    answer = subprocess.run(line, capture_output=True, check=True, env=screen.environ)
    heard: dict[str, Any] = json.loads(answer.stdout)
    return heard


def asked(screen: Screen, sql: str) -> str:
    """One value out of the shop's database; empty where there is none."""
    with closing(sqlite3.connect(f"file:{screen.home}/shop.db?mode=ro", uri=True)) as connection:
        row = connection.execute(sql).fetchone()
    return str(row[0]) if row and row[0] else ""


def cart(screen: Screen) -> str:
    """The cart that is kept."""
    return asked(screen, "SELECT body FROM draft WHERE state = 'cart'")


def at_step(screen: Screen, step: int) -> None:
    """Wait until the wizard asks for this."""
    kept = screen.home / "first-run.json"
    until(lambda: "yes" if kept.exists() and json.loads(kept.read_bytes())["step"] == step else "")


def found(screen: Screen, printer: Printer) -> None:
    """Through the wizard: a name, a phone, the sample goods, a printer."""
    screen.face("শুরু করি")
    screen.press("Return")
    screen.type(_SHOP)
    screen.press("Tab")
    screen.type("01733456789")
    screen.press("Return")
    at_step(screen, 3)
    screen.press("Right", "Return")
    at_step(screen, 4)
    screen.press("Right", "Tab")
    screen.type(printer.address)
    screen.press("Return", "Return")


def test_from_an_empty_home_to_three_items_in_fifteen_keys_and_the_cart_is_back_after_a_kill(
    screen: Screen,
) -> None:
    with closing(Printer()) as printer:
        with program(screen):
            found(screen, printer)
            screen.face(_SHOP)
            screen.type("lo")
            screen.press("Return")
            screen.type("2*dal")
            screen.press("Return")
            screen.type("gu")
            screen.press("Return", "F9", "F9")
            assert screen.pressed <= 15
            until(lambda: "a receipt" if any(printer.papers) else "")
            screen.type("modhu")
            screen.press("Return")
            before = until(lambda: cart(screen))
        (order,) = said(screen, "order", "list")["orders"]
        assert (order["total"], order["due"]) == ("1470.00", "0.00")
        lines = said(screen, "order", "show", order["number"])["lines"]
        assert [(line["name"], line["qty"]) for line in lines] == [
            ("লইট্টা শুঁটকি", "1"), ("মাষকলাই ডাল", "2"), ("আখের গুড়", "1"),
        ]  # fmt: skip
        backups = set((screen.home / "backups").iterdir())
        with program(screen, signal.SIGTERM):
            screen.face(_SHOP)
            assert cart(screen) == before
            screen.press("F9", "F9")
            until(lambda: asked(screen, "SELECT count(*) = 2 FROM orders"))
    newest, _ = said(screen, "order", "list")["orders"]
    assert (newest["total"], newest["due"]) == ("1000.00", "0.00")
    assert set((screen.home / "backups").iterdir()) > backups, (
        "whoever ends the session gets the last backup too"
    )
