from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.scoring import Direction, scale_for, score
from feedback.statistics.metrics import Metric
from models.errors import InvalidInput
from models.response import METRICS, SCORE_CLASSES


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter")],
)
def test_nps_classes(answer: int, expected: str) -> None:
    assert score(scale_for("nps"), answer).score_class == expected


@pytest.mark.parametrize(("answer", "expected"), [(3, "unsatisfied"), (4, "satisfied")])
def test_csat_counts_the_top_two_boxes(answer: int, expected: str) -> None:
    assert score(scale_for("csat"), answer).score_class == expected


def test_csat_boxes_and_scale_may_be_set() -> None:
    scale = scale_for("csat", 1, 10, top_boxes=3)
    classes = [score(scale, answer).score_class for answer in (7, 8, 10)]
    assert classes == ["unsatisfied", "satisfied", "satisfied"]


@pytest.mark.parametrize(("answer", "expected"), [(4, "not_easy"), (5, "easy"), (7, "easy")])
def test_ces_is_easy_above_the_middle(answer: int, expected: str) -> None:
    assert score(scale_for("ces"), answer).score_class == expected


def test_a_reversed_scale_is_turned_round() -> None:
    scale = scale_for("csat", 1, 5, "lower_is_better")
    best, worst = score(scale, 1), score(scale, 5)
    assert (best.value, best.score_class) == (5.0, "satisfied")
    assert (worst.value, worst.score_class) == (1.0, "unsatisfied")
    effort = scale_for("ces", 1, 5, "lower_is_better")
    assert score(effort, 2).score_class == "easy"


@pytest.mark.parametrize("answer", [-1, 11, 8.5, math.nan, math.inf, True])
def test_what_is_no_answer_is_refused_with_the_mend(answer: float) -> None:
    with pytest.raises(InvalidInput, match="whole number from 0 to 10"):
        score(scale_for("nps"), answer)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("loyalty",), "metric"),
        (("csat", 5, 1), "scale"),
        (("csat", 1.5, 5), "scale"),
        (("csat", math.nan, 5), "scale"),
        (("nps", 1, 10), "scale"),
        (("nps", None, None, "lower_is_better"), "direction"),
        (("csat", 1, 5, "sideways"), "direction"),
        (("csat", 1, 5, "higher_is_better", 5), "top_boxes"),
        (("csat", 1, 5, "higher_is_better", 0), "top_boxes"),
    ],
)
def test_a_scale_that_makes_no_sense_names_its_field(
    arguments: tuple[object, ...], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        scale_for(*arguments)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.mend


@given(
    st.sampled_from(["csat", "ces"]),
    st.integers(0, 3),
    st.integers(3, 10),
    st.sampled_from(list(Direction)),
    st.data(),
)
def test_a_better_answer_never_scores_worse(
    metric: str, low: int, width: int, direction: Direction, data: st.DataObject
) -> None:
    scale = scale_for(metric, low, low + width, direction.value)
    one, other = (data.draw(st.integers(low, low + width)) for _ in range(2))
    if direction is Direction.LOWER_IS_BETTER:
        one, other = -one, -other
    worse, better = sorted((one, other))
    scores = [score(scale, abs(answer)) for answer in (worse, better)]
    assert scores[0].value <= scores[1].value
    good = {"satisfied", "easy"}
    assert (scores[0].score_class in good) <= (scores[1].score_class in good)


def test_classes_and_metrics_are_those_the_tables_know() -> None:
    assert {metric.value for metric in Metric} == set(METRICS)
    seen = {
        score(scale_for(metric), answer).score_class
        for metric, answers in (("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8)))
        for answer in answers
    }
    assert seen == set(SCORE_CLASSES)
