"""Cells and states written; of two who write at once, the later gives way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import CursorResult, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from feedback.cells.counted import Fresh, Place
from feedback.cells.kept import Cells
from feedback.reporting.segments import one_of_ids
from models.statistics import StatisticCell, StatisticMark, StatisticState
from surveys.upsert import insert_into

AT_ONCE = 200


class Overtaken(Exception):
    """Another worker wrote first: what was counted is thrown away, and its marks are kept."""


def take(session: Session, workspace_id: int) -> StatisticState:
    """The state of a workspace, made if there is none; commits.

    Only marks up to its `taken` may be settled: SQLite's triggers do not mark a place again that
    has a newer one.
    """
    values = {"workspace_id": workspace_id, "base": "", "segments": {}, "version": 0, "taken": 0}
    session.execute(insert_into(session, StatisticState).values(**values).on_conflict_do_nothing())
    newest = select(func.coalesce(func.max(StatisticMark.id), 0)).scalar_subquery()
    mine = StatisticState.workspace_id == workspace_id
    session.execute(update(StatisticState).where(mine).values(taken=newest))
    session.commit()
    return session.get_one(StatisticState, workspace_id, populate_existing=True)


def settle(session: Session, state: StatisticState, **changes: Any) -> None:
    """Raise the version, and write what changes of the state, before anything else is written.

    Raises Overtaken, rolled back, if the version is no longer ours. Commits nothing.
    """
    ours = and_(
        StatisticState.workspace_id == state.workspace_id, StatisticState.version == state.version
    )
    version = state.version + 1
    statement = update(StatisticState).where(ours).values(version=version, **changes)
    statement = statement.execution_options(synchronize_session=False)
    found = session.execute(statement)
    if not isinstance(found, CursorResult) or found.rowcount != 1:
        session.rollback()
        raise Overtaken
    session.refresh(state)


def write_cells(session: Session, workspace_id: int, fresh: Fresh) -> None:
    """Put these cells where others stood."""
    places = sorted(fresh)
    for start in range(0, len(places), AT_ONCE):
        _clear(session, workspace_id, places[start : start + AT_ONCE])
    new = [row for place in places for row in _rows(workspace_id, place, fresh[place])]
    if new:
        session.execute(insert(StatisticCell), new)


def _clear(session: Session, workspace_id: int, places: Collection[Place]) -> None:
    listed = [
        and_(StatisticCell.level == level, StatisticCell.node == node, StatisticCell.shelf == shelf)
        for level, node, shelf in places
    ]
    statement = delete(StatisticCell).where(StatisticCell.workspace_id == workspace_id)
    session.execute(statement.where(or_(*listed)).execution_options(synchronize_session=False))


def _rows(workspace_id: int, place: Place, cells: Cells) -> list[dict[str, Any]]:
    level, node, shelf = place
    return [
        {
            "workspace_id": workspace_id,
            "segment_id": part.segment,
            "level": level,
            "node": node,
            "shelf": shelf,
            "channel": part.channel,
            "survey_id": part.survey,
            "language": part.language,
            "reach": reach,
            "rest": rest,
        }
        for part, (reach, rest) in sorted(cells.items())
    ]


def forget(session: Session, marks: Collection[int]) -> None:
    """Delete marks that were seen; those written meanwhile stay. Commits nothing."""
    if marks:
        seen = one_of_ids(session, StatisticMark.id, list(marks))
        session.execute(
            delete(StatisticMark).where(seen).execution_options(synchronize_session=False)
        )
