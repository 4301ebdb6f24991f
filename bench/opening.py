"""One window in a process of its own: `python -m bench.opening bare` or `… HOME [keys]`; prints JSON lines.

The first line comes when the page is painted with what it shows and can be typed into, the second when the shop behind
it is open and has answered; the third says what memory that took. With
`keys` a fourth one gives the milliseconds from each key to the painted results, and the longest that the
event loop was held up.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLineEdit, QWidget

_QUERIES = ("modhu", "shari", "khejur gur", "ghee", "punjabi", "মধু", "শাড়ি", "kurti", "chal", "soap")


def main() -> None:
    """Open what was asked for."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_QPA_UPDATE_IDLE_TIME"] = (
        "0"  # Qt's own wait of 5 ms before it draws is not ours to shorten
    )
    if sys.argv[1] == "bare":
        _bare()
    else:
        _ours(Path(sys.argv[1]), keys="keys" in sys.argv[2:])
    sys.stdout.flush()
    os._exit(0)


def _bare() -> None:
    from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

    application = QApplication([])
    application.setStyle("Fusion")
    window = QWidget()
    edit = QLineEdit()
    QVBoxLayout(window).addWidget(edit)
    window.resize(1366, 768)
    window.show()
    edit.setFocus()
    _painted(window)
    _say({"ready": True})
    _say({"memory_mb": _memory_mb()})


def _ours(home: Path, *, keys: bool) -> None:
    """As `ui.app.run` opens it."""
    from pos.domain.times import SystemClock
    from pos.paths import ShopPaths
    from ui.app import enter, make_application, open_behind, threshold

    paths = ShopPaths(home)
    make_application()
    shell, shop = threshold(paths, SystemClock())
    _painted(shell)
    assert shell.presenters.sell.favourites, "the first page is to show what it has"
    _say({"stands": True})
    shell.tasks.wait(lambda: open_behind(shop))
    enter(shell, shop)
    shell.start()
    _painted(shell)
    _say({"ready": True})
    _say({"memory_mb": _memory_mb()})
    if keys:
        _say(_typed(shell.pages["sell"].search.edit, shell))  # type: ignore[attr-defined]
    shell.close()
    shop.close()


def _typed(edit: QLineEdit, window: QWidget) -> dict[str, Any]:
    """Each key of each query, as an input method or a keyboard gives it, until its results are painted."""
    from PySide6.QtGui import QInputMethodEvent
    from PySide6.QtWidgets import QApplication

    frames = _frames(window)
    taken: list[float] = []
    for turn in range(2):  # the first turn warms what stays warm in a shop
        for query in _QUERIES:
            edit.clear()
            edit.textEdited.emit("")
            _painted(window)
            for char in query:
                event = QInputMethodEvent()
                event.setCommitString(char)
                before = frames()
                start = time.perf_counter()
                QApplication.sendEvent(edit, event)
                while frames() == before:
                    QApplication.processEvents()
                if turn:
                    taken.append((time.perf_counter() - start) * 1000)
    return {"keys_ms": taken, "longest_ms": max(taken)}


def _frames(window: QWidget) -> Callable[[], int]:
    """How many times the window has been brought to the screen, whatever of it had changed."""
    from PySide6.QtCore import QEvent, QObject

    class Seen(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
            """Qt draws what has changed in answer to one event a frame."""
            self.count += event.type() == QEvent.Type.UpdateRequest
            return False

    seen = Seen(window)
    window.installEventFilter(seen)
    return lambda: seen.count


def _painted(window: QWidget) -> None:
    """Return once everything that is due has been drawn: the last rounds of events have painted nothing more."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    class Seen(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
            """Qt draws the first time by exposing, then by update requests."""
            self.count += event.type() in drawing
            return False

    drawing = {QEvent.Type.Paint, QEvent.Type.UpdateRequest}
    seen = Seen()
    window.installEventFilter(seen)
    before, quiet = 0, 0
    while quiet < 3:
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        quiet = quiet + 1 if seen.count == before else 0
        before = seen.count
    window.removeEventFilter(seen)


def _memory_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
