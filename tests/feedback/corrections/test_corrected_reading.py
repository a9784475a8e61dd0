from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from feedback.corrections.apply import Change, corrected
from feedback.corrections.reading import Mention, Reading

LATE = Mention(0, 10, "delivery_speed", "negative", -0.8)
RUDE = Mention(11, 20, "staff_attitude", "negative", -0.6)
OWN = Reading(
    read=True,
    sentiment="negative",
    sentiment_score=-0.7,
    probabilities={"negative": 0.8, "neutral": 0.1, "positive": 0.1},
    themes={"delivery_speed": 0.9, "staff_attitude": 0.8},
    mentions=(LATE, RUDE),
)
UNREAD = Reading(read=False)
THEMES = st.sampled_from(["delivery_speed", "staff_attitude", "price"])
FEELINGS = st.sampled_from(["negative", "neutral", "positive"])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["sentiment", "added", "removed", "changed"]))
    start = draw(st.integers(0, 19))
    end = draw(st.integers(start + 1, 20))
    felt = None if kind == "removed" else draw(FEELINGS)
    if kind == "sentiment":
        return Change(kind, felt)
    return Change(kind, felt, start, end, draw(THEMES), draw(THEMES) if kind == "changed" else None)


def test_without_changes_the_reading_is_the_model_s_own() -> None:
    assert corrected(OWN, []) is OWN


def test_a_person_s_sentiment_is_certain_and_the_newest_wins() -> None:
    found = corrected(OWN, [Change("sentiment", "neutral"), Change("sentiment", "positive")])
    assert (found.sentiment, found.sentiment_score) == ("positive", 1.0)
    assert found.probabilities == {"negative": 0.0, "neutral": 0.0, "positive": 1.0}
    assert found.mentions == OWN.mentions and found.themes == OWN.themes


def test_a_mention_changes_its_theme_and_its_sentiment() -> None:
    change = Change("changed", "neutral", 0, 10, "delivery_speed", "price")
    found = corrected(OWN, [change])
    assert found.mentions == (Mention(0, 10, "price", "neutral", 0.0, "person"), RUDE)
    assert found.themes == {"price": 1.0, "staff_attitude": 0.8}
    assert found.sentiment_score == -0.7


def test_what_is_taken_out_takes_its_theme_along_unless_it_is_said_elsewhere() -> None:
    gone = Change("removed", None, 0, 10, "delivery_speed")
    assert corrected(OWN, [gone]).themes == {"staff_attitude": 0.8}
    again = replace(OWN, mentions=(*OWN.mentions, replace(LATE, start=30, end=40)))
    assert "delivery_speed" in corrected(again, [gone]).themes


def test_a_theme_that_no_mention_shows_stays_until_a_person_speaks_of_it() -> None:
    loose = replace(OWN, themes={**OWN.themes, "general": 0.6})
    assert "general" in corrected(loose, [Change("sentiment", "neutral")]).themes
    gone = Change("removed", None, 0, 20, "general")
    assert "general" not in corrected(loose, [gone]).themes


def test_a_person_s_word_wins_where_another_model_cuts_elsewhere() -> None:
    said = [
        Change("removed", None, 0, 10, "delivery_speed"),
        Change("changed", "positive", 11, 20, "staff_attitude", "staff_attitude"),
    ]
    other = replace(
        OWN,
        mentions=(
            Mention(4, 14, "delivery_speed", "negative", -0.9),
            Mention(0, 20, "staff_attitude", "negative", -0.9),
            Mention(0, 20, "price", "negative", -0.4),
        ),
    )
    found = corrected(other, said)
    assert [(m.theme, m.sentiment, m.source) for m in found.mentions] == [
        ("price", "negative", "model"),
        ("staff_attitude", "positive", "person"),
    ]


def test_a_comment_no_model_read_feels_as_a_person_says() -> None:
    late = Change("added", "negative", 0, 5, "delivery_speed")
    found = corrected(UNREAD, [late])
    assert (found.read, found.sentiment, found.sentiment_score) == (True, "negative", -1.0)
    mixed = corrected(UNREAD, [late, Change("added", "positive", 6, 9, "price")])
    assert mixed.sentiment == "neutral"
    gone = corrected(UNREAD, [late, Change("removed", None, 0, 5, "delivery_speed")])
    assert (gone.read, gone.sentiment) == (False, None)


@given(st.lists(changes(), max_size=6))
def test_saying_it_all_again_changes_nothing(said: list[Change]) -> None:
    once = corrected(OWN, said)
    assert corrected(OWN, [*said, *said[-1:]]) == once
    assert Reading.from_json(once.to_json()) == once


@given(st.lists(changes(), max_size=5), changes())
def test_the_last_word_on_a_stretch_stands(said: list[Change], last: Change) -> None:
    found = corrected(OWN, [*said, last])
    if last.kind == "sentiment":
        assert found.sentiment == last.sentiment
        return
    there = [m for m in found.mentions if m.theme in last.about and m.meets(last.start, last.end)]
    wanted = last.new_theme or last.theme
    expected = [] if last.kind == "removed" else [(wanted, last.sentiment, "person")]
    assert [(m.theme, m.sentiment, m.source) for m in there] == expected
