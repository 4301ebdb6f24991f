"""The first schema."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

# Frozen: written out when this schema was released, never made from today's tables.
STATEMENTS = (
    """
CREATE TABLE customer (
    id BLOB NOT NULL CHECK (length(id) = 16),
    phone TEXT,
    phone2 TEXT,
    name TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    district TEXT DEFAULT '' NOT NULL,
    thana TEXT DEFAULT '' NOT NULL,
    created_at_ms INTEGER NOT NULL,
    erased_at_ms INTEGER,
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id)
)
 STRICT
    """,
    """
CREATE INDEX customer_by_phone ON customer (phone) WHERE phone IS NOT NULL
    """,
    """
CREATE INDEX customer_by_phone2 ON customer (phone2) WHERE phone2 IS NOT NULL
    """,
    """
CREATE TABLE device (
    id BLOB NOT NULL CHECK (length(id) = 16),
    code TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE hat_day (
    source TEXT NOT NULL CHECK (source IN ('vendor', 'organiser')),
    hat_on TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('added', 'cancelled')),
    opens_min INTEGER,
    closes_min INTEGER,
    ordinal INTEGER,
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (source, hat_on)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE installation (
    one INTEGER NOT NULL CHECK (one = 1),
    device_id BLOB NOT NULL CHECK (length(device_id) = 16),
    vendor_id BLOB NOT NULL CHECK (length(vendor_id) = 16),
    code TEXT NOT NULL,
    base_code TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    demo INTEGER DEFAULT '0' NOT NULL CHECK (demo IN (0, 1)),
    PRIMARY KEY (one)
)
 STRICT
    """,
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
    PRIMARY KEY (n),
    UNIQUE (op_id)
)
 STRICT
    """,
    """
CREATE TABLE operator (
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('owner', 'helper')),
    pin_hash TEXT,
    archived INTEGER DEFAULT '0' NOT NULL CHECK (archived IN (0, 1)),
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id)
)
 STRICT
    """,
    """
CREATE TABLE product (
    id BLOB NOT NULL CHECK (length(id) = 16),
    sku TEXT NOT NULL CHECK (sku <> ''),
    name_bn TEXT NOT NULL CHECK (name_bn <> ''),
    name_en TEXT DEFAULT '' NOT NULL,
    category TEXT DEFAULT '' NOT NULL,
    unit TEXT NOT NULL,
    fractions INTEGER DEFAULT '0' NOT NULL CHECK (fractions IN (0, 1)),
    price_paisa INTEGER NOT NULL CHECK (price_paisa BETWEEN 0 AND 100000000000),
    cost_paisa INTEGER CHECK (cost_paisa BETWEEN 0 AND 100000000000),
    minimum_milli INTEGER CHECK (minimum_milli BETWEEN 0 AND 1000000000),
    barcode TEXT,
    archived INTEGER DEFAULT '0' NOT NULL CHECK (archived IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id)
)
 STRICT
    """,
    """
CREATE INDEX product_by_barcode ON product (barcode) WHERE barcode IS NOT NULL
    """,
    """
CREATE INDEX product_by_sku ON product (sku)
    """,
    """
CREATE TABLE series (
    code TEXT NOT NULL,
    year INTEGER NOT NULL,
    last_no INTEGER NOT NULL CHECK (last_no >= 0),
    PRIMARY KEY (code, year)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE setting (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT
    """,
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
    UNIQUE (number),
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
CREATE UNIQUE INDEX orders_by_request ON orders (request_id) WHERE request_id IS NOT NULL
    """,
    """
CREATE UNIQUE INDEX orders_by_series ON orders (series_code, series_year, series_no)
    """,
    """
CREATE TABLE variant (
    id BLOB NOT NULL CHECK (length(id) = 16),
    product_id BLOB NOT NULL,
    sku TEXT NOT NULL CHECK (sku <> ''),
    size TEXT DEFAULT '' NOT NULL,
    colour TEXT DEFAULT '' NOT NULL,
    barcode TEXT,
    price_paisa INTEGER CHECK (price_paisa BETWEEN 0 AND 100000000000),
    plain INTEGER DEFAULT '0' NOT NULL CHECK (plain IN (0, 1)),
    archived INTEGER DEFAULT '0' NOT NULL CHECK (archived IN (0, 1)),
    position INTEGER DEFAULT '0' NOT NULL,
    on_hand_milli INTEGER DEFAULT '0' NOT NULL,
    fv TEXT DEFAULT '{}' NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT
    """,
    """
CREATE INDEX variant_by_barcode ON variant (barcode) WHERE barcode IS NOT NULL
    """,
    """
CREATE INDEX variant_by_product ON variant (product_id)
    """,
    """
CREATE INDEX variant_by_sku ON variant (sku)
    """,
    """
CREATE TABLE order_buyer (
    order_id BLOB NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    phone TEXT,
    phone2 TEXT,
    address TEXT DEFAULT '' NOT NULL,
    district TEXT DEFAULT '' NOT NULL,
    thana TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (order_id),
    FOREIGN KEY(order_id) REFERENCES orders (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE order_event (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    at_ms INTEGER NOT NULL,
    operator_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(order_id) REFERENCES orders (id),
    FOREIGN KEY(operator_id) REFERENCES operator (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
)
 STRICT
    """,
    """
CREATE INDEX order_event_by_order ON order_event (order_id)
    """,
    """
CREATE TABLE order_line (
    order_id BLOB NOT NULL,
    line_no INTEGER NOT NULL,
    variant_id BLOB NOT NULL,
    sku TEXT NOT NULL,
    product_sku TEXT NOT NULL,
    name_bn TEXT NOT NULL,
    name_en TEXT DEFAULT '' NOT NULL,
    size TEXT DEFAULT '' NOT NULL,
    colour TEXT DEFAULT '' NOT NULL,
    unit TEXT NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli > 0),
    price_paisa INTEGER NOT NULL CHECK (price_paisa BETWEEN 0 AND 100000000000),
    discount_paisa INTEGER NOT NULL CHECK (discount_paisa BETWEEN 0 AND 100000000000),
    amount_paisa INTEGER NOT NULL CHECK (amount_paisa BETWEEN 0 AND 100000000000),
    oversold INTEGER DEFAULT '0' NOT NULL CHECK (oversold IN (0, 1)),
    PRIMARY KEY (order_id, line_no),
    CHECK (amount_paisa = (qty_milli * price_paisa + 500) / 1000 - discount_paisa),
    FOREIGN KEY(order_id) REFERENCES orders (id),
    FOREIGN KEY(variant_id) REFERENCES variant (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE owed_refund (
    order_id BLOB NOT NULL,
    amount_paisa INTEGER NOT NULL CHECK (amount_paisa BETWEEN 0 AND 100000000000),
    due_on TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL,
    PRIMARY KEY (order_id),
    FOREIGN KEY(order_id) REFERENCES orders (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE TABLE payment (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    method TEXT NOT NULL,
    amount_paisa INTEGER NOT NULL CHECK (amount_paisa BETWEEN 0 AND 100000000000),
    trxid TEXT,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'verified', 'possible_duplicate')),
    at_ms INTEGER NOT NULL,
    operator_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    PRIMARY KEY (id),
    CHECK (amount_paisa > 0),
    FOREIGN KEY(order_id) REFERENCES orders (id),
    FOREIGN KEY(operator_id) REFERENCES operator (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
)
 STRICT
    """,
    """
CREATE INDEX payment_by_order ON payment (order_id)
    """,
    """
CREATE INDEX payment_by_trxid ON payment (method, trxid) WHERE trxid IS NOT NULL
    """,
    """
CREATE TABLE reservation (
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    qty_milli INTEGER NOT NULL CHECK (qty_milli BETWEEN 0 AND 1000000000),
    made_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    released_at_ms INTEGER,
    device_id BLOB NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(variant_id) REFERENCES variant (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
)
 STRICT
    """,
    """
CREATE INDEX reservation_by_variant ON reservation (variant_id) WHERE released_at_ms IS NULL
    """,
    """
CREATE TABLE stock_move (
    id BLOB NOT NULL CHECK (length(id) = 16),
    variant_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('opening','purchase','sale','return','adjustment','damage','count')),
    qty_milli INTEGER NOT NULL CHECK (qty_milli BETWEEN -1000000000 AND 1000000000),
    order_id BLOB,
    line_no INTEGER,
    reversal INTEGER DEFAULT '0' NOT NULL CHECK (reversal IN (0, 1)),
    note TEXT DEFAULT '' NOT NULL,
    at_ms INTEGER NOT NULL,
    operator_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(variant_id) REFERENCES variant (id),
    FOREIGN KEY(order_id) REFERENCES orders (id),
    FOREIGN KEY(operator_id) REFERENCES operator (id),
    FOREIGN KEY(device_id) REFERENCES device (id)
)
 WITHOUT ROWID,
 STRICT
    """,
    """
CREATE INDEX stock_move_by_order ON stock_move (order_id) WHERE order_id IS NOT NULL
    """,
    """
CREATE INDEX stock_move_by_variant ON stock_move (variant_id)
    """,
    """
CREATE TABLE search_doc (
        doc INTEGER PRIMARY KEY,
        product_id BLOB NOT NULL UNIQUE,
        name_bn TEXT NOT NULL,
        name_en TEXT NOT NULL,
        more TEXT NOT NULL
    ) STRICT
    """,
    """
CREATE INDEX search_doc_by_name_bn ON search_doc (name_bn)
    """,
    """
CREATE INDEX search_doc_by_name_en ON search_doc (name_en)
    """,
    """
CREATE VIRTUAL TABLE search_index USING fts5 (
        name_bn, name_en, more,
        content='search_doc', content_rowid='doc', prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc Cf'"
    )
    """,
    """
CREATE TABLE search_code (
        code TEXT NOT NULL,
        doc INTEGER NOT NULL,
        sku TEXT NOT NULL,
        PRIMARY KEY (code, doc, sku)
    ) STRICT, WITHOUT ROWID
    """,
    """
CREATE INDEX search_code_by_doc ON search_code (doc)
    """,
    """
CREATE TABLE search_word (
        fold TEXT NOT NULL,
        word TEXT NOT NULL,
        sound TEXT NOT NULL,
        PRIMARY KEY (fold, word)
    ) STRICT, WITHOUT ROWID
    """,
    """
CREATE INDEX search_word_by_sound ON search_word (sound)
    """,
    """
CREATE INDEX search_word_by_word ON search_word (word)
    """,
    """
CREATE TABLE search_near (
        part TEXT NOT NULL,
        fold TEXT NOT NULL,
        PRIMARY KEY (part, fold)
    ) STRICT, WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make every table."""
    for statement in STATEMENTS:
        op.execute(statement.replace(":", "\\:"))
