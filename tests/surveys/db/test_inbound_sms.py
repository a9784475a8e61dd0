from __future__ import annotations

from datetime import timedelta

import pytest
from asking_world import NPS, PHONE, MakeWorkspace, World, asked_world
from sqlalchemy.orm import Session

from models.conversation import Conversation
from models.customer import Consent as Ledger
from models.message import Message
from models.reading import Comment
from models.response import Answer
from models.workspace import Workspace
from surveys.channels.gateway import Accepted
from surveys.conversations import SILENCE, expire_silent
from surveys.inbound import simulator_reply
from surveys.settling import settle


@pytest.fixture
def world(sqlite_session: Session, make_workspace: MakeWorkspace) -> World:
    return asked_world(sqlite_session, make_workspace(sqlite_session))


@pytest.fixture
def both(session: Session, workspace: Workspace) -> World:
    """The same on each engine, where the SQL differs."""
    return asked_world(session, workspace)


def test_a_conversation_from_the_first_reply_to_the_thanks(both: World) -> None:
    assert both.says("9").kind == "reply"
    assert both.answers() == {"score": 9}
    assert both.invitation(1).status == "started"
    assert both.gateway.bodies[-1].startswith("What is the main reason?")
    both.says("The driver was friendly")
    assert both.response().status == "completed"
    assert both.invitation(1).status == "completed"
    assert both.rows(Conversation)[0].status == "ended"
    assert both.gateway.bodies[-1] == "Thank you, Ada!"


def test_score_and_comment_in_one_reply_are_not_asked_for_again(world: World) -> None:
    world.says("9 - great staff")
    (answer,) = [row for row in world.rows(Answer) if row.question == "score"]
    assert (answer.value, answer.comment, answer.channel) == ({"value": 9}, "great staff", "sms")
    assert world.response().status == "completed"
    assert len(world.gateway.phone) == 2


def test_a_replay_does_nothing_and_tells_what_the_first_was(both: World) -> None:
    first = both.says("9", provider_id="SMx")
    again = both.says("9", provider_id="SMx")
    assert (again.kind, again.message_id, again.replay) == ("reply", first.message_id, True)
    assert len(both.gateway.phone) == 2
    assert both.response().state["current"] == "why"


def test_a_reply_that_is_no_answer_is_asked_again_twice_then_kept(world: World) -> None:
    for words in ("what do you mean", "who is this"):
        world.says(words)
        assert "0 to 10" in world.gateway.bodies[-1]
        assert "https://ask.example.com/s/" in world.gateway.bodies[-1]
    world.says("just a bad week for me")
    (answer,) = world.rows(Answer)
    assert answer.value == {"value": None}
    assert "just a bad week for me" in (answer.comment or "")


def test_stop_takes_effect_at_once(both: World) -> None:
    survey = both.survey(key="other")
    both.trigger(survey, event_name="returned", delay_seconds=3600)
    customer = both.customer()
    (later,) = both.happens(customer, name="returned")
    both.says("9")
    both.gateway.script = []
    assert both.says("Stop.").kind == "stop"
    (entry,) = both.rows(Ledger)
    assert (entry.state, entry.source, entry.sender) == ("withdrawn", "customer_sms", None)
    assert both.invitation(later).status == "suppressed"
    assert both.invitation(later).rule == "withdrew_consent"
    assert both.rows(Conversation)[0].status == "ended"
    assert both.response().status == "abandoned"
    assert both.answers() == {"score": 9}
    assert "Reply START" in both.gateway.bodies[-1]


def test_stop_holds_back_what_waits_to_be_sent(world: World) -> None:
    sent = len(world.gateway.phone)
    world.gateway.script = []
    other = World(world.session, world.workspace, world.gateway, ids=world.ids)
    other.send = lambda: 0  # type: ignore[method-assign]  # the worker is busy elsewhere
    other.says("9")
    other.says("STOP")
    world.send()
    assert [one.body for one in world.gateway.phone[sent:]] == [world.gateway.bodies[-1]]
    assert world.gateway.bodies[-1].startswith("Shop: you're unsubscribed")
    assert [row.status for row in world.outbound()] == ["queued", "canceled", "queued"]


