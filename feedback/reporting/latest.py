"""The latest comments of each touchpoint: what a report's quotes are chosen from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from feedback.reporting.scope import Scope
from feedback.reporting.segments import listed, on_postgresql, one_of_ids
from feedback.reporting.sources import comment_filter
from models.reading import Comment

LOOKED_AT = 250
"""Comments of a touchpoint that quotes are chosen from, the latest ones."""
FILTERED = 500
"""So many of the latest are asked whether they pass filters: a narrow one costs no more."""


def latest(session: Session, scope: Scope) -> dict[int, int]:
    """The latest comments of each touchpoint of a scope: the touchpoint's id by the comment's.

    Under filters, of the latest few of everybody's those that pass. Of comments of the same
    moment the later written come first.
    """
    if not scope.touchpoints:
        return {}
    most = FILTERED if scope.narrowed else LOOKED_AT
    found = {
        id_: place
        for place, ids in session.connection().execute(_by_place(session, scope, most))
        for id_ in (json.loads(ids) if isinstance(ids, str) else ids or ())
    }
    return _passing(session, scope, found) if scope.narrowed else found


def _by_place(session: Session, scope: Scope, most: int) -> Select[*tuple[Any, ...]]:
    """Each touchpoint with the latest comments there, whoever wrote them, in one small row.

    A subquery by touchpoint: one of all of them would be planned for a second, or read them all.
    """
    places = listed(session, scope.touchpoints, "places")
    here = (
        select(Comment.id)
        .where(
            Comment.workspace_id == scope.workspace_id,
            Comment.touchpoint_id == places.c.value,
            Comment.occurred_at >= scope.period.start,
            Comment.occurred_at < scope.period.end,
        )
        .order_by(Comment.occurred_at.desc(), Comment.id.desc())
        .limit(most)
        .correlate(places)
        .subquery("here")
    )
    together = func.array_agg if on_postgresql(session) else func.json_group_array
    ids = select(together(here.c.id)).select_from(here).correlate(places).scalar_subquery()
    return select(places.c.value, ids)


def _passing(session: Session, scope: Scope, found: Mapping[int, int]) -> dict[int, int]:
    """Those of some comments that pass the filters, the latest of each touchpoint.

    One by one (on PostgreSQL OFFSET keeps it so): it would rather read all responses there are.
    """
    passing = comment_filter(session, scope)
    query = select(Comment.id, Comment.occurred_at)
    if on_postgresql(session):
        ids = listed(session, found, "found")
        one = query.where(Comment.id == ids.c.value, passing).offset(0).lateral("one")
        query = select(one.c.id, one.c.occurred_at).select_from(ids.join(one, true()))
    else:
        query = query.where(one_of_ids(session, Comment.id, sorted(found)), passing)
    id_, at = query.selected_columns
    latest_first = query.order_by(at.desc(), id_.desc())
    seen: Counter[int] = Counter()
    kept = {}
    for comment in session.connection().execute(latest_first).scalars():
        place = found[comment]
        if seen[place] < LOOKED_AT:
            seen[place] += 1
            kept[comment] = place
    return kept
