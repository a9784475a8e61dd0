"""One course of asking in memory: what comes in, is decided on when due, and what comes of it.

The decision is that of surveys.eligibility, on facts that surveys.facts makes: nothing is decided
here. What is kept here is only what the tables would hold.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, cast

from sqlalchemy.orm import Session

from surveys.channel_choice import goes_on, next_channel
from surveys.channels.addresses import TALKS
from surveys.channels.names import is_name
from surveys.conversations import SILENCE
from surveys.decisions import Ask, Decision, Refuse, Wait
from surveys.eligibility import decide
from surveys.eligibility_facts import Consent, Facts
from surveys.facts import Gathered
from surveys.facts_addresses import about_of
from surveys.facts_rows import Found
from surveys.learnt_hours import Learning
from surveys.matching import set_off
from surveys.quotas import Counted
from surveys.replay import tally
from surveys.replay.arrivals import Arrival
from surveys.replay.given import Given
from surveys.replay.memory import Memory
from surveys.replay.people import Person, Talk
from surveys.replay.places import places
from surveys.replay.real import Real
from surveys.replay.rules import Rules
from surveys.replay.waiting import Waiting, waiting
from surveys.rules import Rule
from surveys.triggers import asked_for
from surveys.unless import Held

Queued = tuple[datetime, int, int, Waiting]


class Course:
    """The asking of a workspace under rules, from `start` on; `moments` come in order."""

    def __init__(self, session: Session, rules: Rules, start: datetime, keep: bool = False) -> None:
        self.rules = rules
        self.places = places(session, rules, start)
        self.memory = Memory(session, rules)
        self.tally = tally.Tally(rules.workspace.timezone, log=[] if keep else None)
        self._queue: list[Queued] = []
        self._waiting: dict[int, list[Waiting]] = defaultdict(list)
        self._numbers = count(1)

    def take(self, arrival: Arrival, person: Person, made: Sequence[Real]) -> None:
        """Something came in; `made` are the invitations that it really led to."""
        self.run(arrival.at)
        what = arrival.what
        if isinstance(what, Given):
            if not what.real.called_off and what.real.survey_id in self.rules.surveys:
                given = (what.asks, what.real, what.created_at)
                row = waiting(self.rules, person, self._next(), *given)
                row.held = _held(row, what.since, what.properties)
                self._wait(row)
            return
        by_trigger = {one.trigger_id: one for one in made}
        triggers = self.rules.triggers.get(what.name, ())
        for trigger, seen in set_off(triggers, what, person, counted=False):
            trial = self.rules.trials.get(trigger.id)
            real = by_trigger.get(trigger.id)
            if real is not None and real.called_off:
                continue
            for asks in asked_for(trigger, trial, what, person, seen, arrival.at):
                if asks["why"]:
                    self.tally.refused[asks["rule"]] += 1
                    continue
                row = waiting(self.rules, person, self._next(), asks, real, arrival.at)
                row.held = _held(row, what.occurred_at, what.properties)
                self._wait(row)

    def run(self, until: datetime) -> None:
        """Decide on everything that is due before a moment."""
        while self._queue and self._queue[0][0] < until:
            now, _, _, row = heapq.heappop(self._queue)
            self._decide(row, now)

    def end(self, at: datetime) -> tally.Tally:
        """What it came to by then."""
        self.run(at)
        self.tally.to_come = len(self._queue)
        return self.tally

    def _next(self) -> int:
        return next(self._numbers)

    def _wait(self, row: Waiting) -> None:
        self._waiting[row.customer_id].append(row)
        self._queue_up(row)

    def _queue_up(self, row: Waiting) -> None:
        """The worthiest first of those due at one moment, as surveys.firing has it."""
        heapq.heappush(self._queue, (row.due_at, -row.worth, row.id, row))

    def _settle(self, row: Waiting) -> None:
        theirs = self._waiting[row.customer_id]
        theirs.remove(row)
        if not theirs:
            del self._waiting[row.customer_id]

    def _decide(self, row: Waiting, now: datetime) -> None:
        decision, facts, counting = self._decision(row, now)
        while goes_on(row, decision) and not self._stopped(row, decision):
            row.channel, row.other_channels = next_channel(row.other_channels or "")
            decision, facts, counting = self._decision(row, now)
        if isinstance(decision, Wait):
            if decision.rule.value not in row.waited:
                row.waited = (*row.waited, decision.rule.value)
                self.tally.waited[decision.rule.value] += 1
            row.due_at = decision.until
            self._queue_up(row)
            return
        self._settle(row)
        if isinstance(decision, Ask):
            self._ask(row, facts, counting, now)
        else:
            self.tally.refused[decision.rule.value] += 1

    def _stopped(self, row: Waiting, decision: Decision) -> bool:
        """Whether they said STOP while it waited: that ends it, whatever other channels it has."""
        withdrew = isinstance(decision, Refuse) and decision.rule is Rule.WITHDREW_CONSENT
        return withdrew and self.memory.consent(row, row.made_at) is not Consent.WITHDRAWN

    def _decision(self, row: Waiting, now: datetime) -> tuple[Decision, Facts, list[Counted]]:
        others = [one for one in self._waiting[row.customer_id] if _rivals(one, row)]
        quotas = self.places.at(now)
        counting = self.memory.counting(quotas, row)
        gathered = Gathered(
            rows=(cast("Found", row),),
            known=self.memory.known(row, others, now),
            rivals={row.customer_id: cast("list[Found]", others)},
            quotas=quotas,
            counting={row.id: counting},
            learning=Learning(now),
        )
        facts = gathered.facts(cast("Found", row))
        return decide(facts, now), facts, counting

    def _ask(self, row: Waiting, facts: Facts, counting: Sequence[Counted], now: datetime) -> None:
        real = row.real
        if real is not None and real.failed:
            self.tally.failed += 1
            return
        zone = facts.zones[0] if facts.zones else row.timezone or row.home_zone
        whom = (now, row.customer_id, row.survey_id, row.trigger_id, row.channel, row.phone, zone)
        self.tally.ask(tally.Ask(*whom), self.rules)
        self.tally.shared += real is not None and real.asked_at is not None
        self.memory.asked(row, now)
        done = now + real.done_after if real and real.done_after is not None else None
        self.places.take(counting, done)
        self._open(row, now)

    def _open(self, row: Waiting, now: datetime) -> None:
        """An exchange begins on the customer's number; it goes as it really went."""
        about = about_of(cast("Found", row), self.rules.setting.senders)
        if about is None or row.channel not in TALKS or is_name(about.sender):
            return
        real, silent = row.real, now + SILENCE
        over = now + real.over_after if real and real.over_after is not None else silent
        lapses = now + real.lapses_after if real and real.lapses_after is not None else silent
        self.memory.talk((about.sender, about.address), Talk(row.id, now, over, lapses))


def _rivals(one: Waiting, row: Waiting) -> bool:
    return one is not row and one.survey_enabled and one.worth > row.worth


def _held(row: Waiting, since: datetime, properties: Mapping[str, Any]) -> Held | None:
    if not row.unless:
        return None
    return Held(row.id, row.customer_id, row.event_id, row.unless, since, properties)
