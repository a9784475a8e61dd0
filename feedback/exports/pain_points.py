"""Pain points: one row for each touchpoint and theme that is spoken badly of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from feedback.exports.columns import Column, Page, Table, Value, number, text, time, whole, yes_no
from feedback.exports.wanted import OpenSession, Wanted
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import PainPointOut, Report
from feedback.reporting.scope import Filters
from models.journey import Journey

COLUMNS: tuple[Column, ...] = (
    text("journey", "Key of the journey."),
    time("from", "Where the period begins."),
    time("to", "Just after the period's end."),
    whole("rank", "1 is what surely costs most; noise comes last."),
    text("stage", "Key of the stage."),
    text("touchpoint", "Key of the touchpoint."),
    text("theme", "Key of the theme."),
    text("theme_name", "What the workspace calls it."),
    whole("mentions", "How often it was spoken of."),
    whole("negative", "How often badly."),
    number("reach", "Share of all answers that speak badly of it, 0 to 1."),
    *(number(f"reach_{end}", f"{end.title()} end of its 95% interval.") for end in ("low", "high")),
    text("metric", "What the impact is measured in: nps, csat or ces."),
    number("impact", "Points of the journey's score; below 0 is lost."),
    *(
        number(f"impact_{end}", f"{end.title()} end of its 95% interval.")
        for end in ("low", "high")
    ),
    number("adjusted", "The same once the themes said with it had their share."),
    *(
        number(f"adjusted_{end}", f"{end.title()} end of its 95% interval.")
        for end in ("low", "high")
    ),
    number("q", "False discovery rate; 1 where too few answered."),
    whole("scored_responses", "How many scored responses stand behind the impact."),
    yes_no("small_sample", "Whether those are few."),
    yes_no("told", "Whether the data tell it from chance."),
    number("reach_before", "Reach in the period before, or in the earlier half."),
    number("reach_now", "Reach in this period, or in the later half."),
    number("trend_p", "p of that change."),
    text("quote", "A comment that speaks of it, with personal data masked."),
)


def pain_points(open_session: OpenSession, wanted: Wanted, now: datetime) -> Table:
    """The table of pain points: of the journey that is asked for, or of all."""
    with open_session() as session:
        mine = select(Journey.key).where(Journey.workspace_id == wanted.workspace_id)
        keys = session.scalars(mine.order_by(Journey.key)).all()
    asked = wanted.given.get("journey")
    return Table(
        "pain-points", COLUMNS, _pages(open_session, wanted, now, [asked] if asked else keys)
    )


def _pages(
    open_session: OpenSession, wanted: Wanted, now: datetime, journeys: Sequence[str]
) -> Iterator[Page]:
    given = wanted.given
    filters = Filters.of(given)
    for journey in journeys:
        with open_session() as session:
            period = (wanted.start, wanted.end)
            args = (session, wanted.workspace_id, now, journey, period, filters)
            report = pain_point_report(*args)
        yield [_row(report, point) for point in report.pain_points]


def _row(report: Report, point: PainPointOut) -> Sequence[Value]:
    cost, trend = point.impact, point.trend
    said = (point.mentions, point.negative, point.reach, point.reach_low, point.reach_high)
    return (
        *(report.journey, report.start, report.end),
        *(point.rank, point.stage, point.touchpoint, point.theme, point.theme_name),
        *(*said, cost.metric, cost.value, cost.low, cost.high),
        *(cost.adjusted, cost.adjusted_low, cost.adjusted_high, cost.q, cost.n, cost.small),
        *(point.told, trend.previous, trend.current, trend.p),
        point.evidence[0].text if point.evidence else None,
    )
