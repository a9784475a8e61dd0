"""Columns of figures: exact, or rounded as a report writes its figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feedback.reporting.figures import digits, four
from feedback.statistics.columns.moments import Column


def exact(values: Column) -> Sequence[float | None]:
    """As they are; None where there is none."""
    listed = values.astype(object)
    listed[np.isnan(values)] = None
    found: list[float | None] = listed.tolist()
    return found


def figures(values: Column) -> Column:
    """As `Figure` writes each; NaN where there is none."""
    with np.errstate(over="ignore", invalid="ignore"):
        parts = values * 10_000.0
        whole = np.floor(parts + 0.5)
        found: Column = whole / 10_000
        plain = (np.abs(parts) < 1e12) & (np.abs(parts - whole) < 0.499999)
    for place in np.flatnonzero(~plain & ~np.isnan(values)).tolist():
        found[place] = four(float(values[place]))
    return found


def chances(values: Column) -> Sequence[float]:
    """As `Chance` writes each; NaN where there is none."""
    return [digits(one) for one in values.tolist()]
