"""The report as JSON; one declaration for the API, the command and the page."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from feedback.reporting.figures import (
    Chance,
    ChangeOut,
    CommentsOut,
    Figure,
    GoalOut,
    Out,
    PeriodOut,
    RateOut,
    ScoreOut,
)


class SentimentOut(Out):
    """The mean sentiment of the read comments, -1 to 1, with its 95% interval."""

    mean: Figure | None
    low: Figure | None
    high: Figure | None
    n: int
    small: bool


class ShareOut(Out):
    """A share of the read comments, 0 to 1, with its 95% interval."""

    share: Figure | None
    low: Figure | None
    high: Figure | None
    n: int


class PlaceOut(Out):
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


class ImpactOut(Out):
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


class TrendOut(Out):
    """The reach in the previous and in the current period; the change's 95% interval and p."""

    previous: Figure | None
    current: Figure | None
    low: Figure | None
    high: Figure | None
    p: Chance | None


class FixedOut(Out):
    """The score these same customers would have given, had nobody had cause to say it.

    The interval is the adjusted effect's, of 95%: an association, not a promise.
    """

    metric: str
    now: Figure
    value: Figure
    low: Figure
    high: Figure


class MoneyOut(Out):
    """What the adjusted effect is worth in a month, by what the team says of one point.

    Below 0 for what is lost, above 0 for what a delight brings.
    """

    currency: str
    value: Figure
    low: Figure
    high: Figure


class EvidenceOut(Out):
    """A comment behind a pain point."""

    comment: str
    text: str
    sentiment_score: Figure


class PainPointOut(Out):
    """A theme that is spoken badly of at a touchpoint; `told`: the data tell it from noise.

    `theme` is its key, `theme_name` what the workspace calls it. `severity` is the score of
    those who say it; null, as `fixed`, where too few do. Of a delight, `negative` counts praise,
    impacts are above 0, and nothing is to be fixed.
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
    severity: ScoreOut | None = None
    fixed: FixedOut | None = None
    money: MoneyOut | None = None
    trend: TrendOut
    evidence: list[EvidenceOut]


class TangleOut(Out):
    """Themes at a touchpoint that the data can't tell apart, and what they cost together."""

    touchpoint: str
    themes: list[str]
    theme_names: list[str]
    metric: str
    value: Figure
    low: Figure
    high: Figure


class Overview(Out):
    """A journey's scores and stages in one period: the report but for its ranked lists.

    `changes` are the scores of `trend_current` against those of `trend_previous`. `rate` is null
    in one language: which one a page would have been in that was never opened is not known.
    """

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
    changes: list[ChangeOut]
    goals: list[GoalOut]
    rate: RateOut | None
    sentiment: SentimentOut
    stages: list[StageOut]
    tangles: list[TangleOut]


class Report(Overview):
    """The same with the ranked lists."""

    pain_points: list[PainPointOut]
    delights: list[PainPointOut]
