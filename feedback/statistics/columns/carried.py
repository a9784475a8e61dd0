"""What was drawn of the customers, carried over to all answers of many cells.

The shape of the customers is the draw's, the answers are everybody's: Σm² grows with n and
Σ(S - R·m)² with the squared deviations, so that the design effect is the draw's.
"""

from __future__ import annotations

import numpy as np

from feedback.statistics.clustered import ALIKE
from feedback.statistics.columns.clustered import ClusterColumns, SharedColumns, either
from feedback.statistics.columns.moments import Column, MomentColumns, ratio
from feedback.statistics.columns.parted import PartedColumns


def carried(drawn: ClusterColumns, points: MomentColumns) -> ClusterColumns:
    """The customers of all the answers whose points these are, shaped like the drawn ones.

    Drawn is everybody: unchanged. Nobody drawn: one answer a customer.
    """
    n, rate = points.n, points.mean
    scale = ratio(n, drawn.points.n)
    sizes = drawn.sizes * scale
    squared = drawn.squared * _grown(points, drawn.points, scale)
    customers = np.minimum(n, np.maximum(1.0, np.rint(drawn.customers * scale)))
    shaped = ClusterColumns(points, customers, sizes, squared + rate * rate * sizes, rate * sizes)
    found = either(drawn.points.n == 0.0, ClusterColumns.single(points), shaped)
    return either(drawn.points.same(points) | (n == 0.0), drawn, found)


def _grown(points: MomentColumns, drawn: MomentColumns, scale: Column) -> Column:
    """How the squared deviations of all compare with the draw's; by size where it has none."""
    deviations = drawn.deviations
    none = deviations <= ALIKE * drawn.squares
    return np.where(none, scale, ratio(points.deviations, deviations))


def shared(drawn: PartedColumns, points: MomentColumns, rest: MomentColumns) -> SharedColumns:
    """What cells and the rest have in common, with the draw's correlation of the two."""
    a, b, both = drawn.cell.points, drawn.rest.points, drawn.shared
    first, second = a.mean, b.mean
    across = both.totals - first * both.first - second * both.second
    across = across + first * second * both.sizes
    grown_a = _grown(points, a, ratio(points.n, a.n))
    grown_b = _grown(rest, b, ratio(rest.n, b.n))
    scale = ratio(points.n + rest.n, a.n + b.n)
    sizes = both.sizes * scale
    totals = across * np.sqrt(grown_a * grown_b) + points.mean * rest.mean * sizes
    customers = np.maximum(1.0, np.rint(both.customers * scale))
    as_it_is = (a.same(points) & b.same(rest)) | (both.customers == 0.0)
    as_it_is |= (a.n == 0.0) | (b.n == 0.0)
    new = (customers, sizes, totals, rest.mean * sizes, points.mean * sizes)
    old = (both.customers, both.sizes, both.totals, both.first, both.second)
    return SharedColumns(*(np.where(as_it_is, x, y) for x, y in zip(old, new, strict=True)))
