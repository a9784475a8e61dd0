"""One pain point: what it costs, how it moves, why it hurts, and every comment behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from feedback.causes.one import Asked as Question
from feedback.causes.one import Place, causes_at, scope_of
from feedback.pages import cause_words
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.paging import address, batches, listed, numbered
from feedback.pages.pain_point_why import WhyView, comments_link, why_view
from feedback.pages.quotes import complaints
from feedback.pages.redaction import masked
from feedback.pages.report_asked import Asked, asked
from feedback.pages.report_view import Row, Said, view
from feedback.pages.responses import mentions_of
from feedback.pages.sorting import Sort, ordered, read_sort
from feedback.pages.theme_names import themes
from feedback.reporting.report import pain_point_report
from feedback.reporting.schema import Report
from feedback.reporting.scope import find_journey, find_scope
from models.base import db
from models.errors import NotFound
from models.reading import Comment
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

QUOTES = 20
KEYS = ("-when", "feeling")
HEAD = ["Response", "Customer", "When", "In their words", "Sentiment"]
Comments = Select[*tuple[Any, ...]]


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/pain-points/TOUCHPOINT/THEME`, why it hurts as a part of it, its comments as CSV.

    Why is looked for after the page is there (`/why`, fetched by it), or with `?why=1`.
    """

    @blueprint.get("/pain-points/<touchpoint>/<theme>")
    @allow(Access.SESSION)
    def pain_point(touchpoint: str, theme: str) -> ResponseReturnValue:
        session, wanted, sort = db.session(), asked(workspace().timezone), read_sort(KEYS, "-when")
        found, row, statement = _asked_for(session, services.now(), wanted, touchpoint, theme)
        if sort.given:
            page = numbered(session, _sorted(statement, sort), QUOTES)
        else:
            page = listed(session, statement, Comment.id.expression, QUOTES)
        return render_template(
            "pain_point.html",
            row=row,
            report=found,
            why=_why(session, services.now(), wanted, touchpoint, theme)
            if request.args.get("why")
            else None,
            why_at=address("pages.pain_point_why", sort=None, before=None, page=None),
            say=cause_words,
            everything=comments_link(_filters(wanted, touchpoint, theme)),
            page=page,
            sort=sort,
            mentions=mentions_of(session, [one.id for one in page.rows]),
            back=f"{url_for('pages.report')}?{urlencode(wanted.given)}".rstrip("?"),
        )

    @blueprint.get("/pain-points/<touchpoint>/<theme>/why")
    @allow(Access.SESSION)
    def pain_point_why(touchpoint: str, theme: str) -> ResponseReturnValue:
        wanted = asked(workspace().timezone)
        why = _why(db.session(), services.now(), wanted, touchpoint, theme)
        return render_template("pain_point_why.html", why=why, say=cause_words)

    @blueprint.get("/pain-points/<touchpoint>/<theme>/comments.csv")
    @allow(Access.SESSION)
    def pain_point_csv(touchpoint: str, theme: str) -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        *_, statement = _asked_for(session, services.now(), wanted, touchpoint, theme)
        rows = _sorted(statement, read_sort(KEYS, "-when"))
        return csv_reply("comments", HEAD, _cells(session, rows, workspace().timezone))


def _why(session: Session, now: datetime, wanted: Asked, touchpoint: str, theme: str) -> WhyView:
    """Why it hurts, in the report's period and filters."""
    asked_for = Question(wanted.journey, wanted.period, wanted.filters)
    scope = scope_of(session, g.workspace_id, now, asked_for)
    place, zone = Place(touchpoint, theme), zone_of(workspace().timezone)
    return why_view(causes_at(session, scope, place, zone), _filters(wanted, touchpoint, theme))


def _filters(wanted: Asked, touchpoint: str, theme: str) -> dict[str, str]:
    """The filters of the comments page that lists these complaints."""
    place = {"touchpoint": touchpoint, "theme": themes().shown(theme), "sentiment": "negative"}
    return {**place, **{name: value for name, value in wanted.given.items() if name != "journey"}}


def _asked_for(
    session: Session, now: datetime, wanted: Asked, touchpoint: str, theme: str
) -> tuple[Report, Row, Comments]:
    """The report, the pain point's row in it, and the comments behind it."""
    theme = themes().shown(theme)
    period, filters = wanted.period, wanted.filters
    found = pain_point_report(session, g.workspace_id, now, wanted.journey, period, filters)
    row = _row(found, touchpoint, theme)
    journey = find_journey(session, g.workspace_id, found.journey)
    scope = find_scope(session, journey, period, filters, now)
    place = next(id_ for id_, key in scope.touchpoints.items() if key == touchpoint)
    return found, row, complaints(session, scope, place, theme)


def _sorted(statement: Comments, sort: Sort) -> Comments:
    columns: dict[str, ColumnElement[Any]] = {
        "when": Comment.occurred_at.expression,
        "feeling": Comment.sentiment_score.expression,
    }
    return ordered(statement, sort, columns, Comment.id.expression)


def _cells(session: Session, statement: Comments, zone: str) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, statement):
        for row in rows:
            customer, at = masked(row.customer or ""), row.occurred_at.astimezone(local)
            yield row.response_id, customer, at, masked(row.text), row.sentiment_score


def _row(report: Report, touchpoint: str, theme: str) -> Row:
    shown = view(report, Said())
    for row in (*shown.told, *shown.untold):
        if (row.point.touchpoint, row.point.theme) == (touchpoint, theme):
            return row
    raise NotFound(
        "nobody complains of this here in the period you look at",
        mend="Go back to the report, or widen its period.",
    )
