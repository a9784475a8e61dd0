"""What an eligibility decision depends on; what it can be stands in surveys.decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from surveys.decisions import Ask, Decision, Refuse, Wait, explain, moment
from surveys.quiet import Quiet
from surveys.rests import Of, Rest
from surveys.rules import WORDS, Rule

__all__ = [
    "RECHECK",
    "WORDS",
    "Ask",
    "Cap",
    "Check",
    "Consent",
    "Decision",
    "Facts",
    "LearntHour",
    "Quota",
    "Refuse",
    "Rival",
    "Rule",
    "Sample",
    "Wait",
    "explain",
    "moment",
]

RECHECK = timedelta(minutes=15)


class Consent(StrEnum):
    """What the ledger says last about this channel and sender."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    NONE = "none"


@dataclass(frozen=True)
class Sample:
    """Of all customers a share from 0 to 1 is asked: those whose `draw` lies below it."""

    share: float
    draw: float


@dataclass(frozen=True)
class Cap:
    """How often the customer may be asked in 365 days, and how often and since when they were."""

    of: Of
    most: int
    asked: int
    oldest: datetime | None = None


@dataclass(frozen=True)
class Quota:
    """A quota that counts this customer: what it has had in its period, and when that ends."""

    name: str
    most: int
    had: int
    of: str = "answers"
    ends: datetime | None = None


@dataclass(frozen=True)
class Rival:
    """A worthier survey that is to be asked of the same customer, by what is known now.

    `rest_days` is how long it would have to wait after this one was asked.
    """

    survey: str
    due_at: datetime
    rest_days: float = 0.0


@dataclass(frozen=True)
class LearntHour:
    """The hour of the customer's day that was drawn, and the moment at which it is sent then.

    `asked` and `answered` are the trigger's own at that hour, `of` how many hours could be drawn.
    """

    hour: int
    at: datetime
    asked: int = 0
    answered: int = 0
    of: int = 0


@dataclass(frozen=True)
class Facts:
    """All that a decision depends on; times are aware UTC.

    `by_hand`: a person of the team chose this customer and this time. `excluded` names the
    exclusion that the customer falls under. `unreachable` is the provider's code by which no
    SMS reaches the number. `called_off` says what happened that the trigger names as a reason
    not to ask, `window_opens_at` when the trigger's hours begin, `hour` the one it learnt. `rests`
    holds every rest that applies, begun or not. `zones` are the time zones the customer may be in,
    `zone_source` says how they are known. `lacking` is the rule by which the channel itself is not
    ready to ask (see surveys.whatsapp_facts). `open_conversation_until` is when the customer's open
    exchange on the sender number would lapse; None when there is none.
    """

    channel: str
    due_at: datetime
    expires_at: datetime
    consent: Consent = Consent.NONE
    consent_required: bool = False
    has_address: bool = True
    customer_erased: bool = False
    customer_is_test: bool = False
    survey_enabled: bool = True
    trigger_enabled: bool = True
    already_answered: bool = False
    by_hand: bool = False
    excluded: str | None = None
    unreachable: str | None = None
    called_off: str | None = None
    window_opens_at: datetime | None = None
    hour: LearntHour | None = None
    lacking: str | None = None
    sample: Sample | None = None
    caps: tuple[Cap, ...] = ()
    quotas: tuple[Quota, ...] = ()
    rests: tuple[Rest, ...] = ()
    rival: Rival | None = None
    quiet: Quiet | None = None
    zones: tuple[str, ...] = ()
    zone_source: str = ""
    open_conversation_until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """The facts as stored beside the decision, times as ISO 8601 text.

        What is as it is for most is left out; `from_json` puts it back.
        """
        kept = _FACTS.dump_python(self, mode="json", exclude_defaults=True)
        return {**kept, "consent": self.consent.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        """Stored facts read back; what a later or an earlier program knew besides is left out."""
        return _FACTS.validate_python(dict(stored))


_FACTS = TypeAdapter(Facts)

Look = Callable[[Facts, datetime], Wait | Refuse | None]
Saw = Callable[[Facts, datetime], str]


@dataclass(frozen=True)
class Check:
    """One rule, or several of a kind: its objection to the facts, and what it saw in words."""

    name: str
    look: Look
    saw: Saw
