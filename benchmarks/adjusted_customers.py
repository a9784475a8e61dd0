"""How often the adjusted effect's interval holds where customers answer again and again.

`python -m benchmarks.adjusted_customers` prints the table of docs/statistics.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.adjusted import Effect, effects
from feedback.statistics.clustered import Clusters, stretch
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, Pair, TouchpointSums

NPS, CELL = Metric.NPS, Cell("a", "t0")
World = tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64]]


def draw(chance: np.random.Generator, customers: int, alike: float, effect: float) -> World:
    """Who answered, which of two themes they complain of, and their points."""
    who = np.repeat(np.arange(customers), np.minimum(chance.geometric(0.3, customers), 30))
    mood = chance.normal(size=customers) * np.sqrt(alike)
    says = chance.normal(size=(customers, 2)) * np.sqrt(0.5)
    felt = mood[who] + chance.normal(size=len(who)) * np.sqrt(1 - alike)
    said = says[who] + chance.normal(size=(len(who), 2)) * np.sqrt(0.5)
    themes = said > np.array([0.674, 1.0])
    felt = felt - effect * themes[:, 0]
    return who, themes, np.where(felt > 0.2, 100.0, np.where(felt > -0.6, 0.0, -100.0))


def _moments(points: NDArray[np.float64]) -> Moments:
    return Moments(len(points), float(points.sum()), float((points * points).sum()))


def found(world: World) -> Effect | None:
    """The adjusted effect of the first theme, from the sums alone."""
    _, themes, points = world
    n = themes.sum(axis=0).tolist()
    cells = {
        Cell("a", f"t{j}"): CellSums(n[j], n[j], n[j], {NPS: _moments(points[themes[:, j]])})
        for j in (0, 1)
    }
    pairs = {Pair("a", NPS, "t0", "t1"): int((themes[:, 0] & themes[:, 1]).sum())}
    part = TouchpointSums(len(points), len(points), {NPS: _moments(points)})
    return effects(JourneySums({"a": part}, cells, pairs), NPS).get(CELL)


def customers_of(world: World) -> Clusters:
    """The customers of the first theme's responses."""
    who, themes, points = world
    groups: dict[int, list[float]] = {}
    for person, value in zip(who[themes[:, 0]], points[themes[:, 0]], strict=True):
        groups.setdefault(int(person), []).append(float(value))
    return Clusters.of(groups.values())


def main(replications: int = 400) -> None:
    """Print one row a world."""
    chance = np.random.default_rng(4)
    for customers, alike, effect in (
        *((40, 0.4, 0.0), (40, 0.4, 1.0), (200, 0.4, 0.0)),
        *((200, 0.4, 1.0), (200, 0.8, 0.0), (200, 0.8, 1.0)),
    ):
        large = [found(draw(chance, 4000, alike, effect)) for _ in range(12)]
        truth = float(np.mean([one.value for one in large if one]))
        held = []
        for _ in range(replications):
            world = draw(chance, customers, alike, effect)
            usual = found(world)
            if usual:
                ours = usual.stretched(stretch(customers_of(world)))
                held.append([one.low <= truth <= one.high for one in (usual, ours)])
        usual_held, ours_held = 100 * np.mean(held, axis=0)
        name = "effect" if effect else "no effect"
        print(f"| NPS, {name} | {customers} | {alike} | {usual_held:.1f} | {ours_held:.1f} |")


if __name__ == "__main__":
    main()
