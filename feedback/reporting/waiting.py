"""Who waits to be asked, by the rule that lets them wait: invitations as they stand now.

A waiting invitation is a scheduled one that was decided on, last with `wait`; its due time is what
it waits for. The first so many scheduled ones are looked at, by when they are due: a range of
`ix_invitations_turns`, and for each a look into its decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from feedback.reporting.not_asked_schema import Waiting, WaitingRule
from models.invitation import Decision, Invitation
from models.status import InvitationStatus
from surveys.rules import words_of
from surveys.taking_turns import word

MOST = 20_000
"""So many scheduled invitations are looked at, those due first."""
SCHEDULED = Invitation.status == word(InvitationStatus.SCHEDULED.value)
"""As the index has it, word for word."""


def waiting(
    session: Session, workspace_id: int, wanted: Sequence[ColumnElement[bool]], most: int = MOST
) -> Waiting:
    """How many wait by each rule, the most first, and from when till when they wait.

    `wanted` narrows them by survey or channel; `more` where there are later ones still.
    """
    rows = session.execute(_counts(workspace_id, wanted, most)).all()
    found = sorted((row for row in rows if row.rule), key=lambda row: (-row.n, row.rule))
    return Waiting(
        n=sum(row.n for row in found),
        more=sum(row.n for row in rows) >= most,
        rules=[_rule(row) for row in found],
    )


def waits_by(rule: str) -> ColumnElement[bool]:
    """Whether an invitation of a statement waits by this rule, as SQL."""
    last = aliased(Decision)
    newest = _last(Invitation.id).correlate(Invitation)
    by_it = exists().where(last.id == newest, _waits(last), last.rule == rule)
    return and_(SCHEDULED, by_it.correlate(Invitation))


def _rule(row: Row[Any]) -> WaitingRule:
    words = words_of(row.rule)
    return WaitingRule(
        rule=row.rule, words=words, n=row.n, earliest=row.earliest, latest=row.latest
    )


def _last(invitation_id: Any) -> ScalarSelect[int]:
    """The decision that was taken last about an invitation."""
    one = aliased(Decision)
    mine = select(func.max(one.id)).where(one.invitation_id == invitation_id)
    return mine.scalar_subquery()


def _waits(decision: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = decision.outcome == "wait"
    return found


def _counts(workspace_id: int, wanted: Sequence[ColumnElement[bool]], most: int) -> Any:
    """Those that wait by their rule; under none those that nobody looked at yet."""
    first = (
        select(Invitation.id, Invitation.due_at)
        .where(Invitation.workspace_id == workspace_id, SCHEDULED, *wanted)
        .order_by(Invitation.due_at)
        .limit(most)
        .subquery()
    )
    return (
        select(
            Decision.rule.label("rule"),
            func.count().label("n"),
            func.min(first.c.due_at).label("earliest"),
            func.max(first.c.due_at).label("latest"),
        )
        .select_from(first)
        .outerjoin(Decision, and_(Decision.id == _last(first.c.id), _waits(Decision)))
        .group_by(Decision.rule)
    )
