"""Which exports there are, and the one door that makes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from feedback.exports.columns import Table
from feedback.exports.comments import comments
from feedback.exports.mentions import mentions
from feedback.exports.pain_points import pain_points
from feedback.exports.responses import responses
from feedback.exports.scores import scores
from feedback.exports.wanted import OpenSession, Wanted
from models.errors import NotFound

KINDS: Mapping[str, tuple[str, str]] = {
    "responses": (
        "Responses with their answers",
        "One row a response, two columns a question: its value, and the words given with it.",
    ),
    "comments": (
        "Comments with their readings",
        "One row a comment: its words, feeling, emotions and themes.",
    ),
    "mentions": (
        "Mentions",
        "One row for each stretch of a comment that speaks of one theme.",
    ),
    "scores": ("Scores", "One row for each NPS, CSAT or CES answer."),
    "pain-points": (
        "Pain points",
        "One row for each touchpoint and theme that is spoken badly of, with its intervals.",
    ),
}
"""Each export by its key: what it is called, and what it holds."""


def table(kind: str, open_session: OpenSession, wanted: Wanted, now: datetime) -> Table:
    """An export, ready to be read page by page; each page opens a session of its own."""
    makers: Mapping[str, Callable[[OpenSession, Wanted], Table]] = {
        "responses": responses,
        "comments": comments,
        "mentions": mentions,
        "scores": scores,
        "pain-points": partial(pain_points, now=now),
    }
    if kind not in makers:
        mend = f"Name one of: {', '.join(KINDS)}."
        raise NotFound(f"there is no export {kind!r}", field="kind", mend=mend)
    return makers[kind](open_session, wanted)
