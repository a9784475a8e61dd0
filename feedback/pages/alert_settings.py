"""Who gets alerts and the weekly digest: recipients, a test, and what became of each message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import channels, outbox
from feedback.alerts.channels import EMAIL, WEBHOOK
from feedback.alerts.ways import Ways
from models.alert import AlertChannel, AlertSend
from models.base import db
from models.errors import Conflict, InvalidInput, NotFound
from surveys.access import Access, allow
from surveys.services import Services

SENDS = 20
FATES: Mapping[str, tuple[str, str]] = {
    "pending": ("waiting", "Waiting"),
    "sending": ("waiting", "Being sent"),
    "sent": ("good", "Sent"),
    "failed": ("bad", "Not sent"),
    "unknown": ("waiting", "Nobody knows"),
    "skipped": ("", "Left out"),
}
KINDS: Mapping[str, str] = {"alert": "Alert", "digest": "Weekly digest", "test": "Test"}
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    kind: str = EMAIL
    address: str = ""
    alerts: bool = True
    digest: bool = True


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/alerts/settings` and what its buttons do."""

    @blueprint.get("/alerts/settings")
    @allow(Access.SESSION)
    def alert_settings() -> ResponseReturnValue:
        return _page(Typed())

    @blueprint.post("/alerts/settings")
    @allow(Access.SESSION)
    def add_recipient() -> ResponseReturnValue:
        return _add(services.now())

    @blueprint.post("/alerts/settings/<int:channel_id>")
    @allow(Access.SESSION)
    def change_recipient(channel_id: int) -> ResponseReturnValue:
        return _change(channel_id, services.now())

    @blueprint.post("/alerts/sends/<int:send_id>")
    @allow(Access.SESSION)
    def send_again(send_id: int) -> ResponseReturnValue:
        return _again(send_id, services.now())


def _add(now: datetime) -> ResponseReturnValue:
    session, form = db.session(), _typed()
    try:
        channels.add(
            session,
            g.workspace_id,
            form.kind,
            form.address,
            now,
            alerts=form.alerts,
            digest=form.digest,
            private=_ways().private_webhooks,
        )
    except (InvalidInput, Conflict) as error:
        session.rollback()
        return _page(form, _problem(error)), 422
    session.commit()
    return redirect(url_for("pages.alert_settings", done="added"), 303)


def _change(channel_id: int, now: datetime) -> ResponseReturnValue:
    session = db.session()
    row = channels.find(session, g.workspace_id, channel_id)
    done = request.form.get("do", "")
    if done == "remove":
        session.delete(row)
    elif done == "test":
        outbox.queue_test(session, row, now)
    elif done == "gets":
        _gets(row)
    else:
        raise InvalidInput("this form came back incomplete", mend="Reload the page.")
    session.commit()
    return redirect(url_for("pages.alert_settings", done=done), 303)


def _again(send_id: int, now: datetime) -> ResponseReturnValue:
    session = db.session()
    mine = (AlertSend.workspace_id == g.workspace_id) & (AlertSend.id == send_id)
    row = session.scalars(select(AlertSend).where(mine)).one_or_none()
    if row is None:
        raise NotFound("there is no such message", mend="Reload the page.")
    outbox.try_again(session, row, now)
    return redirect(url_for("pages.alert_settings", done="again"), 303)


def _ways() -> Ways:
    ways: Ways = current_app.config["ALERT_WAYS"]
    return ways


def _gets(row: AlertChannel) -> None:
    channels.change(row, request.form.get("alerts") == "1", request.form.get("digest") == "1")


def _typed() -> Typed:
    form = request.form
    kind = WEBHOOK if form.get("kind") == WEBHOOK else EMAIL
    given = (form.get("address", ""), form.get("alerts") == "1", form.get("digest") == "1")
    return Typed(kind, *given)


def _problem(error: InvalidInput | Conflict) -> dict[str, str]:
    """Where the form is wrong, in words that say the mend."""
    field = error.field if error.field == "gets" else "address"
    sentence = f"This {error.message}." if error.field else f"{error.message.capitalize()}."
    return {str(field): f"{sentence} {error.mend or ''}".strip()}


def _page(form: Typed, problems: Mapping[str, str] = NOTHING) -> str:
    session = db.session()
    return render_template(
        "alert_settings.html",
        form=form,
        problems=problems,
        listed=[(row, channels.shown(row)) for row in channels.listed(session, g.workspace_id)],
        sends=_sends(session),
        fates=FATES,
        kinds=KINDS,
        mail=_ways().server is not None,
    )


def _sends(session: Session) -> list[tuple[AlertSend, str]]:
    """The last messages with whom they went to."""
    query = (
        select(AlertSend, AlertChannel)
        .join(AlertChannel, AlertChannel.id == AlertSend.channel_id)
        .where(AlertSend.workspace_id == g.workspace_id)
        .order_by(AlertSend.created_at.desc(), AlertSend.id.desc())
        .limit(SENDS)
    )
    return [(send, channels.shown(channel)) for send, channel in session.execute(query)]
