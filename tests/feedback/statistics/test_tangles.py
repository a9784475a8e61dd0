"""Themes that nobody can tell apart are named, with what they cost together."""

from __future__ import annotations

import pytest
from statistics_rows import Row, sums_of

from feedback.statistics.metrics import Metric
from feedback.statistics.sums import JourneySums
from feedback.statistics.tangles import tangles


def row(points: float, *themes: str, place: str = "parcel") -> Row:
    return Row(place, points, frozenset(themes))


def test_themes_always_said_together_are_one_tangle_with_one_cost() -> None:
    rows = [row(-100.0, "late", "lost") for _ in range(40)]
    rows += [row(100.0) for _ in range(160)] + [row(0.0, "price") for _ in range(30)]
    rows += [row(100.0, place="shop") for _ in range(100)]
    (found,) = tangles(sums_of(rows))
    assert (found.touchpoint, found.themes) == ("parcel", ("late", "lost"))
    assert found.metric is Metric.NPS
    # forty of 330 answers, some 200 points each
    assert found.cost.value == pytest.approx(-40 / 330 * 200, rel=0.15)
    assert found.cost.low < found.cost.value < found.cost.high < 0


def test_themes_said_apart_are_no_tangle() -> None:
    rows = [row(-100.0, "late") for _ in range(40)] + [row(0.0, "price") for _ in range(40)]
    assert tangles(sums_of([*rows, *(row(100.0) for _ in range(100))])) == []


def test_nothing_said_is_no_tangle() -> None:
    assert tangles(JourneySums()) == []
    assert tangles(sums_of([row(100.0) for _ in range(20)])) == []
    few = [row(-100.0, "late", "lost") for _ in range(3)] + [row(100.0) for _ in range(20)]
    assert tangles(sums_of(few)) == []
