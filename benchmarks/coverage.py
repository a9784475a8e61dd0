"""How often the 95% intervals of the statistics hold the truth, by simulation.

    python -m benchmarks.coverage [--replications 4000] [--seed 1]

prints the tables of docs/statistics.md. One core, about two minutes with the defaults.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.statistics.adjusted import effects
from feedback.statistics.impact import impact
from feedback.statistics.intervals import UPPER, Z, bounded_mean, net_promoter, wilson
from feedback.statistics.metrics import Metric
from feedback.statistics.painpoints import rank
from feedback.statistics.student import quantile
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, Pair, TouchpointSums
from feedback.statistics.trend import compare

Array = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class World:
    """Points a response may earn, and their chances with the theme and without it."""

    name: str
    metric: Metric
    points: tuple[float, ...]
    theme: tuple[float, ...]
    rest: tuple[float, ...]


NPS, CSAT = (-100.0, 0.0, 100.0), (0.0, 100.0)
CES = tuple(float(step) for step in range(1, 8))
EASY = (0.02, 0.03, 0.05, 0.10, 0.20, 0.30, 0.30)
WORLDS = (
    World("NPS, strong theme", Metric.NPS, NPS, (0.85, 0.10, 0.05), (0.15, 0.25, 0.60)),
    World("NPS, mild theme", Metric.NPS, NPS, (0.45, 0.30, 0.25), (0.20, 0.30, 0.50)),
    World("NPS, no effect", Metric.NPS, NPS, (0.20, 0.30, 0.50), (0.20, 0.30, 0.50)),
    World("CSAT, strong theme", Metric.CSAT, CSAT, (0.85, 0.15), (0.12, 0.88)),
    World("CSAT, extreme theme", Metric.CSAT, CSAT, (0.97, 0.03), (0.05, 0.95)),
    World("CSAT, mild theme", Metric.CSAT, CSAT, (0.35, 0.65), (0.15, 0.85)),
    World("CSAT, no effect", Metric.CSAT, CSAT, (0.15, 0.85), (0.15, 0.85)),
    World("CSAT, 15% against 5%", Metric.CSAT, CSAT, (0.15, 0.85), (0.05, 0.95)),
    World("CES, strong theme", Metric.CES, CES, (0.30, 0.25, 0.20, 0.10, 0.08, 0.05, 0.02), EASY),
    World("CES, no effect", Metric.CES, CES, EASY, EASY),
)
SIZES = ((30, 7), (30, 10), (100, 6), (100, 10), (300, 10), (300, 30), (1000, 20), (4000, 100))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def percent(hits: int, of: int) -> str:
    return f"{100.0 * hits / of:.1f}" if of else "-"


def plain_impact(cell: Moments, whole: Moments) -> Interval:
    """The textbook delta method, for comparison."""
    rest = whole - cell
    share, gap = cell.n / whole.n, cell.mean - rest.mean
    parts = [part.deviations / max(1, part.n - 1) / part.n for part in (cell, rest)]
    half = Z * math.sqrt(gap**2 * share * (1 - share) / whole.n + share**2 * sum(parts))
    return share * gap - half, share * gap + half


def draw(rng: np.random.Generator, world: World, n: int, share: float) -> tuple[Moments, Moments]:
    """One sample of `n` responses: the theme's moments and everybody's."""
    points = np.array(world.points)
    mentions = int(rng.binomial(n, share))
    counts = rng.multinomial(mentions, world.theme)
    others = rng.multinomial(n - mentions, world.rest)
    cell = Moments(mentions, float(counts @ points), float(counts @ points**2))
    rest = Moments(n - mentions, float(others @ points), float(others @ points**2))
    return cell, cell + rest


def impact_row(
    rng: np.random.Generator, world: World, size: tuple[int, int], times: int
) -> list[object]:
    n, mentions = size
    share, points = mentions / n, np.array(world.points)
    truth = share * float(points @ np.array(world.theme) - points @ np.array(world.rest))
    shown = held = plain = alarms = 0
    for _ in range(times):
        cell, whole = draw(rng, world, n, share)
        found = impact(world.metric, cell, whole)
        if found.low is None or found.high is None or found.p is None:
            continue
        shown += 1
        low, high = plain_impact(cell, whole)
        plain += low <= truth + 1e-9 and truth - 1e-9 <= high
        held += found.low <= truth + 1e-9 and truth - 1e-9 <= found.high
        alarms += found.p < 0.025
    return [
        world.name,
        n,
        mentions,
        percent(shown, times),
        percent(plain, shown),
        percent(held, shown),
        percent(alarms, shown),
    ]


def impacts(rng: np.random.Generator, times: int) -> None:
    print("### Impact\n")
    head = (
        "world",
        "responses",
        "mentions expected",
        "shown, %",
        "plain delta method, %",
        "ours, %",
        "p < 0.025, %",
    )
    table(head, (impact_row(rng, world, size, times) for world in WORLDS for size in SIZES))


def coverage(truth: float, intervals: Iterable[Interval]) -> str:
    hits = [low <= truth + 1e-9 and truth - 1e-9 <= high for low, high in intervals]
    return percent(sum(hits), len(hits))


def wald(promoters: int, detractors: int, n: int) -> Interval:
    up, down = promoters / n, detractors / n
    half = 100 * Z * math.sqrt(max(0.0, up + down - (up - down) ** 2) / n)
    return 100 * (up - down) - half, 100 * (up - down) + half


def plain_mean(numbers: Moments) -> Interval:
    half = quantile(UPPER, numbers.n - 1) * math.sqrt(
        numbers.deviations / (numbers.n - 1) / numbers.n
    )
    return numbers.mean - half, numbers.mean + half


def scores(rng: np.random.Generator, times: int) -> None:
    print("### Scores\n")
    rows: list[list[object]] = []
    for chances in ((0.15, 0.25, 0.60), (0.02, 0.08, 0.90), (0.50, 0.30, 0.20)):
        for n in (5, 10, 30, 100, 300):
            counts = [tuple(map(int, draw)) for draw in rng.multinomial(n, chances, times)]
            truth = 100 * (chances[2] - chances[0])
            plain = coverage(truth, (wald(up, down, n) for down, _, up in counts))
            ours = coverage(truth, (net_promoter(up, down, n) for down, _, up in counts))
            rows.append([f"NPS {truth:.0f}", n, plain, ours])
    for share in (0.5, 0.88, 0.97):
        for n in (5, 10, 30, 100, 300):
            draws = [int(count) for count in rng.binomial(n, share, times)]
            plain = coverage(100 * share, (wald(count, 0, n) for count in draws))
            rows.append(
                [f"share {share:.0%}", n, plain, coverage(share, (wilson(k, n) for k in draws))]
            )
    rows.extend(mean_rows(rng, times))
    table(("figure", "n", "textbook, %", "ours, %"), rows)


def mean_rows(rng: np.random.Generator, times: int) -> list[list[object]]:
    rows: list[list[object]] = []
    moods = np.linspace(-0.95, 0.95, 20)
    bleak = np.array([0.35, 0.20, 0.10, 0.08, 0.05, 0.04, *[0.18 / 14] * 14])
    skewed = np.array([0.04, 0.01, 0.01, 0.02, 0.07, 0.20, 0.65])
    cases = (
        ("CES, typical", np.array(CES), np.array(EASY), (1.0, 7.0)),
        ("CES, most say 7", np.array(CES), skewed, (1.0, 7.0)),
        ("sentiment, most bad", moods, bleak, (-1.0, 1.0)),
    )
    for name, values, chances, ends in cases:
        for n in (5, 10, 30, 100, 300):
            counts = rng.multinomial(n, chances, times)
            drawn = [Moments(n, float(row @ values), float(row @ values**2)) for row in counts]
            truth = float(values @ chances)
            plain = coverage(truth, (plain_mean(numbers) for numbers in drawn))
            ours = coverage(truth, (bounded_mean(numbers, *ends) for numbers in drawn))
            rows.append([name, n, plain, ours])
    return rows


def trends(rng: np.random.Generator, times: int) -> None:
    print("### Trend\n")
    rows: list[list[object]] = []
    cases = ((0.03, 0.03), (0.1, 0.1), (0.3, 0.3), (0.05, 0.1), (0.1, 0.2))
    for before, now in cases:
        for n in (30, 100, 400, 2000):
            first, second = rng.binomial(n, before, times), rng.binomial(n, now, times)
            found = [compare(int(k), n, int(j), n) for k, j in zip(first, second, strict=True)]
            held = coverage(now - before, ((t.low or 0.0, t.high or 0.0) for t in found))
            moved = sum(t.p is not None and t.p < 0.05 for t in found)
            rows.append([f"{before:.0%} → {now:.0%}", n, held, percent(moved, times)])
    table(("share", "responses a period", "interval holds, %", "p < 0.05, %"), rows)


def sums_of(themes: Array, points: Array, touchpoints: Sequence[Array]) -> JourneySums:
    """Sums from rows: indicators (responses by themes), points, and each touchpoint's rows."""
    parts: dict[str, TouchpointSums] = {}
    cells: dict[Cell, CellSums] = {}
    pairs: dict[Pair, int] = {}
    for number, rows in enumerate(touchpoints):
        key, x, y = f"t{number}", themes[rows], points[rows]
        whole = {Metric.NPS: Moments(len(y), float(y.sum()), float(y @ y))}
        parts[key] = TouchpointSums(len(y), len(y), whole)
        crossed, totals, squares = x.T @ x, x.T @ y, x.T @ y**2
        for i in range(x.shape[1]):
            n = int(crossed[i, i])
            if not n:
                continue
            moments = {Metric.NPS: Moments(n, float(totals[i]), float(squares[i]))}
            cells[Cell(key, f"{i:02}")] = CellSums(n, n, n, moments)
            for j in range(i + 1, x.shape[1]):
                pairs[Pair(key, Metric.NPS, f"{i:02}", f"{j:02}")] = int(crossed[i, j])
    return JourneySums(parts, cells, pairs)


