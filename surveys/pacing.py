"""How fast a sender may go, and whether it may go at all, by what came of its last messages.

A limit of the team's or of a throttle is a bucket that holds one second's worth. A provider
that fails three times in a row is left alone for a while that doubles, up to five minutes;
after it a single message tries whether things are well again. All of this is pure but the
reading and the writing of the row at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from surveys.channels.errors import Group, known
from surveys.channels.gateway import Accepted, Outcome, Refused, RetryLater, Unknown

TRIPS = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
ALARM_PAUSE = timedelta(minutes=5)
THROTTLE_PAUSE, SLOWED_FOR = timedelta(seconds=2), timedelta(minutes=1)
FASTEST_SLOWED, SLOWEST = 20.0, 0.2


@dataclass(frozen=True)
class Standing:
    """How a sender is doing (see `models.sending.SenderState`)."""

    per_second: float | None = None
    next_at: datetime | None = None
    slowed_per_second: float | None = None
    slowed_until: datetime | None = None
    paused_until: datetime | None = None
    failures: int = 0
    reason: str | None = None
    alarm_code: str | None = None
    alarm_at: datetime | None = None
    unproven: bool = False


def rate(standing: Standing, now: datetime) -> float | None:
    """Messages a second that the sender may hand over now; None: as many as it can."""
    limits = [standing.per_second]
    if standing.slowed_until is not None and now < standing.slowed_until:
        limits.append(standing.slowed_per_second)
    return min((limit for limit in limits if limit), default=None)


def paused(standing: Standing, now: datetime) -> bool:
    """Whether nothing may be handed over."""
    return standing.paused_until is not None and now < standing.paused_until


def down(standing: Standing, now: datetime) -> bool:
    """Whether the provider fails it, or refuses all it sends: not where it was only too fast."""
    fails = standing.alarm_code is not None or standing.failures >= TRIPS
    return fails and paused(standing, now)


def trying(standing: Standing) -> bool:
    """Whether a single message is to find out if things are well again."""
    return standing.failures >= TRIPS or standing.unproven


def allowed(standing: Standing, now: datetime, most: int) -> int:
    """How many messages may be handed over at once, at most so many."""
    if paused(standing, now):
        return 0
    if trying(standing):
        return min(1, most)
    limit = rate(standing, now)
    if limit is None:
        return most
    return min(
        most, max(0, math.floor((now - _begin(standing, limit, now)).total_seconds() * limit))
    )


def used(standing: Standing, count: int, now: datetime) -> Standing:
    """After so many messages of the allowance."""
    limit = rate(standing, now)
    if limit is None:
        return standing
    return replace(
        standing, next_at=_begin(standing, limit, now) + timedelta(seconds=count / limit)
    )


def _begin(standing: Standing, limit: float, now: datetime) -> datetime:
    """From when on the allowance runs: never more than one second's worth, one message at least."""
    fullest = now - timedelta(seconds=max(1.0, 1 / limit))
    return max(standing.next_at or fullest, fullest)


def after(standing: Standing, outcome: Outcome, now: datetime) -> Standing:
    """How the sender is doing after one more message; the same object where nothing changed."""
    if isinstance(outcome, Accepted):
        return _tried(standing, now) if standing.unproven else _well(standing, now)
    if isinstance(outcome, RetryLater) and known(outcome.code).group is Group.LATER:
        return _well(standing, now)
    if isinstance(outcome, Refused):
        # whatever the provider says of one message, it answers
        group = known(outcome.code).group
        if group is Group.SENDER:
            return _alarmed(standing, outcome.code, now)
        return _well(standing, now)
    if isinstance(outcome, RetryLater) and known(outcome.code).group is Group.THROTTLED:
        return _slowed(standing, outcome, now)
    return _failed(standing, outcome, now)


def reported(standing: Standing, code: str, now: datetime) -> Standing:
    """How the sender is doing after a receipt of a message that was taken and then lost.

    Where it is the sender's fault the next one only tries: its receipt may take a while.
    """
    group = known(code).group
    if group is Group.SENDER:
        return replace(_alarmed(standing, code, now), unproven=True)
    if group is Group.THROTTLED:
        return _slowed(standing, RetryLater(code), now)
    return standing


def _tried(standing: Standing, now: datetime) -> Standing:
    """One message was taken; unless a receipt tells of trouble meanwhile, more follow."""
    if paused(standing, now):  # it was under way when the alarm came
        return standing
    return replace(standing, unproven=False, paused_until=now + ALARM_PAUSE)


def _well(standing: Standing, now: datetime) -> Standing:
    """The provider answers: but of what was under way when an alarm came, it proves nothing."""
    if standing.unproven or (standing.alarm_code and paused(standing, now)):
        return standing
    if not (standing.failures or standing.alarm_code or standing.paused_until):
        return standing
    return replace(
        standing, failures=0, paused_until=None, reason=None, alarm_code=None, alarm_at=None
    )


def _alarmed(standing: Standing, code: str, now: datetime) -> Standing:
    since = standing.alarm_at if standing.alarm_code == code else now
    pause = now + ALARM_PAUSE
    return replace(
        standing, paused_until=pause, reason=code[:20], alarm_code=code[:20], alarm_at=since
    )


def _slowed(standing: Standing, outcome: RetryLater, now: datetime) -> Standing:
    """Half as fast as before, and a short rest first; what the provider asked for is the least."""
    pace = max(SLOWEST, min(rate(standing, now) or FASTEST_SLOWED, FASTEST_SLOWED) / 2)
    rest = max(THROTTLE_PAUSE, timedelta(seconds=outcome.after_seconds or 0))
    return replace(
        standing,
        slowed_per_second=pace,
        slowed_until=now + rest + SLOWED_FOR,
        paused_until=_at_least(standing, now + rest),
        reason=outcome.code[:20],
    )


def _failed(standing: Standing, outcome: RetryLater | Unknown, now: datetime) -> Standing:
    failures = standing.failures + 1
    code = outcome.code if isinstance(outcome, RetryLater) else outcome.reason
    pause = None
    if failures >= TRIPS:
        pause = now + min(FIRST_PAUSE * 2 ** min(failures - TRIPS, 10), LONGEST_PAUSE)
    pause = _at_least(standing, pause)
    return replace(standing, failures=failures, paused_until=pause, reason=code[:20])


def _at_least(standing: Standing, until: datetime | None) -> datetime | None:
    """Until then, or as long as an alarm has it rest."""
    rests = standing.paused_until if standing.alarm_code else None
    return max((one for one in (rests, until) if one), default=None)
