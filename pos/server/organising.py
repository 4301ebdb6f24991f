"""What an organiser says to every vendor, as JSON: the shapes, and the acts behind command and API alike."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from pos.domain.hats import parse_clock, parse_day
from pos.domain.text import fold_digits
from pos.domain.times import DHAKA, iso, to_ms
from pos.errors import UserError

if TYPE_CHECKING:
    from pos.server.office import HatView, NoticeView, Office

HIGHEST_ORDINAL = 1_000_000
_YEARS = range(2000, 2100)  # every laptop reckons with these days, also with the one after
_Ordinal = Annotated[int, msgspec.Meta(ge=1, le=HIGHEST_ORDINAL)]


class HatChange(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What becomes of a day.

    Attributes:
        kind: ``added``: there is a hat, or the rule's hat has other hours; ``cancelled``: there is none.
        opens: as 10:00; the rule's hour where it is left out.
        ordinal: which hat it is.
        reason: why it is cancelled; vendors see it.

    Raises:
        ValueError: hours or an ordinal for a hat that is cancelled, or a reason for one that is held.
    """

    kind: Literal["added", "cancelled"]
    opens: str | None = None
    closes: str | None = None
    ordinal: _Ordinal | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """What would be passed over is refused."""
        held = (self.opens, self.closes, self.ordinal) != (None, None, None)
        if held if self.kind == "cancelled" else self.reason:
            raise ValueError(self.kind)


class HatEntry(msgspec.Struct, frozen=True):
    """A day that is not as the weekly rule has it."""

    date: str
    kind: str
    opens: str | None
    closes: str | None
    ordinal: int | None
    reason: str


class HatList(msgspec.Struct, frozen=True):
    """Every such day, by date."""

    hats: list[HatEntry]


class HatCleared(msgspec.Struct, frozen=True):
    """The date that is as the weekly rule has it again."""

    cleared: str


class NoticeText(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What every vendor is to be told.

    Attributes:
        hat: the date of the hat that it is about.
        until: the last day on which it is shown.
    """

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    kind: Literal["news", "warning"] = "news"
    hat: str | None = None
    until: str | None = None


class NoticeEntry(msgspec.Struct, frozen=True):
    """A notice; its times as ISO 8601, `until` the moment at which it ends."""

    id: str
    title: str
    text: str
    title_en: str
    text_en: str
    kind: str
    hat: str | None
    written_at: str
    until: str | None
    withdrawn: bool


class NoticeList(msgspec.Struct, frozen=True):
    """Every notice, newest first."""

    notices: list[NoticeEntry]


class NoticeWithdrawn(msgspec.Struct, frozen=True):
    """The identity of the notice that was taken back."""

    withdrawn: str


# ---- acts ------------------------------------------------------------------------------------------------


def hats(office: Office) -> HatList:
    """Every day that is not as the weekly rule has it."""
    return HatList([_hat(view) for view in office.hats()])


def set_hat(office: Office, date: str, change: HatChange) -> HatEntry:
    """Hold a hat on a day, give it other hours, or cancel it.

    Raises:
        UserError: ``date_unclear``, ``clock_time_unclear``, ``hat_hours_unclear`` and what the rule of texts raises.
    """
    day = _day(date)
    if change.kind == "cancelled":
        return _hat(office.cancel_hat(day, change.reason))
    opens, closes = _minutes(change.opens), _minutes(change.closes)
    return _hat(office.add_hat(day, opens_min=opens, closes_min=closes, ordinal=change.ordinal))


def clear_hat(office: Office, date: str) -> HatCleared:
    """Let a day be as the weekly rule has it.

    Raises:
        UserError: ``date_unclear``.
        ConflictError: ``hat_not_there``.
    """
    day = _day(date)
    office.clear_hat(day)
    return HatCleared(day.isoformat())


def notices(office: Office) -> NoticeList:
    """Every notice, newest first, withdrawn ones too."""
    return NoticeList([_notice(view) for view in office.notices()])


def write_notice(office: Office, said: NoticeText) -> NoticeEntry:
    """Tell every vendor something.

    Raises:
        UserError: ``date_unclear`` and what the rules of text raise.
    """
    return _notice(
        office.write_notice(
            said.title,
            said.text,
            title_en=said.title_en,
            text_en=said.text_en,
            kind=said.kind,
            hat=_day(said.hat) if said.hat else None,
            until_ms=_end_of(_day(said.until)) if said.until else None,
        )
    )


def withdraw_notice(office: Office, identity: str) -> NoticeWithdrawn:
    """Take a notice back.

    Raises:
        UserError: ``notice_id_unclear``, ``notice_unknown``.
    """
    try:
        found = uuid.UUID(hex=identity)
    except ValueError:
        raise UserError("notice_id_unclear") from None
    office.withdraw_notice(found)
    return NoticeWithdrawn(found.hex)


# ---- as it is written ------------------------------------------------------------------------------------


def _hat(view: HatView) -> HatEntry:
    opens, closes = _clock(view.opens_min), _clock(view.closes_min)
    return HatEntry(view.on.isoformat(), view.kind, opens, closes, view.ordinal, view.reason)


def _notice(view: NoticeView) -> NoticeEntry:
    body = view.body
    return NoticeEntry(
        view.notice_id.hex,
        body.title,
        body.text,
        body.title_en,
        body.text_en,
        body.kind,
        body.hat,
        iso(view.made_at_ms),
        None if body.until_ms is None else iso(body.until_ms),
        view.gone,
    )


def _day(text: str) -> dt.date:
    day = parse_day(fold_digits(text))
    if day.year not in _YEARS:
        raise UserError("date_unclear", text=text)
    return day


def _minutes(text: str | None) -> int | None:
    return None if text is None else parse_clock(fold_digits(text))


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _end_of(day: dt.date) -> int:
    return to_ms(dt.datetime.combine(day, dt.time(), DHAKA) + dt.timedelta(1))
