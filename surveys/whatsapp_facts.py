"""Whether customers can be reached by WhatsApp: consent, a sender, a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace
from surveys import consent
from surveys.channels.addresses import WHATSAPP, address_on
from surveys.eligibility_facts import Consent, Rule
from surveys.facts_addresses import Senders
from surveys.facts_rows import Found
from surveys.versions import definition_at
from surveys.whatsapp_templates import INVITATION, template_for

_SAID = (
    Survey.whatsapp,
    SurveyVersion.id.label("version"),
    SurveyVersion.content_hash,
    Customer.locale,
    Workspace.default_locale,
)
_OF_ONE = (
    select(*_SAID)
    .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
    .join(Customer, Customer.id == bindparam("customer"))
    .join(Workspace, Workspace.id == Customer.workspace_id)
    .where(SurveyVersion.id == bindparam("asked"))
)


def lacking_of(session: Session, rows: Sequence[Found], senders: Senders) -> Mapping[int, str]:
    """Of invitations by WhatsApp, the rule by which it can't ask: no sender, or no template.

    One statement, and none where nobody is to be asked by WhatsApp.
    """
    by_id = {row.id: row for row in rows if row.channel == WHATSAPP}
    if not by_id:
        return {}
    found = session.execute(
        select(Invitation.id, *_SAID)
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(SurveyVersion, SurveyVersion.id == Invitation.version_id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .where(Invitation.id.in_(by_id))
    )
    told = ((one.id, lacking(session, one, senders.of(by_id[one.id]))) for one in found)
    return {invitation: rule.value for invitation, rule in told if rule is not None}


def unreachable_by(
    session: Session, version_id: int, customer: Customer, sender: str
) -> Rule | None:
    """The first rule by which WhatsApp can't reach a customer for a survey; None where it can.

    For whoever chooses between channels; eligibility decides on all rules when it is due.
    """
    if not customer.phone:
        return Rule.NO_ADDRESS
    row = session.execute(_OF_ONE, {"asked": version_id, "customer": customer.id}).one()
    missing = lacking(session, row, sender)
    if missing is not None:
        return missing
    address = address_on(WHATSAPP, customer.phone)
    given = consent.state_of(session, customer.workspace_id, address, sender)
    if given is Consent.WITHDRAWN:
        return Rule.WITHDREW_CONSENT
    return None if given is Consent.GRANTED else Rule.NO_CONSENT


def lacking(session: Session, said: Found, sender: str) -> Rule | None:
    """The rule by which WhatsApp can't ask: `said` is what `_SAID` reads of a survey."""
    if not sender:
        return Rule.NO_SENDER
    definition = definition_at(session, said.version, said.content_hash)
    language = definition.language_for(said.locale or said.default_locale)
    known = template_for(said.whatsapp, INVITATION, language)
    return None if known else Rule.NO_TEMPLATE
