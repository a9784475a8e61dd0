"""How a sender is doing, in words: for the doctor, the command and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import sender_rows
from surveys.channels.errors import known
from surveys.pacing import TRIPS, Standing, paused, rate


@dataclass(frozen=True)
class Told:
    """A sender's state in words; `fine` is false where somebody must do something."""

    fine: bool
    words: str


def told(standing: Standing | None, now: datetime) -> Told:
    """What there is to say of a sender."""
    if standing is None:
        return Told(True, "no limit, no trouble")
    if standing.alarm_code and standing.alarm_at:
        return Told(False, f"no SMS leave since {_time(standing.alarm_at)}: {_why(standing)}")
    if paused(standing, now) or standing.failures >= TRIPS:
        return Told(False, f"rests until {_time(standing.paused_until)}: {_why(standing)}")
    pace = rate(standing, now)
    if pace is None:
        return Told(True, "no limit, no trouble")
    slowed = pace != standing.per_second
    return Told(True, f"{pace:g} a second{f', slowed: {_why(standing)}' if slowed else ''}")


@dataclass(frozen=True)
class Alarm:
    """What keeps a sender's SMS from leaving until the team mends it."""

    sender: str
    since: datetime | None
    why: str


def alarm(session: Session, provider: str) -> Alarm | None:
    """The first sender whose SMS can't leave; None where all can."""
    for sender, standing in sorted(sender_rows.standings(session, provider).items()):
        if standing.alarm_code:
            return Alarm(sender, standing.alarm_at, _why(standing))
    return None


def _why(standing: Standing) -> str:
    code = standing.alarm_code or standing.reason
    words = known(code).words or "the provider does not answer"
    return f"{words} ({code})" if code else words


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "now"
