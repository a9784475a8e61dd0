"""What was decided about a customer: newest first, in words, a page at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Decision, Invitation
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace
from surveys.channels.links import new_token
from surveys.eligibility import Facts

AT = datetime(2002, 3, 1, 12, tzinfo=UTC)
DECIDED = (
    ("wait", "quiet_hours", "Europe/London"),
    ("refuse", "excluded", "wrote ada@shop.example"),
    ("ask", None, ""),
)


def made(session: Session, customer: Customer, minutes: int) -> Invitation:
    survey = session.scalars(select(Survey).where(Survey.key == "delivery")).one()
    version = session.scalars(select(SurveyVersion.id).limit(1)).one()
    row = Invitation(
        workspace_id=customer.workspace_id,
        customer_id=customer.id,
        survey_id=survey.id,
        version_id=version,
        channel="sms",
        token=new_token(),
        status="scheduled",
        due_at=AT + timedelta(minutes=minutes),
        expires_at=AT + timedelta(days=1),
        status_at=AT,
        created_at=AT,
    )
    session.add(row)
    session.flush()
    return row


def decide(
    session: Session, invitation: Invitation, outcome: str, rule: str | None, said: str
) -> None:
    until = AT + timedelta(hours=9) if outcome == "wait" else None
    about = {"workspace_id": invitation.workspace_id, "invitation_id": invitation.id}
    facts = Facts("sms", invitation.due_at, invitation.expires_at).to_json()
    told = {
        "facts": facts,
        "outcome": outcome,
        "rule": rule,
        "detail": said,
        "until": until,
        "decided_at": AT,
    }
    session.add(Decision(**about, **told))
    session.flush()  # ids in the order of time


@pytest.fixture
def customer(shop: Any, shop_session: Session) -> Any:
    """A customer whose id is an address, with three decisions and one invitation before any."""
    found = Customer(
        workspace_id=shop.seeded.workspace_id,
        external_id="ada.lovelace@example.org",
        attributes={},
        is_test=False,
        created_at=AT,
        updated_at=AT,
        stated_at=AT,
    )
    shop_session.add(found)
    shop_session.flush()
    for place, told in enumerate(DECIDED):
        decide(shop_session, made(shop_session, found, place), *told)
    made(shop_session, found, 90)
    shop_session.commit()
    yield found
    mine = select(Invitation.id).where(Invitation.customer_id == found.id).scalar_subquery()
    shop_session.execute(delete(Decision).where(Decision.invitation_id.in_(mine)))
    shop_session.execute(delete(Invitation).where(Invitation.customer_id == found.id))
    shop_session.execute(delete(Customer).where(Customer.id == found.id))
    shop_session.commit()


def page(client: FlaskClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def test_the_newest_stands_first_each_with_its_words_and_its_invitation(
    team: FlaskClient, customer: Customer
) -> None:
    shown = page(team, f"/customers/{customer.id}")
    decided = shown[shown.index("What was decided") :]
    words = ("no rule objected", "excluded, wrote [e-mail]", "it is quiet time where")
    assert sorted(words, key=decided.index) == list(words)
    assert re.findall(r'class="tag ?\w*">([\w ]+)<', decided) == ["Asked", "Not asked", "Waits"]
    links = re.findall(r'href="(/invitations/\d+)"', decided)
    assert len(links) == 3 and all(team.get(link).status_code == 200 for link in links)
    assert "Decided on again 1 Mar 2002" in decided
    assert "Due 1 Mar 2002" in shown[: shown.index("What was decided")]
    assert f'href="/customers/{customer.id}"' in page(team, links[0])


def test_no_address_of_the_customer_stands_on_it(team: FlaskClient, customer: Customer) -> None:
    shown = page(team, f"/customers/{customer.id}")
    assert "@" not in re.sub(r"<[^>]+>", "", shown[shown.index("<h1") :])
    assert "[e-mail]" in shown


def test_many_decisions_come_a_page_at_a_time(
    team: FlaskClient, shop_session: Session, customer: Customer
) -> None:
    again = made(shop_session, customer, 5)
    for _ in range(60):
        decide(shop_session, again, "wait", "outranked", "")
    shop_session.commit()
    first = page(team, f"/customers/{customer.id}")
    older = re.search(r'href="([^"]+before=\d+)">Older', first)
    assert older and first.count("a worthier survey waits") == 50
    second = page(team, older.group(1))
    assert second.count("a worthier survey waits") == 10
    assert "no rule objected" in second and "Not decided yet" not in second


def test_another_workspace_s_customer_is_not_there(
    team: FlaskClient, shop_session: Session, customer: Customer
) -> None:
    other = Workspace(name="elsewhere-customer", company="Elsewhere", created_at=AT)
    shop_session.add(other)
    shop_session.flush()
    customer.workspace_id, home = other.id, customer.workspace_id
    shop_session.commit()
    try:
        assert team.get(f"/customers/{customer.id}").status_code == 404
        assert team.get("/customers/999999999").status_code == 404
    finally:
        customer.workspace_id = home
        shop_session.flush()
        shop_session.execute(delete(Workspace).where(Workspace.id == other.id))
        shop_session.commit()
