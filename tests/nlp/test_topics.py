"""Emerging topics: alike comments are found, named, quoted, and compared with the period before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.artefact import SHIPPED, encoder_model, read_artefact
from nlp.encoder import EncoderInfo, onnx_encoder
from nlp.topic_trend import change, difference_interval
from nlp.topic_words import telling_words, tells
from nlp.topics import Comments, Topic, emerging_topics
from nlp.windows import Passage

WIDTH = 32
SAYS = {
    "lockers": ("The lockers jam", "locker would not open", "Lockers again stuck", "my locker"),
    "parking": ("no parking space left", "the parking space is tiny", "Parking space full"),
    "music": ("Music too loud", "the music hurts", "loud music all day", "that music"),
}


def world(each: int, noise: int = 0, seed: int = 1) -> tuple[list[str], NDArray[np.float32]]:
    """Three topics in turn, then comments like no other."""
    draw = np.random.default_rng(seed)
    middles = draw.normal(0, 1, (len(SAYS), WIDTH))
    texts, rows = [], []
    for i in range(each * len(SAYS)):
        k, own = i % len(SAYS), tuple(SAYS.values())[i % len(SAYS)]
        texts.append(f"{own[(i // len(SAYS)) % len(own)]} ({i})")
        rows.append(middles[k] + draw.normal(0, 0.1, WIDTH))
    for i in range(noise):
        texts.append(f"thing number {i}")
        rows.append(draw.normal(0, 1, WIDTH))
    return texts, np.array(rows, np.float32)


def found(texts: list[str], rows: NDArray[np.float32]) -> tuple[Topic, ...]:
    every = Comments(texts, rows, ["now"] * len(texts), {"now": len(texts)})
    return emerging_topics(every, "now", "before")


@pytest.mark.parametrize(("each", "noise"), [(10, 0), (80, 60)])
def test_what_is_alike_is_one_topic_named_by_what_tells_it(each: int, noise: int) -> None:
    texts, rows = world(each, noise)
    topics = found(texts, rows)
    assert len(topics) == 3
    names = " | ".join(topic.name.lower() for topic in topics)
    assert "locker" in names and "parking space" in names and "music" in names
    for topic in topics:
        theirs = {i % 3 for i in topic.members if i < 3 * each}
        assert len(theirs) == 1
        assert 0.8 * each <= len(topic.members) <= each + noise / 4
        assert set(topic.quotes) <= set(topic.members) and len(topic.quotes) == 5


def test_the_same_input_gives_the_same_answer() -> None:
    texts, rows = world(20, 20)
    assert found(texts, rows) == found(texts, rows)


def test_what_is_covered_counts_among_all_of_its_period() -> None:
    texts, rows = world(10)
    periods = ["before" if i < 15 else "now" for i in range(30)]
    totals = {"before": 200, "now": 300}
    topics = emerging_topics(Comments(texts, rows, periods, totals), "now", "before")
    assert len(topics) == 3
    for topic in topics:
        assert (topic.change.of_before, topic.change.of_now) == (200, 300)
        assert topic.change.before + topic.change.now == len(topic.members)


def test_a_topic_is_compared_with_the_period_before() -> None:
    texts, rows = world(60)
    # the first topic is spoken of only now, the others as before
    periods = ["now" if i % 3 == 0 or i % 2 else "before" for i in range(180)]
    totals = {"now": periods.count("now"), "before": periods.count("before")}
    topics = emerging_topics(Comments(texts, rows, periods, totals), "now", "before")
    trends = {topic.members[0] % 3: topic.change.trend for topic in topics}
    assert trends[0] == "new"
    assert set(trends) == {0, 1, 2}


def test_quotes_are_of_the_period_itself_and_central() -> None:
    texts, rows = world(20)
    periods = ["before" if i < 30 else "now" for i in range(60)]
    totals = {"now": 30, "before": 30}
    for topic in emerging_topics(Comments(texts, rows, periods, totals), "now", "before"):
        assert all(periods[i] == "now" for i in topic.quotes)
        own = rows[list(topic.members)]
        own = own / np.linalg.norm(own, axis=1, keepdims=True)
        near = own @ own.mean(axis=0)
        assert (np.diff(near) < 1e-5).all()


@pytest.mark.parametrize(
    ("totals", "trend"),
    [({"now": 5_000, "before": 60}, "fading"), ({"now": 60, "before": 5_000}, None)],
)
def test_what_hardly_anybody_speaks_of_now_is_no_topic_unless_it_fades(
    totals: dict[str, int], trend: str | None
) -> None:
    texts, rows = world(40)
    periods = ["before" if i % 3 == 0 and i > 9 else "now" for i in range(120)]
    topics = emerging_topics(Comments(texts, rows, periods, totals), "now", "before")
    trends = {one.members[0] % 3: one.change.trend for one in topics}
    assert trends.get(0) == trend
    assert {1, 2} <= set(trends)


def test_comments_that_only_rate_form_no_topic() -> None:
    said = ["Nothing, it was excellent", "Everything was very good", "Could not be better!",
            "Service, very good.", "No problems at all", "I don't know"]  # fmt: skip
    assert not any(tells(text) for text in said)
    assert tells("Parking") and tells("Nobody answers the phone")
    assert found(said * 4, np.ones((24, WIDTH), np.float32)) == ()


@pytest.mark.parametrize(
    ("before", "of_before", "now", "of_now", "trend"),
    [
        (0, 500, 20, 500, "new"),
        (20, 500, 60, 500, "growing"),
        (60, 500, 20, 500, "fading"),
        (60, 500, 62, 500, "steady"),
        (2, 15, 3, 15, "unsure"),
        (0, 0, 40, 500, "unsure"),
        (40, 500, 0, 0, "unsure"),
        (0, 3, 1, 3, "unsure"),
    ],
)
def test_a_change_is_called_what_its_interval_allows(
    before: int, of_before: int, now: int, of_now: int, trend: str
) -> None:
    found = change(before=before, of_before=of_before, now=now, of_now=of_now)
    assert found.trend == trend
    assert -1 <= found.low <= found.difference <= found.high <= 1


def test_the_interval_is_newcombes() -> None:
    """Newcombe (1998), table II, example (a): 56/70 less 48/80, method 10."""
    low, high = difference_interval(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_too_few_comments_make_no_topic(number: int) -> None:
    assert found(["late"] * number, np.ones((number, WIDTH), np.float32)) == ()
    assert found([], np.zeros((0,), np.float32)) == ()


def test_equal_comments_are_one_topic() -> None:
    (topic,) = found(["Lockers jam"] * 12, np.ones((12, WIDTH), np.float32))
    assert (len(topic.members), topic.quotes) == (12, (0,))
    assert "lockers" in topic.name.lower()


HOSTILE = (
    "",
    "!!!",
    "\ud800\u200b",
    "<script>alert(1)</script>",
    "1 2 3",
    "\u202e\u0000",
    "a" * 9999,
)


def test_a_group_that_no_word_holds_together_is_no_topic() -> None:
    texts = ["locker", "locker", "bus", "lamp", "soup", "door", "moss", "tile", "sock", "lid"]
    assert found(texts, np.ones((10, WIDTH), np.float32)) == ()


def test_hostile_texts_and_vectors_stop_nothing() -> None:
    texts, rows = world(10)
    texts[:7] = HOSTILE
    rows[3], rows[4], rows[5] = np.nan, np.inf, 0.0
    topics = found(texts, rows)
    assert topics and not {3, 4} & {i for topic in topics for i in topic.members}
    assert found(["?!"] * 9 + ["..."] * 3, np.ones((12, WIDTH), np.float32)) == ()


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Comments(["a", "b"], np.ones((2, WIDTH), np.float32), ["now"], {})


def test_ten_thousand_comments_take_seconds_and_all_are_counted() -> None:
    texts, rows = world(3_000, 1_000)
    rows += np.random.default_rng(2).normal(0, 0.2, rows.shape)
    topics = found(texts, rows)
    assert sum(sorted((len(topic.members) for topic in topics), reverse=True)[:3]) > 0.7 * 9_000


def named(texts: Sequence[str], *labels: int) -> list[tuple[str, ...]]:
    return telling_words(texts, np.array(labels, np.intp))


def test_names_are_phrases_as_written_without_repeating_themselves() -> None:
    texts = ["Click and Collect was slow", "the Click and Collect desk", "Click and Collect!",
             "My card's late", "cards late", "the card is late", "it is what it is"]  # fmt: skip
    first, second = named(texts, 0, 0, 0, 1, 1, 1, -1)
    assert first[0] == "Click and Collect"
    assert len([word for word in second if word.lower().startswith("card")]) == 1
    assert "late" in second


def test_a_word_that_one_comment_repeats_names_nothing() -> None:
    texts = ["spam " * 50, "slow queue", "queue too slow", "long queue", "blue", "green"]
    (words,) = named(texts, 0, 0, 0, 0, -1, -1)
    assert words[0] == "queue" and "spam" not in words


def test_little_words_of_other_languages_name_nothing() -> None:
    german = [
        "die Lieferung ist zu sp\u00e4t",
        "die Lieferung ist nicht da",
        "wo ist die Lieferung",
    ]
    ((name, *_), _) = named([*german, "fine", "fine app"], 0, 0, 0, 1, 1)
    assert name == "Lieferung"


@pytest.mark.model
def test_the_real_encoder_brings_like_comments_together() -> None:
    artefact = read_artefact(SHIPPED)
    info = EncoderInfo(artefact.weights, artefact.width)
    encoder = onnx_encoder(SHIPPED, encoder_model(SHIPPED, artefact), info)
    pools = [f"The {a} was {b}" for a in ("swimming pool", "pool", "children's pool")
             for b in ("freezing", "cold", "like ice", "not heated")]  # fmt: skip
    forms = [f"The {a} asked {b}" for a in ("tax form", "form", "long form")
             for b in ("for all twice", "too much", "odd questions", "the same again")]  # fmt: skip
    texts = [*pools, *forms]
    rows = np.stack([m[0] for m in encoder.encode([Passage(text) for text in texts])])
    topics = found(texts, rows)
    assert any("pool" in topic.name for topic in topics)
    for topic in topics:
        assert len({i < len(pools) for i in topic.members}) == 1
