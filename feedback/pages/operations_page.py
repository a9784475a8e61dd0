"""The operations page: how the work stands, and what a team may do about it."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.jobs import due, mending
from feedback.operations import state_of
from feedback.pages import operations_view as view
from feedback.work_queues import KINDS
from models.base import db
from models.errors import Forbidden, InvalidInput
from models.workspace import User, Workspace
from surveys import pauses
from surveys.access import Access, allow
from surveys.pauses import EVERY
from surveys.services import Services

log = structlog.get_logger(__name__)


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/operations` and what its buttons do."""

    @blueprint.get("/operations")
    @allow(Access.SESSION)
    def operations() -> ResponseReturnValue:
        return _page(services.now())

    @blueprint.post("/operations/pause")
    @allow(Access.SESSION)
    def pause_work() -> ResponseReturnValue:
        kind, workspace_id = _about(db.session())
        pauses.pause(db.session(), kind, workspace_id, services.now(), g.user.id)
        return _done("paused", kind, workspace_id)

    @blueprint.post("/operations/resume")
    @allow(Access.SESSION)
    def resume_work() -> ResponseReturnValue:
        kind, workspace_id = _about(db.session())
        pauses.resume(db.session(), kind, workspace_id)
        return _done("resumed", kind, workspace_id)

    @blueprint.post("/operations/retry")
    @allow(Access.SESSION)
    def retry_work() -> ResponseReturnValue:
        kind, _ = _about(db.session(), everywhere=True)
        mending.retry(db.session(), kind, services.now())
        return _done("retried", kind, None)


def is_operator(session: Session, user: User) -> bool:
    """Whether somebody looks after the program itself; where there is one workspace, all do."""
    only = (session.scalar(select(func.count()).select_from(Workspace)) or 0) < 2
    return user.operator or only


def _page(now: datetime) -> str:
    session = db.session()
    operator = is_operator(session, g.user)
    state = state_of(session, now, None if operator else [g.workspace_id])
    words, mark = view.headline(state)
    return render_template(
        "operations.html",
        state=state,
        headline=words,
        mark=mark,
        operator=operator,
        kinds=view.kind_rows(state),
        stuck=view.stuck_tasks(state),
        failing=view.failing_tasks(state),
        workspaces=view.workspace_rows(state),
        done=request.args.get("done"),
        about=view.words_of(request.args.get("kind") or "all work"),
        lasting=view.lasting,
        workspace_kinds=[(kind, view.words_of(kind)) for kind in KINDS],
    )


def _about(session: Session, everywhere: bool = False) -> tuple[str, int | None]:
    """The kind and the workspace that a form speaks of, as far as whoever sent it may."""
    kind = request.form.get("kind", EVERY)
    typed = request.form.get("workspace", "")
    if kind != EVERY and kind not in due.KINDS:
        mend = "Reload the page and use its buttons."
        raise InvalidInput(f"{kind!r} is no kind of work", field="kind", mend=mend)
    if typed and not typed.isdecimal():
        raise InvalidInput(f"{typed!r} is no workspace", field="workspace", mend="Reload the page.")
    workspace_id = int(typed) if typed and not everywhere else None
    if workspace_id != g.workspace_id and not is_operator(session, g.user):
        raise Forbidden(
            "only an operator may do this for everybody",
            mend="At the machine: waymark workspace user EMAIL --workspace NAME --operator",
        )
    if workspace_id is not None and kind not in (EVERY, *KINDS):
        raise InvalidInput(f"{kind!r} has no workspaces", field="kind", mend="Reload the page.")
    if workspace_id is not None and session.get(Workspace, workspace_id) is None:
        raise InvalidInput("there is no such workspace", field="workspace", mend="Reload the page.")
    return kind, workspace_id


def _done(what: str, kind: str, workspace_id: int | None) -> ResponseReturnValue:
    db.session().commit()
    log.info("work_" + what, kind=kind or "all", workspace=workspace_id, user=g.user.id)
    return redirect(url_for("pages.operations", done=what, kind=kind or None), 303)
