"""Who waits, by rule: counted from rows as they are, on the page, in the API and in the list."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from scheduled_rows import forget, of_delivery, page
from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.reporting.waiting import waiting
from models.invitation import Decision, Invitation
from surveys.channels.links import new_token

# (channel, hours ahead, what was decided in order)
LISTED: tuple[tuple[str, int, tuple[tuple[str, str | None], ...]], ...] = (
    ("sms", 3, (("wait", "quiet_hours"),)),
    ("sms", 9, (("wait", "open_conversation"), ("wait", "quiet_hours"))),
    ("web", 5, (("wait", "quarantine_overall"),)),
    ("sms", 1, ()),  # nobody looked at it yet
    ("sms", 2, (("wait", "outranked"), ("ask", None))),  # asked, and to be asked again
)


@pytest.fixture
def start() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=2000)


@pytest.fixture(autouse=True)
def waiters(shop: Any, shop_session: Session, start: datetime) -> Any:
    """Scheduled invitations of a survey that no other test looks at."""
    shared = of_delivery(shop, shop_session)
    shared |= {"status": "scheduled", "expires_at": start + timedelta(days=9)}
    made = []
    for channel, hours, decided in LISTED:
        times = {"due_at": start + timedelta(hours=hours), "status_at": start, "created_at": start}
        row = {**shared, **times, "channel": channel, "token": new_token()}
        one = shop_session.scalars(insert(Invitation).returning(Invitation.id), [row]).one()
        made.append(one)
        for outcome, rule in decided:
            shop_session.add(
                Decision(
                    workspace_id=shared["workspace_id"],
                    invitation_id=one,
                    outcome=outcome,
                    rule=rule,
                    until=times["due_at"] if outcome == "wait" else None,
                    facts={},
                    decided_at=start,
                )
            )
    shop_session.commit()
    yield made
    forget(shop_session, made)


def told(client: FlaskClient, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/not-asked?{query}").get_json()["waiting"]
    return {one["rule"]: one for one in found["rules"]}


def test_those_that_wait_are_counted_by_what_was_decided_last(
    team: FlaskClient, start: datetime
) -> None:
    rules = told(team)
    assert {rule: one["n"] for rule, one in rules.items()} == {
        "quiet_hours": 2,
        "quarantine_overall": 1,
    }
    ends = [datetime.fromisoformat(rules["quiet_hours"][one]) for one in ("earliest", "latest")]
    assert ends == [start + timedelta(hours=3), start + timedelta(hours=9)]


def test_filters_narrow_but_no_period_does(team: FlaskClient) -> None:
    assert set(told(team, "channel=web&from=2001-01-01&to=2001-01-02")) == {"quarantine_overall"}
    assert set(told(team, "rule=quiet_hours")) == {"quiet_hours"}
    assert told(team, "survey=delivery&channel=email") == {}


def test_each_line_leads_to_as_many_invitations(team: FlaskClient) -> None:
    shown = page(team, "/not-asked")
    shown = shown[shown.index('id="waiting"') :]
    row = r'<a class="row" href="(/invitations\?waiting=[^"]+)">([^<]+)</a>.*?"num">(\d+)</td>'
    lines = re.findall(row, shown, re.DOTALL)
    assert [(words[:13], int(n)) for _, words, n in lines] == [
        ("It is quiet t", 2),
        ("The customer ", 1),
    ]
    for href, _, n in lines:
        listed = page(team, href)
        assert len(re.findall(r'class="row" href="/invitations/\d+"', listed)) == int(n)
        assert "Only those that wait" in listed


def test_what_is_left_out_is_said(shop: Any, shop_session: Session) -> None:
    here = shop.seeded.workspace_id
    all_of_them = waiting(shop_session, here, [])
    assert (all_of_them.n, all_of_them.more) == (3, False)
    first = waiting(shop_session, here, [Invitation.channel == "sms"], most=2)
    assert first.more and first.n <= 2
