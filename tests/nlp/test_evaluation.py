from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_reader import fake_reader

from nlp.evaluation import emotion_scores, evaluate, language_scores, markdown_table
from nlp.metrics import calibration_error, macro_f1, theme_scores
from nlp.training.example import Example
from nlp.training.many_gather import MANY
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


def test_five_languages_have_a_row_each_and_their_mean(tmp_path: Path) -> None:
    rows = [f"{name},test,positive,x" for name in MANY.values()]
    rows += ["spanish,test,negative,y", "spanish,train,negative,z", "english,test,negative,w"]
    text = "language,split,sentiment,text\n" + "\n".join(rows) + "\n"
    (tmp_path / "sentiment_languages.csv").write_text(text, encoding="utf-8")
    scores = language_scores(Praise(), tmp_path)
    found = {score.part: (score.n, score.value) for score in scores}
    spanish = (2 / 3 + 0) / 2
    assert found["tweets_es"] == (2, pytest.approx(spanish))
    assert found["five languages, mean"] == (6, pytest.approx((4 + spanish) / 5))


def test_an_emotion_the_labels_leave_open_is_no_false_find() -> None:
    reader, _ = fake_reader()
    said, open_ = frozenset({"gratitude"}), frozenset({"gratitude"})
    examples = [
        Example("emotions", "test", "thanks", emotions=said),
        Example("emotions", "test", "thanks a lot", emotions=frozenset(), unknown_emotions=open_),
        Example("emotions", "test", "thanks, really", emotions=frozenset()),
        Example("tweets", "test", "thanks, all", emotions=frozenset()),
    ]
    micro, macro = emotion_scores(ReaderSystem(reader), examples)
    assert (micro.n, micro.value, macro.value) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
