"""The metrics, the points one response earns in each, and when a number may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

MIN_SHOWN = 5
"""Fewer answers (or scored mentions) than this: no number, only the word that n is too small."""

SMALL_SCORE = 30
"""A score from fewer answers than this is shown, and marked as a small sample."""

SMALL_CELL = 10
"""An impact from fewer scored mentions than this is shown, and marked as a small sample."""

FALSE_DISCOVERY_RATE = 0.05
"""The share of false pain points accepted among those called told from noise."""


class Metric(StrEnum):
    """What a score measures; the order is the order of preference where several tie."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"


POINTS: Mapping[Metric, tuple[float, float]] = {
    Metric.NPS: (-100.0, 100.0),
    Metric.CSAT: (0.0, 100.0),
    Metric.CES: (1.0, 7.0),
}
"""The least and the most points one response can earn; the metric is the mean of the points.

NPS: promoter 100, passive 0, detractor -100. CSAT: satisfied 100, else 0. CES: the answer
on 1 to 7, higher is easier.
"""

VALUES: Mapping[Metric, tuple[float, float]] = {
    Metric.NPS: (0.0, 10.0),
    Metric.CSAT: (1.0, 5.0),
    Metric.CES: (1.0, 7.0),
}
"""The scale on which the mean of the answers themselves is given, higher is better."""
