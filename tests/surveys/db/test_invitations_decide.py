from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import NOW, PHONE, SENDER, MakeWorkspace, World
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent as Ledger
from models.errors import InvalidInput, NotFound
from models.invitation import Decision
from models.workspace import Workspace
from surveys import consent
from surveys.eligibility_facts import Consent
from surveys.explanation import explanation
from surveys.invitations import invite


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    """The same on each engine, where the SQL differs."""
    return World(session, workspace)


def record(world: World, state: Consent, source: str, **values: object) -> None:
    consent.record(world.session, world.workspace.id, PHONE, state, source, world.now, **values)
    world.session.commit()


def state(world: World, sender: str = SENDER) -> Consent:
    return consent.state_of(world.session, world.workspace.id, PHONE, sender)


def test_the_decision_is_stored_with_its_facts(both: World) -> None:
    both.trigger(both.survey())
    (made,) = both.happens(both.customer())
    both.fire()
    (decision,) = both.rows(Decision)
    assert (decision.invitation_id, decision.outcome, decision.rule) == (made, "ask", None)
    assert decision.facts["channel"] == "sms"


def test_no_address_is_refused(world: World) -> None:
    world.trigger(world.survey())
    (made,) = world.happens(world.customer(phone=None))
    world.fire()
    invitation = world.invitation(made)
    assert (invitation.status, invitation.rule) == ("suppressed", "no_address")
    assert world.outbound() == []


def test_a_survey_or_trigger_switched_off_meanwhile_refuses(world: World) -> None:
    survey, other = world.survey(), world.survey(key="other")
    trigger = world.trigger(survey)
    world.trigger(other)
    made = world.happens(world.customer())
    trigger.enabled = False
    other.enabled = False
    world.session.commit()
    world.fire()
    assert [world.invitation(one).rule for one in made] == ["trigger_off", "survey_off"]


def test_what_is_due_too_late_is_expired_not_asked(world: World) -> None:
    world.trigger(world.survey(), expires_seconds=3600)
    (made,) = world.happens(world.customer())
    world.later(hours=2)
    world.fire()
    assert (world.invitation(made).status, world.invitation(made).rule) == ("expired", "expired")


def test_quarantine_overall_and_per_survey(both: World) -> None:
    first, second = both.survey(), both.survey(key="second")
    both.trigger(first, channel="web")
    customer = both.customer()
    (asked,) = both.happens(customer)
    both.fire()
    assert both.invitation(asked).status == "sent"
    both.trigger(second, channel="web", event_name="returned")
    (overall,) = both.happens(customer, name="returned")
    both.fire()
    assert both.invitation(overall).rule == "quarantine_overall"
    both.later(days=31)
    (same,) = both.happens(customer)
    (another,) = both.happens(customer, name="returned")
    both.fire()
    assert both.invitation(same).rule == "quarantine_survey"
    assert both.invitation(another).status == "sent"


def test_two_due_at_once_ask_the_customer_once(both: World) -> None:
    for channel in ("web", "sms", "web"):
        survey = both.survey(key=f"s{next(both.ids)}")
        both.trigger(survey, channel=channel)
    both.happens(both.customer())
    both.ask()
    outcomes = [decision.outcome for decision in both.rows(Decision)]
    assert outcomes == ["ask", "refuse", "refuse"]


def test_an_sms_on_its_way_counts_for_quarantine(world: World) -> None:
    world.trigger(world.survey())
    world.trigger(world.survey(key="other"), channel="web")
    made = world.happens(world.customer())
    world.fire()
    assert [world.invitation(one).status for one in made] == ["sending", "suppressed"]


def test_a_failed_message_did_not_disturb_anybody(world: World) -> None:
    world.trigger(world.survey())
    customer = world.customer()
    (first,) = world.happens(customer)
    world.ask()
    invitation = world.invitation(first)
    invitation.status = "failed"
    world.session.commit()
    (conversation,) = world.rows(Conversation)
    conversation.status = "ended"
    world.session.commit()
    (second,) = world.happens(customer)
    world.ask()
    assert world.invitation(second).status == "sent"


