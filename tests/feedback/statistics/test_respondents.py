"""What was drawn of the customers is carried over to all answers, and turned round for praise."""

from __future__ import annotations

import random
from dataclasses import replace

import one_difference
import pytest

from feedback.statistics.clustered import Clusters, Parted, Shared, design_effect, stretch
from feedback.statistics.columns.moments import MomentColumns
from feedback.statistics.columns.parted import PartedTable
from feedback.statistics.impact import impact
from feedback.statistics.metrics import Metric
from feedback.statistics.mirror import delights, turned
from feedback.statistics.painpoints import rank
from feedback.statistics.respondents import Respondents, carried
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, Pair, TouchpointSums

NPS = Metric.NPS
LATE = Cell("parcel", "late")


def customers(count: int, seed: int, most: int = 4) -> list[list[float]]:
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        mood = chance.random()
        answers = chance.randint(1, most)
        found.append([100.0 if chance.random() < mood else -100.0 for _ in range(answers)])
    return found


def parted_of(known: Respondents, points: Moments, whole: Moments) -> Parted:
    """What is known of the customers of the late parcels."""
    return known.parted(NPS, [LATE], MomentColumns.of([points]), whole).row(0)


def test_the_draw_of_everybody_is_carried_over_unchanged() -> None:
    drawn = Clusters.of(customers(80, 1))
    assert carried(drawn, drawn.points) is drawn


def test_a_carried_draw_keeps_its_design_effect_at_any_size() -> None:
    drawn = Clusters.of(customers(400, 2))
    points = drawn.points
    ten = Moments(10 * points.n, 10 * points.total, 10 * points.squares)
    assert design_effect(carried(drawn, ten)) == pytest.approx(design_effect(drawn), rel=0.01)
    happier = Moments(5000, 200_000.0, 5000 * 10_000.0)
    assert design_effect(carried(drawn, happier)) == pytest.approx(design_effect(drawn), rel=0.01)


def test_where_nobody_answers_twice_nothing_is_widened() -> None:
    drawn = Clusters.of([[value] for value in (100.0, -100.0, 0.0, 100.0, 100.0, 0.0)])
    assert stretch(carried(drawn, Moments(900, 30_000.0, 6_000_000.0))) == pytest.approx(1.0)
    assert stretch(carried(Clusters(), Moments(40, 500.0, 200_000.0))) == pytest.approx(1.0)
    cell, whole = Moments(40, -2000.0, 300_000.0), Moments(400, 12_000.0, 3_000_000.0)
    parted = parted_of(Respondents(), cell, whole)
    assert one_difference.impact(NPS, parted) == impact(NPS, cell, whole)


def test_answers_of_the_same_people_widen_every_interval_of_a_cell() -> None:
    again = [[-100.0] * 3 for _ in range(20)]
    others = [[100.0, 100.0, 0.0] for _ in range(100)]
    cell, rest = Clusters.of(again), Clusters.of(others)
    whole = cell + rest
    parted = Parted(cell, rest, Shared())
    known = Respondents({NPS: whole}, {NPS: PartedTable.of({LATE: parted})})
    wide = one_difference.impact(NPS, parted_of(known, cell.points, whole.points))
    usual = impact(NPS, cell.points, whole.points)
    assert wide.value == usual.value and wide.low is not None and usual.low is not None
    assert wide.low < usual.low - 1.0
    assert wide == one_difference.impact(NPS, parted)


def test_a_draw_that_says_too_little_of_a_cell_lets_the_journey_stand_in() -> None:
    whole = Clusters.of(customers(300, 3))
    few = Clusters.of(customers(4, 4))
    parted = Parted(few, whole, Shared())
    known = Respondents({NPS: whole}, {NPS: PartedTable.of({LATE: parted})})
    points, everything = Moments(500, -10_000.0, 4e6), Moments(60_000, 1.2e6, 5e8)
    found = parted_of(known, points, everything)
    assert found.shared == Shared()
    assert design_effect(found.cell) == pytest.approx(design_effect(whole), rel=0.02)
    assert one_difference.impact(NPS, found).value is not None


def praised() -> JourneySums:
    """Fifty of two hundred praise the speed and score 100; the others score 0."""
    parcel = TouchpointSums(200, 200, {NPS: Moments(200, 5000.0, 500_000.0)})
    shop = TouchpointSums(100, 100, {NPS: Moments(100, 1000.0, 300_000.0)})
    cells = {
        Cell("parcel", "speed"): CellSums(50, 50, 50, {NPS: Moments(50, 5000.0, 500_000.0)}),
        Cell("shop", "staff"): CellSums(20, 20, 20, {NPS: Moments(20, 400.0, 80_000.0)}),
    }
    pairs = {Pair("parcel", NPS, "fun", "speed"): 3}
    return JourneySums({"parcel": parcel, "shop": shop}, cells, pairs)


def test_what_delights_is_ranked_by_what_it_surely_brings() -> None:
    first, second = delights(praised(), JourneySums())
    assert (first.cell.theme, first.told, first.hurts) == ("speed", True, False)
    found = first.impact
    assert found and found.value == pytest.approx(6000 / 300 - 1000 / 250)
    assert found.low is not None and found.high is not None
    assert 0 < found.low < found.value < found.high
    assert first.adjusted and first.adjusted.low > 0
    assert first.severity and first.severity.value == pytest.approx(100.0)
    assert not second.told


def test_delight_is_the_mirror_of_pain_to_the_last_figure() -> None:
    sums = praised()

    def mirrored(points: dict[Metric, Moments]) -> dict[Metric, Moments]:
        return {metric: turned(part, 0.0) for metric, part in points.items()}

    pain = JourneySums(
        {k: replace(p, points=mirrored(dict(p.points))) for k, p in sums.touchpoints.items()},
        {k: replace(p, points=mirrored(dict(p.points))) for k, p in sums.cells.items()},
        sums.pairs,
    )
    hurt, joy = rank(pain, JourneySums())[0], delights(sums, JourneySums())[0]
    assert hurt.impact and joy.impact and hurt.impact.high is not None
    assert joy.impact.low == pytest.approx(-hurt.impact.high)
    assert joy.q == hurt.q


def test_turning_twice_gives_the_same_answers() -> None:
    points = Moments.of([1.0, 7.0, 4.5, 6.0])
    assert turned(turned(points, 8.0), 8.0).squares == pytest.approx(points.squares)
    assert turned(points, 8.0).mean == pytest.approx(8.0 - points.mean)
