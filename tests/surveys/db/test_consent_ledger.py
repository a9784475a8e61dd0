"""The ledger tells what held at any time, and what the team records overrides no customer."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from asking_world import NOW, PHONE, SENDER, World, asked_world
from sqlalchemy.orm import Session

from models.customer import Consent as Entry
from models.errors import Conflict, InvalidInput
from models.workspace import Workspace
from surveys import consent, ledger
from surveys.eligibility_facts import Consent
from surveys.recording import LONGEST, SOURCES, Told, record

OTHER = "+447700900777"


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return asked_world(session, workspace)


def rows(world: World) -> list[Entry]:
    return ledger.entries(world.session, world.workspace.id, PHONE)


def told(state: Consent, words: str = "Signed form", source: str = "team_form") -> Told:
    return Told(PHONE, state, source, words, "ada@shop.example")


def records(world: World, one: Told, seen: int | None = None) -> Consent:
    last = ledger.newest(rows(world)) if seen is None else seen
    return record(world.session, world.workspace, SENDER, one, last, world.now)


def test_looking_back_follows_the_rule_that_sending_follows(
    session: Session, workspace: Workspace
) -> None:
    chance = random.Random(7)
    sources = (*consent.OWN_WORD, consent.PROVIDER, *SOURCES)
    for step in range(60):
        state = chance.choice([Consent.GRANTED, Consent.WITHDRAWN])
        at, sender = NOW + timedelta(minutes=step), chance.choice([None, SENDER, OTHER])
        source = chance.choice(sources)
        consent.record(session, workspace.id, PHONE, state, source, at, sender=sender)
        known = ledger.entries(session, workspace.id, PHONE)
        for asked in (SENDER, OTHER):
            holds = consent.state_of(session, workspace.id, PHONE, asked)
            assert ledger.held_at(known, asked, at).state is holds
    halfway = NOW + timedelta(minutes=29, seconds=30)
    known = ledger.entries(session, workspace.id, PHONE)
    for asked in (SENDER, OTHER):
        then = ledger.held_at(known[:30], asked, halfway)
        assert ledger.held_at(known, asked, halfway) == then


def test_the_message_that_led_to_an_entry_is_found(world: World) -> None:
    begun = world.now
    world.later(minutes=5)
    world.says("please stop texting me")
    world.later(minutes=5)
    world.says("START")
    stopped, started = rows(world)
    messages = [ledger.led_to(world.session, one) for one in (stopped, started)]
    assert [one and one.body for one in messages] == ["please stop texting me", "START"]
    states = [
        ledger.held_at(rows(world), SENDER, begun + timedelta(minutes=minute)).state.value
        for minute in (0, 4, 5, 9, 10, 60)
    ]
    assert states == ["none", "none", "withdrawn", "withdrawn", "granted", "granted"]


def test_consent_that_the_team_records_counts_where_nobody_withdrew(world: World) -> None:
    assert records(world, told(Consent.GRANTED)) is Consent.GRANTED
    (entry,) = rows(world)
    assert (entry.source, entry.sender) == ("team_form", None)
    assert entry.detail == "Signed form (recorded by ada@shop.example)"
    assert entry.customer_id is not None
    assert ledger.led_to(world.session, entry) is None


def test_consent_that_the_team_records_never_takes_back_a_withdrawal(world: World) -> None:
    world.says("STOP")
    world.later(minutes=1)
    assert records(world, told(Consent.GRANTED)) is Consent.WITHDRAWN
    assert len(rows(world)) == 2
    held = ledger.held_at(rows(world), SENDER, world.now)
    assert held.because and held.because.source == "customer_sms"
    world.says("START")
    assert consent.state_of(world.session, world.workspace.id, PHONE, SENDER) is Consent.GRANTED


def test_a_withdrawal_that_the_team_records_acts_at_once(world: World) -> None:
    assert records(world, told(Consent.WITHDRAWN, source="team_call")) is Consent.WITHDRAWN
    said = len(world.gateway.bodies)
    world.says("9")
    assert len(world.gateway.bodies) == said
    assert [one.source for one in rows(world)] == ["team_call"]


def test_what_is_recorded_twice_is_written_once(world: World) -> None:
    records(world, told(Consent.GRANTED), seen=0)
    with pytest.raises(Conflict, match="changed meanwhile"):
        records(world, told(Consent.GRANTED), seen=0)
    assert len(rows(world)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        told(Consent.GRANTED, words=" \n "),
        told(Consent.GRANTED, words="x" * (LONGEST + 1)),
        told(Consent.GRANTED, source="customer_sms"),
        told(Consent.NONE),
    ],
)
def test_what_cannot_be_recorded_is_refused(world: World, wrong: Told) -> None:
    with pytest.raises(InvalidInput):
        records(world, wrong)
    assert rows(world) == []


def test_every_sender_that_was_spoken_of_is_listed(world: World) -> None:
    world.workspace.optout = "sender"
    world.says("STOP")
    consent.record(
        world.session, world.workspace.id, PHONE, Consent.GRANTED, "api", world.now, sender=OTHER
    )
    held = ledger.senders_at(rows(world), SENDER, world.now)
    assert [(one.sender, one.state.value) for one in held] == [
        (SENDER, "withdrawn"),
        (OTHER, "granted"),
    ]
