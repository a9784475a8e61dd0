from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from report_rows import MakeWorkspace, Shop
from sqlalchemy.orm import Session

from feedback import workspaces
from feedback.commands.report import command
from models.errors import NotFound


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    made = Shop(sqlite_session, make_workspace(sqlite_session))
    for day in range(8):
        made.response("delivery", {"nps": 2.0}, (("speed", "negative"),), day=day)
        made.response("browse", {"nps": 10.0}, (("design", "positive"),), day=day)
    sqlite_session.commit()
    return made


def key_of(shop: Shop, now: datetime) -> dict[str, str]:
    key = workspaces.add_key(shop.session, shop.workspace, "reports", now)
    shop.session.commit()
    return {"Authorization": f"Bearer {key}"}


def test_the_api_gives_the_report_by_key_and_by_id(
    shop: Shop, client: FlaskClient, now: datetime
) -> None:
    headers = key_of(shop, now)
    for name in ("buying", str(shop.journey.id)):
        answer = client.get(f"/api/v1/journeys/{name}/pain-points", headers=headers)
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["n_responses"] == 16
        assert answer.json["pain_points"][0]["theme"] == "speed"


def test_another_workspace_s_key_reads_nothing(
    shop: Shop, client: FlaskClient, make_workspace: MakeWorkspace, now: datetime
) -> None:
    rival = Shop(shop.session, make_workspace(shop.session, "rival"))
    headers = key_of(rival, now)
    by_id = client.get(f"/api/v1/journeys/{shop.journey.id}/pain-points", headers=headers)
    assert by_id.status_code == 404
    own = client.get("/api/v1/journeys/buying/pain-points", headers=headers)
    assert own.json is not None
    assert own.json["n_responses"] == 0


def test_without_a_key_there_is_no_report(shop: Shop, client: FlaskClient) -> None:
    assert client.get("/api/v1/journeys/buying/pain-points").status_code == 401


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("from=yesterday", 422, "from"),
        ("from=2026-11-02&to=2026-11-01T00:00:00Z", 422, "to"),
        ("channel=post", 422, "channel"),
        ("language=klingon", 422, "language"),
        ("segment=none", 404, "segment"),
        ("survey=none", 404, "survey"),
        ("colour=red", 422, "colour"),
    ],
)
def test_what_can_t_be_asked_names_its_field_and_the_mend(
    shop: Shop, client: FlaskClient, now: datetime, query: str, status: int, field: str
) -> None:
    answer = client.get(f"/api/v1/journeys/buying/pain-points?{query}", headers=key_of(shop, now))
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["mend"]


def test_a_period_in_the_address_is_the_period_of_the_report(
    shop: Shop, client: FlaskClient, now: datetime
) -> None:
    url = "/api/v1/journeys/buying/pain-points?from=2026-10-02&to=2026-10-03"
    answer = client.get(url, headers=key_of(shop, now))
    assert answer.json is not None
    assert (answer.json["from"], answer.json["to"]) == (
        "2026-10-02T00:00:00Z",
        "2026-10-04T00:00:00Z",
    )
    assert answer.json["n_responses"] == 4


@pytest.fixture
def configured(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    return CliRunner()


def test_the_command_prints_the_same_json(
    shop: Shop, client: FlaskClient, configured: CliRunner, now: datetime
) -> None:
    result = configured.invoke(command, ["pain-points", "--workspace", "shop", "--json"])
    assert result.exit_code == 0, result.output
    by_api = client.get("/api/v1/journeys/buying/pain-points", headers=key_of(shop, now))
    assert json.loads(result.output) == by_api.json


def test_the_command_prints_a_ranked_table(shop: Shop, configured: CliRunner) -> None:
    result = configured.invoke(command, ["pain-points", "--workspace", "shop"])
    assert result.exit_code == 0, result.output
    assert "1     after / delivery  Speed" in result.output


def test_the_command_names_the_journeys_it_knows(shop: Shop, configured: CliRunner) -> None:
    arguments = ["pain-points", "--workspace", "shop", "--journey", "renting"]
    result = configured.invoke(command, arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, NotFound)
    assert "buying" in str(result.exception)
