"""Asking what if: the changed rules read, the period replayed, the figures put side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from feedback.whatif.changed import Wanted, changed_rules
from feedback.whatif.figures import figures
from feedback.whatif.schema import WhatIf
from models.errors import InvalidInput
from surveys.considering import Setting
from surveys.replay.arrivals import count
from surveys.replay.run import replay, span_of

DAYS, MOST_DAYS = 30, 366
MOST_EVENTS = 10_000
"""So many are answered within a request; it takes some seconds."""


@dataclass(frozen=True)
class Ask:
    """What is asked: the last so many days, under which changes; `most` events at most."""

    wanted: Wanted
    days: int = DAYS
    most: int | None = MOST_EVENTS


def what_if(
    session: Session, workspace_id: int, ask: Ask, setting: Setting, now: datetime
) -> WhatIf:
    """Replay the period; nothing is stored, and nobody is asked.

    Raises ConfigurationError with all that is wrong with the changes, InvalidInput where the
    period is none, or holds more events than may be asked about at once.
    """
    if not 1 <= ask.days <= MOST_DAYS:
        mend = f"Give 1 to {MOST_DAYS} days."
        raise InvalidInput(f"{ask.days} is no number of days", field="days", mend=mend)
    changed = changed_rules(session, workspace_id, ask.wanted, setting, now)
    start = now - timedelta(days=ask.days)
    rules = [changed.now, changed.then] if changed.lines else [changed.now]
    if ask.most is not None and count(session, span_of(rules, start, now), ask.most) > ask.most:
        raise InvalidInput(
            f"the last {ask.days} days hold more than {ask.most:,} events",
            field="days",
            mend="Ask about fewer days, or run `waymark whatif`, which takes any number.",
        )
    replayed = replay(session, rules, start, now)
    session.rollback()
    return figures(session, changed, replayed, (start, now), ask.wanted.left_out)
