"""How a file says what a survey is worth and when it reminds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply_text
from feedback.configuration.problems import ConfigurationError
from models.survey import Survey
from models.workspace import Workspace

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)

SURVEY = """
surveys:
  - key: nps
    name: Recommend
    metric: nps
    questions: [{key: score, type: nps, text: "Would you recommend us?"}]
    thanks: Thank you.
"""


def applied(session: Session, workspace: Workspace, *lines: str) -> Survey:
    apply_text(session, workspace, SURVEY + "".join(f"    {line}\n" for line in lines), NOW)
    session.flush()
    return session.scalars(select(Survey)).one()


def test_what_is_left_out_stays_and_never_takes_it_back(
    session: Session, workspace: Workspace
) -> None:
    survey = applied(session, workspace)
    assert (survey.worth, survey.remind_after_seconds) == (50, None)
    survey = applied(session, workspace, "worth: 80", "remind_after: 20h")
    assert (survey.worth, survey.remind_after_seconds) == (80, 72_000)
    survey = applied(session, workspace)
    assert (survey.worth, survey.remind_after_seconds) == (80, 72_000)
    survey = applied(session, workspace, "remind_after: never")
    assert (survey.worth, survey.remind_after_seconds) == (80, None)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("worth: 0", "worth"),
        ("worth: 101", "worth"),
        ("remind_after: 30 minutes", "remind_after"),
        ("remind_after: 2 days", "remind_after"),
        ("remind_after: soon", "remind_after"),
    ],
)
def test_what_is_wrong_is_named(
    session: Session, workspace: Workspace, line: str, field: str
) -> None:
    with pytest.raises(ConfigurationError, match=field):
        applied(session, workspace, line)
