"""What the organiser has to say to all shops, as it came with the last sync; it is read without a line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import msgspec
from sqlalchemy import select

from pos.protocol.messages import NoticeBody
from pos.store import tables as t

if TYPE_CHECKING:
    from pos.services.desk import Desk

_body = msgspec.json.Decoder(NoticeBody)


class NoticeView(msgspec.Struct, frozen=True):
    """One notice that holds now; the English may be empty. `hat` is the market day it is about."""

    id: str
    title_bn: str
    title_en: str
    text_bn: str
    text_en: str
    kind: Literal["news", "warning"]
    hat: dt.date | None
    from_ms: int


def notices(desk: Desk) -> list[NoticeView]:
    """The notices that hold at this moment, warnings first, then the latest."""
    now_ms = desk.clock.now_ms()
    with desk.store.read() as connection:
        rows = connection.execute(select(t.notice.c.id, t.notice.c.body)).all()
    found = [(row.id, _read(row.body)) for row in rows]
    held = [
        NoticeView(one, b.title, b.title_en, b.text, b.text_en, b.kind, _day(b.hat), b.from_ms)
        for one, b in found
        if b is not None and b.from_ms <= now_ms and (b.until_ms is None or now_ms < b.until_ms)
    ]
    return sorted(held, key=lambda n: (n.kind != "warning", -n.from_ms, n.id))


def _read(body: str) -> NoticeBody | None:
    """A notice as this release knows it; one of a later release may have another form."""
    try:
        return _body.decode(body)
    except msgspec.MsgspecError:
        return None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
