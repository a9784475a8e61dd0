"""What goes wrong, and how often.

Whether a request meets a fault depends on the seed, its address, its words and how often it
was tried, not on which thread came first: the same seed and traffic bring the same faults.
"""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Iterable, Mapping

from models.errors import InvalidInput

WELL = "well"
# What becomes of a request to send: nothing is accepted, or it is accepted before the fault.
REFUSING: Mapping[str, str] = {
    "drop": "hangs up at once",
    "silent": "never answers",
    "broken": "answers 500 with 20500",
    "unavailable": "answers 503",
    "busy": "answers 429 with 20429",
}
ACCEPTING: Mapping[str, str] = {
    "hangup": "accepts and hangs up",
    "gateway": "accepts; a proxy between answers 502",
    "late": "accepts and answers too late",
    "nonsense": "accepts and answers with a web page",
    "twice": "accepts and answers twice",
}
OTHERS: Mapping[str, str] = {
    "undelivered": "a message never arrives",
    "repeat": "a webhook comes twice",
    "reorder": "the receipts of a message come in another order",
    "missing": "a receipt never comes",
    "forged": "somebody else sends STOP in a phone's name, wrongly signed",
    "lists": "the list of messages can't be read",
}
NAMES = (*REFUSING, *ACCEPTING, *OTHERS)
MOODS = (WELL, *REFUSING, *ACCEPTING)


def parse(text: str) -> dict[str, float]:
    """`late=0.05,hangup=0.02` as a table; raises InvalidInput."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    try:
        return checked({name.strip(): float(value) for name, _, value in pairs})
    except ValueError as error:
        mend = "Write late=0.05,hangup=0.02, each between 0 and 1."
        raise InvalidInput(f"{text!r} is no list of faults", field="faults", mend=mend) from error


def checked(odds: Mapping[str, float]) -> dict[str, float]:
    """The table, if every name is known and all of it can be; raises InvalidInput."""
    unknown = sorted(set(odds) - set(NAMES))
    if unknown:
        mend = f"Known: {', '.join(NAMES)}."
        raise InvalidInput(f"there is no fault {unknown[0]!r}", field="faults", mend=mend)
    requests = sum(odds.get(name, 0) for name in (*REFUSING, *ACCEPTING))
    if not all(0 <= value <= 1 for value in odds.values()) or requests > 1:
        mend = "Give each between 0 and 1, and those of requests no more than 1 together."
        raise InvalidInput("these chances can't be", field="faults", mend=mend)
    return dict(odds)


class Faults:
    """The chances of each fault, and the moods that the next requests meet in any case."""

    def __init__(self, odds: Mapping[str, float] | None = None, seed: int = 0) -> None:
        self.odds = checked(odds or {})
        self.seed = seed
        self._script: deque[str] = deque()
        self._tries: Counter[tuple[str, ...]] = Counter()
        self._lock = threading.Lock()

    def next(self, moods: Iterable[str]) -> None:
        """Say how the next requests to send are met; raises InvalidInput."""
        wanted = list(moods)
        unknown = sorted(set(wanted) - set(MOODS))
        if unknown:
            mend = f"Known: {', '.join(MOODS)}."
            raise InvalidInput(f"there is no mood {unknown[0]!r}", field="next", mend=mend)
        with self._lock:
            self._script.extend(wanted)

    def tried(self, *key: str) -> int:
        """Count a try; how many there were with it."""
        with self._lock:
            self._tries[key] += 1
            return self._tries[key]

    def mood(self, *key: str) -> str:
        """How a request to send is met."""
        with self._lock:
            if self._script:
                return self._script.popleft()
        drawn = self.dice("mood", *key).random()
        for name in (*REFUSING, *ACCEPTING):
            drawn -= self.odds.get(name, 0)
            if drawn < 0:
                return name
        return WELL

    def happens(self, name: str, *key: str) -> bool:
        """Whether this fault happens here."""
        chance = self.odds.get(name, 0)
        return chance > 0 and self.dice(name, *key).random() < chance

    def dice(self, *key: str) -> random.Random:
        """A generator of its own for one thing that may go wrong."""
        return random.Random("|".join((str(self.seed), *key)))  # noqa: S311 - not for secrets

    def clear(self) -> None:
        """Forget what was tried and what was to come; the chances stay."""
        with self._lock:
            self._script.clear()
            self._tries.clear()
