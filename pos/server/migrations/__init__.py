"""The server's schema, step by step; a chain of its own, apart from the shop's."""
