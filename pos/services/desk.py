"""What every service works with: the store, the clock, the device's settings and who stands at the counter."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, cast

import msgspec

from pos.domain.hats import HatCalendar, HatException, HatRule, Source, parse_clock
from pos.domain.ids import uuid7, uuid7_hex
from pos.errors import EnvironmentFault
from pos.settings import SETTINGS, WEEKDAYS, DeviceSettings, Value
from pos.store import facts

if TYPE_CHECKING:
    import uuid

    from pos.domain.pricing import Rounding
    from pos.domain.times import Clock
    from pos.services.views import OperatorView
    from pos.store.plain import Reading
    from pos.store.store import Store, WriteUnit


class Rules(msgspec.Struct, frozen=True):
    """The shop's settings as the trade needs them, read in one go."""

    calendar: HatCalendar
    rounding: Rounding
    refund_days: int


class Desk:
    """One shop, opened, with the operator who acts on it."""

    def __init__(self, store: Store, clock: Clock, device: DeviceSettings, operator: OperatorView) -> None:
        self.store = store
        self.clock = clock
        self.device = device
        self.operator = operator

    @property
    def by(self) -> str:
        """The operator's id as operations carry it."""
        return self.operator.id.hex

    def new_id(self, at_ms: int | None = None) -> uuid.UUID:
        """A new identity; inside a writing transaction `at_ms` is the time that the transaction carries."""
        return uuid7(self.clock.now_ms() if at_ms is None else at_ms)

    def new_hex(self, at_ms: int | None = None) -> str:
        """The same as operations carry it."""
        return uuid7_hex(self.clock.now_ms() if at_ms is None else at_ms)

    def shop_settings(self, connection: Reading) -> dict[str, Value]:
        """Every setting of the shop with its value."""
        values: dict[str, Value] = {s.key: s.default for s in SETTINGS.values() if s.scope == "shop"}
        for key, value in facts.settings(connection).items():
            if key in values:
                values[key] = _read_value(value)
        return values

    def shop_name(self) -> str:
        """What the shop is called."""
        with self.store.read() as connection:
            return str(self.shop_settings(connection)["shop.name"])

    def rules(self, connection: Reading) -> Rules:
        """The rules in force, as this connection sees them."""
        values = self.shop_settings(connection)
        return Rules(
            calendar_of(values, connection),
            cast("Rounding", values["money.rounding"]),
            int(values["refund.days"]),
        )

    def rules_for_sale(self, unit: WriteUnit) -> Rules:
        """The same inside a writing transaction, kept until somebody else writes: a sale asks every time."""
        if unit.kept.rules is None:
            unit.kept.rules = self.rules(unit.connection)
        rules: Rules = unit.kept.rules
        return rules

    def rules_changed(self, unit: WriteUnit) -> None:
        """This unit has written settings or hats itself."""
        unit.kept.rules = None


def _read_value(stored: str) -> Value:
    try:
        value: Value = json.loads(stored)
    except ValueError as error:
        raise EnvironmentFault("database_damaged") from error
    return value


def calendar_of(values: dict[str, Value], connection: Reading) -> HatCalendar:
    """The hat calendar of these settings and the stored exceptions."""
    weekdays = frozenset(WEEKDAYS.index(name) for name in str(values["hat.weekdays"]).split(",") if name)
    rule = HatRule(weekdays, parse_clock(str(values["hat.opens"])), parse_clock(str(values["hat.closes"])))
    exceptions = [
        HatException(
            on=row.hat_on,
            source=cast("Source", row.source),
            cancelled=row.kind == "cancelled",
            opens_min=row.opens_min,
            closes_min=row.closes_min,
            ordinal=row.ordinal,
            reason=row.reason or "",
        )
        for row in facts.hat_days(connection)
    ]
    return HatCalendar(rule, exceptions, parse_anchor(str(values["hat.anchor"])))


def parse_anchor(text: str) -> tuple[dt.date, int] | None:
    """``2026-11-24=261`` as a date and an ordinal; None for an empty text. Checked before it is stored."""
    if not text:
        return None
    day, _, number = text.partition("=")
    return dt.date.fromisoformat(day), int(number)