def test_an_open_exchange_makes_the_next_sms_wait(both: World) -> None:
    both.workspace.quarantine_days = 0
    both.trigger(both.survey(quarantine_days=0))
    both.trigger(both.survey(key="other", quarantine_days=0), event_name="returned")
    customer = both.customer()
    both.happens(customer)
    both.ask()
    (second,) = both.happens(customer, name="returned")
    both.ask()
    waiting = both.invitation(second)
    assert (waiting.status, waiting.due_at > both.now) == ("scheduled", True)
    assert both.rows(Decision)[-1].rule == "open_conversation"
    both.says("9")
    both.says("friendly driver")
    both.later(minutes=16)
    both.ask()
    assert both.invitation(second).status == "sent"


def test_by_hand_a_web_link_is_live_at_once_even_in_quarantine(world: World) -> None:
    world.survey()
    customer = world.customer()
    key = customer.external_id
    links = [
        invite(world.session, world.workspace, "after_delivery", key, "web", NOW) for _ in range(2)
    ]
    world.session.commit()
    assert [world.invitation(link.id).status for link in links] == ["sent", "sent"]


def test_by_hand_an_sms_is_decided_on_like_any_other(world: World) -> None:
    world.survey()
    key = world.customer().external_id
    for _ in range(2):
        made = invite(world.session, world.workspace, "after_delivery", key, "sms", NOW)
        world.session.commit()
        world.ask()
    assert len(world.gateway.phone) == 1
    assert world.invitation(made.id).rule == "quarantine_survey"


def test_inviting_names_the_field_that_is_wrong(world: World) -> None:
    world.survey()
    key = world.customer().external_id
    for field, error, arguments in (
        ("survey", NotFound, ("nothing", key, "web")),
        ("customer", NotFound, ("after_delivery", "nobody", "web")),
        ("channel", InvalidInput, ("after_delivery", key, "pigeon")),
    ):
        with pytest.raises(error) as raised:
            invite(world.session, world.workspace, *arguments, NOW)
        assert raised.value.field == field
        assert raised.value.mend


def test_only_the_customer_takes_a_withdrawal_back(both: World) -> None:
    assert state(both) is Consent.NONE
    record(both, Consent.GRANTED, "import")
    assert state(both) is Consent.GRANTED
    record(both, Consent.WITHDRAWN, consent.CUSTOMER_SMS, sender=SENDER)
    both.later(days=1)
    record(both, Consent.GRANTED, "import")
    record(both, Consent.GRANTED, "api")
    assert state(both) is Consent.WITHDRAWN
    both.later(days=1)
    record(both, Consent.GRANTED, consent.CUSTOMER_SMS, sender=SENDER)
    assert state(both) is Consent.GRANTED


def test_a_withdrawal_speaks_of_its_sender_or_of_all(world: World) -> None:
    record(world, Consent.WITHDRAWN, consent.CUSTOMER_SMS, sender="+447700900555")
    assert state(world) is Consent.NONE
    record(world, Consent.WITHDRAWN, consent.CUSTOMER_WEB)
    assert state(world) is Consent.WITHDRAWN


def test_a_withdrawal_refuses(world: World) -> None:
    record(world, Consent.WITHDRAWN, consent.CUSTOMER_SMS, sender=SENDER)
    world.trigger(world.survey())
    (made,) = world.happens(world.customer())
    world.ask()
    assert world.invitation(made).rule == "withdrew_consent"
    assert world.gateway.phone == []
    assert len(world.rows(Ledger)) == 1


def test_the_story_of_an_invitation(world: World) -> None:
    world.trigger(world.survey(), key="after-delivery")
    (made,) = world.happens(world.customer(external_id="ada"))
    world.later(minutes=1)
    world.ask()
    world.says("9")
    told = "\n".join(explanation(world.session, made, world.now + timedelta(minutes=1)))
    for part in ("'ada'", "'delivered' happened", "'after-delivery' fired", "no rule objected"):
        assert part in told
    assert "Message 1 to the customer (invitation): queued" in told
    assert "Answer to 'score' by sms" in told
    assert "started, the customer has begun to answer" in told
    assert PHONE not in told


def test_the_story_of_a_refusal(world: World) -> None:
    world.trigger(world.survey())
    (made,) = world.happens(world.customer(phone=None))
    world.fire()
    told = explanation(world.session, made, world.now)
    assert "no address for this channel" in told[-1]
    assert "[no_address]" in told[-1]
    with pytest.raises(NotFound):
        explanation(world.session, made + 1, world.now)
