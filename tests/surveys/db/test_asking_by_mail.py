"""Asking by e-mail: once, with a way out, and by the next channel where one surely failed."""

from __future__ import annotations

import pytest
from asking_world import PHONE, World
from sqlalchemy.orm import Session

from models.customer import Consent as Ledger
from models.invitation import Decision, Invitation
from models.message import Message
from models.sending import Suppression
from models.workspace import Workspace
from surveys import consent
from surveys.channels.gateway import Accepted, Refused, RetryLater, Unknown
from surveys.claims import claim_some, forget_crashed
from surveys.eligibility_facts import Consent
from surveys.letters.letter import Letter
from surveys.pages.opting_out import Wish, opt_in, opt_out, texted, wish
from surveys.receipts import apply_status
from surveys.reconcile import reconcile
from surveys.sender_rows import Wire

MAIL = "Ada@Shop.Example"
PLAIN = "ada@shop.example"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """A shop about to ask one customer by e-mail; on each engine."""
    return World(session, workspace)


def about_to(
    world: World, channel: str = "email", others: str | None = None, **whom: object
) -> None:
    world.trigger(world.survey(), channel, other_channels=others)
    world.happens(world.customer(**{"email": MAIL, **whom}))


def invited(world: World) -> Invitation:
    (only,) = world.rows(Invitation)
    return only


def test_one_mail_asks_the_first_question_with_links_and_a_way_out(world: World) -> None:
    about_to(world, phone=None)
    world.fire()
    assert world.send() == 0, "it is no SMS"
    assert world.post() == 1 and world.post() == 0
    (mail,) = world.mail.phone
    link = f"https://ask.example.com/s/{invited(world).token}"
    assert mail.address == PLAIN and mail.letter is not None
    letter = Letter.from_json(mail.letter)
    assert [one.label for one in letter.answers] == [str(n) for n in range(11)]
    assert letter.answers[9].link == f"{link}?at=score&value=9"
    assert letter.stop_link == f"{link}?stop=email" and letter.stop_link in mail.body
    (row,) = world.rows(Message)
    assert (row.segments, row.status, invited(world).status) == (0, "queued", "sent")


def test_a_customer_without_an_address_is_not_asked(world: World) -> None:
    about_to(world, email=None)
    world.fire()
    assert (invited(world).status, invited(world).rule) == ("suppressed", "no_address")


def test_the_first_channel_that_may_be_used_is_used(world: World) -> None:
    about_to(world, "sms", "email,web")
    consent.record(
        world.session, world.workspace.id, PHONE, Consent.WITHDRAWN, consent.CUSTOMER_SMS, world.now
    )
    world.session.commit()
    world.fire()
    world.post()
    assert len(world.mail.phone) == 1 and world.gateway.phone == []
    assert (invited(world).channel, invited(world).other_channels) == ("email", "web")
    rules = [(row.outcome, row.rule, row.facts["channel"]) for row in world.rows(Decision)]
    assert rules == [("refuse", "withdrew_consent", "sms"), ("ask", None, "email")]


def test_when_no_channel_may_be_used_the_last_reason_stands(world: World) -> None:
    about_to(world, "sms", "email", phone=None, email=None)
    world.fire()
    assert (invited(world).status, invited(world).rule) == ("suppressed", "no_address")
    assert len(world.rows(Decision)) == 2


def test_what_surely_failed_is_asked_by_the_next_channel_once(world: World) -> None:
    about_to(world, "sms", "email")
    world.ask()
    (sms,) = world.rows(Message)
    for _ in range(2):  # the receipt comes twice
        apply_status(world.session, "fake", sms.provider_id, "undelivered", "30005", world.now)
    assert (invited(world).status, invited(world).channel) == ("scheduled", "email")
    world.fire()
    world.post()
    apply_status(world.session, "fake", sms.provider_id, "delivered", None, world.now)
    assert (len(world.gateway.phone), len(world.mail.phone)) == (1, 1)
    assert invited(world).status == "sent" and invited(world).other_channels is None


