"""What came of triggers and campaigns, as the API tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking_world import World
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from feedback.app import create_app, make_services
from feedback.reporting.period import Period
from feedback.reporting.triggers import counted
from feedback.settings import load
from feedback.workspaces import add_key
from models.invitation import Invitation
from models.survey import Appointment, SurveyVersion, Trigger
from models.workspace import Workspace
from surveys.rules import WORDS, Rule

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
MADE = (
    ("scheduled", None, False),
    ("sending", None, False),  # handed over, and unclaimed
    ("sending", None, True),
    ("delivered", None, True),
    ("started", None, True),
    ("completed", None, True),
    ("expired", None, True),
    ("expired", "expired", False),
    ("suppressed", "quarantine_overall", False),
    ("suppressed", "quarantine_overall", False),
    ("suppressed", "no_consent", False),
    ("cancelled", None, False),
    ("failed", None, True),
)
Get = Callable[..., Any]


@pytest.fixture
def world(session: Session, workspace: Workspace) -> World:
    return World(session, workspace)


@pytest.fixture
def app(database_url: str) -> Flask:
    settings = load(
        {"DATABASE_URL": database_url, "SECRET_KEY": "k" * 40, "PUBLIC_URL": "http://x"}
    )
    return create_app(settings, make_services(settings, lambda: NOW))


@pytest.fixture
def get(app: Flask, world: World) -> Get:
    key = add_key(world.session, world.workspace, "k", NOW)
    world.session.commit()

    def got(path: str, status: int = 200, key: str | None = key) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = app.test_client().get(f"/api/v1{path}", headers=headers)
        assert reply.status_code == status, reply.get_data(as_text=True)
        return reply.get_json()

    return got


def made(world: World, trigger: Trigger, n: int, at: datetime, by_event: bool = True) -> Invitation:
    status, rule, sent = MADE[n]
    customer = world.customer(phone=None)
    invitation: Invitation = world.add(
        Invitation(
            workspace_id=world.workspace.id,
            trigger_id=trigger.id,
            event_id=world.event(customer).id if by_event else None,
            customer_id=customer.id,
            survey_id=trigger.survey_id,
            version_id=world.rows(SurveyVersion)[0].id,
            channel="sms",
            token=f"token-{next(world.ids)}",
            status=status,
            rule=rule,
            due_at=at,
            expires_at=at + timedelta(days=7),
            sent_at=at if sent else None,
            status_at=at,
            created_at=at,
        )
    )
    return invitation


def test_every_invitation_of_the_period_is_counted_once(world: World, get: Get) -> None:
    survey = world.survey()
    trigger = world.trigger(survey, key="parcels", window={"from": "09:00", "to": "24:00"})
    other = world.trigger(survey, key="other", event_name="", kind="recurring")
    for n in range(len(MADE)):
        made(world, trigger, n, NOW - timedelta(days=3))
    made(world, trigger, 3, NOW - timedelta(days=40))
    made(world, other, 3, NOW - timedelta(days=3), by_event=False)
    found = get("/triggers")
    assert found["next"] is None and found["to"] == "2026-11-18T12:00:00Z"
    first, second = found["triggers"]
    assert (first["key"], first["event"], first["survey"]) == ("parcels", "delivered", survey.key)
    assert (first["channels"], first["window"]["to"], first["kind"]) == (["sms"], "24:00", "event")
    counts = first["counts"]
    assert [(one["rule"], one["n"]) for one in counts["rules"]] == [
        ("quarantine_overall", 2),
        ("expired", 1),
        ("no_consent", 1),
    ]
    assert counts["rules"][0]["words"] == WORDS[Rule.QUARANTINE_OVERALL]
    parts = ("waiting", "asked", "refused", "cancelled", "failed")
    assert [counts[one] for one in parts] == [1, 6, 4, 1, 1]
    assert counts["made"] == sum(counts[one] for one in parts) == counts["matched"] == len(MADE)
    assert (counts["started"], counts["answered"]) == (2, 1)
    assert (second["counts"]["made"], second["counts"]["matched"]) == (1, 0)
    assert (second["event"], second["kind"]) == (None, "recurring")
    earlier = get("/triggers?from=2026-10-01&to=2026-10-31")["triggers"][0]["counts"]
    assert (earlier["made"], earlier["asked"]) == (1, 1)


def test_triggers_come_by_the_page_and_by_what_they_are(world: World, get: Get) -> None:
    survey = world.survey()
    keys = [world.trigger(survey, key=f"t{n}").key for n in range(5)]
    world.trigger(survey, key="club", event_name="", kind="recurring")
    world.trigger(survey, key="once", event_name="", kind="campaign", state="draft")
    seen, after = [], ""
    while True:
        page = get(f"/triggers?limit=2&kind=event{after}")
        seen += [one["key"] for one in page["triggers"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == keys
    assert [one["key"] for one in get("/triggers?kind=recurring")["triggers"]] == ["club"]
    assert get("/triggers?survey=nosuch")["triggers"] == []
    assert len(get(f"/triggers?survey={survey.key}")["triggers"]) == 6
    for wrong in ("kind=campaign", "limit=0", "after=0", "from=soon", "x=1"):
        get(f"/triggers?{wrong}", 422)
    get("/triggers", 401, key=None)


def test_a_campaign_tells_how_far_it_is(world: World, get: Get) -> None:
    survey = world.survey()
    for key, state in (("old", "done"), ("new", "running")):
        row = world.trigger(survey, key=key, event_name="", kind="campaign", state=state)
    for n in (0, 3, 5, 8):
        made(world, row, n, NOW - timedelta(days=40), by_event=False)
    for due in (NOW, None):
        whom = {"workspace_id": world.workspace.id, "customer_id": world.customer(phone=None).id}
        world.add(Appointment(**whom, trigger_id=row.id, due_at=due))
    found = get("/campaigns?limit=1")
    (new,) = found["campaigns"]
    assert (new["key"], new["state"], new["to_come"]) == ("new", "running", 1)
    assert (new["asked"], new["answered"], new["counts"]["made"]) == (2, 1, 0)
    rest = get(f"/campaigns?after={found['next']}")
    assert [one["key"] for one in rest["campaigns"]] == ["old"] and rest["next"] is None
    assert get("/triggers/new")["kind"] == "campaign"


def test_one_trigger_is_told_by_the_day_with_the_hours_it_learnt(world: World, get: Get) -> None:
    trigger = world.trigger(world.survey(), key="parcels", timing={"hour": "learn"})
    for n, days in ((3, 1), (5, 9), (8, 9), (5, 30)):
        made(world, trigger, n, NOW - timedelta(days=days))
    found = get("/triggers/parcels?from=2026-11-08&to=2026-11-18")
    assert found["step"] == "day" and len(found["times"]) == 11
    days = {one["from"][:10]: (one["made"], one["asked"], one["refused"]) for one in found["times"]}
    assert {day: n for day, n in days.items() if n[0]} == {
        "2026-11-09": (2, 1, 1),
        "2026-11-17": (1, 1, 0),
    }
    assert found["counts"]["made"] == 3 == sum(one["made"] for one in found["times"])
    (noon,) = found["hours"]
    assert (noon["hour"], noon["asked"], noon["answered"]) == (12, 3, 2)
    assert 0 < noon["low"] < noon["share"] <= noon["high"] < 1
    assert get("/triggers/nosuch", 404)["error"]["field"] == "key"


def test_another_workspace_s_triggers_are_not_told(
    world: World, get: Get, make_workspace: Callable[..., Workspace]
) -> None:
    other = World(world.session, make_workspace(world.session, "other"))
    made(other, other.trigger(other.survey(), key="theirs"), 3, NOW - timedelta(days=1))
    assert get("/triggers")["triggers"] == []
    get("/triggers/theirs", 404)


def test_only_the_period_s_range_of_an_index_is_read(engine: Engine, workspace: Workspace) -> None:
    plan = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    read: list[str] = []

    def explain(connection: Any, _: Any, statement: str, given: Any, *rest: Any) -> None:
        if "FROM invitations" in statement and not statement.startswith("EXPLAIN"):
            if engine.dialect.name != "sqlite":
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            rows = connection.exec_driver_sql(f"{plan} {statement}", given).all()
            read.extend(str(one) for row in rows for one in row)

    event.listen(engine, "before_cursor_execute", explain)
    with Session(engine) as session:
        counted(session, workspace.id, [1, 2], Period(NOW - timedelta(days=30), NOW))
    assert any("ix_invitations_workspace_id_created_at" in line for line in read), read
