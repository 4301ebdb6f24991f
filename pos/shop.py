"""The core put together: one place where its parts meet."""

from __future__ import annotations

import os
from types import TracebackType

from pos.domain.times import Clock
from pos.log import EventLog
from pos.paths import ShopPaths
from pos.services.backups import Backups
from pos.services.catalogue import Catalogue
from pos.services.catalogue_files import CatalogueFiles
from pos.services.configuration import Configuration
from pos.services.customers import Customers
from pos.services.desk import Desk
from pos.services.orders import Orders
from pos.services.stock import Stock
from pos.services.views import OperatorView
from pos.settings import DeviceSettings
from pos.store import people
from pos.store.store import Store


class Shop:
    """An open shop. Close it, so that the second journal is complete."""

    def __init__(self, paths: ShopPaths, clock: Clock) -> None:
        self.paths = paths
        self.log = EventLog(paths.logs)
        self.store = Store(paths, clock, self.log)
        with self.store.read() as connection:
            owner = people.first_owner(connection)
        operator = OperatorView(owner.id, owner.name, owner.role)
        self.desk = Desk(self.store, clock, DeviceSettings(paths.settings), operator)
        self.catalogue = Catalogue(self.desk)
        self.files = CatalogueFiles(self.desk)
        self.stock = Stock(self.desk)
        self.orders = Orders(self.desk)
        self.customers = Customers(self.desk)
        self.configuration = Configuration(self.desk)
        self.backups = Backups(self.desk, paths)

    def close(self) -> None:
        """Finish what is due and let go of every file."""
        self.store.close()
        self.log.close()

    def __enter__(self) -> Shop:
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


def may_write(paths: ShopPaths) -> bool:
    """Whether this process may write into the shop's folder."""
    return os.access(paths.home, os.W_OK)
