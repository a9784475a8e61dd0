"""Delivery: claim messages, let the database go, call the provider, record what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import sender_rows
from surveys.channels.gateway import Gateway
from surveys.claims import LEASE, claim_some, forget_crashed, give_back, still_wanted
from surveys.firing import fire_due
from surveys.hands import Hands
from surveys.lines import Lines
from surveys.objections import withdrew
from surveys.pacing import Standing, allowed, used
from surveys.sender_rows import Wire
from surveys.services import Services
from surveys.settling import settle_all
from surveys.standing_in import stand_in

__all__ = ["fire_due", "send_pending"]

MOST, FIRST, HELD_SECONDS = 200, 8, 0.5


@dataclass(frozen=True)
class Rhythm:
    """How often a run looks up from handing messages over, in seconds.

    Senders are read anew each `round`; every `look` it is asked whether somebody said STOP
    meanwhile; what came of messages is written down every `settle`. A claim older than `stale`
    is given back: when its lease ends it counts as crashed.
    """

    round: float = 1.0
    look: float = 0.05
    settle: float = 0.2
    stale: float = LEASE.total_seconds() / 2


def send_pending(
    session: Session,
    services: Services,
    now: datetime,
    limit: int = 400,
    hands: int = 1,
    rhythm: Rhythm = Rhythm(),
) -> int:
    """Hand waiting messages to the provider, replies first; how many were claimed. Commits.

    Senders take turns, each within its pace; what waits for one that is down goes by the
    fall-back, where there is one. So many messages are claimed at once as are
    handed over in half a second: a crash leaves few whose fate is unknown, and a reply never
    waits long behind invitations. No transaction is open while the provider is asked, by so
    many `hands` at once.
    """
    offset = services.now() - now
    lines = Lines(lambda: services.now() - offset)
    taken = 0
    with Hands(hands, lines, services.gateway) as helping:
        run = _Run(session, services.gateway, lines, helping, rhythm)
        forget_crashed(session, lines.now())
        while taken < limit:
            took = run.round(limit - taken)
            taken += took
            if not took:
                break
    session.rollback()
    return taken


@dataclass
class _Run:
    """One worker's run over the senders: it keeps the books, and learns how fast messages go."""

    session: Session
    gateway: Gateway
    lines: Lines
    hands: Hands
    rhythm: Rhythm
    seconds_each: float = HELD_SECONDS / FIRST
    waiting: list[Wire] = field(default_factory=list)
    kept: dict[str, Standing] = field(default_factory=dict)
    read: float = 0.0
    looked: float = 0.0
    settled: float = 0.0
    measured: tuple[float, int] = (0.0, 0)

    def __post_init__(self) -> None:
        self.looked = self.settled = time.monotonic()
        self.measured = self.looked, 0

    def round(self, limit: int) -> int:
        """Turns of all senders until none may send more now, or so many are claimed; the claims.

        Who has something to send, and how senders fare, is read anew every second: a provider
        that takes its time over one message holds up no other. Each sender has one turn in any
        case: to have claimed nothing means that nothing is left.
        """
        self._read()
        taken = 0
        while self._goes_on():
            for wire in [one for one in self.waiting if self.lines.ready(one)]:
                took = self._turn(wire, limit - taken)
                taken += took
                if not took:
                    self.waiting.remove(wire)
            self.hands.work(self.rhythm.look, self.waiting)
            self._keep_books()
            if taken >= limit:
                self.waiting = []
            elif self._goes_on() and time.monotonic() >= self.read + self.rhythm.round:
                self._settle()
                self._read()
        self._settle()  # the last may have come since
        self.lines.check()
        return taken

    def _goes_on(self) -> bool:
        return bool(self.waiting) or not self.lines.idle

    def _read(self) -> None:
        """How senders fare, and which of them have something to send."""
        self.kept = sender_rows.standings(self.session, self.gateway.name)
        self.lines.stand(self.kept)
        now = self.lines.now()
        stand_in(self.session, self.gateway, self.kept, now)
        self.waiting = sender_rows.waiting(self.session, self.gateway.name, now)
        self.read = time.monotonic()

    def _turn(self, wire: Wire, limit: int) -> int:
        """A sender's turn: as many as its pace allows; how many were claimed."""
        name, sender, now = self.gateway.name, wire.sender, self.lines.now()
        self._measure()
        standing = self.lines.standing(sender)
        most = allowed(standing, now, min(limit, self._at_once()))
        then = used(standing, most, now)
        if not most or not sender_rows.reserve(self.session, name, sender, standing, then):
            return 0
        since = time.monotonic()
        claimed = claim_some(self.session, self.gateway, wire, now, most)
        self.lines.add(wire, claimed.claims, since + self.rhythm.stale, then)
        self.hands.call(len(claimed.claims))
        return claimed.taken

    def _measure(self) -> None:
        """How long a message takes, all hands together, by those since the last claim."""
        at, (since, before), handed = time.monotonic(), self.measured, self.lines.handed
        if handed > before:
            self.seconds_each = (at - since) / (handed - before)
            self.measured = at, handed

    def _at_once(self) -> int:
        """As many as are handed over in half a second, all senders together."""
        each = HELD_SECONDS / max(self.seconds_each, 1e-6) / max(len(self.waiting), 1)
        return max(1, min(MOST, int(each)))

    def _keep_books(self) -> None:
        """Write down what came of claims, and give back those that must not leave any more."""
        at = time.monotonic()
        if at - self.settled > self.rhythm.settle:
            self._settle()
        if at - self.looked > self.rhythm.look:
            self._look()
        left = self.lines.leftovers()
        if left:
            give_back(self.session, left, self.lines.now())
        self.lines.check()

    def _settle(self) -> None:
        came = self.lines.came()
        if came:
            settle_all(self.session, came, self.lines.now())
        self.settled = time.monotonic()
        for sender in {claim.outgoing.sender for claim, _ in came}:
            standing, before = self.lines.standing(sender), self.kept.get(sender, Standing())
            name = self.gateway.name
            found = sender_rows.note(self.session, name, sender, before, standing)
            if found is not standing:  # a receipt told more meanwhile
                self.lines.stand({sender: found})
            self.kept[sender] = found

    def _look(self) -> None:
        """Whether somebody said STOP whose message nobody has taken yet."""
        self.looked = time.monotonic()
        waiting = self.lines.waiting()
        if not waiting:
            return
        stopped = withdrew(self.session, [claim.waiting for claim in waiting])
        self.session.rollback()
        claims = self.lines.withdraw(stopped) if stopped else []
        if claims:
            wanted = still_wanted(self.session, claims, self.lines.now())
            give_back(self.session, wanted, self.lines.now())
