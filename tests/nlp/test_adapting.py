"""Heads learned from corrections: the prior holds, rows move it, what nobody spoke of stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nlp.adapting.adapt import LEAST_LABEL, adapted
from nlp.adapting.compare import LEAST_DIFFERENT, Figure, changed, compared
from nlp.adapting.fit import Rows, Space, fitted
from nlp.adapting.lesson import FEELING, Lesson, Place, Seen, seen
from nlp.adapting.read import Found, found
from nlp.adapting.stored import laid_over, to_json
from nlp.adapting.targets import Mix, rows_of
from nlp.errors import ArtefactError
from nlp.heads import Head
from nlp.reading import CommentText
from tests.nlp.fake_reader import WORDS, WordCounts, fake_artefact

SHIPPED = fake_artefact().heads
SENTIMENT = SHIPPED["sentiment"]
NEGATIVE, NEUTRAL, POSITIVE = range(3)


def _rows(count: int, label: int, word: str = "fine") -> Rows:
    """So many comments of one word that a person calls this sentiment, and as many of another."""
    vectors = np.zeros((2 * count, len(WORDS)), np.float32)
    vectors[:count, WORDS.index(word)] = 1
    vectors[count:, WORDS.index("good")] = 1
    wanted = np.zeros((2 * count, 3), np.float32)
    wanted[:count, label], wanted[count:, POSITIVE] = 1, 1
    return Rows(vectors, wanted, np.ones_like(wanted), np.arange(2 * count))


def _read(head: Head, word: str) -> int:
    vector = np.array([[float(one == word) for one in WORDS]], np.float32)
    return int(head.probabilities(vector)[0].argmax())


def test_a_strong_prior_leaves_the_shipped_weights() -> None:
    rows = _rows(30, NEGATIVE)
    head = fitted(SENTIMENT, rows, range(3), 1e9, Space.of(rows.vectors))
    np.testing.assert_allclose(head.weights, SENTIMENT.weights, atol=1e-4)
    np.testing.assert_allclose(head.bias, SENTIMENT.bias, atol=1e-4)


def test_few_comments_do_not_turn_the_head_and_many_do() -> None:
    for count, expected in ((1, NEUTRAL), (300, NEGATIVE)):
        rows = _rows(count, NEGATIVE)
        head = fitted(SENTIMENT, rows, range(3), 1000.0, Space.of(rows.vectors))
        assert _read(head, "fine") == expected
        assert _read(head, "good") == POSITIVE


def test_a_label_that_may_not_move_stays_bit_for_bit() -> None:
    rows = _rows(300, NEGATIVE)
    head = fitted(SENTIMENT, rows, [NEGATIVE, NEUTRAL], 300.0, Space.of(rows.vectors))
    assert not np.array_equal(head.weights[:, NEGATIVE], SENTIMENT.weights[:, NEGATIVE])
    assert np.array_equal(head.weights[:, POSITIVE], SENTIMENT.weights[:, POSITIVE])
    assert head.bias[POSITIVE] == SENTIMENT.bias[POSITIVE]


def test_equal_comments_have_no_direction_and_move_no_weight() -> None:
    rows = _rows(20, NEGATIVE).only(np.arange(40) < 20)
    head = fitted(SENTIMENT, rows, range(3), 30.0, Space.of(rows.vectors))
    assert np.array_equal(head.weights, SENTIMENT.weights)


def _lesson(key: int, text: str, **said: object) -> Lesson:
    return replace(Lesson(key, CommentText(text), "positive"), **said)


def _world(corrected: int, others: int = 120) -> tuple[list[Seen], list[Seen]]:
    """`fine` is a complaint here, and a refund is a matter of payment; the rest is as usual."""
    lessons = []
    for key in range(1, corrected + 1):
        if key % 2:
            text = f"it was fine for me and for all of us {key}"
            felt = {"sentiment": "negative", "said": frozenset({FEELING})}
            lessons.append(_lesson(key, text, **felt))
        else:
            text = f"a refund is a bad thing to wait for {key}"
            moved = frozenset({"payment_billing", "returns_refunds"})
            felt = {"sentiment": "negative", "said": moved}
            lessons.append(_lesson(key, text, themes=frozenset({"payment_billing"}), **felt))
    usual = ("good", "bad", "late", "rude", "bad app", "thanks")
    rest = [
        (1000 + i, CommentText(f"the whole thing was {usual[i % 6]} for me and for us {i}"))
        for i in range(others)
    ]
    return seen(lessons, rest, WordCounts())


def test_what_people_say_is_learned_and_the_rest_is_read_as_before() -> None:
    lessons, others = _world(80)
    result = adapted(lessons, others, SHIPPED)
    assert result.moved["sentiment"] == ("negative", "neutral")
    assert set(result.moved["themes"]) == {"payment_billing", "returns_refunds"}
    heads = {**SHIPPED, **result.heads}
    for one in others:
        assert found(heads, one.vectors) == found(SHIPPED, one.vectors)
    for one in lessons:
        assert found(heads, one.vectors).sentiment == "negative"
    still = [k for k, label in enumerate(SHIPPED["themes"].labels) if label == "website_app"]
    assert np.array_equal(heads["themes"].weights[:, still], SHIPPED["themes"].weights[:, still]), (
        "nobody spoke of it"
    )
    assert "urgency" not in result.heads and "emotions" not in result.heads


def test_the_same_corrections_give_the_same_heads() -> None:
    first, second = (adapted(*_world(60), SHIPPED) for _ in range(2))
    assert first.strengths == second.strengths and first.held_out == second.held_out
    for name, head in first.heads.items():
        assert np.array_equal(head.weights, second.heads[name].weights)


def test_labels_hardly_spoken_of_do_not_move() -> None:
    lessons, others = _world(2 * LEAST_LABEL - 2)
    assert adapted(lessons, others, SHIPPED).moved == {}


def test_corrections_alone_are_never_taken_for_the_rule() -> None:
    """Uncorrected comments count for the more, the fewer the model expects to have wrong."""
    lessons, others = _world(60)
    alone, beside = adapted(lessons, [], SHIPPED), adapted(lessons, others, SHIPPED)
    assert set(alone.share.values()) == {0.0}
    assert all(share > 0 for share in beside.share.values())


def test_no_lessons_teach_nothing() -> None:
    assert adapted([], _world(0)[1], SHIPPED).heads == {}


def test_a_stretch_teaches_its_clauses_and_not_the_others() -> None:
    text = "The parcel was late again today. The app was good for us."
    place = (Place(text.index("The app"), len(text), "price", "negative"),)
    lesson = _lesson(1, text, themes=frozenset({"price"}), said=frozenset({"price"}), places=place)
    lessons, _ = seen([lesson], [], WordCounts())
    assert len(lessons[0].vectors) == 3 and lessons[0].rows_in(place[0]) == [2]
    head = SHIPPED["themes"]
    rows = rows_of("themes", lessons, Mix(SHIPPED, {"themes": 1.0}), len(WORDS))
    k = head.labels.index("price")
    spoken = rows.vectors[(rows.wanted[:, k] == 1) & (rows.weight[:, k] == 1)]
    assert np.array_equal(spoken, lessons[0].vectors[2:3])
    felt = rows_of("sentiment", lessons, Mix(SHIPPED, {"sentiment": 1.0}), len(WORDS))
    assert (felt.wanted[:, NEGATIVE] == 1).sum() == 1, "the sentiment of that clause"


def test_what_was_confirmed_teaches_as_much_as_what_was_corrected() -> None:
    sure = _lesson(1, "it was good for me and for us", whole=True)
    left = replace(sure, key=2, whole=False, said=frozenset({"price"}), sentiment="negative")
    lessons, _ = seen([sure, left], [], WordCounts())
    rows = rows_of("sentiment", lessons, Mix(SHIPPED, {"sentiment": 1.0}), len(WORDS))
    weight = dict(zip(rows.groups.tolist(), rows.weight[:, 0].tolist(), strict=True))
    assert weight[1] == 1.0 > weight[2] > 0


def _pair(key: int, right: str, today: str, new: str) -> tuple[Seen, Found, Found]:
    lesson = _lesson(key, "x", sentiment=right)
    one = Seen(key, np.zeros((1, 1), np.float32), (), lesson)
    sides = (Found(felt, frozenset(), False) for felt in (today, new))
    return one, *sides


def _figures(better: int, same: int, worse: int = 0) -> list[Figure]:
    pairs = [
        *(("negative", "neutral", "negative") for _ in range(better)),
        *(("negative", "negative", "negative") for _ in range(same)),
        *(("negative", "negative", "neutral") for _ in range(worse)),
    ]
    made = [_pair(i, *pair) for i, pair in enumerate(pairs)]
    lessons = [one for one, _, _ in made]
    today = {one.key: first for one, first, _ in made}
    new = {one.key: second for one, _, second in made}
    return compared(lessons, [], today, new, {}, ())


def test_few_differences_are_too_few_to_tell() -> None:
    figure = _figures(LEAST_DIFFERENT - 1, 60)[0]
    assert (figure.what, figure.n, figure.low, figure.verdict) == ("sentiment", 69, None, "unclear")


def test_a_difference_comes_with_its_interval() -> None:
    figure = _figures(20, 60)[0]
    assert (figure.today, figure.new, figure.verdict) == (0.75, 1.0, "better")
    assert figure.low is not None and figure.high is not None
    assert 0.1 < figure.low < 0.25 < figure.high < 0.4
    assert _figures(0, 60, 20)[0].verdict == "worse"
    assert _figures(12, 60, 10)[0].verdict == "unclear"


def test_what_nobody_corrected_is_right_as_the_model_reads_it_today() -> None:
    one = Seen(1, np.zeros((1, 1), np.float32), ())
    chances = {"negative": 0.6, "neutral": 0.3, "positive": 0.1, "price": 0.2, "urgent": 0.0}
    today = Found("negative", frozenset(), False, chances)
    new = Found("neutral", frozenset({"price"}), False)
    share = {"sentiment": 1.0, "themes": 1.0, "urgency": 1.0}
    figures = {f.what: f for f in compared([], [one], {1: today}, {1: new}, share, ())}
    assert (figures["sentiment"].today, figures["sentiment"].new) == (1.0, 0.0)
    assert (figures["themes"].today, figures["themes"].new) == (0.0, 0.0)
    assert changed([one], {1: today}, {1: new}) == 1


def test_what_moved_is_kept_as_json_and_read_back() -> None:
    rows = _rows(300, NEGATIVE)
    head = fitted(SENTIMENT, rows, [NEGATIVE, NEUTRAL], 300.0, Space.of(rows.vectors))
    kept = to_json({"sentiment": head}, {"sentiment": ("negative", "neutral")})
    back = laid_over(SHIPPED, kept, "fake", "fake")["sentiment"]
    assert np.array_equal(back.weights, head.weights) and np.array_equal(back.bias, head.bias)


def test_another_encoder_and_damage_are_refused_with_the_mend() -> None:
    kept = to_json({"sentiment": SENTIMENT}, {"sentiment": ("negative",)})
    with pytest.raises(ArtefactError, match=r"another encoder.*Learn again"):
        laid_over(SHIPPED, kept, "fake", "newer")
    for broken in (
        {"sentiment": {**kept["sentiment"], "labels": ["delighted"]}},
        {"sentiment": {**kept["sentiment"], "bias": kept["sentiment"]["weights"]}},
        {"wit": kept["sentiment"]},
    ):
        with pytest.raises(ArtefactError, match=r"damaged.*Learn again"):
            laid_over(SHIPPED, broken, "fake", "fake")


def test_comments_that_another_encoder_reads_teach_nothing_here() -> None:
    spanish = "El pedido llegó tarde y nadie me avisó"
    lessons, others = seen(
        [_lesson(1, spanish), _lesson(2, "It came late")],
        [(3, CommentText(spanish)), (4, CommentText("All was good"))],
        WordCounts(),
    )
    assert ([one.key for one in lessons], [one.key for one in others]) == ([2], [4])
