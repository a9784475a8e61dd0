"""Who of the panel spoke of what, the newest first: where a report's quotes are looked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from feedback.panel.answers import Answers, Numbers
from feedback.themes.catalogue import Catalogue


class Voice(NamedTuple):
    """A response as the panel knows it: whose it is, its touchpoint's id, and when it was.

    `who` is the customer's id, or the response's below 0; `at` counts microseconds of the epoch.
    """

    who: int
    touchpoint: int
    at: int


class Spoken(NamedTuple):
    """A touchpoint's id, a theme as it is shown, and whether it is praised."""

    touchpoint: int
    theme: str
    praise: bool


def speaking(
    answers: Answers, themes: Catalogue, wanted: Collection[Spoken], most: int
) -> list[Voice]:
    """The newest voices that speak of each of these, so many of each; nobody is listed twice."""
    words = sorted({themes.shown(word) for word in answers.words} | {one.theme for one in wanted})
    number = {word: place for place, word in enumerate(words)}
    shown = np.array([number[themes.shown(word)] for word in answers.words] or [0], np.int64)
    width = 2 * len(words)
    keys = [one.touchpoint * width + 2 * number[one.theme] + one.praise for one in wanted]
    at = answers.touchpoint[answers.said_by]
    said = at * width + 2 * shown[answers.theme] + answers.praise
    return _newest(answers, np.where(np.isin(said, keys), said, -1), most)


def feeling(answers: Answers, touchpoints: Collection[int], praise: bool, most: int) -> list[Voice]:
    """The newest voices that praise, or complain of, anything at these touchpoints."""
    here = np.isin(answers.touchpoint[answers.said_by], list(touchpoints))
    return _newest(answers, np.where(here & (answers.praise == int(praise)), 0, -1), most)


def _newest(answers: Answers, group: Numbers, most: int) -> list[Voice]:
    """The newest few of each group of what was said; below 0 is no group.

    A response that earned points in several metrics is one voice.
    """
    kept = np.flatnonzero(group >= 0)
    by = answers.said_by[kept]
    columns = group[kept], -answers.at[by], answers.who[by], answers.touchpoint[by]
    order = np.lexsort(columns[::-1])
    rows = np.stack([column[order] for column in columns])
    new = np.ones(rows.shape[1], np.bool_)
    new[1:] = (rows[:, 1:] != rows[:, :-1]).any(axis=0)
    groups, before, who, touchpoint = rows[:, new]
    first = np.arange(len(groups)) - np.searchsorted(groups, groups) < most
    found = zip(
        who[first].tolist(), touchpoint[first].tolist(), before[first].tolist(), strict=True
    )
    return list(dict.fromkeys(Voice(one, place, -at) for one, place, at in found))
