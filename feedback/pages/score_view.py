"""The score page's view: sentences, bars and courses, metric by metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from feedback.pages import course_view, impact_words
from feedback.pages.charts.course import Course, Series, course
from feedback.pages.course_view import CourseRow
from feedback.pages.report_words import Headline, headline
from feedback.pages.words import METRICS, count, days, percent
from feedback.reporting.series_schema import ClassOut, MetricOut, ScoresReport
from feedback.statistics.metrics import POINTS, Metric

CLASSES: Mapping[str, tuple[str, str]] = {
    "promoter": ("Promoters, 9 and 10", "above"),
    "passive": ("Passives, 7 and 8", "middle"),
    "detractor": ("Detractors, 0 to 6", "below"),
    "satisfied": ("Satisfied", "above"),
    "unsatisfied": ("Not satisfied", "below"),
    "easy": ("Found it easy", "above"),
    "not_easy": ("Did not find it easy", "below"),
}
BESIDE = {"csat_mean": "Mean satisfaction, 1 to 5", "ces_easy": "Found it easy"}


@dataclass(frozen=True)
class Bar:
    """One class or value: its words, and its share with interval in percent of the longest."""

    name: str
    kind: str
    n: int
    share: str
    interval: str
    width: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class MetricView:
    """One metric on the page."""

    metric: str
    name: str
    headline: Headline
    change: str
    target: str
    benchmark: str
    beside: tuple[tuple[str, str], ...]
    alike: str
    finding: str
    course: Course
    rows: tuple[CourseRow, ...]
    classes: tuple[Bar, ...]
    values: tuple[Bar, ...]
    digits: int
    unit: str


def metric_view(found: MetricOut, report: ScoresReport, zone: str) -> MetricView:
    """One metric of the report."""
    unit, digits = impact_words.UNITS[found.metric]
    shown = partial(impact_words.figure, found.metric)
    points, step, name = found.points, report.step, METRICS[found.metric]
    target = found.goal.target if found.goal else None
    drawn = Series(name, "one", course_view.values(points, step, zone))
    return MetricView(
        metric=found.metric,
        name=name,
        headline=headline(found.scores[0]),
        change=impact_words.change(found.change, days(report.trend_previous, zone)),
        target=impact_words.target(found.goal),
        benchmark=impact_words.benchmark(found.goal),
        beside=tuple(
            (BESIDE[one.metric], impact_words.score_line(one)) for one in found.scores[1:]
        ),
        alike=_alike(found.design_effect),
        finding=course_view.finding(name, points, step, zone, shown),
        course=course([drawn], POINTS[Metric(found.metric)], target),
        rows=tuple(course_view.rows(points, step, zone, shown)),
        classes=tuple(_bars(found.classes, CLASSES)),
        values=tuple(_bars(found.values, {})),
        digits=digits,
        unit=unit,
    )


def _alike(effect: float) -> str:
    if effect < 1.005:
        return ""
    return (
        f"Some customers answered more than once, and one person's answers are alike: the "
        f"intervals are {percent(effect**0.5 - 1)} wider for it."
    )


def _bars(found: Sequence[ClassOut], words: Mapping[str, tuple[str, str]]) -> list[Bar]:
    longest = max([one.high or one.share or 0.0 for one in found], default=0.0) or 1.0
    return [_bar(one, words.get(one.name, (one.name, "")), longest) for one in found]


def _bar(one: ClassOut, words: tuple[str, str], longest: float) -> Bar:
    ends = ""
    if one.low is not None and one.high is not None:
        ends = f"{percent(one.low)} to {percent(one.high)}"
    return Bar(
        name=words[0],
        kind=words[1],
        n=one.n,
        share=count(one.n, "answer") if one.share is None else percent(one.share),
        interval=ends,
        width=round(100 * (one.share or 0.0) / longest, 2),
        low=None if one.low is None else round(100 * one.low / longest, 2),
        high=None if one.high is None else round(100 * one.high / longest, 2),
    )
