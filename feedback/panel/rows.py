"""The panel's answers from their rows: what the stored ones are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from feedback.panel.answers import NOBODY, Answers, Numbers
from feedback.panel.draw import drawn_response, is_whole
from feedback.reporting.scope import Scope
from feedback.reporting.segments import memberships
from feedback.reporting.sources import comment_filter, mean_points, score_filter
from feedback.statistics.columns.distinct import distinct
from models.reading import Comment, Mention
from models.response import Response, Score

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FELT = ("negative", "positive")


def moment(at: datetime) -> int:
    """A time as the panel counts it: whole microseconds of the epoch."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def answers_of(session: Session, scope: Scope, share: int) -> Answers:
    """The answers of a scope's drawn customers, whatever its filters, in the order of their ids.

    Themes are those that were heard, merged and hidden ones too.
    """
    rows = _scored(session, scope, share)
    if not rows:
        return NOBODY
    words = _Words()
    columns = _columns(rows, words)
    said = _said(session, scope, share, rows, words)
    belongs = _belongs(session, columns[0])
    return Answers(words.known, *columns, *said, *belongs)


class _Words:
    """Words by the place they got when they were first met."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, word: str) -> int:
        return self._places.setdefault(word, len(self._places))

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(self._places)


def _scored(session: Session, scope: Scope, share: int) -> Sequence[Row[Any]]:
    asked = (Response.customer_id, Response.survey_id, Response.channel, Response.language)
    keys = (Score.response_id, Score.touchpoint_id, Score.metric)
    query: Select[*tuple[Any, ...]] = (
        select(
            *keys, *asked, mean_points().label("points"), func.min(Score.occurred_at).label("at")
        )
        .join(Response, Response.id == Score.response_id)
        .where(score_filter(session, scope))
        .group_by(*keys, *asked)
        .order_by(*keys)
    )
    if not is_whole(share):
        query = query.where(drawn_response(share))
    return session.execute(query).all()


def _columns(rows: Sequence[Row[Any]], words: _Words) -> list[Numbers]:
    columns = [
        (
            -row.response_id if row.customer_id is None else row.customer_id,
            moment(row.at),
            row.touchpoint_id,
            row.survey_id or 0,
            words.place(row.channel),
            words.place(row.language or ""),
            words.place(row.metric),
            row.points,
        )
        for row in rows
    ]
    return list(np.array(columns, np.int64).T.copy())


def _said(
    session: Session, scope: Scope, share: int, rows: Sequence[Row[Any]], words: _Words
) -> list[Numbers]:
    """What was said badly and well of in which answer: the answer, the theme, and whether well."""
    answers = _by_response(rows)
    query = (
        select(Comment.response_id, Comment.touchpoint_id, Mention.theme, Mention.sentiment)
        .join(Mention, Mention.comment_id == Comment.id)
        .where(
            comment_filter(session, scope),
            Mention.sentiment.in_(_FELT),
            Comment.response_id.is_not(None),
        )
        .distinct()
        .order_by(Comment.response_id, Mention.theme, Mention.sentiment)
    )
    if not is_whole(share):
        query = query.join(Response, Response.id == Comment.response_id)
        query = query.where(drawn_response(share))
    found = [
        (answer, words.place(row.theme), int(row.sentiment == "positive"))
        for row in session.execute(query)
        for answer in answers.get((row.response_id, row.touchpoint_id), ())
    ]
    return list(np.array(found, np.int64).reshape(-1, 3).T.copy())


def _by_response(rows: Sequence[Row[Any]]) -> Mapping[tuple[int, int], list[int]]:
    """The answers of each response at each touchpoint: one a metric."""
    found: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(rows):
        found.setdefault((row.response_id, row.touchpoint_id), []).append(number)
    return found


def _belongs(session: Session, who: Numbers) -> list[Numbers]:
    """Which segments the customer of which answer belongs to, as last looked at."""
    known = distinct(who[who > 0]).tolist()
    segments: dict[int, list[int]] = {}
    rows = session.execute(memberships(session, known))
    for customer, segment in sorted((row.customer_id, row.segment_id) for row in rows):
        segments.setdefault(customer, []).append(segment)
    found = [
        (number, segment)
        for number, one in enumerate(who.tolist())
        for segment in segments.get(one, ())
    ]
    return list(np.array(found, np.int64).reshape(-1, 2).T.copy())
