"""What comes of messages that can't leave, leave too fast, or get lost on their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from asking_world import PHONE, SENDER, MakeWorkspace, World, asked_world
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Customer
from models.invitation import Decision
from models.message import Message
from models.sending import Suppression
from models.workspace import Workspace
from surveys import sender_rows
from surveys.channels.gateway import Accepted, Outcome, Outgoing, Refused, RetryLater, Unknown
from surveys.delivery import Rhythm
from surveys.explanation import explanation
from surveys.inbound import Inbound, receive
from surveys.objections import REPLY_WINDOW
from surveys.receipts import apply_status


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    """On each engine in turn."""
    return World(session, workspace)


@pytest.fixture
def small(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return World(sqlite_session, make_workspace(sqlite_session))


def asked(world: World, many: int) -> None:
    """So many customers whose first question waits in the outbox."""
    world.trigger(world.survey())
    for number in range(many):
        world.happens(world.customer(phone=f"+44770090{1000 + number}"))
    world.fire()


def statuses(world: World) -> list[str]:
    return [row.status for row in world.outbound()]


def receipt(world: World, row: int, status: str, code: str | None = None) -> bool:
    message = world.outbound()[row]
    found = message.provider_id or ""
    return apply_status(world.session, "fake", found, status, code, world.now, message.id)


def test_a_message_lost_for_a_passing_reason_is_written_again_later(world: World) -> None:
    world = asked_world(world.session, world.workspace)
    assert receipt(world, 0, "undelivered", "30003")
    lost, again = world.outbound()
    assert (again.body, again.dedupe_scope) == (lost.body, lost.dedupe_scope)
    assert again.step != lost.step and again.not_before is not None
    assert world.invitation(1).status == "sent" and world.send() == 0
    world.now = again.not_before
    assert world.send() == 1
    assert receipt(world, 1, "delivered")
    assert world.invitation(1).status == "delivered"
    assert world.rows(Conversation)[0].status == "open"


def test_one_receipt_that_comes_twice_writes_one_message(small: World) -> None:
    small = asked_world(small.session, small.workspace)
    assert [receipt(small, 0, "undelivered", "30003") for _ in range(2)] == [True, False]
    assert len(small.outbound()) == 2


def test_after_three_losses_the_invitation_has_failed(small: World) -> None:
    small = asked_world(small.session, small.workspace)
    for row in range(3):
        if row:
            small.later(hours=2)
            small.send()
        assert receipt(small, row, "undelivered", "30003")
    assert statuses(small) == ["undelivered"] * 3
    assert small.invitation(1).status == "failed"
    assert small.rows(Conversation)[0].status == "ended"


def test_nothing_lost_is_written_again_past_the_invitation_s_end(small: World) -> None:
    small.trigger(small.survey(), expires_seconds=300)
    small.happens(small.customer())
    small.ask()
    assert receipt(small, 0, "undelivered", "30003")
    assert (len(small.outbound()), small.invitation(1).status) == (1, "failed")


def test_a_lost_question_is_not_repeated_when_the_exchange_is_over(small: World) -> None:
    small = asked_world(small.session, small.workspace)
    small.says("STOP")
    assert receipt(small, 0, "undelivered", "30003")
    assert not [row for row in small.outbound() if row.status == "pending"]


def test_a_dead_number_is_not_asked_again_and_the_reason_is_told(world: World) -> None:
    world = asked_world(world.session, world.workspace)
    assert receipt(world, 0, "undelivered", "30006")
    assert [row.code for row in world.rows(Suppression)] == ["30006"]
    world.trigger(world.survey(key="other", definition={**world_definition(), "key": "other"}))
    made = world.happens(world.rows(Customer)[0])[-1]
    world.ask()
    refused = world.rows(Decision)[-1]
    assert (refused.outcome, refused.rule) == ("refuse", "unreachable")
    assert "landline" in refused.detail
    assert world.invitation(made).status == "suppressed"


def test_a_dead_number_that_writes_to_us_lives(small: World) -> None:
    small = asked_world(small.session, small.workspace)
    receipt(small, 0, "undelivered", "30005")
    small.says("Hello, this is my number")
    assert small.rows(Suppression) == []


def test_a_provider_that_is_down_is_not_asked_for_every_message(world: World) -> None:
    asked(world, 10)
    tried: list[Outgoing] = []

    def down(outgoing: Outgoing) -> Outcome:
        tried.append(outgoing)
        return RetryLater("no_connection")

    world.gateway.script = [down] * 50
    world.send()
    assert len(tried) == 3
    assert set(statuses(world)) == {"pending"}
    assert world.send() == 0
    standing = sender_rows.standings(world.session, "fake")[SENDER]
    assert standing.paused_until is not None
    world.now = standing.paused_until
    world.send()
    assert len(tried) == 4
    world.gateway.script = []
    world.later(minutes=10)
    world.send()
    assert set(statuses(world)) == {"queued"}
    assert (
        len({outgoing.address for outgoing in world.gateway.phone})
        == 10
        == len(world.gateway.phone)
    )


def test_wrong_credentials_lose_no_message_and_raise_an_alarm(world: World) -> None:
    asked(world, 3)
    world.gateway.script = [lambda outgoing: Refused("20003")]
    world.send()
    assert (set(statuses(world)), world.gateway.phone) == ({"pending"}, [])
    standing = sender_rows.standings(world.session, "fake")[SENDER]
    assert (standing.alarm_code, standing.alarm_at) == ("20003", world.now)
    world.later(minutes=6)
    world.send()
    assert set(statuses(world)) == {"queued"}
    assert sender_rows.standings(world.session, "fake")[SENDER].alarm_code is None


def test_a_throttled_sender_goes_slower_and_loses_nothing(small: World) -> None:
    asked(small, 30)
    small.gateway.script = [lambda outgoing: RetryLater("20429")]
    small.send()
    assert small.gateway.phone == []
    small.later(seconds=2)
    small.send()
    assert 1 <= len(small.gateway.phone) <= 11
    small.later(minutes=5)
    small.send()
    assert set(statuses(small)) == {"queued"}


def test_a_limit_of_the_team_s_holds(world: World) -> None:
    asked(world, 12)
    sender_rows.limit(world.session, "fake", SENDER, 4.0)
    world.session.commit()
    sent = []
    for _ in range(3):
        world.send()
        sent.append(len(world.gateway.phone))
        world.later(seconds=1)
    assert sent == [4, 8, 12]


def test_a_stop_between_the_claim_and_the_hand_over_is_obeyed(world: World) -> None:
    asked(world, 4)
    told = world.outbound()[2].address

    def stop_meanwhile(outgoing: Outgoing) -> Outcome:
        with Session(world.session.get_bind(), expire_on_commit=False) as elsewhere:
            stop = Inbound("fake", "INstop", SENDER, told, "STOP")
            receive(elsewhere, world.services, stop, world.now)
            taken_back = select(Message.id).where(
                Message.address == told, Message.kind == "invitation", Message.status == "canceled"
            )
            for _ in range(10_000):
                if elsewhere.scalar(taken_back) is not None:
                    break
                elsewhere.rollback()
        return world.gateway.accept(outgoing)

    world.gateway.script = [stop_meanwhile]
    world.send(rhythm=Rhythm(look=0.0))
    asked_of = [one.address for one in world.gateway.phone if "recommend" in one.body]
    assert told not in asked_of and len(asked_of) == 3
    held = world.outbound()[2]
    assert (held.status, held.error_code) == ("canceled", "withdrew_consent")


def test_a_receipt_that_outruns_its_answer_is_kept(world: World) -> None:
    asked(world, 3)

    def receipt_first(outgoing: Outgoing) -> Outcome:
        taken = world.gateway.accept(outgoing)
        with Session(world.session.get_bind(), expire_on_commit=False) as elsewhere:
            where = ("fake", taken.provider_id, "delivered", None, world.now)
            assert apply_status(elsewhere, *where, outgoing.message_id)
        return taken

    world.gateway.script = [receipt_first]
    world.send()
    assert statuses(world) == ["delivered", "queued", "queued"]
    assert [row.provider_id for row in world.outbound()] == ["SM1", "SM2", "SM3"]


def test_many_taken_at_once_are_each_written_down(world: World) -> None:
    asked(world, 25)
    strange: dict[int, Callable[[Outgoing], Outcome]] = {
        3: lambda outgoing: Refused("21614"),
        9: lambda outgoing: Unknown("time_out"),
        15: lambda outgoing: replace(world.gateway.accept(outgoing), status="brand_new"),
    }
    world.gateway.script = [strange.get(place, world.gateway.accept) for place in range(25)]
    world.send()
    found = statuses(world)
    assert (found[3], found[9], found[15]) == ("failed", "unknown", "accepted")
    assert found.count("queued") == 22
    sent = [world.invitation(number).status for number in range(1, 26)]
    assert (sent[3], sent[9], sent.count("sent")) == ("failed", "unknown", 23)


def test_a_reply_nobody_expects_any_more_is_dropped_with_the_reason(small: World) -> None:
    small = asked_world(small.session, small.workspace)
    inbound = Inbound("fake", "IN1", SENDER, PHONE, "9")
    receive(small.session, small.services, inbound, small.now)
    small.now += REPLY_WINDOW
    small.send()
    dropped = small.outbound()[-1]
    assert (dropped.status, dropped.error_code) == ("canceled", "waited_too_long")
    assert len(small.gateway.phone) == 1


def test_senders_take_turns(world: World, engine: Engine) -> None:
    asked(world, 30)
    other = world.outbound()[-1]
    other.sender = "+447700900777"
    world.session.commit()
    seen: list[str] = []

    def look(outgoing: Outgoing) -> Accepted:
        seen.append(outgoing.sender)
        return world.gateway.accept(outgoing)

    world.gateway.script = [look] * 30
    world.send()
    assert seen.index("+447700900777") < 20
    assert len(seen) == 30


def world_definition() -> dict[str, object]:
    return {
        "name": "Other",
        "metric": "nps",
        "questions": [{"key": "score", "type": "nps", "text": "And now?"}],
        "thanks": "Thanks.",
    }


def test_the_wait_for_an_answer_begins_when_the_message_left(world: World) -> None:
    asked(world, 2)
    world.later(hours=5)
    world.send()
    for talk in world.rows(Conversation):
        assert talk.expires_at == world.now + timedelta(hours=24)


def test_what_went_wrong_with_an_earlier_try_is_forgotten_when_it_is_taken(world: World) -> None:
    asked(world, 2)
    world.gateway.script = [lambda outgoing: RetryLater("20500")]
    world.send()
    assert [row.error_code for row in world.outbound()] == ["20500", None]
    world.later(minutes=1)
    world.send()
    assert [(row.status, row.error_code) for row in world.outbound()] == [("queued", None)] * 2


def test_what_was_claimed_long_ago_is_given_back_not_sent(small: World) -> None:
    asked(small, 5)
    small.send(rhythm=Rhythm(stale=-1.0))
    assert (small.gateway.phone, set(statuses(small))) == ([], {"pending"})


def test_a_machine_that_stood_still_for_a_moment_still_sends(small: World) -> None:
    asked(small, 20)
    small.send(rhythm=Rhythm(round=-1.0))
    assert set(statuses(small)) == {"queued"}


def test_a_receipt_that_blames_the_sender_stops_it_and_what_it_lost_is_written_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """30034: an unregistered number's texts are taken, and lost by the carriers."""
    asked(world, 12)
    world.send()
    for row in range(3):
        assert receipt(world, row, "undelivered", "30034")
    world.session.commit()
    sent = len(world.gateway.phone)
    standing = sender_rows.standings(world.session, "fake")[SENDER]
    assert (standing.alarm_code, standing.unproven) == ("30034", True)
    assert caplog.text.count("a sender is stopped, as receipts tell of error 30034") == 1
    told = "\n".join(explanation(world.session, 1, world.now))
    assert "undelivered since 2026-11-18 12:00 UTC, the number is not registered" in told
    assert "(30034)" in told
    assert "pending since 2026-11-18 12:00 UTC, to leave from 2026-11-18 12:" in told
    waiting = [row for row in world.outbound() if row.status == "pending"]
    assert [row.address for row in waiting] == [row.address for row in world.outbound()[:3]]
    world.later(minutes=30)  # one of them tries, and its receipt is awaited
    world.send()
    assert len(world.gateway.phone) == sent + 1
    world.send()
    assert len(world.gateway.phone) == sent + 1
    world.later(minutes=5)  # none came: all is well
    world.send()
    assert len(world.gateway.phone) == sent + 3
    assert sender_rows.standings(world.session, "fake")[SENDER].alarm_code is None
    assert world.invitation(1).status == "sent"


