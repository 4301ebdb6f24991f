"""What the services write is what the protocol knows, and what an operation stands on is all that it names."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import inspect

from pos.errors import BugError, UserError
from pos.protocol import kinds
from pos.protocol.kinds import (
    KINDS,
    needs_of,
    read_body,
    read_personal,
    stock_moved_by,
    variants_made,
)
from pos.protocol.operations import is_canonical
from pos.services import catalogue
from pos.services.catalogue import NewProduct, NewVariant, move_acts, tidy
from pos.services.catalogue_files import SheetProduct
from pos.services.order_request import CustomerRequest, ItemRequest, OrderRequest, PaymentRequest
from pos.services.product_change import ProductChange, VariantChange
from pos.shop import open_shop
from pos.store import apply, goods, oplog
from pos.store.oplog import Act
from tests import goldens
from tests.shopkeeping import PHONE, busy_day, of_first_release, paid, sale, sale_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pos.protocol.operations import Operation
    from pos.shop import Shop

LOG = goldens.log()


def every_act(shop: Shop) -> None:
    """Something of each kind that a shop by itself can do."""
    numbers = busy_day(shop)
    helper = shop.operators.add("মিতু")
    shop.operators.edit(helper.id, name="মিতা", role="owner")
    shop.operators.remove(helper.id)
    shop.catalogue.edit(
        "P001", ProductChange(price_paisa=90_000, no_cost=True, barcode="8902", minimum_milli=500)
    )
    shop.catalogue.edit("P003", ProductChange(name_bn="লাল সাবান", name_en="Soap", category="ঘর", unit="kg"))
    shop.catalogue.edit_variant("P002-02", VariantChange(size="১২ হাত", no_price=True, barcode="77"))
    shop.catalogue.add_variants("P002", [NewVariant("P002-03", colour="সবুজ", stock_milli=1_000)])
    shop.catalogue.archive("P004")
    shop.catalogue.unarchive("P004")
    shop.stock.receive([("P001", "5")], "হাট থেকে")
    shop.stock.count("P001", "3", "গোনা")
    shop.stock.release(shop.stock.reserve("P001", "1", until_ms=shop.desk.clock.now_ms() + 60_000))
    shop.steps.check(numbers[0])
    shop.steps.uncheck(numbers[0])
    shop.steps.pack(numbers[0])
    shop.steps.unpack(numbers[0])
    shop.steps.note(numbers[1], "দরজায় রাখবেন")
    shop.orders.take(sale_to(PHONE, payments=paid("20", "nagad", "75AB12CE")))
    moved = CustomerRequest(name="নাসরিন", phone="01911223344", address="ধানমন্ডি", district="ঢাকা")
    note = shop.orders.take(sale(customer=moved)).number
    shop.steps.note(note, "কাল পাঠাব")
    shop.customers.erase(PHONE)
    shop.orders.take(sale())
    shop.configuration.cancel_hat(dt.date(2026, 11, 28))
    shop.configuration.add_hat(dt.date(2026, 11, 27))


@pytest.fixture
def operations(shop: Shop) -> list[Operation]:
    """The log of a shop that did everything."""
    every_act(shop)
    with shop.store.read() as connection:
        return list(oplog.read_after(connection, 0))


def test_every_kind_has_an_applier_and_every_applier_a_kind() -> None:
    assert set(apply._APPLIERS) == set(KINDS)


def test_what_the_services_write_is_what_the_protocol_knows(operations: list[Operation]) -> None:
    for one in operations:
        read_body(one.kind, one.v, one.body)
        assert is_canonical(one.body)
        assert (one.agg, one.v) == (KINDS[one.kind].agg, KINDS[one.kind].newest), one.kind
        if one.personal is not None:
            assert read_personal(one.kind, one.v, one.personal)
    written = {one.kind for one in operations}
    # A laptop of its own has neither joined a shop nor changed its numbers, and no page takes a hat's day back.
    assert KINDS.keys() - written == {"device.joined", "device.rekeyed", "hat.unset"}


def test_what_the_first_release_wrote_is_still_known(tmp_path: Path, shop: Shop) -> None:
    with (
        open_shop(of_first_release(tmp_path / "old"), shop.desk.clock) as old,
        old.store.read() as connection,
    ):
        operations = list(oplog.read_after(connection, 0))
    assert len(operations) > 20
    for one in operations:
        read_body(one.kind, one.v, one.body)
        if one.personal is not None:
            read_personal(one.kind, one.v, one.personal)


def test_an_operation_needs_all_that_came_before_it_and_that_it_names(operations: list[Operation]) -> None:
    variants: set[bytes] = set()
    aggregates: set[bytes] = set()
    for one in [*operations, *LOG]:
        body = read_body(one.kind, one.v, one.body)
        needs = needs_of(one.kind, one.agg_id, body)
        named = {bytes.fromhex(each) for each in _identities(json.loads(one.body))} | {one.agg_id}
        if KINDS[one.kind].agg not in ("hat", "setting", "device"):  # nothing has to be there before them
            assert named & (variants | aggregates) <= needs.variants | needs.aggregates, one.kind
        if one in operations:
            assert needs.variants <= variants, one.kind
            assert needs.aggregates <= aggregates, one.kind
        variants |= set(variants_made(body))
        aggregates.add(one.agg_id)


def _identities(value: Any) -> set[str]:
    """Every identity in a body, but for those of operations, which nothing stands on."""
    match value:
        case dict():
            inner = [one for name, one in value.items() if name not in ("over", "closes", "device", "vendor")]
            return {each for one in inner for each in _identities(one)}
        case list():
            return {each for one in value for each in _identities(one)}
        case str() if len(value) == 32 and not set(value) - set("0123456789abcdef"):
            return {value}
        case _:
            return set()


def test_the_movements_of_all_operations_add_up_to_what_is_on_hand(
    operations: list[Operation], shop: Shop
) -> None:
    on_hand: dict[bytes, int] = {}
    for one in operations:
        body = read_body(one.kind, one.v, one.body)
        on_hand |= dict.fromkeys(variants_made(body), 0)
        for variant, milli in stock_moved_by(body):
            on_hand[variant] += milli
    with shop.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, on_hand_milli FROM variant").all()
    assert on_hand == {bytes(row[0]): row[1] for row in rows}


# ---- limits ----------------------------------------------------------------------------------------------


def beyond(kind: inspect.Type, value: Any) -> Iterator[tuple[str, Any]]:
    """A value of a body once more for each limit in it, that one passed; with where it is."""
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                for where, worse in beyond(field.type, value.get(field.encode_name)):
                    yield f".{field.name}{where}", {**value, field.encode_name: worse}
        case inspect.UnionType():
            for one in kind.types:
                yield from beyond(one, value)
        case inspect.ListType():
            inner = value[0] if value else None
            if kind.max_length is not None:
                yield "[max]", [inner] * (kind.max_length + 1)
            if kind.min_length:
                yield "[min]", []
            if value:
                for where, worse in beyond(kind.item_type, inner):
                    yield f"[0]{where}", [worse, *value[1:]]
        case inspect.TupleType():
            for at, one in enumerate(kind.item_types):
                for where, worse in beyond(one, value[at]):
                    yield f"[{at}]{where}", [*value[:at], worse, *value[at + 1 :]]
        case inspect.IntType():
            if kind.le is not None:
                yield "<=", kind.le + 1
            if kind.ge is not None:
                yield ">=", kind.ge - 1
            if kind.gt is not None:
                yield ">", kind.gt
        case inspect.StrType():
            if kind.max_length is not None:
                yield "<", "ক" * (kind.max_length + 1)
            if kind.min_length:
                yield ">", ""
            if kind.pattern is not None:
                yield "~", "?"
        case inspect.LiteralType():
            yield "=", "?"


def shapes_of(one: Operation) -> Iterator[tuple[str, inspect.Type, Any]]:
    """The parts of an operation that have a shape, as Act has them, each with what it holds."""
    body = json.loads(one.body)
    yield "body", inspect.type_info(KINDS[one.kind].versions[one.v]), body
    if (one.kind, one.v) in kinds._FIELDS:
        yield "set", inspect.type_info(kinds._FIELDS[one.kind, one.v]), body["set"]
    if one.personal is not None:
        values = json.loads(one.personal)
        yield "personal", inspect.type_info(kinds._PERSONAL[one.kind, one.v]), values


def past_a_limit(one: Operation) -> Iterator[tuple[str, Act]]:
    """The operation as an act that passes one limit of its kind, for each of them."""
    body = json.loads(one.body)
    personal = None if one.personal is None else json.loads(one.personal)
    if personal is not None:
        del personal["salt"]
    for part, shape, value in shapes_of(one):
        for where, worse in beyond(shape, value):
            if part == "personal" and ".salt" not in where:
                yield f"{part}{where}", Act(one.kind, one.agg, one.agg_id, body, worse)
            elif part == "set":
                fields = {name: worse[name] for name in worse if f".{name}" in where}
                yield f"{part}{where}", Act(one.kind, one.agg, one.agg_id, {**body, "set": fields}, personal)
            elif part == "body":
                yield f"{part}{where}", Act(one.kind, one.agg, one.agg_id, worse, personal)


def test_nothing_that_passes_a_limit_of_its_kind_is_ever_written(
    operations: list[Operation], shop: Shop
) -> None:
    count = len(operations)
    passed: set[str] = set()
    for one in {(one.kind, one.personal is None): one for one in operations}.values():
        for where, act in past_a_limit(one):
            with pytest.raises(BugError, match=one.kind), shop.store.write() as unit:
                unit.record(act)
            passed.add(f"{one.kind} {where}")
    assert len(passed) > 200
    assert {
        "product.added body.variants[max]",
        "stock.moved body.moves[max]",
        "order.confirmed body.lines[max]",
        "order.confirmed body.payments[max]",
        "order.confirmed personal.note<",
        "product.edited set.price<=",
    } <= passed
    with shop.store.read() as connection:
        assert oplog.count(connection) == count


LONG = "ক" * 70_000
DEAR = 10**12
BASKET = [ItemRequest(qty="1", sku="P001")]


def sized(count: int) -> tuple[NewVariant, ...]:
    return tuple(NewVariant("", size=str(number), stock_milli=1_000) for number in range(count))


def received(shop: Shop, times: int) -> None:
    """As `Stock.receive` writes it, without looking the same code up so many times."""
    with shop.store.write() as unit:
        variant = goods.sellable_by_sku(unit.connection, ["P001"], unit.at_ms)["P001"].id.hex
        unit.record_all(move_acts(shop.desk, [(variant, "purchase", 1_000, "")] * times))


PAST: Mapping[str, Callable[[Shop], Any]] = {
    "variants": lambda shop: shop.catalogue.add(NewProduct("শাড়ি", 100, "pcs", variants=sized(1001))),
    "imported variants": lambda shop: shop.files.take(
        [SheetProduct(2, tidy(NewProduct("শাড়ি", 100, "pcs", variants=sized(1001))))]
    ),
    "moves": lambda shop: received(shop, 5001),
    "lines": lambda shop: shop.orders.take(OrderRequest(BASKET * 1001, rest="cod")),
    "payments": lambda shop: shop.orders.take(
        OrderRequest(BASKET, payments=[PaymentRequest("cash", "1")] * 101, rest="cod")
    ),
    "price": lambda shop: shop.catalogue.add(NewProduct("শাড়ি", DEAR, "pcs")),
    "cost": lambda shop: shop.catalogue.add(NewProduct("শাড়ি", 100, "pcs", cost_paisa=DEAR)),
    "variant's price": lambda shop: shop.catalogue.add_variants("P002", [NewVariant("", price_paisa=DEAR)]),
    "new price": lambda shop: shop.catalogue.edit("P001", ProductChange(price_paisa=DEAR)),
    "new cost": lambda shop: shop.catalogue.edit("P001", ProductChange(cost_paisa=DEAR)),
    "variant's new price": lambda shop: shop.catalogue.edit_variant(
        "P002-01", VariantChange(price_paisa=DEAR)
    ),
    "minimum": lambda shop: shop.catalogue.edit("P001", ProductChange(minimum_milli=DEAR)),
    "quantity": lambda shop: shop.stock.move("P001", str(DEAR), "purchase"),
    "count": lambda shop: shop.stock.count("P001", str(DEAR)),
    "note": lambda shop: shop.orders.take(OrderRequest(BASKET, rest="cod", note=LONG)),
    "source": lambda shop: shop.orders.take(OrderRequest(BASKET, rest="cod", source=LONG)),
    "buyer": lambda shop: shop.orders.take(
        OrderRequest(BASKET, rest="cod", customer=CustomerRequest(name=LONG, phone=PHONE))
    ),
    "address": lambda shop: shop.orders.take(
        OrderRequest(BASKET, rest="cod", customer=CustomerRequest(address=LONG, phone=PHONE))
    ),
    "operator": lambda shop: shop.operators.add(LONG),
    "setting": lambda shop: shop.configuration.put("shop.name", LONG),
}


@pytest.mark.parametrize("past", list(PAST))
def test_past_a_limit_a_service_says_so_or_writes_several(shop: Shop, past: str) -> None:
    busy_day(shop)
    with shop.store.read() as connection:
        before = oplog.count(connection)
    try:
        PAST[past](shop)
    except UserError as error:
        said: str | None = error.code
    else:
        said = None
    with shop.store.read() as connection:
        written = list(oplog.read_after(connection, before))
    assert bool(written) == (said is None)
    assert (said is None) == (past in ("variants", "imported variants", "moves"))
    if "variants" in past:
        assert sum(len(variants_made(read_body(one.kind, one.v, one.body))) for one in written) == 1001
    if past == "moves":
        assert sum(len(stock_moved_by(read_body(one.kind, one.v, one.body))) for one in written) == 5001


def test_goods_of_more_lines_than_one_operation_holds_come_in_by_several(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_MOVES", 2)
    with shop.store.read() as connection:
        before = oplog.count(connection)
    [*_, after] = shop.stock.receive([("P001", "1")] * 5)
    with shop.store.read() as connection:
        written = list(oplog.read_after(connection, before))
    assert [len(json.loads(one.body)["moves"]) for one in written] == [2, 2, 1]
    assert shop.stock.items("P001") == [after]
