"""Customers: two that prove to be one person are merged."""
