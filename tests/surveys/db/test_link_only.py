"""A sender that is a name: one SMS with the link, no exchange, no reminder, the way out online."""

from __future__ import annotations

import pytest
from asking_world import PHONE, World, asked_world
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent as Ledger
from models.customer import Customer
from models.invitation import Invitation
from models.response import Response
from models.workspace import Workspace
from surveys import consent, optout, reminders
from surveys.channels.gateway import Outcome, Outgoing, Refused, RetryLater
from surveys.consent import state_of
from surveys.eligibility_facts import Consent
from surveys.pages.opting_out import Texted, Wish, opt_in, opt_out, texted, wish
from surveys.receipts import apply_status

NAME, NUMBER = "FernField", "+447700900001"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """A workspace that texts as FernField, about to ask one customer; on each engine."""
    workspace.sender = NAME
    world = World(session, workspace)
    world.trigger(world.survey(remind_after_seconds=3600))
    world.happens(world.customer())
    return world


def asked(world: World) -> Invitation:
    world.ask()
    (invitation,) = world.rows(Invitation)
    return invitation


def test_one_sms_brings_company_and_link_and_nothing_to_reply_to(world: World) -> None:
    invitation = asked(world)
    (sent,) = world.gateway.phone
    assert sent.sender == NAME
    assert sent.body.startswith("Shop: ")
    assert f"https://ask.example.com/s/{invitation.token}" in sent.body
    assert "STOP" not in sent.body and "0 " not in sent.body
    assert invitation.status == "sent" and invitation.sent_at == world.now


def test_no_exchange_waits_and_no_reminder_follows(world: World) -> None:
    asked(world)
    assert world.rows(Conversation) == [] == world.rows(Response)
    for _ in range(6):
        world.later(hours=4)
        assert reminders.owed(world.session, world.now) is None
        assert reminders.remind_silent(world.session, world.services, world.now) == 0
        world.ask()
    assert len(world.gateway.phone) == 1


def test_nobody_is_texted_twice_when_the_first_try_must_wait(world: World) -> None:
    def busy(outgoing: Outgoing) -> Outcome:
        return RetryLater("20429")

    world.gateway.script = [busy]
    asked(world)
    assert world.gateway.phone == []
    for _ in range(3):
        world.later(minutes=20)
        world.ask()
    assert len(world.gateway.phone) == 1


def test_a_link_that_was_lost_on_its_way_is_sent_once_more(world: World) -> None:
    asked(world)
    (message,) = world.outbound()
    apply_status(world.session, "fake", message.provider_id, "undelivered", "30003", world.now)
    world.session.commit()
    world.later(minutes=15)
    world.send()
    assert len(world.gateway.phone) == 2
    assert len({one.body for one in world.gateway.phone}) == 1


def test_a_link_that_can_never_arrive_fails_its_invitation(world: World) -> None:
    world.gateway.script = [lambda outgoing: Refused("21614")]
    assert asked(world).status == "failed"


def whom_of(world: World, invitation: Invitation) -> Texted:
    whom = texted(world.session, invitation.token)
    assert whom is not None
    return whom


def holds(world: World, sender: str) -> Consent:
    return state_of(world.session, world.workspace.id, PHONE, sender)


def test_opting_out_on_the_page_holds_for_every_sender_at_once(world: World) -> None:
    invitation = asked(world)
    whom = whom_of(world, invitation)
    assert (whom.sender, whom.address) == (NAME, PHONE)
    world.later(days=31)
    (later,) = world.happens(world.rows(Customer)[0])
    opt_out(world.session, whom, world.now)
    opt_out(world.session, whom, world.now)
    (entry,) = world.rows(Ledger)
    assert (entry.state, entry.source, entry.sender) == ("withdrawn", consent.CUSTOMER_WEB, None)
    assert entry.customer_id == invitation.customer_id
    assert holds(world, NAME) is holds(world, NUMBER) is Consent.WITHDRAWN
    world.ask()
    assert len(world.gateway.phone) == 1
    assert world.invitation(later).rule == "withdrew_consent"


def test_it_can_be_taken_back_there_and_said_again(world: World) -> None:
    whom = whom_of(world, asked(world))
    assert not opt_in(world.session, whom, world.now)
    opt_out(world.session, whom, world.now)
    assert wish(world.session, whom) is Wish.STOPPED
    assert opt_in(world.session, whom, world.later(minutes=1))
    assert (holds(world, NAME), holds(world, NUMBER)) == (Consent.GRANTED, Consent.WITHDRAWN)
    opt_out(world.session, whom, world.later(minutes=1))
    assert holds(world, NAME) is Consent.WITHDRAWN


def test_a_stop_by_sms_is_not_taken_back_on_a_page(world: World) -> None:
    whom = whom_of(world, asked(world))
    where = (world.session, world.workspace.id, NAME, PHONE)
    optout.withdraw(*where, consent.CUSTOMER_SMS, world.now)
    assert not opt_in(world.session, whom, world.now)
    opt_out(world.session, whom, world.later(minutes=1))
    assert wish(world.session, whom) is Wish.STOPPED_BEFORE
    assert not opt_in(world.session, whom, world.later(minutes=1))
    assert holds(world, NAME) is Consent.WITHDRAWN


def test_opting_out_on_the_page_ends_an_exchange_by_sms(
    session: Session, workspace: Workspace
) -> None:
    world = asked_world(session, workspace)
    (invitation,) = world.rows(Invitation)
    world.says("9")
    opt_out(session, whom_of(world, invitation), world.now)
    (talk,) = world.rows(Conversation)
    assert talk.status == "ended" and world.answers() == {"score": 9}
    before = len(world.gateway.phone)
    world.says("they were kind")
    assert len(world.gateway.phone) == before


def test_a_link_that_no_sms_brought_has_no_texts_to_stop(world: World) -> None:
    assert texted(world.session, world.rows(Invitation)[0].token) is None
    assert texted(world.session, "nothing") is None
