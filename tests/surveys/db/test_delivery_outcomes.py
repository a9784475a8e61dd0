from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import PHONE, MakeWorkspace, World, asked_world
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent as Ledger
from models.message import Message
from models.response import Response
from models.workspace import Workspace
from surveys import consent
from surveys.channels.gateway import Accepted, Outgoing, Refused, RetryLater, Unknown
from surveys.channels.simulator import BUSY, LOST, OPTED_OUT, TIMES_OUT, SimulatorGateway
from surveys.eligibility_facts import Consent
from surveys.reconcile import GRACE, reconcile
from surveys.settling import wait_before


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    """The same on each engine, where the SQL differs."""
    return World(session, workspace)


def due(world: World, **columns: int) -> int:
    world.trigger(world.survey(), **columns)
    (made,) = world.happens(world.customer())
    return made


def test_a_due_invitation_is_written_down_before_any_provider_hears_of_it(both: World) -> None:
    made = due(both)
    both.fire()
    (message,) = both.outbound()
    assert (message.status, message.dedupe_scope, message.step) == (
        "pending",
        f"inv:{made}",
        "q:score",
    )
    assert message.body.startswith("Shop: would you recommend us?")
    assert message.body.endswith("Reply STOP to opt out.")
    assert message.segments >= 1
    assert both.invitation(made).status == "sending"
    assert both.response().state["current"] == "score"
    assert both.gateway.phone == []


def test_what_is_not_due_is_left_alone(world: World) -> None:
    due(world, delay_seconds=60)
    assert world.fire() == 0
    world.later(seconds=60)
    assert world.fire() == 1


def test_accepted_makes_the_invitation_sent(both: World) -> None:
    made = due(both)
    both.ask()
    (message,) = both.outbound()
    assert (message.status, message.provider_id, message.attempts) == ("queued", "SM1", 1)
    invitation = both.invitation(made)
    assert (invitation.status, invitation.sent_at) == ("sent", both.now)


def test_rounds_after_the_first_send_nothing_more(world: World) -> None:
    due(world)
    for _ in range(3):
        world.ask()
    assert len(world.gateway.phone) == 1


def test_a_refusal_fails_the_invitation_and_ends_the_exchange(world: World) -> None:
    made = due(world)
    world.gateway.script = [lambda outgoing: Refused("21211")]
    world.ask()
    (message,) = world.outbound()
    assert (message.status, message.error_code) == ("failed", "21211")
    assert world.invitation(made).status == "failed"
    assert world.rows(Conversation)[0].status == "ended"
    assert world.response().status == "abandoned"


def test_opted_out_at_the_provider_withdraws_consent(both: World) -> None:
    made = due(both)
    both.gateway.script = [lambda outgoing: Refused("21610", opted_out=True)]
    both.ask()
    (entry,) = both.rows(Ledger)
    assert (entry.state, entry.source) == ("withdrawn", "provider")
    assert both.invitation(made).status == "failed"


def test_a_busy_provider_is_tried_again_after_growing_waits(both: World) -> None:
    made = due(both)
    both.gateway.script = [lambda outgoing: RetryLater("20429")] * 2
    both.ask()
    (message,) = both.outbound()
    assert (message.status, both.send()) == ("pending", 0)
    assert message.not_before is not None
    first = message.not_before - both.now
    both.now = message.not_before
    both.send()
    message = both.message(message.id)
    assert message.not_before is not None
    assert message.not_before - both.now > first / 2
    both.now = message.not_before
    both.send()
    assert (len(both.gateway.phone), both.message(message.id).attempts) == (1, 3)
    assert both.invitation(made).status == "sent"


def test_trying_again_ends_when_the_invitation_does(world: World) -> None:
    made = due(world, expires_seconds=60)
    world.gateway.script = [lambda outgoing: RetryLater("20429", after_seconds=120.0)]
    world.ask()
    (message,) = world.outbound()
    assert (message.status, message.error_code) == ("failed", "gave_up")
    assert world.invitation(made).status == "failed"


def test_waits_grow_are_spread_and_repeatable() -> None:
    waits = [wait_before(7, attempt) for attempt in range(1, 12)]
    assert waits == [wait_before(7, attempt) for attempt in range(1, 12)]
    assert waits[0] <= timedelta(seconds=5)
    assert max(waits) <= timedelta(minutes=15)
    assert waits[5] > waits[0] * 4
    assert len({wait_before(message, 3) for message in range(50)}) > 40
    assert wait_before(7, 1, asked=600.0) == timedelta(seconds=600)


def test_a_time_out_is_unknown_and_never_blindly_sent_again(world: World) -> None:
    made = due(world)
    world.gateway.script = [lambda outgoing: Unknown("time_out")]
    world.ask()
    for _ in range(3):
        world.later(minutes=10)
        world.send()
    assert world.gateway.phone == []
    assert world.outbound()[0].status == "unknown"
    assert world.invitation(made).status == "unknown"


def cut_after_accept(world: World) -> None:
    def cut(outgoing: Outgoing) -> Unknown:
        world.gateway.accept(outgoing)
        return Unknown("cut_off")

    world.gateway.script = [cut]


