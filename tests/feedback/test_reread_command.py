from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from feedback.commands.context import load_settings, open_engine
from feedback.commands.reread import command
from feedback.listening import text_hash
from models.errors import NotFound
from models.reading import Comment
from models.workspace import Workspace

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def history(migrated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    engine = open_engine(load_settings())
    with Session(engine) as session:
        shop = Workspace(name="shop", company="Shop", created_at=AT)
        session.add(shop)
        session.flush()
        for number in range(3):
            session.add(
                Comment(
                    workspace_id=shop.id,
                    attached_by="import",
                    source="import",
                    external_id=str(number),
                    text="late",
                    text_hash=text_hash("late"),
                    occurred_at=AT,
                    created_at=AT,
                    read_state="not_read",
                    read_at=AT,
                    model="of-old",
                )
            )
        session.commit()
    engine.dispose()


def _said(*arguments: str) -> str:
    asked = ["--workspace", "shop", *arguments]
    return CliRunner().invoke(command, asked, catch_exceptions=False).stdout


def test_it_marks_once_and_says_what_remains(history: None) -> None:
    assert "0 comments remain" in _said("--status") and "3 more are of" in _said("--status")
    assert "3 comments marked; 3 remain" in _said()
    assert "0 comments marked; 3 remain" in _said()
    told = _said("--status")
    assert "3 comments remain to be read again" in told and "more" not in told


def test_a_workspace_that_is_not_there_is_an_error(history: None) -> None:
    with pytest.raises(NotFound):
        CliRunner().invoke(command, ["--workspace", "nosuch"], catch_exceptions=False)
