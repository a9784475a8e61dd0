"""What if: the changed rules' consequence by command and API, and not a row changed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from asking_world import NPS, World
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.cli import group
from feedback.configuration.problems import ConfigurationError
from feedback.configuration.yaml_file import merged, read_yaml
from feedback.whatif import ask as asking
from feedback.whatif.ask import Ask, what_if
from feedback.whatif.changed import Wanted
from feedback.whatif.given import from_text, wanted
from feedback.whatif.schema import WhatIf
from feedback.whatif.turn import TURN, in_turn
from feedback.workspaces import add_key
from models.base import Base
from models.errors import Busy, InvalidInput
from models.price import SmsPrice
from surveys.firing import setting_of

NEW_TRIGGER = """
workspace: {quarantine_days: 0}
triggers:
  - {event: delivered, survey: after_delivery, key: parcels, delay: 1 hour}
  - {event: returned, survey: after_delivery, key: returns}
"""


@pytest.fixture
def world(session: Session, make_workspace: Any) -> World:
    """Two parcels and a return in three days; the second parcel's customer rested."""
    made = World(session, make_workspace(session, quarantine_days=30))
    survey = made.survey(NPS, quarantine_days=0)
    made.trigger(survey, key="parcels", delay_seconds=3600)
    prices = {"prefix": "44", "price": 0.04, "currency": "GBP", "created_at": made.now}
    made.add(SmsPrice(workspace_id=made.workspace.id, **prices))
    customer = made.customer()
    for name in ("delivered", "delivered", "returned"):
        made.happens(customer, name=name)
        made.later(hours=1)
        made.ask()
        made.later(days=1)
    return made


def asked(world: World, text: str = "", **more: Any) -> WhatIf:
    document = merged([read_yaml(text, "line")])
    ask = Ask(Wanted(document, more.pop("samples", {})), **more)
    setting = setting_of(world.services)
    return what_if(world.session, world.workspace.id, ask, setting, world.now)


def three(one: Any) -> tuple[float, float, float]:
    return one.happened, one.now, one.then


def test_a_changed_rest_and_a_new_trigger_ask_more_and_cost_more(world: World) -> None:
    found = asked(world, NEW_TRIGGER)
    assert three(found.asked) == (1, 1, 3)
    assert three(found.customers) == (1, 1, 1) and found.most_times.then == 3
    assert {one.rule: three(one) for one in found.refused} == {"quarantine_overall": (1, 1, 0)}
    assert {one.key: three(one) for one in found.triggers} == {
        "parcels": (1, 1, 2),
        "returns": (0, 0, 1),
    }
    (cost,) = found.costs
    assert cost.key == "GBP" and cost.then == pytest.approx(3 * cost.now) and cost.now >= 0.04
    assert [three(one) for one in found.times if one.then] == [(1, 1, 1), (0, 0, 1), (0, 0, 1)]
    assert found.agreement.model_dump() == {"both": 1, "only_happened": 0, "only_now": 0}
    assert [one.then for one in found.most_changed] == [3]
    assert any("quarantine_days is 0" in line for line in found.changes)


def rows(session: Session) -> dict[str, list[Any]]:
    session.rollback()
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.columns))]
        for table in Base.metadata.sorted_tables
        if session.scalar(select(func.count()).select_from(table))
    }


def test_nothing_of_it_is_stored(world: World) -> None:
    before = rows(world.session)
    everything = NEW_TRIGGER + "segments: [{key: all, filter: {a: 1}}]\nquotas: [{key: q, most: 1}]"
    asked(world, everything, samples={"parcels": 0.5})
    with pytest.raises(ConfigurationError):
        asked(world, NEW_TRIGGER.replace("after_delivery, key: returns", "nosuch, key: x"))
    assert rows(world.session) == before
    assert "invitations" in before and "decisions" in before


@pytest.fixture
def alone(sqlite_session: Session, make_workspace: Any) -> World:
    made = World(sqlite_session, make_workspace(sqlite_session, quarantine_days=0))
    made.trigger(made.survey(NPS, quarantine_days=0), "web", key="parcels", delay_seconds=3600)
    return made


def test_quiet_hours_samples_caps_and_quotas_show_in_what_refuses(alone: World) -> None:
    for _ in range(12):
        alone.happens(alone.customer(phone=None))
        alone.later(hours=1)
        alone.fire()
    alone.later(hours=1)
    full = asked(alone, "quotas: [{key: few, most: 5, of: invitations, per: ever}]")
    assert three(full.asked) == (12, 12, 5)
    assert {one.rule: one.then for one in full.refused} == {"quota_full": 7}
    half = asked(alone, samples={"parcels": 0.5})
    assert 0 < half.asked.then < 12
    assert {one.rule: one.then for one in half.refused} == {"not_in_sample": 12 - half.asked.then}
    never = asked(
        alone,
        "triggers: [{event: delivered, survey: after_delivery, key: parcels, "
        "channel: web, enabled: false}]",
    )
    assert three(never.asked) == (12, 12, 0)


