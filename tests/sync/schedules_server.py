"""Small worlds at the server, to which somebody sends what no laptop of ours would: what is there already stays one."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import msgspec

from pos.protocol import codec
from pos.protocol.messages import PairReply, to_wire
from pos.protocol.operations import Operation, hash_of
from pos.server import devices
from tests.server.conftest import VENDOR, Central
from tests.server.laptop import Laptop, pair_request, read, statuses
from tests.server.test_logs import lost_by_the_server
from tests.server.test_lost_devices import begun_anew, code_of, identity, variant_of, wires
from tests.server.test_shut_out import Shut
from tests.sync.central import _IDLE, _migrated, _opened
from tests.sync.memory import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def _server() -> Iterator[Central]:
    """A server in memory with nothing in it."""
    database, raw = _IDLE.pop() if _IDLE else _opened()
    fill(raw, _migrated())
    made = Central(database, "sqlite://")
    try:
        yield made
        assert not made.crashes, made.crashes
    finally:
        _IDLE.append((database, raw))


def _shop(central: Central) -> Laptop:
    """A vendor's first laptop, with a product."""
    shop = central.shop()
    shop.product()
    shop.push()
    return shop


def world_of(test: Callable[..., None]) -> Callable[[], None]:
    """The small world of a test of the server's own."""

    def world() -> None:
        with _server() as central:
            made: dict[str, Callable[[], Any]] = {
                "central": lambda: central,
                "shop": lambda: _shop(central),
                "shut": lambda: Shut(central),
            }
            test(**{name: made[name]() for name in inspect.signature(test).parameters})

    world.__name__ = test.__name__
    return world


def nobody_gives_back_its_own_log(central: Central, shop: Laptop) -> None:
    """What a laptop brings as another's and is its own is left for its own log."""
    before = len(central.rows("operation"))
    shop.order(variant_of(shop))
    reply = shop.exchange(relay=wires(shop))
    assert len(central.rows("operation")) == before
    assert reply.last_n == before
    assert statuses(shop.push())[-1] == "ok"


def one_that_comes_in_two_logs(central: Central, shop: Laptop) -> None:
    """In one request, as the laptop's own and as another's: it is taken in once."""
    other = central.second(shop)
    other.push()
    begun_anew(central, shop)
    begins = len(shop.log)
    shop.order(variant_of(shop))
    twin = [to_wire(op, device=other.rekey(0).device) for op in shop.log[begins:]]
    assert statuses(shop.exchange(shop.log[begins:], relay=twin)) == ["ok"]
    assert len(central.rows("sale")) == 1


def a_log_that_parts_behind_what_is_missing(central: Central, shop: Laptop) -> None:
    """Its beginning is not here, though the same request has brought what stands behind a gap."""
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        for _ in range(3):
            other.order(variant_of(shop))
        other.push()
        twin = other.rekey(len(other.log))
        begins = len(twin.log) + 1
        twin.order(variant_of(shop))
        twin.push()
        forget()
    begun_anew(central, shop)
    whole = wires(other)
    shop.exchange(relay=[whole[0], *whole[2:], *wires(twin, begins)])
    here = {identity(row[0]) for row in central.rows("device", "device_id")}
    assert twin.device not in here
    assert other.device in here


def a_code_that_is_said_again(central: Central, shop: Laptop) -> None:
    """Another has it by now, and keeps it."""
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        other.order(variant_of(shop))
        forget()
    assert central.second(shop).code == "B"
    begun_anew(central, shop)
    for _ in range(2):
        shop.exchange(relay=wires(other))
    assert len(central.rows("sale")) == 1


def a_code_that_others_tell(central: Central, shop: Laptop) -> None:
    """A laptop that has a code keeps it, whatever others bring of its log."""
    other = central.second(shop)
    other.push()
    other.record(
        "device.rekeyed",
        "device",
        other.device.bytes,
        {"code": "Q", "reason": "copied", "device": other.device.hex},
    )
    begun_anew(central, shop)
    shop.exchange(relay=wires(other, 2))
    assert len(central.rows("operation")) == len(shop.log) + len(other.log)
    assert code_of(central, other.device) == "B"


def a_first_operation_that_follows_another(central: Central, shop: Laptop) -> None:
    """It stands at the first position and is no beginning: no log begins with it."""
    other = central.second(shop)
    first = other.log[0]
    values = {name: getattr(first, name) for name in first.__struct_fields__} | {
        "prev_hash": bytes(32)[:31] + b"x"
    }
    forged = Operation(**values)
    forged = Operation(**(values | {"hash": hash_of(forged)}))
    with central.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM device WHERE code = 'B'")
    begun_anew(central, shop)
    shop.exchange(relay=[to_wire(forged, device=other.device)])
    assert len(central.rows("device")) == 1


def what_is_made_again_later(central: Central, shop: Laptop) -> None:
    """A record, and a variant with another record: both are there already."""
    variant = variant_of(shop)
    order = shop.order(variant)
    shop.push()
    shop.order(variant, order=order)
    assert statuses(shop.push())[-1] == "stands_already"
    _, [fresh] = shop.product()
    body = shop.log[-1].body.replace(fresh.hex.encode(), variant.hex.encode())
    shop.log.pop()
    values: dict[str, Any] = msgspec.json.decode(body)
    shop.record("product.added", "product", bytes(15) + b"x", values)
    assert statuses(shop.push())[-1] == "stands_already"


def a_nameless_laptop_comes_in(central: Central, shop: Laptop) -> None:
    """Another has its code by now: it is the one that it was, with a code that was given to nobody."""
    with lost_by_the_server(central) as forget:
        other = central.second(shop)
        other.order(variant_of(shop))
        forget()
    assert central.second(shop).code == "B"
    begun_anew(central, shop)
    shop.exchange(relay=wires(other))
    ticket = central.office.pairing_code(VENDOR).code
    asked = pair_request(ticket, device=other.device.hex)
    reply = read(central.desk.pair(codec.encode(asked), "zstd"), PairReply)
    assert reply.device == other.device.hex
    assert devices.is_code(reply.device_code)


def a_code_that_is_drawn() -> None:
    """After a loss it is any of those that nobody has."""
    every = {first + second for first in devices._LETTERS for second in devices._LETTERS}
    assert devices.next_code(every - {"QX"}, bytes) == "QX"


SERVED: tuple[Callable[[], None], ...] = (
    *(
        world_of(one)
        for one in (
            nobody_gives_back_its_own_log,
            one_that_comes_in_two_logs,
            a_log_that_parts_behind_what_is_missing,
            a_code_that_is_said_again,
            a_code_that_others_tell,
            a_first_operation_that_follows_another,
            what_is_made_again_later,
            a_nameless_laptop_comes_in,
        )
    ),
    a_code_that_is_drawn,
)
