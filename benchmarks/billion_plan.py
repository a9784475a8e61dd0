"""The day that is simulated: how much of it there is, what each step costs, how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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


def day_of(times: float, **more: Any) -> Plan:
    """The day so many times as large, with as many times the senders."""
    return replace(Plan(), events=times * 100e6, senders=int(times * 200), **more)
