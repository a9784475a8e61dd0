"""Who gets alerts and the weekly digest: what the buttons of the recipients' page do."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from feedback.alerts import channels, outbox
from feedback.alerts.channels import EMAIL, WEBHOOK
from feedback.pages.alert_recipients import Shown, Typed, page, problem, ways
from models.alert import AlertChannel, AlertSend
from models.base import db
from models.errors import Conflict, InvalidInput, NotFound
from surveys.access import Access, allow
from surveys.services import Services


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/alerts/settings` and what its buttons do."""

    @blueprint.get("/alerts/settings")
    @allow(Access.SESSION)
    def alert_settings() -> ResponseReturnValue:
        return page(Shown())

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
            private=ways().private_webhooks,
        )
    except (InvalidInput, Conflict) as error:
        session.rollback()
        return page(Shown(form, problem(error))), 422
    session.commit()
    return _done("added")


def _change(channel_id: int, now: datetime) -> ResponseReturnValue:
    session = db.session()
    row = channels.find(session, g.workspace_id, channel_id)
    done = request.form.get("do", "")
    if done == "remove":
        return _remove(row)
    if done == "test":
        outbox.queue_test(session, row, now)
    elif done == "gets":
        given = _typed()
        try:
            channels.change(row, given.alerts, given.digest)
        except InvalidInput as error:
            return page(Shown(wrong={row.id: problem(error)["gets"]})), 422
    else:
        raise InvalidInput("this form came back incomplete", mend="Reload the page.")
    session.commit()
    return _done(done)


def _remove(row: AlertChannel) -> ResponseReturnValue:
    """Take a recipient out; the page itself can put it back, for its address is shown nowhere."""
    gone = Typed(row.kind, row.address, row.alerts, row.digest)
    db.session().delete(row)
    db.session().commit()
    return page(Shown(gone=gone))


def _again(send_id: int, now: datetime) -> ResponseReturnValue:
    session = db.session()
    mine = (AlertSend.workspace_id == g.workspace_id) & (AlertSend.id == send_id)
    row = session.scalars(select(AlertSend).where(mine)).one_or_none()
    if row is None:
        raise NotFound("there is no such message", mend="Reload the page.")
    outbox.try_again(session, row, now)
    return _done("again")


def _done(what: str) -> ResponseReturnValue:
    """Back to the top of the page, where it says what was done."""
    return redirect(url_for("pages.alert_settings", done=what, _anchor="top"), 303)


def _typed() -> Typed:
    form = request.form
    kind = WEBHOOK if form.get("kind") == WEBHOOK else EMAIL
    given = (form.get("address", ""), form.get("alerts") == "1", form.get("digest") == "1")
    return Typed(kind, *given)
