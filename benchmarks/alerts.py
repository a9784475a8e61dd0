"""What alerts are worth: years of noise in which they should be silent, and planted changes.

    python -m benchmarks.alerts [--years N]

A made-up journey of six touchpoints with ten themes each and a score: the number of answers and
how people feel go up and down with the weekday, and days scatter beyond chance. Looks are those
of the program (`feedback.alerts.watch`), every day and every Monday, on sums instead of rows.
A year takes 12 seconds of a core, the twenty of each row half an hour of one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from feedback.alerts.lines import Line, Subject
from feedback.alerts.rhythms import DAY, WEEK, Rhythm, first_of
from feedback.alerts.watch import Moves, Stay, look
from feedback.statistics.excursions import Excursion
from feedback.statistics.intervals import wilson
from feedback.statistics.metrics import Metric
from feedback.statistics.sums import Cell, Moments

BEFORE = WEEK.history * 7
MONDAY = date(2025, 1, 6)
BUSY = np.array([1.2, 1.0, 1.0, 1.0, 1.1, 0.7, 0.6])
"""Answers by weekday, as shares of the mean."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """A made-up journey: answers a day and touchpoint; `scatter` is a + b of a day's beta share
    (infinite: none beyond chance); `season` is how far weekdays are apart, as a factor;
    `shape` how many touchpoints, and how many themes at each.
    """

    answers: float = 30.0
    scatter: float = np.inf
    season: float = 1.25
    days: int = BEFORE + 364
    shape: tuple[int, int] = (6, 10)
    planted: tuple[int, float, float] | None = None
    """The day from which the third theme of the second touchpoint is said more often, its usual
    share, and how many times as often.
    """


@dataclass
class Sums:
    """A world's sums by day: answers by touchpoint, complaints by touchpoint and theme, scores."""

    heard: Counts
    voices: Counts
    promoters: Counts
    detractors: Counts
    stays: dict[str, list[Stay]] = field(default_factory=dict)


def made(world: World, rng: np.random.Generator) -> Sums:
    """Draw every day of a world."""
    weekday = np.arange(world.days) % 7
    heard = rng.poisson(world.answers * BUSY[weekday][:, None], (world.days, world.shape[0]))
    usual = rng.uniform(0.01, 0.15, world.shape)
    swing = world.season ** rng.uniform(-1.0, 1.0, (7, *world.shape))
    shares = usual[None] * swing[weekday]
    if world.planted:
        begins, share_before, factor = world.planted
        shares[:, 1, 2] *= share_before / usual[1, 2]
        shares[begins:, 1, 2] = np.minimum(0.9, shares[begins:, 1, 2] * factor)
    shares = scattered(shares, world.scatter, rng)
    voices = rng.binomial(heard[:, :, None], shares)
    answers = heard.sum(axis=1)
    low = scattered(0.2 * world.season ** rng.uniform(-1.0, 1.0, 7)[weekday], world.scatter, rng)
    detractors = rng.binomial(answers, low)
    promoters = rng.binomial(answers - detractors, 0.6)
    return Sums(heard, voices, promoters, detractors)


def scattered(shares: npt.NDArray[Any], scatter: float, rng: np.random.Generator) -> Any:
    """Shares of days that lie about those given, as a beta with this a + b has them."""
    return shares if np.isinf(scatter) else rng.beta(shares * scatter, (1.0 - shares) * scatter)


def lines(sums: Sums, rhythm: Rhythm, latest: int) -> list[Line]:
    """The series as the program would find them: of periods that end with day `latest`."""
    first = latest + 1 - rhythm.days * (rhythm.history + 1)
    window = slice(first, latest + 1)

    def added(counts: Counts) -> Counts:
        shape = (rhythm.history + 1, rhythm.days, *counts.shape[1:])
        return counts[window].reshape(shape).sum(axis=1)

    heard, voices = added(sums.heard), added(sums.voices)
    up, down, n = added(sums.promoters), added(sums.detractors), heard.sum(axis=1)
    score = [_points(*row) for row in zip(up.tolist(), down.tolist(), n.tolist(), strict=True)]
    found = [Line(Subject(1, metric=Metric.NPS), tuple(score))]
    for place in range(voices.shape[1]):
        for theme in range(voices.shape[2]):
            pairs = zip(voices[:, place, theme].tolist(), heard[:, place].tolist(), strict=True)
            cell = Cell(f"t{place}", f"m{theme}")
            ones = tuple(Moments(m, float(k), float(k)) for k, m in pairs)
            found.append(Line(Subject(1, cell=cell), ones))
    return found


