"""What presenters are given: background work, notices, and a word when something has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

if TYPE_CHECKING:
    from ui.theme.told import Told


class Work(Protocol):
    """Background work (`ui.tasks.Tasks`)."""

    def write(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Any], None] | None = None,
    ) -> None:
        """Do something that writes, in its turn."""

    def read(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Any], None] | None = None,
    ) -> None:
        """Do something that reads for longer than a frame."""

    def later(self, name: str, ms: int, work: Callable[[], None]) -> None:
        """Call `work` in a while; asked again before, the while begins anew."""


class Notify(Protocol):
    """How the vendor is told (`ui.notices.Notices`)."""

    def toast(
        self, text: str, word: str = "", key: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Something was done."""

    def trouble(
        self,
        about: str,
        title: str,
        detail: str = "",
        word: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """Something went wrong: it stays until `clear`, with one button that mends it."""

    def clear(self, about: str) -> None:
        """A state is over."""


class Speech(Protocol):
    """The words and figures of the language (`ui.theme.look.Look`)."""

    def word(self, name: str, **params: object) -> str:
        """A word or line of the screen."""

    def sentence(self, error: Told) -> str:
        """What an error says to the vendor."""

    def either(self, bangla: str, english: str) -> str:
        """A name in the language of the screen."""

    def money(self, paisa: int) -> str:
        """An amount with the taka sign."""

    def digits(self, text: str | int) -> str:
        """A number as typed, in the script of the setting."""

    def phone(self, e164: str | None) -> str:
        """A phone number as people write it."""


class Watched:
    """Something that pages watch: they draw again when it says that it has changed.

    Attributes:
        look: the words it speaks in; another one when the language has changed.
    """

    look: Speech

    def __init__(self) -> None:
        self._watchers: list[Callable[[], None]] = []

    def watch(self, call: Callable[[], None]) -> None:
        """Call this whenever something has changed."""
        self._watchers.append(call)

    def unwatch(self, call: Callable[[], None]) -> None:
        """Stop calling it."""
        if call in self._watchers:
            self._watchers.remove(call)

    def changed(self) -> None:
        """Tell all that watch."""
        for call in tuple(self._watchers):
            call()
