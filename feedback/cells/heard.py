"""From columns to sums: responses, comments, how far they are read, and what they speak of."""

from __future__ import annotations

import numpy as np

from feedback.cells.adding import Parts, moments, times, voices
from feedback.cells.columns import Numbers, matched
from feedback.cells.items import SPOKEN, Kind
from feedback.cells.layout import Layout
from feedback.cells.placed import Placed, placed, slices
from feedback.cells.told import Told


def heard(told: Told, layout: Layout) -> Parts:
    """Responses, comments of none, mentions, read states, sentiment, emotions."""
    comments = _comments(told, layout)
    yield _responses(told, layout)
    yield from _said(told, layout, comments)
    yield from _mentions(told, layout, comments)


def _responses(told: Told, layout: Layout) -> tuple[Numbers, Numbers]:
    responses, part = told.responses, slices(told, layout)
    rows = np.flatnonzero(responses.counts)
    where = (responses.day[rows], part[rows], responses.touchpoint[rows])
    spread = placed(told, layout, *where, responses.customer[rows])
    return times(spread.at + layout.name(Kind.RESPONSES))


def _comments(told: Told, layout: Layout) -> Placed:
    comments, nowhere = told.comments, np.zeros(1, np.int64)
    alone = layout.slice(nowhere, nowhere, comments.language)
    of = np.append(slices(told, layout), nowhere)[comments.response]
    part = np.where(comments.response < 0, alone, of)
    return placed(told, layout, comments.day, part, comments.touchpoint, comments.customer)


def _said(told: Told, layout: Layout, spread: Placed) -> Parts:
    comments, at = told.comments, spread.at
    state = comments.state[spread.row]
    yield times(at[comments.response[spread.row] < 0] + layout.name(Kind.LONE))
    yield times(at + layout.name(Kind.STATE, state))
    read = state == told.names.words["read"]
    mood = comments.mood[spread.row][read]
    yield from moments(at[read] + layout.name(Kind.MOOD_N), mood, layout.codes.kind)
    feels, where = matched(told.feels, spread.row[read])
    yield times(at[read][where] + layout.name(Kind.EMOTION, told.emotion[feels]))


def _mentions(told: Told, layout: Layout, spread: Placed) -> Parts:
    mentions, comments = told.mentions, told.comments
    row, where = matched(mentions.comment, spread.row)
    at, theme, sentiment = spread.at[where], mentions.theme[row], mentions.sentiment[row]
    yield times(at + layout.name(Kind.MENTIONS, theme))
    comment = mentions.comment[row]
    # a comment of no response is a voice of its own
    apart = len(told.responses.id) + np.arange(len(comments.id))
    voice = np.where(comments.response < 0, apart, comments.response)[comment]
    for feeling, (said, spoken) in SPOKEN.items():
        so = sentiment == told.names.words[feeling]
        yield times(at[so] + layout.name(said, theme[so]))
        yield voices(at[so] + layout.name(spoken, theme[so]), voice[so])