def test_an_unknown_message_that_the_provider_has_is_found(both: World) -> None:
    made = due(both)
    cut_after_accept(both)
    both.ask()
    assert reconcile(both.session, both.services, both.now) == 1
    (message,) = both.outbound()
    assert (message.status, message.provider_id) == ("delivered", "SM1")
    assert both.invitation(made).status == "delivered"
    both.send()
    assert len(both.gateway.phone) == 1


def test_one_the_provider_never_had_is_sent_after_the_grace_period(both: World) -> None:
    made = due(both)
    both.gateway.script = [lambda outgoing: Unknown("time_out")]
    both.ask()
    assert reconcile(both.session, both.services, both.now) == 0
    both.now += GRACE
    assert reconcile(both.session, both.services, both.now) == 1
    assert both.invitation(made).status == "sending"
    both.fire()
    both.send()
    assert len(both.gateway.phone) == 1
    assert both.invitation(made).status == "sent"


def test_nothing_is_concluded_while_the_list_cannot_be_read(world: World) -> None:
    due(world)
    world.gateway.script = [lambda outgoing: Unknown("time_out")]
    world.ask()
    world.gateway.unavailable = True
    world.later(hours=1)
    assert reconcile(world.session, world.services, world.now) == 0
    assert world.outbound()[0].status == "unknown"


def test_a_message_of_another_row_is_not_taken_for_the_unknown_one(world: World) -> None:
    asked_world(world.session, world.workspace)
    (first,) = world.outbound()
    twin = Message(
        workspace_id=world.workspace.id,
        direction="out",
        kind="help",
        dedupe_scope="in:99",
        step="help",
        sender=first.sender,
        address=first.address,
        body=first.body,
        status="unknown",
        provider="fake",
        attempts=1,
        created_at=world.now,
        attempted_at=world.now,
        status_at=world.now,
    )
    world.add(twin)
    world.gateway.listed = [("SM1", _as_outgoing(first))]
    assert reconcile(world.session, world.services, world.now) == 0
    assert world.message(twin.id).status == "unknown"


def _as_outgoing(message: Message) -> Outgoing:
    return Outgoing(message.id, message.sender, message.address, message.body)


def test_replies_go_before_invitations(both: World) -> None:
    both.trigger(both.survey())
    both.happens(both.customer())
    both.ask()
    both.happens(both.customer(phone="+447700900124"))
    both.fire()
    both.says("9")
    assert [outgoing.address for outgoing in both.gateway.phone] == [PHONE, PHONE, "+447700900124"]


def test_what_was_answered_on_the_web_meanwhile_is_not_asked(world: World) -> None:
    made = due(world)
    world.fire()
    invitation = world.invitation(made)
    invitation.status = "completed"
    world.session.commit()
    world.send()
    assert world.gateway.phone == []
    assert world.outbound()[0].status == "canceled"


def test_a_message_past_its_invitation_s_end_is_not_sent(world: World) -> None:
    made = due(world, expires_seconds=60)
    world.fire()
    world.later(minutes=2)
    world.send()
    assert world.gateway.phone == []
    assert world.invitation(made).status == "expired"


def test_another_provider_s_messages_are_left_alone(world: World) -> None:
    due(world)
    world.fire()
    (message,) = world.outbound()
    message.provider = "simulator"
    world.session.commit()
    assert world.send() == 0


def test_a_web_invitation_sends_nothing(world: World) -> None:
    world.trigger(world.survey(), channel="web")
    (made,) = world.happens(world.customer())
    world.ask()
    assert world.outbound() == []
    assert world.invitation(made).status == "sent"


@pytest.mark.parametrize(
    ("phone", "message", "invitation"),
    [
        (PHONE, "delivered", "delivered"),
        (LOST, "undelivered", "sent"),
        (OPTED_OUT, "failed", "failed"),
        (TIMES_OUT, "unknown", "unknown"),
        (BUSY, "pending", "sending"),
    ],
)
def test_the_simulator_s_magic_numbers(
    world: World, phone: str, message: str, invitation: str
) -> None:
    world.gateway = SimulatorGateway(sender=world.gateway.sender)  # type: ignore[assignment]
    world.trigger(world.survey())
    (made,) = world.happens(world.customer(phone=phone))
    world.ask()
    assert world.outbound()[0].status == message
    assert world.invitation(made).status == invitation
    world.later(minutes=5)
    reconcile(world.session, world.services, world.now)
    world.send()
    again = {TIMES_OUT: "delivered", BUSY: "delivered"}
    assert world.outbound()[0].status == again.get(phone, message)


def test_one_response_whatever_happens(world: World) -> None:
    due(world)
    world.ask()
    world.ask()
    assert len(world.rows(Response)) == 1
    assert isinstance(world.gateway.accept(_as_outgoing(world.outbound()[0])), Accepted)


def test_a_withdrawal_after_the_message_was_written_holds_it_back(world: World) -> None:
    made = due(world)
    world.fire()
    where = (world.session, world.workspace.id, PHONE, Consent.WITHDRAWN)
    consent.record(*where, consent.CUSTOMER_WEB, world.now)
    world.session.commit()
    world.send()
    assert world.gateway.phone == []
    assert world.outbound()[0].status == "canceled"
    invitation = world.invitation(made)
    assert (invitation.status, invitation.rule) == ("suppressed", "withdrew_consent")
    assert world.rows(Conversation)[0].status == "ended"
    assert world.response().status == "abandoned"
