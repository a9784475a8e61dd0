"""`waymark campaign` as people type it, from a preview to the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from feedback.cli import group
from feedback.configuration.apply import apply_text
from models.customer import Customer
from models.engine import make_engine
from models.errors import Conflict, NotFound
from models.price import SmsPrice
from models.workspace import Workspace

Run = Callable[..., Result]
SURVEY = """
surveys:
  - {key: nps, name: N, questions: [{key: s, type: nps, text: "How likely?"}], thanks: Thanks.}
"""


@pytest.fixture
def run(migrated_home: Path, monkeypatch: pytest.MonkeyPatch, now: Any, make_workspace: Any) -> Run:
    url = f"sqlite:///{migrated_home / 'waymark.db'}"
    engine = make_engine(url)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    monkeypatch.delenv("SMTP_URL", raising=False)
    with Session(engine) as session:
        shop: Workspace = make_workspace(session, name="shop")
        apply_text(session, shop, SURVEY, now)
        dates = {"created_at": now, "updated_at": now, "workspace_id": shop.id}
        for n in range(3):
            session.add(
                Customer(external_id=str(n), phone=f"+44770090000{n}", attributes={"t": n}, **dates)
            )
        session.add(Customer(external_id="m", email="m@x.example", attributes={"t": 9}, **dates))
        session.add(
            SmsPrice(workspace_id=shop.id, prefix="44", price=0.05, currency="GBP", created_at=now)
        )
        session.commit()
    engine.dispose()

    def told(*arguments: str) -> Result:
        return CliRunner().invoke(group, ["campaign", *arguments, "--workspace", "shop"])

    return told


def test_a_campaign_from_a_preview_to_its_end(run: Run) -> None:
    assert run("list").output == "there is no campaign yet\n"
    wanted = ("--survey", "nps", "--channel", "sms", "--channel", "email", "--filter", "t: {gt: 0}")
    assert run("create", "round", *wanted).output == "campaign round: made\n"
    preview = run("preview", "round").output
    assert "3 customers match; 3 of them could be asked now:\n  2 by sms\n  1 by email" in preview
    assert "about 0.10 GBP" in preview
    assert "campaign round is running" in run("start", "round").output
    assert "0 who were about to be asked wait" in run("pause", "round").output
    assert "round (nps): paused" in run("list").output
    assert run("start", "round").output == "campaign round is running\n"
    assert "is cancelled" in run("cancel", "round").output
    assert isinstance(run("start", "round").exception, Conflict)


def test_an_unknown_one_is_told_with_those_there_are(run: Run) -> None:
    run("create", "round", "--survey", "nps")
    error = run("preview", "square").exception
    assert isinstance(error, NotFound) and error.mend == "Use one of round."
