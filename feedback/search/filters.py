"""The comments that are wanted, as conditions on their rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from feedback.cells.members import members_of
from feedback.reporting.segments import belongs, find_segment, one_of_ids, segment_members
from feedback.search.wanted import Wanted
from feedback.search.words import MOST, holding
from feedback.themes.catalogue import Catalogue
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.response import Response
from models.survey import Survey

FEW = 5_000
"""Mentions of a theme up to which the comments are looked for by them."""

Conditions = list[ColumnElement[bool]]


def conditions(
    session: Session,
    workspace_id: int,
    wanted: Wanted,
    themes: Catalogue,
    most: int | None = MOST,
) -> Conditions:
    """What must be true of a comment; one of another workspace is never wanted.

    What does not exist, such as a stage nobody knows, is found nowhere.
    """
    found = [Comment.workspace_id == workspace_id, *_own(wanted)]
    if wanted.stage or wanted.touchpoint or wanted.journey:
        found.append(Comment.touchpoint_id.in_(_places(session, workspace_id, wanted)))
    if wanted.theme:
        found.append(_speaks(session, workspace_id, wanted, themes))
    if wanted.channel or wanted.survey:
        found.append(_asked(workspace_id, wanted))
    if wanted.asked_in:
        found.append(_asked_in(wanted.asked_in))
    if wanted.segment:
        found.append(_of_segment(session, workspace_id, wanted.segment))
    if wanted.query:
        found.append(holding(session, workspace_id, wanted.query, most))
    return found


def _own(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What the comment's own columns say."""
    if wanted.start:
        yield Comment.occurred_at >= wanted.start
    if wanted.end:
        yield Comment.occurred_at < wanted.end
    if wanted.sentiment and not wanted.theme:
        yield Comment.sentiment == wanted.sentiment
    if wanted.language:
        yield Comment.language == wanted.language
    if wanted.emotion:
        yield Comment.emotions[wanted.emotion].as_string().is_not(None)
    if wanted.urgent is not None:
        yield Comment.urgent.expression if wanted.urgent else ~Comment.urgent
    if wanted.sort in ("unhappiest", "happiest"):
        yield Comment.sentiment_score.is_not(None)


def _of_segment(session: Session, workspace_id: int, key: str) -> ColumnElement[bool]:
    """Comments of a segment's customers: by the rows of its members, or by its filter."""
    members = members_of(session, find_segment(session, workspace_id, key))
    if members is not None:
        return belongs(session, Comment.customer_id, members)
    return one_of_ids(session, Comment.customer_id, segment_members(session, workspace_id, key))


def _places(session: Session, workspace_id: int, wanted: Wanted) -> list[int]:
    """The touchpoints asked for, by key."""
    query = select(Touchpoint.id).where(Touchpoint.workspace_id == workspace_id)
    if wanted.touchpoint:
        query = query.where(Touchpoint.key == wanted.touchpoint)
    if wanted.stage or wanted.journey:
        query = query.join(Stage, Stage.id == Touchpoint.stage_id)
    if wanted.stage:
        query = query.where(Stage.key == wanted.stage)
    if wanted.journey:
        query = query.join(Journey, Journey.id == Stage.journey_id)
        query = query.where(Journey.key == wanted.journey)
    return list(session.scalars(query))


def _speaks(
    session: Session, workspace_id: int, wanted: Wanted, themes: Catalogue
) -> ColumnElement[bool]:
    """Comments that speak of a theme; looked for from the side that has fewer rows."""
    theme = themes.shown(str(wanted.theme))
    if themes.is_hidden(theme):
        return false()
    said: Select[Any] = select(Mention.comment_id).where(
        Mention.workspace_id == workspace_id, Mention.theme.in_(themes.parts(theme))
    )
    if wanted.sentiment:
        said = said.where(Mention.sentiment == wanted.sentiment)
    if is_many(session, said):
        return exists(said.where(Mention.comment_id == Comment.id).correlate(Comment))
    return Comment.id.in_(said)


def _asked_in(language: str) -> ColumnElement[bool]:
    """Comments of responses that were asked in a language, and those of none that are in it."""
    of = exists().where(Response.id == Comment.response_id, Response.language == language)
    return or_(of, and_(Comment.response_id.is_(None), Comment.language == language))


def is_many(session: Session, statement: Select[Any]) -> bool:
    """Whether a statement has more than FEW rows; looks at no more than that."""
    few = statement.limit(FEW + 1).subquery()
    return (session.scalar(select(func.count()).select_from(few)) or 0) > FEW


def _asked(workspace_id: int, wanted: Wanted) -> ColumnElement[bool]:
    """Comments of responses by a channel or to a survey."""
    of = exists().where(Response.id == Comment.response_id)
    if wanted.channel:
        of = of.where(Response.channel == wanted.channel)
    if wanted.survey:
        survey = select(Survey.id).where(
            Survey.workspace_id == workspace_id, Survey.key == wanted.survey
        )
        of = of.where(Response.survey_id == survey.scalar_subquery())
    return of
