"""The latest comments of each touchpoint: what alerts quote, and reports of who gave no score."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from feedback.reporting.scope import Scope
from feedback.reporting.segments import listed, on_postgresql
from feedback.reporting.sources import comment_filter
from models.reading import Comment

_NEEDED = (
    *(Comment.id, Comment.workspace_id, Comment.touchpoint_id, Comment.occurred_at),
    *(Comment.response_id, Comment.customer_id, Comment.language),
)
LOOKED_AT = 150
"""Comments of a touchpoint that quotes are chosen from, the latest ones."""
FILTERED = 300
"""So many of the latest are asked whether they pass filters: a narrow one costs no more."""


def latest(session: Session, scope: Scope) -> dict[int, int]:
    """The latest comments of each touchpoint of a scope: the touchpoint's id by the comment's.

    Under filters, of the latest few of everybody's those that pass. Of comments of the same
    moment the later written come first.
    """
    if not scope.touchpoints:
        return {}
    return {
        id_: place
        for place, ids in session.connection().execute(_by_place(session, scope))
        for id_ in (json.loads(ids) if isinstance(ids, str) else ids or ())
    }


def _by_place(session: Session, scope: Scope) -> Select[*tuple[Any, ...]]:
    """Each touchpoint with the latest comments there, in one small row.

    A subquery by touchpoint: one of all of them would be planned for a second, or read them all.
    """
    places = listed(session, scope.touchpoints, "places")
    here = (
        select(*_NEEDED)
        .where(
            Comment.workspace_id == scope.workspace_id,
            Comment.touchpoint_id == places.c.value,
            Comment.occurred_at >= scope.period.start,
            Comment.occurred_at < scope.period.end,
        )
        .order_by(Comment.occurred_at.desc(), Comment.id.desc())
        .limit(FILTERED if scope.narrowed else LOOKED_AT)
        .correlate(places)
        .subquery("here")
    )
    kept = here
    if scope.narrowed:
        few = aliased(Comment, here)
        kept = (
            select(few.id)
            .where(comment_filter(session, scope, few))
            .order_by(few.occurred_at.desc(), few.id.desc())
            .limit(LOOKED_AT)
            .correlate(places)
            .subquery("kept")
        )
    together = func.array_agg if on_postgresql(session) else func.json_group_array
    ids = select(together(kept.c.id)).select_from(kept).correlate(places).scalar_subquery()
    return select(places.c.value, ids)
