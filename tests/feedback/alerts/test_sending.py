"""E-mails and webhooks for real, on loopback: what arrives, what is retried, what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from alert_world import MORNING
from fake_servers import Post, hook_server, mail_server
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import address, channels, outbox
from feedback.alerts.compose import test_message as a_test
from feedback.alerts.deliver import Sender, send_next
from feedback.alerts.message import Frame, Item, Message, bar, colours
from feedback.alerts.render import html, plain
from feedback.alerts.ways import Server, Ways, server_of
from feedback.alerts.webhook import payload
from feedback.settings import BadSettings, load
from models.alert import AlertSend
from models.errors import InvalidInput
from models.workspace import Workspace


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: object) -> Workspace:
    return make_workspace(sqlite_session)  # type: ignore[operator, no-any-return]


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Post]:
    with hook_server() as made:
        yield made


def sender(port: int) -> Sender:
    return Sender(Ways("http://w.example", "cx@w.example", Server("127.0.0.1", port, False), True))


def owe(session: Session, shop: Workspace, kind: str, text: str) -> AlertSend:
    row = channels.add(session, shop.id, kind, text, MORNING, private=True)
    owed = outbox.queue_test(session, row, MORNING)
    owed.not_after = MORNING + outbox.OLD
    session.commit()
    return owed


def attempt(session: Session, by: Sender, at: datetime = MORNING) -> AlertSend:
    send_next(session, by, lambda: at)
    session.expire_all()
    return session.scalars(select(AlertSend)).one()


def test_an_email_arrives_once_in_two_parts(
    sqlite_session: Session, shop: Workspace, post: Post
) -> None:
    owe(sqlite_session, shop, "email", "ada@team.example")
    row = attempt(sqlite_session, sender(post.port))
    assert (row.status, row.sent_at, row.attempts) == ("sent", MORNING, 1)
    assert send_next(sqlite_session, sender(post.port), lambda: MORNING) == 0
    (mail,) = post.mails
    assert post.to == ["ada@team.example"]
    assert mail["Subject"] == "Shop: a test from Waymark"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    text = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<img" not in text and "This is a test" in text


@pytest.mark.parametrize(
    ("answers", "hang_up_on", "status"),
    [
        ({"RCPT": "550 no such user"}, "", "failed"),
        ({"RCPT": "451 try later"}, "", "pending"),
        ({"MAIL": "421 busy"}, "", "pending"),
        ({"DATA": "554 no"}, "", "failed"),
        ({"END": "554 spam"}, "", "failed"),
        ({"END": "452 full"}, "", "pending"),
        ({}, "EHLO", "pending"),
        ({}, "RCPT", "pending"),
        ({}, "END", "unknown"),
        ({"QUIT": "421 closing"}, "", "sent"),
        ({}, "QUIT", "sent"),
    ],
)
def test_what_the_mail_server_says_decides(
    sqlite_session: Session,
    shop: Workspace,
    post: Post,
    answers: dict[str, str],
    hang_up_on: str,
    status: str,
) -> None:
    post.answers, post.hang_up_on = answers, hang_up_on
    owe(sqlite_session, shop, "email", "ada@team.example")
    row = attempt(sqlite_session, sender(post.port))
    assert (row.status, bool(row.error)) == (status, status != "sent")
    if status == "pending":
        assert row.not_before == MORNING + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("answer", "location", "status"),
    [
        (200, "", "sent"),
        (204, "", "sent"),
        (500, "", "pending"),
        (429, "", "pending"),
        (404, "", "failed"),
        (302, "http://127.0.0.1:1/", "failed"),
    ],
)
def test_what_the_webhook_answers_decides(
    sqlite_session: Session, shop: Workspace, hook: Post, answer: int, location: str, status: str
) -> None:
    hook.status, hook.location = answer, location
    owe(sqlite_session, shop, "webhook", f"http://127.0.0.1:{hook.port}/services/secret")
    row = attempt(sqlite_session, sender(1))
    assert row.status == status
    assert len(hook.bodies) == 1
    assert hook.bodies[0]["blocks"][0]["type"] == "header"
    assert "secret" not in (row.error or "")


def test_a_webhook_that_hangs_up_leaves_its_fate_unknown(
    sqlite_session: Session, shop: Workspace, hook: Post
) -> None:
    hook.hang_up_on = "POST"
    owe(sqlite_session, shop, "webhook", f"http://127.0.0.1:{hook.port}/x")
    row = attempt(sqlite_session, sender(1))
    assert row.status == "unknown" and "may have arrived" in (row.error or "")
    assert send_next(sqlite_session, sender(1), lambda: MORNING + timedelta(hours=3)) == 0


def test_waits_grow_and_end(sqlite_session: Session, shop: Workspace) -> None:
    owe(sqlite_session, shop, "email", "ada@team.example")
    nobody, at, waits = Sender(Ways()), MORNING, []
    for _ in range(7):
        row = attempt(sqlite_session, nobody, at)
        waits.append((row.not_before - at).total_seconds() / 60)
        at = row.not_before
    assert waits[:6] == [1, 5, 30, 120, 360, 720]
    assert row.status == "failed" and "SMTP_URL" in (row.error or "")
    outbox.try_again(sqlite_session, row, at)
    assert (row.status, row.attempts) == ("pending", 0)


def test_a_crash_between_claim_and_outcome_is_unknown_and_never_sent_again(
    sqlite_session: Session, shop: Workspace, post: Post
) -> None:
    owed = owe(sqlite_session, shop, "email", "ada@team.example")
    assert outbox.claim(sqlite_session, owed, MORNING)
    assert not outbox.claim(sqlite_session, owed, MORNING)
    row = attempt(sqlite_session, sender(post.port), MORNING + timedelta(minutes=1))
    assert row.status == "sending"
    row = attempt(sqlite_session, sender(post.port), MORNING + timedelta(minutes=3))
    assert (row.status, row.error) == ("unknown", outbox.CRASHED)
    assert post.mails == []


def test_old_news_is_left_out(sqlite_session: Session, shop: Workspace, post: Post) -> None:
    owe(sqlite_session, shop, "email", "ada@team.example")
    row = attempt(sqlite_session, sender(post.port), MORNING + timedelta(days=3))
    assert (row.status, row.error) == ("skipped", outbox.TOO_OLD)
    assert post.mails == []


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://hooks.example/x", "https"),
        ("https://u:p@hooks.example/x", "password"),
        ("https:///x", "no web address"),
        ("https://hooks.example:99999/x", "no web address"),
        ("https://inside.example/x", "private address"),
        ("https://nowhere.example/x", "no address is known"),
        ("https://hooks.example/" + "x" * 500, "longer"),
    ],
)
def test_a_webhook_is_checked_at_the_door(url: str, wrong: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        if host == "nowhere.example":
            raise OSError
        return ["93.184.216.34", "10.0.0.8"] if host == "inside.example" else ["93.184.216.34"]

    with pytest.raises(InvalidInput, match=wrong):
        address.target(url, False, resolve)
    assert address.target("https://hooks.example/a?b", False, resolve).path == "/a?b"


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1", "0.0.0.0", "100.64.0.1"],
)
def test_no_private_address_is_called(inside: str) -> None:
    with pytest.raises(InvalidInput, match="private"):
        address.target("https://hooks.example/", False, lambda host, port: [inside])


def test_words_of_customers_call_nobody_and_break_nothing(shop: Workspace) -> None:
    said = "<!channel> <script>alert(1)</script> & more"
    item = Item("A <b>", "Sentence.", "n = 5", "https://w.example/?a=1&b=2", "Look", "", (said,))
    frame = Frame("Shop", "u", colours("#1f4e79"))
    made = Message("s", "t", "", (item,), "l", "All", "f", frame)
    assert "<!channel>" not in str(payload(made)) and "<script>" not in html(made)
    assert "&lt;script&gt;" in html(made) and said in plain(made)
    assert bar(0.0, 1.0, 0.5) is not None and bar(None, 1.0, 0.5) is None
    assert a_test(shop, "http://w.example").link == "http://w.example/alerts"


def test_a_wrong_mail_server_stops_the_start() -> None:
    for url in ("http://x", "smtp://", "smtp://u:p@host:99999", "smtp://host/path"):
        with pytest.raises(BadSettings, match="SMTP_URL"):
            load({"SMTP_URL": url, "SECRET_KEY": "s" * 40})
    found = server_of("smtp://me%40x.example:p%2Fw@mail.example")
    assert (found.user, found.password, found.port) == ("me@x.example", "p/w", 587)
