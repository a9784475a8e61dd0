"""The list of responses: what customers said, to read, to sort and to take away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.paging import batches, listed, numbered
from feedback.pages.redaction import masked
from feedback.pages.sorting import Sort, ordered, read_sort
from feedback.pages.theme_names import theme_list, themes
from feedback.pages.words import METRICS, status
from models.base import db
from models.customer import Customer
from models.journey import Touchpoint
from models.reading import Comment, Mention
from models.response import Response, Score
from models.survey import Survey
from surveys.access import Access, allow
from surveys.schedule import zone_of

Rows = Select[*tuple[Any, ...]]
KEYS = ("customer", "score", "feeling", "where", "-when")
HEAD = (
    "Response",
    "Customer",
    "State",
    *METRICS.values(),
    *["In their words", "Feeling", "Themes", "Touchpoint", "Survey", "Channel", "Last answer"],
)


def add_routes(blueprint: Blueprint) -> None:
    """`/responses` and `/responses.csv`."""

    @blueprint.get("/responses")
    @allow(Access.SESSION)
    def responses() -> ResponseReturnValue:
        session, sort = db.session(), read_sort(KEYS)
        key, theme = Response.id.expression, request.args.get("theme")
        rows = _asked_for()
        page = numbered(session, in_order(rows, sort)) if sort.given else listed(session, rows, key)
        ids = [row.id for row in page.rows]
        return render_template(
            "responses.html",
            page=page,
            sort=sort,
            scores=_scores(session, ids),
            comments=_comments(session, ids),
            theme=theme,
        )

    @blueprint.get("/responses.csv")
    @allow(Access.SESSION)
    def responses_csv() -> ResponseReturnValue:
        rows = in_order(_asked_for(), read_sort(KEYS))
        return csv_reply("responses", HEAD, _cells(db.session(), rows, workspace().timezone))


def _asked_for() -> Rows:
    """The responses that the address bar asks for: to a survey, or that speak of a theme."""
    rows = response_rows(g.workspace_id, request.args.get("survey"))
    theme = request.args.get("theme")
    if not theme:
        return rows
    speaks = select(Mention.response_id).where(
        Mention.workspace_id == g.workspace_id, Mention.theme.in_(themes().parts(theme))
    )
    return rows.where(Response.id.in_(speaks.where(Mention.response_id.is_not(None))))


def response_rows(workspace_id: int, survey: str | None = None) -> Rows:
    """The responses of a workspace, or to one of its surveys."""
    statement = (
        select(
            Response.id,
            Response.channel,
            Response.status,
            Response.updated_at,
            Customer.external_id.label("customer"),
            Survey.name.label("survey"),
            Touchpoint.name.label("touchpoint"),
        )
        .join(Survey, Survey.id == Response.survey_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Response.touchpoint_id)
        .where(Response.workspace_id == workspace_id)
    )
    return statement.where(Survey.key == survey) if survey else statement


def in_order(statement: Rows, sort: Sort) -> Rows:
    """The responses as they are asked to stand."""
    # scores of different scales compare by how far up their scale they are
    height = (Score.value - Score.scale_low) / func.nullif(Score.scale_high - Score.scale_low, 0)
    score = select(func.min(height)).where(Score.response_id == Response.id)
    feeling = select(func.min(Comment.sentiment_score)).where(Comment.response_id == Response.id)
    columns: Mapping[str, ColumnElement[Any]] = {
        "customer": func.lower(Customer.external_id),
        "score": score.correlate(Response).scalar_subquery(),
        "feeling": feeling.correlate(Response).scalar_subquery(),
        "where": func.lower(Touchpoint.name),
        "when": Response.updated_at.expression,
    }
    return ordered(statement, sort, columns, Response.id.expression)


def _scores(session: Session, ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    columns = (Score.response_id, Score.metric, Score.value, Score.scale_high, Score.score_class)
    for row in session.execute(select(*columns).where(Score.response_id.in_(ids))):
        found[row.response_id].append(row)
    return found


def _comments(session: Session, ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    columns = (Comment.response_id, Comment.text, Comment.sentiment, Comment.themes)
    mine = select(*columns).where(Comment.response_id.in_(ids)).order_by(Comment.id)
    for row in session.execute(mine):
        found[row.response_id].append(row)
    return found


def _cells(session: Session, statement: Rows, zone: str) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, statement):
        ids = [row.id for row in rows]
        scores, comments = _scores(session, ids), _comments(session, ids)
        for row in rows:
            values = {one.metric: one.value for one in scores[row.id]}
            said = comments[row.id]
            yield (
                row.id,
                masked(row.customer or ""),
                status(row.status)[1],
                *(values.get(metric) for metric in METRICS),
                "\n".join(masked(one.text) for one in said),
                ", ".join(one.sentiment or "not read" for one in said),
                theme_list(key for one in said for key in one.themes or ()),
                row.touchpoint,
                row.survey,
                row.channel,
                row.updated_at.astimezone(local),
            )
