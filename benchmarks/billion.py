"""A day with 100 million events and 10 million invitations, simulated over N workers.

A discrete simulation in slots of ten seconds: events arrive by the hour of the day in three
zones; a tenth of them lead to an invitation after a delay, held back by the quiet hours of the
customer's zone. Workers and web processes, a core each, take events, replies and receipts in,
decide, send at the senders' pace, score, and read comments with what time is left. Each step costs
CPU of theirs and of the database's, as measured (COSTS). Workers die at random, and what one held
is taken over when its claim has run out. What is due first is done first. An invitation's lateness
is the time from when it was due until its message was handed over.

    python -m benchmarks.billion [--seed 1] [--chart docs/pictures/billion.svg]

No database and no network: pure functions over arrays, some seconds for all of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""Something of each slot of a day, or of a day and what is left of it after midnight."""

SLOT = 10
DAY = 86_400 // SLOT
SLOTS = 2 * DAY
"""The day and the day after, in which what was held back or left over is done."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU of one: of a worker or a web process, and of the database."""

    hands: float
    database: float
    source: str


_STEPS = "python -m benchmarks.step_costs --number 200, 2026-11-30, beside much other work"
COSTS: Mapping[str, Cost] = {
    "event": Cost(0.04, 0.12, _STEPS),
    "schedule": Cost(0.14, 0.05, _STEPS),
    "decide": Cost(1.01, 0.65, _STEPS),
    "send": Cost(1.01, 0.17, _STEPS),
    "receipt": Cost(2.52, 0.65, _STEPS),
    "reply": Cost(1.84, 1.25, _STEPS),
    "listen": Cost(1.07, 0.21, _STEPS),
    "read": Cost(4.03, 0.40, _STEPS),
}
"""What each step costs; the events of a call of a hundred share what the call costs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The day: how much of it there is, and with what it is met."""

    events: float = 100e6
    asked: float = 0.10
    answered: float = 0.25
    replies: float = 2.0
    commented: float = 0.5
    receipts: float = 2.0
    workers: int = 16
    databases: int = 1
    database_cores: int = 16
    usable: float = 0.7
    senders: int = 200
    pace: float = 3.0
    delay: float = 2 * 3600
    deaths_an_hour: float = 1.0
    claim: float = 20.0
    held: float = 120.0
    zones: Sequence[tuple[float, float]] = ((0, 0.5), (-5, 0.3), (8, 0.2))
    day: tuple[float, float] = (9, 20)
    costs: Mapping[str, Cost] = field(default_factory=lambda: COSTS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: lateness in seconds, what limited it, and how busy both were at the peak."""

    median: float
    p99: float
    last: float
    left: float
    unsent: float
    hands: float
    database: float


def arrivals(plan: Plan, zone: float) -> Curve:
    """Events of a customer's day by slot, UTC: few at night, most at noon and in the evening."""
    hour = (np.arange(DAY) * SLOT / 3600 + zone) % 24
    noon, evening = (np.exp(-(((hour - at) / wide) ** 2)) for at, wide in ((13, 4), (20, 2.5)))
    shape = 0.08 + noon + 0.9 * evening
    return np.asarray(shape / shape.sum())


def due(plan: Plan) -> tuple[Curve, Curve]:
    """Events and invitations that fall due in each slot: after the delay, and not in the night."""
    events, invitations = np.zeros(SLOTS), np.zeros(SLOTS)
    for zone, share in plan.zones:
        came = plan.events * share * arrivals(plan, zone)
        events[:DAY] += came
        asked = np.zeros(SLOTS)
        shift = int(plan.delay / SLOT)
        asked[shift : shift + DAY] = came * plan.asked
        invitations += awake(asked, zone, plan.day)
    return events, invitations


def awake(asked: Curve, zone: float, day: tuple[float, float]) -> Curve:
    """Held back to the morning where it is night; spread over its first hour by the customer."""
    hour = (np.arange(SLOTS) * SLOT / 3600 + zone) % 24
    may = (hour >= day[0]) & (hour < day[1])
    out = np.where(may, asked, 0.0)
    held, spread = 0.0, 3600 // SLOT
    for slot in np.flatnonzero(~may):
        held += asked[slot]
        if slot + 1 < SLOTS and may[slot + 1]:
            end = min(slot + 1 + spread, SLOTS)
            out[slot + 1 : end] += held / (end - slot - 1)
            held = 0.0
    return np.asarray(out)


def alive(plan: Plan, seed: int) -> Curve:
    """How many workers work in each slot: one that dies is missed until its claim has run out."""
    chance = np.random.default_rng(seed)
    often = plan.workers * plan.deaths_an_hour * SLOT / 3600
    deaths = chance.poisson(often, SLOTS).astype(float)
    missed = np.convolve(deaths, np.ones(max(int(plan.claim / SLOT), 1)))[:SLOTS]
    return np.clip(plan.workers - missed, 0, None)


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


WORKERS = (1, 2, 4, 8, 16, 32, 64)
TIMES = (1, 10)


def in_words(seconds: float) -> str:
    """A time that people read: 4 s, 12 min, 3.5 h."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _told(plan: Plan, outcome: Outcome) -> str:
    unsent = f"{outcome.unsent / 1e6:.1f} million" if outcome.unsent >= 1e5 else "0"
    late = " | ".join(map(in_words, (outcome.median, outcome.p99, outcome.last)))
    return f"{late} | {unsent} | {outcome.hands:.1f} | {outcome.database:.1f}"


HEAD = "median late | p99 | last | not sent in two days | cores of workers | cores of PostgreSQL"


def main() -> None:
    """Print the tables; with --chart write the picture's specification (Vega-Lite)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chart", type=Path)
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for times in TIMES:
        print(f"\n{times * 100:,} million events, {times * 10:,} million invitations:\n")
        print(f"| workers | {HEAD} |\n|{'---|' * 7}")
        for workers in WORKERS:
            plan = day_of(times, workers=workers)
            outcome = simulate(plan, given.seed)
            print(f"| {workers} | {_told(plan, outcome)} |", flush=True)
            rows.append({"day": f"{times * 100:,} million", "workers": workers, "s": outcome.p99})
    _print_databases(given.seed)
    if given.chart:
        given.chart.write_text(json.dumps(chart(rows)))


def day_of(times: float, **more: Any) -> Plan:
    """The day so many times as large, with as many times the senders."""
    return replace(Plan(), events=times * 100e6, senders=int(times * 200), **more)


def _print_databases(seed: int) -> None:
    print("\nThe larger day, its workspaces shared out over several databases:\n")
    print(f"| databases | workers | {HEAD} |\n|{'---|' * 8}")
    for databases, workers in ((1, 64), (2, 64), (1, 128), (2, 128)):
        plan = day_of(TIMES[-1], workers=workers, databases=databases)
        told = _told(plan, simulate(plan, seed))
        print(f"| {databases} | {workers} | {told} |", flush=True)


def chart(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lateness by workers as a Vega-Lite specification, both on scales of ratios."""
    points = [{**row, "s": max(row["s"], SLOT)} for row in rows]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        **{"width": 560, "height": 260, "background": "white"},
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "workers",
                "type": "quantitative",
                "scale": {"type": "log", "base": 2},
                "axis": {"title": "workers (a core each)", "values": list(WORKERS)},
            },
            "y": {
                "field": "s",
                "type": "quantitative",
                "scale": {"type": "log"},
                "axis": {"title": "99 of 100 were not later than, seconds"},
            },
            "color": {"field": "day", "type": "nominal", "title": "events a day"},
        },
    }


if __name__ == "__main__":
    main()
