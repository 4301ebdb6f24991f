"""Sync: the operations of the vendor's other devices, the server's order, conflicts. And orders of two devices,
whose numbers the database no longer forbids to be the same (docs/decisions/0050).
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

# Frozen, as the first schema is.
NEW = (
    """
CREATE TABLE foreign_op (
    op_id BLOB NOT NULL CHECK (length(op_id) = 16),
    device_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    v INTEGER NOT NULL,
    agg TEXT NOT NULL,
    agg_id BLOB NOT NULL,
    body TEXT NOT NULL,
    personal TEXT,
    commitment BLOB,
    at_ms INTEGER NOT NULL,
    hlc INTEGER NOT NULL,
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    seq INTEGER,
    rank INTEGER,
    stream TEXT NOT NULL CHECK (stream IN ('v', 'h')),
    PRIMARY KEY (op_id)
)
 STRICT
    """,
    """
CREATE INDEX foreign_op_by_seq ON foreign_op (seq, stream, hash)
    """,
    """
CREATE INDEX foreign_op_of_records ON foreign_op (agg_id, kind) WHERE kind IN ('shop.founded', 'device.joined', 'device.rekeyed', 'operator.edited', 'product.edited', 'variant.edited', 'customer.edited', 'customer.erased', 'hat.set', 'hat.unset', 'setting.set')
    """,
    """
