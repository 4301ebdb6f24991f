"""The laptop's side of sync: one round that may be repeated at will, and who calls it when (sync.md §1)."""
