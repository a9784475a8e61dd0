"""Whether the report names the right pain point first, and what it says where nothing hurts.

    python -m benchmarks ranking [--runs 600]

The made-up journey of `waymark synth`: fourteen touchpoints, nine planted pain points, and
grumbles that cost less. Each run draws it anew and ranks it as the report does. For the second
table the scores are dealt out again at random, so that no theme costs anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.coverage import percent, sums_of, table
from feedback.statistics.intervals import wilson
from feedback.statistics.painpoints import PainPoints, rank
from feedback.statistics.sums import Cell, JourneySums
from feedback.synth.model import Draws, World, draw, world

SIZES = (500, 2000)
MANY = 400_000
Array = NDArray[np.float64]


def themes_of(model: World) -> list[str]:
    """Every theme that somebody may complain of."""
    planted = {one.theme for _, one in model.planted}
    return sorted(planted | {theme for place in model.places for theme in place.grumble})


def complaints(model: World, draws: Draws, themes: list[str]) -> Array:
    """Which response (row) speaks badly of which theme (column)."""
    found = np.zeros((len(draws.score), len(themes)))
    for column, (_, planted) in enumerate(model.planted):
        found[draws.said[:, column], themes.index(planted.theme)] = 1.0
    for number, place in enumerate(model.places):
        for which, theme in enumerate(place.grumble):
            said = (draws.place == number) & (draws.grumble == which) & draws.speaks
            found[said, themes.index(theme)] = 1.0
    return found


def points_of(score: NDArray[np.int64]) -> Array:
    """Points of NPS."""
    return np.where(score >= 9, 100.0, np.where(score <= 6, -100.0, 0.0))


def ranked(
    model: World, count: int, dice: np.random.Generator, shuffled: bool = False
) -> PainPoints:
    """The pain points of a history of so many responses, as the report ranks them."""
    draws, themes = draw(model, count, dice), themes_of(model)
    points = points_of(draws.score)
    if shuffled:
        dice.shuffle(points)
    rows = [np.flatnonzero(draws.place == number) for number in range(len(model.places))]
    return rank(sums_of(complaints(model, draws, themes), points, rows), JourneySums())


def worst(model: World) -> Cell:
    """The planted pain point that truly costs most, by a very long history."""
    draws = draw(model, MANY, np.random.default_rng(0))
    points = points_of(draws.score)
    costs = [points[~said].mean() for said in draws.said.T]
    number, planted = model.planted[int(np.argmax(costs))]
    return Cell(f"t{number}", f"{themes_of(model).index(planted.theme):02}")


def first(model: World, runs: int) -> Iterator[list[object]]:
    """Rows: how often the worst planted one is told first, and is among the first three."""
    wanted = worst(model)
    for size in SIZES:
        dice, top, three = np.random.default_rng(size), 0, 0
        for _ in range(runs):
            told = [point.cell for point in ranked(model, size, dice) if point.told]
            top += told[:1] == [wanted]
            three += wanted in told[:3]
        yield [size, percent(top, runs), within(top, runs), percent(three, runs)]


def nothing(model: World, runs: int) -> Iterator[list[object]]:
    """Rows: how often anything is told where nothing costs anything."""
    for size in SIZES:
        dice, any_told, called, looked = np.random.default_rng(size), 0, 0, 0
        for _ in range(runs):
            points = ranked(model, size, dice, shuffled=True)
            told = sum(point.told for point in points)
            any_told += told > 0
            called += told
            looked += len(points)
        yield [size, percent(any_told, runs), within(any_told, runs), f"{called:,} of {looked:,}"]


def within(count: int, n: int) -> str:
    """The 95% interval of a share, in percent."""
    low, high = (100.0 * end for end in wilson(count, n))
    return f"{low:.1f} to {high:.1f}"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=600)
    runs = parser.parse_args().runs
    print("### The worst planted pain point\n")
    head = ("responses", "told first, %", "95%", "among the first three, %")
    table(head, first(world(), runs))
    print("### Nothing costs anything\n")
    head = ("responses", "reports that tell anything, %", "95%", "told of all pain points")
    table(head, nothing(world(), runs))


if __name__ == "__main__":
    main()
