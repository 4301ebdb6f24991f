"""The first schema of the server."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

# What each database calls a thing. Keys are added by name and apart from the columns, as Citus wants them.
_WORDS = {
    "sqlite": {
        "id": "BLOB",
        "bytes": "BLOB",
        "big": "INTEGER",
        "int": "INTEGER",
        "strict": " STRICT",
        "lean": " STRICT, WITHOUT ROWID",
    },
    "postgresql": {
        "id": "uuid",
        "bytes": "bytea",
        "big": "bigint",
        "int": "integer",
        "strict": "",
        "lean": "",
    },
}

# Frozen: written out when this schema was released, never made from today's tables.
STATEMENTS = (
    """
CREATE TABLE vendor_stream (
    vendor_id {id} NOT NULL,
    head {big} NOT NULL,
    epoch TEXT NOT NULL,
    v_count {big} NOT NULL,
    v_sum {big} NOT NULL,
    h_count {big} NOT NULL,
    h_sum {big} NOT NULL,
    waiting {big} NOT NULL,
    erased {big} NOT NULL,
    stored_bytes {big} NOT NULL,
    CONSTRAINT vendor_stream_pkey PRIMARY KEY (vendor_id)
){lean}
    """,
    """
CREATE TABLE device (
    vendor_id {id} NOT NULL,
    device_id {id} NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash {bytes} NOT NULL,
    machine TEXT NOT NULL,
    last_n {big} NOT NULL CHECK (last_n >= 0),
    last_hash {bytes} NOT NULL,
    parent_id {id},
    parent_n {big},
    paired_at_ms {big} NOT NULL,
    revoked_at_ms {big},
    app TEXT NOT NULL,
    schema_no {int} NOT NULL,
    last_seen_ms {big} NOT NULL,
    waiting {big} NOT NULL,
    sold {int} NOT NULL CHECK (sold IN (0, 1)),
    CONSTRAINT device_pkey PRIMARY KEY (vendor_id, device_id),
    CONSTRAINT device_code_key UNIQUE (vendor_id, code),
    CONSTRAINT device_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendor_stream (vendor_id)
){lean}
    """,
    """
CREATE TABLE operation (
    vendor_id {id} NOT NULL,
    op_id {id} NOT NULL,
    device_id {id} NOT NULL,
    n {big} NOT NULL,
    kind TEXT NOT NULL,
    v {int} NOT NULL,
    stream TEXT NOT NULL CHECK (stream IN ('v', 'h', '')),
    agg TEXT NOT NULL,
    agg_id {bytes} NOT NULL,
    body TEXT NOT NULL,
    personal TEXT,
    commitment {bytes},
    at_ms {big} NOT NULL,
    hlc {big} NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    seq {big},
    rank {big},
    status TEXT NOT NULL CHECK (status IN ('ok', 'conflict', 'held')),
    why TEXT,
    size {int} NOT NULL,
    received_at_ms {big} NOT NULL,
    CONSTRAINT operation_pkey PRIMARY KEY (vendor_id, op_id),
    CONSTRAINT operation_position_key UNIQUE (vendor_id, device_id, n),
    CONSTRAINT operation_placed_check CHECK ((status = 'held') = (seq IS NULL))
){strict}
    """,
    "CREATE INDEX operation_by_seq ON operation (vendor_id, stream, seq)",
    "CREATE INDEX operation_by_aggregate ON operation (vendor_id, agg_id, status)",
    "CREATE INDEX operation_held ON operation (vendor_id, why) WHERE status = 'held'",
    """
CREATE TABLE stock (
    vendor_id {id} NOT NULL,
    variant_id {bytes} NOT NULL,
    on_hand {big} NOT NULL,
    made_by {id} NOT NULL,
    CONSTRAINT stock_pkey PRIMARY KEY (vendor_id, variant_id)
){lean}
    """,
    """
CREATE TABLE sale (
    vendor_id {id} NOT NULL,
    order_id {bytes} NOT NULL,
    number TEXT NOT NULL,
    device_id {id} NOT NULL,
    hat_on TEXT,
    taken_on TEXT NOT NULL,
    taken_at_ms {big} NOT NULL,
    total_paisa {big} NOT NULL,
    status TEXT NOT NULL,
    customer_id {bytes},
    CONSTRAINT sale_pkey PRIMARY KEY (vendor_id, order_id)
){lean}
    """,
    "CREATE INDEX sale_by_hat ON sale (vendor_id, hat_on, taken_at_ms)",
    """
CREATE TABLE erased (
    vendor_id {id} NOT NULL,
    agg_id {bytes} NOT NULL,
    CONSTRAINT erased_pkey PRIMARY KEY (vendor_id, agg_id)
){lean}
    """,
    """
