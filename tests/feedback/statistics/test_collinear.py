from __future__ import annotations

import numpy as np
import pytest

from feedback.statistics.collinear import dependence, tangled

WIDE = (-10.0, 10.0)


def square(*columns: list[float]) -> np.ndarray:
    x = np.array(columns).T
    x = x - x.mean(axis=0)
    return np.asarray(x.T @ x)


A = [1.0, 1.0, 0.0, 0.0] * 10
B = [1.0, 0.0, 1.0, 0.0] * 10
MOST_OF_A = [1.0, 1.0, 0.0, 0.0] * 9 + [1.0, 0.0, 0.0, 0.0]


def test_columns_that_have_nothing_in_common_are_not_inflated() -> None:
    found = dependence(square(A, B))
    assert found.inflation == pytest.approx([1.0, 1.0], abs=1e-3)
    assert found.correlations[0, 1] == pytest.approx(0.0, abs=1e-9)
    assert tangled(found, [WIDE, WIDE]) == []


def test_the_inflation_of_two_columns_is_one_over_one_less_their_correlation_squared() -> None:
    found = dependence(square(A, MOST_OF_A))
    r = np.corrcoef(A, MOST_OF_A)[0, 1]
    assert found.inflation == pytest.approx([1 / (1 - r * r)] * 2, rel=0.01)
    assert found.correlations[0, 1] == pytest.approx(-r, abs=1e-3)


def test_two_columns_too_alike_are_tangled_unless_their_intervals_part_them() -> None:
    found = dependence(square(A, B, MOST_OF_A))
    assert tangled(found, [WIDE, WIDE, WIDE]) == [(0, 2)]
    assert tangled(found, [(-30.0, -20.0), WIDE, (-5.0, 5.0)]) == []
    assert tangled(found, [WIDE, WIDE, None]) == []


def test_a_column_that_is_the_sum_of_two_others_is_tangled_with_both() -> None:
    one, other = [1.0, 0.0, 0.0, 0.0] * 10, [0.0, 1.0, 0.0, 0.0] * 10
    found = dependence(square(one, other, A, B))
    assert min(value or 0.0 for value in found.inflation[:3]) > 100.0
    assert abs(found.correlations[0, 1]) < 1.0
    assert tangled(found, [WIDE] * 4) == [(0, 1, 2)]


def test_two_pairs_are_two_groups() -> None:
    found = dependence(square(A, B, A, B))
    assert tangled(found, [WIDE] * 4) == [(0, 2), (1, 3)]


def test_a_column_that_never_varies_has_no_inflation_and_no_company() -> None:
    found = dependence(square(A, [1.0] * 40, [0.0] * 40))
    assert found.inflation == [pytest.approx(1.0, abs=1e-3), None, None]
    assert np.isfinite(found.correlations).all()
    assert tangled(found, [WIDE, None, None]) == []


def test_no_column_at_all() -> None:
    assert tangled(dependence(np.zeros((0, 0))), []) == []
