"""The consent ledger of a number: what was allowed at any time, why, and from where.

No address of these pages says the number: a proxy's log would keep it. They name an entry, a
message or an exchange of the number instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import consent_words
from feedback.inbox.exchanges import find_exchange
from feedback.pages import inbox_words
from feedback.pages.frame import workspace
from models.base import db
from models.customer import Consent as Entry
from models.errors import Conflict, InvalidInput, NotFound, WaymarkError
from models.message import Message
from surveys import ledger
from surveys.access import Access, allow
from surveys.channels.addresses import (
    SMS,
    WHATSAPP,
    address_on,
    channel_of,
    is_whatsapp,
    plain,
)
from surveys.eligibility_facts import Consent
from surveys.phones import normalise
from surveys.recording import LONGEST, SOURCES, Told, record
from surveys.schedule import zone_of
from surveys.senders import sender_on
from surveys.services import Services

DONE = {
    "granted": "Recorded: it is given now.",
    "withdrawn": "Recorded: it is withdrawn, and nothing more is sent.",
    "kept": "Recorded, but it changes nothing: a withdrawal holds until the customer's own START.",
}
WAYS = ("of", "entry", "message")


@dataclass(frozen=True)
class Asked:
    """Which number is asked about, and how its pages name it without saying it."""

    address: str
    way: str = ""
    id: str = ""

    def href(self, **more: str) -> str:
        """The address of its page."""
        return f"{url_for('pages.consent')}?{urlencode({self.way: self.id, **more})}"


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/consent`, looking a number up, and recording what the team was told."""

    @blueprint.get("/consent")
    @allow(Access.SESSION)
    def consent() -> ResponseReturnValue:
        return _page(services, _asked(db.session(), request.args))

    @blueprint.post("/consent")
    @allow(Access.SESSION)
    def find_consent() -> ResponseReturnValue:
        try:
            address = _address(request.form)
        except InvalidInput as error:
            return _page(services, None, problem=error), 422
        named = _named(db.session(), address)
        if named.way:
            return redirect(named.href(), 303)
        return _page(services, named)

    @blueprint.post("/consent/record")
    @allow(Access.SESSION)
    def record_consent() -> ResponseReturnValue:
        session, form = db.session(), request.form
        asked = _asked(session, form)
        if asked is None:
            raise NotFound("there is no such number", mend="Look it up first.")
        sender = _own(session, services, asked.address)
        seen = form.get("seen", 0, type=int)
        try:
            told = _told(asked.address, form)
            holds = record(session, workspace(), sender, told, seen, services.now())
        except (InvalidInput, Conflict) as error:
            status = 409 if isinstance(error, Conflict) else 422
            return _page(services, asked, problem=error), status
        named = _named(session, asked.address)
        done = told.state.value if holds is told.state else "kept"
        return redirect(named.href(done=done), 303)


def _address(given: Mapping[str, str]) -> str:
    """The address that was typed, on the channel that was chosen."""
    number = given.get("number", "")
    by = WHATSAPP if is_whatsapp(number) else given.get("by", SMS)
    return address_on(by, normalise(plain(number), workspace().default_region))


def _own(session: Session, services: Services, address: str) -> str:
    """The workspace's sender on an address's channel."""
    return sender_on(channel_of(address), session, services, g.workspace_id)


def _told(address: str, form: Mapping[str, str]) -> Told:
    given = form.get("state", "")
    state = Consent(given) if given in set(Consent) else Consent.NONE
    return Told(address, state, form.get("source", ""), form.get("words", ""), g.user.email)


def _asked(session: Session, given: Mapping[str, str]) -> Asked | None:
    """The number that is asked about, however it is named; None where none is."""
    way = next((one for one in WAYS if given.get(one)), None)
    if way is None:
        return Asked(_address(given)) if given.get("number") else None
    id_ = given[way]
    if way == "of":
        return Asked(find_exchange(session, g.workspace_id, id_).number.address, way, id_)
    row_id = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 19 else 0
    row = session.get(Entry, row_id) if way == "entry" else session.get(Message, row_id)
    if row is None or row.workspace_id != g.workspace_id:
        raise NotFound("there is no such number", mend="Look it up by the number itself.")
    return Asked(row.address, way, id_)


def _named(session: Session, address: str) -> Asked:
    """A number by an entry or a message of it, where there is one."""
    rows = ledger.entries(session, g.workspace_id, address)
    if ledger.newest(rows):
        return Asked(address, "entry", str(ledger.newest(rows)))
    message = session.scalar(
        select(Message.id)
        .where(Message.workspace_id == g.workspace_id, Message.address == address)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return Asked(address, "message", str(message)) if message else Asked(address)


def _at(now: datetime) -> datetime:
    """The time asked about, in the workspace's zone; now where none is, or none can be read."""
    try:
        given = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return now
    return given if given.tzinfo else given.replace(tzinfo=zone_of(workspace().timezone))


def _page(services: Services, asked: Asked | None, problem: WaymarkError | None = None) -> str:
    session, now = db.session(), services.now()
    shown: dict[str, Any] = {"asked": asked, "problem": problem, "c": consent_words}
    if asked is not None:
        shown |= _ledger(session, services, asked, _at(now), now)
    return render_template(
        "consent.html",
        **shown,
        i=inbox_words,
        sources=SOURCES,
        longest=LONGEST,
        form=request.form,
        done=DONE.get(request.args.get("done", "")),
    )


def _ledger(
    session: Session, services: Services, asked: Asked, at: datetime, now: datetime
) -> dict[str, Any]:
    rows = ledger.entries(session, g.workspace_id, asked.address)
    own = _own(session, services, asked.address)
    return {
        "at": at.astimezone(zone_of(workspace().timezone)),
        "past": at < now,
        "own": own,
        "held": ledger.senders_at(rows, own, at),
        "entries": rows[::-1],
        "messages": {one.id: ledger.led_to(session, one) for one in rows},
        "newest": ledger.newest(rows),
    }
