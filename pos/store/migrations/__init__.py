"""Alembic's folder: every schema the shop ever had, from the first."""
