"""How often looking at an experiment again and again is misled, by simulation.

    python -m benchmarks.sequential [--replications 1000] [--seed 1]

prints the table of docs/statistics.md: a look after every 20 customers of each variant from 50 to
6,000; "ever wrong" is the share of runs in which some look's interval does not hold the truth, for
ours and for the usual 95% interval. About a minute.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.coverage import table
from feedback.experiments.results import WORTH_LEAVING, WORTH_SHARE
from feedback.experiments.sequential import Difference, Sample, difference, share_difference

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]
FIRST, LAST, STEP = 50, 6000, 20
NPS = (-100.0, 0.0, 100.0)


@dataclass(frozen=True)
class Case:
    """Two variants, the true difference of their means, and how they are compared."""

    name: str
    control: Draw
    variant: Draw
    truth: float
    compare: Callable[[Sample, Sample], Difference | None]


def _points(*chances: float) -> Draw:
    return lambda rng, n: rng.choice(NPS, size=n, p=chances)


def _share(chance: float) -> Draw:
    return lambda rng, n: (rng.random(n) < chance).astype(float)


def _shares(name: str, first: float, second: float, worth: float) -> Case:
    compare = lambda a, b: share_difference(a, b, worth)  # noqa: E731 - one expression, used here
    return Case(name, _share(first), _share(second), second - first, compare)


def _scores(name: str, control: Draw, variant: Draw, truth: float) -> Case:
    return Case(name, control, variant, truth, lambda a, b: difference(a, b, 10.0))


CASES = (
    _scores("NPS, no difference", _points(0.3, 0.3, 0.4), _points(0.3, 0.3, 0.4), 0.0),
    _scores("NPS, 8 points apart", _points(0.3, 0.3, 0.4), _points(0.26, 0.3, 0.44), 8.0),
    _shares("30% finish, no difference", 0.3, 0.3, WORTH_SHARE),
    _shares("30% against 34%", 0.3, 0.34, WORTH_SHARE),
    _shares("95% finish, no difference", 0.95, 0.95, WORTH_SHARE),
    _shares("2% leave, no difference", 0.02, 0.02, WORTH_LEAVING),
    _shares("0.5% leave, no difference", 0.005, 0.005, WORTH_LEAVING),
    _shares("0.5% against 1.5%", 0.005, 0.015, WORTH_LEAVING),
)


def _sums(values: Array) -> tuple[Array, Array]:
    return np.cumsum(values), np.cumsum(values * values)


def _sample(sums: tuple[Array, Array], n: int) -> Sample:
    return Sample(n, float(sums[0][n - 1]), float(sums[1][n - 1]))


def run(case: Case, rng: np.random.Generator) -> tuple[bool, bool, int | None]:
    """Whether ours and the usual interval are ever wrong; when ours first sees a difference."""
    control, variant = (_sums(draw(rng, LAST)) for draw in (case.control, case.variant))
    wrong, usual, seen = False, False, None
    for n in range(FIRST, LAST + 1, STEP):
        one, other = _sample(control, n), _sample(variant, n)
        found = case.compare(one, other)
        if found is None:
            continue
        wrong |= not found.low <= case.truth <= found.high
        half = 1.96 * math.sqrt((one.variance + other.variance) / n)
        usual |= abs(other.mean - one.mean - case.truth) > half
        if seen is None and found.clear:
            seen = n
    return wrong, usual, seen


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    rng, rows = np.random.default_rng(told.seed), []
    for case in CASES:
        runs = [run(case, rng) for _ in range(told.replications)]
        wrong, usual = (sum(one[at] for one in runs) / len(runs) for at in (0, 1))
        found = sorted(one[2] for one in runs if one[2] is not None)
        half = f"{found[len(runs) // 2]:,}" if len(found) > len(runs) // 2 else "later"
        rows.append([case.name, f"{wrong:.1%}", f"{usual:.1%}", half if case.truth else ""])
    table(["variants", "ever wrong", "ever wrong, usual interval", "half of runs see it by"], rows)


if __name__ == "__main__":
    main()
