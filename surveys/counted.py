"""What the asking side counts for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter

UNLIKE = Counter(
    "waymark_filter_unlike_total",
    "Events with a property that has no order beside what a trigger's filter compares it with.",
    ["trigger"],
)
