"""Columns of figures as lists: exact, or rounded as a report writes its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.reporting.figures import digits, four
from feedback.statistics.columns.moments import Column

Numbers = Sequence[float | None]
"""A column's numbers; None where it has none."""


@dataclass(frozen=True, slots=True)
class Digits:
    """How figures are written, and how chances are."""

    figures: Callable[[Column], Numbers]
    chances: Callable[[Column], Numbers]


def exact(values: Column) -> Numbers:
    """As they are."""
    return _listed(values, np.isnan(values))


def figures(values: Column) -> Numbers:
    """As `Figure` writes each."""
    with np.errstate(over="ignore", invalid="ignore"):
        parts = values * 10_000.0
        whole = np.floor(parts + 0.5)
        found = whole / 10_000
        plain = (np.abs(parts) < 1e12) & (np.abs(parts - whole) < 0.499999)
    none = np.isnan(values)
    for place in np.flatnonzero(~plain & ~none).tolist():
        found[place] = four(float(values[place]))
    return _listed(found, none)


def chances(values: Column) -> Numbers:
    """As `Chance` writes each."""
    return [None if one != one else digits(one) for one in values.tolist()]


def _listed(values: Column, none: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Numbers:
    listed = values.astype(object)
    listed[none] = None
    found: list[float | None] = listed.tolist()
    return found


EXACT = Digits(exact, exact)
WRITTEN = Digits(figures, chances)
