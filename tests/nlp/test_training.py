from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nlp.errors import TrainingDataError
from nlp.labels import EMOTIONS
from nlp.themes import theme_keys
from nlp.training import sentiment_files as files
from nlp.training import theme_files
from nlp.training.checks import LEAST, check_enough
from nlp.training.example import Example, bucket
from nlp.training.seeds import seed_examples, urgency_examples
from nlp.training.targets import (
    Targets,
    emotion_targets,
    sentiment_targets,
    theme_targets,
    urgency_targets,
)
from nlp.training.thresholds import best_temperature, best_thresholds

NEGATIVE = (1.0, 0.0, 0.0)
POSITIVE = (0.0, 0.0, 1.0)


def sets(*keys: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(key.split("|")) for key in keys)


def test_seeds_cover_every_theme_in_both_directions() -> None:
    themes: Counter[str] = Counter()
    signs: set[tuple[str, object]] = set()
    texts = []
    for example in seed_examples():
        texts.append(example.text)
        for key in frozenset[str]().union(*(example.themes or ())):
            themes[key] += 1
            signs.add((key, example.sentiment))
    assert len(texts) == len(set(texts))
    assert min(themes[key] for key in theme_keys()) >= 40
    assert all((key, sign) in signs for key in theme_keys() for sign in (NEGATIVE, POSITIVE))


def test_the_check_comments_are_not_among_the_seeds() -> None:
    check = (Path(__file__).parent / "data" / "check_comments.csv").read_text(encoding="utf-8")
    seeds = {e.text.lower() for e in [*seed_examples(), *urgency_examples()]}
    rows = [line.rsplit(",", 1)[0].strip('"').lower() for line in check.splitlines()[1:]]
    assert len(rows) >= 100
    assert not seeds & set(rows)


def test_the_split_depends_on_the_key_alone() -> None:
    assert [bucket(key, 5) for key in ("a", "b", "c")] == [bucket(k, 5) for k in ("a", "b", "c")]
    assert {bucket(str(i), 5) for i in range(100)} == set(range(5))


def test_soft_polarity_is_a_distribution_that_follows_the_rating() -> None:
    for rating in (-4.0, -0.7, 0.0, 0.7, 4.0):
        assert sum(files.soft_polarity(rating)) == pytest.approx(1.0)
    assert files.soft_polarity(-3)[0] > 0.95
    assert files.soft_polarity(0)[1] > 0.5
    assert files.soft_polarity(3)[2] > 0.95


def test_theme_targets_leave_open_what_nobody_said() -> None:
    examples = [
        Example("shop", "train", "a", themes=sets("price", "ordering|website_app")),
        Example("shop", "train", "b", themes=()),
        Example("other", "train", "c"),
    ]
    targets = theme_targets(examples)
    column = {key: k for k, key in enumerate(theme_keys())}
    assert targets.wanted[0, column["price"]] == targets.weight[0, column["price"]] == 1.0
    assert targets.weight[0, column["ordering"]] == 0.0
    assert targets.weight[1, column["ordering"]] == 1.0
    assert 0.0 < targets.weight[1, column["food_drink"]] < 1.0
    assert not targets.weight[2].any()


def test_emotions_that_clash_with_clear_feedback_are_unlearnt() -> None:
    examples = [
        Example("emotions", "train", "a", emotions=frozenset({"joy"})),
        Example("shop", "train", "b", sentiment=NEGATIVE),
        Example("shop", "train", "c", sentiment=(0.4, 0.6, 0.0)),
    ]
    targets = emotion_targets(examples)
    joy, anger = EMOTIONS.index("joy"), EMOTIONS.index("anger")
    assert (targets.wanted[0, joy], targets.weight[0, anger]) == (1.0, 1.0)
    assert targets.weight[1, joy] > 0 == targets.weight[1, anger] == targets.wanted[1, joy]
    assert not targets.weight[2].any()


def test_urgency_is_weighed_to_its_share_of_real_comments() -> None:
    urgent = [Example("u", "train", str(i), urgent=i < 5) for i in range(10)]
    targets = urgency_targets([*urgent, Example("x", "train", "?")])
    mass = (targets.weight * targets.wanted).sum() / targets.weight.sum()
    assert mass == pytest.approx(0.1)
    assert targets.weight[-1] == 0.0


