"""The central server: one order for the operations of each vendor, and what the organiser says to all of them."""
