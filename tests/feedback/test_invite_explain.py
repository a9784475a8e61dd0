from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asking_world import NOW, World
from click.testing import CliRunner
from sqlalchemy.orm import Session

from feedback.commands.context import load_settings, open_engine
from feedback.commands.explain import command as explain
from feedback.commands.invite import command as invite
from models.errors import NotFound
from models.workspace import Workspace
from surveys.eligibility import RULES


@pytest.fixture
def world(migrated_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    monkeypatch.setenv("PUBLIC_URL", "https://ask.example.com")
    engine = open_engine(load_settings())
    with Session(engine, expire_on_commit=False) as session:
        shop = Workspace(name="shop", company="Shop", created_at=NOW)
        session.add(shop)
        session.commit()
        world = World(session, shop)
        world.survey(enabled=True)
        world.customer(external_id="ada")
        yield world
    engine.dispose()


def arguments(channel: str, survey: str = "after_delivery") -> list[str]:
    return [
        *("--workspace", "shop", "--survey", survey),
        *("--customer", "ada", "--channel", channel),
    ]


def test_an_invitation_by_hand_prints_its_id_and_its_link(world: World) -> None:
    result = CliRunner().invoke(invite, arguments("web"), catch_exceptions=False)
    number, link = result.stdout.split()
    invitation = world.invitation(int(number))
    assert link == f"https://ask.example.com/s/{invitation.token}"
    assert invitation.status == "sent"
    told = CliRunner().invoke(explain, [number], catch_exceptions=False)
    assert "made by hand" in told.stdout
    assert "no rule objected" in told.stdout


def test_one_by_sms_waits_for_the_worker(world: World) -> None:
    result = CliRunner().invoke(invite, arguments("sms"), catch_exceptions=False)
    assert world.invitation(int(result.stdout.split()[0])).status == "scheduled"


def test_one_by_sms_leaves_in_quiet_time_with_a_warning(world: World) -> None:
    all_day = {"start": "00:00:00", "end": "23:59:59.999999"}
    world.workspace.contact_rules = {"quiet_hours": all_day}
    world.session.commit()
    result = CliRunner().invoke(invite, arguments("sms"), catch_exceptions=False)
    assert "warning: it leaves at once, though it is quiet time" in result.stderr
    assert world.invitation(int(result.stdout.split()[0])).status == "scheduled"
    assert "warning" not in CliRunner().invoke(invite, arguments("web")).stderr


def test_explaining_shows_every_rule_with_what_it_saw(world: World) -> None:
    number = CliRunner().invoke(invite, arguments("web")).stdout.split()[0]
    told = CliRunner().invoke(explain, [number], catch_exceptions=False).stdout
    rules = [line for line in told.splitlines() if line.startswith("  ")]
    assert len(rules) == len(RULES)
    assert "excluded: passed, under no exclusion" in told


def test_a_refused_one_says_why(world: World) -> None:
    world.survey(key="off", enabled=False)
    result = CliRunner().invoke(invite, arguments("web", "off"), catch_exceptions=False)
    assert "the survey is switched off" in result.stderr


def test_what_is_not_there_is_an_error(world: World) -> None:
    with pytest.raises(NotFound):
        CliRunner().invoke(explain, ["404"], catch_exceptions=False)
    with pytest.raises(NotFound):
        CliRunner().invoke(invite, arguments("web", "nosuch"), catch_exceptions=False)
    assert CliRunner().invoke(explain, ["-1"]).exit_code == 2
