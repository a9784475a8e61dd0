"""Who was asked, and who answered: without it a score says nothing of those who kept silent."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from feedback.rates.read import counts_of, lapsed
from feedback.reporting.figures import RateOut
from feedback.reporting.period import Ends, Period
from feedback.reporting.scope import Scope
from feedback.statistics.scores import share

EVER = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""Before and after this nobody is asked."""


def response_rate(session: Session, scope: Scope, asked: Ends, now: datetime) -> RateOut | None:
    """The invitations of a scope's touchpoints that were sent in its period, and their fate.

    Where an end was not `asked` for there is none: a report's own begins with the first answer,
    before which somebody was asked. None in one language: a survey page that was never opened
    was in none.
    """
    if scope.language is not None:
        return None
    start, end = asked
    within = scope.within(Period(start or EVER.start, end or EVER.end))
    found = counts_of(session, within)
    rate = share("rate", found.answered, found.asked)
    return RateOut(
        asked=found.asked,
        delivered=found.delivered,
        answered=found.answered,
        completed=found.completed,
        open=max(0, found.waiting - lapsed(session, within, now)),
        rate=rate.value,
        low=rate.low,
        high=rate.high,
    )
