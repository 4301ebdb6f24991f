"""Building the shop of a laptop that joins a vendor: beside, with the vendor's records, then put in place whole.

What is on its way lies in a folder of its own within the shop's. Cut off, the same command goes on where it
stopped: the code is used up, and the token is kept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from filelock import Timeout
from sqlalchemy import select

from pos.domain.ids import uuid7
from pos.errors import ConflictError, EnvironmentFault, PosError
from pos.log import EventLog
from pos.paths import ShopPaths
from pos.services.catalogue import NewProduct, NewVariant, product_acts, tidy
from pos.services.desk import Desk
from pos.services.product_views import product_views
from pos.services.views import OperatorView
from pos.settings import DeviceSettings, sync_folder
from pos.store import facts, goods, journal, migrate, oplog, recovery
from pos.store import tables as t
from pos.store.backup import write_backup
from pos.store.engine import WriteLock, fold, make_engine
from pos.store.file import os_fault
from pos.store.link import Link, found_link, read_link
from pos.store.oplog import Act
from pos.store.restore import new_backup_path, put_in_place
from pos.store.store import Store
from pos.sync.drain import drain
from pos.sync.round import Round
from pos.sync.schedule import Schedule
from pos.sync.storage import device_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from pos.domain.times import Clock
    from pos.protocol.messages import PairReply
    from pos.services.views import ProductView
    from pos.sync.round import Outcome
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

_FOLDER: Final = ".pairing"
_USED: Final = "code"  # which code it came with, hashed, and how long the log was of the shop that was there


@dataclass(frozen=True, slots=True)
class Begun:
    """A shop on its way.

    Attributes:
        beside: where it is built.
        vendor: the vendor's name.
        code: what its numbers begin with.
        replaces: how long the log was of the shop whose place it takes, when the server was asked; 0 for none.
    """

    beside: ShopPaths
    vendor: str
    code: str
    replaces: int


def begun(paths: ShopPaths, server: str, code: str) -> Begun | None:
    """What an earlier try with this server and this code has left; None where there is nothing to go on with."""
    beside = _beside(paths)
    try:
        used, _, replaces = (beside.home / _USED).read_text(encoding="ascii").partition(" ")
        if used != _mark(code):
            return None
        replaced = int(replaces)
        with opened(beside, _NoClock()) as store, store.read() as connection:
            link = read_link(connection)
            own = connection.execute(select(t.installation.c.code)).scalar()
    except (OSError, ValueError, PosError):
        return None
    if link is None or own is None or link.server != server:
        return None
    return Begun(beside, link.vendor, own, replaced)


class _NoClock:
    """For a store that only reads."""

    def now_ms(self) -> int:
        """Never asked."""
        return 0


def begin(
    paths: ShopPaths, clock: Clock, reply: PairReply, link: Link, code: str, *, replaces: int = 0
) -> Begun:
    """Make the file of the shop to be, with its first operation and its tie to the server; `replaces` as in `Begun`.

    Raises:
        EnvironmentFault: the machine refused.
    """
    beside = _beside(paths)
    try:
        shutil.rmtree(beside.home, ignore_errors=True)
        beside.home.mkdir()
        migrate.create(beside.database)
        with opened(beside, clock) as store, store.write() as unit:
            device = UUID(hex=reply.device)
            unit.found(device, reply.device_code)
            unit.record_all(_first(device, reply, clock))
            found_link(unit.connection, link)
        DeviceSettings(beside.settings).put("lang", "bn")
        (beside.home / _USED).write_text(f"{_mark(code)} {replaces}", encoding="ascii")
    except OSError as error:
        raise os_fault(error, beside.database) from error
    return Begun(beside, reply.vendor, reply.device_code, replaces)


def _beside(paths: ShopPaths) -> ShopPaths:
    return ShopPaths(paths.home / _FOLDER)


def _mark(code: str) -> str:
    return hashlib.sha256(b"hatkhata: a code that was used\n" + code.encode()).hexdigest()


@contextmanager
def opened(paths: ShopPaths, clock: Clock) -> Iterator[Store]:
    """The store of the shop at this place, and its log, until the block ends."""
    log = EventLog(paths.logs)
    store = Store(paths, clock, log)
    try:
        yield store
    finally:
        store.close()
        log.close()


def _first(device: UUID, reply: PairReply, clock: Clock) -> list[Act]:
    """The first operations: the vendor's own, where this laptop is the first there, else that it joined."""
    body: dict[str, object] = {"vendor": reply.vendor_id, "code": reply.device_code}
    if not reply.founds:
        return [Act("device.joined", "device", device.bytes, body)]
    owner = uuid7(clock.now_ms())
    name = {"by": owner.hex, "key": "shop.name", "value": reply.vendor, "over": {"value": None}}
    return [
        Act("shop.founded", "device", device.bytes, body | {"demo": False}),
        Act("operator.added", "operator", owner.bytes, {"name": reply.vendor, "role": "owner"}),
        Act("setting.set", "setting", b"shop.name", name),
    ]


