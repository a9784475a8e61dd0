"""How a sender is doing, in words: for the doctor, the command and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from surveys import sender_rows
from surveys.channels.errors import known
from surveys.channels.gateway import Gateway
from surveys.pacing import TRIPS, Standing, down, paused, rate
from surveys.standing_in import may_stand_in


@dataclass(frozen=True)
class Told:
    """A sender's state in words; `fine` is false where somebody must do something."""

    fine: bool
    words: str


def told(standing: Standing | None, now: datetime, helper: str | None = None) -> Told:
    """What there is to say of a sender, and who carries its SMS where it can't.

    `helper` is the fall-back that can.
    """
    found = _told(standing, now)
    if found.fine or helper is None:
        return found
    return Told(False, f"{found.words}; {helper} stands in")


def told_of_all(
    gateway: Gateway, standings: Mapping[str, Standing], now: datetime
) -> dict[str, Told]:
    """What there is to say of every sender that is known, and of the fall-back why it is used."""
    fallback = gateway.fallback
    names = {name for name in (gateway.sender, fallback, *standings) if name}
    lame = sorted(name for name in standings if helper_of(gateway, name, standings, now))
    said = {
        name: told(standings.get(name), now, helper_of(gateway, name, standings, now))
        for name in sorted(names)
    }
    if fallback:
        use = f"stands in for {', '.join(lame)}" if lame else "the fall-back, not in use"
        said[fallback] = Told(said[fallback].fine, f"{use}; {said[fallback].words}")
    return said


def helper_of(
    gateway: Gateway, sender: str, standings: Mapping[str, Standing], now: datetime
) -> str | None:
    """The fall-back where it carries a sender's SMS now; None where it need not, or can't."""
    standing, fallback = standings.get(sender), gateway.fallback
    if standing is None or fallback is None or not may_stand_in(fallback, sender):
        return None
    able = not down(standings.get(fallback, Standing()), now)
    return fallback if able and down(standing, now) else None


def _told(standing: Standing | None, now: datetime) -> Told:
    if standing is None:
        return Told(True, "no limit, no trouble")
    if standing.alarm_code and standing.alarm_at:
        tries = "" if paused(standing, now) else "; the next one tries"
        since = _time(standing.alarm_at)
        return Told(False, f"no SMS leave since {since}: {_why(standing)}{tries}")
    if standing.failures >= TRIPS and not paused(standing, now):
        return Told(False, f"failed, and is tried with the next message: {_why(standing)}")
    if paused(standing, now):
        return Told(False, f"rests until {_time(standing.paused_until)}: {_why(standing)}")
    pace = rate(standing, now)
    if pace is None:
        return Told(True, "no limit, no trouble")
    slowed = pace != standing.per_second
    return Told(True, f"{pace:g} a second{f', slowed: {_why(standing)}' if slowed else ''}")


@dataclass(frozen=True)
class Alarm:
    """What keeps a sender's SMS from leaving until the team mends it; `helper` carries them."""

    sender: str
    since: datetime | None
    why: str
    helper: str | None = None


def alarm(session: Session, provider: str, fallback: str | None = None) -> Alarm | None:
    """The first sender whose SMS can't leave by itself; None where all can."""
    standings = sender_rows.standings(session, provider)
    able = fallback and not standings.get(fallback, Standing()).alarm_code
    for sender, standing in sorted(standings.items()):
        if standing.alarm_code:
            helps = fallback if able and may_stand_in(fallback or "", sender) else None
            return Alarm(sender, standing.alarm_at, _why(standing), helps)
    return None


def _why(standing: Standing) -> str:
    code = standing.alarm_code or standing.reason
    words = known(code).words or "the provider does not answer"
    return f"{words} ({code})" if code else words


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "now"
