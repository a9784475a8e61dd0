"""What differs between two sides: scores and themes, corrected for looking at all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.reporting import out
from feedback.reporting.compare_schema import ScoreGapOut, ThemeGapOut
from feedback.statistics.fdr import q_values
from feedback.statistics.metrics import FALSE_DISCOVERY_RATE
from feedback.statistics.moved import moved
from feedback.statistics.scores import Estimate, withheld
from feedback.statistics.sums import JourneySums
from feedback.statistics.trend import Trend, compare
from feedback.themes.catalogue import Catalogue

Gap = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says: its sums and its scores."""

    sums: JourneySums
    scores: Sequence[Estimate]

    def score(self, metric: str) -> Estimate:
        """A score; of one that nobody gave, no figure."""
        found = (one for one in self.scores if one.metric == metric)
        return next(found, withheld(metric, 0))

    def voices(self) -> Mapping[str, int]:
        """How many speak badly of each theme over all touchpoints; a voice has one of them."""
        found: dict[str, int] = {}
        for cell, part in self.sums.cells.items():
            if part.voices:
                found[cell.theme] = found.get(cell.theme, 0) + part.voices
        return {theme: min(count, self.sums.voices) for theme, count in found.items()}


def gaps(this: Said, other: Said, themes: Catalogue) -> tuple[list[ScoreGapOut], list[ThemeGapOut]]:
    """This side less the other: every score, and every theme that either side complains of.

    Themes that differ for sure come first, by what surely differs; then the others by q.
    """
    metrics = list(dict.fromkeys(one.metric for one in (*this.scores, *other.scores)))
    mine, theirs = this.voices(), other.voices()
    names = sorted({*mine, *theirs})
    trends = [moved(other.score(metric), this.score(metric)) for metric in metrics]
    trends += [
        compare(theirs.get(name, 0), other.sums.voices, mine.get(name, 0), this.sums.voices)
        for name in names
    ]
    found = _gaps(trends)
    scores = [
        ScoreGapOut(
            metric=metric,
            this=out.score(this.score(metric)),
            other=out.score(other.score(metric)),
            **gap,
        )
        for metric, gap in zip(metrics, found, strict=False)
    ]
    listed = [
        ThemeGapOut(
            theme=name,
            theme_name=themes.name(name),
            this=trend.current,
            this_n=mine.get(name, 0),
            other=trend.previous,
            other_n=theirs.get(name, 0),
            **gap,
        )
        for name, trend, gap in zip(
            names, trends[len(metrics) :], found[len(metrics) :], strict=True
        )
    ]
    return scores, sorted(listed, key=_place)


def _gaps(trends: Sequence[Trend]) -> list[Gap]:
    tested = iter(q_values([one.p for one in trends if one.p is not None]))
    return [_gap(one, 1.0 if one.p is None else next(tested)) for one in trends]


def _gap(trend: Trend, q: float) -> Gap:
    value, low, high = None, trend.low, trend.high
    if trend.current is not None and trend.previous is not None:
        value = trend.current - trend.previous
    sure = low is not None and high is not None and not low <= 0 <= high
    told = sure and q <= FALSE_DISCOVERY_RATE
    return {"value": value, "low": low, "high": high, "p": trend.p, "q": q, "told": told}


def _place(found: ThemeGapOut) -> tuple[bool, float, float, str]:
    if found.told and found.low is not None and found.high is not None:
        return False, -min(abs(found.low), abs(found.high)), 0.0, found.theme
    return True, found.q, -abs(found.value or 0.0), found.theme
