"""The surveys and triggers: seen, and switched on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from feedback.pages.frame import workspace
from feedback.pages.survey_words import spoken
from models.base import db
from models.errors import NotFound
from models.response import Response
from models.survey import Survey, SurveyVersion, Trigger
from surveys.access import Access, allow
from surveys.versions import current_version, definition_of

Switchable = TypeVar("Switchable", Survey, Trigger)


@dataclass(frozen=True)
class Switched:
    """What was just switched, so that one press takes it back."""

    kind: str
    key: str
    name: str
    on: bool


def add_routes(blueprint: Blueprint) -> None:
    """`/surveys`, `/surveys/KEY` and the two switches."""

    @blueprint.get("/surveys")
    @allow(Access.SESSION)
    def surveys() -> ResponseReturnValue:
        session = db.session()
        return render_template(
            "surveys.html",
            surveys=session.execute(_surveys(g.workspace_id)).all(),
            triggers=session.execute(_triggers(g.workspace_id)).all(),
            switched=_switched(session),
        )

    @blueprint.get("/surveys/<key>")
    @allow(Access.SESSION)
    def survey(key: str) -> ResponseReturnValue:
        session = db.session()
        row = _find(session, Survey, key)
        version = current_version(session, row.id)
        definition = definition_of(version)
        return render_template(
            "survey.html",
            survey=row,
            version=version,
            definition=definition,
            questions=spoken(definition, workspace().company),
            triggers=session.execute(_triggers(g.workspace_id, row.id)).all(),
        )

    @blueprint.post("/surveys/<key>/switch")
    @allow(Access.SESSION)
    def switch_survey(key: str) -> ResponseReturnValue:
        return _switch(Survey, "survey", key)

    @blueprint.post("/triggers/<key>/switch")
    @allow(Access.SESSION)
    def switch_trigger(key: str) -> ResponseReturnValue:
        return _switch(Trigger, "trigger", key)


def _switch(model: type[Switchable], kind: str, key: str) -> ResponseReturnValue:
    """Set to what the form says, not to the opposite: pressing twice does no harm."""
    session = db.session()
    row = _find(session, model, key)
    row.enabled = request.form.get("on") == "1"
    session.commit()
    return redirect(url_for("pages.surveys", switched=f"{kind}:{key}"), 303)


def _switched(session: Session) -> Switched | None:
    kind, _, key = request.args.get("switched", "").partition(":")
    if kind not in {"survey", "trigger"}:
        return None
    if kind == "survey":
        survey = _find(session, Survey, key)
        return Switched(kind, key, survey.name, survey.enabled)
    trigger = _find(session, Trigger, key)
    return Switched(kind, key, trigger.key, trigger.enabled)


def _find(session: Session, model: type[Switchable], key: str) -> Switchable:
    mine = select(model).where(model.workspace_id == g.workspace_id, model.key == key)
    row = session.scalars(mine).one_or_none()
    if row is None:
        raise NotFound(f"there is no {model.__name__.lower()} {key!r}", mend="Choose one listed.")
    return row


def _surveys(workspace_id: int) -> Select[*tuple[Any, ...]]:
    answers = (
        select(func.count())
        .where(Response.survey_id == Survey.id)
        .correlate(Survey)
        .scalar_subquery()
    )
    version = (
        select(func.max(SurveyVersion.number))
        .where(SurveyVersion.survey_id == Survey.id)
        .correlate(Survey)
        .scalar_subquery()
    )
    columns = (Survey.key, Survey.name, Survey.enabled, Survey.quarantine_days)
    mine = Survey.workspace_id == workspace_id
    labelled = (answers.label("responses"), version.label("version"))
    return select(*columns, *labelled).where(mine).order_by(Survey.name)


def _triggers(workspace_id: int, survey_id: int | None = None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(Trigger, Survey.name.label("survey"), Survey.key.label("survey_key"))
        .join(Survey, Survey.id == Trigger.survey_id)
        .where(Trigger.workspace_id == workspace_id)
        .order_by(Trigger.event_name, Trigger.key)
    )
    return statement if survey_id is None else statement.where(Trigger.survey_id == survey_id)