CREATE TABLE vendor (
    vendor_id {id} NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    made_at_ms {big} NOT NULL,
    CONSTRAINT vendor_pkey PRIMARY KEY (vendor_id),
    CONSTRAINT vendor_name_key UNIQUE (name_key)
){strict}
    """,
    """
CREATE TABLE pairing (
    selector TEXT NOT NULL,
    salt {bytes} NOT NULL,
    secret_hash {bytes} NOT NULL,
    vendor_id {id} NOT NULL,
    expires_at_ms {big} NOT NULL,
    tries {int} NOT NULL,
    CONSTRAINT pairing_pkey PRIMARY KEY (selector)
){lean}
    """,
    """
CREATE TABLE counter (
    name TEXT NOT NULL,
    value {big} NOT NULL,
    CONSTRAINT counter_pkey PRIMARY KEY (name)
){lean}
    """,
    "INSERT INTO counter (name, value) VALUES ('g', 0)",
    """
CREATE TABLE hat_day (
    hat_on TEXT NOT NULL,
    g {big} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('added', 'cancelled')),
    opens_min {int},
    closes_min {int},
    ordinal {int},
    reason TEXT NOT NULL,
    gone {int} NOT NULL CHECK (gone IN (0, 1)),
    CONSTRAINT hat_day_pkey PRIMARY KEY (hat_on)
){lean}
    """,
    "CREATE INDEX hat_day_by_g ON hat_day (g)",
    """
CREATE TABLE notice (
    notice_id {id} NOT NULL,
    g {big} NOT NULL,
    body TEXT NOT NULL,
    made_at_ms {big} NOT NULL,
    gone {int} NOT NULL CHECK (gone IN (0, 1)),
    CONSTRAINT notice_pkey PRIMARY KEY (notice_id)
){strict}
    """,
    "CREATE INDEX notice_by_g ON notice (g)",
    """
CREATE TABLE account (
    account_id {id} NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'organiser', 'keeper')),
    made_at_ms {big} NOT NULL,
    closed_at_ms {big},
    CONSTRAINT account_pkey PRIMARY KEY (account_id),
    CONSTRAINT account_name_key UNIQUE (name)
){strict}
    """,
    """
CREATE TABLE act (
    act_id {id} NOT NULL,
    at_ms {big} NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL,
    CONSTRAINT act_pkey PRIMARY KEY (act_id)
){strict}
    """,
    "CREATE INDEX act_by_time ON act (at_ms)",
)

_OF_VENDORS = ("vendor_stream", "device", "operation", "stock", "sale", "erased")
_OF_ALL = ("vendor", "pairing", "counter", "hat_day", "notice", "account", "act")

# `hatkhata_app` sees one vendor, the one named in the transaction; `hatkhata_office` is the organiser's and sees
# all. Both own nothing. Roles belong to the whole cluster and may be there from another database.
_ROLES = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
# Before 16 every member may become the role; since then that is a right of its own.
_MEMBER = """
DO $$
DECLARE
    becoming TEXT := CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    IF NOT pg_has_role(current_user, '{role}', becoming) THEN EXECUTE 'GRANT {role} TO CURRENT_USER'; END IF;
END $$
"""
_USAGE = """
DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema()); END $$
"""


def upgrade() -> None:
    """One schema further."""
    dialect = op.get_context().dialect.name
    for statement in STATEMENTS:
        op.execute(statement.format(**_WORDS[dialect]).strip())
    if dialect == "postgresql":
        _guard()


def _guard() -> None:
    for role in ("hatkhata_app", "hatkhata_office"):
        op.execute(_ROLES.format(role=role))
        op.execute(_MEMBER.format(role=role))
        op.execute(_USAGE.format(role=role))
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(_OF_VENDORS)} TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(_OF_ALL)} TO hatkhata_office")
    op.execute("REVOKE UPDATE, DELETE ON act FROM hatkhata_office")
    op.execute(
        "GRANT SELECT ON alembic_version TO hatkhata_office"
    )  # it makes the backups, which hold all tables
    op.execute("GRANT SELECT ON vendor, counter, hat_day, notice TO hatkhata_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON pairing TO hatkhata_app")
    for table in _OF_VENDORS:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY one_vendor ON {table} TO hatkhata_app"
            " USING (vendor_id = nullif(current_setting('app.vendor', true), '')::uuid)"
            " WITH CHECK (vendor_id = nullif(current_setting('app.vendor', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY office ON {table} TO hatkhata_office USING (true) WITH CHECK (true)")
