"""What the organiser says to all shops: days of the hat calendar and notices, as they come with the sync."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from pos.protocol.messages import GlobalRow, HatBody
from pos.store.inbox import TAKEN_IN
from pos.store.prepared import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_NO_DAY = "DELETE FROM hat_day WHERE source = 'organiser' AND hat_on = ?"
_DAY = """INSERT INTO hat_day (source, hat_on, kind, opens_min, closes_min, ordinal, reason)
          VALUES ('organiser', ?, ?, ?, ?, ?, ?)"""
_NO_NOTICE = "DELETE FROM notice WHERE id = ?"
_NOTICE = "INSERT INTO notice (id, seq, body) VALUES (?, ?, ?)"

_hat = msgspec.json.Decoder(HatBody)


def take_organiser(connection: Connection, rows: Sequence[GlobalRow]) -> None:
    """Write these days and notices over what there is of them; what was taken back goes.

    A row that this release cannot read is passed over: it is one of a later release.
    """
    if not rows:
        return
    for row in sorted(rows, key=lambda one: one.seq):
        if row.t == "notice":
            many(connection, _NO_NOTICE, [(row.pk,)])
            if not row.gone:
                many(connection, _NOTICE, [(row.pk, row.seq, bytes(row.body).decode())])
            continue
        with suppress(ValueError):
            day = dt.date.fromisoformat(row.pk).isoformat()
            hat = _hat.decode(row.body)
            many(connection, _NO_DAY, [(day,)])
            if not row.gone:
                many(connection, _DAY, [(day, hat.kind, hat.opens, hat.closes, hat.ordinal, hat.reason)])
    connection.info[TAKEN_IN] = True
