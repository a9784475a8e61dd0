"""The label sets besides themes, in the order in which heads and JSON use them."""

from __future__ import annotations

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = (
    "joy",
    "gratitude",
    "relief",
    "surprise",
    "disappointment",
    "frustration",
    "anger",
    "confusion",
    "worry",
    "sadness",
)
RISKS = ("danger", "legal", "vulnerable", "leaving", "locked_out", "fraud")
"""Why a comment may need a person today."""
URGENT = "urgent"
HEADS = ("sentiment", "themes", "emotions", "urgency")