def test_a_receipt_that_is_faster_than_the_books_still_stops_the_sender(world: World) -> None:
    """It comes while the worker, which knows nothing of it, still has to write down its try."""

    def lost(outgoing: Outgoing) -> Outcome:
        taken = world.gateway.accept(outgoing)
        with Session(world.session.get_bind()) as web:
            found = (taken.provider_id, "undelivered", "30034", world.now)
            apply_status(web, "fake", *found, outgoing.message_id)
        return taken

    asked(world, 12)
    world.gateway.script = [lost]
    world.send(rhythm=Rhythm(round=0.0))
    first = len(world.gateway.phone)
    for tries in (1, 2):
        world.later(minutes=6)
        world.gateway.script = [lost]
        world.send()
        assert len(world.gateway.phone) == first + tries
        standing = sender_rows.standings(world.session, "fake")[SENDER]
        assert (standing.alarm_code, standing.unproven) == ("30034", True)
    world.later(minutes=6)
    world.send()  # it is taken, and no receipt complains
    world.later(minutes=6)
    world.send()
    assert len(world.gateway.phone) > first + 3
    assert sender_rows.standings(world.session, "fake")[SENDER].alarm_code is None


def test_a_blocked_sender_loses_nothing_within_an_invitation_s_time(small: World) -> None:
    """Each try loses one message, for hours: all of them get there once the sender may send."""
    small.trigger(small.survey(), expires_seconds=48 * 3600)
    for number in range(3):
        small.happens(small.customer(phone=f"+44770090{1000 + number}"))
    small.ask()
    blocked = {row.provider_id for row in small.outbound()}
    for row in range(3):
        receipt(small, row, "undelivered", "30034")
    for _ in range(200):  # 20 hours
        small.later(minutes=6)
        small.send()
        for place, row in enumerate(small.outbound()):
            if row.status == "queued" and row.provider_id not in blocked:
                blocked.add(row.provider_id)
                receipt(small, place, "undelivered", "30034")
    tries = len(small.outbound())
    assert 10 < tries < 100
    for _ in range(30):
        small.later(minutes=6)
        small.send()
    got = [row for row in small.outbound() if row.status == "queued"]
    assert sorted(row.address for row in got) == [f"+44770090{1000 + one}" for one in range(3)]
    assert {small.invitation(one).status for one in (1, 2, 3)} == {"sent"}
