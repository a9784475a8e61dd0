"""Everything that is told of why a pain point hurts, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.causes.crossings import crossings
from feedback.causes.draw import Draw, draw
from feedback.causes.people import deeds, people, segments
from feedback.causes.quotes import Chosen, chosen
from feedback.causes.said import comments
from feedback.causes.since import Since, since
from feedback.causes.splits import Known, attributes, splits
from feedback.causes.subtopics import Group, groups
from feedback.causes.telling import Word, words
from feedback.reporting.scope import Scope
from feedback.statistics.concentration import Concentration, concentrations
from feedback.statistics.sums import Cell
from models.survey import Survey


@dataclass(frozen=True, slots=True)
class Causes:
    """Where it concentrates, since when, in which words, what about, and quotes of each kind.

    `draw` is what was looked at; `read` in how many comments words and quotes were looked for,
    `whole` whether these are all. `cut`: the customers did more than was looked at. `pairs` is
    how many pairs of values were compared; those that are told stand among the places.
    """

    draw: Draw
    said: int
    places: Sequence[Concentration]
    pairs: int
    cut: bool
    since: Since
    words: Sequence[Word]
    groups: Sequence[Group]
    quotes: Sequence[Chosen]
    read: int
    whole: bool


def causes(
    session: Session, scope: Scope, touchpoint_id: int, theme: str, zone: ZoneInfo
) -> Causes:
    """The causes of a pain point in a report's scope; its cost is bounded at any size."""
    drawn = draw(session, scope, touchpoint_id, theme)
    known = people(session, drawn.units)
    done = deeds(session, scope, drawn.units, known)
    surveys = select(Survey.id, Survey.name).where(Survey.workspace_id == scope.workspace_id)
    names = dict(session.execute(surveys).all())
    all_known = Known(known, segments(session, scope.workspace_id, known), done, names, zone)
    cell = Cell(scope.touchpoints[touchpoint_id], theme)
    had = attributes(drawn.units, all_known)
    found = splits(cell, drawn.units, had)
    crossed = crossings(cell, drawn.units, had, found)
    told = comments(session, scope, touchpoint_id, theme)
    return Causes(
        draw=drawn,
        said=sum(unit.said for unit in drawn.units),
        places=crossed.apart(concentrations(found, crossed.pairs)),
        pairs=len(crossed.pairs),
        cut=done.cut,
        since=since(drawn.units, zone),
        words=words([one.text for one in told.told], told.others),
        groups=groups(session, told.told),
        quotes=chosen(told),
        read=len(told.told),
        whole=told.whole,
    )
