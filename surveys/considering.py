"""Deciding on invitations: many at once, each decision stored with the facts it was taken on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Update, bindparam, insert, or_, update
from sqlalchemy.orm import Session

from models import invitation as tables
from models.customer import Customer
from models.errors import Conflict
from models.invitation import Invitation
from models.status import InvitationStatus, sources
from surveys.channel_choice import goes_on, move_on
from surveys.decisions import reason
from surveys.eligibility import Ask, Decision, Facts, Refuse, Rule, Wait, decide
from surveys.facts import Gathered, gather
from surveys.facts_addresses import Senders
from surveys.facts_build import Known, facts_of
from surveys.facts_rows import Found, invitations
from surveys.locking import lock_all
from surveys.peace import decide_quiet
from surveys.quotas import note

Taken = tuple[Found, Decision, Facts]


@dataclass(frozen=True)
class Setting:
    """Who asks: the program's senders, for workspaces without; `rings`: texts reach people."""

    senders: Senders = field(default_factory=Senders)
    rings: bool = False


def consider(session: Session, invitation: Invitation, now: datetime, setting: Setting) -> Decision:
    """Decide whether to ask one now (see `consider_many`). Conflict where it waits no more."""
    session.flush()
    customers = (invitation.customer_id,)
    decisions = consider_many(session, (invitation.id,), customers, now, setting, claimed=False)
    session.expire(invitation)
    if invitation.id not in decisions:
        mend = "Look at what became of it."
        raise Conflict("the invitation does not wait to be asked", mend=mend)
    return decisions[invitation.id]


def consider_many(
    session: Session,
    ids: Collection[int],
    customers: Collection[int],
    now: datetime,
    setting: Setting,
    claimed: bool = True,
) -> Mapping[int, Decision]:
    """Decide whether to ask now, store the decisions, and apply refusals and waits.

    The invitations are of different customers, whose rows are held, so that two workers can't
    each find that nobody asked a customer yet. Those that wait no more, or that somebody else
    holds this instant, are left out. An Ask changes nothing but a web invitation, whose link
    is live from now on: it counts as sent. A refusal of one channel is stored, and the next
    channel decided on. `claimed`: only those that a worker holds. Commits
    nothing.
    """
    lock_all(session, Customer, customers)
    rows = invitations(session, ids, claimed)
    gathered = gather(session, rows, setting.senders, setting.rings, now)
    taken = [_decided(gathered, row, now) for row in rows]
    if taken:
        session.execute(insert(tables.Decision), [_stored(*one, now) for one in taken])
        _apply(session, [one for one in taken if not goes_on(one[0], one[1])], now)
        asked = (row.id for row, decision, _ in taken if isinstance(decision, Ask))
        note(session, {one: gathered.counting[one] for one in asked})
    decisions = {row.id: decision for row, decision, _ in taken}
    going_on = [row for row, decision, _ in taken if goes_on(row, decision)]
    if going_on:
        move_on(session, going_on)
        ids = [row.id for row in going_on]
        decisions |= consider_many(session, ids, (), now, setting, claimed)
    return decisions


def quiet_now(session: Session, invitation_id: int, rings: bool, now: datetime) -> str | None:
    """Why it is quiet where the customer of an invitation by hand is; None where it isn't."""
    rows = invitations(session, [invitation_id], claimed=False)
    facts = [facts_of(row, Known(now, Senders(), rings)) for row in rows]
    kept = (decide_quiet(replace(one, by_hand=False, customer_is_test=False), now) for one in facts)
    return next((reason(one) for one in kept if one is not None), None)


def _decided(gathered: Gathered, row: Found, now: datetime) -> Taken:
    facts = gathered.facts(row)
    decision = decide(facts, now)
    if isinstance(decision, Ask):
        gathered.take(row)
    return row, decision, facts


def _stored(row: Found, decision: Decision, facts: Facts, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": row.workspace_id,
        "invitation_id": row.id,
        "outcome": decision.outcome,
        "rule": None if isinstance(decision, Ask) else decision.rule.value,
        "detail": "" if isinstance(decision, Ask) else decision.detail[:300],
        "until": decision.until if isinstance(decision, Wait) else None,
        "facts": facts.to_json(),
        "decided_at": now,
    }


S = InvitationStatus


def _apply(session: Session, taken: Sequence[Taken], now: datetime) -> None:
    changes: dict[S, list[dict[str, Any]]] = {}
    for row, decision, _ in taken:
        found = _change(row, decision)
        if found is not None:
            changes.setdefault(found[0], []).append({"this": row.id, "at": now, **found[1]})
    for to, values in changes.items():
        session.connection().execute(_STATEMENTS[to], values)


def _change(row: Found, decision: Decision) -> tuple[S, dict[str, Any]] | None:
    if isinstance(decision, Ask):
        return (S.SENT, {}) if row.channel == "web" else None
    if isinstance(decision, Wait):
        return S.SCHEDULED, {"until": decision.until}
    if isinstance(decision, Refuse):
        late = decision.rule is Rule.EXPIRED
        return S.EXPIRED if late else S.SUPPRESSED, {"why": decision.rule.value}
    return assert_never(decision)


_TABLE = Invitation.__table__
_AT = bindparam("at", type_=_TABLE.c.status_at.type)


def _move(to: S, *also: S, **values: Any) -> Update:
    """One guarded UPDATE a row, for many rows at once."""
    may = (*sources("invitations", to), *also)
    in_one_of = or_(*(_TABLE.c.status == one for one in may))  # a list can't stand in executemany
    guarded = (_TABLE.c.id == bindparam("this")) & in_one_of
    moved = update(Invitation).where(guarded)
    return moved.values(status=to.value, status_at=_AT, claimed_until=None, **values)


_STATEMENTS = {
    S.SENT: _move(S.SENT, sent_at=_AT),
    S.SCHEDULED: _move(
        S.SCHEDULED, S.SCHEDULED, due_at=bindparam("until", type_=_TABLE.c.due_at.type)
    ),
    S.SUPPRESSED: _move(S.SUPPRESSED, rule=bindparam("why")),
    S.EXPIRED: _move(S.EXPIRED, rule=bindparam("why")),
}
