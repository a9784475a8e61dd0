"""The rows of some days as columns: who spoke where and when, what was scored, said and felt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from feedback.cells import asked
from feedback.cells.asked import APART, Names, Starts
from feedback.cells.columns import Numbers
from feedback.cells.items import asked_value
from feedback.reporting.scope import Scope
from feedback.statistics.columns.distinct import distinct

_NOTHING = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Responses:
    """All responses that anything is of, by id.

    `counts` says which count as responses: only these have a touchpoint and a day.
    """

    id: Numbers
    channel: Numbers
    survey: Numbers
    language: Numbers
    customer: Numbers
    touchpoint: Numbers
    day: Numbers
    counts: Numbers


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores: points and values in thousandths; `response` is a place among the responses.

    `asked` is the name of the value on the scale that it was asked on, among the words.
    """

    response: Numbers
    touchpoint: Numbers
    day: Numbers
    metric: Numbers
    grade: Numbers
    points: Numbers
    value: Numbers
    asked: Numbers


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments by id; `response` is a place among the responses, or -1.

    `language` is that of a comment of no response, `mood` in ten-thousandths.
    """

    id: Numbers
    response: Numbers
    customer: Numbers
    language: Numbers
    touchpoint: Numbers
    day: Numbers
    state: Numbers
    mood: Numbers


@dataclass(frozen=True, slots=True)
class Mentions:
    """Themes spoken of, merged ones as what they count as; `comment` is a place among them."""

    comment: Numbers
    theme: Numbers
    sentiment: Numbers


@dataclass(frozen=True, slots=True)
class Told:
    """All rows of some days.

    Comment `feels[i]` shows `emotion[i]`; customer `member[i]` belongs to `segment[i]`.
    """

    names: Names
    responses: Responses
    scores: Scores
    comments: Comments
    mentions: Mentions
    feels: Numbers
    emotion: Numbers
    member: Numbers
    segment: Numbers


def told(session: Session, scope: Scope, starts: Starts, segments: bool) -> Told:
    """Read the rows of a scope, hidden themes too.

    What changes between two of the queries is left out: it is marked, and counted again.
    """
    names = Names()
    counted = asked.responses(session, scope, starts, names)
    scored = asked.scores(session, scope, starts, names)
    said = asked.comments(session, scope, starts, names)
    spoken = asked.mentions(session, scope, names)
    unmet = np.setdiff1d(np.concatenate((scored[0], said[1])), np.append(counted[0], 0))
    others = asked.responses_by_id(session, unmet.tolist(), names) if len(unmet) else None
    responses = _responses(counted, others)
    *graded, low, high, value = _placed(scored, 0, responses.id)
    scores = Scores(*(*graded, _values(low, high, value, names)))
    *columns, felt = _placed(_ordered(said), 1, responses.id, alone=True)
    comments = Comments(*columns)
    mentions = Mentions(*_placed(spoken, 0, comments.id))
    who = distinct(np.concatenate((responses.customer, comments.customer)))
    belongs = (_NOTHING, _NOTHING)
    if segments and len(who):
        member, segment = asked.segments_of(session, who[who > 0].tolist())
        belongs = member, segment
    return Told(names, responses, scores, comments, mentions, *_emotions(felt, names), *belongs)


def _emotions(felt: Numbers, names: Names) -> tuple[Numbers, Numbers]:
    """Comments and the emotions they show, from the place of these in one text."""
    listed = [[*names.words.of(text.split(APART))] if text else [] for text in names.moods]
    counts = np.array([len(one) for one in listed])
    words = np.array([word for one in listed for word in one], np.int64)
    starts = np.cumsum(counts) - counts
    feels = np.repeat(np.arange(len(felt)), counts[felt])
    into = np.arange(len(feels)) - np.repeat(np.cumsum(counts[felt]) - counts[felt], counts[felt])
    return feels, words[np.repeat(starts[felt], counts[felt]) + into]


def _values(low: Numbers, high: Numbers, value: Numbers, names: Names) -> Numbers:
    """The names of values on their scales, as places among the words."""
    amounts = list(names.amounts)
    each, which = np.unique((low * len(amounts) + high) * len(amounts) + value, return_inverse=True)
    rest, own = np.divmod(each, max(1, len(amounts)))
    scales = np.divmod(rest, max(1, len(amounts)))
    named = (
        asked_value(*(amounts[place] for place in one))
        for one in zip(*(part.tolist() for part in (*scales, own)), strict=True)
    )
    return np.fromiter(names.words.of(named), np.int64, len(each))[which]


def _responses(counted: Sequence[Numbers], others: Sequence[Numbers] | None) -> Responses:
    met = len(counted[0])
    if others is not None:
        nowhere = np.zeros(len(others[0]), np.int64)
        parts = zip(counted, (*others, nowhere, nowhere), strict=True)
        counted = [np.concatenate(pair) for pair in parts]
    counts = (np.arange(len(counted[0])) < met).astype(np.int64)
    return Responses(*_ordered([*counted, counts]))


def _ordered(columns: Sequence[Numbers]) -> list[Numbers]:
    """Columns in the order of the first."""
    order = np.argsort(columns[0])
    return [column[order] for column in columns]


def _placed(
    columns: Sequence[Numbers], which: int, known: Numbers, alone: bool = False
) -> list[Numbers]:
    """One column's ids as places among those known, in order; rows of others are left out.

    Where rows may be `alone`, 0 is nobody's id, and their place is -1.
    """
    ids = columns[which]
    places = np.searchsorted(known, ids)
    places[places == len(known)] = -1
    kept: NDArray[np.bool_] = known[places] == ids if len(known) else np.zeros(len(ids), bool)
    if alone:
        kept |= ids == 0
        places[ids == 0] = -1
    found = [*columns]
    found[which] = places
    return [column[kept] for column in found]
