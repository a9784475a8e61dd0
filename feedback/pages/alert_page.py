"""Alerts: what is outside its expected range, what came back, and why it is quiet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.alerts import channels, outbox, rows
from feedback.alerts.digests import next_morning, recent
from feedback.alerts.evidence import quotes_for
from feedback.alerts.figures import of_json
from feedback.alerts.gather import journeys
from feedback.alerts.items import digest_item
from feedback.alerts.lines import read_subject
from feedback.alerts.looking import last_look
from feedback.alerts.names import Names, names_of
from feedback.alerts.rhythms import RHYTHMS, WEEK, after, week_words, words
from feedback.pages.alert_view import chart, finding, rhythm_of, view
from feedback.pages.frame import workspace
from feedback.pages.paging import numbered
from models.alert import Alert
from models.base import db
from models.errors import InvalidInput
from models.workspace import User
from surveys.access import Access, allow
from surveys.schedule import zone_of
from surveys.services import Services

MUTES: Mapping[int, str] = {7: "a week", 30: "a month", 90: "three months"}
DONE: Mapping[str, str] = {
    "known": "Known: it no longer counts in the navigation.",
    "unknown": "Not known after all: it counts in the navigation again.",
    "muted": "Muted: it is watched, but nobody is told of it.",
    "told": "You are told of it again.",
}
SIZE = 20


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/alerts`, `/alerts/ID`, and what its buttons do."""

    @blueprint.get("/alerts")
    @allow(Access.SESSION)
    def alerts() -> ResponseReturnValue:
        return _list(db.session(), services.now())

    @blueprint.get("/alerts/<int:alert_id>")
    @allow(Access.SESSION)
    def alert(alert_id: int) -> ResponseReturnValue:
        row = rows.find(db.session(), g.workspace_id, alert_id)
        return _one(db.session(), row, services.now())

    @blueprint.post("/alerts/<int:alert_id>/known")
    @allow(Access.SESSION)
    def know_alert(alert_id: int) -> ResponseReturnValue:
        session = db.session()
        row = rows.find(session, g.workspace_id, alert_id)
        on = request.form.get("on") == "1"
        row.known_at, row.known_by = (services.now(), g.user.id) if on else (None, None)
        session.commit()
        return _done(alert_id, "known" if on else "unknown")

    @blueprint.post("/alerts/<int:alert_id>/mute")
    @allow(Access.SESSION)
    def mute_alert(alert_id: int) -> ResponseReturnValue:
        session = db.session()
        row = rows.find(session, g.workspace_id, alert_id)
        days = request.form.get("days", type=int)
        if days is None:
            raise InvalidInput("this form came back incomplete", mend="Reload the page.")
        rows.mute(session, g.workspace_id, row.series, days, services.now())
        session.commit()
        return _done(alert_id, "muted" if days else "told")


def _done(alert_id: int, what: str) -> ResponseReturnValue:
    """Back to the alert, which says what was done."""
    return redirect(url_for("pages.alert", alert_id=alert_id, done=what), 303)


def _list(session: Session, now: datetime) -> str:
    here = workspace()
    names, muted = names_of(session, here.id), rows.muted(session, here.id, now)
    newest = (Alert.since.desc(), Alert.id.desc())
    outside = session.scalars(select(Alert).where(rows.open_(here.id)).order_by(*newest)).all()
    past = select(Alert).where(Alert.workspace_id == here.id, Alert.closed_at.is_not(None))
    page = numbered(session, past.order_by(*newest), SIZE)
    looks = [last_look(session, here.id, rhythm) for rhythm in RHYTHMS.values()]
    digests = [
        {
            "week": week_words(after(WEEK, one.week, -1)),
            "reason": one.reason,
            "items": [digest_item(session, here, item, names) for item in one.items],
        }
        for one in recent(session, here.id)
    ]
    return render_template(
        "alerts.html",
        outside=[view(row, names, muted) for row in outside],
        page=page,
        past=[view(row[0], names, muted) for row in page.rows],
        looks=[(one, words(RHYTHMS[one.rhythm], one.first)) for one in looks if one],
        digests=digests,
        next_digest=next_morning(now, zone_of(here.timezone)),
        watched=bool(journeys(session, here.id)),
        recipients=len(channels.listed(session, here.id)),
        muted=_silent(session, here.id, names, muted),
    )


def _silent(
    session: Session, workspace_id: int, names: Names, muted: Mapping[str, datetime]
) -> list[tuple[str, int, datetime]]:
    """What is muted: its name, its last alert (where it is unmuted), and until when."""
    mine = (Alert.workspace_id == workspace_id) & Alert.series.in_(list(muted))
    query = select(Alert.series, func.max(Alert.id)).where(mine).group_by(Alert.series)
    last = session.execute(query.order_by(Alert.series))
    return [(names.of(read_subject(key)), row_id, muted[key]) for key, row_id in last]


def _one(session: Session, row: Alert, now: datetime) -> str:
    here = workspace()
    names = names_of(session, here.id)
    subject, found = read_subject(row.series), of_json(row.figures)
    picture, table = chart(row)
    return render_template(
        "alert.html",
        alert=view(row, names, rows.muted(session, here.id, now)),
        row=row,
        picture=picture,
        table=table,
        finding=finding(row, names),
        rhythm=rhythm_of(row),
        quotes=quotes_for(session, here, subject, rhythm_of(row), found.first),
        mutes=MUTES,
        done=DONE.get(request.args.get("done", "")),
        told=outbox.told(session, here.id, row.told_in) if row.told_in else 0,
        known_by=session.scalar(select(User.email).where(User.id == row.known_by)),
    )
