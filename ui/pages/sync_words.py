"""What the Sync page says: spans of time, what an operation was, a disputed value, what the card reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from pos.l10n.dates import hat_name, long_date, long_weekday, spoken_hour
from pos.l10n.unit_names import method_name
from ui.pages.sync_bar import moment

if TYPE_CHECKING:
    from pos.services.conflicts import Dispute, SaidBy
    from pos.services.waiting import Goods, WaitingLine
    from ui.presenters.sync_state import Shown
    from ui.theme.look import Look

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_NOW_S: Final = 90

# kind of operation: its sign
_ICONS: Final = {
    "order": "shopping-cart", "payment": "cash", "stock": "packages", "product": "package", "variant": "package",
    "customer": "user-plus", "reservation": "player-pause", "setting": "settings", "hat": "calendar-event",
    "operator": "user", "shop": "building-store", "device": "device-laptop",
}  # fmt: skip
_MONEY: Final = frozenset({"price", "cost"})
_FLAGS: Final = frozenset({"archived", "fractions"})


def span(look: Look, ms: int) -> str:
    """How long: `৪১ মিনিট`."""
    seconds = max(1, ms // 1000)
    for name, unit in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
        if seconds >= unit:
            return look.word(f"span_{name}", n=seconds // unit)
    return look.word("span_seconds", n=seconds)


def ago(look: Look, at_ms: int, now_ms: int) -> str:
    """How long ago: `৪৩ মিনিট আগে`, `এইমাত্র`."""
    passed = now_ms - at_ms
    if passed < _NOW_S * 1000:
        return look.word("just_now")
    return look.word("span_ago", span=span(look, passed))


# ---- the card ----------------------------------------------------------------------------------------


def card_words(look: Look, shown: Shown, now_ms: int) -> tuple[str, str]:
    """Title and line of the card of state."""
    word, state = look.word, shown.state
    title = word(f"card_{state}", held=shown.held)
    if state in ("offline", "away"):
        sub = word(f"card_{state}_sub" if shown.waiting else f"card_{state}_none", waiting=shown.waiting)
    elif state == "trouble":
        sub = look.sentence(shown)
    else:
        sub = word(f"card_{state}_sub", held=shown.held, waiting=shown.waiting)
    if state == "fetching" and shown.remaining:
        sub = f"{sub} {word('n_to_come', remaining=shown.remaining)}"
    if shown.fault and shown.next_ms is not None and shown.next_ms > now_ms:
        seconds = (shown.next_ms - now_ms + 999) // 1000
        again = (
            word("try_in_s", seconds=seconds)
            if seconds < 2 * _MINUTE
            else word("try_in_min", minutes=seconds // _MINUTE)
        )
        sub = f"{sub} {again}"
    return title, sub


# ---- what waits --------------------------------------------------------------------------------------


def line_icon(line: WaitingLine) -> str:
    """The sign of an operation."""
    return _ICONS.get(line.kind.partition(".")[0], "info-circle")


def line_words(look: Look, line: WaitingLine) -> tuple[str, str]:
    """What an operation was, and the line under it."""
    word = look.word
    kind, _, step = line.kind.partition(".")
    doing = word_or(look, f"op_{kind}_{step}", word("op_other"))
    said: list[str] = []
    match kind:
        case "order":
            title = word("op_order", number=line.number)
            said += [doing, _money(look, line.amount_paisa)]
            title = " · ".join(part for part in (title, line.who) if part)
        case "payment":
            title = word("op_payment", sum_paisa=line.amount_paisa or 0)
            title = " · ".join(part for part in (title, line.number) if part)
            said.append(method_name(line.method, look.locale.lang) if line.method else "")
        case "stock" if line.goods is not None:
            title = word("op_stock", called=f"{_goods(look, line.goods)} {_signed(look, line)}")
            said.append(word_or(look, f"op_move_{line.detail}", line.detail))
            said.append(word("op_and_more", more=line.goods.more) if line.goods.more else "")
        case "reservation" if line.goods is not None:
            title = word("op_reservation", called=f"{_goods(look, line.goods)} {_signed(look, line)}".strip())
            said.append(doing)
        case "product" | "variant" if line.goods is not None:
            title = f"{doing} · {_goods(look, line.goods)}"
            said.append(_fields(look, line.detail) or _money(look, line.amount_paisa))
        case "customer":
            title = " · ".join(part for part in (doing, line.who) if part)
            said.append(line.place or _fields(look, line.detail))
        case "operator":
            title = " · ".join(part for part in (doing, line.who) if part)
        case "setting":
            title = word("op_setting", called=setting_name(look, line.detail))
        case "hat":
            title = doing
            said.append(_day(look, line.detail))
        case _:
            title, said = doing, [line.detail]
    said.append(line.operator)
    return title, " · ".join(part for part in said if part)


def word_or(look: Look, name: str, other: str) -> str:
    """A word of the screen, or another text where there is none of that name."""
    return look.word_or(name, other)


def _money(look: Look, paisa: int | None) -> str:
    return look.money(paisa) if paisa is not None else ""


def _goods(look: Look, goods: Goods) -> str:
    name = look.either(goods.name_bn, goods.name_en)
    return f"{name} · {look.digits(goods.kind)}" if goods.kind else name


def _signed(look: Look, line: WaitingLine) -> str:
    if line.qty_milli is None or line.goods is None:
        return ""
    unit = line.goods.unit if line.goods.unit not in ("pcs", "piece") else None
    sign = "+" if line.qty_milli > 0 and line.kind == "stock.moved" else ""
    return f"{sign}{look.quantity(line.qty_milli, unit)}"


def _fields(look: Look, names: str) -> str:
    return ", ".join(field_name(look, name) for name in names.split(",") if name)


def field_name(look: Look, name: str) -> str:
    """What a field of a record is called."""
    return look.word_or(f"conflict_field_{name}", name)


def setting_name(look: Look, key: str) -> str:
    """What a setting is called."""
    return look.word("setting_called", field=key)


# ---- what is to be decided -----------------------------------------------------------------------------


def dispute_about(look: Look, dispute: Dispute) -> str:
    """What is disputed: `সুন্দরবনের মধু – দুই ডিভাইসে দাম আলাদা`."""
    if dispute.record == "setting":
        what, name = look.word("conflict_field_value"), setting_name(look, dispute.name_bn)
    elif dispute.record == "hat":
        what, name = field_name(look, dispute.field), _day(look, dispute.name_bn)
    else:
        what, name = field_name(look, dispute.field), look.either(dispute.name_bn, dispute.name_en)
    return look.word("conflict_about", called=name or look.word("op_customer"), what=what)


def _day(look: Look, iso: str) -> str:
    on = dt.date.fromisoformat(iso)
    return f"{long_weekday(on, look.locale)}, {long_date(on, look.locale)}"


def value_text(look: Look, field: str, value: Any) -> str:
    """A disputed value as people read it."""
    if field == "day":
        return _day_text(look, value)
    if value is None or value == "":
        return look.word("nothing_written")
    if field in _FLAGS or isinstance(value, bool):
        return look.word("yes" if value else "no")
    if field in _MONEY:
        return look.money(int(value))
    if field == "minimum":
        return look.quantity(int(value))
    if field in ("phone", "phone2"):
        return look.phone(str(value))
    if field == "role":
        return look.word_or(f"role_{value}", str(value))
    return look.digits(str(value))


def _day_text(look: Look, day: dict[str, Any] | None) -> str:
    """What somebody wrote of a day of the hat calendar: `২৬২তম হাট, সকাল ১০টা – রাত ৮টা`."""
    if day is None:
        return look.word("hat_as_the_week")
    if day["kind"] == "cancelled":
        return look.word("hat_none")
    name = hat_name(day["ordinal"], look.locale) or look.word("hat_there")
    if day["opens"] is None or day["closes"] is None:
        return name
    midnight = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - an hour of any day
    opens, closes = (
        spoken_hour(midnight + dt.timedelta(minutes=day[end]), look.locale) for end in ("opens", "closes")
    )
    return f"{name}, {opens} – {closes}"


def said_where(look: Look, said: SaidBy) -> str:
    """On which device."""
    return look.word("this_device") if said.here else look.word("device_named", code=said.device)


def said_when(look: Look, said: SaidBy, now_ms: int) -> str:
    """Who wrote it, and when."""
    return " · ".join(part for part in (said.operator, moment(look, said.at_ms, now_ms)) if part)