def fetch(
    begun: Begun,
    clock: Clock,
    transport: Transport,
    tokens: Tokens,
    machine: str,
    told: Callable[[Outcome], None] | None = None,
) -> None:
    """Sync until the vendor's records are here and it is known what is on hand; history follows later.

    Raises:
        UserError: as `Round.once`.
        EnvironmentFault: likewise; what came is kept.
    """
    with opened(begun.beside, clock) as store:
        with store.read() as connection:
            device = device_of(connection)

        def enough(seconds: float) -> bool:
            time.sleep(seconds)
            return _can_sell(store)

        round_ = Round(store, transport, tokens, clock, machine)
        try:
            drain(round_, Schedule(device), enough, told=told)
        except EnvironmentFault as fault:
            # Its own entry waits for room; what it needs has come.
            if fault.code != "quota_used_up" or not _can_sell(store):
                raise
        if not _can_sell(store):  # whoever founded the vendor has not sent anything yet
            raise EnvironmentFault("vendor_empty", vendor=begun.vendor)


def _can_sell(store: Store) -> bool:
    """Whether there is somebody to sell, and the stock is known."""
    with store.read() as connection:
        link = read_link(connection)
        owner = t.operator.c.role == "owner"
        somebody = connection.execute(select(t.operator.c.id).where(owner).limit(1)).first()
    return somebody is not None and link is not None and link.stock_seq != 0


def place(begun: Begun, paths: ShopPaths) -> None:
    """Put the finished shop into an empty place.

    Raises:
        EnvironmentFault: the machine refused; the same command goes on here.
    """
    with _closing(begun.beside, paths):
        if paths.database.exists():
            raise ConflictError("shop_exists")
        # The shop first: a journal without a shop would look like a lost one.
        for source, target in (
            (begun.beside.database, paths.database),
            (begun.beside.settings, paths.settings),
            (begun.beside.journal, paths.journal),
            (begun.beside.tip, paths.tip),
        ):
            if source.exists():
                os.replace(source, target)
        sync_folder(paths.home)
    shutil.rmtree(begun.beside.home, ignore_errors=True)


@contextmanager
def _closing(beside: ShopPaths, paths: ShopPaths) -> Iterator[None]:
    """With the shop's lock, and all of the finished shop in its one file."""
    try:
        engine = make_engine(beside.database, writer=True)
        try:
            journal.catch_up(beside, engine)
            fold(engine, beside.database)
        finally:
            engine.dispose()
        with WriteLock(paths.write_lock):
            yield
    except Timeout:
        raise EnvironmentFault("shop_busy") from None
    except OSError as error:
        raise os_fault(error, paths.database) from error


