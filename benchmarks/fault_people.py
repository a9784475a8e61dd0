"""People at their phones in a fault run: what each types when a text arrives, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from surveys.simulator.message import Message
from surveys.simulator.service import Simulator

SURVEY = """
surveys:
  - key: visit
    name: Visit
    metric: nps
    quarantine_days: 0
    questions:
      - {key: score, type: nps, text: "How likely are you to recommend us?"}
      - {key: ease, type: csat, text: "How satisfied are you with the visit?"}
      - {key: why, type: text, text: "What should we know?", required: false}
    thanks: "Thank you, that helps."
"""
STOPS = ("STOP", "stop", "please stop texting me")
REASONS = ("because the driver was kind", "it came late and nobody told me", "all fine, quick")


@dataclass(frozen=True)
class Phones:
    """Everybody's phones, whichever account texts them."""

    simulators: tuple[Simulator, ...]

    def of_phone(self, number: str) -> list[Message]:
        """What a phone got and sent, the oldest first."""
        found = (one for each in self.simulators for one in each.book.of_phone(number))
        return sorted(found, key=lambda one: one.created)

    def all(self) -> list[Message]:
        """Every message there is."""
        return [one for each in self.simulators for one in each.book.newest_first()]

    def typed(self, number: str, body: str) -> Message:
        """Answer where the phone was texted from last."""
        return max(self.simulators, key=lambda each: _last(each, number)).typed(number, body)

    def settle(self) -> None:
        """Let everything accepted take its course."""
        for each in self.simulators:
            each.settle()


def _last(simulator: Simulator, number: str) -> float:
    """When the account last reached a phone."""
    came = (one.arrived for one in simulator.book.of_phone(number) if _is_ours(one))
    return max((at.timestamp() for at in came if at), default=0.0)


@dataclass
class Person:
    """Somebody with a phone: reads what arrives, once, and types what their dice say.

    `stopped_at` is when their STOP was acknowledged; `typed` what was acknowledged in all.
    """

    number: str
    dice: random.Random
    read: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    stopped_at: datetime | None = None

    def look(self, phones: Phones, now: Callable[[], datetime]) -> bool:
        """Read what is new, and type the next thing; whether anything was typed."""
        for message in phones.of_phone(self.number):
            if _is_ours(message) and message.sid not in self.read:
                self.read.add(message.sid)
                self.waiting = self._answer(message.body) or self.waiting
        if not self.waiting:
            return False
        body = self.waiting[0]
        answered = phones.typed(self.number, body).answered
        if answered is not None and 200 <= answered < 300:
            self.waiting.pop(0)
            self.typed.append(body)
            if body in STOPS and self.stopped_at is None:
                self.stopped_at, self.waiting = now(), []
        return True

    def _answer(self, body: str) -> list[str]:
        """What they say to a text; nothing to what asks nothing, or when they can't be bothered."""
        asks = any(word in body for word in ("recommend", "satisfied", "should we know"))
        if self.stopped_at is not None or not asks:
            return []
        mood = self.dice.random()
        if mood < 0.06:
            return [self.dice.choice(STOPS)]
        if mood < 0.12:
            return []
        if mood < 0.18:
            return ["what is this about???"]
        score = str(self.dice.randint(0, 10) if "recommend" in body else self.dice.randint(1, 5))
        if "should we know" in body:
            return [self.dice.choice(REASONS)]
        if mood < 0.3:
            return [score, self.dice.choice(REASONS)]
        return [f"{score} {self.dice.choice(REASONS)}"] if mood < 0.4 else [score]


def _is_ours(message: Message) -> bool:
    return message.direction == "outbound-api" and message.arrived is not None


def people(numbers: Sequence[str], seed: int) -> list[Person]:
    """One behind each number."""
    return [Person(number, random.Random(f"{seed}:{number}")) for number in numbers]
