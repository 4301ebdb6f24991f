"""What device and server agree on: operations, their canonical bytes and their chain. Pure bytes ↔ values."""
