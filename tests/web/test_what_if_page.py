"""What if, on a page: a form without script, wrong fields named, figures beside what happened."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.whatif.turn import TURN
from models.workspace import Workspace


def post(team: FlaskClient, **typed: str) -> tuple[int, str]:
    page = team.get("/what-if").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    reply = team.post("/what-if", data={"days": "30", **typed, "csrf_token": token})
    return reply.status_code, unescape(reply.get_data(as_text=True))


def test_the_form_names_what_holds_now_and_is_linked(team: FlaskClient) -> None:
    shown = team.get("/what-if").get_data(as_text=True)
    labels = re.findall(r'<label for="([^"]+)">', shown)
    assert labels[:4] == ["days", "quarantine_days", "yearly_cap", "quiet_hours"]
    assert labels[-1] == "rules" and any(one.startswith("sample-") for one in labels)
    for path in ("/not-asked", "/surveys", "/invitations"):
        assert 'href="/what-if"' in team.get(path).get_data(as_text=True)


def test_changed_rules_are_told_beside_what_happened_and_kept_nowhere(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    mine = select(Workspace.quarantine_days).where(Workspace.id == shop.seeded.workspace_id)
    before = shop_session.scalar(mine)
    status, shown = post(team, quarantine_days="400", yearly_cap="1", quiet_hours="off")
    assert status == 200
    assert "quarantine_days is 400" in shown and "quiet_hours is off" in shown
    assert "As changed" in shown and "What this can" in shown and 'value="400"' in shown
    shop_session.rollback()
    assert shop_session.scalar(mine) == before
    status, plain = post(team)
    assert status == 200 and "As changed" not in plain and "really were" in plain


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(team: FlaskClient) -> None:
    status, shown = post(team, quarantine_days="soon", quiet_hours="9-5", rules="quotas: [{}]")
    assert status == 422 and "“soon” is no number. Write a number of days" in shown
    assert 'id="quarantine_days" name="quarantine_days" value="soon"' in shown
    assert "quotas: [{}]" in shown
    status, shown = post(team, quiet_hours="banana")
    assert status == 422 and "“banana” is no span of hours. Write it as 20:00-09:00" in shown
    status, shown = post(team, rules="triggers:\n  - {event: e, survey: nosuch}")
    assert status == 422 and "line:2" in shown and "nosuch" in shown
    status, shown = post(team, rules="a: [")
    assert status == 422 and "is not YAML" in shown
    status, shown = post(team, days="0")
    assert status == 422 and "Give 1 to 366 days" in shown


def test_while_another_is_worked_out_what_was_typed_is_kept(team: FlaskClient) -> None:
    with TURN:
        page = team.get("/what-if").get_data(as_text=True)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        typed = {"days": "7", "quarantine_days": "3", "rules": "quotas: []", "csrf_token": token}
        reply = team.post("/what-if", data=typed)
    shown = unescape(reply.get_data(as_text=True))
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "5")
    assert "press the button again in a moment" in shown
    for kept in ('value="7"', 'value="3"', ">quotas: []<"):
        assert kept in shown
    assert post(team)[0] == 200