def test_what_may_have_arrived_is_not_sent_by_another_channel(world: World) -> None:
    about_to(world, "sms", "email")
    world.gateway.script = [lambda _: Unknown("time_out")]
    world.ask()
    world.later(days=1)
    world.fire()
    assert world.post() == 0 and invited(world).status == "unknown"


def test_stop_told_to_the_provider_is_no_reason_to_write_a_mail(world: World) -> None:
    about_to(world, "sms", "email")
    world.gateway.script = [lambda _: Refused("21610", opted_out=True)]
    world.ask()
    world.fire()
    assert world.post() == 0 and invited(world).status == "failed"


def test_a_refused_address_is_not_written_to_again(world: World) -> None:
    about_to(world)
    world.mail.script = [lambda _: Refused("mail_refused")]
    world.fire()
    world.post()
    assert invited(world).status == "failed"
    (gone,) = world.rows(Suppression)
    assert (gone.address, gone.code) == (PLAIN, "mail_refused")
    world.later(days=100)
    world.happens(world.customer(email=MAIL))
    world.fire()
    assert world.rows(Invitation)[-1].rule == "unreachable"


def test_greylisting_is_waited_out_within_the_time(world: World) -> None:
    about_to(world)
    world.mail.script = [lambda _: RetryLater("mail_not_now")] * 2
    world.fire()
    for _ in range(3):
        world.post()
        world.later(minutes=20)
    assert len(world.mail.phone) == 1 and invited(world).status == "sent"


def test_a_mail_is_given_up_when_its_time_is_over(world: World) -> None:
    about_to(world)
    world.mail.script = [lambda _: RetryLater("mail_not_now")] * 50
    world.fire()
    while world.now < invited(world).expires_at:
        world.post()
        world.later(hours=12)
    world.post()
    assert world.rows(Message)[0].status in ("failed", "canceled") and world.mail.phone == []


def test_after_a_crash_it_is_unknown_and_never_sent_again(world: World) -> None:
    about_to(world)
    world.fire()
    assert claim_some(world.session, world.mail, Wire("email"), world.now, 1).claims
    world.later(hours=1)
    forget_crashed(world.session, world.now)
    assert reconcile(world.session, world.services, world.now) == 0
    world.later(days=1)
    assert world.post() == 0 and world.mail.phone == []
    assert (world.rows(Message)[0].status, invited(world).status) == ("unknown", "unknown")


def test_stop_on_the_page_holds_for_mails_alone_and_can_be_taken_back(world: World) -> None:
    about_to(world)
    world.fire()
    token = invited(world).token
    whom = texted(world.session, token, by_mail=True)
    assert whom is not None and texted(world.session, token, by_mail=False) is None
    opt_out(world.session, whom, world.now)
    assert world.post() == 0, "a mail that still waits does not leave"
    assert (invited(world).status, invited(world).rule) == ("suppressed", "withdrew_consent")
    (entry,) = world.rows(Ledger)
    assert (entry.channel, entry.address, entry.state) == ("email", PLAIN, "withdrawn")
    where = (world.session, world.workspace.id)
    assert consent.state_of(*where, PLAIN, "email", "email") is Consent.WITHDRAWN
    assert consent.state_of(*where, PHONE, "+447700900000") is Consent.NONE
    assert wish(world.session, whom) is Wish.STOPPED
    world.later(seconds=1)
    assert opt_in(world.session, whom, world.now)
    assert consent.state_of(*where, PLAIN, "email", "email") is Consent.GRANTED


def test_withdrawn_meanwhile_it_is_held_back_at_the_door(world: World) -> None:
    about_to(world)
    world.fire()
    consent.record(
        world.session,
        world.workspace.id,
        PLAIN,
        Consent.WITHDRAWN,
        consent.CUSTOMER_WEB,
        world.now,
        channel="email",
    )
    world.session.commit()
    world.post()
    assert world.mail.phone == [] and invited(world).rule == "withdrew_consent"


def test_invitations_wait_behind_nothing_of_sms(world: World) -> None:
    about_to(world)
    world.gateway.script = [lambda _: Accepted("x", "queued")]
    world.fire()
    world.post()
    assert len(world.gateway.script) == 1, "the SMS provider was not asked"
