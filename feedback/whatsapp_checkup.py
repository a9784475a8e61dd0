"""Can surveys ask by WhatsApp: the sender, where replies go, every template's approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.finding import Finding
from feedback.sender_checkup import astray
from models.survey import Survey, Trigger
from models.workspace import Workspace
from surveys.channels.addresses import WHATSAPP, plain
from surveys.channels.errors import known
from surveys.channels.twilio_setup import TemplateThere, WhatsAppThere
from surveys.whatsapp_templates import INVITATION

ONLINE = "ONLINE"
_SENDER_PAGE = "Messaging > Senders > WhatsApp senders"
_TEMPLATE_PAGE = "Messaging > Content Template Builder"
_WAITS = ("unsubmitted", "received", "pending")
_CODES: Mapping[str, str] = {"rejected": "63040", "paused": "63041", "disabled": "63042"}


@dataclass(frozen=True)
class OurTemplate:
    """A template that a survey is set to use."""

    survey: str
    use: str
    language: str
    sid: str
    text: str

    @property
    def subject(self) -> str:
        """What it is called where something is said of it."""
        return f"template of {self.survey}, {self.use} in {self.language}"


@dataclass(frozen=True)
class OurWhatsApp:
    """What we are set to: senders with whose they are, templates, and where replies belong."""

    inbound: str
    senders: Mapping[str, str]
    templates: Sequence[OurTemplate]


class Setup(Protocol):
    """What can be asked of the provider."""

    def whatsapp(self, sender: str) -> WhatsAppThere | None:
        """One of the account's WhatsApp senders."""

    def template(self, sid: str) -> TemplateThere | None:
        """A template, with its approval."""


def whatsapp(there: Setup, ours: OurWhatsApp) -> Iterator[Finding]:
    """The senders, then the templates; nothing where WhatsApp is not used."""
    for sender, whose in ours.senders.items():
        yield from _sender(there.whatsapp(sender), sender, whose, ours.inbound)
    for one in ours.templates:
        yield template(there.template(one.sid), one)


def _sender(
    found: WhatsAppThere | None, sender: str, whose: str, inbound: str
) -> Iterator[Finding]:
    subject = f"WhatsApp {plain(sender)}"
    if found is None:
        why = f"{whose}, is no WhatsApp sender of the account, so nothing leaves from it (63007)"
        yield Finding(subject, False, f"{why}: register it under {_SENDER_PAGE}")
        return
    if not found.status.startswith(ONLINE):
        words = f"{whose}, is {found.status.lower()}: see why under {_SENDER_PAGE}"
        yield Finding(subject, False, words)
    else:
        yield Finding(subject, True, f"{whose}, is online")
    yield tells(found, inbound)


def tells(found: WhatsAppThere, inbound: str) -> Finding:
    """Do replies to a WhatsApp sender come to us."""
    number = plain(found.sender)
    subject, page = f"webhook of WhatsApp {number}", f"{_SENDER_PAGE} > {number}"
    wrong = astray(found.url, found.method, inbound)
    if wrong is None:
        return Finding(subject, True, f"replies come to {inbound}")
    mend = f"under {page}, set Webhook URL for incoming messages to {inbound}, HTTP POST"
    return Finding(subject, False, f"{wrong}: {mend}")


def template(found: TemplateThere | None, ours: OurTemplate) -> Finding:
    """Is a template there, approved, and worded as we know it."""
    subject, sid = ours.subject, ours.sid
    if found is None:
        mend = f"copy its id (HX…) anew from {_TEMPLATE_PAGE}"
        return Finding(subject, False, f"the account has no {sid} (21655): {mend}")
    if found.status in _WAITS:
        mend = "send it in for WhatsApp approval" if found.status == "unsubmitted" else "wait"
        words = f"{sid} is {found.status}, not approved yet: {mend}; see {_TEMPLATE_PAGE}"
        return Finding(subject, False, words)
    if found.status != "approved":
        code = _CODES.get(found.status)
        why = f"{known(code).words} ({code})" if code else f"it is {found.status}"
        reason = f": {found.reason}" if found.reason else ""
        words = f"{sid}: {why}{reason}. Make another under {_TEMPLATE_PAGE}"
        return Finding(subject, False, words)
    if found.body.split() != ours.text.split():
        words = f"{sid} reads otherwise at Twilio, “{found.body}”: copy that to the survey's text"
        return Finding(subject, False, words)
    return Finding(subject, True, f"{sid} is approved")


def ready(session: Session, sender: str | None) -> Iterator[Finding]:
    """Has every trigger that asks by WhatsApp a sender and a template."""
    rows = session.execute(
        select(Trigger.key, Survey.key, Survey.whatsapp, Workspace.name, Workspace.whatsapp_sender)
        .join(Survey, Survey.id == Trigger.survey_id)
        .join(Workspace, Workspace.id == Trigger.workspace_id)
        .where(Trigger.channel == WHATSAPP, Trigger.enabled)
        .order_by(Workspace.name, Trigger.key)
    )
    for trigger, survey, templates, workspace, own in rows:
        subject = f"trigger {trigger} of {workspace}"
        if not (own or sender):
            mend = "set TWILIO_WHATSAPP_FROM, or whatsapp_sender in the workspace's settings"
            yield Finding(subject, False, f"asks by WhatsApp, and there is no sender: {mend}")
        if not (templates or {}).get(INVITATION):
            mend = f"give survey {survey} one under whatsapp: invitation:"
            yield Finding(subject, False, f"asks by WhatsApp, and there is no template: {mend}")


def our_templates(session: Session) -> list[OurTemplate]:
    """Every template that a survey is set to use."""
    rows = session.execute(
        select(Survey.key, Survey.whatsapp)
        .where(Survey.whatsapp.is_not(None), Survey.enabled)
        .order_by(Survey.workspace_id, Survey.key)
    )
    return [
        OurTemplate(key, use, language, one["sid"], one["text"])
        for key, stored in rows
        for use, templates in (stored or {}).items()
        for language, one in templates.items()
    ]


def own_senders(session: Session) -> dict[str, str]:
    """The WhatsApp senders that workspaces have of their own, each with whose it is."""
    owners: dict[str, list[str]] = {}
    rows = session.execute(
        select(Workspace.whatsapp_sender, Workspace.name)
        .where(Workspace.whatsapp_sender.is_not(None))
        .order_by(Workspace.whatsapp_sender, Workspace.name)
    )
    for sender, name in rows:
        owners.setdefault(str(sender), []).append(name)
    return {sender: f"of {', '.join(names)}" for sender, names in owners.items()}
