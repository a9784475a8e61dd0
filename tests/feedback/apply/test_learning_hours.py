"""`hour: learn` in a configuration: kept with the trigger, and told where triggers are listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply
from feedback.pages.trigger_words import when
from models.survey import Trigger

SURVEY = {
    "key": "nps",
    "name": "N",
    "questions": [{"key": "s", "type": "nps", "text": "How likely?"}],
    "thanks": "Thanks.",
}


def test_an_hour_is_learnt_where_it_is_said_and_no_longer_where_it_is_left_out(
    sqlite_session: Session, make_workspace: Any, now: datetime
) -> None:
    session, shop = sqlite_session, make_workspace(sqlite_session)

    def made(**trigger: Any) -> Trigger:
        said = {"key": "t", "survey": "nps", "event": "ordered", **trigger}
        apply(session, shop, {"surveys": [SURVEY], "triggers": [said]}, now)
        session.commit()
        return session.scalars(select(Trigger)).one()

    row = made(hour="learn", window={"to": "22:00"})
    assert row.timing == {"hour": "learn"}
    assert when(row) == "at once; at the hour it learns that people answer; sent 00:00 to 22:00"
    assert made().timing is None
