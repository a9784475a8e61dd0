"""Student's t over columns; see `statistics.student` for the sources."""

from __future__ import annotations

import math

import numpy as np

from feedback.statistics.columns.moments import Column, column
from feedback.statistics.student import curve

_TINY = 1e-300
_NORMAL_FROM = 1e6
_EXPANDED_FROM = 300.0
"""Degrees from which the tail comes by its expansion."""
_STEPS = 400
_SERIES_FROM = 12.0


def quantiles(probability: float, df: Column) -> Column:
    """The t with P(T <= t) = `probability` for each of the degrees of freedom, all from 1 on."""
    x = 2.0 / df - 1.0
    last, before = np.zeros_like(df), np.zeros_like(df)
    for coefficient in curve(probability):
        last, before = coefficient + 2.0 * x * last - before, last
    return last - x * before


def cdfs(t: Column, df: Column) -> Column:
    """P(T <= t) row by row; normal from a million degrees on.

    From `_EXPANDED_FROM` on the smaller tail is right to 1e-9 of itself for t up to 12, and to
    1e-5 up to 35.
    """
    x = np.clip(df / (df + t * t), 1e-300, 1.0)
    few = df < _EXPANDED_FROM
    tail = np.zeros_like(t)
    tail[~few] = 0.5 * normal_twice(_normals(t[~few], df[~few]))
    tail[few] = 0.5 * _incomplete_betas(df[few] / 2.0, x[few])
    return np.where(t < 0.0, tail, 1.0 - tail)


def _normals(t: Column, df: Column) -> Column:
    """The standard normals that are as far out as these t (Hill 1970, algorithm 395)."""
    a = df - 0.5
    b = 48.0 * a * a
    y = a * np.log1p(t * t / df)
    change = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b)
    return np.where(df < _NORMAL_FROM, ((change + y + 3.0) / b + 1.0) * np.sqrt(y), np.abs(t))


def normal_twice(z: Column) -> Column:
    """The chance that a standard normal lies further from 0 than z."""
    return column(math.erfc(one / math.sqrt(2.0)) for one in z.tolist())


def _incomplete_betas(a: Column, x: Column) -> Column:
    """I_x(a, 1/2) of each row, by the continued fraction on the side where it converges soon."""
    half = np.full_like(a, 0.5)
    flipped = x > (a + 1.0) / (a + 2.5)
    first, second = np.where(flipped, half, a), np.where(flipped, a, half)
    at = np.where(flipped, 1.0 - x, x)
    inside = at > 0.0
    first, second, at = first[inside], second[inside], at[inside]
    front = np.exp(_ratios(a[inside]) + first * np.log(at) + second * np.log1p(-at))
    result = np.zeros_like(a)
    result[inside] = front * _fractions(first, second, at) / first
    return np.where(flipped, 1.0 - result, result)


def _ratios(a: Column) -> Column:
    """log of Γ(a + 1/2) / (Γ(a) Γ(1/2)): its series in 1/a (DLMF 5.11.13), few ones exactly."""
    square = 1.0 / (a * a)
    found = 1 / 192 + square * (-1 / 640 + square * (17 / 14336 - square * 31 / 18432))
    found = 0.5 * np.log(a / math.pi) - 1 / (8 * a) + found * square / a
    few = a < _SERIES_FROM
    found[few] = column(
        math.lgamma(one + 0.5) - math.lgamma(one) - math.lgamma(0.5) for one in a[few].tolist()
    )
    return found


def _fractions(a: Column, b: Column, x: Column) -> Column:
    """The continued fraction by Lentz's method; a row is done when it no longer moves."""
    found = np.ones_like(a)
    places = np.arange(len(a))
    c, d = np.ones_like(a), 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0))
    value = d.copy()
    for m in range(1, _STEPS):
        at = a + 2 * m
        term = m * (b - m) * x / ((at - 1.0) * at)
        c, d = _apart(1.0 + term / c), 1.0 / _apart(1.0 + term * d)
        value = value * c * d
        term = -(a + m) * (a + b + m) * x / (at * (at + 1.0))
        c, d = _apart(1.0 + term / c), 1.0 / _apart(1.0 + term * d)
        step = c * d
        value = value * step
        going = np.abs(step - 1.0) >= 1e-14
        if not going.all():
            found[places[~going]] = value[~going]
            places, a, b, x = places[going], a[going], b[going], x[going]
            c, d, value = c[going], d[going], value[going]
        if not len(places):
            break
    found[places] = value
    return found


def _apart(values: Column) -> Column:
    return np.where(np.abs(values) > _TINY, values, _TINY)
