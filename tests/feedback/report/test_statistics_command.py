"""`waymark statistics` and `waymark doctor --statistics`, as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from report_rows import MakeWorkspace, Shop
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from feedback.commands import doctor, statistics
from models.statistics import StatisticCell


@pytest.fixture
def shop(
    sqlite_engine: Engine,
    sqlite_url: str,
    sqlite_session: Session,
    make_workspace: MakeWorkspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    made = Shop(sqlite_session, make_workspace(sqlite_session))
    made.response("delivery", {"nps": 3.0}, (("speed", "negative"),))
    made.response("delivery", {"nps": 9.0}, day=5)
    sqlite_session.commit()
    return made


def _said(*arguments: str) -> str:
    asked = [*arguments, "--workspace", "shop"]
    return CliRunner().invoke(statistics.command, asked, catch_exceptions=False).output


def _doctor(*arguments: str) -> Result:
    return CliRunner().invoke(doctor.command, ["--statistics", *arguments], catch_exceptions=False)


def test_all_is_counted_with_progress_and_the_doctor_mends_what_is_wrong(shop: Shop) -> None:
    assert "nothing is counted yet" in _said("status")
    told = _said("rebuild")
    assert "6 of 6 days" in told and "counted whole" in told
    found = _doctor()
    assert found.exit_code == 0 and "sums of shop: equal those of the rows" in found.output
    day = StatisticCell.level == 0
    shop.session.execute(update(StatisticCell).where(day).values(reach=b""))
    shop.session.commit()
    found = _doctor("--mend")
    assert found.exit_code == 1
    assert "2026-10-01 at delivery: responses is 1 and stored as 0" in found.output
    assert "counting anew" in _said("status")
    assert "counted whole" in _said("rebuild")
    assert _doctor().exit_code == 0
