"""The core put together: one place where its parts meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from pos.errors import UserError
from pos.log import EventLog
from pos.services.catalogue import Catalogue, NewProduct, NewVariant, tidy
from pos.services.configuration import Configuration
from pos.services.counter import Counter
from pos.services.customers import Customers
from pos.services.desk import Desk
from pos.services.drafts import Drafts
from pos.services.pictures import Pictures
from pos.services.stock import Stock
from pos.services.views import OperatorView, ProductView
from pos.settings import DeviceSettings
from pos.store import people
from pos.store.journal import codes_given
from pos.store.link import read_link
from pos.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from pos.domain.times import Clock
    from pos.paths import ShopPaths
    from pos.services.backups import Backups
    from pos.services.catalogue_files import CatalogueFiles, SheetProduct
    from pos.services.conflicts import Conflicts
    from pos.services.operators import Operators
    from pos.services.order_book import OrderBook
    from pos.services.order_steps import OrderSteps
    from pos.services.orders import Orders
    from pos.services.shelf import Shelf
    from pos.services.waiting import Waiting
    from pos.sheets.catalogue import Catalogue as SheetCatalogue
    from pos.sheets.rows import RowError, RowWarning
    from pos.store.link import Link
    from pos.sync.pairing import Paired
    from pos.sync.round import Outcome
    from pos.sync.tie import Tie
    from pos.sync.tokens import Tokens
    from pos.sync.transport import Transport

# What the first page does without is imported when it is first asked for.
_LATE: Final = (
    "files", "shelf", "orders", "steps", "book", "operators", "backups", "waiting", "conflicts", "sync",
)  # fmt: skip


class Shop:
    """An open shop. Close it, so that the second journal is complete.

    Attributes:
        is_open: False once it was closed, and where `reopen` failed.
        connect: makes the way to a server; None for the ordinary one.
        tokens: where the device's token is kept; None for the ordinary place.
    """

    connect: Callable[[str], Transport] | None = None
    tokens: Tokens | None = None

    def __init__(self, paths: ShopPaths, clock: Clock) -> None:
        self.paths = paths
        self._clock = clock
        self.reopen()

    def reopen(self) -> None:
        """Open the same place, at first or anew after `close`: a restore may have put another shop there.

        Services are made anew with it; whoever holds the shop itself goes on with these.

        Raises:
            EnvironmentFault: as `open_shop`.
        """
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
                owner = people.first_owner(connection)
                link = read_link(connection)
                self.store.catch_up_if_due(connection)
            if link is not None:
                self._notice_copy(link)
        except BaseException:
            self.close()
            raise
        for name in _LATE:
            self.__dict__.pop(name, None)
        operator = OperatorView(owner.id, owner.name, owner.role)
        self.desk = Desk(self.store, clock, DeviceSettings(paths.settings), operator)
        self.catalogue = Catalogue(self.desk)
        self.stock = Stock(self.desk)
        self.pictures = Pictures(paths)
        self.drafts = Drafts(self.desk)
        self.counter = Counter(self.desk)
        self.customers = Customers(self.desk)
        self.configuration = Configuration(self.desk)
        self.is_open = True

    def _notice_copy(self, link: Link) -> None:
        """Take new numbers before the first one is given, where this shop was copied or moved to another place."""
        from pos.sync.machine import machine_mark

        mark = machine_mark(self.paths)
        if not link.machine.endswith(mark):  # else it lies where it did, or has taken them already
            from pos.sync.rekey import renumber_if_copied

            renumber_if_copied(self.store, mark, codes_given(self.paths))

    @cached_property
    def files(self) -> CatalogueFiles:
        """Catalogue files in and out."""
        from pos.services.catalogue_files import CatalogueFiles

        return CatalogueFiles(self.desk)

    @cached_property
    def shelf(self) -> Shelf:
        """The stock list."""
        from pos.services.shelf import Shelf

        return Shelf(self.desk)

    @cached_property
    def orders(self) -> Orders:
        """Taking, showing, cancelling and paying orders."""
        from pos.services.orders import Orders

        return Orders(self.desk)

    @cached_property
    def steps(self) -> OrderSteps:
        """Moving orders on."""
        from pos.services.order_steps import OrderSteps

        return OrderSteps(self.desk)

    @cached_property
    def book(self) -> OrderBook:
        """The list of orders."""
        from pos.services.order_book import OrderBook

        return OrderBook(self.desk)

    @cached_property
    def operators(self) -> Operators:
        """Who may act here."""
        from pos.services.operators import Operators

        return Operators(self.desk, self.paths)

    @cached_property
    def backups(self) -> Backups:
        """Backups made and put back."""
        from pos.services.backups import Backups

        return Backups(self.desk, self.paths)

    @cached_property
    def waiting(self) -> Waiting:
        """What the server has not."""
        from pos.services.waiting import Waiting

        return Waiting(self.desk)

    @cached_property
    def conflicts(self) -> Conflicts:
        """Values that two people wrote without knowing of each other."""
        from pos.services.conflicts import Conflicts

        return Conflicts(self.desk)

    @cached_property
    def sync(self) -> Tie:
        """The tie to the server; nothing is sent before it is told to begin."""
        from pos.sync.tie import Tie
        from pos.sync.transport import HttpTransport

        return Tie(self.desk, self.paths, self.log, connect=self.connect or HttpTransport, tokens=self.tokens)

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
    return Shop(paths, clock)


@dataclass(frozen=True, slots=True)
class Imported:
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