def test_one_stop_one_answer(world: World) -> None:
    world.says("STOP")
    world.says("stop")
    world.says("please stop texting me")
    assert [row.kind for row in world.outbound()] == ["invitation", "stop"]
    assert len(world.rows(Ledger)) == 1


def test_where_the_provider_manages_opting_out_it_has_answered(world: World) -> None:
    assert world.says("stop", opt_out_type="STOP").kind == "stop"
    assert world.says("help", opt_out_type="HELP").kind == "help"
    assert [row.kind for row in world.outbound()] == ["invitation"]
    assert len(world.rows(Ledger)) == 1


def test_help_always_answers_even_after_stop(world: World) -> None:
    world.says("STOP")
    assert world.says("HELP").kind == "help"
    assert "customer feedback" in world.gateway.bodies[-1]


def test_words_of_the_service_come_in_the_customers_language(world: World) -> None:
    world.customer(phone="+447700900300", locale="de-AT")
    world.workspace.default_locale = "fr-FR"
    world.session.commit()
    world.says("STOP", phone="+447700900300")
    assert "Sie sind abgemeldet" in world.gateway.bodies[-1]
    world.says("Hallo zusammen", phone="+447700900301")
    assert "merci" in world.gateway.bodies[-1]


def test_help_leaves_the_question_open(world: World) -> None:
    world.says("help")
    world.says("8")
    assert world.answers() == {"score": 8}


def test_start_opts_back_in_and_nothing_else_does(world: World) -> None:
    world.says("STOP")
    world.says("you were great by the way")
    world.says("yes")
    assert world.rows(Ledger)[-1].state == "withdrawn"
    world.says("START")
    assert (world.rows(Ledger)[-1].state, world.rows(Ledger)[-1].source) == (
        "granted",
        "customer_sms",
    )
    assert "you're back on" in world.gateway.bodies[-1]


def test_stop_counts_for_every_workspace_on_the_number(
    world: World, make_workspace: MakeWorkspace
) -> None:
    other = make_workspace(world.session, "other")
    world.says("STOP")
    assert {row.workspace_id for row in world.rows(Ledger)} == {world.workspace.id, other.id}
    assert len(world.outbound()) == 2


def test_a_stop_from_a_number_nobody_knows_is_kept(world: World) -> None:
    world.says("STOP", phone="+447700900999")
    (entry,) = world.rows(Ledger)
    assert (entry.address, entry.customer_id) == ("+447700900999", None)


@pytest.mark.parametrize("address", ["anonymous", "12345", "client:bob", "+1", "+44not"])
def test_what_is_no_number_is_heard_and_hears_nothing(world: World, address: str) -> None:
    for body, kind in (("my parcel is late", "unprompted"), ("STOP", "stop"), ("HELP", "help")):
        assert world.says(body, phone=address).kind == kind
    assert [row.kind for row in world.outbound()] == ["invitation"]
    assert [row.text for row in world.rows(Comment)] == ["my parcel is late"]


def test_a_message_out_of_nowhere_is_a_comment_at_the_latest_touchpoint(world: World) -> None:
    point = world.touchpoint()
    customer = world.customer(phone="+447700900200")
    world.event(customer, name="visited", touchpoint_id=point.id)
    for words in ("Your shop smells of paint", "And it still does"):
        assert world.says(words, phone="+447700900200").kind == "unprompted"
    comments = world.rows(Comment)
    assert [row.text for row in comments] == ["Your shop smells of paint", "And it still does"]
    assert comments[0].touchpoint_id == point.id
    assert (comments[0].attached_by, comments[0].source) == ("latest_event", "sms")
    assert (comments[0].customer_id, comments[0].read_state) == (customer.id, "waiting")
    assert [row.kind for row in world.outbound()] == ["invitation", "unprompted"]


def test_an_unattached_comment_says_why(world: World) -> None:
    world.customer(phone="+447700900201")
    world.says("Hello", phone="+447700900201")
    world.says("Hello", phone="+447700900202")
    reasons = [row.attached_by for row in world.rows(Comment)]
    assert reasons == ["none:no_recent_event", "none:unknown_number"]


