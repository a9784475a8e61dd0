"""Forward migrations of every table."""
