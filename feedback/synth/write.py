"""The made-up history into tables, a chunk at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.synth import ids, rows
from feedback.synth.model import Draws, Place, Planted, World, event_name
from feedback.synth.target import One, Target
from feedback.synth.words import About, speak
from models.base import Base
from models.customer import Customer
from models.event import Event
from models.reading import Comment, Mention
from models.response import Answer, Response, Score

CHUNK = 5000
PERIOD = timedelta(days=180)
PER_CUSTOMER = 2
Progress = Callable[[int, int], None]
Paired = TypeVar("Paired")


@dataclass(frozen=True)
class Cast:
    """The model's touchpoints and planted pain points, listed once."""

    places: Sequence[Place]
    planted: Sequence[Planted]


def write(session: Session, target: Target, model: World, draws: Draws, progress: Progress) -> None:
    """Add the whole history; commits chunk by chunk."""
    dice = random.Random(target.seed)  # noqa: S311 - a made-up history, not a secret
    total = len(draws.score)
    customers: list[int] = []
    cast = Cast(tuple(model.places), tuple(planted for _, planted in model.planted))
    for start in range(0, total, CHUNK):
        numbers = range(start, min(start + CHUNK, total))
        ids.begin(session, target.workspace_id)
        customers += _customers(session, target, numbers)
        ones = list(_ones(target, cast, draws, numbers, customers, dice))
        _add(session, target, ones)
        session.commit()
        progress(numbers[-1] + 1, total)


def _insert(session: Session, model: type[Base], made: list[dict[str, Any]]) -> None:
    if made:
        # on the table rather than the class: rows go in as they are, without bookkeeping
        session.connection().execute(insert(model.__table__), made)  # type: ignore[arg-type]


def _customers(session: Session, target: Target, numbers: range) -> list[int]:
    wanted = [number for number in numbers if number % PER_CUSTOMER == 0]
    taken = list(ids.reserve(session, Customer, len(wanted)))
    made = [rows.customer(target, *pair) for pair in zip(taken, wanted, strict=True)]
    _insert(session, Customer, made)
    return taken


def _ones(
    target: Target,
    cast: Cast,
    draws: Draws,
    numbers: range,
    customers: Sequence[int],
    dice: random.Random,
) -> Iterator[One]:
    begin = target.now - PERIOD
    for number in numbers:
        abouts = _abouts(cast, draws, number, dice)
        place = int(draws.place[number])
        yield One(
            number=number,
            customer_id=customers[dice.randrange(len(customers))],
            place=place,
            event=event_name(cast.places[place]),
            score=int(draws.score[number]),
            at=begin + PERIOD * float(draws.age[number]),
            spoken=speak(abouts, dice) if abouts else None,
        )


def _abouts(cast: Cast, draws: Draws, number: int, dice: random.Random) -> list[About]:
    """What a response speaks of; one that has words but nothing to say is just general."""
    if not draws.speaks[number]:
        return []
    place = cast.places[draws.place[number]]
    struck = draws.said[number].nonzero()[0]
    abouts = [(cast.planted[column].theme, "negative") for column in struck]
    if draws.grumble[number] >= 0:
        abouts.append((place.grumble[draws.grumble[number]], "negative"))
    if draws.praise[number] >= 0:
        abouts.append((place.praise[draws.praise[number]], "positive"))
    if not abouts:
        return [("general", "positive" if draws.score[number] >= 7 else "negative")]
    dice.shuffle(abouts)
    return abouts


def _add(session: Session, target: Target, ones: list[One]) -> None:
    responses = list(ids.reserve(session, Response, len(ones)))
    events = ids.reserve(session, Event, len(ones))
    _insert(session, Event, [rows.event(target, *pair) for pair in _paired(events, ones)])
    homed = list(_paired(responses, ones))
    _insert(session, Response, [rows.response(target, *pair) for pair in homed])
    spoken = [pair for pair in homed if pair[1].spoken]
    keys = ids.reserve(session, Answer, len(homed) + len(spoken))
    answers, scores = [], []
    for key, (response, one) in _paired(keys[: len(homed)], homed):
        answers.append(rows.score_answer(target, key, response, one))
        scores.append(rows.score_row(target, key, response, one))
    worded = list(_paired(keys[len(homed) :], spoken))
    answers += [rows.text_answer(target, key, *pair) for key, pair in worded]
    _insert(session, Answer, answers)
    _insert(session, Score, scores)
    _comments(session, target, worded)


def _comments(session: Session, target: Target, worded: list[tuple[int, tuple[int, One]]]) -> None:
    keys = ids.reserve(session, Comment, len(worded))
    made, mentions = [], []
    for key, (answer, (response, one)) in _paired(keys, worded):
        made.append(rows.comment(target, key, answer, response, one))
        mentions += rows.mentions(target, key, response, one)
    _insert(session, Comment, made)
    _insert(session, Mention, mentions)


def _paired(keys: Sequence[int], ones: Sequence[Paired]) -> Iterator[tuple[int, Paired]]:
    return zip(keys, ones, strict=True)
