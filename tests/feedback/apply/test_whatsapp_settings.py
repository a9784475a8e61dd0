"""WhatsApp in a configuration: what Meta or a customer would refuse is told before it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from asking_world import NPS, MakeWorkspace
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply, apply_text
from feedback.configuration.problems import ConfigurationError
from models.survey import Survey, Trigger
from models.workspace import Workspace

SID = "HX" + "a" * 32
GOOD = {
    "sid": SID,
    "text": "Hi {{1}}, how was it? Reply STOP to end.",
    "variables": {"1": "{customer.first_name|there}"},
}


def configured(template: dict[str, Any], language: str = "en") -> dict[str, Any]:
    return {"surveys": [{**NPS, "whatsapp": {"invitation": {language: template}}}]}


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(sqlite_session)


TEXT = f"""
workspace:
  whatsapp_sender: +447700900777
surveys:
  - key: after
    name: After
    languages: [en, de]
    questions:
      - {{key: why, type: text, text: {{en: Why, de: Warum}}}}
    thanks: {{en: Thanks, de: Danke}}
    whatsapp:
      invitation:
        en:
          sid: {SID}
          text: "Hi {{{{1}}}}, how was it? Reply STOP to end."
          variables:
            1: "{{customer.first_name|there}}"
triggers:
  - {{event: delivered, survey: after, channel: whatsapp}}
"""


def test_a_whole_configuration_is_kept_and_applied_once(
    sqlite_session: Session, shop: Workspace, now: Any
) -> None:
    lines = apply_text(sqlite_session, shop, TEXT, now)
    assert shop.whatsapp_sender == "whatsapp:+447700900777"
    survey = sqlite_session.scalars(select(Survey)).one()
    assert survey.whatsapp == {"invitation": {"en": GOOD}, "reminder": {}}
    assert sqlite_session.scalars(select(Trigger.channel)).one() == "whatsapp"
    assert any("no WhatsApp template in de" in line for line in lines)
    again = apply_text(sqlite_session, shop, TEXT, now)
    assert [line for line in again if not line.startswith("note:")] == []


def test_templates_left_out_stay_and_null_takes_them_away(
    sqlite_session: Session, shop: Workspace, now: Any
) -> None:
    apply(sqlite_session, shop, configured(GOOD), now)
    apply(sqlite_session, shop, {"surveys": [NPS]}, now)
    survey = sqlite_session.scalars(select(Survey)).one()
    assert survey.whatsapp is not None
    apply(sqlite_session, shop, {"surveys": [{**NPS, "whatsapp": None}]}, now)
    assert survey.whatsapp is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"sid": "HX12"}, "sid"),
        ({"text": "{{1}} was it good? STOP ends it."}, "begins or ends with a place"),
        ({"text": "STOP ends it. How was it, {{1}}"}, "begins or ends with a place"),
        ({"text": "Hi {{1}} {{2}}, STOP ends it."}, "two places side by side"),
        ({"text": "Hi {{1}}, or {{2}} here. STOP ends it."}, "{{2}} that nothing fills"),
        ({"text": "Hi there. STOP ends it."}, "no such place"),
        ({"text": "Hi {{1}}, how was it?"}, "how to stop"),
        ({"text": "Hi {{1}} of {company}. STOP ends it."}, "belongs to no place"),
        ({"text": "Hi {{1}}, {how. STOP ends it."}, "belongs to no place"),
        ({"variables": {"1": "{customer.first_name}"}}, "may come to nothing"),
        ({"variables": {"1": "{event.city} {customer.attributes.tier}"}}, "may come to nothing"),
        ({"variables": {"1": "{nobody|x}"}}, "unknown field"),
        ({"variables": {"1": "{x"}}, "belongs to no field"),
        ({"text": "x" * 1025}, "text"),
        ({"button": "x"}, "button"),
    ],
)
def test_what_would_be_refused_is_named_with_its_place(
    sqlite_session: Session, shop: Workspace, now: Any, change: dict[str, Any], what: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        apply(sqlite_session, shop, configured({**GOOD, **change}), now)
    assert what in str(refused.value)
    assert "surveys[0].whatsapp.invitation.en" in str(refused.value)


def test_a_language_the_survey_has_not(sqlite_session: Session, shop: Workspace, now: Any) -> None:
    with pytest.raises(ConfigurationError, match="'fr' is no language of the survey"):
        apply(sqlite_session, shop, configured(GOOD, "fr"), now)


def test_a_sender_that_is_no_number(sqlite_session: Session, shop: Workspace, now: Any) -> None:
    with pytest.raises(ConfigurationError, match="is no phone number"):
        apply(sqlite_session, shop, {"workspace": {"whatsapp_sender": "FernField"}}, now)
