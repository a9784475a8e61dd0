"""The day, slot by slot: what is done of what is due, in which order, and how late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.billion_due import alive, due
from benchmarks.billion_plan import SLOT, SLOTS, Curve, Outcome, Plan

KERNEL = np.exp(-np.arange(6 * 3600 // SLOT) * SLOT / 3600)
KERNEL /= KERNEL.sum()
"""When replies come after a message: within six hours, an hour later on average."""

FIRST = ("event", "reply", "receipt")
"""What somebody waits for at the other end of a line is done before what is only owed."""


@dataclass
class Day:
    """The queues as they stand, what of each slot is left of hands and database, and what left."""

    plan: Plan
    waiting: dict[str, float]
    sent: Curve
    hands_used: Curve
    database_used: Curve
    replies: Curve
    hands: float = 0.0
    database: float = 0.0

    def do(self, step: str, most: float = np.inf) -> float:
        """As many of a step as wait and as hands, database and `most` allow."""
        cost = self.plan.costs[step]
        done = min(self.waiting[step], self.hands / cost.hands, self.database / cost.database, most)
        self.waiting[step] -= done
        self.hands -= done * cost.hands
        self.database -= done * cost.database
        return done


def _day(plan: Plan) -> Day:
    empty = [np.zeros(SLOTS) for _ in range(3)]
    return Day(plan, dict.fromkeys(plan.costs, 0.0), *empty, np.zeros(SLOTS + len(KERNEL)))


def _slot(day: Day, slot: int, events: float, invitations: float) -> None:
    """One slot: what comes in, then what is owed, each in its order."""
    plan, waiting = day.plan, day.waiting
    waiting["event"] += events
    waiting["reply"] += day.replies[slot]
    for step in FIRST:
        done = day.do(step)
        if step == "event":
            waiting["schedule"] += done * plan.asked
        elif step == "reply":
            waiting["listen"] += done
            waiting["read"] += done * plan.commented / plan.replies
    day.do("schedule")
    waiting["decide"] += invitations
    waiting["send"] += day.do("decide")
    left = day.do("send", plan.senders * plan.pace * SLOT)
    day.sent[slot] = left
    waiting["receipt"] += left * plan.receipts
    day.replies[slot : slot + len(KERNEL)] += left * plan.answered * plan.replies * KERNEL
    day.do("listen")
    day.do("read")


def simulate(plan: Plan, seed: int = 1) -> Outcome:
    """The day, slot by slot."""
    events, invitations = due(plan)
    hands = alive(plan, seed) * 1000 * SLOT
    store = plan.databases * plan.database_cores * plan.usable * 1000 * SLOT
    day = _day(plan)
    for slot in range(SLOTS):
        day.hands, day.database = hands[slot], store
        _slot(day, slot, events[slot], invitations[slot])
        day.hands_used[slot] = hands[slot] - day.hands
        day.database_used[slot] = store - day.database
    median, p99, last = lateness(invitations, day.sent, (0.5, 0.99, 1.0))
    cores = 1000 * SLOT
    return Outcome(
        median=median,
        p99=p99,
        last=max(last, plan.held) if plan.deaths_an_hour else last,
        left=sum(day.waiting.values()),
        unsent=day.waiting["decide"] + day.waiting["send"],
        hands=busiest(day.hands_used) / cores,
        database=busiest(day.database_used) / cores,
    )


def lateness(wanted: Curve, done: Curve, shares: Sequence[float]) -> list[float]:
    """How late the invitation at each share of all was, first come first served, in seconds.

    What had not left by the end counts as leaving then: its lateness is at least that.
    """
    ends = (np.arange(len(wanted)) + 1) * SLOT
    asked, left = np.cumsum(wanted), np.cumsum(done)
    places = np.linspace(0, asked[-1], 20_001)[1:] * (1 - 1e-9)
    was_due = ends[np.searchsorted(asked, places)]
    gone = np.append(ends, ends[-1])[np.searchsorted(left, places)]
    late = np.sort(np.maximum(gone - was_due, 0))
    return [float(late[min(int(share * len(late)), len(late) - 1)]) for share in shares]


def busiest(used: Curve, minutes: int = 5) -> float:
    """The most that was used a slot, of any so many minutes on average."""
    width = minutes * 60 // SLOT
    sums = np.convolve(used, np.ones(width), mode="valid")
    return float(sums.max() / width)
