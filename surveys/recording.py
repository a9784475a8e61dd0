"""Consent that the team was told of: written into the ledger, with how and in whose words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.errors import Conflict, InvalidInput
from models.workspace import Workspace
from surveys import consent, optout
from surveys.eligibility_facts import Consent
from surveys.ledger import entries, newest
from surveys.locking import lock

LONGEST = 120
RECORDED_BY = " (recorded by "
SOURCES: Mapping[str, str] = {
    "team_form": "on a signed form",
    "team_call": "on the phone",
    "team_in_person": "in person",
    "team_mail": "by letter or e-mail",
    "team_other": "otherwise",
}
"""How somebody of the team may have been told. None of them is the customer's own word by SMS."""


@dataclass(frozen=True)
class Told:
    """What the team was told: for which number, what, how, in which words, and who writes it."""

    address: str
    state: Consent
    source: str
    words: str
    by: str


def record(
    session: Session, workspace: Workspace, sender: str, told: Told, seen: int, now: datetime
) -> Consent:
    """Write it down; what holds for this sender then. Commits.

    A withdrawal acts at once, as a STOP does. A permission counts for every sender, but never
    takes back a withdrawal: it stands in the ledger all the same. `seen` is the newest entry
    that the person saw (0: none); Conflict where there is one that they did not.
    """
    detail = f"{_checked(told)}{RECORDED_BY}{told.by[:60]})"
    lock(session, Workspace, workspace.id)
    if newest(entries(session, workspace.id, told.address)) != seen:
        session.rollback()
        mend = "Look at it as it is now, and record what it still lacks."
        raise Conflict("the ledger of this number has changed meanwhile", mend=mend)
    about = (workspace.id, told.address)
    if told.state is Consent.WITHDRAWN:
        optout.withdraw(session, workspace.id, sender, told.address, told.source, now, detail)
    else:
        owner = optout.customer_at(session, *about)
        consent.record(
            session, *about, told.state, told.source, now, customer_id=owner, detail=detail
        )
    session.commit()
    return consent.state_of(session, *about, sender)


def _checked(told: Told) -> str:
    """The words, fit to be kept."""
    said = " ".join(told.words.replace("\x00", "").split())
    if told.source not in SOURCES or told.state is Consent.NONE:
        raise InvalidInput("is none of the choices", field="source", mend="Choose from the list.")
    if not said:
        mend = "Say how you know, such as: form of 3 May, in the branch."
        raise InvalidInput("there is nothing that says how you know", field="words", mend=mend)
    if len(said) > LONGEST:
        mend = "Say it more briefly."
        raise InvalidInput(f"is longer than {LONGEST} characters", field="words", mend=mend)
    return said
