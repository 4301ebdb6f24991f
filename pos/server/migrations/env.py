"""Alembic's entry: the connection is handed in, its transaction belongs to the caller."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
