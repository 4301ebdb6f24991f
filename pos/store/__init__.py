"""The shop's database: one SQLite file, its tables, its log of operations, and nothing that decides."""
