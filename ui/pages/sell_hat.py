"""The market day over the Sell page: its state, its totals and the time that is left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pos.domain.times import dhaka_day
from pos.l10n.dates import hat_name, long_weekday
from ui.widgets.bars import Figure, HatBar

if TYPE_CHECKING:
    from pos.services.counter import HatBoard

_BOARD_CHIPS = {
    "live": ("hat_live", "danger", "live"),
    "last_half_hour": ("hat_last_half_hour", "warn", "alarm"),
    "next": ("hat_next", "grey", "calendar-event"),
    "ended": ("hat_over", "grey", "lock"),
    "none": ("hat_none", "grey", "calendar-event"),
}
_CALLED_OFF = ("hat_called_off", "warn", "circle-x")


class MarketDay(HatBar):
    """The bar of the hat, filled from the board."""

    def show_board(self, board: HatBoard, today: dt.date) -> None:
        """What the day is, and its totals."""
        look = self._look
        off = board.called_off is not None and board.state in {"next", "none"}
        word, tone, icon = _CALLED_OFF if off else _BOARD_CHIPS[board.state]
        self.state.setToolTip(board.why_off if off else "")
        name = hat_name(board.ordinal, look.locale)
        day = long_weekday(board.on, look.locale) if board.on is not None else ""
        if not name:
            name = look.day(board.on, today) if board.on is not None else look.word("hat_none")
        hours = ""
        if board.on is not None:
            hours = f"{day} · {look.hour(board.opens_at_ms)} – {look.hour(board.closes_at_ms)}"
        past = "past_" if board.sums_are_past else ""
        to_pack = "warn" if board.to_pack else "text"
        figures = [
            Figure(look.word(f"{past}orders_word"), look.count(board.orders)),
            Figure(look.word(f"{past}sales_word"), look.money(board.sales_paisa)),
            Figure(look.word(f"{past}advance_received"), look.money(board.advance_paisa), "ptext"),
            Figure(look.word("still_to_pack"), look.count(board.to_pack), to_pack),
        ]
        self.show_day((look.word(word), tone, icon), name, hours, figures)

    def show_time(self, board: HatBoard, now_ms: int) -> None:
        """The time until it begins or ends."""
        look = self._look
        if board.state in {"live", "last_half_hour"}:
            left = max(0, board.closes_at_ms - now_ms)
            share = (now_ms - board.opens_at_ms) / max(1, board.closes_at_ms - board.opens_at_ms)
            amber = board.state == "last_half_hour"
            self.show_clock(look.word("ends_in"), look.digits(_clock(left)), share, amber=amber)
        elif board.state == "next":
            days, rest = divmod(max(0, board.opens_at_ms - now_ms), 86_400_000)
            text = look.digits(_clock(rest))
            if days:
                text = f"{look.word('n_days', days=days)} {look.digits(_clock(rest)[:5])}"
            self.show_clock(look.word("begins_in"), text, 0, amber=False)
        else:
            self.show_clock("", "", 1.0 if board.state == "ended" else 0.0, amber=False)


def _clock(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def is_over(board: HatBoard, now_ms: int) -> bool:
    """Whether the state that was read no longer holds, UTC milliseconds."""
    if board.called_off is not None and board.called_off != dhaka_day(now_ms):
        return True
    if board.state == "next":
        return now_ms >= board.opens_at_ms
    if board.state == "live":
        return now_ms >= board.closes_at_ms - 30 * 60_000
    if board.state == "last_half_hour":
        return now_ms >= board.closes_at_ms
    return board.on is not None and dt.timedelta(milliseconds=now_ms - board.closes_at_ms) > dt.timedelta(
        hours=12
    )
