"""A replay under the rules of the time asks whom the engine asked, when it asked them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asking_world import NOW, MakeWorkspace, World
from lived_month import BEGAN, DAY, Month
from sqlalchemy.orm import Session

from surveys.firing import setting_of
from surveys.replay.rules import read_rules
from surveys.replay.run import replay


def asks(tally: Any) -> list[Any]:
    return sorted((one.at, one.customer_id, one.survey_id, one.channel) for one in tally.log)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_lived_month_is_replayed_as_it_was(
    seed: int, sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    world = World(sqlite_session, make_workspace(sqlite_session, timezone="Europe/London"))
    Month(world, seed).live()
    rules = read_rules(sqlite_session, world.workspace.id, setting_of(world.services))
    for start in (BEGAN - DAY, BEGAN + 6 * DAY + timedelta(hours=2)):
        found = replay(sqlite_session, [rules], start, NOW, keep=True)
        (again,) = found.courses
        assert asks(again) == asks(found.happened)
        assert again.refused == found.happened.refused
        assert again.shared == again.asked == found.happened.asked > 10
        assert len(again.refused) > 4 and again.waited