CREATE TABLE "deferred" (
    op_id BLOB NOT NULL CHECK (length(op_id) = 16),
    PRIMARY KEY (op_id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE link (
    one INTEGER NOT NULL CHECK (one = 1),
    server TEXT NOT NULL,
    vendor TEXT NOT NULL,
    epoch TEXT,
    ack_n INTEGER DEFAULT '0' NOT NULL,
    cursor_v INTEGER DEFAULT '0' NOT NULL,
    cursor_h INTEGER DEFAULT '0' NOT NULL,
    cursor_g INTEGER DEFAULT '0' NOT NULL,
    stock_seq INTEGER,
    machine TEXT DEFAULT '' NOT NULL,
    synced_at_ms INTEGER,
    PRIMARY KEY (one)
)
 STRICT
    """,
    """
CREATE TABLE "conflict" (
    agg TEXT NOT NULL,
    agg_id BLOB NOT NULL,
    field TEXT NOT NULL,
    other_op BLOB NOT NULL CHECK (length(other_op) = 16),
    kept_op BLOB NOT NULL CHECK (length(kept_op) = 16),
    kept TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (agg, agg_id, field, other_op)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE notice (
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE stock_base (
    variant_id BLOB NOT NULL,
    on_hand_milli INTEGER NOT NULL,
    PRIMARY KEY (variant_id),
    FOREIGN KEY(variant_id) REFERENCES variant (id)
)
 WITHOUT ROWID,
 STRICT
    """,
)

# Made anew with the rows they had: SQLite cannot take a UNIQUE away, and a column it adds stands behind the keys.
OP = (
    """
CREATE TABLE op (
    n INTEGER NOT NULL,
    op_id BLOB NOT NULL CHECK (length(op_id) = 16),
    kind TEXT NOT NULL,
    v INTEGER NOT NULL,
    agg TEXT NOT NULL,
    agg_id BLOB NOT NULL,
    body TEXT NOT NULL,
    personal TEXT,
    commitment BLOB,
    at_ms INTEGER NOT NULL,
    hlc INTEGER NOT NULL,
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    state INTEGER DEFAULT '0' NOT NULL,
    seq INTEGER,
    rank INTEGER,
    why TEXT,
    author BLOB,
    PRIMARY KEY (n),
    UNIQUE (op_id)
)
 STRICT
    """,
    """
CREATE INDEX op_by_seq ON op (seq, kind, hash) WHERE seq IS NOT NULL
    """,
    """
CREATE INDEX op_of_records ON op (agg_id, kind) WHERE kind IN ('shop.founded', 'device.joined', 'device.rekeyed', 'operator.edited', 'product.edited', 'variant.edited', 'customer.edited', 'customer.erased', 'hat.set', 'hat.unset', 'setting.set')
    """,
)
ORDERS = (
    """
CREATE TABLE orders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    number TEXT NOT NULL,
    series_code TEXT NOT NULL,
    series_year INTEGER NOT NULL,
    series_no INTEGER NOT NULL CHECK (series_no > 0),
    request_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('confirmed','packed','handed_over','delivered','cancelled','returned','partly_returned')),
    hat_on TEXT,
    hat_ordinal INTEGER,
    after_hat INTEGER DEFAULT '0' NOT NULL CHECK (after_hat IN (0, 1)),
    taken_at_ms INTEGER NOT NULL,
    taken_on TEXT NOT NULL,
    operator_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    customer_id BLOB,
    rest TEXT NOT NULL CHECK (rest IN ('cod', 'due', 'none')),
    source TEXT DEFAULT '' NOT NULL,
    subtotal_paisa INTEGER NOT NULL CHECK (subtotal_paisa BETWEEN 0 AND 100000000000),
    discount_paisa INTEGER NOT NULL CHECK (discount_paisa BETWEEN 0 AND 100000000000),
    delivery_paisa INTEGER NOT NULL CHECK (delivery_paisa BETWEEN 0 AND 100000000000),
    rounding_paisa INTEGER NOT NULL CHECK (rounding_paisa BETWEEN -100000000000 AND 100000000000),
    total_paisa INTEGER NOT NULL CHECK (total_paisa BETWEEN 0 AND 100000000000),
    paid_paisa INTEGER NOT NULL CHECK (paid_paisa BETWEEN 0 AND 100000000000),
    change_paisa INTEGER NOT NULL CHECK (change_paisa BETWEEN 0 AND 100000000000),
    due_paisa INTEGER NOT NULL CHECK (due_paisa BETWEEN 0 AND 100000000000),
    cod_paisa INTEGER NOT NULL CHECK (cod_paisa BETWEEN 0 AND 100000000000),
    warnings TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id),
    CHECK (total_paisa = subtotal_paisa - discount_paisa + delivery_paisa + rounding_paisa),
    CHECK (cod_paisa <= due_paisa),
    FOREIGN KEY(operator_id) REFERENCES operator (id),
    FOREIGN KEY(device_id) REFERENCES device (id),
    FOREIGN KEY(customer_id) REFERENCES customer (id)
)
 STRICT
    """,
    """
CREATE INDEX orders_by_customer ON orders (customer_id) WHERE customer_id IS NOT NULL
    """,
    """
CREATE INDEX orders_by_day ON orders (taken_at_ms)
    """,
    """
CREATE INDEX orders_by_hat ON orders (hat_on) WHERE hat_on IS NOT NULL
    """,
    """
CREATE INDEX orders_by_number ON orders (number)
    """,
    """
CREATE INDEX orders_by_request ON orders (request_id) WHERE request_id IS NOT NULL
    """,
    """
CREATE INDEX orders_by_series ON orders (series_code, series_year, series_no)
    """,
    """
CREATE INDEX orders_by_status ON orders (status, taken_at_ms, cod_paisa, due_paisa)
    """,
)
HAT_DAY = (
    """
CREATE TABLE hat_day (
    source TEXT NOT NULL CHECK (source IN ('vendor', 'organiser')),
    hat_on TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('added', 'cancelled')),
    opens_min INTEGER,
    closes_min INTEGER,
    ordinal INTEGER,
    fv TEXT DEFAULT '{}' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (source, hat_on)
)
 WITHOUT ROWID,
 STRICT
    """,
)


def upgrade() -> None:
    """Make the tables, and make three anew."""
    for statement in NEW:
        _run(statement)
    _run("PRAGMA legacy_alter_table=ON")  # what points at a table goes on pointing at its name
    _make_anew("op", OP)
    _make_anew("orders", ORDERS)
    _make_anew("hat_day", HAT_DAY)
    _run("PRAGMA legacy_alter_table=OFF")


def _make_anew(table: str, statements: tuple[str, ...]) -> None:
    rows = op.get_bind().exec_driver_sql(f"PRAGMA table_info({table})")
    columns = ", ".join(row[1] for row in rows)
    _run(f"ALTER TABLE {table} RENAME TO {table}_before")
    create, *indexes = statements
    _run(create)
    _run(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before")
    _run(f"DROP TABLE {table}_before")
    for statement in indexes:
        _run(statement)


def _run(statement: str) -> None:
    op.execute(statement.replace(":", "\\:"))
