"""Sub-topics: groups that hold together, named, and the same as scikit-learn would make."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering

from nlp.subtopics import average_linkage, subtopics
from nlp.topic_groups import unit


def _rows(seed: int, n: int, middles: int) -> np.ndarray:
    dice = np.random.default_rng(seed)
    centres = unit(dice.normal(size=(middles, 8)))
    return np.asarray(unit(centres[dice.integers(middles, size=n)] + dice.normal(0, 0.2, (n, 8))))


@pytest.mark.parametrize(("seed", "n", "middles"), [(1, 60, 3), (2, 120, 9), (3, 40, 1), (4, 1, 1)])
def test_linkage_equals_that_of_scikit_learn(seed: int, n: int, middles: int) -> None:
    rows = _rows(seed, n, middles)
    ours = average_linkage(rows, 0.35)
    if n == 1:
        assert ours.tolist() == [0]
        return
    theirs = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=0.35
    ).fit_predict(rows)
    assert np.array_equal(ours[:, None] == ours[None], theirs[:, None] == theirs[None])


SAID = {
    "The courier never rang the doorbell": 0,
    "The lift was broken on the third floor": 1,
    "An invoice came twice by letter": 2,
}


def _comments(many: int) -> tuple[list[str], np.ndarray]:
    dice, texts, rows = np.random.default_rng(7), [], []
    for number in range(many):
        text, place = list(SAID.items())[number % 3]
        texts.append(f"{text}, visit {number}")
        rows.append(np.eye(12)[place] + dice.normal(0, 0.05, 12))
    return texts, np.array(rows, np.float32)


def test_each_subject_is_a_group_with_its_words_and_its_middle_first() -> None:
    texts, vectors = _comments(60)
    found = subtopics(texts, vectors)
    assert [len(one.members) for one in found] == [20, 20, 20]
    named = {" ".join(one.words).lower() for one in found}
    assert any("courier" in words for words in named) and any("lift" in words for words in named)
    for one in found:
        assert {texts[i][:9] for i in one.members} == {texts[one.members[0]][:9]}
        middle = unit(unit(vectors[list(one.members)]).mean(axis=0))
        near = unit(vectors[list(one.members)]) @ middle
        assert near[0] == pytest.approx(near.max())
    assert subtopics(texts, vectors) == found


def test_few_comments_or_one_subject_or_none_make_no_groups() -> None:
    texts, vectors = _comments(29)
    assert subtopics(texts, vectors) == ()
    same = ["The lift was broken"] * 40
    assert subtopics(same, np.ones((40, 12), np.float32)) == ()
    scattered = unit(np.random.default_rng(3).normal(size=(60, 40))).astype(np.float32)
    assert subtopics([f"word{n} other{n}" for n in range(60)], scattered) == ()


def test_no_more_than_six_are_shown() -> None:
    dice = np.random.default_rng(5)
    names = ["lift", "courier", "invoice", "garden", "window", "kettle", "mirror"]
    texts = [f"the {names[n % 7]} again" for n in range(140)]
    rows = np.array([np.eye(14)[n % 7] + dice.normal(0, 0.05, 14) for n in range(140)], np.float32)
    assert len(subtopics(texts, rows)) == 6


def test_two_groups_of_one_name_are_told_as_one() -> None:
    dice = np.random.default_rng(5)
    texts = [("the lift stuck", "the lift stuck", "a courier came")[n % 3] for n in range(60)]
    rows = np.array([np.eye(14)[n % 3] + dice.normal(0, 0.05, 14) for n in range(60)], np.float32)
    assert [len(one.members) for one in subtopics(texts, rows)] == [40, 20]
