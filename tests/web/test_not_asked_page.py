"""Why people were not asked: counts that agree with the invitations they lead to, and the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from scheduled_rows import forget, of_delivery, page
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.invitation import Decision, Invitation
from surveys.channels.links import new_token
from surveys.eligibility import Facts
from surveys.rests import After, Of, Rest

LONG_AGO = datetime(2001, 5, 10, 12, tzinfo=UTC)
REFUSED = (("quarantine_overall", "sms", 3, 0), ("excluded", "web", 2, 1), ("expired", "sms", 1, 2))


@pytest.fixture(autouse=True)
def refusals(shop: Any, shop_session: Session) -> Any:
    """Some refusals of 2001, which no other test looks at."""
    shared = of_delivery(shop, shop_session)
    rows = [
        {
            **shared,
            "channel": channel,
            "token": new_token(),
            "status": "expired" if rule == "expired" else "suppressed",
            "rule": rule,
            "due_at": LONG_AGO,
            "expires_at": LONG_AGO + timedelta(days=7),
            "status_at": LONG_AGO + timedelta(days=days),
            "created_at": LONG_AGO,
        }
        for rule, channel, n, days in REFUSED
        for _ in range(n)
    ]
    made = list(shop_session.scalars(insert(Invitation).returning(Invitation.id), rows))
    facts = Facts(
        channel="sms",
        due_at=LONG_AGO,
        expires_at=LONG_AGO + timedelta(days=7),
        rests=(Rest(Of.ALL, After.INVITATION, 30, LONG_AGO - timedelta(days=2)),),
    )
    shop_session.execute(
        insert(Decision).values(
            workspace_id=shop.seeded.workspace_id,
            invitation_id=made[0],
            outcome="refuse",
            rule="quarantine_overall",
            detail="",
            facts=facts.to_json(),
            decided_at=LONG_AGO,
        )
    )
    shop_session.commit()
    yield made
    forget(shop_session, made)


PERIOD = "from=2001-05-01&to=2001-05-31"


def test_each_count_leads_to_as_many_invitations(team: FlaskClient) -> None:
    shown = page(team, f"/not-asked?{PERIOD}")
    assert "6 times, most often because the customer was asked something too recently" in shown
    row = r'<a class="row" href="(/invitations\?[^"]+)">[^<]+</a>.*?<td class="num">(\d+)</td>'
    counts = re.findall(row, shown, re.DOTALL)
    assert [int(n) for _, n in counts] == [3, 2, 1, 6, 4, 2]  # by rule, survey, channel
    for href, n in counts:
        listed = page(team, href)
        assert len(re.findall(r'class="row" href="/invitations/\d+"', listed)) == int(n)
        assert "Only those that were refused" in listed


def test_filters_stand_in_the_address_and_narrow(team: FlaskClient) -> None:
    shown = page(team, f"/not-asked?{PERIOD}&rule=excluded&channel=web")
    assert "2 times, always because the customer is excluded" in shown
    assert "Nothing in this view" in page(team, f"/not-asked?{PERIOD}&rule=yields")
    assert "Nothing in this view" in page(team, "/not-asked?from=2001-06-01&to=2001-06-30")
    assert team.get("/not-asked?rule=nonsense").status_code == 422
    assert team.get("/not-asked?survey=nosuch").status_code == 404
    assert team.get("/not-asked?from=yesterday").status_code == 422


def test_the_api_gives_the_same(team: FlaskClient) -> None:
    reply = team.get(f"/api/v1/not-asked?{PERIOD}")
    found = reply.get_json()
    assert (reply.status_code, found["n"], found["step"]) == (200, 6, "day")
    assert {one["rule"]: one["n"] for one in found["rules"]} == {
        "quarantine_overall": 3,
        "excluded": 2,
        "expired": 1,
    }
    days = {one["from"][:10]: one["n"] for one in found["times"] if one["n"]}
    assert days == {"2001-05-09": 3, "2001-05-10": 2, "2001-05-11": 1}  # from midnight in London
    assert [one["key"] for one in found["surveys"]] == ["delivery"]


def test_an_invitation_shows_what_each_rule_saw(team: FlaskClient, refusals: list[int]) -> None:
    shown = page(team, f"/invitations/{refusals[0]}")
    assert "What each rule saw, in order" in shown
    assert "last asked 2001-05-08 12:00 UTC, 30 days of rest" in shown
    assert page(team, "/invitations").count("/not-asked") == 1
