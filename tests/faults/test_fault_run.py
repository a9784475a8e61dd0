"""Dozens of conversations while processes die between any two statements and the provider errs.

The real program and Twilio's real SDK over HTTP; time is moved by hand. `python -m
benchmarks.faults` is the same for minutes, with real processes. A failure prints its seed:
WAYMARK_FAULT_SEED=N runs it again.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from asking_world import NOW, MakeWorkspace, World
from ours_at_work import NOTED, ours_at_work
from simulated_twilio import Twilio, at_work
from sqlalchemy import event
from sqlalchemy.orm import Session

from benchmarks.fault_checks import STUCK, broken
from benchmarks.fault_people import SURVEY, Person, Phones, people
from benchmarks.ports import free_port
from feedback.configuration.apply import apply_text
from models.message import Message
from surveys import invitations
from surveys.channels.gateway import Outcome, Outgoing
from surveys.claims import forget_crashed
from surveys.delivery import fire_due, send_pending
from surveys.reconcile import reconcile
from surveys.services import Services
from surveys.simulator.account import OptOut
from surveys.simulator.faults import Faults

PEOPLE, ROUNDS = 30, 90
ERRORS_ONLY = range(30, 60)
"""The rounds in which the first account answers nothing but errors."""
SECOND, SECOND_TOKEN, FALLBACK = "AC" + "1" * 32, "e" * 32, "+447700900900"
ODDS = {
    **{"drop": 0.04, "broken": 0.03, "unavailable": 0.03, "busy": 0.01},
    **{"hangup": 0.04, "gateway": 0.03, "nonsense": 0.03, "twice": 0.02},
    **{"undelivered": 0.05, "repeat": 0.15, "reorder": 0.2, "missing": 0.05},
    **{"forged": 0.05, "lists": 0.1},
}
AHEAD = timedelta(minutes=3)
"""The provider's clock is before ours."""


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Deadly:
    """Processes die now and then: before or after a commit, before or after a call."""

    dice: random.Random
    often: float = 0.0

    def strike(self, *_: object, times: float = 1.0) -> None:
        """Die, perhaps."""
        if self.dice.random() < self.often * times:
            raise Killed

    @contextmanager
    def at_commits(self) -> Iterator[None]:
        """While this lasts every session's commits are dangerous."""
        for name in ("before_commit", "after_commit"):
            event.listen(Session, name, self.strike)
        try:
            yield
        finally:
            for name in ("before_commit", "after_commit"):
                event.remove(Session, name, self.strike)


class DeadlyGateway:
    """The real gateway; the process may die on either side of the call."""

    def __init__(self, real: Any, deadly: Deadly) -> None:
        self._real, self._deadly = real, deadly

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def send(self, outgoing: Outgoing) -> Outcome:
        self._deadly.strike(times=4)
        outcome: Outcome = self._real.send(outgoing)
        self._deadly.strike(times=4)
        return outcome


