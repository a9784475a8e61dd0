"""A theme over time: the share that speaks badly and well of it, in all and by touchpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from feedback.pages import course_view
from feedback.pages.charts.course import Course, Series, course
from feedback.pages.choices import choices, chosen_journey
from feedback.pages.course_view import CourseRow
from feedback.pages.frame import workspace
from feedback.pages.impact_words import p_value
from feedback.pages.report_asked import asked
from feedback.pages.score_page import json_link
from feedback.pages.words import count, days, percent
from feedback.reporting.figures import ChangeOut
from feedback.reporting.series_schema import ClassOut, PointOut, SpokenOut, ThemeReport
from feedback.reporting.theme_report import theme_report
from models.base import db
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

SURE = 0.05
PERCENT = (0.0, 100.0)
MOST_PICTURES = 6


@dataclass(frozen=True)
class SpokenView:
    """One touchpoint, or the whole journey: its sentences, its picture and its tables."""

    name: str
    touchpoint: str | None
    negative: str
    positive: str
    change: str
    finding: str
    course: Course | None
    bad_rows: Sequence[CourseRow]
    good_rows: Sequence[CourseRow]


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/themes/KEY/over-time`."""

    @blueprint.get("/themes/<key>/over-time")
    @allow(Access.SESSION)
    def theme_over_time(key: str) -> ResponseReturnValue:
        session, here = db.session(), workspace()
        wanted = asked(here.timezone)
        chosen, journeys = chosen_journey(session, wanted.journey)
        if chosen is None:
            return render_template("report_empty.html")
        given = (key, chosen.key, wanted.period, wanted.filters)
        zone = zone_of(here.timezone)
        found = theme_report(session, g.workspace_id, services.now(), zone, *given)
        places = sorted(found.touchpoints, key=lambda one: -(one.negative.n + one.positive.n))
        return render_template(
            "theme_over_time.html",
            report=found,
            whole=spoken(found, found.whole, here.timezone),
            places=[spoken(found, one, here.timezone) for one in places],
            most=MOST_PICTURES,
            asked=wanted.given,
            journeys=journeys,
            choices=choices(session),
            json_link=json_link(chosen, wanted, f"themes/{found.theme}/over-time"),
        )


def spoken(report: ThemeReport, part: SpokenOut, zone: str) -> SpokenView:
    """One part of the report as the page shows it."""
    step = report.step
    series = [
        Series(name, name, course_view.values(points, step, zone, 100.0))
        for name, points in (
            ("negative", part.negative_points),
            ("positive", part.positive_points),
        )
    ]
    drawn = any(value.line is not None for one in series for value in one.values)
    return SpokenView(
        name=part.name,
        touchpoint=part.touchpoint,
        negative=share_words(part.negative, part.n, "badly"),
        positive=share_words(part.positive, part.n, "well"),
        change=change_words(part.change, days(report.trend_previous, zone)),
        finding=course_view.finding(
            "The share that speaks badly of it", part.negative_points, step, zone, percent
        ),
        course=course(series, PERCENT) if drawn else None,
        bad_rows=_rows(part.negative_points, step, zone),
        good_rows=_rows(part.positive_points, step, zone),
    )


def _rows(points: Sequence[PointOut], step: str, zone: str) -> list[CourseRow]:
    return course_view.rows(points, step, zone, percent)


def share_words(found: ClassOut, n: int, how: str) -> str:
    """`14% speak badly of it, between 12% and 17%: 120 of 842 voices`."""
    if not n:
        return f"Nobody was heard who could speak {how} of it"
    voices = f"{found.n:,} of {count(n, 'voice')}"
    if found.share is None or found.low is None or found.high is None:
        return f"{voices} {'speaks' if found.n == 1 else 'speak'} {how} of it"
    ends = f"between {percent(found.low)} and {percent(found.high)}"
    return f"{percent(found.share)} speak {how} of it, {ends}: {voices}"


def change_words(found: ChangeOut, before: str) -> str:
    """How the share that speaks badly moved against the period before."""
    if found.previous is None or found.current is None or found.p is None:
        return f"Too few voices to compare with those before ({before})."
    old, now, p = percent(found.previous), percent(found.current), p_value(found.p)
    if found.p >= SURE:
        return f"No sure change: {old} spoke badly of it before ({before}), {now} now ({p})."
    way = "More" if found.current > found.previous else "Fewer"
    return f"{way} than before: {old} spoke badly of it ({before}), {now} now ({p})."
