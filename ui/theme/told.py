"""What can be said to the vendor as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Told(Protocol):
    """An error by its code and values: a PosError, or one that a quote has found."""

    @property
    def code(self) -> str:
        """Which."""

    @property
    def params(self) -> Mapping[str, Any]:
        """With which values."""
