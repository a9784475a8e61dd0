"""Whose words a report quotes: of the panel, who spoke of what stands at the top of it.

The panel (feedback.panel) holds whole customers, an even draw of them where there are many, and
is in memory anyway for a report's intervals. So what can be quoted is found without a look into
the rows, under filters too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.panel.read import Panel
from feedback.panel.voices import Spoken, Voice, feeling, speaking
from feedback.reporting.quotes import Felt
from feedback.reporting.scope import Scope
from feedback.statistics import scores as estimate
from feedback.statistics.painpoint import PainPoint
from feedback.statistics.sums import JourneySums, Moments, TouchpointSums
from models.journey import Journey, Stage

QUOTED = 30
"""So many pain points from the top carry quotes; any other has them on its own page."""
VOICES = 12
"""Of each of these, so many of the newest who say it are looked at."""
AT_AN_END = 40
"""So many at the happiest and at the unhappiest stage."""
APART = 0.1
"""Where more than this share spoke without a score, they are looked for among the rows."""


@dataclass(frozen=True, slots=True)
class End:
    """The happiest or the unhappiest stage: its place in the journey, and who spoke there so."""

    place: int
    best: bool
    voices: Sequence[Voice] = ()


@dataclass(frozen=True, slots=True)
class Speakers:
    """The voices behind the cells at the top of both lists, and at both ends of the curve.

    `apart` are the touchpoints, by key, where others spoke whom the panel does not hold.
    """

    wanted: Sequence[Felt] = ()
    voices: Sequence[Voice] = ()
    ends: tuple[End, ...] = ()
    apart: frozenset[str] = frozenset()


def speakers(
    journey: Journey,
    scope: Scope,
    panel: Panel,
    sums: JourneySums,
    ranked: Iterable[tuple[str, Sequence[PainPoint]]],
) -> Speakers:
    """Who can be quoted in a report; `ranked` are both lists by their feeling."""
    wanted = [(felt, one.cell) for felt, points in ranked for one in points[:QUOTED]]
    ids = {key: id_ for id_, key in scope.touchpoints.items()}
    spoken = [Spoken(ids[cell.touchpoint], cell.theme, felt == "positive") for felt, cell in wanted]
    return Speakers(
        wanted,
        speaking(panel.answers, scope.themes, spoken, VOICES),
        tuple(_voiced(one, journey, panel) for one in _ends(journey, sums)),
        frozenset(key for key, part in sums.touchpoints.items() if _apart(part, panel.whole)),
    )


def _ends(journey: Journey, sums: JourneySums) -> tuple[End, ...]:
    """The happiest stage and the unhappiest; none where fewer than two can be told."""
    means = [
        (felt.value, place)
        for place, stage in enumerate(journey.stages)
        if (felt := estimate.sentiment(_sentiment(stage, sums))).value is not None
    ]
    if len(means) < 2:
        return ()
    return End(max(means)[1], best=True), End(min(means)[1], best=False)


def _sentiment(stage: Stage, sums: JourneySums) -> Moments:
    parts = (sums.touchpoints.get(one.key, TouchpointSums()) for one in stage.touchpoints)
    return sum((part.sentiment for part in parts), Moments())


def _voiced(end: End, journey: Journey, panel: Panel) -> End:
    places = [one.id for one in journey.stages[end.place].touchpoints]
    return End(end.place, end.best, feeling(panel.answers, places, end.best, AT_AN_END))


def _apart(part: TouchpointSums, whole: bool) -> bool:
    """Whether enough spoke here without a score; of a small history, anybody."""
    scored = max((points.n for points in part.points.values()), default=0)
    return part.voices > scored and (whole or part.voices - scored > APART * part.voices)