@dataclass
class Run:
    """The world, its provider, its people, and the dice."""

    world: World
    accounts: tuple[Twilio, Twilio]
    crowd: list[Person]
    deadly: Deadly
    dice: random.Random

    @property
    def phones(self) -> Phones:
        """Everybody's, whichever account texts them."""
        return Phones(tuple(one.simulator for one in self.accounts))

    def settle(self) -> None:
        """What both accounts do about what they took."""
        for one in self.accounts:
            one.settle()

    def worker(self) -> None:
        """One job of a worker, which may die in it; the next one starts with nothing."""
        jobs: list[Callable[[Session, Services], object]] = [
            lambda session, services: fire_due(session, services, self.world.now, 5),
            lambda session, services: send_pending(session, services, self.world.now, 8),
            lambda session, services: send_pending(session, services, self.world.now, 8),
            lambda session, services: forget_crashed(session, self.world.now),
            lambda session, services: reconcile(session, services, self.world.now),
        ]
        with Session(self.world.session.get_bind(), expire_on_commit=False) as session:
            try:
                self.dice.choice(jobs)(session, self.world.services)
            except Killed:
                session.invalidate()

    def round(self, number: int) -> None:
        """Somebody looks at their phone, workers work, receipts come, time goes on."""
        first = self.accounts[0].simulator
        first.faults.odds = {"broken": 1.0} if number in ERRORS_ONLY else ODDS
        for person in self.dice.sample(self.crowd, 8):
            person.look(self.phones, first.now)
        for _ in range(3):
            self.worker()
        if self.dice.random() < 0.7:
            self.settle()
        long = self.dice.random() < 0.1
        self.world.later(seconds=self.dice.uniform(180, 500) if long else self.dice.uniform(1, 30))

    def calm(self) -> None:
        """No more faults; time goes on until nothing is on its way."""
        self.deadly.often = 0.0
        for one in self.accounts:
            one.simulator.faults.odds = {}
        for _ in range(60):
            self.world.later(minutes=3)
            with Session(self.world.session.get_bind(), expire_on_commit=False) as session:
                forget_crashed(session, self.world.now)
                reconcile(session, self.world.services, self.world.now, 1000)
                fire_due(session, self.world.services, self.world.now)
                send_pending(session, self.world.services, self.world.now)
            self.settle()
            if not any(row.status in STUCK for row in self.world.rows(Message)):
                return


def _fallback(second: Twilio) -> dict[str, str]:
    return {
        "TWILIO_FALLBACK_ACCOUNT_SID": SECOND,
        "TWILIO_FALLBACK_AUTH_TOKEN": SECOND_TOKEN,
        "TWILIO_FALLBACK_FROM": FALLBACK,
        "TWILIO_FALLBACK_API_BASE": second.base,
    }


@contextmanager
def running(session: Session, workspace: Any, url: str, seed: int) -> Iterator[Run]:
    """Everything at work, everybody about to be asked."""
    dice = random.Random(seed)
    public = f"http://127.0.0.1:{free_port()}"
    world = World(session, workspace)
    clocks = {"now": lambda: world.now + AHEAD}
    account = {"inbound_url": public + NOTED, "opt_out": OptOut.OFF}
    port = int(public.rpartition(":")[2])
    other = {"sid": SECOND, "token": SECOND_TOKEN, "numbers": (FALLBACK,), "services": {}}
    with (
        at_work(Faults(ODDS, seed), clocks, **account) as first,
        at_work(Faults(ODDS, seed + 2), clocks, **account, **other) as second,
        ours_at_work(world, first, url, public, port, **_fallback(second)),
    ):
        deadly = Deadly(random.Random(seed + 1))
        world.gateway = DeadlyGateway(world.gateway, deadly)  # type: ignore[assignment]
        apply_text(session, workspace, SURVEY, NOW)
        numbers = [f"+4477009{place:05d}" for place in range(PEOPLE)]
        for number in numbers:
            customer = world.customer(phone=number, external_id=number)
            invitations.invite(session, workspace, "visit", customer.external_id, "sms", NOW)
        session.commit()
        yield Run(world, (first, second), people(numbers, seed), deadly, dice)


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("WAYMARK_FAULT_SEED") or secrets.randbelow(10**6))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_no_step_twice_no_reply_lost_no_stop_disobeyed(
    session: Session, make_workspace: MakeWorkspace, database_url: str, seed: int
) -> None:
    with running(session, make_workspace(session), database_url, seed) as run:
        run.deadly.often = 0.02
        with run.deadly.at_commits():
            for number in range(ROUNDS):
                run.round(number)
        run.calm()
        run.world.session.expire_all()
        found = broken(run.world.session, run.phones, run.crowd)
        assert found == [], f"WAYMARK_FAULT_SEED={seed}"
        stood_in = [row for row in run.world.outbound() if row.account == SECOND]
        assert any(row.status == "delivered" for row in stood_in), f"WAYMARK_FAULT_SEED={seed}"
        assert sum(bool(person.typed) for person in run.crowd) > PEOPLE / 3
