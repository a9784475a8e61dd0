"""`waymark alert`, as a person runs it: recipients, a test, and what would be said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alert_world import BAD_DAY, comments, history, journey
from click.testing import CliRunner
from fake_servers import mail_server
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback.commands import alert
from models.alert import Alert, AlertLook, AlertSend, Digest
from models.errors import InvalidInput, NotFound
from models.workspace import Workspace


@pytest.fixture
def shop(
    sqlite_engine: Engine,
    sqlite_url: str,
    sqlite_session: Session,
    make_workspace: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    make_workspace(sqlite_session)  # type: ignore[operator]
    sqlite_session.commit()
    return sqlite_session


def _said(*arguments: str) -> str:
    asked = [*arguments, "--workspace", "shop"]
    return CliRunner().invoke(alert.command, asked, catch_exceptions=False).output


def test_recipients_are_added_listed_tested_and_removed(
    shop: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "set SMTP_URL" in _said("add", "--email", "ada@team.example", "--no-digest")
    assert re.fullmatch(r"\d+\temail\tada@team\.example\talerts\n", _said("list"))
    with mail_server() as post:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        assert "took it" in _said("test", "ada@team.example")
    assert post.to == ["ada@team.example"]
    assert "gets nothing any more" in _said("remove", "ada@team.example")
    assert _said("list") == ""
    for wrong in ((), ("--email", "a@b.example", "--webhook", "https://hooks.example/x")):
        with pytest.raises(InvalidInput, match="give one of --email and --webhook"):
            _said("add", *wrong)
    with pytest.raises(NotFound, match="no recipient"):
        _said("remove", "ada@team.example")


def test_what_would_be_said_is_printed_and_nothing_is_written(shop: Session) -> None:
    with pytest.raises(NotFound, match="no journey to watch"):
        _said("check")
    made = journey(shop, shop.get_one(Workspace, 1))
    history(shop, made, BAD_DAY)
    comments(shop, made, [BAD_DAY], 20, 16)
    told = _said("check", "--as-of", BAD_DAY.isoformat())
    assert "Delivery speed hurts more at Parcel" in told
    assert "Day by day, Tuesday 17 November 2026:" in told and "Week by week" in told
    assert "Digest of Monday 16 November 2026:" in told
    calm = _said("check", "--as-of", "2026-11-16")
    assert "Nothing left its expected range. Nothing would be said." in calm
    for table in (Alert, AlertLook, AlertSend, Digest):
        assert shop.scalar(select(func.count()).select_from(table)) == 0
    for wrong in ("2026-02-30", "yesterday", "9999-12-31"):
        with pytest.raises(InvalidInput, match="is no day"):
            _said("check", "--as-of", wrong)
