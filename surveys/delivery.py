"""Delivery: claim messages, let the database go, call the provider, record what came of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import sender_rows
from surveys.channels.gateway import Outcome
from surveys.claims import LEASE, Claim, claim_some, forget_crashed, give_back, still_wanted
from surveys.firing import fire_due
from surveys.pacing import Standing, after, allowed, paused, used
from surveys.sender_rows import Wire
from surveys.services import Services
from surveys.settling import settle_all
from surveys.standing_in import stand_in

__all__ = ["fire_due", "send_pending"]

MOST, FIRST = 200, 8
ROUND_SECONDS = 1.0
HELD_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 0.05
SETTLE_SECONDS = 0.2
STALE_SECONDS = LEASE.total_seconds() / 2
"""A claim older than this is given back: when its lease ends it counts as crashed."""


def send_pending(session: Session, services: Services, now: datetime, limit: int = 400) -> int:
    """Hand waiting messages to the provider, replies first; how many were claimed. Commits.

    Senders take turns, each within its pace; what waits for one that is down goes by the
    fall-back, where there is one. So many messages are claimed at once as are
    handed over in half a second: a crash leaves few whose fate is unknown, and a reply never
    waits long behind invitations. No transaction is open while the provider is asked.
    """
    run = _Run(session, services, now)
    forget_crashed(session, run.clock())
    taken = 0
    while taken < limit:
        took = run.round(limit - taken)
        taken += took
        if not took:
            break
    session.rollback()
    return taken


@dataclass
class _Run:
    """One worker's run over the senders; it learns how long the provider takes."""

    session: Session
    services: Services
    started: datetime
    seconds_each: float = HELD_SECONDS / FIRST
    waiting: list[Wire] = field(default_factory=list)
    known: dict[str, Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._offset = self.services.now() - self.started

    def clock(self) -> datetime:
        """The time this run goes by: when it was said to start, and what has passed since."""
        return self.services.now() - self._offset

    def round(self, limit: int) -> int:
        """Turns of all senders that have something to send, for about a second; the claims.

        Each has one turn in any case: to have claimed nothing means that nothing is left.
        """
        gateway, now, until = self.services.gateway, self.clock(), time.monotonic() + ROUND_SECONDS
        self.known = sender_rows.standings(self.session, gateway.name)
        stand_in(self.session, gateway, self.known, now)
        self.waiting = sender_rows.waiting(self.session, gateway.name, now)
        taken = 0
        while self.waiting and taken < limit:
            for wire in list(self.waiting):
                took = self._turn(wire, limit - taken)
                taken += took
                if not took:
                    self.waiting.remove(wire)
            if time.monotonic() >= until:
                break
        return taken

    def _turn(self, wire: Wire, limit: int) -> int:
        """A sender's turn: as many as its pace allows; how many were claimed."""
        gateway, sender, now = self.services.gateway, wire.sender, self.clock()
        name, standing = gateway.name, self.known.get(sender, Standing())
        most = allowed(standing, now, min(limit, self._at_once()))
        then = used(standing, most, now)
        if not most or not sender_rows.reserve(self.session, name, sender, standing, then):
            return 0
        since = time.monotonic()
        claimed = claim_some(self.session, gateway, wire, now, most)
        self.known[sender] = then
        if claimed.claims:
            handed = self._hand_over(sender, then, claimed.claims, since + STALE_SECONDS)
            self.seconds_each = (time.monotonic() - since) / max(handed, 1)
        return claimed.taken

    def _at_once(self) -> int:
        return max(1, min(MOST, int(HELD_SECONDS / max(self.seconds_each, 1e-6))))

    def _hand_over(
        self, sender: str, standing: Standing, claims: Sequence[Claim], until: float
    ) -> int:
        """Hand claims over one by one until the sender must rest; how many were handed over.

        Those left over are given back.
        """
        waiting, done, last = list(claims), _Done(self), standing
        looked = time.monotonic()
        while waiting and time.monotonic() < until and not paused(last, self.clock()):
            if time.monotonic() - looked > LOOK_AGAIN_SECONDS:
                waiting = still_wanted(self.session, waiting, self.clock())
                looked = time.monotonic()
            if not waiting:
                break
            claim = waiting.pop(0)
            outcome = self.services.gateway.send(claim.outgoing)
            done.add(claim, outcome)
            last = after(last, outcome, self.clock())
        done.settle()
        if waiting:
            give_back(self.session, waiting, self.clock())
        self._keep(sender, standing, last)
        return done.count

    def _keep(self, sender: str, before: Standing, last: Standing) -> None:
        self.known[sender] = last
        if last != before:
            sender_rows.keep(self.session, self.services.gateway.name, sender, last)
            self.session.commit()


@dataclass
class _Done:
    """Outcomes that are still to be written down, a fifth of a second's worth at most."""

    run: _Run
    pairs: list[tuple[Claim, Outcome]] = field(default_factory=list)
    since: float = 0.0
    count: int = 0

    def add(self, claim: Claim, outcome: Outcome) -> None:
        """One more."""
        if not self.pairs:
            self.since = time.monotonic()
        self.pairs.append((claim, outcome))
        self.count += 1
        if time.monotonic() - self.since > SETTLE_SECONDS:
            self.settle()

    def settle(self) -> None:
        """Write them down."""
        if self.pairs:
            settle_all(self.run.session, self.pairs, self.run.clock())
            self.pairs = []
