"""From rows to alerts: found once, told once, closed, muted; and the weekly digest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from alert_world import BAD_DAY, MORNING, comments, history, journey
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import channels, looking, outbox, rows
from feedback.alerts.compose import alert_message, digest_message
from feedback.alerts.digests import write_digest
from feedback.alerts.looking import look_everywhere
from feedback.alerts.render import html, plain
from feedback.alerts.webhook import payload
from models.alert import Alert, AlertChannel, AlertLook, AlertSend, Digest
from models.journey import Journey
from models.reading import Comment
from models.workspace import Workspace


@pytest.fixture
def told(sqlite_session: Session, make_workspace: object) -> Session:
    """A workspace in which one Tuesday went wrong, with one recipient."""
    workspace = make_workspace(sqlite_session)  # type: ignore[operator]
    made = journey(sqlite_session, workspace)
    history(sqlite_session, made, BAD_DAY)
    comments(sqlite_session, made, [BAD_DAY], 20, 16)
    channels.add(sqlite_session, workspace.id, "email", "cx@shop.example", MORNING)
    sqlite_session.commit()
    return sqlite_session


@pytest.fixture
def weeks(told: Session) -> Session:
    """The same with five weeks more of calm before."""
    made = told.scalars(select(Journey)).one()
    history(told, made, BAD_DAY - timedelta(days=21), 35)
    return told


def _alerts(session: Session) -> list[Alert]:
    session.expire_all()
    return list(session.scalars(select(Alert)))


def _next_day(session: Session, day: date, late: int) -> int:
    made = session.scalars(select(Journey)).one()
    comments(session, made, [day], 20, late)
    at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(days=1)
    return look_everywhere(session, at)


def test_a_day_that_went_wrong_is_found_and_owed_once(told: Session) -> None:
    assert look_everywhere(told, MORNING) >= 1
    assert look_everywhere(told, MORNING) == 0
    (alert,) = _alerts(told)
    assert alert.series.endswith("/theme/parcel/delivery_speed")
    assert (alert.side, alert.since, alert.told_in) == ("above", BAD_DAY, f"day:{BAD_DAY}")
    assert (alert.figures["n"], alert.figures["value"]) == (20, 0.8)
    assert alert.figures["low"] < 0.1 < alert.figures["high"] < 0.8
    assert len(alert.points) == 28 and alert.points[-1]["value"] == 0.8
    (send,) = told.scalars(select(AlertSend))
    assert (send.kind, send.key, send.status) == ("alert", alert.told_in, "pending")


def test_the_message_has_figures_n_evidence_and_no_personal_data(told: Session) -> None:
    look_everywhere(told, MORNING)
    workspace = told.scalars(select(Workspace)).one()
    message = alert_message(told, workspace, f"day:{BAD_DAY}", "https://w.example")
    (item,) = message.items
    assert "80% of those heard at Parcel" in item.sentence and "16 of 20" in item.figures
    assert item.quotes == ("It came late again, call me on [phone] or write to [e-mail].",)
    assert "07700" not in str(message) and "home.example" not in str(message)
    assert item.link == f"https://w.example/alerts/{_alerts(told)[0].id}"


def test_it_stays_open_while_outside_and_is_closed_when_back(told: Session) -> None:
    look_everywhere(told, MORNING)
    _next_day(told, BAD_DAY + timedelta(days=1), 15)
    (alert,) = _alerts(told)
    assert (alert.closed_at, alert.until) == (None, BAD_DAY + timedelta(days=2))
    assert (alert.latest["value"], len(alert.points)) == (0.75, 29)
    _next_day(told, BAD_DAY + timedelta(days=2), 2)
    (alert,) = _alerts(told)
    assert alert.closed_at is not None and not alert.settled
    _next_day(told, BAD_DAY + timedelta(days=3), 16)
    (alert,) = _alerts(told)
    assert alert.closed_at is None
    assert len(told.scalars(select(AlertSend)).all()) == 1


def test_a_muted_series_is_watched_but_told_to_nobody(told: Session) -> None:
    made = told.scalars(select(Journey)).one()
    series = f"{made.id}/theme/parcel/delivery_speed"
    rows.mute(told, made.workspace_id, series, 7, MORNING)
    look_everywhere(told, MORNING)
    (alert,) = _alerts(told)
    assert alert.told_in is None
    assert told.scalars(select(AlertSend)).all() == []
    later = MORNING + timedelta(days=8)
    assert rows.muted(told, made.workspace_id, later) == {}


def test_a_look_waits_for_comments_that_are_unread_but_not_for_ever(told: Session) -> None:
    comment = told.scalars(select(Comment).order_by(Comment.id.desc()).limit(1)).one()
    comment.read_state, comment.read_at = "waiting", None
    told.commit()
    look_everywhere(told, MORNING)
    assert _alerts(told) == []
    look_everywhere(told, MORNING + timedelta(hours=18))
    assert len(_alerts(told)) == 1


def test_a_standstill_is_made_up_for_but_not_what_is_old(told: Session) -> None:
    look_everywhere(told, MORNING - timedelta(days=1))
    assert look_everywhere(told, MORNING + timedelta(days=1)) >= 2
    assert [alert.since for alert in _alerts(told)] == [BAD_DAY]
    days = told.scalars(select(AlertLook.first).where(AlertLook.rhythm == "day")).one()
    assert days == BAD_DAY + timedelta(days=1)


def test_without_answers_or_a_journey_nothing_is_said(
    sqlite_session: Session, make_workspace: object
) -> None:
    workspace = make_workspace(sqlite_session)  # type: ignore[operator]
    assert look_everywhere(sqlite_session, MORNING) == 0
    assert looking.look_due(sqlite_session, "watch", MORNING) is None
    made = journey(sqlite_session, workspace)
    comments(sqlite_session, made, [BAD_DAY - timedelta(days=183)], 20, 20)
    assert look_everywhere(sqlite_session, MORNING) == 2
    assert _alerts(sqlite_session) == []
    assert looking.look_due(sqlite_session, "watch", MORNING) == MORNING


MONDAY = date(2026, 11, 23)


def test_the_digest_says_what_surely_changed_and_is_owed_once(weeks: Session) -> None:
    workspace = weeks.scalars(select(Workspace)).one()
    made = weeks.scalars(select(Journey)).one()
    comments(weeks, made, [BAD_DAY + timedelta(days=n) for n in (1, 2, 3)], 20, 12)
    at = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert write_digest(weeks, workspace, MONDAY, at)
    assert not write_digest(weeks, workspace, MONDAY, at)
    digest = weeks.scalars(select(Digest)).one()
    assert digest.reason is None and 1 <= len(digest.items) <= 3
    message = digest_message(weeks, workspace, digest, "https://w.example")
    assert message.subject.startswith("Shop, 16 to 22 November: ")
    (item,) = message.items
    assert "In the week of 16 to 22 November, " in item.sentence and " of 1" in item.figures
    for shown in (plain(message), html(message), str(payload(message))):
        assert "Delivery speed hurts more at Parcel" in shown
    kinds = [send.kind for send in weeks.scalars(select(AlertSend))]
    assert kinds == ["digest"]


def test_a_week_in_which_nothing_changed_is_silent_and_says_why(weeks: Session) -> None:
    workspace = weeks.scalars(select(Workspace)).one()
    quiet = MONDAY - timedelta(days=14)
    at = datetime(2026, 11, 9, 7, 30, tzinfo=UTC)
    assert write_digest(weeks, workspace, quiet, at)
    digest = weeks.scalars(select(Digest)).one()
    assert digest.items == [] and "Nothing surely changed" in (digest.reason or "")
    assert weeks.scalars(select(AlertSend)).all() == []


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 23, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 7, 1, tzinfo=UTC), False),
    ],
)
def test_a_digest_is_due_on_monday_at_seven_and_for_two_days(
    told: Session, at: datetime, due: bool
) -> None:
    workspace = told.scalars(select(Workspace)).one()
    assert (looking.digest_due(told, workspace, at) == MONDAY) is due


def test_recipients_are_owed_each_message_once(told: Session) -> None:
    workspace = told.scalars(select(Workspace)).one()
    until = MORNING + outbox.OLD
    for _ in range(2):
        outbox.queue(told, workspace.id, "alert", "day:2026-11-17", MORNING, until)
    assert len(told.scalars(select(AlertSend)).all()) == 1
    channel = told.scalars(select(AlertChannel)).one()
    channels.change(channel, alerts=False, digest=True)
    assert outbox.queue(told, workspace.id, "alert", "day:2026-11-18", MORNING, until) == 0
