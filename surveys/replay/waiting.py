"""An invitation that waits in a replay: shaped like the rows that decisions are taken on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.replay.people import Person
from surveys.replay.real import Real
from surveys.replay.rules import Rules
from surveys.unless import Held


@dataclass(slots=True, eq=False)
class Waiting:
    """What surveys.facts_rows reads of one invitation, and what a replay knows besides.

    `real` is the invitation that the same event really made, `waited` the rules that it has
    waited for, `held` what calls it off where its trigger names that.
    """

    id: int
    workspace_id: int
    customer_id: int
    survey_id: int
    trigger_id: int | None
    event_id: int | None
    version_id: int
    channel: str
    other_channels: str | None
    due_at: datetime
    expires_at: datetime
    external_id: str
    phone: str | None
    email: str | None
    locale: str | None
    timezone: str | None
    attributes: Mapping[str, Any]
    is_test: bool
    sender: str | None
    whatsapp_sender: str | None
    quarantine_days: float
    home_zone: str
    home_country: str
    contact_rules: Mapping[str, Any] | None
    survey_key: str
    kind: str | None
    worth: int
    survey_enabled: bool
    survey_quarantine_days: float
    survey_rules: Mapping[str, Any] | None
    trigger_enabled: bool | None
    sample: float | None
    sample_salt: str | None
    window: Mapping[str, Any] | None
    unless: Sequence[Mapping[str, Any]] | None
    person: Person
    real: Real | None
    made_at: datetime
    held: Held | None = None
    waited: tuple[str, ...] = ()
    already_answered: bool = False


def waiting(
    rules: Rules,
    person: Person,
    number: int,
    asks: Mapping[str, Any],
    real: Real | None,
    made_at: datetime,
) -> Waiting:
    """An invitation under these rules; `asks` names what it is, as a row of invitations does."""
    home, survey = rules.workspace, rules.surveys[asks["survey_id"]]
    trigger: Any = rules.by_trigger.get(asks["trigger_id"] or 0)
    return Waiting(
        id=number,
        workspace_id=home.id,
        customer_id=person.id,
        survey_id=survey.id,
        trigger_id=asks["trigger_id"],
        event_id=asks["event_id"],
        version_id=asks["version_id"],
        channel=asks["channel"],
        other_channels=asks["other_channels"],
        due_at=asks["due_at"],
        expires_at=asks["expires_at"],
        **_whom(person),
        sender=home.sender,
        whatsapp_sender=home.whatsapp_sender,
        quarantine_days=home.quarantine_days,
        home_zone=home.timezone,
        home_country=home.default_region,
        contact_rules=home.contact_rules,
        survey_key=survey.key,
        kind=survey.kind,
        worth=survey.worth,
        survey_enabled=survey.enabled,
        survey_quarantine_days=survey.quarantine_days,
        survey_rules=survey.contact_rules,
        trigger_enabled=trigger.enabled if trigger else None,
        sample=trigger.sample if trigger else None,
        sample_salt=trigger.sample_salt if trigger else None,
        window=trigger.window if trigger else None,
        unless=trigger.unless if trigger else None,
        person=person,
        real=real,
        made_at=made_at,
    )


def _whom(person: Person) -> dict[str, Any]:
    return {
        "external_id": person.external_id,
        "phone": person.phone,
        "email": person.email,
        "locale": person.locale,
        "timezone": person.timezone,
        "attributes": person.attributes,
        "is_test": person.is_test,
    }
