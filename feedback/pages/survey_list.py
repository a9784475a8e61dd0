"""The surveys and triggers: seen, and switched on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback.pages import trigger_words
from feedback.pages.frame import workspace
from feedback.pages.hour_table import learnt
from feedback.pages.survey_table import (
    campaigns_of,
    survey_rows,
    survey_sort,
    trigger_rows,
    trigger_sort,
    triggers_of,
)
from feedback.pages.survey_words import SpokenQuestion, spoken
from models.base import db
from models.errors import NotFound
from models.survey import Survey, Trigger
from surveys.access import Access, allow
from surveys.campaigns import Counts, counts
from surveys.channels.links import example_link
from surveys.definition import SurveyDefinition
from surveys.services import Services
from surveys.versions import current_version, definition_of

Switchable = TypeVar("Switchable", Survey, Trigger)


@dataclass(frozen=True)
class Switched:
    """What was just switched, so that one press takes it back."""

    kind: str
    key: str
    name: str
    on: bool


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/surveys`, `/surveys/KEY` and the two switches."""

    @blueprint.get("/surveys")
    @allow(Access.SESSION)
    def surveys() -> ResponseReturnValue:
        session = db.session()
        by, triggers_by = survey_sort(), trigger_sort()
        return render_template(
            "surveys.html",
            surveys=survey_rows(session, g.workspace_id, by),
            triggers=trigger_rows(session, g.workspace_id, triggers_by),
            campaigns=_campaigns(session),
            say=trigger_words,
            switched=_switched(session),
            by=by,
            triggers_by=triggers_by,
        )

    @blueprint.get("/surveys/<key>")
    @allow(Access.SESSION)
    def survey(key: str) -> ResponseReturnValue:
        session = db.session()
        row = _find(session, Survey, key)
        return render_template("survey.html", **_shown(session, services, row))

    @blueprint.post("/surveys/<key>/switch")
    @allow(Access.SESSION)
    def switch_survey(key: str) -> ResponseReturnValue:
        return _switch(Survey, "survey", key)

    @blueprint.post("/triggers/<key>/switch")
    @allow(Access.SESSION)
    def switch_trigger(key: str) -> ResponseReturnValue:
        return _switch(Trigger, "trigger", key)


def _campaigns(session: Session) -> list[tuple[Row[Any], Counts]]:
    rows = session.execute(campaigns_of(g.workspace_id)).all()
    return [(row, counts(session, row.Trigger.id)) for row in rows]


def _questions(definition: SurveyDefinition, services: Services) -> list[SpokenQuestion]:
    here, link = workspace(), example_link(services.public_url)
    return spoken(definition, here.company, link, smart=here.smart_encoding)


def _switch(model: type[Switchable], kind: str, key: str) -> ResponseReturnValue:
    """Set to what the form says, not to the opposite: pressing twice does no harm."""
    session = db.session()
    row = _find(session, model, key)
    row.enabled = request.form.get("on") == "1"
    session.commit()
    return redirect(url_for("pages.surveys", switched=f"{kind}:{key}"), 303)


def _shown(session: Session, services: Services, survey: Survey) -> dict[str, Any]:
    """A survey as its page shows it: its questions, and what asks it."""
    version = current_version(session, survey.id)
    definition = definition_of(version)
    triggers = session.execute(triggers_of(g.workspace_id, survey.id)).all()
    return {
        "survey": survey,
        "version": version,
        "definition": definition,
        "questions": _questions(definition, services),
        "triggers": triggers,
        "learnt": learnt(session, [one.Trigger for one in triggers], services.now()),
        "say": trigger_words,
    }


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
