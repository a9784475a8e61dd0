"""The report as JSON; one declaration for the API, the command and the page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def _four(value: float) -> float:
    return round(value, 4) + 0.0


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


Figure = Annotated[float, PlainSerializer(_four, return_type=float)]
Chance = Annotated[float, PlainSerializer(_digits, return_type=float)]


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class ScoreOut(_Out):
    """A score with its 95% interval; the figures are null where n is too small to give any."""

    metric: str
    value: Figure | None
    low: Figure | None
    high: Figure | None
    n: int
    small: bool


class SentimentOut(_Out):
    """The mean sentiment of the read comments, -1 to 1, with its 95% interval."""

    mean: Figure | None
    low: Figure | None
    high: Figure | None
    n: int
    small: bool


class ShareOut(_Out):
    """A share of the read comments, 0 to 1, with its 95% interval."""

    share: Figure | None
    low: Figure | None
    high: Figure | None
    n: int


class PlaceOut(_Out):
    """What was heard at one place of the journey; `n` counts responses."""

    name: str
    n: int
    scores: list[ScoreOut]
    sentiment: SentimentOut
    emotions: dict[str, ShareOut]


class TouchpointOut(PlaceOut):
    """One touchpoint, by its key."""

    touchpoint: str


class StageOut(PlaceOut):
    """One stage, by its key, with its touchpoints."""

    stage: str
    touchpoints: list[TouchpointOut]


class ImpactOut(_Out):
    """Points of the journey's metric that the cell costs (below 0), with a 95% interval.

    `adjusted` is its cost once the themes said with it, and its touchpoint, had their share;
    `q` the false discovery rate; `n` the scored responses behind it. Figures are null where n
    is too small; then q is 1.
    """

    metric: str | None
    value: Figure | None
    low: Figure | None
    high: Figure | None
    adjusted: Figure | None
    adjusted_low: Figure | None
    adjusted_high: Figure | None
    q: Chance
    n: int
    small: bool


class TrendOut(_Out):
    """The reach in the previous and in the current period; the change's 95% interval and p."""

    previous: Figure | None
    current: Figure | None
    low: Figure | None
    high: Figure | None
    p: Chance | None


class EvidenceOut(_Out):
    """A comment behind a pain point."""

    comment: str
    text: str
    sentiment_score: Figure


class PainPointOut(_Out):
    """A theme that is spoken badly of at a touchpoint; `told`: the data tell it from noise.

    `theme` is its key, `theme_name` what the workspace calls it.
    """

    rank: int
    stage: str
    touchpoint: str
    theme: str
    theme_name: str
    mentions: int
    negative: int
    reach: Figure | None
    reach_low: Figure | None
    reach_high: Figure | None
    told: bool
    impact: ImpactOut
    trend: TrendOut
    evidence: list[EvidenceOut]


class PeriodOut(_Out):
    """From a time until just before another."""

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class CommentsOut(_Out):
    """How far the understanding of the comments is."""

    read: int
    waiting: int
    not_read: int


class Report(_Out):
    """A journey's scores, stages and pain points in one period."""

    journey: str
    name: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    trend_previous: PeriodOut
    trend_current: PeriodOut
    n_responses: int
    n_lone_comments: int
    comments: CommentsOut
    scores: list[ScoreOut]
    sentiment: SentimentOut
    stages: list[StageOut]
    pain_points: list[PainPointOut]
