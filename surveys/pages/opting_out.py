"""No more texts or e-mails, said on the page: whoever can't reply STOP says it there.

It is meant of all of the workspace's senders. It can be taken back on the same page, for the
sender that brought the link, as long as nothing else was said since; a STOP stays a STOP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.invitation import Invitation
from models.message import Message
from models.status import ConversationStatus
from models.workspace import OptOutLevel
from surveys import consent, optout
from surveys.calling_off import drop_mails
from surveys.channels.addresses import EMAIL, MAIL_SENDER, channel_of
from surveys.consent_entries import Entry, entries_of
from surveys.eligibility_facts import Consent

ON_PAGE = "on the survey page"
_BY_MAIL = Message.sender == MAIL_SENDER


@dataclass(frozen=True)
class Texted:
    """To whom a link was texted, and from where."""

    workspace_id: int
    customer_id: int
    sender: str
    address: str

    @property
    def channel(self) -> str:
        """The channel that brought it, which is what may be stopped."""
        return channel_of(self.address)


def texted(session: Session, token: str, by_mail: bool | None = None) -> Texted | None:
    """Whom a link was sent to last, by e-mail or by SMS; None where no message brought it."""
    wanted = {None: true(), True: _BY_MAIL, False: ~_BY_MAIL}[by_mail]
    row = session.execute(
        select(Message.workspace_id, Invitation.customer_id, Message.sender, Message.address)
        .join(Invitation, Invitation.id == Message.invitation_id)
        .where(Invitation.token == token, Message.direction == "out", wanted)
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()
    return Texted(*row) if row is not None else None


class Wish(StrEnum):
    """What holds of texts, as far as the page goes."""

    OPEN = "open"
    STOPPED = "stopped"
    STOPPED_BEFORE = "stopped_before"  # by STOP too, which only START takes back


def wish(session: Session, whom: Texted) -> Wish:
    """What holds: only what was said last, on a page, is shown as said."""
    entries = _entries(session, whom)
    said = Entry(Consent.WITHDRAWN.value, consent.CUSTOMER_WEB, None)
    if entries[:1] != [said]:
        return Wish.OPEN
    before = consent.ruling(entries[1:], whom.sender)
    return Wish.STOPPED_BEFORE if before is Consent.WITHDRAWN else Wish.STOPPED


def opt_out(session: Session, whom: Texted, now: datetime) -> None:
    """Withdraw from all senders of the channel at once, and end every exchange. Commits.

    As far as the workspace lets a STOP reach, but never from one sender alone.
    """
    if wish(session, whom) is Wish.OPEN:
        level = optout.level_of(session, whom.workspace_id)
        _record(session, whom, Consent.WITHDRAWN, None, now)
        if level is OptOutLevel.EVERYWHERE:
            about = (whom.workspace_id, whom.address, consent.CUSTOMER_WEB, now)
            consent.record_everywhere(session, *about, sender=whom.sender, detail=ON_PAGE)
    if whom.channel == EMAIL:
        drop_mails(session, whom.workspace_id, whom.customer_id, whom.address, now)
        session.commit()
        return
    for sender in sorted({whom.sender, *_talking(session, whom)}):
        where = (whom.workspace_id, sender, whom.address)
        optout.withdraw(session, *where, consent.CUSTOMER_WEB, now, ON_PAGE)
    session.commit()


def opt_in(session: Session, whom: Texted, now: datetime) -> bool:
    """Take it back, where it was the last word; False, and nothing written, elsewhere. Commits."""
    undone = wish(session, whom) is Wish.STOPPED
    if undone:
        _record(session, whom, Consent.GRANTED, whom.sender, now)
    session.commit()
    return undone


def _entries(session: Session, whom: Texted) -> list[Entry]:
    """All that the ledger has of the address, the latest first."""
    known = entries_of(session, {whom.workspace_id}, {whom.address})
    return known(whom.workspace_id, whom.address)


def _talking(session: Session, whom: Texted) -> list[str]:
    """The senders that wait for a reply of theirs."""
    return list(
        session.scalars(
            select(Conversation.sender).where(
                Conversation.workspace_id == whom.workspace_id,
                Conversation.address == whom.address,
                Conversation.status == ConversationStatus.OPEN.value,
            )
        )
    )


def _record(
    session: Session,
    whom: Texted,
    state: Consent,
    sender: str | None,
    now: datetime,
) -> None:
    consent.record(
        session,
        whom.workspace_id,
        whom.address,
        state,
        consent.CUSTOMER_WEB,
        now,
        sender=sender,
        customer_id=whom.customer_id,
        channel=whom.channel,
        detail=ON_PAGE,
    )
