"""How urgency and its reasons are worded on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from feedback.pages.words import percent

VERY_LIKELY, LIKELY = 0.8, 0.5
"""From these probabilities on, it is very likely or likely that somebody is needed."""
RISKS: Mapping[str, tuple[str, str]] = {
    "danger": ("Safety", "somebody's safety may be at risk"),
    "legal": ("Legal", "says they may take legal action"),
    "vulnerable": ("Vulnerable", "may be in a vulnerable position"),
    "leaving": ("Leaving", "says they are leaving"),
    "locked_out": ("Locked out", "cannot get at something they need now"),
    "fraud": ("Fraud", "speaks of fraud or stolen money"),
}
"""Of each risk of nlp.labels.RISKS: its name, and what it says of the customer."""
NO_REASON = "none"
CONTACT = "contact"
CONTACT_WORDS = "asks to be contacted"
NAMES: Mapping[str, str] = {
    CONTACT: "Wants contact",
    **{risk: name for risk, (name, _) in RISKS.items()},
    NO_REASON: "No single reason",
}


class Pressing(Protocol):
    """A comment as far as its urgency goes."""

    @property
    def urgency(self) -> float | None:
        """The probability that somebody is needed today."""

    @property
    def urgent(self) -> bool:
        """Whether the probability is enough, or a person says so."""

    @property
    def wants_contact(self) -> bool:
        """Whether the words ask to be contacted."""

    @property
    def risks(self) -> Mapping[str, float] | None:
        """The reasons, with their probabilities."""

    @property
    def model_reading(self) -> Mapping[str, Any] | None:
        """What the model says, where a person said otherwise."""


def by_person(one: Pressing) -> bool:
    """Whether a person, and not the model, says that somebody is needed."""
    return one.model_reading is not None and one.model_reading.get("urgent") is False


def reasons(one: Pressing) -> str:
    """Why somebody is needed, the likeliest first: `says they may take legal action`."""
    risks = one.risks or {}
    listed = [CONTACT_WORDS] if one.wants_contact else []
    listed += [RISKS[risk][1] for risk in sorted(risks, key=lambda r: -risks[r]) if risk in RISKS]
    if listed:
        return "; ".join(listed)
    return "a person says so" if by_person(one) else "no single reason stands out"


def likelihood(one: Pressing) -> str:
    """How likely it is that somebody is needed: `very likely (89%)`."""
    if by_person(one):
        return "certain: a person says so"
    if not one.urgent and one.wants_contact:
        return "in their own words"
    chance = one.urgency or 0.0
    words = "very likely" if chance >= VERY_LIKELY else "likely" if chance >= LIKELY else "possible"
    return f"{words} ({percent(chance)})"
