"""The core put together: one place where its parts meet."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self, cast

import msgspec

from pos.errors import BugError, EnvironmentFault, UserError
from pos.services.counter import Counter
from pos.services.desk import Desk
from pos.services.pictures import Pictures
from pos.services.views import OperatorView, ProductView
from pos.settings import DeviceSettings
from pos.store import facts
from pos.store.glance import Glance, glance_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from pos.domain.times import Clock
    from pos.log import EventLog
    from pos.paths import ShopPaths
    from pos.services.backups import Backups
    from pos.services.catalogue import Catalogue
    from pos.services.catalogue_files import CatalogueFiles, SheetProduct
    from pos.services.configuration import Configuration
    from pos.services.conflicts import Conflicts
    from pos.services.customers import Customers
    from pos.services.drafts import Drafts
    from pos.services.operators import Operators
    from pos.services.order_book import OrderBook
    from pos.services.order_steps import OrderSteps
    from pos.services.orders import Orders
    from pos.services.shelf import Shelf
    from pos.services.stock import Stock
    from pos.services.waiting import Waiting
    from pos.sheets.catalogue import Catalogue as SheetCatalogue
    from pos.sheets.rows import RowError, RowWarning
    from pos.store.link import Link
    from pos.store.store import Store
    from pos.sync.pairing import Paired
    from pos.sync.round import Outcome
    from pos.sync.tie import Tie
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

# What is there once the shop is open.
_OPENED: Final = frozenset({"store", "log", "catalogue", "stock", "drafts", "customers", "configuration"})
# What the first page does without is imported when it is first asked for.
_LATE: Final = (
    "files", "shelf", "orders", "steps", "book", "operators", "backups", "waiting", "conflicts", "sync",
)  # fmt: skip


class Shop:
    """A shop. Open it before anything is written, and close it, so that the second journal is complete.

    Before it is open it can be looked in. What the first page reads is there then; whoever asks for anything else waits
    until another thread has opened it.

    Attributes:
        is_open: whether it is; False also once it was closed, and where `reopen` failed.
        connect: makes the way to a server; None for the ordinary one.
        tokens: where the device's token is kept; None for the ordinary place.
    """

    connect: Callable[[str], Transport] | None = None
    tokens: Tokens | None = None

    store: Store
    log: EventLog
    desk: Desk
    catalogue: Catalogue
    stock: Stock
    drafts: Drafts
    counter: Counter
    customers: Customers
    configuration: Configuration

    def __init__(self, paths: ShopPaths, clock: Clock) -> None:
        self.paths = paths
        self._clock = clock
        self.is_open = False
        self.pictures = Pictures(paths)
        self._glance: Glance | None = None
        self._looked_in = self._expected = False
        self._done = threading.Event()  # opened, or it could not be
        self._fault: BaseException | None = None

    def look_in(self) -> bool:
        """Read what the first page shows, before the shop is open; False where it has to be opened for that.

        That is so where somebody is asked who he is, where a cart is at hand, and where the shop's file is not what it
        should be; the opening finds what it is.
        """
        glance = glance_at(self.paths)
        if glance is None:
            return False
        try:
            with glance.read() as connection:
                owner = facts.first_owner(connection)
                plain = not facts.drafts_in(connection, "cart") and not self.paths.pins.exists()
        except EnvironmentFault:
            plain = False
        except BaseException:
            glance.close()
            raise
        if not plain:
            glance.close()
            return False
        self._glance, self._looked_in = glance, True
        self.desk = self._desk_over(glance, owner)
        self.counter = Counter(self.desk)
        return True

    def _desk_over(self, store: Store | Glance, owner: Any) -> Desk:
        operator = OperatorView(owner.id, owner.name, owner.role)
        # Until the shop is open only `read` of it is called, which both have.
        return Desk(cast("Store", store), self._clock, DeviceSettings(self.paths.settings), operator)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """What is not there before the shop is open is waited for."""
            if name in _OPENED:
                self._wait()
            if name in self.__dict__:
                return self.__dict__[name]
            raise AttributeError(name)

    def _wait(self) -> None:
        """Return once the shop is open.

        Raises:
            EnvironmentFault: as `reopen` has raised.
            BugError: nobody is opening it, and the wait would have no end.
        """
        if self._looked_in and not self.is_open:
            if not self._expected:
                raise BugError("bug", kind="asked too early")
            self._done.wait()
            if self._fault is not None:
                raise self._fault

    def expect(self) -> None:
        """Another thread is about to open the shop: from now on, whoever asks for more than the first page waits."""
        self._expected = True

    def let_go(self) -> None:
        """The look before the opening is over. For the thread that looked in: the driver's connection is its own."""
        glance, self._glance = self._glance, None
        if glance is not None:
            glance.close()

    def reopen(self) -> None:
        """Open the place, at first or anew after `close`: a restore may have put another shop there.

        Services are made anew with it; whoever holds the shop itself goes on with these.

        Raises:
            EnvironmentFault: as `open_shop`.
        """
        self._fault = None
        try:
            self._open()
        except BaseException as error:
            self._fault = error
            raise
        finally:
            self._done.set()

    def _open(self) -> None:
        from pos.log import EventLog
        from pos.services.catalogue import Catalogue
        from pos.services.configuration import Configuration
        from pos.services.customers import Customers
        from pos.services.drafts import Drafts
        from pos.services.stock import Stock
        from pos.store.link import read_link
        from pos.store.store import Store

        paths, clock = self.paths, self._clock
        self.is_open = False
        self.log = EventLog(paths.logs)
        try:
            self.store = Store(paths, clock, self.log)
        except BaseException:
            self.log.close()
            raise
        try:
            with self.store.read() as connection:
                owner = facts.first_owner(connection)
                link = read_link(connection)
                self.store.catch_up_if_due(connection)
            if link is not None:
                self._notice_copy(link)
        except BaseException:
            self.close()
            raise
        for name in _LATE:
            self.__dict__.pop(name, None)
        self.desk = desk = self._desk_over(self.store, owner)
        self.catalogue = Catalogue(desk)
        self.stock = Stock(desk)
        self.drafts = Drafts(desk)
        self.counter = Counter(desk)
        self.customers = Customers(desk)
        self.configuration = Configuration(desk)
        self.is_open = True

    def _notice_copy(self, link: Link) -> None:
        """Take new numbers before the first one is given, where this shop was copied or moved to another place."""
        from pos.store.journal import codes_given
        from pos.sync.machine import machine_mark

        mark = machine_mark(self.paths)
        if not link.machine.endswith(mark):  # else it lies where it did, or has taken them already
            from pos.sync.rekey import renumber_if_copied

            renumber_if_copied(self.store, mark, codes_given(self.paths))

    def _open_desk(self) -> Desk:
        self._wait()
        return self.desk

    @cached_property
    def files(self) -> CatalogueFiles:
        """Catalogue files in and out."""
        from pos.services.catalogue_files import CatalogueFiles

        return CatalogueFiles(self._open_desk())

    @cached_property
    def shelf(self) -> Shelf:
        """The stock list."""
        from pos.services.shelf import Shelf

        return Shelf(self._open_desk())

    @cached_property
    def orders(self) -> Orders:
        """Taking, showing, cancelling and paying orders."""
        from pos.services.orders import Orders

        return Orders(self._open_desk())

    @cached_property
    def steps(self) -> OrderSteps:
        """Moving orders on."""
        from pos.services.order_steps import OrderSteps

        return OrderSteps(self._open_desk())

    @cached_property
    def book(self) -> OrderBook:
        """The list of orders."""
        from pos.services.order_book import OrderBook

        return OrderBook(self._open_desk())

    @cached_property
    def operators(self) -> Operators:
        """Who may act here."""
        from pos.services.operators import Operators

        return Operators(self._open_desk(), self.paths)

    @cached_property
    def backups(self) -> Backups:
        """Backups made and put back."""
        from pos.services.backups import Backups

        return Backups(self._open_desk(), self.paths)

    @cached_property
    def waiting(self) -> Waiting:
        """What the server has not."""
        from pos.services.waiting import Waiting

        return Waiting(self._open_desk())

    @cached_property
    def conflicts(self) -> Conflicts:
        """Values that two people wrote without knowing of each other."""
        from pos.services.conflicts import Conflicts

        return Conflicts(self._open_desk())

    @cached_property
    def sync(self) -> Tie:
        """The tie to the server; nothing is sent before it is told to begin."""
        from pos.sync.tie import Tie
        from pos.sync.transport import HttpTransport

        return Tie(
            self._open_desk(), self.paths, self.log, connect=self.connect or HttpTransport, tokens=self.tokens
        )

    def pair(self, server: str, code: str, told: Callable[[Outcome], None] | None = None) -> Paired:
        """Pair this shop with a server; it is closed while that is done, and may be another one afterwards.

        Raises:
            UserError: as `pos.sync.pairing.pair`.
            EnvironmentFault: likewise.
        """
        from pos.sync.pairing import pair
        from pos.sync.transport import HttpTransport

        return pair(
            self.paths, self._clock, server, code, connect=self.connect or HttpTransport, tokens=self.tokens,
            told=told,
        )  # fmt: skip

    def close(self) -> None:
        """Finish what is due and let go of every file."""
        self.let_go()
        self.is_open = False
        if "sync" in self.__dict__:
            self.sync.close()
        self.store.close()
        self.log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_shop(paths: ShopPaths, clock: Clock) -> Shop:
    """Open the shop at `paths`.

    Raises:
        EnvironmentFault: ``shop_missing``, ``database_newer``, ``database_damaged`` and the like.
    """
    shop = Shop(paths, clock)
    shop.reopen()
    return shop


