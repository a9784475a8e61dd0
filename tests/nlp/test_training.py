from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fake_reader import WordCounts

from nlp.errors import TrainingDataError
from nlp.heads import Head
from nlp.labels import EMOTIONS, SENTIMENTS
from nlp.themes import theme_keys
from nlp.training import sentiment_files as files
from nlp.training import theme_files
from nlp.training.cache import cached_vectors
from nlp.training.checks import LEAST, check_enough
from nlp.training.example import Example, bucket
from nlp.training.fit import fit_linear
from nlp.training.pairs import pair
from nlp.training.seeds import seed_examples, urgency_examples
from nlp.training.targets import (
    Targets,
    emotion_targets,
    sentiment_targets,
    share_themes,
    theme_targets,
    urgency_targets,
)
from nlp.training.thresholds import best_temperature, best_thresholds
from nlp.windows import Passage

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


def test_a_label_of_several_themes_is_shared_by_likelihood() -> None:
    examples = [Example("shop", "train", "a", themes=sets("ordering|website_app"))]
    column = {key: k for k, key in enumerate(theme_keys())}
    likely = np.zeros((1, len(column)), np.float32)
    likely[0, column["ordering"]], likely[0, column["website_app"]] = 0.6, 0.2
    shared = share_themes(examples, theme_targets(examples), likely)
    assert shared.wanted[0, column["ordering"]] == pytest.approx(0.75)
    assert shared.wanted[0, column["website_app"]] == pytest.approx(0.25)


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


def test_a_pair_reads_each_half_within_the_whole() -> None:
    first = Example("seeds", "train", "Came late.", sentiment=NEGATIVE, themes=sets("price"))
    second = Example("seeds", "train", "lovely bag", sentiment=POSITIVE, themes=sets("ordering"))
    whole, left, right = pair(first, second, ", but ")
    assert whole.text == "Came late, but lovely bag"
    assert (whole.sentiment, whole.themes) == (None, sets("price", "ordering"))
    assert [whole.text[slice(*e.span)] for e in (left, right) if e.span] == [
        "Came late",
        "lovely bag",
    ]
    assert (left.sentiment, right.themes) == (NEGATIVE, sets("ordering"))


def blobs(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    kind = rng.integers(0, 3, n)
    centres = np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3]], np.float32)
    x = (centres[kind] + rng.normal(0, 0.5, (n, 3))).astype(np.float32)
    return x, np.eye(3, dtype=np.float32)[kind]


@pytest.mark.parametrize("link", ["softmax", "sigmoid"])
def test_a_head_learns_what_can_be_learnt_the_same_way_each_time(link: str) -> None:
    x, wanted = blobs(np.random.default_rng(7), 300)
    chosen = "softmax" if link == "softmax" else "sigmoid"
    weight = np.ones((300, 1 if link == "softmax" else 3), np.float32)
    targets = Targets(wanted, weight)
    weights, bias = fit_linear(x, targets, chosen, 0.001)
    head = Head(SENTIMENTS, chosen, weights, bias, np.full(3, 0.5, np.float32))
    found = head.probabilities(x).argmax(axis=1)
    assert (found == wanted.argmax(axis=1)).mean() > 0.98
    again, _ = fit_linear(x, targets, chosen, 0.001)
    np.testing.assert_array_equal(weights, again)


def test_rows_without_weight_teach_nothing() -> None:
    x, wanted = blobs(np.random.default_rng(7), 100)
    weight = np.ones((100, 1), np.float32)
    weight[50:] = 0.0
    spoiled = wanted.copy()
    spoiled[50:] = spoiled[50:, ::-1]
    weights, _ = fit_linear(x, Targets(spoiled, weight), "softmax", 0.01)
    clean, _ = fit_linear(x[:50], Targets(wanted[:50], weight[:50]), "softmax", 0.01)
    np.testing.assert_allclose(weights, clean, atol=1e-4)


def test_thresholds_find_the_best_cut() -> None:
    probability = np.array([[0.3], [0.35], [0.4], [0.7], [0.75], [0.8]] * 10, np.float32)
    targets = Targets((probability > 0.5).astype(np.float32), np.ones_like(probability))
    assert 0.4 < best_thresholds(probability, targets)[0] <= 0.7


def test_temperature_cools_a_boaster() -> None:
    rng = np.random.default_rng(3)
    wanted = np.eye(3, dtype=np.float32)[rng.integers(0, 3, 400)]
    logits = (8 * (wanted + rng.normal(0, 1.0, wanted.shape))).astype(np.float32)
    assert best_temperature(logits, Targets(wanted, np.ones((400, 1), np.float32))) > 1.5


def test_vectors_are_encoded_once_and_survive_an_interruption(tmp_path: Path) -> None:
    encoder = WordCounts()
    passages = [
        Passage("good"),
        Passage("bad"),
        Passage("good"),
        Passage("late bad", "", ((0, 4),)),
    ]
    first = cached_vectors(encoder, passages[:3], tmp_path, lambda _: None)
    rows = cached_vectors(encoder, passages, tmp_path, lambda _: None)
    assert len(encoder.passages) == 3
    np.testing.assert_array_equal(rows[:3], first)
    late, bad = 2, 1
    assert (rows[3, late], rows[3, bad]) == (1.0, 0.0)


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
