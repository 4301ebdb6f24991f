"""An invariant that does not hold."""

from __future__ import annotations


class Broken(AssertionError):  # noqa: N818 - said of an invariant
    """An invariant does not hold."""

    def __init__(self, name: str, what: object) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name


def must(holds: object, name: str, what: object) -> None:
    """Raise unless it holds."""
    if not holds:
        raise Broken(name, what)
