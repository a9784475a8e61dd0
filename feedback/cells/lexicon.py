"""The words that sums are named by nearly everywhere, in one order.

Packs that are made at different times then number their words alike, and are added up sooner.
"""

from __future__ import annotations

from feedback.cells.items import COSTS
from feedback.reporting.sources import BOTTOM_CLASSES, TOP_CLASSES
from feedback.statistics.metrics import Metric
from nlp.labels import EMOTIONS
from nlp.themes import built_in_themes

ASKED = ("", "read", *COSTS, *(one.value for one in Metric), *TOP_CLASSES, *BOTTOM_CLASSES)
WORDS = (*ASKED, *sorted({*EMOTIONS, *(theme.key for theme in built_in_themes())} - {*ASKED}))
