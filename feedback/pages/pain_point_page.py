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

from feedback.causes.one import Place, causes_at, find_place, find_point, scope_of
from feedback.pages import cause_words
from feedback.pages.choices import choices
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.narrowed import narrowed
from feedback.pages.paging import address, batches, listed, numbered
from feedback.pages.pain_point_why import WhyView, comments_link, why_view
from feedback.pages.quotes import complaints
from feedback.pages.redaction import masked
from feedback.pages.report_asked import Asked, asked
from feedback.pages.report_view import row_of
from feedback.pages.responses import mentions_of
from feedback.pages.sorting import Sort, ordered, read_sort
from feedback.pages.theme_names import themes
from feedback.reporting.scope import Scope
from models.base import db
from models.reading import Comment
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

QUOTES = 20
KEYS = ("-when", "feeling")
AS = {"language": "asked_in"}
"""Filters that go by another name among comments: a comment has a language of its own."""
HEAD = ["Response", "Customer", "When", "In their words", "Sentiment"]
Comments = Select[*tuple[Any, ...]]


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/pain-points/TOUCHPOINT/THEME`, why it hurts as a part of it, its comments as CSV.

    Why is looked for after the page is there (`/why`, fetched by it), or with `?why=1`.
    """

    @blueprint.get("/pain-points/<touchpoint>/<theme>")
    @allow(Access.SESSION)
    def pain_point(touchpoint: str, theme: str) -> ResponseReturnValue:
        return _whole(db.session(), services.now(), Place(touchpoint, theme))

    @blueprint.get("/pain-points/<touchpoint>/<theme>/why")
    @allow(Access.SESSION)
    def pain_point_why(touchpoint: str, theme: str) -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        scope = scope_of(session, g.workspace_id, services.now(), wanted)
        why = _why(session, scope, Place(touchpoint, theme), wanted)
        return render_template("pain_point_why.html", why=why, say=cause_words)

    @blueprint.get("/pain-points/<touchpoint>/<theme>/comments.csv")
    @allow(Access.SESSION)
    def pain_point_csv(touchpoint: str, theme: str) -> ResponseReturnValue:
        session, wanted = db.session(), asked(workspace().timezone)
        scope = scope_of(session, g.workspace_id, services.now(), wanted)
        statement = complaints(session, scope, *find_place(scope, Place(touchpoint, theme)))
        rows = _sorted(statement, read_sort(KEYS, "-when"))
        return csv_reply("comments", HEAD, _cells(session, rows, workspace().timezone))


def _whole(session: Session, now: datetime, place: Place) -> str:
    """The page; why it hurts stands in it only where that was asked for."""
    wanted, sort = asked(workspace().timezone), read_sort(KEYS, "-when")
    found, point = find_point(session, g.workspace_id, now, wanted, place)
    scope = scope_of(session, g.workspace_id, now, wanted)
    statement = complaints(session, scope, *find_place(scope, place))
    if sort.given:
        page = numbered(session, _sorted(statement, sort), QUOTES)
    else:
        page = listed(session, statement, Comment.id.expression, QUOTES)
    return render_template(
        "pain_point.html",
        row=row_of(found, point),
        report=found,
        asked=wanted.given,
        only=", ".join(narrowed(wanted.filters, choices(session))),
        why=_why(session, scope, place, wanted) if request.args.get("why") else None,
        why_at=address("pages.pain_point_why", sort=None, before=None, page=None),
        say=cause_words,
        everything=comments_link(_filters(wanted, place)),
        page=page,
        sort=sort,
        mentions=mentions_of(session, [one.id for one in page.rows]),
        back=f"{url_for('pages.report')}?{urlencode(wanted.given)}".rstrip("?"),
    )


def _why(session: Session, scope: Scope, place: Place, wanted: Asked) -> WhyView:
    """Why it hurts, in the report's period and filters."""
    found = causes_at(session, scope, place, zone_of(workspace().timezone))
    return why_view(found, _filters(wanted, place))


def _filters(wanted: Asked, place: Place) -> dict[str, str]:
    """The filters of the comments page that lists these complaints."""
    theme = themes().shown(place.theme)
    given = {AS.get(name, name): value for name, value in wanted.given.items()}
    given.pop("journey", None)
    return {"touchpoint": place.touchpoint, "theme": theme, "sentiment": "negative", **given}


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
