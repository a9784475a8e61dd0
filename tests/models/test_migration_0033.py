"""After moving on, what an answer changes is no mark, and what counts still is one."""

from __future__ import annotations

import pytest
from old_database import AT, Add, add_survey, move_back
from shelf import Begin
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from models import marking, migrate
from models.statistics import StatisticMark


def _fill(add: Add) -> None:
    add_survey(add)
    add("journeys", workspace_id=1, key="buying", name="Buying")
    add("stages", workspace_id=1, journey_id=1, key="after", name="After", position=0)
    for key in ("delivery", "returns"):
        add("touchpoints", workspace_id=1, stage_id=1, key=key, name=key, position=0)
    about = {"survey_id": 1, "version_id": 1, "customer_id": 1, "touchpoint_id": 1}
    begun = {"source": "waymark", "channel": "sms", "status": "open", "state": {}}
    times = dict.fromkeys(("occurred_at", "started_at", "updated_at"), AT)
    for number in "12":
        add("responses", workspace_id=1, external_id=number, **about, **begun, **times)
    said = {"question": "q", "type": "nps", "value": {"value": 9}, "channel": "sms"}
    add("answers", workspace_id=1, response_id=1, answered_at=AT, **said)


@pytest.fixture
def moved(begin: Begin) -> Engine:
    """A database at 0032 on each engine in turn, with an answer at a touchpoint, moved on."""
    return begin.moved("0032", _fill)


def marks(engine: Engine, change: str) -> set[int | None]:
    """The touchpoints that a statement marks."""
    with Session(engine) as session:
        session.execute(text("DELETE FROM statistic_marks"))
        session.execute(text(change))
        found = set(session.scalars(select(StatisticMark.touchpoint_id)))
        session.commit()
        return found


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        ("UPDATE responses SET state = '{\"current\": \"q\"}', status = 'completed'", set()),
        ("UPDATE answers SET comment = 'late'", set()),
        ("UPDATE responses SET channel = 'sms'", set()),
        ("UPDATE responses SET channel = 'web' WHERE id = 1", {1}),
        ("UPDATE responses SET touchpoint_id = 2 WHERE id = 1", {1, 2}),
        ("UPDATE responses SET touchpoint_id = NULL", {1}),
        ("UPDATE answers SET response_id = 2", {1}),
    ],
)
def test_only_what_counts_is_a_mark(moved: Engine, change: str, marked: set[int]) -> None:
    assert marks(moved, change) == marked


def test_all_triggers_are_there_whichever_way_it_moved(moved: Engine) -> None:
    move_back(moved, "0032")
    migrate.upgrade(moved)
    with Session(moved) as session:
        assert marking.missing(session.connection()) == []
        assert session.scalar(select(func.count(StatisticMark.id))) is not None