def replace(begun: Begun, paths: ShopPaths, clock: Clock) -> tuple[int, Path]:
    """Put the finished shop in the place of one that has not sold, whose own products come along.

    Args:
        begun: the shop on its way, ready to sell.
        paths: the shop that is there.
        clock: the device's own.

    Returns:
        How many products came along, and the backup of the shop of before.

    Raises:
        ConflictError: ``pair_shop_changed``: somebody has worked in it meanwhile.
        EnvironmentFault: the machine refused; the shop of before is untouched.
    """
    with WriteLock(paths.write_lock):
        engine = make_engine(paths.database, writer=True)
        try:
            with engine.connect() as connection, connection.begin():
                if oplog.read_tip(connection).n != begun.replaces:
                    shutil.rmtree(begun.beside.home, ignore_errors=True)  # another code begins anew
                    raise ConflictError("pair_shop_changed")
                own = _products(connection, clock)
            safety = new_backup_path(paths.backups, clock.now_ms(), "before-pairing")
            write_backup(engine, safety, clock.now_ms())
            fold(engine, paths.database)
        finally:
            engine.dispose()
        merged = _bring_along(begun.beside, clock, own)
        try:
            with _closing(begun.beside, begun.beside):
                put_in_place(paths, begun.beside.database)
                recovery.set_aside(paths, paths.tip, paths.journal)
                for source, target in (
                    (begun.beside.journal, paths.journal),
                    (begun.beside.tip, paths.tip),
                ):
                    os.replace(source, target)
                sync_folder(paths.home)
        except OSError as error:
            raise os_fault(error, paths.database) from error
    shutil.rmtree(begun.beside.home, ignore_errors=True)
    return merged, safety


def _products(connection: Connection, clock: Clock) -> list[ProductView]:
    here = select(t.product.c.id).where(t.product.c.archived.is_(False)).order_by(t.product.c.sku)
    ids = list(connection.execute(here).scalars())
    return list(product_views(connection, ids, clock.now_ms()).values())


def _bring_along(beside: ShopPaths, clock: Clock, own: list[ProductView]) -> int:
    """Add those products whose codes the vendor does not have; how many. Of the others the vendor's count."""
    with opened(beside, clock) as store:
        with store.read() as connection:
            owner = facts.first_owner(connection)
        operator = OperatorView(owner.id, owner.name, owner.role)
        desk = Desk(store, clock, DeviceSettings(beside.settings), operator)
        with store.write() as unit:
            codes = [code for p in own for code in (p.sku, *(v.sku for v in p.variants))]
            bars = [bar for p in own for bar in (p.barcode, *(v.barcode for v in p.variants)) if bar]
            taken = goods.taken_codes(unit.connection, codes)
            taken_bars = goods.taken_barcodes(unit.connection, bars)
            fresh = [p for p in own if not {p.sku, *(v.sku for v in p.variants)} & taken.keys()]
            acts = [act for p in fresh for act in product_acts(desk, tidy(_anew(p, taken_bars.keys())))[1]]
            unit.record_all(sorted(acts, key=lambda act: act.kind == "stock.moved"))
        store.settle()
    return len(fresh)


def _anew(product: ProductView, taken: Collection[str]) -> NewProduct:
    """The product as it would be entered today; a barcode that the vendor has on another product is left out."""

    def free(barcode: str | None) -> str | None:
        return None if barcode in taken else barcode

    return NewProduct(
        name_bn=product.name_bn,
        price_paisa=product.price_paisa,
        unit=product.unit,
        name_en=product.name_en,
        sku=product.sku,
        category=product.category,
        cost_paisa=product.cost_paisa,
        barcode=free(product.barcode),
        stock_milli=0 if product.variants else max(0, product.on_hand_milli),
        minimum_milli=product.minimum_milli,
        fractions=product.fractions,
        variants=tuple(
            NewVariant(v.sku, v.size, v.colour, free(v.barcode), v.price_paisa, max(0, v.on_hand_milli))
            for v in product.variants
        ),
    )
