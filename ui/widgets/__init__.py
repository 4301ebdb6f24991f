"""The components of design/ui.md §7: each paints itself from the look it was made with."""