def journey(rng: np.random.Generator, n: int, costs: Array) -> JourneySums:
    """A journey of four touchpoints whose themes lower a hidden mood; half of them overlap."""
    themes = (rng.random((n, len(costs))) < 0.06).astype(float)
    themes[:, 1] = np.where(
        rng.random(n) < 0.5, np.maximum(themes[:, 1], themes[:, 0]), themes[:, 1]
    )
    mood = 0.4 + rng.normal(size=n) + themes @ costs
    points = np.where(mood > 0.25, 100.0, np.where(mood > -0.6, 0.0, -100.0))
    return sums_of(themes, points, np.array_split(np.arange(n), 4))


def adjusted(rng: np.random.Generator, times: int) -> None:
    print("### Adjusted effect and false discoveries\n")
    rows: list[list[object]] = []
    costs = np.array([-1.0, 0.0, -0.5, *[0.0] * 9])
    truth = {
        cell: effect.value
        for cell, effect in effects(journey(rng, 400_000, costs), Metric.NPS).items()
    }
    for n in (400, 1500, 6000):
        held = seen = false = called = planted = caught = 0
        for _ in range(max(50, times // 8)):
            sums = journey(rng, n, costs)
            for cell, effect in effects(sums, Metric.NPS).items():
                if sums.cells[cell].voices >= 10:
                    seen += 1
                    held += effect.low <= truth[cell] <= effect.high
            points = rank(sums, JourneySums())
            told = [point.cell.theme for point in points if point.told]
            called += len(told)
            false += sum(theme not in ("00", "01", "02") for theme in told)
            caught += sum(theme in ("00", "02") for theme in told)
            planted += 8
        rows.append(
            [n, percent(held, seen), called, percent(false, called), percent(caught, planted)]
        )
    head = (
        "responses",
        "adjusted interval holds, % (cells of 10 or more)",
        "pain points called",
        "false among them, %",
        "planted ones found, %",
    )
    table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    parts: tuple[Callable[[np.random.Generator, int], None], ...] = (
        scores,
        impacts,
        trends,
        adjusted,
    )
    for part in parts:
        part(np.random.default_rng(chosen.seed), chosen.replications)


if __name__ == "__main__":
    main()
