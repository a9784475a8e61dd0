"""Figures are rounded as Python rounds them, but for the sign of nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback.reporting.figures import Figure, Out


class One(Out):
    """A report of one figure."""

    value: Figure


@given(st.one_of(st.floats(allow_nan=False), st.floats(-200, 200), st.integers(-4000, 4000)))
@example(0.00005)
@example(-0.00005)
@example(0.12345)
@example(2469 / 20000)
@example(-1e-9)
@example(1e300)
def test_a_figure_is_rounded_to_four_decimals(value: float) -> None:
    found = One(value=value).model_dump()["value"]
    assert found == round(value, 4) or math.isinf(value)
    assert found != 0 or math.copysign(1, found) == 1


@given(st.integers(-(10**7), 10**7), st.integers(-3, 3))
def test_the_middle_of_two_goes_where_python_takes_it(half: int, steps: int) -> None:
    value = (2 * half + 1) / 20_000
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.copysign(math.inf, steps))
    assert One(value=value).model_dump()["value"] == pytest.approx(round(value, 4), abs=0)
