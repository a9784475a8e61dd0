"""Benjamini and Hochberg's (1995) control of the false discovery rate."""

from __future__ import annotations

from collections.abc import Sequence


def q_values(p_values: Sequence[float]) -> list[float]:
    """The q of each p, in the given order: the least false discovery rate that would pass it."""
    m = len(p_values)
    order = sorted(range(m), key=lambda place: -p_values[place])
    result = [1.0] * m
    least = 1.0
    for position, place in enumerate(order):
        least = min(least, p_values[place] * m / (m - position))
        result[place] = least
    return result
