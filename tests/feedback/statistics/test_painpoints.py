from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from statistics_rows import Row, row_lists, sums_of

from feedback.statistics.metrics import Metric
from feedback.statistics.painpoint import PainPoint
from feedback.statistics.painpoints import rank
from feedback.statistics.sums import Cell, CellSums, JourneySums, Moments, TouchpointSums

NOTHING = JourneySums()


def rows_with(*groups: tuple[int, str, float | None, set[str]]) -> list[Row]:
    return [
        Row(place, points, frozenset(themes))
        for count, place, points, themes in groups
        for _ in range(count)
    ]


def planted() -> list[Row]:
    return rows_with(
        (60, "delivery", -100.0, {"speed"}),
        (10, "delivery", 0.0, {"speed"}),
        (25, "returns", -100.0, {"refund"}),
        (6, "browse", -100.0, {"price"}),
        (6, "browse", 100.0, {"price"}),
        (3, "browse", -100.0, {"staff"}),
        (400, "browse", 100.0, set()),
        (100, "delivery", 0.0, set()),
    )


def by_theme(points: Iterable[PainPoint]) -> dict[str, PainPoint]:
    return {point.cell.theme: point for point in points}


def test_what_surely_costs_most_comes_first_and_noise_comes_last() -> None:
    points = rank(sums_of(planted()), NOTHING)
    assert [point.cell.theme for point in points] == ["speed", "refund", "price", "staff"]
    assert [point.rank for point in points] == [1, 2, 3, 4]
    assert [point.told for point in points] == [True, True, False, False]


def test_a_cell_too_small_to_measure_is_listed_without_a_figure() -> None:
    staff = by_theme(rank(sums_of(planted()), NOTHING))["staff"]
    assert staff.impact is not None
    assert (staff.impact.value, staff.impact.n, staff.q) == (None, 3, 1.0)
    assert staff.adjusted is None
    assert staff.negative == 3


def test_reach_is_the_share_of_all_responses_of_the_journey() -> None:
    speed = by_theme(rank(sums_of(planted()), NOTHING))["speed"]
    assert speed.reach.value == 70 / 610
    assert speed.reach.low is not None and speed.reach.high is not None
    assert speed.reach.low < 70 / 610 < speed.reach.high


def test_the_trend_is_from_the_previous_period_or_between_the_halves_of_a_history() -> None:
    now = sums_of(planted())
    before = sums_of(rows_with((10, "delivery", -100.0, {"speed"}), (490, "browse", 100.0, set())))
    speed = by_theme(rank(now, before))["speed"]
    assert (speed.trend.previous, speed.trend.current) == (0.02, 70 / 610)
    halves = by_theme(rank(now, before, later=before))["speed"]
    assert halves.trend.previous == halves.trend.current == 0.02


def test_a_cell_without_a_single_score_is_still_a_pain_point() -> None:
    cells = {Cell("store", "queue"): CellSums(mentions=8, negative=8, voices=8)}
    sums = JourneySums({"store": TouchpointSums(voices=20, responses=20)}, cells)
    (point,) = rank(sums, NOTHING)
    assert (point.impact, point.q, point.told) == (None, 1.0, False)
    assert point.reach.value == 0.4


def test_more_complaints_than_voices_are_no_more_than_all() -> None:
    cells = {Cell("store", "queue"): CellSums(mentions=9, negative=9, voices=9)}
    sums = JourneySums({"store": TouchpointSums(voices=6)}, cells)
    (point,) = rank(sums, sums)
    assert (point.reach.value, point.trend.current) == (1.0, 1.0)


def test_praise_alone_is_no_pain_point() -> None:
    sums = sums_of(planted())
    praised = {Cell("browse", "design"): CellSums(mentions=9, negative=0)}
    assert len(rank(replace(sums, cells={**sums.cells, **praised}), NOTHING)) == 4


def test_each_cell_is_measured_in_a_metric_it_has_been_scored_in() -> None:
    nps = sums_of(rows_with((40, "browse", 100.0, set()), (60, "browse", -100.0, {"price"})))
    csat = sums_of(rows_with((20, "help", 0.0, {"staff"}), (30, "help", 100.0, set())), Metric.CSAT)
    both = JourneySums({**nps.touchpoints, **csat.touchpoints}, {**nps.cells, **csat.cells}, {})
    metrics = {p.cell.theme: p.impact.metric for p in rank(both, NOTHING) if p.impact}
    assert metrics == {"price": Metric.NPS, "staff": Metric.CSAT}
    points = rank(both, NOTHING)
    assert points.leading is Metric.CSAT and points.ranked([1]).leading is Metric.NPS
    assert points != [1] and points == list(points)


def test_a_theme_everybody_complains_about_has_nobody_to_compare_with() -> None:
    (point,) = rank(sums_of(rows_with((50, "store", -100.0, {"queue"}))), NOTHING)
    assert point.impact is not None
    assert point.impact.value is None


def numbers(point: PainPoint) -> list[float]:
    found = point.impact
    figures = [point.q, point.reach.value, point.trend.p]
    figures += [found.value, found.low, found.high, found.p] if found else []
    figures += [point.adjusted.value, point.adjusted.low] if point.adjusted else []
    return [figure for figure in figures if figure is not None]


@settings(max_examples=60)
@given(row_lists((-100.0, 0.0, 100.0, None)))
def test_any_responses_are_ranked_without_a_nan(rows: list[Row]) -> None:
    sums = sums_of(rows)
    points = rank(sums, sums)
    assert [point.rank for point in points] == list(range(1, len(points) + 1))
    assert {point.cell for point in points} == set(sums.cells)
    assert all(math.isfinite(figure) for point in points for figure in numbers(point))
    told = [point.told for point in points]
    assert told == sorted(told, reverse=True)


def test_all_tens_one_response_and_none() -> None:
    assert rank(NOTHING, NOTHING) == []
    assert rank(sums_of(rows_with((1, "browse", 100.0, {"price"}))), NOTHING)[0].q == 1.0
    tens = rank(sums_of(rows_with((30, "a", 100.0, {"price"}), (30, "a", 100.0, set()))), NOTHING)
    assert tens[0].impact is not None
    assert tens[0].impact.value == 0.0
    assert not tens[0].told


def test_moments_add_up_and_take_away() -> None:
    some, more = Moments.of([1.0, 2.0]), Moments.of([5.0])
    assert some + more == Moments.of([1.0, 2.0, 5.0])
    assert some + more - more == some


@settings(max_examples=60)
@given(row_lists((-100.0, 0.0, 100.0, None)))
def test_parts_of_a_ranking_are_those_of_the_whole(rows: list[Row]) -> None:
    points = rank(sums_of(rows), NOTHING)
    whole = list(points)
    assert [points[place] for place in range(-len(whole), len(whole))] == whole * 2
    assert points[1:3] == whole[1:3] and list(points[::-1]) == whole[::-1]
    assert [*points.told, *points.untold] == whole
    assert all(one.told for one in points.told) and not any(one.told for one in points.untold)
    assert list(points.ranked([one.rank for one in whole[::2]])) == whole[::2]
    shown = [one.impact for one in whole if one.impact and one.impact.value is not None]
    for metric in Metric:
        mine = [(one.low, one.high) for one in shown if one.metric is metric]
        assert points.intervals(metric) == mine
    assert points.leading == (shown[0].metric if shown else None)
