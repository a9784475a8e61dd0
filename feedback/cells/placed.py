"""Rows laid out: each where it counts, for everybody and for each segment of its customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feedback.cells.columns import Numbers, matched
from feedback.cells.layout import Layout
from feedback.cells.told import Told


@dataclass(frozen=True, slots=True)
class Placed:
    """Where rows count: row `row[i]`, for everybody or for a segment, at the code `at[i]`."""

    row: Numbers
    at: Numbers


def placed(
    told: Told, layout: Layout, day: Numbers, part: Numbers, touchpoint: Numbers, who: Numbers
) -> Placed:
    """Rows by their days, slices, touchpoints and customers, once more for each segment."""
    at = layout.place(day, part, touchpoint)
    row, member = matched(who, told.member)
    segment = layout.of_segment(told.segment[member])
    return Placed(np.append(np.arange(len(at)), row), np.append(at, at[row] + segment))


def slices(told: Told, layout: Layout) -> Numbers:
    """The slice of each response."""
    responses = told.responses
    return layout.slice(responses.channel, responses.survey, responses.language)
