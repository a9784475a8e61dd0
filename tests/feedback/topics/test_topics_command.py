"""`waymark topics`: computed where nobody had it computed, shown where somebody had."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from topic_rows import LATE, LOCKERS, PARKING, Encoder, say

from feedback import logs
from feedback.commands.context import load_settings, open_engine
from feedback.commands.topics import command
from models.errors import InvalidInput, NotFound
from models.topic import TopicRun
from models.workspace import Workspace

MID = datetime(2022, 8, 10, tzinfo=UTC)


@pytest.fixture
def history(migrated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with a quarter of 2022."""
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    logs.configure()
    with _session() as session:
        shop = Workspace(name="shop", company="Shop", created_at=MID)
        session.add(shop)
        session.flush()
        say(session, shop, MID, LOCKERS, 20)
        say(session, shop, MID, PARKING, 12)
        say(session, shop, MID, LATE, 60, theme="delivery_speed")


def _session() -> Session:
    return Session(open_engine(load_settings()))


def _said(*arguments: str) -> str:
    asked = ["--workspace", "shop", *arguments]
    return CliRunner().invoke(command, asked, obj=Encoder, catch_exceptions=False).stdout


def _runs() -> int:
    with _session() as session:
        return session.scalar(select(func.count(TopicRun.id))) or 0


def test_it_computes_once_then_shows_and_computes_anew_when_told(history: None) -> None:
    first = _said()
    assert "Emerging topics of July to September 2022" in first
    assert "32 of 92 comments speak of no theme" in first and "ockers" in first
    assert _said() == first and _runs() == 1
    assert _said("--run") == first and _runs() == 2


def test_as_json_it_says_everything_for_any_period(history: None) -> None:
    told = json.loads(_said("--from", "2022-08-10", "--to", "2022-08-12", "--json"))
    assert told["period"]["from"].startswith("2022-08-10") and told["status"] == "done"
    assert told["topics"][0]["now"]["comments"] == 20
    assert {"name", "trend", "difference", "sentiment", "quotes"} <= set(told["topics"][0])


def test_what_can_t_be_understood_names_the_field(history: None) -> None:
    with pytest.raises(InvalidInput, match="--period"):
        _said("--period", "2022-Q3", "--from", "2022-08-10")
    with pytest.raises(InvalidInput, match="--from"):
        _said("--to", "2022-08-10")
    with pytest.raises(InvalidInput, match="no month"):
        _said("--period", "August")


def test_a_workspace_with_few_comments_is_told_what_to_do(history: None) -> None:
    with _session() as session:
        session.add(Workspace(name="new", company="New", created_at=MID))
        session.commit()
    with pytest.raises(NotFound, match="50 comments"):
        asked = ["--workspace", "new"]
        CliRunner().invoke(command, asked, catch_exceptions=False)
