"""The server's tables.

A table of vendors' data begins every key with `vendor_id`, so that a vendor's rows lie together, on one
PostgreSQL or on many nodes of Citus, and no row of one can point at or collide with another's (toolchain.md §5).
What is the same for all (hats, notices, the register of vendors) is small and stands on every node.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy import Dialect

metadata = MetaData()


class Id(TypeDecorator[uuid.UUID]):
    """An identity: 16 bytes in SQLite, the type `uuid` in PostgreSQL."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's own type."""
        return postgresql.UUID(as_uuid=True) if dialect.name == "postgresql" else LargeBinary()

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        """As it is stored."""
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        """As it is used."""
        return value if value is None or dialect.name == "postgresql" else uuid.UUID(bytes=value)


def _vendor() -> Column[uuid.UUID]:
    return Column("vendor_id", Id, nullable=False)


vendor_stream = Table(
    "vendor_stream",
    metadata,
    _vendor(),
    Column("head", BigInteger, nullable=False),
    Column("epoch", Text, nullable=False),
    # Accepted operations of each stream: how many, and the sum of their hashes mod 2^64 as a signed number.
    Column("v_count", BigInteger, nullable=False),
    Column("v_sum", BigInteger, nullable=False),
    Column("h_count", BigInteger, nullable=False),
    Column("h_sum", BigInteger, nullable=False),
    # Held operations that may stand one day, and erased aggregates: nought spares a question per exchange.
    Column("waiting", BigInteger, nullable=False),
    Column("erased", BigInteger, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    PrimaryKeyConstraint("vendor_id", name="vendor_stream_pkey"),
)

device = Table(
    "device",
    metadata,
    _vendor(),
    Column("device_id", Id, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("machine", Text, nullable=False),
    Column("last_n", BigInteger, nullable=False),
    Column("last_hash", LargeBinary, nullable=False),
    Column("parent_id", Id),
    Column("parent_n", BigInteger),
    Column("paired_at_ms", BigInteger, nullable=False),
    Column("revoked_at_ms", BigInteger),
    Column("app", Text, nullable=False),
    Column("schema_no", Integer, nullable=False),
    Column("last_seen_ms", BigInteger, nullable=False),
    Column("waiting", BigInteger, nullable=False),
    Column("sold", SmallInteger, nullable=False),
    PrimaryKeyConstraint("vendor_id", "device_id", name="device_pkey"),
    UniqueConstraint("vendor_id", "code", name="device_code_key"),
    ForeignKeyConstraint(["vendor_id"], ["vendor_stream.vendor_id"], name="device_vendor_fkey"),
)

operation = Table(
    "operation",
    metadata,
    _vendor(),
    Column("op_id", Id, nullable=False),
    Column("device_id", Id, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("stream", Text, nullable=False),
    Column("agg", Text, nullable=False),
    Column("agg_id", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    Column("personal", Text),
    Column("commitment", LargeBinary),
    Column("at_ms", BigInteger, nullable=False),
    Column("hlc", BigInteger, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("seq", BigInteger),
    Column("rank", BigInteger),
    Column("status", Text, nullable=False),
    Column("why", Text),
    Column("size", Integer, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("vendor_id", "op_id", name="operation_pkey"),
    UniqueConstraint("vendor_id", "device_id", "n", name="operation_position_key"),
    Index("operation_by_seq", "vendor_id", "stream", "seq"),
    Index("operation_by_aggregate", "vendor_id", "agg_id", "status"),
    Index(
        "operation_held",
        "vendor_id",
        "why",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)

stock = Table(
    "stock",
    metadata,
    _vendor(),
    Column("variant_id", LargeBinary, nullable=False),
    Column("on_hand", BigInteger, nullable=False),
    Column("made_by", Id, nullable=False),
    PrimaryKeyConstraint("vendor_id", "variant_id", name="stock_pkey"),
)

sale = Table(
    "sale",
    metadata,
    _vendor(),
    Column("order_id", LargeBinary, nullable=False),
    Column("number", Text, nullable=False),
    Column("device_id", Id, nullable=False),
    Column("hat_on", Text),
    Column("taken_on", Text, nullable=False),
    Column("taken_at_ms", BigInteger, nullable=False),
    Column("total_paisa", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("customer_id", LargeBinary),
    PrimaryKeyConstraint("vendor_id", "order_id", name="sale_pkey"),
    Index("sale_by_hat", "vendor_id", "hat_on", "taken_at_ms"),
)

erased = Table(
    "erased",
    metadata,
    _vendor(),
    Column("agg_id", LargeBinary, nullable=False),
    PrimaryKeyConstraint("vendor_id", "agg_id", name="erased_pkey"),
)

VENDOR_TABLES: Final = (vendor_stream, device, operation, stock, sale, erased)

vendor = Table(
    "vendor",
    metadata,
    _vendor(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("vendor_id", name="vendor_pkey"),
    UniqueConstraint("name_key", name="vendor_name_key"),
)

pairing = Table(
    "pairing",
    metadata,
    Column("selector", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    _vendor(),
    Column("expires_at_ms", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("selector", name="pairing_pkey"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    PrimaryKeyConstraint("name", name="counter_pkey"),
)

hat_day = Table(
    "hat_day",
    metadata,
    Column("hat_on", Text, nullable=False),
    Column("g", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("opens_min", Integer),
    Column("closes_min", Integer),
    Column("ordinal", Integer),
    Column("reason", Text, nullable=False),
    Column("gone", SmallInteger, nullable=False),
    PrimaryKeyConstraint("hat_on", name="hat_day_pkey"),
    Index("hat_day_by_g", "g"),
)

notice = Table(
    "notice",
    metadata,
    Column("notice_id", Id, nullable=False),
    Column("g", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("gone", SmallInteger, nullable=False),
    PrimaryKeyConstraint("notice_id", name="notice_pkey"),
    Index("notice_by_g", "g"),
)

account = Table(
    "account",
    metadata,
    Column("account_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("closed_at_ms", BigInteger),
    PrimaryKeyConstraint("account_id", name="account_pkey"),
    UniqueConstraint("name", name="account_name_key"),
)

act = Table(
    "act",
    metadata,
    Column("act_id", Id, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("act_id", name="act_pkey"),
    Index("act_by_time", "at_ms"),
)

GLOBAL_TABLES: Final = (vendor, pairing, counter, hat_day, notice, account, act)
