"""Due invitations: claimed, decided on and asked, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from models.invitation import Invitation
from models.status import InvitationStatus
from models.survey import Survey
from surveys.considering import Setting, consider, consider_many
from surveys.eligibility import Ask
from surveys.facts_addresses import Senders
from surveys.in_line import held_up
from surveys.locking import lock
from surveys.services import Services
from surveys.taking_turns import Queue, oldest, take, word
from surveys.ways import ASKS
from surveys.whom import whom

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""How a channel asks; the web waits for its visitor."""
TOGETHER = 25
"""So many are decided on in one transaction: their customers are held meanwhile."""
DUE = Queue(
    kind="fire",
    row_id=Invitation.id,
    workspace_id=Invitation.workspace_id,
    since=Invitation.due_at,
    order=(Invitation.due_at,),
    waits=lambda now: and_(
        Invitation.status == word(InvitationStatus.SCHEDULED.value), Invitation.due_at <= now
    ),
)


def fire_due(session: Session, services: Services, now: datetime, limit: int = 200) -> int:
    """Decide on the invitations that are due, and ask; how many were dealt with. Commits.

    Safe to run in many workers at once and to be killed at any point: what a worker held
    is taken up again once its lease has run out.
    """
    _release_lapsed(session, now)
    claimed = _claim(session, now, limit)
    turns = list(_turns(session, claimed))
    session.commit()
    for turn in turns:
        _fire_apart(session, services, now, _fire_together(session, services, turn, now))
    return len(claimed)


def _fire_together(
    session: Session, services: Services, turn: Mapping[int, int], now: datetime
) -> list[int]:
    """Deal with invitations of different customers in one transaction; which are left."""
    try:
        decisions = consider_many(
            session, turn.keys(), set(turn.values()), now, setting_of(services)
        )
        asked = [one for one, decision in decisions.items() if isinstance(decision, Ask)]
        _ask(session, services, asked, now)
        session.commit()
    except Exception as error:  # each is tried by itself, and says what is wrong with it
        session.rollback()
        log.warning("%d invitations are dealt with one by one: %s", len(turn), type(error).__name__)
        return list(turn)
    return [one for one in turn if one not in decisions]


def _fire_apart(
    session: Session, services: Services, now: datetime, claimed: Iterable[int]
) -> None:
    for invitation_id in claimed:
        try:
            fire_one(session, services, invitation_id, now)
        except Exception:  # whatever is wrong with one, the other customers don't wait for it
            session.rollback()
            log.exception("invitation %d could not be dealt with", invitation_id)


def fire_one(session: Session, services: Services, invitation_id: int, now: datetime) -> None:
    """Decide on one invitation that this worker holds, and commit what comes of it."""
    invitation = lock(session, Invitation, invitation_id)
    if invitation is None or invitation.claimed_until is None:
        session.rollback()
        return
    if isinstance(consider(session, invitation, now, setting_of(services)), Ask):
        _ask(session, services, [invitation_id], now)
    session.commit()


def setting_of(services: Services) -> Setting:
    """Who asks, as decisions need to know it."""
    senders = Senders(services.gateway.sender, services.whatsapp_sender or "")
    return Setting(senders, services.rings)


def _ask(session: Session, services: Services, ids: Sequence[int], now: datetime) -> None:
    """Ask those that were decided to be asked; a link on the web is asked by itself."""
    for one in whom(session, ids):
        ask = ASKS.get(one.invitation.channel)
        if ask is not None:
            ask(session, services, one, one.sender(services), now)


def _turns(session: Session, claimed: Sequence[int]) -> Iterator[dict[int, int]]:
    """Some invitations at a time with their customers, of each customer one: the worthiest first,
    so that what is decided on next sees it as asked."""
    ranked = (
        select(Invitation.id, Invitation.customer_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Invitation.id.in_(claimed))
        .order_by(Survey.worth.desc(), Invitation.id)
    )
    waiting = [(row.id, row.customer_id) for row in session.execute(ranked)] if claimed else []
    while waiting:
        turn: dict[int, int] = {}
        left, customers = [], set()
        for invitation_id, customer_id in waiting:
            if len(turn) < TOGETHER and customer_id not in customers:
                turn[invitation_id] = customer_id
            else:
                left.append((invitation_id, customer_id))
            customers.add(customer_id)
        yield turn
        waiting = left


def owed(session: Session, now: datetime) -> datetime | None:
    """When the oldest invitation was due that is to be taken up, a dead worker's too."""
    lapsed = session.scalar(
        select(Invitation.due_at)
        .where(Invitation.status == word(InvitationStatus.SENDING.value))
        .where(Invitation.claimed_until <= now)
        .order_by(Invitation.claimed_until)
        .limit(1)
    )
    times = (oldest(session, DUE, now), lapsed)
    return min((time for time in times if time), default=None)


def _release_lapsed(session: Session, now: datetime) -> None:
    """Give back what a worker died with. The lease is NULL once a message carries the work."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.status == word(InvitationStatus.SENDING.value),
            Invitation.claimed_until <= now,
        )
        .values(status=InvitationStatus.SCHEDULED.value, claimed_until=None, status_at=now)
        .execution_options(synchronize_session=False)
    )


def _claim(session: Session, now: datetime, limit: int) -> list[int]:
    """Take due invitations, workspaces in turn; none that a second worker has taken.

    A workspace whose messages don't leave as fast writes no more of them for now.
    """
    due = take(session, DUE, now, limit, without=held_up(session, now))
    scheduled = Invitation.status == word(InvitationStatus.SCHEDULED.value)
    claimed = session.scalars(
        update(Invitation)
        .where(Invitation.id.in_(due), scheduled)
        .values(status=InvitationStatus.SENDING.value, claimed_until=now + LEASE, status_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(claimed)
