"""What a laptop needs to be paired, in one text: the link that a QR holds, that is pasted and that a scanner types."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pos.domain.text import SHOWN_LIMIT, drop_marks, fold_digits
from pos.errors import UserError

_BEGINNING: Final = "hatkhata:"
# The address comes last and runs to the end, so nothing in it has to be escaped, and no shell sees a sign of its own.
# Capitals are as good as small letters: a scanner types what the caps lock makes of them.
_FORM: Final = re.compile(r"hatkhata://pair/([^/\s]+)/(\S+)", re.IGNORECASE)


class PairingLink(NamedTuple):
    """What is in it, neither of them looked at yet."""

    server: str
    code: str


def pairing_link(server: str, code: str) -> str:
    """The link that leads to a server with a code."""
    return f"hatkhata://pair/{code}/{server}"


def read_pairing_link(text: str) -> PairingLink | None:
    """What a link says; None for what is none of ours, such as an address or a code alone.

    Raises:
        UserError: ``pairing_link_unclear``: it begins like one, and is broken off or for something else.
    """
    text = fold_digits(drop_marks(text)).strip()
    if not text.casefold().startswith(_BEGINNING):
        return None
    found = _FORM.fullmatch(text)
    if found is None:
        raise UserError("pairing_link_unclear", text=text[:SHOWN_LIMIT])
    return PairingLink(server=found[2], code=found[1])
