"""What can go wrong, sorted by who can mend it.

An error carries a code and values, never a sentence: the sentence, in the vendor's language, is made from
them by `pos.l10n.sentences`. A test walks every code in both languages.
"""

from __future__ import annotations

from typing import Self


class PosError(Exception):
    """Base of every error that this project raises on purpose.

    Attributes:
        code: a stable name such as ``sku_unknown``.
        params: values for the sentence; plain str, int, or list of these, ready for JSON.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class UserError(PosError):
    """The vendor can mend it: a wrong code, a missing amount, a name that is too long. Exit 1."""

    def at_line(self, line: int) -> Self:
        """The same, said of one line of an order; the first is 1."""
        return type(self)(self.code, **{**self.params, "line": line})


class ConflictError(UserError):
    """What was asked no longer fits what is there, for example paying a cancelled order. Exit 1."""


class EnvironmentFault(PosError):
    """Disk, lock, printer or network: nothing is wrong with what was asked. Exit 3."""


class BugError(PosError):
    """A rule of ours was broken from inside. Nothing was written."""
