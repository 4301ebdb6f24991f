"""What people do at a laptop: the real services on a database in memory."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

from pos.domain.ids import uuid7
from pos.paths import ShopPaths
from pos.services.catalogue import Catalogue, NewProduct, NewVariant
from pos.services.configuration import Configuration
from pos.services.customers import Customers
from pos.services.desk import Desk
from pos.services.operators import Operators
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.services.order_steps import OrderSteps
from pos.services.orders import Orders
from pos.services.product_change import ProductChange, VariantChange
from pos.services.stock import Stock
from pos.services.views import OperatorView
from pos.store import oplog
from pos.store.oplog import Act
from tests.sync.broken import must

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from pos.domain.times import Clock
    from pos.settings import DeviceSettings
    from pos.store.store import Store
    from tests.sync.memory import MemoryStore

_SPELT = {"price_paisa": "price", "cost_paisa": "cost", "minimum_milli": "minimum"}
PHONES = ("01712345678", "01911223344", "01811223344")
_TRXIDS = ("75AB12CD", "75AB12CE", "75AB12CF", "75AB12CG")
_NAMES = ("শারমিন", "নাসরিন", "রুমা", "তাহমিনা")
_PLACES = ("মিরপুর ১০", "উত্তরা", "ধানমন্ডি", "সাভার")
_KEYS = ("shop.address", "shop.trade", "delivery.inside")


class Counter:
    """Somebody who stands at one laptop and acts by lot. What the shop refuses is simply not done."""

    def __init__(self, store: MemoryStore, clock: Clock, rng: random.Random) -> None:
        self.store, self.rng = store, rng
        row = store.ask("SELECT id, name, role FROM operator WHERE NOT archived ORDER BY id LIMIT 1")[0]
        operator = OperatorView(
            uuid.UUID(bytes=cast("bytes", row[0])), cast("str", row[1]), cast("Any", row[2])
        )
        # A laptop's own settings are a file; nothing that is done here looks into them.
        self.desk = Desk(cast("Store", store), clock, cast("DeviceSettings", None), operator)

    def sell(self) -> None:
        """An order, to somebody or over the counter, paid in part, in full or not at all."""
        rng = self.rng
        items = [ItemRequest(str(rng.randint(1, 4)), sku=sku) for sku in self._skus(rng.randint(1, 2))]
        customer = None
        if rng.random() < 0.6:
            customer = CustomerRequest(
                name=rng.choice(_NAMES), phone=rng.choice(PHONES), address=rng.choice(_PLACES)
            )
        payments = []
        if rng.random() < 0.4:
            payments.append(PaymentRequest("nagad", "10", rng.choice(_TRXIDS)))
        Orders(self.desk).take(
            OrderRequest(
                items=items,
                customer=customer,
                payments=payments,
                rest=rng.choice(("cod", "due")),
                note=rng.choice((None, "সন্ধ্যায় ফোন")),
            )
        )

    def pay(self) -> None:
        """Money on an order of anybody's."""
        trxid = self.rng.choice(_TRXIDS)
        method, amount = self.rng.choice((("cash", "20"), ("cash", "900000"), ("nagad", "20")))
        Orders(self.desk).pay(self._number(), method, amount, trxid if method == "nagad" else None)

    def cancel(self) -> None:
        """An order is not wanted any more."""
        Orders(self.desk).cancel(self._number(), "ক্রেতা নেবেন না")

    def step(self) -> None:
        """Checked, packed, or back again."""
        steps = OrderSteps(self.desk)
        self.rng.choice((steps.check, steps.pack, steps.pack, steps.unpack, steps.uncheck))(self._number())

    def note(self) -> None:
        """Words on an order."""
        OrderSteps(self.desk).note(self._number(), f"নোট {self.rng.randint(1, 9)}")

    def add_product(self) -> None:
        """A new product, with or without variants."""
        price = self.rng.randint(100, 9000)
        new = NewProduct("নতুন", price, "piece", stock_milli=3000)
        if self.rng.random() < 0.3:
            variants = (NewVariant("", colour="লাল", stock_milli=2000), NewVariant("", colour="নীল"))
            new = NewProduct("নতুন", price, "piece", variants=variants)
        Catalogue(self.desk).add(new)

    def edit_product(self) -> None:
        """A field or two of a product."""
        rng = self.rng
        change = rng.choice(
            (
                ProductChange(price_paisa=rng.randint(100, 99_999)),
                ProductChange(name_bn=f"নাম {rng.randint(1, 99)}"),
                ProductChange(price_paisa=rng.randint(100, 99_999), category=f"ধরন {rng.randint(1, 40)}"),
                ProductChange(minimum_milli=rng.randint(1, 9) * 1000),
            )
        )
        before = len(self.store.journal)
        Catalogue(self.desk).edit(self._product(), change)
        meant = {
            _SPELT.get(f.name, f.name) for f in fields(change) if getattr(change, f.name) not in (None, False)
        }
        for operation in self.store.journal[before:]:
            touched = json.loads(operation.body)["set"].keys()
            must(touched <= meant, "I10", f"{sorted(touched)} are written where {sorted(meant)} were meant")

    def edit_variant(self) -> None:
        """A variant's price."""
        change = VariantChange(price_paisa=self.rng.randint(100, 99_999))
        Catalogue(self.desk).edit_variant(self._skus(1)[0], change)

    def archive(self) -> None:
        """A product is put away or taken back."""
        catalogue = Catalogue(self.desk)
        self.rng.choice((catalogue.archive, catalogue.unarchive))(self._product())

    def add_variant(self) -> None:
        """One more colour."""
        Catalogue(self.desk).add_variants(self._product(), [NewVariant("", colour="সবুজ", stock_milli=1000)])

    def move_stock(self) -> None:
        """Goods come, go or are counted."""
        stock, rng = Stock(self.desk), self.rng
        sku = self._skus(1)[0]
        if rng.random() < 0.3:
            stock.count(sku, str(rng.randint(0, 20)))
        else:
            stock.move(sku, str(rng.randint(1, 5)), rng.choice(("purchase", "damage", "return")))

    def reserve(self) -> None:
        """Goods are promised, or a promise is taken back."""
        held = self.store.ask("SELECT id FROM reservation WHERE released_at_ms IS NULL ORDER BY id")
        if held and self.rng.random() < 0.5:
            Stock(self.desk).release(uuid.UUID(bytes=cast("bytes", self.rng.choice(held)[0])))
        else:
            until = self.desk.clock.now_ms() + 3_600_000
            Stock(self.desk).reserve(self._skus(1)[0], "1", until_ms=until)

    def configure(self) -> None:
        """A setting of the shop."""
        key = self.rng.choice(_KEYS)
        value = str(self.rng.randint(50, 200)) if key == "delivery.inside" else self.rng.choice(_PLACES)
        Configuration(self.desk).put(key, value)

    def hat(self) -> None:
        """A hat more or less."""
        day = dt.date(2026, 12, self.rng.randint(1, 5))
        configuration = Configuration(self.desk)
        if self.rng.random() < 0.5:
            configuration.add_hat(day, opens=self.rng.choice(("10:00", "11:00")), closes="20:00")
        else:
            configuration.cancel_hat(day)

    def hire(self) -> None:
        """Somebody else may act."""
        name = f"{self.rng.choice(_NAMES)} {self.rng.randint(1, 999)}"
        Operators(self.desk, ShopPaths(Path())).add(name, "helper")

    def erase(self) -> None:
        """A buyer asks to be forgotten."""
        Customers(self.desk).erase(self.rng.choice(PHONES))

    def decide(self) -> None:
        """An open conflict is looked at and decided, for one value or the other."""
        rows = self.store.ask("SELECT agg, agg_id, field, kept_op, other_op, kept, other FROM conflict")
        rows = sorted((row for row in rows if row[0] in ("product", "variant", "setting", "hat")), key=repr)
        if not rows:
            return
        agg, agg_id, field, kept_op, other_op, kept, other = cast("Any", self.rng.choice(rows))
        value = json.loads(self.rng.choice((kept, other)))
        over, closes = {field: kept_op.hex()}, [[field, other_op.hex()]]
        body = {"by": self.desk.by, "over": over, "closes": closes}
        if agg == "setting":
            act = Act("setting.set", agg, agg_id, body | {"key": agg_id.decode(), "value": value})
        elif agg == "hat":
            day = {"by": self.desk.by, "source": "vendor", "on": agg_id.decode(), "over": over}
            act = Act("hat.set", agg, agg_id, day | value | {"decides": [other_op.hex()]})
        else:
            act = Act(f"{agg}.edited", agg, agg_id, body | {"set": {field: value}})
        with self.store.write() as unit:
            unit.record(act)
            unit.kept.rules = None

    # ---- what ought not to happen --------------------------------------------------------------------

    def poison(self) -> None:
        """An operation that the server cannot take: of a kind to come, or with a body that is not its kind's."""
        at = self.desk.clock.now_ms()
        here = uuid7(at).bytes
        body: dict[str, Any] = {"by": self.desk.by}
        act = self.rng.choice(
            (
                Act("review.written", "review", here, body | {"stars": 5}),
                Act("stock.moved", "stock_move", here, body | {"moves": [], "colour": "লাল"}),
                Act("stock.moved", "order", here, body | {"moves": []}),
            )
        )
        # The log has it; rows were made by whatever wrote it.
        with self.store.write() as unit, mock.patch.object(oplog, "must_be_readable"):
            unit.kept.tip, recorded = oplog.append(
                unit.connection, [act], at, unit.kept.tip or oplog.read_tip(unit.connection)
            )
            unit.recorded += len(recorded)

    def _skus(self, count: int) -> list[str]:
        rows = self.store.ask(
            "SELECT v.sku FROM variant v JOIN product p ON p.id = v.product_id ORDER BY v.id"
        )
        return self.rng.sample([cast("str", row[0]) for row in rows], min(count, len(rows)))

    def _product(self) -> str:
        rows = self.store.ask("SELECT sku FROM product ORDER BY id LIMIT 6")
        return cast("str", self.rng.choice(rows)[0])

    def _number(self) -> str:
        rows = self.store.ask("SELECT number FROM orders ORDER BY taken_at_ms DESC, id LIMIT 6")
        return cast("str", self.rng.choice(rows)[0]) if rows else "A-26-000001"


