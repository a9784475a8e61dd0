"""A panel of customers: what the same people answered again and again, kept small."""