def test_thresholds_find_the_best_cut() -> None:
    probability = np.array([[0.3], [0.35], [0.4], [0.7], [0.75], [0.8]] * 10, np.float32)
    targets = Targets((probability > 0.5).astype(np.float32), np.ones_like(probability))
    assert 0.4 < best_thresholds(probability, targets)[0] <= 0.7


def test_a_theme_of_few_labels_is_found_where_all_are() -> None:
    many = np.repeat(np.array([0.2, 0.4, 0.6, 0.8], np.float32), 100)
    few = np.where(np.arange(400) == 0, 0.15, 0.05).astype(np.float32)
    probability = np.stack([many, few], axis=1)
    wanted = np.stack([many > 0.5, few > 0.1], axis=1).astype(np.float32)
    targets = Targets(wanted, np.ones_like(wanted))
    alone, together = (
        best_thresholds(probability, targets),
        best_thresholds(probability, targets, 50),
    )
    assert alone[1] <= 0.15 < 0.4 < together[1]
    assert alone[0] == together[0]


def test_temperature_cools_a_boaster() -> None:
    rng = np.random.default_rng(3)
    wanted = np.eye(3, dtype=np.float32)[rng.integers(0, 3, 400)]
    logits = (8 * (wanted + rng.normal(0, 1.0, wanted.shape))).astype(np.float32)
    assert best_temperature(logits, Targets(wanted, np.ones((400, 1), np.float32))) > 1.5


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("read", "name", "lines", "said"),
    [
        (
            files.graded,
            "sentiment_graded.csv",
            ["dataset,text", "a,b"],
            "column mean_rating",
        ),
        (
            files.sentences,
            "sentiment_sentences.csv",
            ["dataset,split,sentiment,text", "dynasent_r1,dev,positve,x"],
            "line 2, column sentiment.*positve.*Use one of negative, neutral, positive",
        ),
        (
            theme_files.theme_map,
            "theme_map.csv",
            ["dataset,label,theme", "a,b,price", "a,c,prise"],
            "theme_map.csv: line 3, column theme.*prise",
        ),
        (
            files.graded,
            "sentiment_graded.csv",
            ["dataset,mean_rating,text", "amazon_reviews,high,x"],
            "column mean_rating.*Use a number",
        ),
        (
            files.tweets,
            "elsewhere.csv",
            ["x"],
            "sentiment_languages.csv: the file is not there",
        ),
    ],
)
def test_bad_labels_name_file_column_and_mend(
    tmp_path: Path,
    read: Callable[[Path], object],
    name: str,
    lines: list[str],
    said: str,
) -> None:
    write(tmp_path / name, *lines)
    with pytest.raises(TrainingDataError, match=said):
        dict(enumerate(read(tmp_path)))  # type: ignore[call-overload]  # one reader gives a dict


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clothing_reviews.csv").write_bytes(
        "rating_1_to_5,text\n5,d\xe9j\xe0".encode("latin-1")
    )
    with pytest.raises(TrainingDataError, match="UTF-8"):
        list(files.clothing(tmp_path))


def test_a_class_of_three_examples_is_refused_by_name(tmp_path: Path) -> None:
    seeds = [*seed_examples(), *urgency_examples()]
    feelings = [Example("e", "train", e, emotions=frozenset({e})) for e in EMOTIONS] * LEAST
    check_enough([*seeds, *feelings], tmp_path)
    few = [e for e in feelings if "relief" not in (e.emotions or ())] + feelings[2:32:10]
    with pytest.raises(
        TrainingDataError, match=r"emotion 'relief' has 3 examples in emotions\.csv"
    ):
        check_enough([*seeds, *few], tmp_path)


def test_sentiment_targets_keep_soft_labels() -> None:
    examples = [Example("a", "train", "x", weight=0.5, sentiment=(0.2, 0.5, 0.3))]
    targets = sentiment_targets(examples)
    np.testing.assert_allclose(targets.wanted, [[0.2, 0.5, 0.3]], atol=1e-6)
    assert targets.weight[0, 0] == 0.5
