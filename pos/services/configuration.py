"""Settings of the shop and of the device, and the hat calendar's exceptions."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import Connection, select

from pos.domain.hats import Hat, parse_clock, parse_day
from pos.domain.money import parse_money, plain_money
from pos.domain.phones import parse_phone
from pos.domain.text import clean, clean_name, fold_digits
from pos.domain.times import dhaka_day
from pos.errors import ConflictError, UserError
from pos.l10n import Locale, locale_of
from pos.services.desk import Desk, calendar_of
from pos.services.views import ShopView
from pos.settings import SETTINGS, Value, setting
from pos.store import tables as t
from pos.store.oplog import Act
from pos.store.refold import writer_of

_PAST_HATS_DAYS = 14
_COMING_HATS_DAYS = 42


class Configuration:
    """Reads and changes settings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def all(self) -> dict[str, Value]:
        """Every setting with its value."""
        with self._desk.store.read() as connection:
            return self._desk.shop_settings(connection) | self._desk.device.all()

    def get(self, key: str) -> Value:
        """One setting's value.

        Raises:
            UserError: ``setting_unknown``.
        """
        setting(key)
        return self.all()[key]

    def locale(self) -> Locale:
        """How to speak on this device."""
        return locale_of(self._desk.device.all())

    def shop(self) -> ShopView:
        """The shop as it stands at the head of its papers."""
        with self._desk.store.read() as connection:
            values = self._desk.shop_settings(connection)
        return ShopView(
            name=str(values["shop.name"]),
            phone=str(values["shop.phone"]),
            trade=str(values["shop.trade"]),
            address=str(values["shop.address"]),
            district=str(values["shop.district"]),
            page=str(values["shop.page"]),
            complaint_days=int(values["shop.complaint_days"]),
        )

    def put(self, key: str, text: str) -> Value:
        """Change one setting; what was stored comes back.

        Raises:
            UserError: ``setting_unknown``, ``setting_choice``, ``setting_number``, ``hat_hours_unclear`` and what
                text rules raise.
        """
        item = setting(key)
        value = _checked(key, clean(text, field=key, limit=500))
        if item.scope == "device":
            self._desk.device.put(key, value)
            return value
        with self._desk.store.write() as unit:
            if key in ("hat.opens", "hat.closes"):
                _refuse_hours(self._desk.shop_settings(unit.connection) | {key: value})
            unit.record(setting_act(self._desk, key, value, _over(unit.connection, key)))
            self._desk.rules_changed(unit)
        return value

    # ---- hats ----------------------------------------------------------------------------------------

    def hats(self) -> list[Hat]:
        """The hats of the last fortnight and the next six weeks, and what was added or cancelled after them."""
        with self._desk.store.read() as connection:
            calendar = self._desk.rules(connection).calendar
        today = dhaka_day(self._desk.clock.now_ms())
        last = today + dt.timedelta(_COMING_HATS_DAYS)
        later = (calendar.on(day) for day in calendar.exceptional_days() if day > last)
        return [
            *calendar.between(today - dt.timedelta(_PAST_HATS_DAYS), last),
            *(hat for hat in later if hat is not None),
        ]

    def add_hat(
        self, day: dt.date, *, opens: str | None = None, closes: str | None = None, ordinal: int | None = None
    ) -> Hat:
        """Hold a hat on this day, or give the rule's hat other hours.

        Raises:
            UserError: ``clock_time_unclear``, ``hat_hours_unclear``.
            ConflictError: ``hat_there_already`` when nothing would change.
        """
        with self._desk.store.write() as unit:
            values = self._desk.shop_settings(unit.connection)
            rule = (parse_clock(str(values["hat.opens"])), parse_clock(str(values["hat.closes"])))
            start = parse_clock(fold_digits(opens)) if opens else rule[0]
            end = parse_clock(fold_digits(closes)) if closes else rule[1]
            if end <= start:
                raise UserError("hat_hours_unclear")
            present = calendar_of(values, unit.connection).on(day)
            if (
                present is not None
                and not present.cancelled
                and opens is None
                and closes is None
                and ordinal is None
            ):
                raise ConflictError("hat_there_already", date=day.isoformat())
            unit.record(self._hat_act(unit.connection, day, "added", start, end, ordinal))
            self._desk.rules_changed(unit)
            hat = calendar_of(values, unit.connection).on(day)
        assert hat is not None
        return hat

    def cancel_hat(self, day: dt.date) -> Hat:
        """There is no hat on this day.

        Raises:
            ConflictError: ``hat_not_there``, ``hat_cancelled_already``.
        """
        with self._desk.store.write() as unit:
            values = self._desk.shop_settings(unit.connection)
            present = calendar_of(values, unit.connection).on(day)
            if present is None:
                raise ConflictError("hat_not_there", date=day.isoformat())
            if present.cancelled:
                raise ConflictError("hat_cancelled_already", date=day.isoformat())
            unit.record(self._hat_act(unit.connection, day, "cancelled", None, None, None))
            self._desk.rules_changed(unit)
            hat = calendar_of(values, unit.connection).on(day)
        assert hat is not None
        return hat

    def _hat_act(
        self,
        connection: Connection,
        day: dt.date,
        kind: str,
        opens: int | None,
        closes: int | None,
        ordinal: int | None,
    ) -> Act:
        key = day.isoformat().encode()
        # Also where the row is gone, since the day was given back to the week, somebody wrote that.
        seen = writer_of(connection, "hat", key, "day")
        body = {
            "by": self._desk.by,
            "source": "vendor",
            "on": day.isoformat(),
            "kind": kind,
            "opens": opens,
            "closes": closes,
            "ordinal": ordinal,
            "over": {"day": None if seen is None else seen.hex()},
        }
        return Act("hat.set", "hat", key, body)


def setting_act(desk: Desk, key: str, value: Value, over: dict[str, str | None]) -> Act:
    """The operation that changes a setting; `over` names the operation whose value was seen."""
    return Act(
        "setting.set", "setting", key.encode(), {"by": desk.by, "key": key, "value": value, "over": over}
    )


def _over(connection: Connection, key: str) -> dict[str, str | None]:
    fv = connection.execute(select(t.setting.c.fv).where(t.setting.c.key == key)).scalar()
    return {"value": json.loads(fv)["*"] if fv else None}


def _refuse_hours(values: dict[str, Value]) -> None:
    """A hat that closes before it opens would never be held."""
    if parse_clock(str(values["hat.closes"])) <= parse_clock(str(values["hat.opens"])):
        raise UserError("hat_hours_unclear")


def _checked(key: str, text: str) -> Value:
    """What to store for what was typed."""
    if key == "shop.name":
        return clean_name(text, field=key)
    if key == "shop.phone":
        return parse_phone(text) if text else ""
    if key in ("hat.opens", "hat.closes"):
        minutes = parse_clock(fold_digits(text))
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if key == "hat.anchor":
        return _checked_anchor(fold_digits(text))
    if key in ("delivery.inside", "delivery.outside"):
        return plain_money(parse_money(text, field=key)).removesuffix(".00")
    if key == "sell.favourites":
        return " ".join(dict.fromkeys(fold_digits(text).split()))
    return SETTINGS[key].check(text)


def _checked_anchor(text: str) -> str:
    if not text:
        return ""
    day, equals, number = text.partition("=")
    if not equals or not number.strip().isdecimal() or not 0 < int(number) < 100_000:
        raise UserError("hat_anchor_unclear", text=text)
    return f"{parse_day(day).isoformat()}={int(number)}"
