"""Comments found, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from feedback.reporting.figures import Figure, Out
from feedback.search.find import Found
from feedback.themes.catalogue import Catalogue
from models.reading import Mention
from nlp.redaction import redacted


class SpokenOut(Out):
    """What a comment speaks of, and how."""

    theme: str
    theme_name: str
    sentiment: Literal["negative", "neutral", "positive"]


class CommentOut(Out):
    """A comment without personal data; what was understood of it is null until it was read.

    `nearness` is the cosine of what it means and what was looked for; null in a search by words.
    """

    id: str
    text: str
    at: datetime
    language: str | None
    sentiment: str | None
    sentiment_score: Figure | None
    urgent: bool
    wants_contact: bool
    touchpoint: str | None
    response: str | None
    nearness: Figure | None
    speaks_of: list[SpokenOut]


class CommentsFound(Out):
    """A page of comments. Hand `next` in as `after` for the following one; null on the last.

    `n` counts all that match, up to 1,000; `more` says that there are more. `capped`: the words
    are in so many comments that only the last 20,000 to come in were looked at. In a search by
    meaning `compared` says with how many comments, `all_compared` whether these are all that
    were read (in English); at most the 100 nearest are given.
    """

    comments: list[CommentOut]
    n: int
    more: bool
    capped: bool
    compared: int | None
    all_compared: bool | None
    next: str | None


def out(
    found: Found, mentions: Mapping[int, Sequence[Mention]], themes: Catalogue
) -> CommentsFound:
    """A page that was found, with its comments' mentions; hidden themes are left out."""
    return CommentsFound(
        comments=[
            CommentOut(
                id=str(row.id),
                text=redacted(row.text),
                at=row.occurred_at,
                language=row.language,
                sentiment=row.sentiment,
                sentiment_score=row.sentiment_score,
                urgent=row.urgent,
                wants_contact=row.wants_contact,
                touchpoint=row.touchpoint,
                response=None if row.response_id is None else str(row.response_id),
                nearness=found.alike.nearness.get(row.id) if found.alike else None,
                speaks_of=_spoken(mentions.get(row.id, ()), themes),
            )
            for row in found.rows
        ],
        n=found.n,
        more=found.more,
        capped=found.capped,
        compared=found.alike.compared if found.alike else None,
        all_compared=found.alike.whole if found.alike else None,
        next=found.after,
    )


def _spoken(mentions: Sequence[Mention], themes: Catalogue) -> list[SpokenOut]:
    """Each theme with each feeling once, in the order they were said."""
    said = dict.fromkeys(
        (themes.shown(one.theme), one.sentiment)
        for one in sorted(mentions, key=lambda one: (one.start, one.id))
        if not themes.is_hidden(one.theme)
    )
    return [
        SpokenOut(theme=theme, theme_name=themes.name(theme), sentiment=feeling)
        for theme, feeling in said
    ]
