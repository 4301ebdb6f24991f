"""The state of each page without Qt: what is typed, chosen and shown, and what the vendor's acts do."""
