"""Causes and evidence as programs read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from feedback.reporting.figures import Chance, Figure, Out
from feedback.reporting.schema import PainPointOut


class CountOut(Out):
    """How many complain (`said`), of how many (`n`)."""

    said: int
    n: int


class ConcentrationOut(Out):
    """A value of an attribute, and how much more often the pain point is heard there.

    `attribute` is channel, survey, language, hour, weekday, segment, before (what the customer
    did in the 30 days before), or `event:NAME` and `customer:NAME`, a property of the event or
    the customer. With `and_attribute` and `and_value` it is of those who have both values, and
    concentrates there more than either of them explains; such pairs are listed only where told.
    `inside` and `outside` are the shares that complain, `ratio` one over the other
    with its 95% interval; all null where `missing` says why. `q` is the false discovery rate over
    all that was looked at; `told`: the data tell it from noise.
    """

    attribute: str
    value: str
    and_attribute: str | None
    and_value: str | None
    said: int
    n: int
    inside: Figure | None
    outside: Figure | None
    ratio: Figure | None
    ratio_low: Figure | None
    ratio_high: Figure | None
    difference: Figure | None
    difference_low: Figure | None
    difference_high: Figure | None
    q: Chance
    told: bool
    small: bool
    missing: Literal["too_few", "everybody", "nobody"] | None


class SinceOut(Out):
    """The day from which the share that complains lies elsewhere, in the workspace's zone.

    `first` and `last` bound the days it may have been (95%); `step` is what a day stands for in
    a long period. `told`: the data tell a change from chance; otherwise the day says little.
    """

    day: date | None
    first: date | None
    last: date | None
    before: CountOut
    since: CountOut
    p: Chance | None
    told: bool
    step: Literal["day", "week"]


class WordOut(Out):
    """A word or phrase of these complaints that the touchpoint's other comments hold less."""

    text: str
    complaints: CountOut
    others: CountOut
    ratio: Figure | None
    ratio_low: Figure
    ratio_high: Figure | None
    q: Chance


class QuoteOut(Out):
    """A comment without personal data, and why it was chosen."""

    kind: Literal["typical", "different", "newest", "strongest"]
    comment: str
    response: str | None
    text: str
    at: datetime
    sentiment_score: Figure


class SubtopicOut(Out):
    """Complaints about much the same, by the words that tell them from the others.

    `complaints` is how many of those compared (read in English, each text once), `share` their
    part with its 95% interval; `quote` is one at their middle, without personal data.
    """

    words: list[str]
    complaints: CountOut
    share: Figure
    share_low: Figure
    share_high: Figure
    comment: str
    response: str | None
    quote: str


class LookedAt(Out):
    """What the causes were looked for in: `drawn` of `of` responses, evenly.

    `pairs` is how many pairs of values were compared, beside all values by themselves. `latest`:
    of a longer history only its last part counts. `comments` is how many of the complaints'
    comments words and quotes were looked for in, `all_comments` whether these are all.
    """

    drawn: int
    of: int
    complaining: int
    pairs: int
    latest: bool
    comments: int
    all_comments: bool


class PainPointWhy(Out):
    """One pain point: what it costs, where it concentrates, since when, and what people say."""

    journey: str
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    pain_point: PainPointOut
    looked_at: LookedAt
    places: list[ConcentrationOut]
    since: SinceOut
    words: list[WordOut]
    subtopics: list[SubtopicOut]
    quotes: list[QuoteOut]
