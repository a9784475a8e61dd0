"""The team's pages: who may see them, what they say, and that switches switch."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from people import add_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from web_seed import EMAIL

from feedback import workspaces
from models.invitation import Invitation
from models.message import Message
from models.reading import Comment
from models.survey import Survey
from surveys import sender_rows
from surveys.channels.gateway import Refused
from surveys.channels.simulator import SENDER
from surveys.pacing import Standing, after

PAGES = ("/", "/responses", "/invitations", "/surveys", "/journey", "/phones")


def _text(client: FlaskClient, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, (path, reply.status_code)
    return reply.get_data(as_text=True)


def _csrf(client: FlaskClient, path: str = "/surveys") -> str:
    return _text(client, path).split('name="csrf_token" value="')[1].split('"')[0]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(shop: Any, path: str) -> None:
    reply = shop.client().get(path)
    assert reply.status_code == 302 and "/sign-in" in reply.headers["Location"]


def test_a_wrong_password_says_no_more_than_an_unknown_address(shop: Any) -> None:
    said = set()
    for email in (EMAIL, "nobody@shop.example"):
        client = shop.client()
        form = {"email": email, "password": "wrong", "csrf_token": _csrf(client, "/sign-in")}
        reply = client.post("/sign-in", data=form)
        assert reply.status_code == 422
        said.add(re.search(r'role="alert">([^<]*)', reply.get_data(as_text=True))[1])  # type: ignore[index]
    assert len(said) == 1


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(shop: Any, onward: str) -> None:
    client = shop.client()
    page = client.get("/sign-in", query_string={"next": onward}).get_data(as_text=True)
    assert "evil" not in page


def test_signing_out_ends_the_session(team: FlaskClient) -> None:
    reply = team.post("/sign-out", data={"csrf_token": _csrf(team)})
    assert reply.status_code == 303
    assert team.get("/").status_code == 302


def test_a_form_without_its_token_changes_nothing(team: FlaskClient, shop_session: Session) -> None:
    assert team.post("/surveys/delivery/switch", data={"on": "0"}).status_code == 400
    assert shop_session.scalar(select(Survey.enabled).where(Survey.key == "delivery"))


def test_the_report_says_its_finding_first(team: FlaskClient) -> None:
    said = _text(team, "/")
    assert re.search(r"CSAT \d+%<span>, between \d+ and \d+, from [\d,]+ answers", said)
    assert "hurts most: it costs" in said
    listed = said[said.index("Where it hurts") :]
    assert "Product quality</a>" in listed
    assert "/api/v1/journeys/shop/pain-points" in said
    assert 'role="img" aria-label="Customers feel worst at' in said


def test_filters_live_in_the_address(team: FlaskClient) -> None:
    said = _text(team, "/?channel=web&from=2026-01-01")
    assert '<option value="web" selected>' in said
    assert "channel=web" in said.split("As JSON")[0].rsplit("href=", 1)[1]
    assert "No answers in this report yet" in _text(team, "/?from=2020-01-01&to=2020-02-01")


def test_a_bad_date_names_the_field(team: FlaskClient) -> None:
    said = _text(team, "/?from=yesterday", 422)
    assert "From: " in said and "2026-01-31" in said


def test_a_pain_point_shows_its_quotes_masked_and_marked(team: FlaskClient) -> None:
    said = _text(team, "/pain-points/support_call/waiting_time")
    assert "0161 496" not in said and "[phone]" in said
    assert '<mark class="negative"' in said
    assert _text(team, "/pain-points/support_call/nothing", 404)


def test_a_response_shows_answers_and_reading(team: FlaskClient, shop_session: Session) -> None:
    read = select(Comment.response_id).where(Comment.sentiment == "negative").limit(1)
    said = _text(team, f"/responses/{shop_session.scalar(read)}")
    assert "What was understood" in said and '<mark class="negative"' in said
    assert "The conversation" not in said  # it was imported: nobody was texted
    assert "customer.first_name" not in said


def test_an_invitation_says_why(team: FlaskClient, shop: Any, shop_session: Session) -> None:
    wanted = select(Invitation.id).where(Invitation.token == shop.seeded.sms_token)
    said = _text(team, f"/invitations/{shop_session.scalar(wanted)}")
    assert "no rule objected" in said and "Reply STOP to opt out" in said


def test_lists_filter_and_page(team: FlaskClient) -> None:
    said = _text(team, "/responses")
    older = re.search(r'href="(/responses\?before=\d+)">Older', said)
    assert older
    assert "Newest" in _text(team, older[1])
    assert "No invitation is in this state" in _text(team, "/invitations?status=failed")


def test_another_workspace_reads_nothing_of_ours(shop: Any, shop_session: Session) -> None:
    now = datetime.now(UTC)
    other = workspaces.create(shop_session, "other", now)
    add_user(shop_session, other, "eve@other.example", "a long password", now)
    shop_session.commit()
    client = shop.client()
    form = {"email": "eve@other.example", "password": "a long password"}
    client.post("/sign-in", data={**form, "csrf_token": _csrf(client, "/sign-in")})
    for path in ("/responses/1", "/invitations/1", "/surveys/delivery", "/phones/2"):
        _text(client, path, 404)
    assert "Draw the journey first" in _text(client, "/")
    assert "No answers yet" in _text(client, "/responses")
    assert "Nobody was to be asked yet" in _text(client, "/invitations")
    assert "No survey yet" in _text(client, "/surveys")
    assert "No journey yet" in _text(client, "/journey")
    assert "No message yet" in _text(client, "/phones")


@pytest.mark.parametrize("path", ["/surveys/relationship", "/triggers/after_weeks"])
def test_a_switch_is_undone_by_one_press(team: FlaskClient, path: str) -> None:
    csrf = _csrf(team)
    off = team.post(f"{path}/switch", data={"on": "0", "csrf_token": csrf}, follow_redirects=True)
    assert "is now <b>off</b>" in off.get_data(as_text=True)
    back = team.post(f"{path}/switch", data={"on": "1", "csrf_token": csrf}, follow_redirects=True)
    assert "is now <b>on</b>" in back.get_data(as_text=True)


def test_a_survey_shows_its_words_by_sms(team: FlaskClient) -> None:
    said = _text(team, "/surveys/delivery")
    assert "Hi there, how satisfied" in said and "1 segment" in said
    assert "2 hours later by SMS" in said and "event.total is at least 20" in said


def test_a_phone_shows_its_thread_and_is_quiet_when_nothing_changed(
    team: FlaskClient, shop: Any
) -> None:
    path = f"/phones/{shop.seeded.phone_customer}"
    page = _text(team, path)
    seen = re.search(r'id="seen" name="seen" value="([^"]*)"', page)
    assert seen and "Delivered" in page
    assert team.get(f"{path}/thread?seen={seen[1]}").status_code == 204
    assert "bubble" in _text(team, f"{path}/thread?seen=0")


def test_a_reply_works_without_javascript(
    team: FlaskClient, shop: Any, shop_session: Session
) -> None:
    path = f"/phones/{shop.seeded.phone_customer}"
    form = {"body": "5 lovely <b>fern</b>", "csrf_token": _csrf(team, path)}
    assert team.post(path, data=form).status_code == 303
    assert "5 lovely &lt;b&gt;fern" in _text(team, path)
    assert shop_session.scalar(select(Message.id).where(Message.direction == "in"))


@pytest.mark.parametrize("path", ["/nothing", "/responses/999999", "/phones/999999"])
def test_what_is_not_there_is_said_kindly(team: FlaskClient, path: str) -> None:
    assert "Go to the report" in _text(team, path, 404)


def test_static_files_cache_for_ever_by_their_content(shop: Any) -> None:
    client = shop.client()
    found = re.findall(r'(?:href|src)="(/assets/[^"]*)"', _text(client, "/sign-in"))
    assert found
    for address in found:
        assert "immutable" in client.get(address).headers["Cache-Control"]
    stale = re.sub(r"/assets/\w+/", "/assets/0/", found[0])
    assert client.get(stale).headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/0/../routes.py").status_code == 404


def test_pages_hold_no_inline_script(team: FlaskClient, shop: Any) -> None:
    for path in (*PAGES, f"/phones/{shop.seeded.phone_customer}"):
        said = _text(team, path)
        assert not re.search(r"<script(?![^>]*\bsrc=)", said)
        assert not re.search(r"\son\w+=", said)


def test_every_page_says_while_no_sms_leave(team: FlaskClient, shop_session: Session) -> None:
    assert "No SMS leave" not in _text(team, "/")
    refused = after(Standing(), Refused("20003"), datetime.now(UTC))
    sender_rows.keep(shop_session, "simulator", SENDER, Standing(), refused)
    shop_session.commit()
    for path in ("/", "/scores", "/conversations"):
        told = _text(team, path)
        assert f"No SMS leave from {SENDER}" in told and "credentials (20003)" in told
    sender_rows.keep(shop_session, "simulator", SENDER, refused, Standing())
    shop_session.commit()
    assert "No SMS leave" not in _text(team, "/")
