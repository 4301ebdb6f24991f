"""What lies on the demo shop's shelf, how much of it people like to buy, and what is bought in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.domain.pricing import LineInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from pos.services.views import ProductView

# How often a product is asked for, against 1 for any other of the demo catalogue.
_LIKED: Mapping[str, float] = {
    "P017": 12, "P013": 10, "P020": 8, "P048": 7, "P077": 7, "P067": 6, "P026": 6, "P087": 6, "P016": 5,
    "P042": 5, "P073": 5, "P085": 5, "P001": 4, "P041": 4, "P051": 4, "P065": 4, "P109": 4, "P113": 4,
    "P056": 3, "P079": 3, "P099": 3, "P104": 3, "P110": 3, "P068": 1.5,
}  # fmt: skip
# Goods whose maker has nothing more this month: they run low, and some run out.
_NOT_BOUGHT_AGAIN = frozenset(
    {"P016", "P025", "P031", "P038", "P047", "P051", "P052", "P067", "P077", "P095"}
)
_RESTOCK_BELOW = 0.4

# Below so many of its unit a product counts as low.
MINIMUMS: Mapping[str, int] = {
    "P001": 20, "P013": 15, "P016": 8, "P017": 8, "P020": 12, "P025": 12, "P026": 12, "P031": 14, "P038": 10,
    "P041": 10, "P042": 12, "P047": 10, "P048": 120, "P051": 8, "P052": 10, "P065": 8, "P067": 8, "P073": 8,
    "P077": 12, "P085": 12, "P087": 12, "P090": 4, "P095": 20, "P096": 8, "P109": 25, "P113": 20,
}  # fmt: skip
# When of the whole time, what, how much, the kind of movement, and why.
MISHAPS: Sequence[tuple[float, str, str, str, str]] = (
    (0.12, "P048", "9", "damage", "আনার পথে ভেঙেছে"),
    (0.27, "P095", "2", "damage", "ফেটে গেছে"),
    (0.34, "P023", "-7", "adjustment", "গুনে কম পাওয়া গেছে"),
    (0.52, "P119", "3", "damage", "শুকিয়ে গেছে"),
    (0.63, "P113", "4", "adjustment", "গুনে বেশি পাওয়া গেছে"),
    (0.78, "P097", "1", "return", "বদলে নিয়েছেন"),
    (0.97, "P051", "1", "damage", "ঢাকনা খুলে গেছে"),
)

_WEIGHED = frozenset({"kg", "litre"})


@dataclass(slots=True)
class _Good:
    """One sold SKU: what is left of it, what there was, and how it is asked for. Thousandths, paisa."""

    sku: str
    product: str
    unit: str
    price_paisa: int
    left_milli: int
    full_milli: int
    liked: float


class Shelf:
    """The goods, counted along with what is sold and bought, so that a sale takes what is there."""

    def __init__(self, products: Sequence[ProductView], keep: Mapping[str, int]) -> None:
        """Fill the shelf with what the shop has.

        Args:
            products: the shop's goods.
            keep: what must be left, thousandths by sold SKU: it is not counted as being there.
        """
        self._goods = {
            good.sku: good for product in products for good in _goods_of(product) if good.full_milli > 0
        }
        for sku, milli in keep.items():
            self._goods[sku].left_milli -= milli

    def pick(self, draw: Random) -> tuple[str, LineInput] | None:
        """A SKU that a buyer asks for and how much of it at its price; None where too little is left."""
        goods = list(self._goods.values())
        good = draw.choices(goods, weights=[g.liked for g in goods])[0]
        milli = _amount(good, draw)
        return (good.sku, LineInput(milli, good.price_paisa)) if milli <= good.left_milli else None

    def put(self, sku: str, milli: int) -> None:
        """Goods came in, or with a minus went out."""
        self._goods[sku].left_milli += milli

    def has(self, sku: str, milli: int) -> bool:
        """Whether so much of a SKU is left to be sold."""
        return self._goods[sku].left_milli >= milli

    def wanting(self) -> Iterator[tuple[str, int]]:
        """What has run low and is made again: how much of it makes the shelf full."""
        for good in self._goods.values():
            again = good.product not in _NOT_BOUGHT_AGAIN
            if again and good.left_milli < good.full_milli * _RESTOCK_BELOW:
                yield good.sku, _whole(good.full_milli - good.left_milli)


def _whole(milli: int) -> int:
    return -(-milli // 1000) * 1000


def _goods_of(product: ProductView) -> list[_Good]:
    liked = _LIKED.get(product.sku, 1.0)
    if not product.variants:
        full = product.on_hand_milli
        return [_Good(product.sku, product.sku, product.unit, product.price_paisa, full, full, liked)]
    count = len(product.variants)
    return [
        # Of sizes and colours the first ones named are asked for most.
        _Good(v.sku, product.sku, product.unit, v.price_paisa, v.on_hand_milli, v.on_hand_milli, weight)
        for v, weight in zip(
            product.variants,
            (2 * liked * (count - n) / (count * (count + 1)) for n in range(count)),
            strict=True,
        )
    ]


def _amount(good: _Good, draw: Random) -> int:
    """As much of it as one buyer takes, in thousandths."""
    if good.unit in _WEIGHED:
        dear = good.price_paisa >= 90_000
        return draw.choice((250, 500, 500, 1000, 1000) if dear else (500, 1000, 1000, 1500, 2000, 2000, 3000))
    if good.price_paisa < 4_000:
        return draw.choice((6, 10, 12, 12, 20, 24)) * 1000
    if good.price_paisa < 15_000:
        return draw.choice((1, 2, 2, 3, 4)) * 1000
    return draw.choice((1, 1, 1, 2) if good.price_paisa < 150_000 else (1,)) * 1000
