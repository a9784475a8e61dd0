"""`hour: learn` in a configuration: kept with the trigger, and told where triggers are listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.configuration.apply import apply
from feedback.experiments.life import find, take_over
from feedback.pages.trigger_words import when
from models.survey import Trigger
from surveys.windows import read_window

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


@pytest.mark.parametrize("written", ["24:00", "00:00"])
def test_the_hour_before_midnight_that_won_is_what_a_configuration_says(
    sqlite_session: Session, make_workspace: Any, now: datetime, written: str
) -> None:
    """Taken over, shown, written down as it is shown, and applied: nothing changes."""
    session, shop = sqlite_session, make_workspace(sqlite_session)
    trigger = {"key": "t", "survey": "nps", "event": "ordered"}
    tried = {"key": "x", "trigger": "t", "variants": [{"key": "now"}, {"key": "late", "hour": 23}]}
    apply(session, shop, {"surveys": [SURVEY], "triggers": [trigger], "experiments": [tried]}, now)
    session.commit()
    take_over(session, find(session, shop.id, "x"), "late", now)
    row = session.scalars(select(Trigger)).one()
    assert when(row) == "at once; sent 23:00 to 24:00"
    same = {**trigger, "window": {"from": "23:00", "to": written}}
    lines = apply(session, shop, {"surveys": [SURVEY], "triggers": [same]}, now)
    assert [line for line in lines if not line.startswith("note:")] == []


def test_an_end_at_midnight_is_the_end_of_the_day_however_it_was_kept() -> None:
    kept = {"from": "23:00", "to": "00:00"}
    assert read_window(kept) == read_window({"from": "23:00", "to": "24:00"})
    row = Trigger(kind="event", delay_seconds=0, timing=None, window=kept)
    assert when(row) == "at once; sent 23:00 to 24:00"
