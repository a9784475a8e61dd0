"""The panel as it is stored: a pack a day, written with the day's other sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from feedback.cells.days import Calendar, runs
from feedback.panel.answers import Answers, between, unpacked
from feedback.panel.draw import A_YEAR, YEAR, drawn_among, share_of
from feedback.panel.rows import answers_of, moment
from feedback.reporting.period import Piece
from feedback.reporting.scope import Scope
from models.engine import AS_BYTES
from models.journey import Touchpoint
from models.response import Response
from models.statistics import StatisticPanel, StatisticState

TOO_MANY = 2 * A_YEAR
"""A panel that has grown to so many answers a year is thinned."""
WHOLES = 4
"""So many panels stay put together in a process, some megabytes each: every filter asks for one."""


def first_share(session: Session, workspace_id: int, days: int) -> int:
    """The share to begin with, by how many responses a history of so many days holds."""
    mine = Response.workspace_id == workspace_id
    return share_of(session.scalar(select(func.count()).where(mine)) or 0, days)


def counted(
    session: Session, workspace_id: int, calendar: Calendar, days: Collection[int], share: int
) -> dict[int, Answers]:
    """The panel of whole days from their rows, at all touchpoints."""
    mine = Touchpoint.workspace_id == workspace_id
    touchpoints = tuple(session.scalars(select(Touchpoint.id).where(mine)))
    found: dict[int, Answers] = {}
    for first, end in runs(days):
        period = calendar.period(first, end - 1)
        named = {one: str(one) for one in touchpoints}
        scope = Scope(workspace_id, named, period, pieces=(Piece(touchpoints, period),))
        starts = [moment(calendar.start(day)) for day in range(first, end + 1)]
        parts = between(answers_of(session, scope, share), starts)
        found |= dict(zip(range(first, end), parts, strict=True))
    return found


def write(session: Session, state: StatisticState, fresh: Mapping[int, Answers]) -> None:
    """Put these days where others stood, and thin what has grown too large. Commits nothing."""
    mine = StatisticPanel.workspace_id == state.workspace_id
    gone = delete(StatisticPanel).where(mine, StatisticPanel.day.in_(fresh))
    session.execute(gone.execution_options(synchronize_session=False))
    new = [
        {"workspace_id": state.workspace_id, "day": day, "answers": len(part), "pack": part.pack()}
        for day, part in sorted(fresh.items())
        if len(part)
    ]
    if new:
        session.execute(insert(StatisticPanel), new)
    _thin(session, state)


def stored(session: Session, workspace_id: int, days: range) -> Iterator[tuple[int, Answers]]:
    """The stored panel, day by day; of a larger share where it was not thinned yet."""
    for day, pack in _packs(session, workspace_id, days):
        yield day, unpacked([pack])


def stored_together(
    session: Session, workspace_id: int, days: range, but: Collection[int]
) -> Answers:
    """The stored panel of all days but some."""
    packs = _packs(session, workspace_id, days)
    return _whole(tuple(pack for day, pack in packs if day not in but))


@lru_cache(maxsize=WHOLES)
def _whole(packs: tuple[bytes, ...]) -> Answers:
    return unpacked(packs)


def _packs(session: Session, workspace_id: int, days: range) -> Iterator[tuple[int, bytes]]:
    query = select(StatisticPanel.day, StatisticPanel.pack).where(
        StatisticPanel.workspace_id == workspace_id,
        StatisticPanel.day >= days.start,
        StatisticPanel.day < days.stop,
    )
    rows = session.execute(query.order_by(StatisticPanel.day), execution_options=AS_BYTES)
    yield from ((row.day, row.pack) for row in rows)


def _thin(session: Session, state: StatisticState) -> None:
    """Halve a panel that has grown too large, in place."""
    mine = StatisticPanel.workspace_id == state.workspace_id
    size, first, last = session.execute(
        select(
            func.sum(StatisticPanel.answers),
            func.min(StatisticPanel.day),
            func.max(StatisticPanel.day),
        ).where(mine)
    ).one()
    if not size or size <= TOO_MANY * max(1.0, (last - first + 1) / YEAR) or state.panel_share < 2:
        return
    state.panel_share //= 2
    session.flush()
    for day, part in list(stored(session, state.workspace_id, range(first, last + 1))):
        left = part.only(drawn_among(part.who, state.panel_share)).tidied()
        here = update(StatisticPanel).where(mine, StatisticPanel.day == day)
        session.execute(here.values(answers=len(left), pack=left.pack()))


def drop(session: Session, workspace_id: int, kept: range) -> None:
    """Delete what lies outside these days. Commits nothing."""
    outside = (StatisticPanel.day < kept.start) | (StatisticPanel.day >= kept.stop)
    mine = StatisticPanel.workspace_id == workspace_id
    gone = delete(StatisticPanel).where(mine, outside)
    session.execute(gone.execution_options(synchronize_session=False))
