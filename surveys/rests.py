"""Rests: how long a customer is left alone after an invitation, or after an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from surveys.decisions import Refuse, Wait, moment
from surveys.rules import Rule


class Of(StrEnum):
    """What is rested from: this survey, its kind, this channel, or all surveys."""

    SURVEY = "survey"
    KIND = "kind"
    CHANNEL = "channel"
    ALL = "all"


class After(StrEnum):
    """What a rest begins with."""

    INVITATION = "invitation"
    ANSWER = "answer"


RULES: dict[tuple[Of, After], Rule] = {
    (Of.SURVEY, After.INVITATION): Rule.QUARANTINE_SURVEY,
    (Of.KIND, After.INVITATION): Rule.QUARANTINE_KIND,
    (Of.CHANNEL, After.INVITATION): Rule.QUARANTINE_CHANNEL,
    (Of.ALL, After.INVITATION): Rule.QUARANTINE_OVERALL,
    (Of.SURVEY, After.ANSWER): Rule.ANSWERED_SURVEY,
    (Of.KIND, After.ANSWER): Rule.ANSWERED_KIND,
    (Of.CHANNEL, After.ANSWER): Rule.ANSWERED_CHANNEL,
    (Of.ALL, After.ANSWER): Rule.ANSWERED_OVERALL,
}


@dataclass(frozen=True)
class Rest:
    """One rest: its days, when it began (None: never), and whether an invitation waits it out."""

    of: Of
    after: After
    days: float
    began: datetime | None = None
    waits: bool = False

    @property
    def rule(self) -> Rule:
        """The rule that this rest stands for."""
        return RULES[self.of, self.after]

    def free_at(self) -> datetime | None:
        """When the customer has rested; None where there is nothing to rest from."""
        if self.began is None or self.days <= 0:
            return None
        return self.began + timedelta(days=self.days)


def still(rests: Sequence[Rest], now: datetime) -> Iterator[tuple[Rest, datetime]]:
    """The rests that last, each with its end."""
    for rest in rests:
        free = rest.free_at()
        if free is not None and now < free:
            yield rest, free


def refused(rests: Sequence[Rest], now: datetime) -> Refuse | None:
    """A refusal by the first rest that lasts and is not waited out."""
    for rest, free in still(rests, now):
        if not rest.waits:
            return Refuse(rest.rule, told(rest, free))
    return None


def waited(rests: Sequence[Rest], now: datetime) -> Wait | None:
    """A wait for the longest of the rests that last."""
    lasting = [(free, rest) for rest, free in still(rests, now) if rest.waits]
    if not lasting:
        return None
    free, rest = max(lasting, key=lambda one: one[0])
    return Wait(free, rest.rule, told(rest, free))


def told(rest: Rest, free: datetime | None) -> str:
    """What a rest saw, in words."""
    what = "asked" if rest.after is After.INVITATION else "answered"
    if rest.began is None:
        return f"never {what}, {rest.days:g} days of rest"
    since = f"last {what} {moment(rest.began)}, {rest.days:g} days of rest"
    return f"{since}, free from {moment(free)}" if free else since
