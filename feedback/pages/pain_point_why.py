"""Why a pain point hurts, as the page shows it: where, since when, in which words and quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from feedback.causes.find import Causes
from feedback.causes.quotes import Chosen
from feedback.causes.subtopics import Group
from feedback.causes.telling import Word
from feedback.pages import cause_words as say
from feedback.statistics.concentration import Concentration


@dataclass(frozen=True)
class WhyView:
    """Sentences first; the table stands behind one click."""

    places: Sequence[str]
    more: Sequence[str]
    even: str | None
    since: str
    words: Sequence[tuple[Word, str]]
    groups: Sequence[tuple[Group, str, str]]
    quotes: Sequence[tuple[str, Sequence[Chosen]]]
    looked_at: str
    read: str | None
    table: Sequence[Concentration]
    pairs: int
    everything: str


def why_view(found: Causes, filters: Mapping[str, str]) -> WhyView:
    """The view; `filters` are those of the comments page that lists all these complaints."""
    told = [say.concentrates(one) for one in found.places if one.told]
    return WhyView(
        places=told[: say.SHOWN],
        more=told[say.SHOWN :],
        even=None if told else say.even(found),
        since=say.since(found.since),
        words=[(one, comments_link({**filters, "q": f'"{one.text}"'})) for one in found.words],
        groups=[
            (one, say.group_size(one), comments_link({**filters, "by": "meaning", "q": one.text}))
            for one in found.groups
        ],
        quotes=_by_kind(found.quotes),
        looked_at=say.looked_at(found),
        read=None if found.whole else f"{found.read:,}",
        table=found.places,
        pairs=found.pairs,
        everything=comments_link(filters),
    )


def comments_link(filters: Mapping[str, str]) -> str:
    """The comments page with these filters."""
    return f"{url_for('pages.comments')}?{urlencode(filters)}"


def _by_kind(quotes: Sequence[Chosen]) -> list[tuple[str, Sequence[Chosen]]]:
    """The kinds that have quotes, in the order of the page."""
    kinds = [
        (name, [one for one in quotes if one.kind == kind]) for kind, name in say.KINDS.items()
    ]
    return [(name, chosen) for name, chosen in kinds if chosen]
