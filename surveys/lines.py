"""Lines: the claims in a worker's hands, by sender, and which of them is handed over next.

Several threads may take from them at once. Messages to one address go one after the other, senders
take turns, and what a provider answers slows or stops its sender for all threads at once.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from surveys.channels.gateway import Outcome
from surveys.claims import Claim
from surveys.pacing import Standing, after, paused, trying
from surveys.sender_rows import Wire

Came = tuple[Claim, Outcome]


@dataclass
class Line:
    """A sender's claims, and until when by the monotonic clock they may be handed over."""

    wire: Wire
    waiting: deque[Claim] = field(default_factory=deque)
    until: float = 0.0


Taken = tuple[Line, Claim]


class Lines:
    """All lines of one run; `now` is the time it goes by."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._lock = threading.Lock()
        self._for_hands = threading.Condition(self._lock)
        self._for_books = threading.Condition(self._lock)
        self._lines: OrderedDict[Wire, Line] = OrderedDict()  # those with claims that wait
        self._standings: dict[str, Standing] = {}
        self._under_way: set[str] = set()
        self._busy: Counter[Wire] = Counter()
        self._came: list[Came] = []
        self._broken: BaseException | None = None
        self.handed = 0
        self._closed = False

    def stand(self, standings: Mapping[str, Standing]) -> None:
        """How these senders are doing, as the database has it."""
        with self._lock:
            self._standings.update(standings)

    def standing(self, sender: str) -> Standing:
        """How a sender is doing by now."""
        with self._lock:
            return self._standing(sender)

    def _standing(self, sender: str) -> Standing:
        return self._standings.get(sender, Standing())

    def add(self, wire: Wire, claims: Sequence[Claim], until: float, then: Standing) -> None:
        """Claims of a sender, behind those it has; `then` says how much of its pace is used up."""
        with self._lock:
            known = self._standing(wire.sender)
            self._standings[wire.sender] = replace(known, next_at=then.next_at)
            line = self._lines.get(wire) or Line(wire, until=until)
            line.until = min(line.until, until)
            line.waiting.extend(claims)
            if line.waiting:
                self._lines[wire] = line
            self._for_hands.notify(len(claims))

    def take(self) -> Taken | None:
        """The next claim to hand over, once there is one; None where there never will be."""
        with self._lock:
            while not self._closed:
                taken = self._next()
                if taken is not None:
                    return taken
                self._for_hands.wait()
        return None

    def _next(self) -> Taken | None:
        for line in self._lines.values():
            claim = None if self._rests(line) else self._first(line)
            if claim is not None:
                self._under_way.add(claim.waiting.address)
                self._busy[line.wire] += 1
                self._lines.move_to_end(line.wire)
                if not line.waiting:
                    del self._lines[line.wire]
                return line, claim
        return None

    def _rests(self, line: Line) -> bool:
        standing = self._standing(line.wire.sender)
        return time.monotonic() >= line.until or paused(standing, self.now())

    def _first(self, line: Line) -> Claim | None:
        """The first to somebody to whom nothing is under way."""
        for place, claim in enumerate(line.waiting):
            if claim.waiting.address not in self._under_way:
                del line.waiting[place]
                return claim
        return None

    def done(
        self, taken: Taken, outcome: Outcome | None, broken: BaseException | None = None
    ) -> None:
        """What came of a claim that was taken; `broken` is raised by `check`."""
        line, claim = taken
        sender = line.wire.sender
        with self._lock:
            self._under_way.discard(claim.waiting.address)
            self._busy[line.wire] -= 1
            self._broken = self._broken or broken
            if outcome is not None:
                self._came.append((claim, outcome))
                self.handed += 1
                self._standings[sender] = after(self._standing(sender), outcome, self.now())
            self._for_hands.notify()  # what waited for this address may go now
            if broken or line.wire not in self._lines:
                self._for_books.notify()

    def wait(self, seconds: float, wanted: Collection[Wire]) -> None:
        """Until one of these may have more, all is done, or it is time."""
        with self._lock:
            self._for_books.wait_for(lambda: self._calls(wanted), seconds)

    def _calls(self, wanted: Collection[Wire]) -> bool:
        return bool(self._broken) or self._idle() or any(self._ready(one) for one in wanted)

    def came(self) -> list[Came]:
        """What has come of claims since this was last asked, in order."""
        with self._lock:
            came, self._came = self._came, []
            return came

    def waiting(self) -> list[Claim]:
        """The claims that nobody has taken yet."""
        with self._lock:
            return [claim for line in self._lines.values() for claim in line.waiting]

    def ready(self, wire: Wire) -> bool:
        """Whether a sender may have more claims: none waits, and it isn't just being tried."""
        with self._lock:
            return self._ready(wire)

    def _ready(self, wire: Wire) -> bool:
        tried = self._busy[wire] and trying(self._standing(wire.sender))
        return wire not in self._lines and not tried

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        with self._lock:
            return self._idle()

    def _idle(self) -> bool:
        return not self._under_way and not self._lines

    def withdraw(self, addresses: Collection[str]) -> list[Claim]:
        """Take back the claims to these addresses that nobody has taken yet."""
        return self._take_back(lambda line, claim: claim.waiting.address in addresses)

    def leftovers(self) -> list[Claim]:
        """Take back what can't be handed over any more: its sender rests, or it lay too long."""
        return self._take_back(lambda line, claim: self._rests(line))

    def _take_back(self, which: Callable[[Line, Claim], bool]) -> list[Claim]:
        taken: list[Claim] = []
        with self._lock:
            for wire, line in list(self._lines.items()):
                kept: deque[Claim] = deque()
                for claim in line.waiting:
                    (taken if which(line, claim) else kept).append(claim)
                line.waiting = kept
                if not kept:
                    del self._lines[wire]
        return taken

    def check(self) -> None:
        """Raise what a gateway raised, once."""
        with self._lock:
            broken, self._broken = self._broken, None
        if broken is not None:
            raise broken

    def close(self) -> None:
        """No thread takes anything any more."""
        with self._lock:
            self._closed = True
            self._for_hands.notify_all()
