"""Who waits to be asked, by the rule that lets them wait: invitations as they stand now.

A waiting invitation is a scheduled one that was decided on, last with `wait`; its due time is what
it waits for. The first so many scheduled ones are looked at, by when they are due: a range of
`ix_invitations_turns`, and for each a look into its decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import Session

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
    return and_(SCHEDULED, _waits_by() == rule)


def _rule(row: Row[Any]) -> WaitingRule:
    words = words_of(row.rule)
    return WaitingRule(
        rule=row.rule, words=words, n=row.n, earliest=row.earliest, latest=row.latest
    )


def _waits_by() -> ColumnElement[str | None]:
    """The rule of the decision that was taken last, where it was to wait: one look by an index."""
    waits = case((Decision.outcome == "wait", Decision.rule))
    mine = select(waits).where(Decision.invitation_id == Invitation.id)
    return mine.order_by(Decision.id.desc()).limit(1).correlate(Invitation).scalar_subquery()


def _counts(workspace_id: int, wanted: Sequence[ColumnElement[bool]], most: int) -> Any:
    """Those that wait by their rule; under none those that nobody looked at yet."""
    first = (
        select(Invitation.due_at, _waits_by().label("rule"))
        .where(Invitation.workspace_id == workspace_id, SCHEDULED, *wanted)
        .order_by(Invitation.due_at)
        .limit(most)
        .subquery()
    )
    return select(
        first.c.rule,
        func.count().label("n"),
        func.min(first.c.due_at).label("earliest"),
        func.max(first.c.due_at).label("latest"),
    ).group_by(first.c.rule)
