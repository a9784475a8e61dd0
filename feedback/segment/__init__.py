"""Segment's HTTP API: its messages become our events and customers."""