ACTS: dict[str, tuple[int, Callable[[Counter], None]]] = {
    "sell": (24, Counter.sell),
    "pay": (6, Counter.pay),
    "cancel": (5, Counter.cancel),
    "step": (8, Counter.step),
    "note": (3, Counter.note),
    "add_product": (3, Counter.add_product),
    "edit_product": (14, Counter.edit_product),
    "edit_variant": (3, Counter.edit_variant),
    "archive": (2, Counter.archive),
    "add_variant": (1, Counter.add_variant),
    "move_stock": (6, Counter.move_stock),
    "reserve": (4, Counter.reserve),
    "configure": (6, Counter.configure),
    "hat": (4, Counter.hat),
    "hire": (1, Counter.hire),
    "erase": (1, Counter.erase),
    "decide": (3, Counter.decide),
}


def founding(store: MemoryStore, clock: Clock) -> None:
    """A shop with an owner, four products and a name."""
    at = clock.now_ms()
    vendor, device, owner = uuid7(at), uuid7(at), uuid7(at)
    name = {"by": owner.hex, "key": "shop.name", "value": "রূপকথা ঘর", "over": {"value": None}}
    with store.write() as unit:
        unit.found(device, "A")
        unit.record(
            Act("shop.founded", "device", device.bytes, {"vendor": vendor.hex, "code": "A", "demo": False}),
            Act("operator.added", "operator", owner.bytes, {"name": "রুমা", "role": "owner"}),
            Act("setting.set", "setting", b"shop.name", name),
        )


def stock_up(counter: Counter) -> None:
    """Some goods to sell."""
    catalogue = Catalogue(counter.desk)
    catalogue.add(NewProduct("মধু", 100_000, "piece", sku="P1", stock_milli=9000))
    catalogue.add(NewProduct("সাবান", 4_550, "piece", sku="P2", stock_milli=20_000))
    red, blue = NewVariant("P3-1", colour="লাল", stock_milli=3000), NewVariant("P3-2", colour="নীল")
    catalogue.add(NewProduct("শাড়ি", 450_050, "piece", sku="P3", variants=(red, blue)))
