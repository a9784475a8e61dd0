"""The hours that triggers with `hour: learn` draw for their invitations, from their own past.

Of a trigger's newest invitations those count that were sent a day ago or longer, by the hour they
were sent at on their customer's clock; answered are those that were begun. An invitation keeps the
hour it was given, by the decision that let it wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.experiment import Variant
from models.invitation import Decision, Invitation
from models.status import InvitationStatus
from models.workspace import Workspace
from surveys.eligibility_facts import Facts, LearntHour
from surveys.facts_rows import Found
from surveys.hours import MEMORY, Hour, Limits, choose, moments
from surveys.rules import Rule
from surveys.schedule import zone_of
from surveys.windows import read_window

LEARN = "learn"
NEWEST = 5_000
"""So many invitations of a trigger are looked at for its past, those of the newest events."""
SETTLED = timedelta(days=1)
"""So long after an invitation was sent it counts: before, an answer may still be on its way."""
FRESH = timedelta(minutes=1)
_CACHE = "surveys.learnt_hours"
_ANSWERED = (InvitationStatus.STARTED.value, InvitationStatus.COMPLETED.value)
_KEPT = frozenset(
    rule.value
    for rule in (
        *(Rule.LEARNT_HOUR, Rule.OUTSIDE_WINDOW, Rule.QUIET_HOURS, Rule.QUIET_DAY),
        *(Rule.PUBLIC_HOLIDAY, Rule.OPEN_CONVERSATION, Rule.OUTRANKED),
    )
)
"""Who waited by these was given an hour already; earlier rules wait for other days."""
Past = Mapping[int, Hour]


@dataclass(frozen=True)
class Learning:
    """What the drawing needs: each learning trigger's past, and the hours given before."""

    now: datetime
    pasts: Mapping[int, Past] = field(default_factory=dict)
    given: Mapping[int, LearntHour] = field(default_factory=dict)
    fixed: Collection[int] = ()

    def hour(self, row: Found, facts: Facts) -> LearntHour | None:
        """The hour of one invitation; None where its trigger learns none, or none is left."""
        past = self.pasts.get(row.trigger_id)
        if past is None or row.variant_id in self.fixed or facts.channel == "web":
            return None
        if facts.customer_is_test:
            return None
        return self.given.get(row.id) or self._drawn(row, facts, past)

    def _drawn(self, row: Found, facts: Facts, past: Past) -> LearntHour | None:
        limits = Limits(facts.expires_at, read_window(row.window), facts.quiet, facts.zones)
        open_at = moments(self.now, zone_of(row.timezone or row.home_zone), limits)
        if not open_at:
            return None
        hour = choose(past, tuple(open_at), f"invitation {row.id}")
        seen = past.get(hour, Hour())
        return LearntHour(hour, open_at[hour], seen.asked, seen.answered, len(open_at))


def learns(timing: Mapping[str, Any] | None) -> bool:
    """Whether a trigger, by its `timing`, learns the hour of sending."""
    return (timing or {}).get("hour") == LEARN


def learning(session: Session, rows: Sequence[Found], now: datetime) -> Learning:
    """What drawing hours for these invitations needs; nothing is asked where no trigger learns."""
    mine = [row for row in rows if learns(row.timing)]
    if not mine:
        return Learning(now)
    triggers = {row.trigger_id for row in mine}
    return Learning(
        now,
        {one: past_of(session, one, now) for one in sorted(triggers)},
        _given(session, [row.id for row in mine]),
        _fixed(session, {row.variant_id for row in mine if row.variant_id is not None}),
    )


def past_of(session: Session, trigger_id: int, now: datetime, newest: int = NEWEST) -> Past:
    """How many were asked and answered, by hour; a session reads it once a minute."""
    kept: dict[int, tuple[datetime, Past]] = session.info.setdefault(_CACHE, {})
    found = kept.get(trigger_id)
    if found is None or not timedelta(0) <= now - found[0] < FRESH:
        found = kept[trigger_id] = (now, _counted(session.execute(_sent(trigger_id, now, newest))))
    return found[1]


def _sent(trigger_id: int, now: datetime, most: int) -> Any:
    """The trigger's last invitations that were sent: a range of its unique index, no more."""
    newest = (
        select(Invitation.sent_at, Invitation.status, Invitation.customer_id)
        .where(Invitation.trigger_id == trigger_id)
        .order_by(Invitation.event_id.desc())
        .limit(most)
        .subquery()
    )
    zone = func.coalesce(Customer.timezone, Workspace.timezone).label("zone")
    return (
        select(newest.c.sent_at, newest.c.status, zone)
        .join(Customer, Customer.id == newest.c.customer_id)
        .join(Workspace, Workspace.id == Customer.workspace_id)
        .where(newest.c.sent_at <= now - SETTLED)
        .limit(MEMORY)
    )


def _counted(rows: Iterable[Any]) -> Past:
    found: dict[int, list[int]] = {}
    for sent_at, status, zone in rows:
        seen = found.setdefault(sent_at.astimezone(zone_of(zone)).hour, [0, 0])
        seen[0] += 1
        seen[1] += status in _ANSWERED
    return {hour: Hour(*seen) for hour, seen in sorted(found.items())}


def _given(session: Session, ids: Sequence[int]) -> Mapping[int, LearntHour]:
    """The hours that were given before, by the last decision of each invitation."""
    last = (
        select(func.max(Decision.id))
        .where(Decision.invitation_id.in_(ids))
        .group_by(Decision.invitation_id)
    )
    wanted = select(Decision.invitation_id, Decision.facts).where(
        Decision.id.in_(last), Decision.outcome == "wait", Decision.rule.in_(_KEPT)
    )
    read = ((one, Facts.from_json(facts).hour) for one, facts in session.execute(wanted))
    return {one: hour for one, hour in read if hour is not None}


def _fixed(session: Session, variants: Collection[int]) -> frozenset[int]:
    """The variants of experiments that have an hour of their own."""
    if not variants:
        return frozenset()
    own = select(Variant.id).where(Variant.id.in_(variants), Variant.hour.is_not(None))
    return frozenset(session.scalars(own))
