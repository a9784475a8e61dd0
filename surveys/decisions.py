"""What an eligibility decision can be, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.rules import WORDS, Rule


@dataclass(frozen=True)
class Ask:
    """Ask now."""

    outcome = "ask"


@dataclass(frozen=True)
class Wait:
    """Decide again at `until`, which lies before the invitation expires."""

    until: datetime
    rule: Rule
    detail: str = ""
    outcome = "wait"


@dataclass(frozen=True)
class Refuse:
    """Never ask for this invitation."""

    rule: Rule
    detail: str = ""
    outcome = "refuse"


Decision = Ask | Wait | Refuse


def explain(decision: Decision) -> str:
    """The decision as a sentence for a person."""
    if isinstance(decision, Ask):
        return "Asked: no rule objected."
    why = reason(decision)
    if isinstance(decision, Wait):
        return f"Waits until {moment(decision.until)}: {why}."
    return f"Not asked: {why}."


def reason(decision: Wait | Refuse) -> str:
    """Why not now, without its outcome; an exclusion is called by its name."""
    if decision.rule is Rule.EXCLUDED and decision.detail:
        return f"excluded: {decision.detail}"
    detail = f" ({decision.detail})" if decision.detail else ""
    return f"{WORDS[decision.rule]}{detail}"


def moment(at: datetime) -> str:
    """A time as people read it."""
    return f"{at.isoformat(' ', 'minutes')[:16]} UTC"
