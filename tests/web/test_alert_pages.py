"""Alerts and their recipients: read, known, muted, added, changed, taken out, for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from alert_rows import alert
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from test_team_browser import WIDER, serious
from web_seed import EMAIL

from feedback.alerts import outbox
from models.alert import Alert, AlertChannel, AlertMute, AlertSend, Digest
from models.journey import Journey
from models.workspace import Workspace

Open = Callable[..., Page]
SINCE = date(2026, 3, 3)  # a Tuesday
CLOSED = datetime(2026, 1, 20, 7, tzinfo=UTC)
THEME, SCORE = "theme/parcel/delivery_speed", "score/csat"
SECRET = "https://93.184.216.34/services/T000/secretab12"


@pytest.fixture
def made(shop: Any, shop_session: Session) -> Iterator[int]:
    """One alert that is open and one that came back, a silent digest; the id of the open one."""
    here = shop.seeded.workspace_id
    journey = shop_session.scalars(select(Journey).where(Journey.workspace_id == here)).one()
    points = {"first": "2026-01-10", "n": 40, "value": 61.0, "expected": 80.0}
    score = points | {"low": 70.0, "high": 90.0, "q": 0.0001}
    back = {"side": "below", "figures": score, "latest": score, "points": [score]}
    row = alert(here, journey.id, THEME, SINCE)
    old = alert(here, journey.id, SCORE, date(2026, 1, 10), closed_at=CLOSED, **back)
    reason = "Nothing surely changed."
    week = Digest(workspace_id=here, week=SINCE, items=[], reason=reason, created_at=CLOSED)
    shop_session.add_all([row, old, week])
    shop_session.commit()
    yield row.id
    for table in (Alert, AlertMute, AlertChannel, Digest):
        shop_session.execute(delete(table).where(table.workspace_id == here))
    shop_session.commit()


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return unescape(reply.get_data(as_text=True))


def _post(client: FlaskClient, path: str, status: int = 303, **fields: object) -> str:
    """Send a form; the page it answers with or leads to."""
    page = _page(client, "/alerts/settings")
    fields["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
    reply = client.post(path, data=fields)
    assert reply.status_code == status, (path, reply.status_code)
    if status == 303:
        return _page(client, reply.headers["Location"])
    return unescape(reply.get_data(as_text=True))


def _add(client: FlaskClient, status: int = 303, **fields: object) -> str:
    given = {"kind": "email", "alerts": "1", "digest": "1"} | fields
    return _post(client, "/alerts/settings", status, **given)


def _channels(session: Session) -> list[AlertChannel]:
    session.expire_all()
    return list(session.scalars(select(AlertChannel).order_by(AlertChannel.id)))


def test_the_list_says_what_is_outside_what_came_back_and_why_it_is_silent(
    team: FlaskClient, made: int
) -> None:
    page = _page(team, "/alerts")
    assert "1 figure is outside its expected range." in page
    assert "On Tuesday 3 March, 80% of those heard at Parcel spoke badly of it" in page
    assert "16 of 20; 95% range; q below 0.001" in page
    past = page.split("<h2>Before</h2>")[1]
    assert "CSAT was 61% on Saturday 10 January, expected between 70% and 90%." in past
    assert "n = 40 answers" in past and "Back in its range" in past
    assert "Silent. Nothing surely changed." in past
    assert "Who gets them: nobody yet" in page
    assert re.search(r'Alerts <span class="count">1<', page)


def test_an_alert_is_called_known_and_muted_and_both_are_undone(
    team: FlaskClient, made: int, shop_session: Session
) -> None:
    path = f"/alerts/{made}"
    page = _page(team, path)
    assert page.count('<tr><th scope="row">') == 28 and "2.0% to 27%" in page
    assert "here alone, " in page and "Outside its range" in page
    assert f"{EMAIL} said on" in _post(team, f"{path}/known", on="1")
    listed = _page(team, "/alerts")
    assert "Known, still outside" in listed and 'class="count">1<' not in listed.split("</nav>")[0]
    assert "If you know why" in _post(team, f"{path}/known", on="0")
    assert "nobody is told of it" in _post(team, f"{path}/mute", days="30")
    assert f'<li><a href="{path}">Delivery speed at Parcel</a>, until ' in _page(team, "/alerts")
    assert "Say nothing of this for" in _post(team, f"{path}/mute", days="0")
    assert list(shop_session.scalars(select(AlertMute))) == []
    for days, status in (("x", 422), ("-1", 422), ("400", 422)):
        _post(team, f"{path}/mute", status, days=days)


def test_what_is_typed_wrongly_stays_and_says_the_mend(
    team: FlaskClient, made: int, shop_session: Session
) -> None:
    page = _add(team, 422, address="two@x.example, three@x.example", digest="")
    assert 'value="two@x.example, three@x.example"' in page
    assert "This is no e-mail address. Write one address" in page
    assert 'id="digest-new" name="digest" value="1">' in page, "and unticked stays unticked"
    page = _add(team, 422, kind="webhook", address="http://inside.example/x")
    assert "This does not begin with https://." in page and 'value="webhook" selected' in page
    assert "a private address" in _add(team, 422, kind="webhook", address="https://127.0.0.1/x")
    page = _add(team, 422, address="ada@team.example", alerts="", digest="")
    assert "This would get nothing." in page and 'value="ada@team.example"' in page
    assert _channels(shop_session) == []


def test_a_recipient_is_added_changed_tested_and_tried_again(
    team: FlaskClient, made: int, shop_session: Session
) -> None:
    page = _add(team, address=" ada@team.example ")
    assert "Added. Send it a test" in page and "<h2>ada@team.example</h2>" in page
    assert "This is a recipient already." in _add(team, 422, address="ada@team.example")
    (row,) = _channels(shop_session)
    path = f"/alerts/settings/{row.id}"
    page = _post(team, path, 422, do="gets")
    assert "This would get nothing." in page and "<h2>ada@team.example</h2>" in page
    assert "Saved." in _post(team, path, do="gets", alerts="1")
    assert [(one.alerts, one.digest) for one in _channels(shop_session)] == [(True, False)]
    assert "A test is on its way." in _post(team, path, do="test")
    send = shop_session.scalars(select(AlertSend)).one()
    assert (send.kind, send.status, send.channel_id) == ("test", "pending", row.id)
    _post(team, f"/alerts/sends/{send.id}", 409)
    send.status, send.error = "failed", "the mail server answered 550: no such user"
    shop_session.commit()
    assert "The mail server answered 550: no such user." in _page(team, "/alerts/settings")
    assert "It is tried again." in _post(team, f"/alerts/sends/{send.id}")
    shop_session.expire_all()
    assert outbox.owed(shop_session, datetime.now(UTC)) is not None
    _post(team, path, 422, do="nonsense")


def test_a_webhook_s_secret_is_not_shown_and_taking_it_out_is_undone(
    team: FlaskClient, made: int, shop_session: Session
) -> None:
    page = _add(team, kind="webhook", address=SECRET, digest="")
    assert "93.184.216.34 …ab12" in page and "secretab12" not in page
    (row,) = _channels(shop_session)
    page = _post(team, f"/alerts/settings/{row.id}", 200, do="remove")
    assert "Taken out: it gets nothing any more." in page and _channels(shop_session) == []
    note = page.split('role="status"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(kind|address|alerts|digest)" value="([^"]*)"', note))
    assert fields == {"kind": "webhook", "address": SECRET, "alerts": "1"}
    _post(team, "/alerts/settings", **fields)
    (back,) = _channels(shop_session)
    assert (back.address, back.alerts, back.digest) == (SECRET, True, False)


def test_another_workspace_s_alerts_and_recipients_are_not_there(
    team: FlaskClient, made: int, shop_session: Session
) -> None:
    now = datetime.now(UTC)
    other = Workspace(name="elsewhere", company="Elsewhere", created_at=now)
    shop_session.add(other)
    shop_session.flush()
    theirs = Journey(workspace_id=other.id, key="j", name="J", created_at=now)
    channel = AlertChannel(
        workspace_id=other.id, kind="email", address="eve@other.example", created_at=now
    )
    shop_session.add_all([theirs, channel])
    shop_session.flush()
    row = alert(other.id, theirs.id, THEME, SINCE)
    shop_session.add(row)
    send = outbox.queue_test(shop_session, channel, now)
    shop_session.commit()
    _page(team, f"/alerts/{row.id}", 404)
    _post(team, f"/alerts/{row.id}/known", 404, on="1")
    _post(team, f"/alerts/{row.id}/mute", 404, days="7")
    _post(team, f"/alerts/settings/{channel.id}", 404, do="remove")
    _post(team, f"/alerts/sends/{send.id}", 404)
    assert "eve@other.example" not in _page(team, "/alerts/settings")
    shop_session.delete(other)
    shop_session.commit()


def test_a_number_that_no_row_can_have_leads_to_no_page(team: FlaskClient) -> None:
    for number in (2**63 - 1, 2**63, 10**30, "9" * 5000):
        for path in (f"/alerts/{number}", f"/comments/{number}"):
            assert team.get(path).status_code == 404, path[:40]


def test_nobody_looks_without_signing_in(shop: Any, made: int) -> None:
    for path in ("/alerts", f"/alerts/{made}", "/alerts/settings"):
        assert shop.client().get(path).headers["Location"].startswith("/sign-in")


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_can_be_used_by_everybody_on_a_small_phone(
    open_page: Open, team: FlaskClient, made: int, dark: bool
) -> None:
    _add(team, address="somebody-with-a-long-name@customer-experience.team.example")
    page = open_page("/alerts", 320, signed_in=True, dark=dark)
    problems = {}
    for path in ("/alerts", f"/alerts/{made}", "/alerts/settings"):
        page.goto(path)
        wider = page.evaluate(WIDER)
        problems[path] = serious(page) + ([f"{wider}px too wide"] if wider > 0 else [])
    assert not any(problems.values()), problems


@pytest.mark.browser
def test_every_button_works_without_javascript(open_page: Open, made: int) -> None:
    page = open_page("/alerts", 390, js=False, signed_in=True)
    page.get_by_role("link", name="Delivery speed hurts more at Parcel").click()
    chart = page.get_by_role("region", name="Delivery speed at Parcel, day by day")
    box, svg = chart.bounding_box(), chart.locator("svg").bounding_box()
    assert box and svg and svg["width"] > box["width"]
    assert abs(svg["x"] + svg["width"] - box["x"] - box["width"]) < 2, "the last day is in sight"
    page.get_by_role("button", name="This is known").click()
    page.get_by_label("Say nothing of this for").select_option("a week")
    page.get_by_role("button", name="Mute").click()
    until = datetime.now(UTC) + timedelta(days=7)
    expect(page.get_by_text(f"Muted until {until.day} ")).to_be_visible()
    page.goto("/alerts/settings")
    page.get_by_label("Address", exact=True).fill("nobody")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Address", exact=True)).to_have_value("nobody")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    page.get_by_label("Address", exact=True).fill("ada@team.example")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_be_in_viewport()
    page.get_by_role("button", name="Send ada@team.example a test").click()
    expect(page.get_by_role("cell", name="Waiting")).to_be_visible()
    page.get_by_role("button", name="Take ada@team.example out").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="ada@team.example")).to_be_visible()
