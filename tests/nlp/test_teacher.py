from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import BertWordPieceTokenizer
from transformers import MPNetConfig, MPNetModel

from nlp.artefact import TOKENIZER
from nlp.errors import EncoderError
from nlp.training.batching import drawn
from nlp.training.example import Example
from nlp.training.passages import lesson, with_ours
from nlp.training.plans import Plan
from nlp.training.tables import POLARITY
from nlp.training.targets import Targets, own_targets, softened
from nlp.training.teacher import taught, teacher_folder
from nlp.windows import load_tokenizer

GOOD, BAD = POLARITY["positive"], POLARITY["negative"]
PLAN = Plan(epochs=40, rate=3e-3, head_rate=1e-2, tokens=60, average=0.5, shares=())


def examples() -> list[Example]:
    """Half of them labelled; the rest says the same at another time and nobody labelled it."""
    ends = ["today", "again", "here", "there", "always", "at noon", "at night", "this time"]
    said = [
        Example("amazon_reviews", "train", f"{word} {end}", sentiment=sign)
        for end in ends
        for word, sign in (("lovely and quick", GOOD), ("awful and slow", BAD))
    ]
    unsaid = [
        Example("clothing", "train", f"{word} {end} again", urgent=False)
        for end in ends
        for word in ("lovely and quick", "awful and slow")
    ]
    return [*said, *unsaid]


@pytest.fixture
def larger(tmp_path: Path) -> Path:
    path = tmp_path / "larger"
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator([e.text for e in examples()], 200, 1, show_progress=False)
    path.mkdir()
    tokenizer.save(str(path / TOKENIZER))
    torch.manual_seed(1)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = MPNetConfig(vocab_size=200, intermediate_size=32, **size)
    MPNetModel(config).save_pretrained(path)
    return path


@pytest.mark.timeout(300)
def test_the_teacher_reads_what_nobody_labelled(larger: Path, tmp_path: Path) -> None:
    course, words = lesson(examples()), load_tokenizer(larger / TOKENIZER)
    found = taught(course, larger, words, PLAN, tmp_path / "cache", lambda _: None)
    read = [i for i, e in enumerate(course.examples) if not np.isnan(found.sentiment[i]).any()]
    unsaid = [i for i in read if course.examples[i].source == "clothing"]
    assert 0 < len(unsaid) < 16
    for i in unsaid:
        wanted = 2 if "lovely" in course.examples[i].text else 0
        assert found.sentiment[i].argmax() == wanted
    softer = found.softens(course)
    assert all(softer.sentiment.weight[i, 0] > 0 for i in unsaid)
    assert course.sentiment.weight[unsaid].sum() == 0


@pytest.mark.timeout(300)
def test_what_the_teacher_read_is_kept_for_the_same_lesson_only(
    larger: Path, tmp_path: Path
) -> None:
    words, said = load_tokenizer(larger / TOKENIZER), list[str]()
    short = Plan(epochs=1, shares=())
    first = taught(lesson(examples()), larger, words, short, tmp_path, said.append)
    assert said
    said.clear()
    again = taught(lesson(examples()), larger, words, short, tmp_path, said.append)
    assert not said
    assert np.array_equal(first.sentiment, again.sentiment, equal_nan=True)
    taught(lesson(examples()[1:]), larger, words, short, tmp_path, said.append)
    assert said


def test_a_missing_teacher_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="without --teacher"):
        teacher_folder(tmp_path, ["no-such-part-of-a-teacher"])


def test_softening_halves_what_people_said_and_fills_what_nobody_said() -> None:
    hard = Targets(
        np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]], np.float32),
        np.array([[1.0], [2.0], [0.0]], np.float32),
    )
    soft = np.array([[0.2, 0.6, 0.2], [np.nan] * 3, [0.5, 0.3, 0.2]], np.float32)
    found = softened(hard, soft)
    assert found.wanted == pytest.approx(
        np.array([[0.6, 0.3, 0.1], [0, 0, 1], [0.5, 0.3, 0.2]]), abs=1e-6
    )
    assert found.weight.tolist() == [[1.0], [2.0], [0.5]]


def test_a_sources_own_labels_are_known_in_that_source_alone() -> None:
    own = [
        Example("a", "train", "1", labels=frozenset({"late"})),
        Example("a", "train", "2", labels=frozenset({"late", "rare"})),
        Example("b", "train", "3", labels=frozenset({"late"})),
        Example("b", "train", "4", labels=frozenset({"late"})),
        Example("a", "train", "5"),
    ]
    found = own_targets(own, seen=2)
    assert found.wanted.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]
    assert found.weight.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]


def test_a_share_brings_a_source_so_often() -> None:
    texts = [Example(source, "train", f"{source} {i}") for source in "abc" for i in range(400)]
    course = lesson(texts)
    plan = Plan(shares=(("a", 0.25), ("b", 2.0)), closing=(("a", 0.25), ("b", 2.0)))
    each = [
        Counter(course.examples[course.passages[n][0]].text for n in drawn(course, plan, epoch))
        for epoch in range(4)
    ]
    every = sum(each, Counter[str]())
    assert {every[f"a {i}"] for i in range(400)} == {1}
    assert {every[f"b {i}"] for i in range(400)} == {8}
    assert {every[f"c {i}"] for i in range(400)} == {4}
    first = sum(times for text, times in each[0].items() if text.startswith("a"))
    assert 70 < first < 130


def test_the_last_epoch_has_shares_of_its_own() -> None:
    course = lesson([Example("a", "train", f"a {i}") for i in range(400)])
    plan = Plan(epochs=3, shares=(("a", 0.5),), closing=(("a", 0.0),))
    assert [len(drawn(course, plan, epoch)) > 100 for epoch in range(3)] == [True, True, False]
    alone = Plan(epochs=1, shares=(("a", 0.5),), closing=(("a", 0.0),))
    assert drawn(course, alone, 0), "a single epoch is no closing one"


def test_our_own_comments_can_count_less_for_the_sentiment() -> None:
    feels = (1.0, 0.0, 0.0)
    course = lesson(
        [
            Example("written", "train", "bad", sentiment=feels, weight=2.0, urgent=True),
            Example("dynasent_r1", "train", "bad", sentiment=feels),
        ]
    )
    less = with_ours(course, 0.25)
    assert less.sentiment.weight.tolist() == [[0.5], [1.0]]
    assert less.urgency.weight.tolist() == course.urgency.weight.tolist()
