"""From an answer to a score: pure functions, the direction of every scale declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feedback.statistics.metrics import VALUES, Metric
from models.errors import InvalidInput

PROMOTER_FROM = 9.0
PASSIVE_FROM = 7.0


class Direction(StrEnum):
    """Which end of a scale is the good one."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale a question was answered on; `top_boxes` is how many count as satisfied."""

    metric: Metric
    low: float
    high: float
    direction: Direction = Direction.HIGHER_IS_BETTER
    top_boxes: int = 2


@dataclass(frozen=True, slots=True)
class TakenScore:
    """A score: `value` from `scale_low` to `scale_high`, always turned so that higher is better."""

    metric: Metric
    value: float
    score_class: str
    scale_low: float
    scale_high: float


def scale_for(
    metric: str,
    low: float | None = None,
    high: float | None = None,
    direction: str = Direction.HIGHER_IS_BETTER.value,
    top_boxes: int = 2,
) -> Scale:
    """The checked scale of a metric; without ends, the metric's usual one (0-10, 1-5, 1-7)."""
    known = _metric(metric)
    usual = VALUES[known]
    scale = Scale(
        known,
        float(usual[0] if low is None else low),
        float(usual[1] if high is None else high),
        _direction(direction),
        top_boxes,
    )
    _check(scale)
    return scale


def _metric(name: str) -> Metric:
    try:
        return Metric(name)
    except ValueError:
        mend = f"Use one of {', '.join(Metric)}"
        raise InvalidInput(f"no metric is called {name!r}", field="metric", mend=mend) from None


def _direction(name: str) -> Direction:
    try:
        return Direction(name)
    except ValueError:
        mend = f"Use one of {', '.join(Direction)}"
        message = f"no direction is called {name!r}"
        raise InvalidInput(message, field="direction", mend=mend) from None


def _check(scale: Scale) -> None:
    if not (scale.low.is_integer() and scale.high.is_integer() and scale.low < scale.high):
        message = f"a scale can't run from {scale.low:g} to {scale.high:g}"
        raise InvalidInput(message, field="scale", mend="Give two whole numbers, the lower first")
    if scale.metric is Metric.NPS and (scale.low, scale.high) != VALUES[Metric.NPS]:
        raise InvalidInput("NPS is asked from 0 to 10", field="scale", mend="Leave the scale out")
    if scale.metric is Metric.NPS and scale.direction is not Direction.HIGHER_IS_BETTER:
        mend = "Leave the direction out, or ask another metric"
        raise InvalidInput("NPS runs from bad to good", field="direction", mend=mend)
    if scale.metric is Metric.CSAT and not 1 <= scale.top_boxes <= scale.high - scale.low:
        message = f"{scale.top_boxes} top boxes don't fit the scale"
        mend = "Leave at least one box that is not satisfied"
        raise InvalidInput(message, field="top_boxes", mend=mend)


def score(scale: Scale, answer: float) -> TakenScore:
    """The score of one answer, which must be a whole number on the scale."""
    if isinstance(answer, bool) or not scale.low <= answer <= scale.high or answer != int(answer):
        message = f"{answer!r} is no answer on the scale"
        mend = f"Give a whole number from {scale.low:g} to {scale.high:g}"
        raise InvalidInput(message, field=str(scale.metric), mend=mend)
    reverse = scale.direction is Direction.LOWER_IS_BETTER
    value = scale.low + scale.high - answer if reverse else float(answer)
    return TakenScore(scale.metric, value, _class(scale, value), scale.low, scale.high)


def _class(scale: Scale, value: float) -> str:
    if scale.metric is Metric.NPS:
        if value >= PROMOTER_FROM:
            return "promoter"
        return "passive" if value >= PASSIVE_FROM else "detractor"
    if scale.metric is Metric.CSAT:
        return "satisfied" if value > scale.high - scale.top_boxes else "unsatisfied"
    return "easy" if value > (scale.low + scale.high) / 2.0 else "not_easy"
