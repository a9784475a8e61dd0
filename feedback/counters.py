"""What a process counts as it goes, for Prometheus to ask (see feedback.metrics)."""

from __future__ import annotations

from prometheus_client import Counter

EVENTS = Counter("waymark_events_total", "Events taken in, by result.", ["result"])
