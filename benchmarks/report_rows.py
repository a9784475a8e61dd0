"""The rows of made-up responses of one year, drawn by dice: who said what, where, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.bulk import Rows
from nlp.themes import built_in_themes

END = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 365
CHANNELS = ("sms", "web", "import", "api")
SPOKEN = 0.6
"""The share of responses with a comment."""
ASKED = ("sms", "web")
"""The channels whose answers were asked for by an invitation."""
SILENT = 2
"""So many more were asked for each who answered."""
BEFORE, LASTS = timedelta(hours=6), timedelta(days=7)
"""How long before an answer its invitation was made, and how long that is good."""

COLUMNS = {
    "customers": "id workspace_id external_id attributes is_test created_at updated_at",
    "invitations": (
        "id workspace_id customer_id survey_id version_id touchpoint_id channel token status "
        "due_at expires_at sent_at status_at created_at"
    ),
    "responses": (
        "id workspace_id customer_id survey_id version_id touchpoint_id channel language source "
        "external_id status state occurred_at started_at updated_at invitation_id"
    ),
    "answers": "id workspace_id response_id question type value channel answered_at scored_at",
    "scores": (
        "id workspace_id response_id answer_id touchpoint_id metric value scale_low scale_high "
        "score_class occurred_at"
    ),
    "comments": (
        "id workspace_id response_id customer_id touchpoint_id attached_by source external_id "
        "text text_hash occurred_at created_at read_state read_at model language sentiment "
        "sentiment_score emotions urgent"
    ),
    "mentions": (
        'id workspace_id comment_id response_id start "end" theme sentiment sentiment_score source'
    ),
}
Row = Sequence[Any]


@dataclass(frozen=True)
class World:
    """What the rows hang on: a survey, its version, touchpoints; and how many responses in all."""

    survey: int
    version: int
    touchpoints: Sequence[int]
    size: int

    @property
    def customers(self) -> int:
        """How many customers there are: each answers about twice."""
        return max(2, self.size // 2)


@dataclass(frozen=True)
class Said:
    """One response as drawn; `moods` run from 0 (bad) to 1, one a theme."""

    number: int
    at: datetime
    touchpoint: int
    channel: str
    customer: int
    score: int
    speaks: bool
    themes: Sequence[str]
    moods: Sequence[float]


def rows(world: World, numbers: range, dice: np.random.Generator) -> Rows:
    """The rows of these responses, by table; their customers must be there."""
    found: Rows = {table: [] for table in COLUMNS if table != "customers"}
    for said in _drawn(world, numbers, dice):
        found["invitations"].extend(_invitations(world, said))
        found["responses"].append(_response(world, said))
        found["answers"].append(_answer(said))
        found["scores"].append(_score(said))
        if said.speaks:
            found["comments"].append(_comment(said))
            found["mentions"].extend(_mentions(said))
    return found


def _drawn(world: World, numbers: range, dice: np.random.Generator) -> Iterator[Said]:
    names, n = [theme.key for theme in built_in_themes()], len(numbers)
    ages, places = dice.random(n), dice.integers(len(world.touchpoints), size=n)
    scores, channels = dice.integers(0, 11, n), dice.integers(len(CHANNELS), size=n)
    speak, counts = dice.random(n) < SPOKEN, dice.integers(1, 4, n)
    popular = 1.0 / np.arange(2, len(names) + 2)
    themes = dice.choice(len(names), (n, 3), p=popular / popular.sum())
    moods, customers = dice.random((n, 3)), dice.integers(1, world.customers, n)
    for place, number in enumerate(numbers):
        yield Said(
            number,
            END - timedelta(days=DAYS * float(ages[place])),
            world.touchpoints[places[place]],
            CHANNELS[channels[place]],
            int(customers[place]),
            int(scores[place]),
            bool(speak[place]),
            [names[one] for one in themes[place, : counts[place]]],
            [float(one) for one in moods[place]],
        )


def customers(numbers: range) -> Rows:
    """The rows of these customers."""
    known = END - timedelta(days=DAYS)
    return {
        "customers": [
            (number, 1, f"c{number}", f'{{"group": {number % 8}}}', False, known, known)
            for number in numbers
        ]
    }


def _invitations(world: World, said: Said) -> Iterator[Row]:
    """That of an answer, and those that nobody answered."""
    if said.channel not in ASKED:
        return
    at, first = said.at - BEFORE, said.number * (SILENT + 1)
    about = (said.customer, world.survey, world.version, said.touchpoint, said.channel)
    for number in range(first, first + SILENT + 1):
        silent = "delivered" if at + LASTS > END else "expired"
        status = "completed" if number == first else silent
        times = (at, at + LASTS, at, at, at)
        yield (number, 1, *about, f"t{number}", status, *times)


def _response(world: World, said: Said) -> Row:
    invitation = said.number * (SILENT + 1) if said.channel in ASKED else None
    language = "en" if said.number % 5 else "de"
    asked = (said.customer, world.survey, world.version, said.touchpoint, said.channel)
    made = (language, "test", str(said.number), "completed", "{}")
    return (said.number, 1, *asked, *made, said.at, said.at, said.at, invitation)


def _answer(said: Said) -> Row:
    value = f'{{"value": {said.score}}}'
    return (said.number, 1, said.number, "nps", "nps", value, said.channel, said.at, said.at)


def _score(said: Said) -> Row:
    kind = "promoter" if said.score >= 9 else "passive" if said.score >= 7 else "detractor"
    scale = ("nps", float(said.score), 0.0, 10.0, kind)
    return (said.number, 1, said.number, said.number, said.touchpoint, *scale, said.at)


def _spelled(number: int) -> str:
    """A number in letters, as short as can be."""
    word = ""
    while number:
        number, letter = divmod(number, 26)
        word += chr(ord("a") + letter)
    return word


def _comment(said: Said) -> Row:
    mood = round(said.moods[0] * 2 - 1, 4)
    # one in ten holds a number, which may be personal data and takes longer to quote
    number = said.number if said.number % 10 == 0 else _spelled(said.number)
    words = f"what customer {_spelled(said.customer)} said of it, {number}, in so many words"
    feeling = "negative" if mood < -0.2 else "positive" if mood > 0.2 else "neutral"
    emotions = '{"anger": 0.6}' if mood < -0.5 else "{}"
    return (
        *(said.number, 1, said.number, said.customer, said.touchpoint, "event", "test"),
        *(str(said.number), words, words[:64], said.at, said.at, "read", said.at),
        *("waymark-1", "en", feeling, mood, emotions, False),
    )


def _mentions(said: Said) -> Iterator[Row]:
    for turn, theme in enumerate(said.themes):
        own = said.moods[turn]
        told = "negative" if own < 0.45 else "positive" if own > 0.6 else "neutral"
        number = said.number * 3 + turn
        yield (number, 1, said.number, said.number, 0, 9, theme, told, own * 2 - 1, "model")
