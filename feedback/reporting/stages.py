"""The stages of a journey with their touchpoints, in the report's shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from feedback.reporting import out
from feedback.reporting.gathered import Gathered, place_of
from feedback.reporting.schema import StageOut
from feedback.statistics.clustered import Clusters
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import TouchpointSums
from models.journey import Journey, Stage

Place = tuple[str, list[TouchpointSums]]
"""The key of a place, and what was heard there: a touchpoint's own sums, or a stage's several."""


def stages_out(journey: Journey, known: Gathered) -> list[StageOut]:
    """All stages; how far their intervals are stretched is worked out for all places at once."""
    places = dict(one for stage in journey.stages for one in _places(stage, known))
    answers = {
        (metric, key): points
        for key, parts in places.items()
        for metric in Metric
        if (points := out.points_of(parts, metric)).n
    }
    found = known.customers.at(answers)

    def at(key: str) -> out.Customers:
        return lambda metric, _: found.get((metric, key), Clusters())

    return [_stage(stage, places, at) for stage in journey.stages]


def _places(stage: Stage, known: Gathered) -> Iterator[Place]:
    """The stage's touchpoints, and the stage itself."""
    heard = known.sums.touchpoints
    parts = [heard.get(point.key, TouchpointSums()) for point in stage.touchpoints]
    for point, part in zip(stage.touchpoints, parts, strict=True):
        yield point.key, [part]
    yield place_of(stage.key), parts


def _stage(
    stage: Stage,
    places: Mapping[str, list[TouchpointSums]],
    at: Callable[[str], out.Customers],
) -> StageOut:
    points = [
        out.touchpoint(point.key, point.name, places[point.key], at(point.key))
        for point in stage.touchpoints
    ]
    key = place_of(stage.key)
    return out.stage(stage.key, stage.name, places[key], points, at(key))
