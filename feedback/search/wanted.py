"""What comments are asked for: the words, the filters and the order, checked in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from feedback.reporting.languages import known_language
from feedback.reporting.period import read_period
from feedback.search.query import Query, parse
from models.errors import InvalidInput
from models.reading import SENTIMENTS
from models.survey import CHANNELS
from nlp.labels import EMOTIONS

SORTS = ("newest", "oldest", "unhappiest", "happiest")
NAMES = (
    *("q", "by", "journey", "stage", "touchpoint", "theme", "sentiment", "emotion", "language"),
    *("asked_in", "channel", "survey", "segment", "from", "to", "urgent", "sort"),
)
LONGEST = 300
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "emotion": tuple(EMOTIONS),
    "channel": CHANNELS,
    "sort": SORTS,
    "urgent": ("yes", "no"),
    "by": ("words", "meaning"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments, by the keys of what they belong to; None where all count.

    With a theme, `sentiment` is that of what is said of the theme, else the whole comment's.
    `language` is the comment's own, `asked_in` that of its response (its own, where it has none).
    `query` looks for words, `meaning` for what comes near to it; at most one of them is there.
    """

    query: Query = field(default_factory=Query)
    meaning: str | None = None
    journey: str | None = None
    stage: str | None = None
    touchpoint: str | None = None
    theme: str | None = None
    sentiment: str | None = None
    emotion: str | None = None
    language: str | None = None
    asked_in: str | None = None
    channel: str | None = None
    survey: str | None = None
    segment: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    urgent: bool | None = None
    sort: str = SORTS[0]

    @property
    def narrowed(self) -> bool:
        """Whether filters leave some comments out, whatever is looked for."""
        bare = replace(self, query=Query(), meaning=None, sort=SORTS[0])
        return bare != Wanted()


def read_wanted(given: Mapping[str, str], zone: tzinfo) -> Wanted:
    """What the address bar asks for; dates are days of `zone`. What can't be is named."""
    said = {name: given.get(name, "").replace("\0", "").strip()[:LONGEST] for name in NAMES}
    said = {name: value for name, value in said.items() if value}
    for name, known in _KNOWN.items():
        if name in said and said[name] not in known:
            raise InvalidInput(
                f"no {name} {said[name]!r}", field=name, mend=f"Use one of {', '.join(known)}."
            )
    plain = ("journey", "stage", "touchpoint", "theme", "language", "segment", "survey")
    chosen = ("sentiment", "emotion", "channel", *plain)
    start, end = read_period(said, zone)
    typed = said.get("q", "")
    by_meaning = said.get("by") == "meaning"
    return Wanted(
        Query() if by_meaning else parse(typed),
        typed if by_meaning and any(map(str.isalnum, typed)) else None,
        start=start,
        end=end,
        urgent={"yes": True, "no": False}.get(said.get("urgent", "")),
        sort=said.get("sort", SORTS[0]),
        asked_in=known_language(said.get("asked_in"), "asked_in"),
        **{name: said[name] for name in chosen if name in said},
    )


def lenient(given: Mapping[str, str], zone: tzinfo) -> tuple[Wanted, list[InvalidInput]]:
    """The same for a page: what can't be is left out rather than refused, and said."""
    kept = dict(given)
    problems: list[InvalidInput] = []
    while True:
        try:
            return read_wanted(kept, zone), problems
        except InvalidInput as error:
            if error.field not in kept:
                raise
            del kept[error.field]
            problems.append(error)
