"""A replay: one stretch of the past, under one set of rules or several, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session

from surveys.replay.arrivals import Arrival, Happening, arrivals
from surveys.replay.course import Course
from surveys.replay.given import AT_ONCE, Given, Span
from surveys.replay.people import Person, people
from surveys.replay.real import Real, of_events
from surveys.replay.rules import Rules
from surveys.replay.tally import Ask, Tally


@dataclass(frozen=True)
class Replayed:
    """What really happened, and what each set of rules comes to; `events` that were looked at."""

    events: int
    happened: Tally
    courses: Sequence[Tally]


def span_of(rules: Sequence[Rules], start: datetime, end: datetime) -> Span:
    """What has to be looked at for these rules."""
    events = frozenset[str]().union(*(one.events for one in rules))
    return Span(rules[0].workspace_id, start, end, events)


def replay(
    session: Session, rules: Sequence[Rules], start: datetime, end: datetime, keep: bool = False
) -> Replayed:
    """Decide on a stretch of time again, as if each of these rules had held from its beginning.

    The first rules are those by which what happened is counted. Only reads. Memory holds the
    customers that something waits for, and of others when they were asked. `keep`: tallies keep
    everyone who is asked.
    """
    span = span_of(rules, start, end)
    courses = [Course(session, one, start, keep) for one in rules]
    happened = Tally(rules[0].workspace.timezone, log=[] if keep else None)
    events = 0
    for some, known, made in _batches(session, span, _calling_off(rules)):
        for arrival in some:
            what = arrival.what
            real = [what.real] if isinstance(what, Given) else made.get(what.id, [])
            events += isinstance(what, Happening)
            person = known.get(arrival.customer_id)
            for one in real:
                _count(happened, one, person, rules[0], start, end)
            if person is None:
                continue
            for course in courses:
                course.take(arrival, person, real)
    return Replayed(events, happened, [course.end(end) for course in courses])


_Batch = tuple[Sequence[Arrival], dict[int, Person], dict[int, list[Real]]]


def _batches(session: Session, span: Span, calling_off: frozenset[str]) -> Iterator[_Batch]:
    """What comes in, with its customers and what it really led to, read a thousand at a time."""
    live: WeakValueDictionary[int, Person] = WeakValueDictionary()
    coming = arrivals(session, span)
    while some := list(islice(coming, AT_ONCE)):
        wanted = {one.customer_id for one in some}
        known = {one: person for one in wanted if (person := live.get(one)) is not None}
        missing = wanted - known.keys()
        known |= people(session, span.workspace_id, missing, span.start, calling_off)
        live.update(known)
        events = [one.what.id for one in some if isinstance(one.what, Happening)]
        yield some, known, _by_event(of_events(session, events))


def _by_event(made: Iterable[Real]) -> dict[int, list[Real]]:
    found: dict[int, list[Real]] = defaultdict(list)
    for one in made:
        found[one.event_id or 0].append(one)
    return found


def _calling_off(rules: Sequence[Rules]) -> frozenset[str]:
    triggers = (trigger for one in rules for trigger in one.by_trigger.values())
    named = (rule.get("event") for trigger in triggers for rule in trigger.unless or ())
    return frozenset(name for name in named if name)


def _count(
    happened: Tally, real: Real, person: Person | None, rules: Rules, start: datetime, end: datetime
) -> None:
    """Count what really became of an invitation within the time."""
    at = real.asked_at
    if at is None and real.refused and start <= real.settled_at < end:
        happened.refused[str(real.rule)] += 1
    if at is None and real.failed:
        happened.failed += 1
    if at is None or not start <= at < end:
        return
    phone, zone = (person.phone, person.timezone) if person else (None, None)
    whom = (at, real.customer_id, real.survey_id, real.trigger_id, real.channel, phone)
    happened.ask(Ask(*whom, zone or rules.workspace.timezone), rules)
