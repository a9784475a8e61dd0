"""The doctor's look at WhatsApp, by Twilio's real SDK against the simulator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from asking_world import NPS, SENDER, MakeWorkspace, World
from simulated_twilio import ACCOUNT, TOKEN, at_work
from sqlalchemy.orm import Session

from feedback.finding import Finding
from feedback.provider_checkup import provider
from feedback.sender_checkup import Ours
from feedback.whatsapp_checkup import OurTemplate, OurWhatsApp, our_templates, own_senders, ready
from surveys.channels.twilio_client import Access
from surveys.simulator.template import Template

PUBLIC = "https://ask.example.com"
INBOUND = f"{PUBLIC}/sms/twilio/inbound"
FROM = f"whatsapp:{SENDER}"
SID = "HX" + "a" * 32
TEXT = "Hi {{1}}, how was it? STOP ends it."
ASKS = Template(SID, "asks", TEXT)
OURS = OurWhatsApp(
    INBOUND,
    {FROM: "set by TWILIO_WHATSAPP_FROM"},
    (OurTemplate("delivery", "invitation", "en", SID, TEXT),),
)


def examined(ours: OurWhatsApp = OURS, **account: Any) -> tuple[list[Finding], list[Finding]]:
    """What is found wrong of WhatsApp, and all that is found."""
    setup = {"whatsapp": (SENDER,), "templates": (ASKS,), "inbound_url": INBOUND}
    with at_work(**{**setup, **account}) as twilio:
        known = Access(ACCOUNT, TOKEN, twilio.base)
        found = list(provider(known, Ours(PUBLIC, SENDER, {}), by_whatsapp=ours))
    about = [one for one in found if "WhatsApp" in one.subject or "template" in one.subject]
    return [one for one in about if not one.fine], about


def wrong(**account: Any) -> Finding:
    """The one thing that is wrong."""
    (found,), _ = examined(**account)
    return found


def test_nothing_is_wrong_with_a_whole_set_up() -> None:
    bad, found = examined()
    assert bad == []
    assert [one.subject for one in found] == [
        f"WhatsApp {SENDER}",
        f"webhook of WhatsApp {SENDER}",
        "template of delivery, invitation in en",
    ]


def test_a_number_that_is_no_whatsapp_sender() -> None:
    found = wrong(whatsapp=())
    assert "63007" in found.words
    assert "TWILIO_WHATSAPP_FROM" in found.words


def test_replies_that_go_elsewhere_say_what_to_paste() -> None:
    bad, _ = examined(inbound_url="https://user:pass@old.example.com/hook?key=secret")
    (found,) = bad
    assert "old.example.com" in found.words
    assert "secret" not in found.words
    assert f"to {INBOUND}, HTTP POST" in found.words


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (None, "21655"),
        (replace(ASKS, status="unsubmitted"), "send it in"),
        (replace(ASKS, status="pending"), "wait"),
        (replace(ASKS, status="rejected", reason="promotional"), "promotional"),
        (replace(ASKS, status="paused"), "63041"),
        (replace(ASKS, status="disabled"), "63042"),
        (replace(ASKS, body="Hello {{1}}"), "“Hello {{1}}”"),
        (replace(ASKS, body="Hello {{1}}", buttons={"Yes": "1"}), "“Hello {{1}}”"),
    ],
)
def test_each_way_in_which_a_template_is_not_ready(template: Template | None, words: str) -> None:
    found = wrong(templates=(template,) if template else ())
    assert found.subject == "template of delivery, invitation in en"
    assert words in found.words


def test_triggers_without_a_sender_or_a_template_are_named(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    world = World(sqlite_session, make_workspace(sqlite_session))
    survey = world.survey(NPS)
    world.trigger(survey, "whatsapp", key="late")
    words = [one.words for one in ready(sqlite_session, None)]
    assert len(words) == 2
    assert "TWILIO_WHATSAPP_FROM" in words[0]
    assert "whatsapp: invitation:" in words[1]
    survey.whatsapp = {"invitation": {"en": {"sid": SID, "text": TEXT, "variables": {"1": "x"}}}}
    world.workspace.whatsapp_sender = FROM
    sqlite_session.commit()
    assert list(ready(sqlite_session, None)) == []
    (one,) = our_templates(sqlite_session)
    assert (one.sid, one.text, one.use) == (SID, TEXT, "invitation")
    assert own_senders(sqlite_session) == {FROM: "of shop"}