def test_an_unchanged_configuration_compares_with_what_happened_alone(alone: World) -> None:
    alone.happens(alone.customer())
    alone.later(hours=2)
    alone.fire()
    found = asked(alone, "workspace: {quarantine_days: 0}\nthemes: []\n")
    assert found.changes == [] and found.asked.now == found.asked.then == 1
    assert found.assumptions


def test_a_period_too_long_or_too_full_is_refused_with_the_mend(
    alone: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        alone.happens(alone.customer())
    with pytest.raises(InvalidInput, match="is no number of days"):
        asked(alone, days=0)
    alone.later(hours=1)
    with pytest.raises(InvalidInput, match="more than 2 events") as refused:
        asked(alone, most=2)
    assert "waymark whatif" in str(refused.value.mend)
    assert asked(alone, most=3).events == 3


def test_what_is_typed_is_checked_at_its_field() -> None:
    with pytest.raises(ConfigurationError) as refused:
        wanted("", {"quarantine_days": "soon", "yearly_cap": "3"}, {"parcels": "200"})
    assert [one.path for one in refused.value.problems] == [
        ("workspace", "quarantine_days"),
        ("samples", "parcels"),
    ]
    found = wanted("workspace: {yearly_cap: 9}", {"quarantine_days": "1.5"}, {"a": "12.5 %"})
    assert found.document.data == {"workspace": {"yearly_cap": 9, "quarantine_days": 1.5}}
    assert found.samples == {"a": 0.125}
    with pytest.raises(InvalidInput, match="refers to another part"):
        from_text("a: &a [1]\nb: [*a, *a]")


def test_the_command_and_the_api_tell_the_same(
    alone: World, sqlite_url: str, client: FlaskClient, tmp_path: Path, monkeypatch: Any
) -> None:
    alone.now = asking_now = alone.services.now()
    alone.happens(alone.customer(), occurred_at=asking_now - timedelta(hours=3))
    key = add_key(alone.session, alone.workspace, "k", asking_now)
    alone.session.commit()
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    file = tmp_path / "rules.yaml"
    file.write_text("workspace: {yearly_cap: 1}")
    command = ["whatif", str(file), "--workspace", "shop", "--days", "366", "--json"]
    printed = CliRunner().invoke(group, command, catch_exceptions=False)
    told = json.loads(printed.stdout)
    assert told["changes"] == ["workspace shop: yearly_cap is 1 (was the default)"]
    assert "Nothing" not in printed.stdout
    plain = CliRunner().invoke(group, command[:-1], catch_exceptions=False)
    assert "By the rules" not in plain.stdout and "invitations" in plain.stdout

    headers = {"Authorization": f"Bearer {key}"}
    body = {"configuration": {"workspace": {"yearly_cap": 1}}, "days": 366}
    reply = client.post("/api/v1/what-if", json=body, headers=headers)
    assert reply.status_code == 200
    assert reply.get_json()["asked"] == told["asked"]
    assert client.post("/api/v1/what-if", json=body).status_code == 401
    for wrong, field in (
        ({"days": 0}, "days"),
        ({"samples": {"nosuch": 0.5}}, "samples.nosuch"),
        (
            {"configuration": {"workspace": {"yearly_cap": -1}}},
            "configuration.workspace.yearly_cap",
        ),
        ({"configuration": {"nonsense": 1}}, "configuration.nonsense"),
        ({"configuration": "a: ["}, "line:1"),
    ):
        reply = client.post("/api/v1/what-if", json=wrong, headers=headers)
        error = reply.get_json()["error"]
        assert (reply.status_code, error["field"]) == (422, field), error
        assert error["message"]
    assert asking.MOST_EVENTS == 10_000


def test_one_is_worked_out_at_a_time(
    sqlite_session: Session, make_workspace: Any, client: FlaskClient, now: datetime
) -> None:
    key = add_key(sqlite_session, make_workspace(sqlite_session), "k", now)
    sqlite_session.commit()
    headers = {"Authorization": f"Bearer {key}"}
    with TURN:
        reply = client.post("/api/v1/what-if", json={}, headers=headers)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "5")
    error = reply.get_json()["error"]
    assert "just now" in error["message"] and "waymark whatif" in error["mend"]
    for _ in range(2):
        wrong = client.post("/api/v1/what-if", json={"days": 367}, headers=headers)
        assert wrong.status_code == 422
    assert client.post("/api/v1/what-if", json={}, headers=headers).status_code == 200


def test_the_turn_ends_with_the_work_however_it_ends() -> None:
    turn = Lock()
    with pytest.raises(Busy), turn:
        in_turn(lambda: 1, turn)
    with pytest.raises(InvalidInput):
        in_turn(lambda: from_text("a: ["), turn)
    assert in_turn(lambda: 1, turn) == 1
