"""Experiments: the list, one with what it shows, and starting, stopping and settling it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.experiments import words
from feedback.experiments.life import Listed, find, listed, start, stop, take_over
from feedback.experiments.read import read
from feedback.experiments.results import Results
from feedback.http_errors import status_of
from models.base import db
from models.errors import Conflict, InvalidInput
from models.survey import Survey
from surveys.access import Access, allow
from surveys.services import Services

_ACTS = ("start", "stop", "apply")


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/experiments` and `/experiments/KEY`."""

    @blueprint.get("/experiments")
    @allow(Access.SESSION)
    def experiments() -> ResponseReturnValue:
        return render_template("experiments.html", listed=listed(db.session(), g.workspace_id))

    @blueprint.get("/experiments/<key>")
    @allow(Access.SESSION)
    def experiment(key: str) -> ResponseReturnValue:
        return _page(services, find(db.session(), g.workspace_id, key))

    @blueprint.post("/experiments/<key>")
    @allow(Access.SESSION)
    def change_experiment(key: str) -> ResponseReturnValue:
        session = db.session()
        one = find(session, g.workspace_id, key)
        try:
            done = _act(session, one, services)
        except (Conflict, InvalidInput) as error:
            return _page(services, one, str(error)), status_of(error)
        return redirect(url_for("pages.experiment", key=key, done=done), 303)


def _act(session: Session, one: Listed, services: Services) -> str:
    act, now = request.form.get("act", ""), services.now()
    if act == "start":
        start(session, one, now)
    elif act == "stop":
        stop(session, one, now)
    elif act == "apply":
        take_over(session, one, request.form.get("variant", ""), now)
    else:
        raise InvalidInput("is none of these", field="act", mend=f"Use one of {', '.join(_ACTS)}.")
    return act


def _page(services: Services, one: Listed, wrong: str | None = None) -> str:
    session = db.session()
    found = read(session, one, services.now())
    names = {variant.key: variant.name for variant in one.variants}
    return render_template(
        "experiment.html",
        one=one.experiment,
        trigger=one.trigger,
        headline=words.headline(found, names),
        rows=_rows(session, one, found),
        uneven=found.uneven,
        wrong=wrong,
        done=request.args.get("done"),
    )


def _rows(session: Session, one: Listed, found: Results) -> list[dict[str, Any]]:
    """A row a variant, as the template shows it."""
    ids = [variant.survey_id for variant in one.variants if variant.survey_id is not None]
    surveys: dict[int, str] = {
        row.id: row.name
        for row in session.execute(select(Survey.id, Survey.name).where(Survey.id.in_(ids)))
    }
    return [
        {
            "variant": variant,
            "changes": words.changes(variant, surveys.get(variant.survey_id or 0)),
            "outcome": standing.outcome,
            "cells": list(words.cells(standing, found.metric)),
        }
        for variant, standing in zip(one.variants, found.standings, strict=True)
    ]
