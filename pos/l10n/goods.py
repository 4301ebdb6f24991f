"""The goods of an order in a few words: `জামদানি শাড়ি, মধু ×২ +১`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pos.l10n.numbers import digits, quantity
from pos.l10n.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pos.l10n import Locale


class Goods(Protocol):
    """What is said of one line; `qty_milli` is thousandths of the unit."""

    @property
    def name_bn(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def size(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def qty_milli(self) -> int: ...


def short_goods(goods: Iterable[Goods], more_lines: int, locale: Locale) -> str:
    """Names with size and how many of each; one is not said, and `more_lines` lines are only counted.

    English names are used in English where there is one.
    """
    named = ", ".join(_one(one, locale) for one in goods)
    return named + (f" +{digits(str(more_lines), locale)}" if more_lines else "")


def _one(goods: Goods, locale: Locale) -> str:
    name = goods.name_bn if locale.lang == "bn" else goods.name_en or goods.name_bn
    if goods.size:
        name = f"{name} {digits(goods.size, locale)}"
    if goods.unit == "pcs":
        return name if goods.qty_milli == 1000 else f"{name} ×{quantity(goods.qty_milli, locale)}"
    return f"{name} {quantity(goods.qty_milli, locale)} {unit_name(goods.unit, locale)}"
