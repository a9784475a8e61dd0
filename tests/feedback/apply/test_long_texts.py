"""`waymark apply` warns of long SMS; `waymark workspace prices` keeps what they cost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from feedback.commands.apply import command as apply_command
from feedback.commands.context import load_settings, open_engine
from feedback.commands.workspace import command as workspace_command
from models.errors import InvalidInput
from models.workspace import Workspace

LONG = "Tell us how it went, with all that comes to your mind about it. " * 6
FILE = f"""
journeys:
  - key: shop
    stages: [{{key: buy, touchpoints: [{{key: parcel, events: [delivered]}}]}}]
surveys:
  - key: why
    name: Why
    questions: [{{key: why, type: text, text: "{LONG}"}}]
    thanks: Thank you.
triggers: [{{event: delivered, survey: why, channel: CHANNEL}}]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    engine = open_engine(load_settings())
    with Session(engine) as session:
        at = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
        session.add(Workspace(name="shop", company="Shop", created_at=at))
        session.commit()
    engine.dispose()
    return tmp_path


@pytest.mark.parametrize(("channel", "warned"), [("sms", True), ("web", False)])
def test_an_sms_of_three_segments_is_warned_of(home: Path, channel: str, warned: bool) -> None:
    text = FILE.replace("CHANNEL", channel)
    done = CliRunner().invoke(
        apply_command, ["-", "--workspace", "shop"], input=text, catch_exceptions=False
    )
    assert done.exit_code == 0 and "survey why: version 1 published" in done.stdout
    assert ("warning: survey why: the SMS 'why' (en) takes 3 segments" in done.stderr) is warned


def test_prices_are_put_in_and_printed_by_command(home: Path) -> None:
    run = CliRunner()
    arguments = ["prices", "--workspace", "shop"]
    assert "no price is known" in run.invoke(workspace_command, arguments).stdout
    given = run.invoke(workspace_command, [*arguments, "-"], input="DE 0.08 EUR\n+44 0.04 GBP\n")
    assert (given.exit_code, given.stdout) == (0, "+44 0.04 GBP\n+49 0.08 EUR\n")
    with pytest.raises(InvalidInput, match="Line 1"):
        run.invoke(workspace_command, [*arguments, "-"], input="x", catch_exceptions=False)
    assert run.invoke(workspace_command, arguments).stdout == given.stdout
