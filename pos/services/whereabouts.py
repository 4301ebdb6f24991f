"""How far an order has come: saved on this computer, in a backup, on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pos.domain.numbering import parse_number
from pos.errors import UserError
from pos.store import outbox, sales
from pos.store.link import read_link

if TYPE_CHECKING:
    from pos.services.backups import Backups
    from pos.services.desk import Desk

OnServer = Literal["alone", "waiting", "there", "held"]


class Whereabouts(msgspec.Struct, frozen=True):
    """Where an order is, with everything that was done to it.

    `backed_up` is None where another device took it: when it came here, no backup tells. `server` is ``alone``
    where the shop is paired with no server, ``held`` where the server keeps a part of it aside.
    """

    backed_up: bool | None
    server: OnServer


def whereabouts(desk: Desk, backups: Backups, number: str) -> Whereabouts:
    """Where the order of this number is.

    Raises:
        UserError: ``order_unknown``, ``order_number_unclear``.
    """
    level = backups.covers()
    with desk.store.read() as connection:
        row = sales.order_row_by_number(connection, str(parse_number(number)))
        if row is None:
            raise UserError("order_unknown", number=number)
        link = read_link(connection)
        said = outbox.said_of_order(connection, row.id)
    own = [one for one in said if one.n is not None]
    backed_up = max(one.n for one in own) <= level if own else None
    if link is None:
        return Whereabouts(backed_up, "alone")
    if any(one.n > link.ack_n for one in own):
        return Whereabouts(backed_up, "waiting")
    held = any(one.state == outbox.HELD for one in own)
    return Whereabouts(backed_up, "held" if held else "there")
