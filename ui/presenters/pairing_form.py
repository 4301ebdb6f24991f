"""The two fields with which a shop is paired: what is wrong with one, and which of them an error is about.

Either may be given a whole link, pasted or scanned, which holds what belongs into both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pos.domain.pairing_link import read_pairing_link
from pos.errors import UserError

if TYPE_CHECKING:
    from pos.domain.pairing_link import PairingLink
    from pos.errors import PosError

PairField = Literal["server", "code"]
PAIR_FIELDS: Final[tuple[PairField, ...]] = ("server", "code")
_ABOUT_SERVER: Final = frozenset({"server_address_unclear", "server_not_secure"})


def link_in(text: str) -> PairingLink | None:
    """The link that a field holds; None where it holds none, or a broken one."""
    try:
        return read_pairing_link(text)
    except UserError:
        return None


def pairing_fault(field: PairField, text: str) -> UserError | None:
    """What is wrong with what was typed; None where it will do."""
    from pos.sync.pairing import tidy_code
    from pos.sync.transport import server_address

    try:
        read_pairing_link(text)
        if field == "server":
            server_address(text)
        else:
            tidy_code(text)
    except UserError as error:
        return error
    return None


def field_of(error: PosError) -> PairField | None:
    """Which field an error of pairing is about; None where it is neither."""
    if error.code.startswith("pairing_code"):
        return "code"
    return "server" if error.code in _ABOUT_SERVER else None
