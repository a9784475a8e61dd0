"""What a report takes long to work out, remembered for as long as nothing it is made of changes.

A report is opened again and again: it looks for news by itself, and each pain point's page, the
PDF and the API begin with the same sums. A process that is told to `remember` keeps the last few,
each under a name that holds the version of the stored statistics. While anything is marked to be
counted again nothing is remembered, so what is shown is what would be worked out anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from feedback.cells.definitions import base_name
from feedback.goals.rows import goals_of
from feedback.panel.read import NO_PANEL
from feedback.reporting.gathered import Gathered, Halves, gather
from feedback.reporting.quotes import Quotes
from feedback.reporting.scope import Scope
from feedback.reporting.speakers import Speakers, speakers
from feedback.statistics.mirror import delights
from feedback.statistics.painpoints import PainPoints, rank
from feedback.statistics.tangles import Tangled, tangles
from models.journey import Journey
from models.statistics import StatisticMark, StatisticState

MOST = 6
"""So many are remembered; one of a large journey takes some megabytes."""


@dataclass(slots=True)
class Beside:
    """What a report shows beside its ranking, once it was looked for: it changes when that does."""

    quoted: Quotes | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """The sums of a report, what hurts and what delights, ranked, what can't be told apart, and
    who can be quoted.
    """

    known: Gathered
    hurts: PainPoints
    delights: PainPoints
    tangles: Sequence[Tangled]
    speakers: Speakers
    beside: Beside = field(default_factory=Beside, compare=False)


class Remembered:
    """The last few, by name; safe among threads."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, Worked] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, name: Hashable) -> Worked | None:
        """What goes by a name, if it is remembered."""
        with self._lock:
            if name in self._found:
                self._found.move_to_end(name)
            return self._found.get(name)

    def put(self, name: Hashable, worked: Worked) -> None:
        """Remember one more, and forget the one that was not asked for longest."""
        with self._lock:
            self._found[name] = worked
            while len(self._found) > MOST:
                self._found.popitem(last=False)


_OF: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()


def remember(engine: Engine) -> Remembered:
    """From now on remember what this process works out from a database."""
    return _OF.setdefault(engine, Remembered())


def work_out(session: Session, journey: Journey, scope: Scope, halves: Halves) -> Worked:
    """What a report on a scope shows; remembered, if that is asked for and nothing has changed."""
    bind = session.get_bind()
    kept = _OF.get(bind) if isinstance(bind, Engine) else None
    if kept is None:
        return _work_out(session, journey, scope, halves)
    name = _name(session, journey, scope, halves)
    found = kept.get(name) if name is not None else None
    if found is not None:
        return replace(found, known=replace(found.known, goals=goals_of(session, journey)))
    worked = _work_out(session, journey, scope, halves)
    if name is not None and name == _name(session, journey, scope, halves):
        kept.put(name, worked)
    return worked


def _work_out(session: Session, journey: Journey, scope: Scope, halves: Halves) -> Worked:
    known = gather(session, journey, scope, halves)
    hurts = rank(known.sums, known.earlier, known.later, known.customers.hurts)
    joys = delights(*known.praise, known.customers.delights)
    ranked = ("negative", hurts), ("positive", joys)
    said = speakers(journey, scope, known.panel, known.sums, ranked)
    return Worked(replace(known, panel=NO_PANEL), hurts, joys, tangles(known.sums), said)


def _name(session: Session, journey: Journey, scope: Scope, halves: Halves) -> Hashable | None:
    """All that the numbers hang on; None while they would not all come from what is counted."""
    state = session.get(StatisticState, scope.workspace_id, populate_existing=True)
    if state is None or scope.timezone is None or scope.customers is not None:
        return None
    if state.base != base_name(scope.timezone, scope.themes.merged):
        return None
    mine = StatisticMark.workspace_id == scope.workspace_id
    if session.scalar(select(StatisticMark.id).where(mine).limit(1)) is not None:
        return None
    places = tuple((stage.key, one.id) for stage in journey.stages for one in stage.touchpoints)
    filters = (scope.channel, scope.survey_id, scope.language, scope.members)
    asked = (scope.period, *filters, halves)
    counted = (scope.workspace_id, state.version, state.base, state.built_at)
    themes = frozenset(scope.themes.hidden)
    return (*counted, places, tuple(sorted(scope.touchpoints.items())), *asked, themes)
