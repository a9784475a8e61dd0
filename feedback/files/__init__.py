"""Events from CSV files: by hand, or dropped into a watched folder."""