def test_an_empty_message_is_no_comment(world: World) -> None:
    world.says("  ", phone="+447700900203", media_count=1)
    assert world.rows(Comment) == []


def test_a_late_reply_reopens_the_exchange_and_its_response(both: World) -> None:
    both.says("9")
    both.now += SILENCE + timedelta(minutes=1)
    assert expire_silent(both.session, both.now) == 1
    assert both.rows(Conversation)[0].status == "expired"
    assert both.response().status == "abandoned"
    assert both.answers() == {"score": 9}
    both.later(hours=3)
    assert both.says("Sorry, was away. Quick delivery").kind == "reply"
    assert both.answers()["why"] == "Sorry, was away. Quick delivery"
    assert both.response().status == "completed"


def test_after_weeks_nobody_knows_what_was_asked(world: World) -> None:
    world.now += SILENCE
    expire_silent(world.session, world.now)
    world.later(days=15)
    assert world.says("9").kind == "unprompted"


def test_an_exchange_that_goes_on_does_not_expire(world: World) -> None:
    world.later(hours=23)
    world.says("9")
    world.later(hours=23)
    assert expire_silent(world.session, world.now) == 0


def test_a_reply_overtakes_a_question_not_yet_sent(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    world = World(sqlite_session, make_workspace(sqlite_session))
    arrived = {"key": "arrived", "type": "yes_no", "text": "Has it arrived?"}
    score, why = NPS["questions"]
    world.trigger(world.survey({**NPS, "questions": [score, why, arrived]}))
    world.happens(world.customer())
    world.ask()
    held = World(world.session, world.workspace, world.gateway, ids=world.ids)
    held.send = lambda: 0  # type: ignore[method-assign]  # the worker is busy elsewhere
    held.says("9")
    held.says("it was quick")
    world.send()
    assert [row.status for row in world.outbound()] == ["queued", "canceled", "queued"]
    assert world.gateway.bodies[-1].startswith("Has it arrived?")


def test_a_number_of_nobody_s_is_ignored(world: World) -> None:
    before = len(world.rows(Message))
    assert world.says("9", to="+15551230000").kind == "nobody"
    assert len(world.rows(Message)) == before


def test_strange_letters_do_no_harm(both: World) -> None:
    both.says("\x00\u202e\ud83d" + "x" * 20_000)
    assert both.says("9").kind == "reply"
    assert both.answers()["score"] == 9


def test_the_simulated_phone_replies(world: World) -> None:
    received = simulator_reply(
        world.session, world.services, world.workspace.id, PHONE, "10", world.now
    )
    assert received.kind == "reply"
    assert world.answers() == {"score": 10}


def test_of_two_workspaces_on_a_number_the_last_to_write_is_meant(
    world: World, make_workspace: MakeWorkspace
) -> None:
    make_workspace(world.session, "aaa")
    assert world.says("9").kind == "reply"
    assert world.answers() == {"score": 9}


def test_a_reply_to_a_number_of_the_provider_s_pool_finds_its_workspace(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    pool = "MG" + "a" * 32
    world = asked_world(sqlite_session, make_workspace(sqlite_session, sender=pool))
    assert world.says("8", to="+15551230000", service=pool).kind == "reply"
    assert world.answers() == {"score": 8}
    assert {outgoing.sender for outgoing in world.gateway.phone} == {pool}


def test_a_courtesy_after_the_thanks_is_not_thanked_for(world: World) -> None:
    world.says("9 - quick")
    assert world.says("cheers").kind == "unprompted"
    assert [row.kind for row in world.outbound()] == ["invitation", "thanks"]
    world.later(hours=2)
    world.says("One more thing: the box was wet")
    assert world.outbound()[-1].kind == "unprompted"


def test_stop_does_not_call_suppressed_what_may_have_left(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    world = World(sqlite_session, make_workspace(sqlite_session))
    world.trigger(world.survey())
    (made,) = world.happens(world.customer())
    world.fire()
    claim = world.claim()
    assert claim is not None
    world.says("STOP")
    assert world.invitation(made).status == "sending"
    settle(world.session, claim, Accepted("SM900", "sent"), world.now)
    assert (world.invitation(made).status, world.outbound()[0].status) == ("sent", "sent")
