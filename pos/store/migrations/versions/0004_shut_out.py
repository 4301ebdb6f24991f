"""Whether the vendor has shut this device out is known here, also before the server has been asked again."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

# Frozen, as the first schema is.
STATEMENT = "ALTER TABLE link ADD COLUMN shut_out INTEGER DEFAULT '0' NOT NULL CHECK (shut_out IN (0, 1))"


def upgrade() -> None:
    """Add the column; so far nobody is known to be shut out."""
    op.execute(STATEMENT)