class Imported(msgspec.Struct, frozen=True):
    """What an import did, or would do; `errors` are the file's and the shop's, in the order of rows."""

    products: int
    variants: int
    skus: int
    updated: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowWarning, ...]
    ignored_columns: tuple[str, ...]
    written: bool
    safety: Path | None


def import_catalogue(
    shop: Shop,
    file: Path,
    *,
    variants: Path | None = None,
    mapping: Path | None = None,
    bijoy: frozenset[str] = frozenset(),
    dry_run: bool = False,
    partial: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Imported:
    """Read a catalogue file and take it into the shop: all of it, or nothing unless `partial`.

    A shop that already has orders is backed up first.

    Raises:
        UserError: what is wrong with the file as a whole.
        EnvironmentFault: the machine refused; nothing was written.
    """
    from pos.sheets.catalogue import parse_catalogue
    from pos.sheets.headings import read_mapping
    from pos.sheets.reading import read_sheet
    from pos.sheets.rows import RowError

    parsed = parse_catalogue(
        read_sheet(file),
        read_sheet(variants) if variants is not None else None,
        mapping=read_mapping(mapping) if mapping is not None else None,
        bijoy=bijoy,
        progress=progress,
    )
    errors = list(parsed.errors)
    products = list(_tidy_rows(parsed, errors))
    stopped = bool(errors) and not partial
    safety = None
    if not (dry_run or stopped) and shop.orders.any():
        safety = shop.backups.make(why="before-import").path
    report = shop.files.take(products, dry_run=dry_run or stopped, partial=partial, progress=progress)
    errors += [RowError(r.row, r.field, r.code, r.params) for r in report.refused]
    return Imported(
        products=report.products,
        variants=report.variants,
        skus=report.skus,
        updated=report.updated,
        errors=tuple(sorted(errors, key=lambda e: (e.sheet, e.row))),
        warnings=tuple(parsed.warnings),
        ignored_columns=parsed.ignored_columns,
        written=report.written and not (dry_run or stopped),
        safety=safety,
    )


def _tidy_rows(parsed: SheetCatalogue, errors: list[RowError]) -> Iterator[SheetProduct]:
    """The file's rows as products; a row that the rules of a product refuse becomes one more error."""
    from pos.services.catalogue import NewProduct, NewVariant, tidy
    from pos.services.catalogue_files import SheetProduct
    from pos.sheets.rows import RowError

    variants = parsed.variants_of()
    for row in parsed.products:
        new = NewProduct(
            name_bn=row.name_bn,
            name_en=row.name_en,
            sku=row.sku,
            category=row.category,
            unit=row.unit,
            price_paisa=row.price_paisa,
            cost_paisa=row.cost_paisa,
            barcode=row.barcode,
            stock_milli=row.stock_milli or 0,
            minimum_milli=row.minimum_milli,
            fractions=row.fractions,
            variants=tuple(
                NewVariant(
                    sku=v.variant_sku or "",
                    size=v.size,
                    colour=v.colour,
                    barcode=v.barcode,
                    price_paisa=v.price_paisa,
                    stock_milli=v.stock_milli or 0,
                )
                for v in variants.get(row.row, [])
            ),
        )
        try:
            yield SheetProduct(row.row, tidy(new))
        except UserError as error:
            errors.append(RowError(row.row, str(error.params.get("field", "")), error.code, error.params))


def export_catalogue(
    products: Sequence[ProductView],
    file: Path,
    *,
    progress: Callable[[int, int | None], None] | None = None,
) -> tuple[Path, ...]:
    """Write products so that importing the file again changes nothing; the files made come back.

    What is below zero is written as 0: a file of goods cannot open a shop with a debt.

    Raises:
        UserError: ``export_kind``.
        EnvironmentFault: ``file_not_written``; what was there before is untouched.
    """
    from pos.sheets.rows import ProductRow, VariantRow
    from pos.sheets.writing import write_catalogue

    rows = (
        ProductRow(
            row=number,
            sku=p.sku,
            name_bn=p.name_bn,
            name_en=p.name_en,
            category=p.category,
            unit=p.unit,
            cost_paisa=p.cost_paisa,
            price_paisa=p.price_paisa,
            barcode=p.barcode,
            stock_milli=None if p.variants else max(0, p.on_hand_milli),
            minimum_milli=p.minimum_milli,
            fractions=p.fractions,
        )
        for number, p in enumerate(products, 2)
    )
    variants = (
        VariantRow(
            row=0,
            product_sku=p.sku,
            variant_sku=v.sku,
            size=v.size,
            colour=v.colour,
            barcode=v.barcode,
            stock_milli=max(0, v.on_hand_milli),
            price_paisa=v.price_paisa if v.price_paisa != p.price_paisa else None,
        )
        for p in products
        for v in p.variants
    )
    return write_catalogue(file, rows, variants, progress=progress).files
