"""Spreading the tables over the nodes of Citus: vendors' rows by vendor, what is everybody's on every node.

Done once, on a database that this release has migrated; doing it again changes nothing (toolchain.md §5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pos.errors import UserError
from pos.server.tables import GLOBAL_TABLES, VENDOR_TABLES, device, vendor_stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pos.server.engine import Database

_TOGETHER: Final = vendor_stream.name
# Citus takes a foreign key between tables that both are spread, and none while only one of them is.
_FOREIGN_KEY: Final = "device_vendor_fkey"


def statements(spread: Collection[str]) -> Iterator[str]:
    """What is to be said, where these tables are spread already."""
    for table in GLOBAL_TABLES:
        if table.name not in spread:
            yield f"SELECT create_reference_table('{table.name}')"
    if {_TOGETHER, device.name} <= set(spread):
        return
    yield f"ALTER TABLE {device.name} DROP CONSTRAINT IF EXISTS {_FOREIGN_KEY}"
    for table in VENDOR_TABLES:
        if table.name not in spread:
            beside = "" if table.name == _TOGETHER else f", colocate_with => '{_TOGETHER}'"
            yield f"SELECT create_distributed_table('{table.name}', 'vendor_id'{beside})"
    yield (
        f"ALTER TABLE {device.name} ADD CONSTRAINT {_FOREIGN_KEY}"
        f" FOREIGN KEY (vendor_id) REFERENCES {_TOGETHER} (vendor_id)"
    )


def distribute(database: Database) -> list[str]:
    """Spread what is not spread yet; the tables that were.

    Raises:
        UserError: ``citus_missing``: the database is no PostgreSQL, or has no Citus.
    """
    if database.dialect != "postgresql":
        raise UserError("citus_missing")
    with database.owning() as connection:
        if not connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'citus'").first():
            raise UserError("citus_missing")
        asked = "SELECT logicalrelid::regclass::text FROM pg_dist_partition"
        before = {str(name) for (name,) in connection.exec_driver_sql(asked)}
        for statement in statements(before):
            connection.exec_driver_sql(statement)
    return [table.name for table in (*GLOBAL_TABLES, *VENDOR_TABLES) if table.name not in before]
