"""Surveys by WhatsApp: a template first, then words of our own for a day after each message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking_world import NPS, PHONE, SENDER, WHATSAPP_SENDER, World
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent, Customer
from models.errors import Conflict
from models.invitation import Invitation
from models.message import Message
from models.response import Answer, Response
from models.sending import Suppression
from models.survey import Survey, SurveyVersion
from models.takeover import Takeover
from models.workspace import User, Workspace
from surveys import conversations, reconcile, reminders, whatsapp_facts
from surveys.channels.gateway import Accepted, Content, Outgoing, Refused, Unknown
from surveys.eligibility_facts import Rule
from surveys.handing_back import hand_back
from surveys.invitations import invite
from surveys.receipts import apply_status
from surveys.takeover import Number, take
from surveys.writing import new_key, write

ADDRESS = f"whatsapp:{PHONE}"
TEMPLATE = {
    "sid": "HX" + "a" * 32,
    "text": "Hi {{1}}, {{2}} here. {{3}} Reply STOP to end.",
    "variables": {"1": "{customer.first_name|there}", "2": "{company}", "3": "{question}"},
}
AGAIN = {
    "sid": "HX" + "b" * 32,
    "text": "{{1}} still waits for your answer, which takes a minute. Reply STOP to end.",
    "variables": {"1": "{company}"},
}
BOTH = {"invitation": {"en": TEMPLATE}, "reminder": {"en": AGAIN}}
FIRST = "Hi Ada, Shop here. Shop: would you recommend us? Reply 0 (not at all) to 10 (extremely)."


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


def asked(world: World, templates: Any = None, **survey: Any) -> Customer:
    """A customer who agreed, and was asked by WhatsApp."""
    customer = world.customer()
    world.opts_in()
    made = world.survey(NPS, whatsapp=templates or {"invitation": {"en": TEMPLATE}}, **survey)
    world.trigger(made, "whatsapp")
    world.happens(customer)
    world.ask()
    return customer


def test_the_template_asks_and_the_rest_is_in_our_own_words(world: World) -> None:
    asked(world)
    (first,) = world.gateway.phone
    assert (first.sender, first.address) == (WHATSAPP_SENDER, ADDRESS)
    assert first.body.startswith(FIRST[:50])
    assert first.content is not None
    assert first.content.sid == TEMPLATE["sid"]
    filled = json.loads(first.content.variables)
    assert (filled["1"], filled["2"]) == ("Ada", "Shop")
    assert filled["3"].startswith("Shop: would you recommend us?")
    assert world.writes("9").kind == "reply"
    assert world.writes("the driver was kind").kind == "reply"
    assert world.answers() == {"score": 9, "why": "the driver was kind"}
    assert world.gateway.bodies[1:] == ["What is the main reason?", "Thank you, Ada!"]
    assert [one.content for one in world.gateway.phone[1:]] == [None, None]
    assert world.response().channel == "whatsapp"
    assert world.response().status == "completed"
    assert {row.channel for row in world.rows(Answer)} == {"whatsapp"}


def test_without_consent_nobody_is_asked_by_whatsapp(world: World) -> None:
    customer = world.customer()
    survey = world.survey(NPS, whatsapp=BOTH)
    world.trigger(survey, "whatsapp")
    (made,) = world.happens(customer)
    world.ask()
    assert world.invitation(made).rule == "no_consent"
    assert world.gateway.phone == []


@pytest.mark.parametrize("templates", [None, {"invitation": {"de": TEMPLATE}}, {"reminder": {}}])
def test_without_a_template_in_their_language_nobody_is_asked(world: World, templates: Any) -> None:
    customer = world.customer()
    world.opts_in()
    world.trigger(world.survey(NPS, whatsapp=templates), "whatsapp")
    (made,) = world.happens(customer)
    world.ask()
    assert world.invitation(made).rule == "no_template"


def test_without_a_sender_nobody_is_asked(world: World) -> None:
    customer = world.customer()
    world.opts_in()
    survey = world.survey(NPS, whatsapp=BOTH)
    (version,) = world.rows(SurveyVersion)
    where = (world.session, version.id, customer)
    assert whatsapp_facts.unreachable_by(*where, "") is Rule.NO_SENDER
    assert whatsapp_facts.unreachable_by(*where, WHATSAPP_SENDER) is None
    survey.whatsapp = None
    world.session.commit()
    assert whatsapp_facts.unreachable_by(*where, WHATSAPP_SENDER) is Rule.NO_TEMPLATE
    customer.phone = None
    assert whatsapp_facts.unreachable_by(*where, WHATSAPP_SENDER) is Rule.NO_ADDRESS


def test_a_workspaces_own_sender_goes_first_and_hears_the_replies(world: World) -> None:
    own = "whatsapp:+447700900888"
    world.workspace.whatsapp_sender = own
    world.session.commit()
    asked(world)
    assert world.gateway.phone[0].sender == own
    other = world.says("9", phone=ADDRESS, to=WHATSAPP_SENDER)
    assert other.kind == "nobody"
    assert world.says("9", phone=ADDRESS, to=own).kind == "reply"


def test_sms_and_whatsapp_of_one_phone_never_mix(world: World) -> None:
    customer = asked(world)
    sms = world.survey({**NPS, "key": "other"}, quarantine_days=0)
    world.workspace.quarantine_days = 0
    world.session.commit()
    invite(world.session, world.workspace, sms.key, customer.external_id, "sms", world.now)
    world.session.commit()
    world.ask()
    talks = world.rows(Conversation)
    assert {(one.sender, one.address) for one in talks} == {
        (WHATSAPP_SENDER, ADDRESS),
        (SENDER, PHONE),
    }
    world.writes("9")
    world.says("3")
    told = {row.channel: row.state["answers"]["score"] for row in world.rows(Response)}
    assert told == {"whatsapp": 9, "sms": 3}


def test_stop_by_whatsapp_leaves_sms_alone_and_start_brings_it_back(world: World) -> None:
    asked(world)
    assert world.writes("STOP").kind == "stop"
    (withdrawn,) = [row for row in world.rows(Consent) if row.state == "withdrawn"]
    assert (withdrawn.channel, withdrawn.address) == ("whatsapp", ADDRESS)
    assert withdrawn.source == "customer_whatsapp"
    assert withdrawn.customer_id is not None
    assert [row.status for row in world.rows(Conversation)] == ["ended"]
    last = world.gateway.phone[-1]
    assert (last.sender, last.address) == (WHATSAPP_SENDER, ADDRESS)
    world.says("your shop is lovely")
    assert world.gateway.phone[-1].address == PHONE
    world.writes("your shop is lovely")
    assert world.gateway.phone[-1].address == PHONE
    assert world.writes("START").kind == "start"
    assert world.rows(Consent)[-1].state == "granted"
    assert world.rows(Consent)[-1].source == "customer_whatsapp"


def test_stop_by_sms_leaves_whatsapp_alone(world: World) -> None:
    world.customer()
    world.says("STOP")
    asked(world)
    assert world.gateway.phone[-1].content is not None


def test_a_tapped_button_is_an_answer_by_its_words_else_by_its_id(world: World) -> None:
    asked(world)
    assert world.taps("Wonderful!!", "10").kind == "reply"
    assert world.answers() == {"score": 10}
    assert world.rows(Message)[-2].body == "Wonderful!!"


def test_a_button_that_says_stop_by_its_id_is_obeyed(world: World) -> None:
    asked(world)
    assert world.taps("Not now", "STOP").kind == "stop"


def test_a_reminder_after_no_answer_is_the_template_for_it(world: World) -> None:
    asked(world, BOTH, remind_after_seconds=3600)
    world.later(hours=2)
    assert reminders.remind_silent(world.session, world.services, world.now) == 1
    world.send()
    last = world.gateway.phone[-1]
    assert last.body == "Shop still waits for your answer, which takes a minute. Reply STOP to end."
    assert last.content == Content(AGAIN["sid"], '{"1": "Shop"}')


def test_a_reminder_within_the_day_is_in_our_own_words(world: World) -> None:
    asked(world, BOTH, remind_after_seconds=3600)
    world.writes("9")
    world.later(hours=2)
    assert reminders.remind_silent(world.session, world.services, world.now) == 1
    world.send()
    assert world.gateway.phone[-1].content is None
    assert "What is the main reason?" in world.gateway.bodies[-1]


def test_without_a_template_no_reminder_leaves_and_the_thread_says_why(world: World) -> None:
    asked(world, remind_after_seconds=3600)
    world.later(hours=2)
    assert reminders.remind_silent(world.session, world.services, world.now) == 0
    world.send()
    kept = world.outbound()[-1]
    assert (kept.kind, kept.status, kept.error_code) == ("reminder", "canceled", "no_template")
    assert len(world.gateway.phone) == 1
    assert reminders.owed(world.session, world.now) is None
    assert world.writes("9").kind == "reply"


def test_a_late_reply_reopens_and_a_new_day_begins(world: World) -> None:
    asked(world)
    world.later(hours=30)
    assert conversations.expire_silent(world.session, world.now) == 1
    world.later(days=3)
    assert world.writes("9").kind == "reply"
    assert world.gateway.bodies[-1] == "What is the main reason?"
    assert world.gateway.phone[-1].content is None


def test_what_waited_until_the_day_was_over_is_held_back(world: World) -> None:
    asked(world)
    world.writes("9")
    question = world.outbound()[-1]
    question.status, question.provider_id = "pending", None
    world.later(hours=24)
    question.created_at = world.now  # written lately, of an exchange whose day has passed
    world.session.commit()
    world.send()
    kept = world.message(question.id)
    assert (kept.status, kept.error_code) == ("canceled", "outside_session")
    assert [one.status for one in world.rows(Conversation)] == ["open"]


def taken(world: World) -> tuple[Takeover, int]:
    """Somebody of the team takes over."""
    who = {"email": "ada@shop.example", "password_hash": "x", "created_at": world.now}
    user: User = world.add(User(workspace_id=world.workspace.id, **who))
    (talk,) = world.rows(Conversation)
    about = Number(talk.workspace_id, talk.sender, talk.address, talk.customer_id, talk.id)
    made = take(world.session, about, user.id, None, world.now)
    return world.session.get_one(Takeover, made, populate_existing=True), user.id


def test_a_person_may_write_for_a_day_and_is_told_why_not_later(world: World) -> None:
    asked(world)
    held, user_id = taken(world)
    with pytest.raises(Conflict, match="24 hours"):
        write(world.session, world.services, held, user_id, "Hello", new_key())
    world.writes("what is this?")
    write(world.session, world.services, held, user_id, "A survey", new_key())
    world.send()
    assert world.gateway.bodies[-1] == "A survey"
    world.later(hours=24)
    with pytest.raises(Conflict, match="templates"):
        write(world.session, world.services, held, user_id, "Hello", new_key())


def test_handed_back_with_no_open_day_the_template_asks(world: World) -> None:
    asked(world, BOTH)
    held, user_id = taken(world)
    assert hand_back(world.session, world.services, held, user_id, world.later(hours=1))
    world.send()
    assert world.gateway.phone[-1].content == Content(AGAIN["sid"], '{"1": "Shop"}')


def test_who_is_not_on_whatsapp_is_still_reached_by_sms(world: World) -> None:
    world.gateway.script.append(lambda outgoing: Refused("63024"))
    customer = asked(world)
    (barred,) = world.rows(Suppression)
    assert (barred.address, barred.code) == (ADDRESS, "63024")
    invite(world.session, world.workspace, NPS["key"], customer.external_id, "sms", world.now)
    again = invite(
        world.session, world.workspace, NPS["key"], customer.external_id, "whatsapp", world.now
    )
    world.session.commit()
    world.ask()
    assert world.invitation(again.id).rule == "unreachable"
    assert world.gateway.phone[-1].address == PHONE


def test_blocked_in_whatsapp_is_withdrawn_with_its_code(world: World) -> None:
    asked(world)
    (sent,) = world.outbound()
    apply_status(world.session, "fake", sent.provider_id, "failed", "63033", world.now)
    last = world.rows(Consent)[-1]
    assert (last.state, last.channel, last.detail) == ("withdrawn", "whatsapp", "error 63033")


def test_outside_the_window_fails_the_invitation_in_words(world: World) -> None:
    asked(world)
    (sent,) = world.outbound()
    apply_status(world.session, "fake", sent.provider_id, "failed", "63016", world.now)
    (invitation,) = world.rows(Invitation)
    assert invitation.status == "failed"
    assert world.message(sent.id).error_code == "63016"


def test_throttled_after_it_was_accepted_is_sent_again_from_the_template(world: World) -> None:
    asked(world)
    (sent,) = world.outbound()
    apply_status(world.session, "fake", sent.provider_id, "failed", "63018", world.now)
    world.later(hours=1)
    world.send()
    first, second = world.gateway.phone
    assert second.content == first.content
    assert second.body == first.body


def test_an_unknown_template_message_is_looked_up_never_sent_blindly(world: World) -> None:
    def lost(outgoing: Outgoing) -> Accepted | Unknown:
        world.gateway.accept(outgoing)
        return Unknown("time_out")

    world.gateway.script.append(lost)
    asked(world)
    assert world.outbound()[0].status == "unknown"
    assert reconcile.reconcile(world.session, world.services, world.later(minutes=3)) == 1
    world.send()
    assert len(world.gateway.phone) == 1
    assert world.gateway.looked_up[0].content == world.gateway.phone[0].content


def test_taking_the_template_away_suppresses_what_is_not_asked_yet(world: World) -> None:
    customer = world.customer()
    world.opts_in()
    survey: Survey = world.survey(NPS, whatsapp=BOTH)
    world.trigger(survey, "whatsapp")
    (made,) = world.happens(customer)
    survey.whatsapp = None
    world.session.commit()
    world.ask()
    assert world.invitation(made).rule == "no_template"
    assert world.rows(Message) == []


def test_a_message_out_of_nowhere_is_thanked_by_whatsapp(world: World) -> None:
    customer = world.customer()
    assert world.writes("your driver was rude").kind == "unprompted"
    (thanks,) = world.gateway.phone
    assert (thanks.sender, thanks.address) == (WHATSAPP_SENDER, ADDRESS)
    assert world.rows(Message)[0].customer_id == customer.id


def test_nobody_hears_a_whatsapp_number_that_is_not_ours(world: World) -> None:
    assert world.says("9", phone=ADDRESS, to="whatsapp:+447700900999").kind == "nobody"
    # nor is an SMS taken for one by WhatsApp
    assert world.says("9", phone=PHONE, to=WHATSAPP_SENDER).kind == "nobody"
