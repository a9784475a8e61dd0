from __future__ import annotations

from random import Random

import pytest

from feedback.demo import characters
from surveys.answers import Parsed
from surveys.phones import normalise
from surveys.replies.parse import parse_reply


def test_the_same_seed_gives_the_same_people_and_lives() -> None:
    assert characters.make(12, seed=7) == characters.make(12, seed=7)
    assert characters.make(12, seed=7) != characters.make(12, seed=8)


def test_after_the_whole_cast_the_first_come_back_to_another_day() -> None:
    first, again = characters.make(0, seed=7), characters.make(characters.CAST, seed=7)
    assert (first.id, first.phone, first.first_name) == (again.id, again.phone, again.first_name)
    assert first.moments != again.moments


def test_phones_are_kept_free_for_drama_and_nobody_shares_one() -> None:
    cast = [characters.make(number, seed=7) for number in range(characters.CAST)]
    assert len({person.phone for person in cast}) == characters.CAST
    for person in cast[:: characters.CAST // 50]:
        assert person.phone.startswith("+447700900")
        assert normalise(person.phone, "GB") == person.phone


def test_pains_are_felt_about_as_often_as_planted() -> None:
    cast = [characters.make(number, seed=3) for number in range(3000)]
    felt = [m for person in cast for m in person.moments if m.touchpoint == "parcel"]
    late = sum(moment.pain == "late" for moment in felt) / len(felt)
    assert abs(late - characters.PLANTED["parcel"]["late"]) < 0.04


@pytest.mark.parametrize("style", ["plain", "word", "with_reason", "slash", "finishes_on_web"])
@pytest.mark.parametrize("value", [1, 3, 5])
def test_every_style_of_reply_is_understood_as_its_score(style: str, value: int) -> None:
    person = characters.make(1, seed=7)
    styled = type(person)(**{**person.__dict__, "style": style})
    reply = characters.first_reply(styled, value, "it came late")
    parsed = parse_reply(reply, "csat")
    assert isinstance(parsed, Parsed) and parsed.value == value


def test_what_people_say_fits_what_they_felt() -> None:
    moment = characters.Moment("parcel", 0.0, "late")
    scores = [characters.score(moment, 5, Random(n)) for n in range(200)]
    assert sum(score <= 2 for score in scores) > 120
    happy = characters.Moment("parcel", 0.0, None)
    assert sum(characters.score(happy, 5, Random(n)) >= 4 for n in range(200)) > 150
