"""How senders are doing, told to the team: by the command, the doctor and on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from feedback.cli import group as cli
from feedback.senders import alarm, told
from models.engine import make_engine
from surveys import sender_rows
from surveys.channels.gateway import Refused, RetryLater, Unknown
from surveys.channels.simulator import SENDER
from surveys.pacing import Standing, after

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def test_what_is_told_of_a_sender() -> None:
    assert told(None, NOW).fine and told(Standing(), NOW).fine
    assert told(Standing(per_second=0.5), NOW).words == "0.5 a second"
    refused = told(after(Standing(), Refused("20003"), NOW), NOW + timedelta(hours=1))
    assert not refused.fine and "credentials (20003)" in refused.words
    assert "since 2026-11-18 12:00" in refused.words and "the next one tries" in refused.words
    assert "tries" not in told(after(Standing(), Refused("20003"), NOW), NOW).words
    down = Standing()
    for _ in range(3):
        down = after(down, Unknown("ReadTimeout"), NOW)
    assert not told(down, NOW).fine and "ReadTimeout" in told(down, NOW).words
    slowed = told(after(Standing(), RetryLater("20429"), NOW), NOW + timedelta(seconds=3))
    assert slowed.fine and "slowed" in slowed.words


def test_an_alarm_is_told_until_it_is_over(session: Session) -> None:
    assert alarm(session, "twilio") is None
    sender_rows.keep(session, "twilio", "+44", Standing(), after(Standing(), Refused("30002"), NOW))
    session.commit()
    found = alarm(session, "twilio")
    assert found is not None and (found.sender, found.since) == ("+44", NOW)
    assert "suspended" in found.why and "30002" in found.why
    assert alarm(session, "other") is None


def test_the_team_s_limit_outlives_what_messages_come_to(session: Session) -> None:
    sender_rows.limit(session, "twilio", "+44", 2.0)
    sender_rows.keep(session, "twilio", "+44", Standing(), after(Standing(), Refused("20003"), NOW))
    session.commit()
    kept = sender_rows.standings(session, "twilio")["+44"]
    assert (kept.per_second, kept.alarm_code) == (2.0, "20003")
    sender_rows.limit(session, "twilio", "+44", None)
    session.commit()
    kept = sender_rows.standings(session, "twilio")["+44"]
    assert (kept.per_second, kept.alarm_code) == (None, "20003")


@pytest.fixture
def run(migrated_home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    return CliRunner()


def test_the_command_sets_and_shows_limits(run: CliRunner, tmp_path: Path) -> None:
    assert run.invoke(cli, ["sender", "list"]).output == f"{SENDER}: no limit, no trouble\n"
    assert run.invoke(cli, ["sender", "limit", SENDER, "--per-second", "1.5"]).exit_code == 0
    assert run.invoke(cli, ["sender", "list"]).output == f"{SENDER}: 1.5 a second\n"
    with Session(make_engine(f"sqlite:///{tmp_path}/waymark.db")) as session:
        assert sender_rows.standings(session, "simulator")[SENDER].per_second == 1.5
    assert run.invoke(cli, ["sender", "limit", SENDER, "--none"]).exit_code == 0
    assert "no limit" in run.invoke(cli, ["sender", "list"]).output


@pytest.mark.parametrize("given", [[], ["--per-second", "0"], ["--per-second", "1", "--none"]])
def test_a_limit_that_is_none_is_refused_with_the_mend(run: CliRunner, given: list[str]) -> None:
    refused = run.invoke(cli, ["sender", "limit", SENDER, *given])
    assert refused.exit_code != 0
    assert "--per-second" in str(refused.exception or refused.output)
