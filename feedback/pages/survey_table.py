"""The tables of surveys and triggers: their rows, their order, and both as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from feedback.pages.csv_file import csv_reply
from feedback.pages.sorting import Sort, arranged, read_sort
from feedback.pages.trigger_words import only_if, set_off, ways
from models.base import db
from models.response import Response
from models.survey import Survey, SurveyVersion, Trigger
from surveys.access import Access, allow

SURVEY_KEYS = ("name", "-responses", "-version", "rest", "-state")
TRIGGER_KEYS = ("event", "survey", "when", "-state")
SURVEY_HEAD = [
    *("Survey", "Name", "Responses", "Version", "Days of rest between two", "On"),
    *("Worth", "Seconds until the reminder"),
]
TRIGGER_HEAD = [
    "Trigger",
    "Set off by",
    "Ask",
    "Channel",
    "Seconds later",
    "Good for seconds",
    "Only if",
    "On",
]
Found = Row[*tuple[Any, ...]]
_SURVEYS: Mapping[str, Callable[[Found], Any]] = {
    "name": lambda row: row.name.casefold(),
    "responses": lambda row: row.responses,
    "version": lambda row: row.version,
    "rest": lambda row: row.quarantine_days,
    "state": lambda row: row.enabled,
}
_TRIGGERS: Mapping[str, Callable[[Found], Any]] = {
    "event": lambda row: set_off(row.Trigger).casefold(),
    "survey": lambda row: row.survey.casefold(),
    "when": lambda row: row.Trigger.delay_seconds,
    "state": lambda row: row.Trigger.enabled,
}


def survey_sort() -> Sort:
    """How the surveys are asked to stand: `?sort=`."""
    return read_sort(SURVEY_KEYS, "name")


def trigger_sort() -> Sort:
    """How the triggers are asked to stand: `?triggers=`."""
    return read_sort(TRIGGER_KEYS, "event", name="triggers", anchor="triggers")


def add_routes(blueprint: Blueprint) -> None:
    """`/surveys.csv` and `/triggers.csv`."""

    @blueprint.get("/surveys.csv")
    @allow(Access.SESSION)
    def surveys_csv() -> ResponseReturnValue:
        rows = survey_rows(db.session(), g.workspace_id, survey_sort())
        columns = (
            *("key", "name", "responses", "version", "quarantine_days", "enabled"),
            *("worth", "remind_after_seconds"),
        )
        cells = [[getattr(row, column) for column in columns] for row in rows]
        return csv_reply("surveys", SURVEY_HEAD, cells)

    @blueprint.get("/triggers.csv")
    @allow(Access.SESSION)
    def triggers_csv() -> ResponseReturnValue:
        rows = trigger_rows(db.session(), g.workspace_id, trigger_sort())
        return csv_reply(
            "triggers", TRIGGER_HEAD, [_cells(row.Trigger, row.survey) for row in rows]
        )


def survey_rows(session: Session, workspace_id: int, sort: Sort) -> list[Found]:
    """The workspace's surveys, each with its responses and the number of its newest version."""
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
    columns = (
        *(Survey.key, Survey.name, Survey.enabled, Survey.quarantine_days),
        *(Survey.worth, Survey.remind_after_seconds),
    )
    mine = Survey.workspace_id == workspace_id
    labelled = (answers.label("responses"), version.label("version"))
    found = session.execute(select(*columns, *labelled).where(mine).order_by(Survey.name))
    return arranged(found.all(), sort, _SURVEYS)


def trigger_rows(session: Session, workspace_id: int, sort: Sort) -> list[Found]:
    """The workspace's triggers, each with the survey it asks."""
    return arranged(session.execute(triggers_of(workspace_id)).all(), sort, _TRIGGERS)


def triggers_of(workspace_id: int, survey_id: int | None = None) -> Select[*tuple[Any, ...]]:
    """The triggers of a workspace, or of one of its surveys; campaigns stand for themselves."""
    statement = _with_survey(workspace_id).where(Trigger.kind != "campaign")
    statement = statement.order_by(Trigger.event_name, Trigger.key)
    return statement if survey_id is None else statement.where(Trigger.survey_id == survey_id)


def campaigns_of(workspace_id: int) -> Select[*tuple[Any, ...]]:
    """The campaigns of a workspace, the newest first."""
    mine = _with_survey(workspace_id).where(Trigger.kind == "campaign")
    return mine.order_by(Trigger.id.desc())


def _with_survey(workspace_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Trigger, Survey.name.label("survey"), Survey.key.label("survey_key"))
        .join(Survey, Survey.id == Trigger.survey_id)
        .where(Trigger.workspace_id == workspace_id)
    )


def _cells(trigger: Trigger, survey: str) -> tuple[str | int | bool, ...]:
    return (
        trigger.key,
        set_off(trigger),
        survey,
        ways(trigger),
        trigger.delay_seconds,
        trigger.expires_seconds,
        only_if(trigger),
        trigger.enabled,
    )