def _points(up: int, down: int, n: int) -> Moments:
    return Moments(n, 100.0 * (up - down), 10_000.0 * (up + down))


def year(world: World, seed: int) -> list[tuple[int, Excursion]]:
    """Every alert of a year: the day it came on, counted from the first, and the excursion."""
    sums, told = made(world, np.random.default_rng(seed)), []
    for day in range(BEFORE, world.days):
        for rhythm in (DAY, WEEK) if (day + 1) % 7 == 0 else (DAY,):
            first = first_of(rhythm, MONDAY + timedelta(days=day))
            known = [stay for listed in sums.stays.values() for stay in listed]
            moves = look(rhythm, first, lines(sums, rhythm, day), known)
            remember(sums, moves, rhythm, first)
            told += [(day, one) for one in moves.opened]
    return told


def remember(sums: Sums, moves: Moves, rhythm: Rhythm, first: date) -> None:
    """What the program keeps in its table."""
    for one in moves.opened:
        ends = first + timedelta(days=rhythm.days)
        sums.stays.setdefault(one.series, []).append(Stay(one, ends, rhythm.name))
    for stay in (*moves.resumed, *moves.on, *moves.closed, *moves.settled):
        listed = sums.stays[stay.excursion.series]
        listed[:] = [
            stay if old.excursion.signal == stay.excursion.signal else old for old in listed
        ]


def quiet(years: int, world: World, run: Callable[..., Iterable[Any]]) -> str:
    """A row: alerts in years in which nothing changed."""
    found = [len(told) for told in run(partial(year, world), range(years))]
    rate, (low, high) = sum(found) / years, counted(sum(found), years)
    silent = share(sum(not one for one in found), years)
    often = f"{rate:.2f}, {low:.2f} to {high:.2f}"
    return f"| {_words(world)} | {years} | {often} | {silent} | {max(found)} |"


def counted(events: int, years: int) -> tuple[float, float]:
    """The 95% interval of a rate a year (exact for a Poisson count: Garwood 1936)."""
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    return float(low) / years, float(chi2.ppf(0.975, 2 * events + 2)) / 2 / years


def share(count: int, n: int) -> str:
    """A share in percent with its 95% interval."""
    low, high = (100.0 * end for end in wilson(count, n))
    return f"{100 * count / n:.0f}, {low:.0f} to {high:.0f}"


def caught(
    years: int, world: World, usual: float, factor: float, run: Callable[..., Iterable[Any]]
) -> str:
    """A row: what comes of a theme that is said so much more often from the middle of a year on."""
    begins = BEFORE + 182
    planted = replace(world, days=begins + 56, planted=(begins, usual, factor))
    runs = list(run(partial(year, planted), range(1000, 1000 + years)))
    right = [[day for day, one in told if one.series == "1/theme/t1/m2"] for told in runs]
    after = [[day - begins for day in days if day >= begins] for days in right]
    week = sum(bool(days) and days[0] < 7 for days in after)
    ever = [days for days in after if days]
    once = sum(len(days) == 1 for days in ever)
    wait = f"{np.median([days[0] + 1 for days in ever]):.0f}" if ever else "never"
    shares = " | ".join(share(one, years) for one in (len(ever), week, once))
    change = f"{100 * usual:g}% to {100 * usual * factor:g}%"
    return f"| {_words(world)}, {change} | {years} | {shares} | {wait} |"


def _words(world: World) -> str:
    scatter = "none" if np.isinf(world.scatter) else f"a + b = {world.scatter:g}"
    return f"{world.answers:g} answers a day and touchpoint, scatter {scatter}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=20)
    years = parser.parse_args().years
    worlds = (World(), World(scatter=100.0), World(answers=8.0), World(answers=150.0, scatter=60.0))
    with ProcessPoolExecutor() as pool:
        print("| nothing changes | years | alerts a year, 95% | silent years, % | most in a year |")
        print("|---|---|---|---|---|")
        for world in worlds:
            print(quiet(years, world, pool.map), flush=True)
        print("\n| a theme is said more often | runs | told, % | within 7 days, % | ", end="")
        print("once in 8 weeks, % | days until then |\n|---|---|---|---|---|---|")
        for world, usual, factor in (
            (worlds[0], 0.1, 3.0),
            (worlds[0], 0.05, 4.0),
            (worlds[1], 0.1, 3.0),
            (worlds[2], 0.1, 4.0),
            (worlds[3], 0.1, 3.0),
        ):
            print(caught(years, world, usual, factor, pool.map), flush=True)


if __name__ == "__main__":
    main()
