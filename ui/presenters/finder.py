"""Find anything: pages and acts, products, orders, customers, by one line of typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pos.services.order_book import OrderFilter
from ui.presenters.needs import Watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos.services.views import CustomerView, ProductView
    from pos.shop import Shop
    from ui.presenters.needs import Speech

Kind = Literal["action", "product", "order", "customer"]
_EACH = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found.

    Attributes:
        kind: what it is.
        name: its line.
        detail: the line under it.
        key: the action's code, the product's SKU, the order's number, the customer's phone.
        cap: the key that does the same, for an action.
        product: the product itself.
    """

    kind: Kind
    name: str
    detail: str
    key: str
    cap: str = ""
    product: ProductView | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the key table, as it is found here."""

    name: str
    word: str
    cap: str


class Finder(Watched):
    """What was typed and what answers it; commands that begin so come first."""

    def __init__(self, shop: Shop, look: Speech, commands: Sequence[Command]) -> None:
        super().__init__()
        self._shop, self.look, self._commands = shop, look, commands
        self.typed = ""
        self.found: list[Found] = []
        self.chosen = 0
        self._search()

    def type(self, text: str) -> None:
        """The line says this now."""
        self.typed, self.chosen = text, 0
        self._search()
        self.changed()

    def move(self, step: int) -> None:
        """Another row."""
        self.chosen = max(0, min(self.chosen + step, len(self.found) - 1))
        self.changed()

    def _search(self) -> None:
        words = self.typed.casefold().split()
        acts = [c for c in self._commands if all(word in c.word.casefold() for word in words)]
        self.found = [Found("action", c.word, "", c.name, c.cap) for c in acts[: _EACH if words else 12]]
        if not words:
            return
        shop, look = self._shop, self.look
        for hit in shop.catalogue.find(self.typed, limit=_EACH):
            p = hit.product
            name = look.either(p.name_bn, p.name_en)
            self.found.append(
                Found("product", name, f"{p.sku} · {look.money(p.price_paisa)}", p.sku, product=p)
            )
        for row in shop.book.rows(shop.book.ids(OrderFilter(text=self.typed), limit=_EACH)):
            detail = " · ".join(part for part in (row.buyer, look.money(row.total_paisa)) if part)
            self.found.append(Found("order", row.number, detail, row.number))
        self.found += [
            self._customer(c) for c in shop.customers.find(self.typed, limit=_EACH) if self.typed.strip()
        ]

    def _customer(self, customer: CustomerView) -> Found:
        detail = " · ".join(part for part in (self.look.phone(customer.phone), customer.address) if part)
        return Found("customer", customer.name or self.look.phone(customer.phone), detail, customer.phone)
