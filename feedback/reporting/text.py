"""The report in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feedback.reporting.figures import ScoreOut
from feedback.reporting.schema import PainPointOut, Report

NAMES = {
    "nps": "NPS",
    "csat": "CSAT",
    "csat_mean": "Mean satisfaction",
    "ces": "Customer effort",
    "ces_easy": "Found it easy",
}
DIGITS = {"nps": 0, "csat_mean": 2, "ces": 2}
UNITS = {"csat": "%", "ces_easy": "%"}


def score_in_words(score: ScoreOut) -> str:
    """A score with its interval in the same breath."""
    name, unit = NAMES.get(score.metric, score.metric), UNITS.get(score.metric, "")
    if score.value is None or score.low is None or score.high is None:
        return f"{name}: too few answers to say ({score.n})"
    digits = DIGITS.get(score.metric, 1)
    value, low, high = (f"{x:.{digits}f}{unit}" for x in (score.value, score.low, score.high))
    small = ", a small sample" if score.small else ""
    return f"{name} {value}, between {low} and {high}, from {score.n} answers{small}"


def percent(share: float | None) -> str:
    """A share as percent, or a dash where there is none."""
    return "-" if share is None else f"{100 * share:.1f}%"


def _cost(point: PainPointOut) -> str:
    found = point.impact
    if found.value is None or found.low is None or found.high is None:
        return f"too few scored answers ({found.n})"
    metric = NAMES.get(found.metric or "", found.metric)
    return f"{found.value:+.2f} {metric} ({found.low:+.2f} to {found.high:+.2f})"


def _trend(point: PainPointOut) -> str:
    trend = point.trend
    if trend.p is None or trend.previous is None or trend.current is None:
        return "-"
    if trend.p >= 0.05:
        return "steady"
    word = "up" if trend.current > trend.previous else "down"
    return f"{word} from {percent(trend.previous)} to {percent(trend.current)}"


def _row(point: PainPointOut) -> Sequence[str]:
    q = "-" if point.impact.value is None else f"{point.impact.q:.3g}"
    place = f"{point.stage} / {point.touchpoint}"
    return (
        str(point.rank),
        place,
        point.theme_name,
        percent(point.reach),
        _cost(point),
        q,
        _trend(point),
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _quotes(points: Iterable[PainPointOut]) -> Iterator[str]:
    for point in points:
        if point.evidence:
            text = " ".join(point.evidence[0].text.split())
            yield f'  {point.rank}. {point.theme_name}: "{text}"'


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.name}, {report.start:%Y-%m-%d} to {report.end:%Y-%m-%d}"
    yield f"{report.n_responses} responses"
    if report.comments.waiting:
        yield f"{report.comments.waiting} comments are still waiting to be read"
    yield from (score_in_words(score) for score in report.scores)
    if not report.pain_points:
        yield "Nobody has complained of anything yet."
        return
    yield ""
    head = ("rank", "where", "theme", "reach", "impact (95% interval)", "q", "trend")
    yield from _table([head, *map(_row, report.pain_points)])
    told = [point for point in report.pain_points if point.told]
    yield ""
    yield f"{len(told)} of {len(report.pain_points)} can be told from noise."
    yield from _quotes(told[:5])


def as_text(report: Report) -> str:
    """The whole report as lines of text."""
    return "\n".join(_lines(report))
