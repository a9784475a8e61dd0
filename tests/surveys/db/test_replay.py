"""A replay under the rules of the time asks whom the engine asked, when it asked them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from asking_world import NOW, MakeWorkspace, World
from lived_month import BEGAN, DAY, Month
from sqlalchemy.orm import Session

from models.invitation import Invitation
from surveys.firing import setting_of
from surveys.replay.rules import read_rules
from surveys.replay.run import replay

HOUR = timedelta(hours=1)
SHARES = {"quota_full", "not_in_sample", "called_off", "excluded", "no_address"}
RESTED = {"answered_overall", "quarantine_survey", "yields", "withdrew_consent"}


def asks(tally: Any) -> list[Any]:
    return sorted((one.at, one.customer_id, one.survey_id, one.channel) for one in tally.log)


def amid(world: World) -> datetime:
    """A moment of the month at which an invitation waits for its time."""
    first = min(
        one.created_at
        for one in world.rows(Invitation)
        if one.created_at > BEGAN + 4 * DAY and one.expires_at > one.created_at + 8 * DAY - HOUR
    )
    return first + HOUR


@pytest.mark.parametrize(
    ("seed", "customers", "events", "rests", "rules"),
    [
        pytest.param(2, 9, 36, True, SHARES, id="samples and quotas"),
        pytest.param(8, 9, 36, True, RESTED, id="rests, caps, worth"),
        pytest.param(9, 3, 16, False, {"called_off"}, id="one conversation after the other"),
    ],
)
def test_a_lived_month_is_replayed_as_it_was(
    seed: int,
    customers: int,
    events: int,
    rests: bool,
    rules: set[str],
    sqlite_session: Session,
    make_workspace: MakeWorkspace,
) -> None:
    # lots are drawn by the id of the workspace too
    world = World(sqlite_session, make_workspace(sqlite_session, id=1, timezone="Europe/London"))
    Month(world, seed, customers, events, rests).live()
    as_is = read_rules(sqlite_session, world.workspace.id, setting_of(world.services))
    waited: set[str] = set()
    for start in (BEGAN - DAY, amid(world)):
        found = replay(sqlite_session, [as_is], start, NOW, keep=True)
        (again,) = found.courses
        assert asks(again) == asks(found.happened)
        assert again.refused == found.happened.refused
        assert again.shared == again.asked == found.happened.asked > 0
        waited |= again.waited.keys()
        rules = rules - again.refused.keys()
    assert not rules, "the month is too quiet to tell"
    assert "quiet_hours" in waited
