"""Experiments on their pages: seen, started, stopped, and the winner made the rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.experiment import Experiment, Variant
from models.survey import Trigger


@pytest.fixture
def experiment(shop: Any, shop_session: Session) -> Iterator[Experiment]:
    """A draft on the shop's first trigger; taken away again, for the shop is shared."""
    here, now = shop.seeded.workspace_id, shop.services.now()
    trigger = shop_session.scalars(
        select(Trigger).where(Trigger.workspace_id == here, Trigger.kind == "event")
    ).first()
    assert trigger is not None
    about = {"key": "soon", "name": "Ask sooner", "state": "draft", "salt": "s"}
    one = Experiment(workspace_id=here, trigger_id=trigger.id, created_at=now, **about)
    shop_session.add(one)
    shop_session.flush()
    for place, more in enumerate(({}, {"delay_seconds": trigger.delay_seconds})):
        named = {"key": f"v{place}", "name": f"Way {place}", "place": place, "weight": 1}
        shop_session.add(Variant(experiment_id=one.id, **named, **more))
    shop_session.commit()
    yield one
    for table in (Variant, Experiment):
        shop_session.execute(delete(table))
    shop_session.commit()


def act(team: FlaskClient, **form: str) -> Any:
    page = team.get("/experiments/soon").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return team.post("/experiments/soon", data={"csrf_token": token, **form})


def test_the_list_teaches_the_first_step(team: FlaskClient) -> None:
    assert "Nothing is tried yet" in team.get("/experiments").get_data(as_text=True)


def test_one_is_started_stopped_and_settled(
    team: FlaskClient, experiment: Experiment, shop_session: Session
) -> None:
    assert "Not started" in team.get("/experiments").get_data(as_text=True)
    assert "Ready to be started." in team.get("/experiments/soon").get_data(as_text=True)
    started = act(team, act="start")
    assert started.status_code == 303
    page = team.get(started.location).get_data(as_text=True)
    assert "customers are divided from now on" in page and "Too early to say" in page
    again = act(team, act="start")
    assert again.status_code == 409
    assert "Nothing was changed" in again.get_data(as_text=True)
    assert act(team, act="stop").status_code == 303
    settled = team.get(act(team, act="apply", variant="v1").location).get_data(as_text=True)
    assert "“v1” was made the rule" in settled and "Make it the rule" not in settled


@pytest.mark.parametrize("form", [{"act": "burn"}, {"act": "apply", "variant": "none"}])
def test_what_can_t_be_done_is_said_with_its_mend(
    team: FlaskClient, experiment: Experiment, form: dict[str, str]
) -> None:
    answer = act(team, **form)
    assert answer.status_code == 422
    assert "Use one of" in answer.get_data(as_text=True)


def test_another_key_is_not_found(team: FlaskClient) -> None:
    assert team.get("/experiments/none").status_code == 404


def test_the_api_tells_the_same(shop: Any, team: FlaskClient, experiment: Experiment) -> None:
    assert [one["key"] for one in team.get("/api/v1/experiments").get_json()["experiments"]] == [
        "soon"
    ]
    one = team.get("/api/v1/experiments/soon").get_json()
    assert [variant["key"] for variant in one["results"]] == ["v0", "v1"]
    assert (one["state"], one["leaders"], one["uneven"]) == ("draft", {}, None)
