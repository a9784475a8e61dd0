"""How far a STOP reaches: one sender, a workspace, or all of the installation."""

from __future__ import annotations

import pytest
from asking_world import PHONE, SENDER, MakeWorkspace, World, asked_world
from sqlalchemy.orm import Session

from feedback.commands.consent import told
from feedback.consent_words import for_whom, whence
from models.customer import Consent as Entry
from models.customer import StopEverywhere
from models.message import Message
from models.workspace import Workspace
from surveys import consent, ledger
from surveys.claims import claim_some, still_wanted
from surveys.eligibility_facts import Consent
from surveys.keywords import keyword, means_everything
from surveys.sender_rows import Wire

ELSEWHERE = "+447700900777"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


@pytest.fixture
def other(world: World, make_workspace: MakeWorkspace) -> World:
    """Another workspace with a number of its own, and the same customer."""
    made = make_workspace(world.session, "other", sender=ELSEWHERE)
    beside = World(world.session, made, world.gateway, ids=world.ids)
    beside.trigger(beside.survey())
    return beside


def holds(world: World, sender: str) -> Consent:
    return consent.state_of(world.session, world.workspace.id, PHONE, sender)


def level(world: World, name: str) -> None:
    world.workspace.optout = name
    world.session.commit()


def refusal(world: World) -> str | None:
    (made,) = world.happens(world.customer())
    world.ask()
    return world.invitation(made).rule


@pytest.mark.parametrize(
    ("name", "here", "own", "there"),
    [
        ("sender", "withdrawn", "none", "none"),
        ("workspace", "withdrawn", "withdrawn", "none"),
        ("everywhere", "withdrawn", "withdrawn", "withdrawn"),
    ],
)
def test_a_stop_reaches_as_far_as_the_workspace_has_it(
    world: World, other: World, name: str, here: str, own: str, there: str
) -> None:
    level(world, name)
    world.says("STOP")
    assert [holds(world, SENDER), holds(world, "+447700900555")] == [here, own]
    assert holds(other, ELSEWHERE) == there
    assert refusal(other) == ("withdrew_consent" if there == "withdrawn" else None)


def test_a_new_workspace_reaches_everywhere(world: World) -> None:
    assert world.workspace.optout == "everywhere"


@pytest.mark.parametrize(
    "text", ["STOP ALL", "stopall", "Please stop everything", "alles stoppen!"]
)
def test_stop_all_reaches_everywhere_whatever_the_workspace_has(
    world: World, other: World, text: str
) -> None:
    level(world, "sender")
    assert world.says(text).kind == "stop"
    assert holds(other, ELSEWHERE) is Consent.WITHDRAWN


@pytest.mark.parametrize(("text", "holds_there"), [("STOP", "none"), ("STOP ALL", "withdrawn")])
def test_everything_is_meant_of_whatsapp_too(
    world: World, other: World, text: str, holds_there: str
) -> None:
    world.says(text)
    for one in (world, other):
        about = (one.session, one.workspace.id, f"whatsapp:{PHONE}", f"whatsapp:{SENDER}")
        assert consent.state_of(*about) == holds_there


@pytest.mark.parametrize(
    "text", ["stop", "all", "everything was late", "stop all the noise outside"]
)
def test_not_everything_is_meant_of_everything(text: str) -> None:
    assert not means_everything(text)


def test_every_language_has_its_words_for_everything() -> None:
    for text in ("alle stoppen", "tout arrêter", "parar todo", "ferma tutto", "parar tudo"):
        assert keyword(text) is not None, text
        assert means_everything(text), text


def test_what_waits_in_another_workspace_does_not_leave(world: World, other: World) -> None:
    (made,) = other.happens(other.customer())
    other.fire()
    claimed = claim_some(other.session, other.gateway, Wire(ELSEWHERE), other.now, 1)
    (waiting,) = other.happens(other.customer(external_id="later"), properties={"n": 2})
    world.says("STOP")
    assert list(still_wanted(other.session, claimed.claims, other.now)) == []
    assert other.invitation(made).rule == "withdrew_consent"
    assert other.invitation(waiting).status == "suppressed"


def test_stop_to_one_number_then_to_all_is_confirmed_once_more(world: World, other: World) -> None:
    level(world, "sender")
    for text in ("STOP", "STOP", "STOP ALL", "STOP ALL"):
        world.says(text)
    kinds = [row.kind for row in world.outbound() if row.workspace_id == world.workspace.id]
    assert kinds == ["invitation", "stop", "stop"]
    assert holds(other, ELSEWHERE) is Consent.WITHDRAWN


def test_start_brings_back_the_workspace_that_it_was_said_to_and_no_other(
    world: World, other: World
) -> None:
    world.says("STOP")
    world.later(minutes=1)
    world.says("START")
    assert holds(world, SENDER) is Consent.GRANTED
    assert holds(other, ELSEWHERE) is Consent.WITHDRAWN
    world.later(minutes=1)
    other.now = world.now
    other.says("START", to=ELSEWHERE)
    assert holds(other, ELSEWHERE) is Consent.GRANTED


def test_no_import_and_no_new_workspace_overrides_it(
    world: World, other: World, make_workspace: MakeWorkspace
) -> None:
    world.says("STOP")
    world.later(minutes=1)
    later = make_workspace(world.session, "later", sender="+447700900888")
    for one in (other.workspace, later):
        about = (world.session, one.id, PHONE)
        consent.record(*about, Consent.GRANTED, "import", world.now)
        assert consent.state_of(*about, one.sender or "") is Consent.WITHDRAWN


def test_it_outlives_the_workspace_in_which_it_was_said(world: World, other: World) -> None:
    world.says("STOP")
    world.session.delete(world.session.get_one(Workspace, world.workspace.id))
    world.session.commit()
    assert holds(other, ELSEWHERE) is Consent.WITHDRAWN
    assert [row.said_in for row in world.rows(StopEverywhere)] == [None]


def test_the_ledger_tells_the_level_and_another_workspace_s_words_to_nobody(
    world: World, other: World
) -> None:
    world.says("please stop texting me")
    (mine,) = ledger.entries(world.session, world.workspace.id, PHONE)
    assert (for_whom(mine), whence(mine)) == (
        "for every workspace here",
        "by the customer's own SMS",
    )
    said = ledger.led_to(world.session, mine)
    assert said is not None and said.body == "please stop texting me"
    lines = "\n".join(told(other.session, other.workspace, PHONE, ELSEWHERE, other.now))
    assert "Withdrawn" in lines and "for every workspace here" in lines
    assert "said to another workspace of this installation" in lines
    assert "please" not in lines
    assert len(world.rows(Entry)) == 1, "nothing of it is written to the other's ledger"


def test_a_confirmation_that_comes_late_is_one_text_too_many(world: World) -> None:
    silent = World(world.session, world.workspace, world.gateway, ids=world.ids)
    silent.send = lambda: 0  # type: ignore[method-assign]  # the worker is busy elsewhere
    silent.says("STOP")
    world.later(minutes=5)
    world.send()
    (confirmation,) = [row for row in world.rows(Message) if row.kind == "stop" and row.step]
    assert (confirmation.status, confirmation.error_code) == ("canceled", "waited_too_long")
