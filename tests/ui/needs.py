"""What presenters are given where there is no window: work done at once or held back, an ear, a spool."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pos.errors import EnvironmentFault, PosError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class AtOnce:
    """Work that is done where it is asked for."""

    def read(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Any = None) -> None:
        try:
            result = work()
        except PosError as error:
            failed(error)
        else:
            done(result)

    def write(self, work: Callable[[], Any], done: Any = None, failed: Any = None) -> None:
        self.read(work, done, failed)

    def later(self, name: str, ms: int, work: Callable[[], None]) -> None:
        raise AssertionError(name, ms, work)


class Held(AtOnce):
    """Work that waits until it is let go."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def read(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Any = None) -> None:
        self.waiting.append(lambda: AtOnce.read(self, work, done, failed))

    def let_go(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


@dataclass
class Said:
    """What the vendor is told."""

    toasts: list[str] = field(default_factory=list)
    troubles: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    actions: list[Any] = field(default_factory=list)

    def toast(self, text: str, word: str = "", key: str = "", action: Any = None) -> None:
        self.toasts.append(text)
        if action is not None:
            self.actions.append((word, key, action))

    def trouble(self, about: str, title: str, detail: str = "", word: str = "", action: Any = None) -> None:
        self.troubles[about] = (title, detail, word)
        self.actions.append(action)

    def clear(self, about: str) -> None:
        self.troubles.pop(about, None)


@dataclass
class Spool:
    """A system's printer that keeps what it is given, or is not there."""

    missing: bool = False
    jobs: list[tuple[bytes, str, str]] = field(default_factory=list)

    def printers(self) -> list[str]:
        return [] if self.missing else ["XP-80"]

    def print_pdf(self, pdf: bytes, printer: str, title: str) -> None:
        if self.missing:
            raise EnvironmentFault("printer_missing", printer=printer)
        self.jobs.append((pdf, printer, title))
