from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from statistics_rows import Row, row_lists, sums_of

from feedback.statistics.adjusted import PENALTY, effects
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell


def brute_force(rows: list[Row]) -> dict[Cell, float]:
    """Ridge regression on the rows themselves, touchpoints as their own free levels."""
    scored = [row for row in rows if row.points is not None]
    places = sorted({row.touchpoint for row in scored})
    cells = sorted({Cell(row.touchpoint, theme) for row in scored for theme in row.themes})
    if not cells:
        return {}
    levels = [[float(row.touchpoint == place) for place in places] for row in scored]
    said = [
        [float(cell.touchpoint == row.touchpoint and cell.theme in row.themes) for cell in cells]
        for row in scored
    ]
    x = np.hstack([np.array(levels), np.array(said)])
    y = np.array([row.points for row in scored], dtype=float)
    penalty = np.diag([0.0] * len(places) + [PENALTY] * len(cells))
    beta = np.linalg.solve(x.T @ x + penalty, x.T @ y)[len(places) :]
    shares = np.array(said).mean(axis=0)
    return dict(zip(cells, (beta * shares).tolist(), strict=True))


@settings(max_examples=60)
@given(row_lists((-100.0, 0.0, 100.0, None)))
def test_sums_give_what_the_rows_give(rows: list[Row]) -> None:
    found = effects(sums_of(rows), Metric.NPS) if any(r.points is not None for r in rows) else {}
    expected = brute_force(rows)
    assert set(found) == set(expected)
    for cell, effect in found.items():
        assert effect.value == pytest.approx(expected[cell], abs=1e-6)
        assert all(math.isfinite(figure) for figure in (effect.low, effect.high))
        assert effect.low <= effect.value <= effect.high


def test_a_theme_said_along_with_a_costly_one_is_cleared() -> None:
    # "staff" is only ever harmless; it looks bad because it comes along with "speed"
    rows = [Row("delivery", -100.0, frozenset({"speed", "staff"}))] * 60
    rows += [Row("delivery", -100.0, frozenset({"speed"}))] * 60
    rows += [Row("delivery", 100.0, frozenset({"staff"}))] * 20
    rows += [Row("delivery", 100.0, frozenset())] * 200
    found = effects(sums_of(rows), Metric.NPS)
    speed, staff = found[Cell("delivery", "speed")], found[Cell("delivery", "staff")]
    assert speed.value == pytest.approx(-70.0, abs=2.0)
    assert abs(staff.value) < 1.0


def test_a_touchpoint_s_own_level_is_not_charged_to_its_themes() -> None:
    rows = [Row("returns", -100.0, frozenset({"price"}))] * 30
    rows += [Row("returns", -100.0, frozenset())] * 30
    rows += [Row("browse", 100.0, frozenset())] * 200
    assert effects(sums_of(rows), Metric.NPS)[Cell("returns", "price")].value == pytest.approx(0.0)
