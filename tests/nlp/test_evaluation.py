from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from fake_reader import fake_reader

from nlp.evaluation import evaluate, markdown_table
from nlp.metrics import calibration_error, macro_f1, theme_scores
from nlp.training.example import Example
from nlp.training.peers import ReaderSystem

NEGATIVE = (1.0, 0.0, 0.0)
POSITIVE = (0.0, 0.0, 1.0)


def test_macro_f1_by_hand() -> None:
    wanted = ["a", "a", "a", "b", "c"]
    found = ["a", "a", "b", "b", "a"]
    assert macro_f1(wanted, found) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_theme_scores_by_hand() -> None:
    any_of = frozenset({"ordering", "website_app"})
    wanted = [[frozenset({"price"}), any_of], [any_of], []]
    found = [{"price", "website_app"}, {"price"}, {"food_drink"}]
    scores = theme_scores(wanted, found)
    # right: price, website_app; extra: price and food_drink, nobody's label; missed: one set
    assert scores.micro == pytest.approx(2 * 2 / (2 * 2 + 2 + 1))
    each = {"price": 2 / 3, "website_app": 2 / 3, "ordering": 0.0}
    assert scores.macro == pytest.approx(sum(each.values()) / 3)


def test_calibration_error_by_hand() -> None:
    rows = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.4, 0.6]], np.float32)
    # two at 0.9 with one right: off by 0.8 in sum; two at 0.6, both right: off by 0.8
    assert calibration_error(rows, [0, 1, 0, 1]) == pytest.approx(1.6 / 4, abs=1e-6)
    assert calibration_error(np.array([[1.0, 0.0]], np.float32), [0]) == 0.0


class Praise:
    name = "Praise"

    def sentiments(self, examples: Sequence[Example]) -> list[str]:
        return ["positive"] * len(examples)

    def probabilities(self, examples: Sequence[Example]) -> None:
        return None

    def themes(self, examples: Sequence[Example]) -> None:
        return None


def test_the_table_has_a_row_a_part_and_a_column_a_system() -> None:
    reader, _ = fake_reader()
    examples = [
        Example("tweets", "test", "good", sentiment=POSITIVE),
        Example("tweets", "test", "bad", sentiment=NEGATIVE),
        Example("consumer_aspects", "test", "late", themes=(frozenset({"delivery_speed"}),)),
    ]
    lines = markdown_table(evaluate([ReaderSystem(reader), Praise()], examples)).splitlines()
    assert lines[0] == "| test part | n | measure | Waymark | Praise |"
    assert lines[2:] == [
        "| tweets | 2 | sentiment macro-F1 | 1.000 | 0.333 |",
        "| consumer_aspects | 1 | themes micro-F1 | 1.000 | n/a |",
        "| consumer_aspects | 1 | themes macro-F1 | 1.000 | n/a |",
    ]
