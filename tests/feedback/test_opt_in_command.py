"""Consent given elsewhere, many numbers at once: all of a file or none, and nobody brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking_world import MakeWorkspace
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.cli import group as cli
from models.customer import Consent
from models.errors import InvalidInput
from surveys import consent
from surveys.eligibility_facts import Consent as State

WORDS = "Ticked the box at checkout"


def run(url: str, tmp_path: Path, text: str) -> Result:
    file = tmp_path / "numbers.csv"
    file.write_text(text)
    told = ["--workspace", "shop", "--channel", "whatsapp", "--words", WORDS]
    environment = {"DATABASE_URL": url, "WAYMARK_HOME": str(tmp_path)}
    return CliRunner().invoke(cli, ["opt-in", str(file), *told], env=environment)


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> int:
    return make_workspace(sqlite_session).id


def test_numbers_are_recorded_once_and_no_stop_is_taken_back(
    sqlite_session: Session, sqlite_url: str, shop: int, tmp_path: Path, now: object
) -> None:
    stopped = "whatsapp:+447700900125"
    sender = "whatsapp:+15005550006"
    about = (sqlite_session, shop, stopped, State.WITHDRAWN, consent.CUSTOMER_WHATSAPP, now)
    consent.record(*about, sender=sender)  # type: ignore[arg-type]
    sqlite_session.commit()
    text = "phone,words\n+447700900123,\n07700 900124,Form 7\n+447700900125,\n"
    first = run(sqlite_url, tmp_path, text)
    assert first.exit_code == 0, first.output
    assert "2 recorded, 0 known already, 1 stay withdrawn" in first.output
    assert "0 recorded, 2 known already" in run(sqlite_url, tmp_path, text).output
    rows = sqlite_session.scalars(select(Consent).where(Consent.state == "granted")).all()
    assert [(row.channel, row.address, row.source, row.detail) for row in rows] == [
        ("whatsapp", "whatsapp:+447700900123", "team_form", WORDS),
        ("whatsapp", "whatsapp:+447700900124", "team_form", "Form 7"),
    ]
    held = consent.state_of(sqlite_session, shop, stopped, sender)
    assert held is State.WITHDRAWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number\n+447700900123\n", "no column 'phone'"),
        ("phone\n+447700900123\n12\n\nx\n", "line 3"),
        (f"phone,words\n+447700900123,{'x' * 121}\n", "words"),
    ],
)
def test_a_file_with_a_fault_writes_nothing(
    sqlite_session: Session, sqlite_url: str, shop: int, tmp_path: Path, text: str, told: str
) -> None:
    refused = run(sqlite_url, tmp_path, text)
    assert isinstance(refused.exception, InvalidInput)
    assert told in str(refused.exception)
    assert sqlite_session.scalars(select(Consent)).all() == []
