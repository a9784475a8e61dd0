"""The form in which a team says what it wants of its scores, and what a point is worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.goals.check import FIELDS, Goal, Problems, read_goal
from feedback.goals.rows import goals_of, set_goal
from feedback.pages.choices import chosen_journey
from feedback.pages.words import METRICS
from feedback.statistics.metrics import Metric
from models.base import db
from models.errors import NotFound
from models.journey import Journey
from surveys.access import Access, allow
from surveys.services import Services

Typed = dict[str, dict[str, str]]
NOTHING: Mapping[str, Problems] = {}


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/scores/goals`."""

    @blueprint.get("/scores/goals")
    @allow(Access.SESSION)
    def goals() -> ResponseReturnValue:
        journey = _journey()
        known = goals_of(db.session(), journey)
        return _page(journey, {one.value: _shown(known.get(one, Goal())) for one in Metric})

    @blueprint.post("/scores/goals")
    @allow(Access.SESSION)
    def set_goals() -> ResponseReturnValue:
        return _save(_journey(), services.now())


def _journey() -> Journey:
    found, _ = chosen_journey(db.session(), request.values.get("journey") or None)
    if found is None:
        raise NotFound("there is no journey yet", mend="Draw the journey first.")
    return found


def _save(journey: Journey, now: datetime) -> ResponseReturnValue:
    typed = {one.value: _typed(one) for one in Metric}
    read = {one: read_goal(one, typed[one.value]) for one in Metric}
    problems = {one.value: wrong for one, (_, wrong) in read.items() if wrong}
    if problems:
        return _page(journey, typed, problems), 422
    session = db.session()
    changed = [set_goal(session, journey, one, goal, now) for one, (goal, _) in read.items()]
    session.commit()
    saved = "1" if any(changed) else "0"
    return redirect(url_for("pages.goals", journey=journey.key, saved=saved), 303)


def _typed(metric: Metric) -> dict[str, str]:
    return {name: request.form.get(f"{metric.value}-{name}", "") for name in FIELDS}


def _shown(goal: Goal) -> dict[str, str]:
    values = {name: getattr(goal, name) for name in FIELDS}
    return {
        name: "" if value is None else f"{value:.12g}" if isinstance(value, float) else value
        for name, value in values.items()
    }


def _page(journey: Journey, typed: Typed, problems: Mapping[str, Problems] = NOTHING) -> str:
    return render_template(
        "goals.html",
        journey=journey,
        typed=typed,
        problems=problems,
        metrics=METRICS,
        saved=request.args.get("saved"),
    )
