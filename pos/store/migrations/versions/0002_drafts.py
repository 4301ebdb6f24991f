"""Drafts: the cart that a crash leaves, and held carts. And indexes, so that neither the
categories nor a tab of orders reads everything.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

# Frozen, as the first schema is.
STATEMENTS = (
    """
CREATE TABLE draft (
    id BLOB NOT NULL CHECK (length(id) = 16),
    state TEXT NOT NULL CHECK (state IN ('cart', 'held')),
    label TEXT DEFAULT '' NOT NULL,
    body TEXT NOT NULL CHECK (body <> ''),
    reservations TEXT DEFAULT '[]' NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    operator_id BLOB NOT NULL,
    PRIMARY KEY (id),
    CHECK (state = 'held' OR reservations = '[]'),
    FOREIGN KEY(operator_id) REFERENCES operator (id)
)
 STRICT
    """,
    """
CREATE UNIQUE INDEX draft_one_cart ON draft (state) WHERE state = 'cart'
    """,
    """
CREATE INDEX product_by_category ON product (category, archived) WHERE archived IS 0
    """,
    """
CREATE INDEX orders_by_status ON orders (status, taken_at_ms, cod_paisa, due_paisa)
    """,
)


def upgrade() -> None:
    """Make the table and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement.replace(":", "\\:"))
